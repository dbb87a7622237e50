"""How likely two articles report one development: a sum of evidence, in any language.

Every part is in plain log-odds-like points; above zero the two belong together. The weights
were set by hand on the written development set and are few on purpose (decision 0008).
Another scorer (an embedding model, say) takes this one's seat by having its signature.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from pipelines.stories.focus import CLAIM_BITS, SUBJECT_BITS
from pipelines.stories.spans import span_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from connectors.records import Document
    from pipelines.stories.member import Member

BIAS = -0.3
HOURS_A_POINT = 20.0
FRESH_HOURS = 24.0
"""Reports of one development come within a day; every hour beyond it counts double, so that two
days need as much other evidence as a shared claim gives, and a week no evidence makes up for."""

SUBJECT_POINTS = 1.5
OTHER_SUBJECTS = -3.0
UNKNOWN_SUBJECTS = -0.8
SAME_CLAIM = 1.0
STATE_CLAIM = 0.2
PRESUPPOSED = 0.1
"""An undated state (the weapons *are* there) and what is told as background: every article on
the system says it."""
SAME_WHEN = 0.6
OTHER_PLACE = -1.6
OTHER_STATUS = -0.4
OTHER_WHEN = -1.0
"""Dates that exclude each other undo the agreement on the status: two sources at odds may report
one event, but two dates promised are rather two promises."""

BACKGROUND = 0.3
"""What background counts beside the news: a subject or claim that only one of two leads with."""

LEAST_EVIDENCE = 0.7
LEAST_ALONE = 0.4
NO_EVIDENCE = -9.0
"""One subject on one day is two events as easily as one: claims, names or numbers must agree."""

NAME_POINTS = 3.0
NUMBER_POINTS = 2.4
STRANGERS = -1.1
NOTHING_NAMED = -0.7
ENOUGH = 3
FEW = 1.0
RARE_WEIGHT = 9.0


class Scorer(Protocol):
    """Scores two articles; ``weights`` has the squared rarity of each feature of the first."""

    def __call__(self, one: Member, other: Member, *, weights: Mapping[int, float]) -> float:
        """Return the points: above zero, one story."""
        ...


@runtime_checkable
class ReadingScorer(Protocol):
    """A scorer that wants to see every article before it is asked about it."""

    def read(self, document: Document) -> None:
        """Take notice of ``document``."""
        ...


def score_pair(one: Member, other: Member, *, weights: Mapping[int, float]) -> float:
    """Return the points for ``one`` and ``other`` reporting the same development."""
    return _Report.of(one, weights).points(other)


def score_with(
    scorer: Scorer, one: Member, weights: Mapping[int, float]
) -> Callable[[Member], float]:
    """Return what scores ``one`` with any other article as ``scorer`` does."""
    if scorer is score_pair:
        return _Report.of(one, weights).points
    return partial(scorer, one, weights=weights)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Report:
    """An article that is scored with many others, and what is the same for all of them.

    ``claims`` are by system, with 1 for the news and 0 for the background.
    """

    member: Member
    claims: dict[str, list[tuple[str, str, str, int]]]
    names: _Named
    numbers: _Named

    @classmethod
    def of(cls, one: Member, weights: Mapping[int, float]) -> _Report:
        leads = one.focus >> CLAIM_BITS
        claims: dict[str, list[tuple[str, str, str, int]]] = {}
        for place, key in enumerate(one.claims):
            claims.setdefault(key.system, []).append(
                (key.place, key.status, key.when, leads >> place & 1)
            )
        return cls(
            member=one,
            claims=claims,
            names=_named(one.names, weights),
            numbers=_named(one.numbers, weights),
        )

    def points(self, other: Member) -> float:
        one = self.member
        hours = abs((one.published_at - other.published_at).total_seconds()) / 3600
        claims = _claim_points(self.claims, other) if self.claims and other.claims else 0.0
        told = (
            max(0.0, claims)
            + NAME_POINTS * _overlap(self.names, other.names)
            + NUMBER_POINTS * _overlap(self.numbers, other.numbers)
        )
        subjects = _subject_points(
            one.subjects, one.focus & SUBJECT_BITS, other.subjects, other.focus & SUBJECT_BITS
        )
        if told < LEAST_ALONE and subjects <= 0.0:
            return NO_EVIDENCE
        points = (
            BIAS
            - (hours + max(0.0, hours - FRESH_HOURS)) / HOURS_A_POINT
            + subjects
            + min(0.0, claims)
            + told
        )
        if told >= LEAST_EVIDENCE:
            return points
        return points + _strangeness(one, other) * (1.0 - told / LEAST_EVIDENCE)


@lru_cache(maxsize=1 << 14)
def _subject_points(
    subjects: tuple[str, ...], focus: int, other_subjects: tuple[str, ...], other_focus: int
) -> float:
    """Return the points of the subjects; one that both lead with counts in full."""
    if not subjects or not other_subjects:
        return UNKNOWN_SUBJECTS if subjects or other_subjects else 0.0
    ours = _shares(subjects, focus)
    theirs = _shares(other_subjects, other_focus)
    shared = sum([min(share, theirs[name]) for name, share in ours.items() if name in theirs])
    if not shared:
        return OTHER_SUBJECTS
    return SUBJECT_POINTS * shared / min(sum(ours.values()), sum(theirs.values()))


@lru_cache(maxsize=1 << 12)
def _shares(subjects: tuple[str, ...], focus: int) -> dict[str, float]:
    return {name: 1.0 if focus >> place & 1 else BACKGROUND for place, name in enumerate(subjects)}


def _claim_points(ours: Mapping[str, list[tuple[str, str, str, int]]], other: Member) -> float:
    """Return the points of the claims about systems that both speak of.

    Agreement outweighs disagreement, but agreement on the background outweighs nothing that
    the two lead with.
    """
    best = background = worst = 0.0
    theirs = other.focus >> CLAIM_BITS
    for number, (system, place, status, when, _) in enumerate(other.claims):
        followed = theirs >> number & 1
        for our_place, our_status, our_when, leads in ours.get(system, ()):
            led = leads & followed
            if our_place and place and our_place != place:
                worst = min(worst, OTHER_PLACE if led else OTHER_PLACE * BACKGROUND)
            elif our_status != status:
                worst = min(worst, OTHER_STATUS if led else OTHER_STATUS * BACKGROUND)
            elif led:
                stated = status == "completed" and not (our_when and when)
                same = STATE_CLAIM if stated else SAME_CLAIM
                best = max(best, same + _when_points(our_when, when))
            else:
                background = PRESUPPOSED
    return best or worst + background


@lru_cache(maxsize=1 << 12)
def _when_points(one: str, other: str) -> float:
    a, b = span_of(one), span_of(other)
    if a is None or b is None:
        return 0.0
    return SAME_WHEN if a[0] <= b[1] and b[0] <= a[1] else OTHER_WHEN


def _strangeness(one: Member, other: Member) -> float:
    """Return the points of two articles that name much and nothing in common."""
    least = min(one.rare, other.rare)
    return min(NOTHING_NAMED, STRANGERS * min(1.0, least / ENOUGH))


_Named = tuple[dict[int, float], float]
"""The weight of each name (or number) of an article, and their sum."""


def _named(features: Sequence[int], weights: Mapping[int, float]) -> _Named:
    return (
        {feature: weights[feature] for feature in features},
        sum([weights[feature] for feature in features]),
    )


def _overlap(named: _Named, other: Sequence[int]) -> float:
    """Return how much of what one names ``other`` names too, in [0, 1), rare things first.

    A cosine in which what only ``other`` names counts as much as an average name of the one.
    ``FEW`` names more are taken to be there and not shared, so that a single name in two lines
    is no agreement.
    """
    known, own = named
    if not known:
        return 0.0
    common = [known[feature] for feature in other if feature in known]
    if not common:
        return 0.0
    shared = sum(common)
    strange = RARE_WEIGHT * (len(other) - len(common))
    few = FEW * RARE_WEIGHT
    return shared / math.sqrt((own + few) * (shared + strange + few))
