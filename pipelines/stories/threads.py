"""Stories in the making: which members a story has, and which stories an article may join."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from pipelines.stories.model import Story
from pipelines.stories.postings import Postings
from pipelines.stories.words import hash_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pipelines.stories.member import Member
    from pipelines.stories.model import ClaimKey
    from pipelines.stories.score import Scorer

    _Sorted = TypeVar("_Sorted", str, ClaimKey)

JOIN_WITHIN = timedelta(days=5)
"""Reports further apart belong to different developments, whatever they share."""

MAX_SCORED = 20
"""Articles compared in full with a new one, the most promising by shared rare features."""

MAX_LOOKED_AT = 400
"""Of them, how many are looked at for their date and life before the search is given up."""

PRIOR_ARTICLES = 40.0
"""Weight of the assumption that a feature not yet seen often is neither rare nor common."""

DAY = timedelta(days=1)


@dataclass(slots=True, kw_only=True)
class Thread:
    """A story as the book holds it: its members' rows, in order of arrival, and its summary."""

    rows: list[int]
    story: Story
    follows: str | None

    @classmethod
    def opened_by(cls, row: int, member: Member) -> Thread:
        """Return the story whose first member is ``member``."""
        story = _with(_empty(member), member)
        return cls(rows=[row], story=story, follows=member.follows)

    def add(self, row: int, member: Member) -> None:
        """Take one more member in."""
        self.rows.append(row)
        self.story = _with(self.story, member)

    def drop(self, row: int, members: Mapping[int, Member]) -> None:
        """Leave one member out."""
        self.rows.remove(row)
        self.renew(members)

    def renew(self, members: Mapping[int, Member]) -> None:
        """Make the summary anew from the members."""
        if self.rows:
            self.story = _empty(members[self.rows[0]])
        for row in self.rows:
            self.story = _with(self.story, members[row])


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


def _with(story: Story, member: Member) -> Story:
    return Story(
        id=story.id,
        subjects=_joined(story.subjects, member.subjects),
        outlets=_joined(story.outlets, (member.outlet,) if member.outlet else ()),
        languages=_joined(story.languages, (member.language,) if member.language else ()),
        size=story.size + 1,
        first_at=min(story.first_at, member.published_at),
        last_at=max(story.last_at, member.published_at),
        claims=_joined(story.claims, member.claims),
    )


def _joined(known: tuple[_Sorted, ...], new: tuple[_Sorted, ...]) -> tuple[_Sorted, ...]:
    if all(one in known for one in new):
        return known
    return tuple(sorted({one for part in (known, new) for one in part}))


class ThreadIndex:
    """The originals of a window, found by what they report."""

    def __init__(self, members: Mapping[int, Member], *, scorer: Scorer) -> None:
        self._members = members
        self._scorer = scorer
        self._postings = Postings()
        self._posted = 0

    def add(self, row: int, member: Member) -> None:
        """Post an original under its names, numbers, claims and subject days."""
        features = _features(member)
        features.append(_subject_day(member, 0))
        self._postings.add(
            {f for group in features for f in group}, row, alive=self._members.__contains__
        )
        self._posted += 1

    def best_story(self, member: Member) -> str | None:
        """Return the id of the story that ``member`` reports on, or None for a new one.

        A story scores the mean of its two best members, so one stray member joins no strangers.
        """
        rows, weights = self._candidates(member)
        scores: dict[str, list[float]] = {}
        for row in rows:
            other = self._members[row]
            scores.setdefault(other.story_id, []).append(
                self._scorer(member, other, weights=weights)
            )
        best_id, best_score = None, 0.0
        for story_id, points in scores.items():
            two = sorted(points, reverse=True)[:2]
            score = sum(two) / len(two)
            if score > best_score:
                best_id, best_score = story_id, score
        return best_id

    def _candidates(self, member: Member) -> tuple[list[int], dict[int, float]]:
        features = {f for group in _features(member) for f in group}
        days = {
            f
            for offset in range(-JOIN_WITHIN.days, JOIN_WITHIN.days + 1)
            for f in _subject_day(member, offset)
        }
        found = self._postings.rows(features | days)
        weights = {f: self._weight(len(found.get(f, ()))) for f in features}
        if not found:
            return [], weights
        rows = np.concatenate(list(found.values()))
        points = np.concatenate([np.full(len(r), weights.get(f, 1.0)) for f, r in found.items()])
        rows, places = np.unique(rows, return_inverse=True)
        sums = np.bincount(places, weights=points)
        chosen: list[int] = []
        for row in rows[np.lexsort((-rows, -sums))[:MAX_LOOKED_AT]].tolist():
            other = self._members.get(row)
            if other is None or other.id == member.id:
                continue
            if abs(other.published_at - member.published_at) <= JOIN_WITHIN:
                chosen.append(row)
            if len(chosen) == MAX_SCORED:
                break
        return chosen, weights

    def _weight(self, articles: int) -> float:
        total = self._posted + PRIOR_ARTICLES
        return math.log((total + 1.0) / (articles + 1.0)) ** 2


def _features(member: Member) -> list[Iterable[int]]:
    claims = [hash_text(f"claim {c.system} {c.place} {c.status}") for c in member.claims]
    return [member.names, member.numbers, claims]


def _subject_day(member: Member, offset: int) -> list[int]:
    day = (member.published_at + offset * DAY).date().isoformat()
    return [hash_text(f"subject {subject} {day}") for subject in member.subjects]
