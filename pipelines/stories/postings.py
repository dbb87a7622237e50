"""An inverted list that stays small: sorted arrays for the bulk, a dictionary for the newest.

A dictionary of lists costs about 100 bytes a posting in CPython; here a posting costs 12.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

MERGE_AT_POSTINGS = 16_384
"""Newest postings that wait in the dictionary before they are merged: a merge of 5,000
articles takes a few milliseconds, once in some four hundred articles."""


class Postings:
    """Rows by feature (both non-negative integers); a row is named once per feature."""

    def __init__(self) -> None:
        self._features: npt.NDArray[np.int64] = np.empty(0, dtype=np.int64)
        self._rows: npt.NDArray[np.int32] = np.empty(0, dtype=np.int32)
        self._newest: dict[int, list[int]] = {}
        self._waiting = 0

    def __len__(self) -> int:
        return len(self._features) + self._waiting

    @property
    def size_bytes(self) -> int:
        """Bytes of the sorted arrays."""
        return self._features.nbytes + self._rows.nbytes

    def add(self, features: Iterable[int], row: int, *, alive: Callable[[int], bool]) -> None:
        """Name ``row`` under each feature; rows that are not ``alive`` go at the next merge."""
        for feature in features:
            self._newest.setdefault(feature, []).append(row)
            self._waiting += 1
        if self._waiting >= MERGE_AT_POSTINGS:
            self._merge(alive)

    def rows(self, features: Iterable[int]) -> dict[int, npt.NDArray[np.int32]]:
        """Return the rows of each feature that has any (rows forgotten since may be among)."""
        wanted = np.fromiter(features, dtype=np.int64)
        wanted.sort()
        starts = self._features.searchsorted(wanted, side="left")
        ends = self._features.searchsorted(wanted, side="right")
        found: dict[int, npt.NDArray[np.int32]] = {}
        for feature, start, end in zip(
            wanted.tolist(), starts.tolist(), ends.tolist(), strict=True
        ):
            newest = self._newest.get(feature)
            if newest is not None:
                fresh = np.array(newest, dtype=np.int32)
                found[feature] = (
                    np.concatenate([self._rows[start:end], fresh]) if end > start else fresh
                )
            elif end > start:
                found[feature] = self._rows[start:end]
        return found

    def _merge(self, alive: Callable[[int], bool]) -> None:
        pairs = [(f, row) for f, rows in self._newest.items() for row in rows]
        fresh = np.array(pairs, dtype=np.int64)
        features = np.concatenate([self._features, fresh[:, 0]])
        rows = np.concatenate([self._rows, fresh[:, 1].astype(np.int32)])
        distinct, places = np.unique(rows, return_inverse=True)
        living = np.fromiter(map(alive, distinct.tolist()), dtype=bool, count=len(distinct))
        kept = living[places]
        features, rows = features[kept], rows[kept]
        order = np.argsort(features, kind="stable")
        self._features, self._rows = features[order], rows[order]
        self._newest, self._waiting = {}, 0
