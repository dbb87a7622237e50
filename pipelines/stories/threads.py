"""Stories in the making: which members a story has, and which stories an article may join."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from pipelines.stories.common import (
    COMMON_ARTICLES,
    PRIOR_ARTICLES,
    RARE_ARTICLES,
    common_features,
)
from pipelines.stories.model import Story
from pipelines.stories.postings import Postings
from pipelines.stories.score import score_with
from pipelines.stories.spans import around
from pipelines.stories.words import hash_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pipelines.stories.member import Member
    from pipelines.stories.model import ClaimKey
    from pipelines.stories.score import Scorer

JOIN_WITHIN = timedelta(days=5)
"""Reports further apart belong to different developments, whatever they share."""

MAX_SCORED = 20
"""Articles compared in full with a new one, the most promising by shared rare features."""

MAX_LOOKED_AT = 400
"""Of them, how many are looked at for their date and life before the search is given up."""


@dataclass(slots=True, kw_only=True)
class Thread:
    """A story as the book holds it: its members' rows, in order of arrival, and its summary."""

    rows: list[int]
    story: Story
    follows: str | None
    claims: set[ClaimKey] = field(default_factory=set)

    @classmethod
    def opened_by(cls, row: int, member: Member) -> Thread:
        """Return the story whose first member is ``member``."""
        thread = cls(rows=[row], story=_empty(member), follows=member.follows)
        thread.renew({row: member})
        return thread

    def add(self, row: int, member: Member) -> None:
        """Take one more member in."""
        self.rows.append(row)
        fresh = not self.claims.issuperset(member.claims)
        self.claims.update(member.claims)
        self.story = _with(self.story, member, tuple(sorted(self.claims)) if fresh else None)

    def drop(self, rows: set[int], members: Mapping[int, Member]) -> None:
        """Leave members out."""
        self.rows = [row for row in self.rows if row not in rows]
        self.renew(members)

    def renew(self, members: Mapping[int, Member]) -> None:
        """Make the summary anew from the members."""
        if not self.rows:
            return
        kept = [members[row] for row in self.rows]
        self.claims = set().union(*[member.claims for member in kept])
        moments = [member.published_at for member in kept]
        self.story = Story(
            id=kept[0].story_id,
            subjects=tuple(sorted(set().union(*[member.subjects for member in kept]))),
            outlets=tuple(sorted({member.outlet for member in kept} - {""})),
            languages=tuple(sorted({member.language for member in kept} - {""})),
            size=len(kept),
            first_at=min(moments),
            last_at=max(moments),
            claims=tuple(sorted(self.claims)),
        )


def _empty(member: Member) -> Story:
    return Story(
        id=member.story_id,
        subjects=(),
        outlets=(),
        languages=(),
        size=0,
        first_at=member.published_at,
        last_at=member.published_at,
    )


def _with(story: Story, member: Member, claims: tuple[ClaimKey, ...] | None) -> Story:
    return Story(
        id=story.id,
        subjects=_joined(story.subjects, member.subjects),
        outlets=_joined(story.outlets, (member.outlet,) if member.outlet else ()),
        languages=_joined(story.languages, (member.language,) if member.language else ()),
        size=story.size + 1,
        first_at=min(story.first_at, member.published_at),
        last_at=max(story.last_at, member.published_at),
        claims=story.claims if claims is None else claims,
    )


def _joined(known: tuple[str, ...], new: tuple[str, ...]) -> tuple[str, ...]:
    fresh = [one for one in new if one not in known]
    return tuple(sorted({*known, *fresh})) if fresh else known


def best_story(scores: Mapping[str, list[float]]) -> str | None:
    """Return the id of the story that scores best and above zero, or None for a new one.

    A story scores the mean of its two best members, so one stray member joins no strangers.

    >>> best_story({"a": [1.0, -3.0], "b": [0.4, 0.2, -5.0]})
    'b'
    """
    best_id, best_score = None, 0.0
    for story_id, points in scores.items():
        score = points_of(points)
        if score > best_score:
            best_id, best_score = story_id, score
    return best_id


def points_of(scores: list[float]) -> float:
    """Return the points of a story whose members scored so: the mean of the two best."""
    two = sorted(scores, reverse=True)[:2]
    return sum(two) / len(two)


def _shares_subject(one: Member, other: Member) -> bool:
    return not (one.subjects and other.subjects) or not set(one.subjects).isdisjoint(other.subjects)


