"""An inverted list that stays small and is cheap to add to: sorted arrays and a short tail.

A dictionary of lists costs about 100 bytes a posting in CPython; here a posting costs 8. What is
added waits unsorted in a short tail, which is looked through whole; a full tail goes into a
sorted array of what is recent, and that, when it is long, into the one of all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Callable

Ints = npt.NDArray[np.int32]
Places = npt.NDArray[np.intp]

TAIL_POSTINGS = 1024
"""Postings that wait unsorted: looking through them costs as much as a search of the arrays."""

MERGE_AT_POSTINGS = 16_384
"""Recent postings that are merged into those of all: a merge of 5,000 articles takes a few
milliseconds, once in some four hundred articles."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The rows of some features, each as often as it has one of them.

    ``features`` are those looked for, in order, ``counts`` how many rows each has; ``places``
    say for every one of ``rows`` which feature brought it. The features of a row come in order.
    """

    features: Ints
    counts: Places
    rows: Ints
    places: Places


class _Lookup(NamedTuple):
    """Which of the wanted features a run has, from where on and how often."""

    places: Places
    starts: Places
    counts: Places


@dataclass(frozen=True, slots=True)
class _Run:
    """Postings sorted by feature; those of a feature in the order in which they came."""

    features: Ints
    rows: Ints

    def look_up(self, wanted: Ints) -> _Lookup:
        starts = self.features.searchsorted(wanted)
        if not len(self.features):
            return _Lookup(starts[:0], starts[:0], starts[:0])
        places = (self.features.take(starts, mode="clip") == wanted).nonzero()[0]
        starts = starts.take(places)
        if not len(places):
            return _Lookup(places, starts, starts)
        ends = self.features.searchsorted(wanted.take(places), side="right")
        return _Lookup(places, starts, ends - starts)

    def rows_at(self, found: _Lookup) -> Ints:
        if not len(found.places):
            return self.rows[:0]
        at = (found.starts - found.counts.cumsum() + found.counts).repeat(found.counts)
        at += np.arange(len(at))
        return self.rows.take(at)

    def merged_with(self, features: Ints, rows: Ints) -> _Run:
        """Return a run with later postings too, which are sorted by feature."""
        at = self.features.searchsorted(features, side="right") + np.arange(len(features))
        old = np.ones(len(self.features) + len(features), dtype=bool)
        old[at] = False
        both = np.empty((2, len(old)), dtype=np.int32)
        both[0, at], both[1, at] = features, rows
        both[0, old], both[1, old] = self.features, self.rows
        return _Run(both[0], both[1])

    def living(self, alive: Callable[[int], bool]) -> _Run:
        """Return the run without the rows that are not ``alive``."""
        least = int(self.rows.min(initial=0))
        known = np.bincount(self.rows - least).nonzero()[0]
        living = np.zeros(int(known.max(initial=0)) + 1, dtype=bool)
        living[known] = [alive(row) for row in (known + least).tolist()]
        kept = living.take(self.rows - least)
        return self if kept.all() else _Run(self.features[kept], self.rows[kept])


_EMPTY = _Run(np.empty(0, dtype=np.int32), np.empty(0, dtype=np.int32))


class Postings:
    """Rows by feature (both below 2**31); a row is named once per feature."""

    def __init__(self) -> None:
        self._all, self._recent = _EMPTY, _EMPTY
        self._tail = np.empty((2, TAIL_POSTINGS), dtype=np.int32)
        self._waiting = 0

    def __len__(self) -> int:
        return len(self._all.features) + len(self._recent.features) + self._waiting

    def add(self, features: Ints, row: int, *, alive: Callable[[int], bool]) -> None:
        """Name ``row`` under each of the sorted ``features``.

        Rows that are not ``alive`` go when the recent ones are merged into the others.
        """
        for start in range(0, len(features), TAIL_POSTINGS):
            some = features[start : start + TAIL_POSTINGS]
            if self._waiting + len(some) > TAIL_POSTINGS:
                self._sort_in()
            place = slice(self._waiting, self._waiting + len(some))
            self._tail[0, place], self._tail[1, place] = some, row
            self._waiting = place.stop
        if len(self._recent.features) + self._waiting >= MERGE_AT_POSTINGS:
            self._sort_in()
            both = self._all.merged_with(self._recent.features, self._recent.rows)
            self._all, self._recent = both.living(alive), _EMPTY

    def find(self, wanted: Ints, *, longest: int | None = None) -> Found:
        """Return the rows of the features (rows forgotten since may be among them).

        Args:
            wanted: what is looked for, sorted, each once.
            longest: features with more rows than this bring none.
        """
        every, recent = self._all.look_up(wanted), self._recent.look_up(wanted)
        tail = self._tail[0, : self._waiting]
        places = wanted.searchsorted(tail)
        near = wanted.take(places, mode="clip") if len(wanted) else tail[:0]
        hits = (near == tail).nonzero()[0] if len(wanted) else places[:0]
        places = places.take(hits)
        counts = np.bincount(places, minlength=len(wanted))
        for run in (every, recent):
            if len(run.places):
                counts[run.places] += run.counts
        if longest is not None and counts.max(initial=0) > longest:
            return self.find(wanted[counts <= longest])
        return Found(
            features=wanted,
            counts=counts,
            rows=np.concatenate(
                [
                    self._all.rows_at(every),
                    self._recent.rows_at(recent),
                    self._tail[1].take(hits),
                ]
            ),
            places=np.concatenate(
                [every.places.repeat(every.counts), recent.places.repeat(recent.counts), places]
            ),
        )

    def _sort_in(self) -> None:
        """Move the tail into the recent ones: they are in order, so they are not sorted anew."""
        order = self._tail[0, : self._waiting].argsort(kind="stable")
        features, rows = self._tail.take(order, axis=1)
        self._recent = self._recent.merged_with(features, rows)
        self._waiting = 0
