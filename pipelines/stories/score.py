"""How likely two articles report one development: a sum of evidence, in any language.

Every part is in plain log-odds-like points; above zero the two belong together. The weights
were set by hand on the written development set and are few on purpose (decision 0008).
Another scorer (an embedding model, say) takes this one's seat by having its signature.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

from pipelines.stories.spans import span_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipelines.stories.member import Member
    from pipelines.stories.model import ClaimKey

BIAS = -1.7
CLOSE_POINTS = 1.6
HOURS_A_POINT = 30.0
FRESH_HOURS = 24.0
"""Reports of one development come within a day; every hour beyond it counts double, so that two
days need as much other evidence as a shared claim gives, and a week no evidence makes up for."""

SUBJECT_POINTS = 1.5
OTHER_SUBJECTS = -3.0
UNKNOWN_SUBJECTS = -0.8
SAME_CLAIM = 1.0
SAME_WHEN = 0.6
OTHER_PLACE = -1.6
OTHER_STATUS = -0.7
OTHER_WHEN = -1.0
"""Dates that exclude each other undo the agreement on the status: two sources at odds may report
one event, but two dates promised are rather two promises."""

NAME_POINTS = 2.4
NUMBER_POINTS = 1.6
STRANGE_NAMES = -0.5
STRANGE_BELOW = 0.08
ENOUGH_NAMES = 5


class Scorer(Protocol):
    """Scores two articles; ``weights`` has the squared rarity of each feature of the first."""

    def __call__(self, one: Member, other: Member, *, weights: Mapping[int, float]) -> float:
        """Return the points: above zero, one story."""
        ...


def score_pair(one: Member, other: Member, *, weights: Mapping[int, float]) -> float:
    """Return the points for ``one`` and ``other`` reporting the same development."""
    hours = abs((one.published_at - other.published_at).total_seconds()) / 3600
    return (
        BIAS
        + CLOSE_POINTS
        - (hours + max(0.0, hours - FRESH_HOURS)) / HOURS_A_POINT
        + _subject_points(one.subjects, other.subjects)
        + _claim_points(one.claims, other.claims)
        + _name_points(one.names, other.names, weights)
        + NUMBER_POINTS * _overlap(one.numbers, other.numbers, weights)
    )


def _subject_points(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    if not one or not other:
        return UNKNOWN_SUBJECTS if one or other else 0.0
    shared = len(set(one) & set(other))
    if not shared:
        return OTHER_SUBJECTS
    return SUBJECT_POINTS * shared / min(len(one), len(other))


def _claim_points(one: tuple[ClaimKey, ...], other: tuple[ClaimKey, ...]) -> float:
    """Return the points of the claims about systems that both speak of."""
    best = 0.0
    worst = 0.0
    agreed = False
    for a in one:
        for b in other:
            if a.system != b.system:
                continue
            if a.place and b.place and a.place != b.place:
                worst = min(worst, OTHER_PLACE)
            elif a.status != b.status:
                worst = min(worst, OTHER_STATUS)
            else:
                agreed = True
                best = max(best, SAME_CLAIM + _when_points(a.when, b.when))
    return best if agreed else worst


@lru_cache(maxsize=1 << 12)
def _when_points(one: str, other: str) -> float:
    a, b = span_of(one), span_of(other)
    if a is None or b is None:
        return 0.0
    return SAME_WHEN if a[0] <= b[1] and b[0] <= a[1] else OTHER_WHEN


def _name_points(one: Sequence[int], other: Sequence[int], weights: Mapping[int, float]) -> float:
    overlap = _overlap(one, other, weights)
    if overlap < STRANGE_BELOW and min(len(one), len(other)) >= ENOUGH_NAMES:
        return STRANGE_NAMES
    return NAME_POINTS * overlap


def _overlap(one: Sequence[int], other: Sequence[int], weights: Mapping[int, float]) -> float:
    """Return how much of what ``one`` names ``other`` names too, in [0, 1], rare things first.

    A cosine in which what only ``other`` names counts 1 each: how rare that is was not looked
    up, and a longer text on the same event names more.
    """
    known = set(one)
    common = [weights[feature] for feature in other if feature in known]
    if not common:
        return 0.0
    shared = sum(common)
    own = sum([weights[feature] for feature in one])
    return shared / math.sqrt(own * (shared + len(other) - len(common)))
