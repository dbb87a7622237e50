"""An inverted list that stays small: sorted arrays for the bulk, a dictionary for the newest.

A dictionary of lists costs about 100 bytes a posting in CPython; here a posting costs 12.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

MERGE_AT_POSTINGS = 16_384
"""Newest postings that wait in the dictionary before they are merged: a merge of 5,000
articles takes a few milliseconds, once in some four hundred articles."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The rows of some features, in order of the features: the merged ones, then the newest.

    ``merged`` and ``newest`` count the rows of each feature in the two parts of ``rows``.
    """

    features: list[int]
    merged: npt.NDArray[np.int64]
    newest: npt.NDArray[np.int64]
    rows: npt.NDArray[np.int32]

    def spread(self, values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Return for every row the value of the feature that brought it."""
        return np.concatenate([values.repeat(self.merged), values.repeat(self.newest)])


class Postings:
    """Rows by feature (both below 2**31); a row is named once per feature."""

    def __init__(self) -> None:
        self._features: npt.NDArray[np.int32] = np.empty(0, dtype=np.int32)
        self._rows: npt.NDArray[np.int32] = np.empty(0, dtype=np.int32)
        self._newest: defaultdict[int, list[int]] = defaultdict(list)
        self._waiting = 0

    def __len__(self) -> int:
        return len(self._features) + self._waiting

    @property
    def size_bytes(self) -> int:
        """Bytes of the sorted arrays."""
        return self._features.nbytes + self._rows.nbytes

    def add(self, features: Collection[int], row: int, *, alive: Callable[[int], bool]) -> None:
        """Name ``row`` under each feature; rows that are not ``alive`` go at the next merge."""
        newest = self._newest
        for feature in features:
            newest[feature].append(row)
        self._waiting += len(features)
        if self._waiting >= MERGE_AT_POSTINGS:
            self._merge(alive)

    def find(self, features: Iterable[int], *, longest: int | None = None) -> Found:
        """Return the rows of the features (rows forgotten since may be among them).

        Args:
            features: what is looked for, each once.
            longest: features with more rows than this bring none.
        """
        wanted = np.fromiter(features, dtype=np.int32)
        wanted.sort()
        starts = self._features.searchsorted(wanted, side="left")
        merged = self._features.searchsorted(wanted, side="right") - starts
        named = wanted.tolist()
        # Most features are in few articles, so few of them are among the newest.
        waiting = self._newest
        places = [place for place, feature in enumerate(named) if feature in waiting]
        lists = [waiting[named[place]] for place in places]
        fresh = np.zeros(len(named), dtype=np.int64)
        fresh[places] = list(map(len, lists))
        if longest is not None:
            few = merged + fresh <= longest
            merged, fresh = merged * few, fresh * few
            lists = [rows for rows, place in zip(lists, places, strict=True) if few[place]]
        ends = merged.cumsum()
        at = (starts - ends + merged).repeat(merged)
        at += np.arange(len(at))
        newest = np.fromiter(chain.from_iterable(lists), dtype=np.int32, count=int(fresh.sum()))
        return Found(
            features=named,
            merged=merged,
            newest=fresh,
            rows=np.concatenate([self._rows.take(at), newest]),
        )

    def _merge(self, alive: Callable[[int], bool]) -> None:
        """Move the newest into the arrays: both are in order, so nothing is sorted anew."""
        features = np.fromiter(self._newest, dtype=np.int32, count=len(self._newest))
        lengths = np.fromiter(map(len, self._newest.values()), dtype=np.int64, count=len(features))
        fresh_rows = np.fromiter(
            chain.from_iterable(self._newest.values()), dtype=np.int32, count=self._waiting
        )
        order = np.repeat(features, lengths).argsort(kind="stable")
        fresh, fresh_rows = np.repeat(features, lengths)[order], fresh_rows[order]
        places = self._features.searchsorted(fresh, side="right")
        features = np.insert(self._features, places, fresh)
        rows = np.insert(self._rows, places, fresh_rows)
        least = int(rows.min())
        known = np.flatnonzero(np.bincount(rows - least))
        living = np.zeros(int(known[-1]) + 1, dtype=bool)
        living[known] = [alive(row) for row in (known + least).tolist()]
        kept = living[rows - least]
        self._features, self._rows = features[kept], rows[kept]
        self._newest, self._waiting = defaultdict(list), 0