class ThreadIndex:
    """The originals of a window, found by what they report."""

    def __init__(
        self, members: Mapping[int, Member], threads: Mapping[str, Thread], *, scorer: Scorer
    ) -> None:
        self._members = members
        self._threads = threads
        self._scorer = scorer
        self._postings = Postings()
        self._posted = 0

    def add(self, row: int, member: Member) -> None:
        """Post an original under its names, numbers, claims and subject days."""
        features = _features(member)
        today = member.published_at.toordinal()
        features.update([_hash_of_day(subject, today) for subject in member.subjects])
        self._postings.add(_sorted(features), row, alive=self._members.__contains__)
        self._posted += 1

    def scores(self, member: Member) -> dict[str, list[float]]:
        """Return the stories that ``member`` may report on, each with its members' points."""
        others, weights = self._candidates(member)
        score = score_with(self._scorer, member, weights)
        scores: dict[str, list[float]] = {}
        for other in others:
            scores.setdefault(other.story_id, []).append(score(other))
        for story_id, points in scores.items():
            second = self._opening(story_id, others) if len(points) == 1 and points[0] > 0 else None
            if second is not None and not _shares_subject(member, second):
                points.append(score(second))
        return scores

    def _opening(self, story_id: str, others: Iterable[Member]) -> Member | None:
        """Return the first remembered member of a story, if it is none of ``others``."""
        row = self._threads[story_id].rows[0]
        opening = self._members[row]
        return None if any(one.id == opening.id for one in others) else opening

    def _candidates(self, member: Member) -> tuple[list[Member], dict[int, float]]:
        features = _features(member)
        today = member.published_at.toordinal()
        found = self._postings.find(
            _sorted(features.union(*[_near_days(subject, today) for subject in member.subjects]))
        )
        looked_for = found.features.tolist()
        counts = zip(looked_for, found.counts.tolist(), strict=True)
        weights = self._weights((f, count) for f, count in counts if f in features)
        if not len(found.rows):
            return [], weights
        points = np.array([weights.get(f, 1.0) for f in looked_for]).take(found.places)
        first = int(found.rows.min())
        sums = np.bincount(found.rows - first, weights=points)
        # The latest of equals come first.
        rows = sums.nonzero()[0][::-1]
        sums, rows = sums.take(rows), rows + first
        if len(rows) > 2 * MAX_LOOKED_AT:
            best = sums >= np.partition(sums, -MAX_LOOKED_AT)[-MAX_LOOKED_AT]
            sums, rows = sums[best], rows[best]
        order = (-sums).argsort(kind="stable")[:MAX_LOOKED_AT]
        return self._near(rows.take(order).tolist(), member), weights

    def _near(self, rows: list[int], member: Member) -> list[Member]:
        """Return the first few of ``rows`` that were published near ``member``."""
        first, last = around(member.published_at, JOIN_WITHIN)
        chosen: list[Member] = []
        for row in rows:
            other = self._members.get(row)
            if other is None or other.id == member.id:
                continue
            if first <= other.published_at <= last:
                chosen.append(other)
                if len(chosen) == MAX_SCORED:
                    break
        return chosen

    def _weights(self, counts: Iterable[tuple[int, int]]) -> dict[int, float]:
        """Return how much features weigh that are in so many articles: the rare ones much."""
        total = self._posted + PRIOR_ARTICLES + 1.0
        common, weights = common_features(), {}
        for feature, articles in counts:
            prior = COMMON_ARTICLES if feature in common else RARE_ARTICLES
            weights[feature] = math.log(total / (articles + prior + 1.0)) ** 2
        return weights


def _features(member: Member) -> set[int]:
    claims = [hash_text(f"claim {c.system} {c.place} {c.status}") for c in member.claims]
    return {*member.names, *member.numbers, *claims}


def _sorted(features: set[int]) -> npt.NDArray[np.int32]:
    return np.array(sorted(features), dtype=np.int32)


@lru_cache(maxsize=1 << 12)
def _near_days(subject: str, day: int) -> tuple[int, ...]:
    near = range(day - JOIN_WITHIN.days, day + JOIN_WITHIN.days + 1)
    return tuple(_hash_of_day(subject, one) for one in near)


def _hash_of_day(subject: str, day: int) -> int:
    if not date.min.toordinal() <= day <= date.max.toordinal():
        return hash_text(f"subject {subject}")
    return hash_text(f"subject {subject} {date.fromordinal(day).isoformat()}")
