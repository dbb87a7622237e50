"""Syndicated texts: the earliest article of a window that a text repeats.

Every article is found by the smallest hashes of its word 5-grams, in an inverted list, and
compared with the sketches of those that share one. Two texts of Jaccard J share none of the 48
smallest with probability (1 - J)^48: 0.6 % at .1, never at .5; 25 bands of 5 rows miss 45 % at
.5 and 99 % at .2. A shared word 5-gram is a shared language, so there is one list for
all and a misjudged language parts no copies.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from pipelines.stories.postings import Postings
from pipelines.stories.spans import around
from pipelines.stories.words import compare, compare_all

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import timedelta

    from pipelines.stories.member import Fingerprint, Member

COPY_JACCARD = 0.8
NEAR_JACCARD = 0.5
NEAR_CONTAINMENT = 0.8
"""Copy and near-copy, of word 5-grams (design, section 5)."""

REWORDED_PAIRS = 0.36
REWORDED_RUNS = 0.08
"""A copy with one word in four changed all over keeps .75**2 of its word pairs and .75**5 of its
5-grams; independent reports of one event that shared up to .49 of the pairs (a quoted line, a
place and its dates, in short texts) shared at most .04 of the 5-grams."""

MIN_SAMPLE = 6
SURE_SAMPLE = 4
"""N-grams of the shorter text that an estimate needs: a sentence of ten words. Of a brief in a
much longer story fewer are left to look at; then all of at least four must be there."""

MANY_FIGURES = 3
SHARED_FIGURES = 1 / 3
"""A form filled in twice (the tallies of two nights) repeats words but not numbers and days. Of
two texts with at least so many of them, a copy shares more than this; copies in the labelled sets
share half and more, forms none or one."""

POSTED = 48
MAX_CANDIDATES = 48
COMMON_ROWS = 400
"""A 5-gram in more articles than this is furniture of a site and finds nothing by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """How far one text repeats another, each in [0, 1], and whether that makes it a copy."""

    jaccard: float
    containment: float
    is_copy: bool

    @property
    def similarity(self) -> float:
        """The figure that made it a copy."""
        return max(self.jaccard, self.containment)


def likeness(text: Fingerprint, other: Member) -> Likeness:
    """Compare a whole text with what is kept of another article."""
    return likenesses(text, [other])[0]


def likenesses(text: Fingerprint, others: Sequence[Member]) -> list[Likeness]:
    """Compare a whole text with what is kept of other articles, all at once."""
    compared = compare_all(text.runs, [other.runs for other in others])
    return [_judge(text, other, *one) for other, one in zip(others, compared, strict=True)]


def _judge(
    text: Fingerprint, other: Member, jaccard: float, containment: float, sample: int
) -> Likeness:
    same = jaccard >= 1.0 and len(text.runs) == other.runs.count
    inside = sample >= SURE_SAMPLE and containment >= 1.0
    near = sample >= MIN_SAMPLE and (jaccard >= NEAR_JACCARD or containment >= NEAR_CONTAINMENT)
    is_copy = same or inside or near
    if not is_copy and sample >= MIN_SAMPLE and containment >= REWORDED_RUNS:
        _, pairs, pair_sample = compare(text.pairs, other.pairs)
        is_copy = pair_sample >= MIN_SAMPLE and pairs >= REWORDED_PAIRS
    return Likeness(jaccard=jaccard, containment=containment, is_copy=is_copy)


def is_other_form(one: Member, other: Member) -> bool:
    """Return whether two texts alike in their words tell different figures: of two events."""
    fewest = min(len(one.numbers), len(other.numbers))
    if fewest < MANY_FIGURES:
        return False
    return len(set(one.numbers).intersection(other.numbers)) < SHARED_FIGURES * fewest


def as_copy(member: Member, original: Member, found: Likeness) -> Member:
    """Return ``member`` as a copy of ``original``, in its story and its week."""
    return replace(
        member,
        story_id=original.story_id,
        copy_of=original.id,
        week=original.week,
        similarity=round(found.similarity, 3),
        exact=found.jaccard >= COPY_JACCARD,
    )


class CopyIndex:
    """The originals of a window, found by what a new text repeats of them."""

    def __init__(self, members: Mapping[int, Member], *, horizon: timedelta) -> None:
        self._members = members
        self._horizon = horizon
        self._postings = Postings()

    def add(self, row: int, member: Member) -> None:
        """Post an original."""
        self._postings.add(
            member.runs.hashes[:POSTED].astype(np.int32), row, alive=self._members.__contains__
        )

    def find(self, text: Fingerprint, member: Member) -> tuple[Member, Likeness] | None:
        """Return the article that ``text`` repeats most, the earliest placed of equals."""
        first, last = around(member.published_at, self._horizon)
        known = [self._members.get(row) for row in self._candidates(text)]
        others = [
            other
            for other in known
            if other is not None
            and other.id != member.id
            and other.copy_of is None
            and first <= other.published_at <= last
        ]
        best: tuple[Member, Likeness] | None = None
        for other, found in zip(others, likenesses(text, others), strict=True):
            if not found.is_copy or is_other_form(member, other):
                continue
            if best is None or found.similarity > best[1].similarity:
                best = other, found
        return best

    def _candidates(self, text: Fingerprint) -> list[int]:
        # A brief inside a long story shares few of the long one's smallest hashes, but all of
        # its own; so a text is looked up by more than it is posted under.
        wanted = text.runs[: 2 * POSTED].astype(np.int32)
        found = self._postings.find(wanted, longest=COMMON_ROWS).rows
        if not len(found):
            return []
        first = int(found.min())
        shared = np.bincount(found - first)
        rows = shared.nonzero()[0]
        if len(rows) > MAX_CANDIDATES:
            rows = rows[np.lexsort((rows, -shared[rows]))[:MAX_CANDIDATES]]
            rows.sort()
        return (rows + first).tolist()
