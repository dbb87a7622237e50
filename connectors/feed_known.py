"""What needs not be offered to the ledger again."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from connectors.records import Entry

MAX_KNOWN_ENTRIES = 200_000
"""Of all feeds together, some 25 MB; beyond it the feeds read longest ago are offered anew."""


class KnownEntries:
    """Entries that are in the ledger already, by feed: what each feed showed when last read.

    The ledger forgets nothing, so they need not be offered to it again. One thread's own.
    """

    def __init__(self, max_entries: int = MAX_KNOWN_ENTRIES) -> None:
        """Nothing is known."""
        self._max_entries = max_entries
        self._feeds: OrderedDict[str, frozenset[str]] = OrderedDict()
        self._number = 0

    def unknown(self, feed_id: str, entries: Iterable[Entry]) -> list[Entry]:
        """Return those ``entries`` of a feed that may not be in the ledger, in order."""
        known = self._feeds.get(feed_id, frozenset())
        return [entry for entry in entries if entry.id not in known]

    def note(self, feed_id: str, entries: Iterable[Entry]) -> None:
        """Note that all ``entries``, which a feed shows now, are in the ledger."""
        self._forget(feed_id)
        shown = self._feeds[feed_id] = frozenset(entry.id for entry in entries)
        self._number += len(shown)
        while self._number > self._max_entries:
            self._forget(next(iter(self._feeds)))

    def _forget(self, feed_id: str) -> None:
        self._number -= len(self._feeds.pop(feed_id, ()))
