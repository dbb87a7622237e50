"""What needs not be offered to the ledger again, and what a feed tells anew of it."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime  # noqa: TC003 - read by from_json
from typing import TYPE_CHECKING

from connectors.records import Entry  # noqa: TC001 - read by from_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

CHANGE_KIND = "changed_entry"
"""Kind of the memory of the index that keeps each entry's last change, by the entry's id."""

MAX_KNOWN_ENTRIES = 200_000
"""Of all feeds together, some 40 MB; beyond it the feeds read longest ago are offered anew."""

FEW_ENTRIES = 3
"""More than these, and more than half of what is known, changing at once: the feed was rebuilt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryChange:
    """An entry that its feed tells otherwise than before, and when that was noticed."""

    entry: Entry
    noticed_at: datetime


class KnownEntries:
    """Entries that are in the ledger already, by feed: what each feed showed when last read.

    The ledger forgets nothing, so they need not be offered to it again. One thread's own.
    """

    def __init__(self, max_entries: int = MAX_KNOWN_ENTRIES) -> None:
        """Nothing is known."""
        self._max_entries = max_entries
        self._feeds: OrderedDict[str, Mapping[str, int]] = OrderedDict()
        self._number = 0

    def unknown(self, feed_id: str, entries: Iterable[Entry]) -> list[Entry]:
        """Return those ``entries`` of a feed that may not be in the ledger, in order."""
        known = self._feeds.get(feed_id, {})
        return [entry for entry in entries if entry.id not in known]

    def changed(self, feed_id: str, entries: Iterable[Entry]) -> list[Entry]:
        """Return those ``entries`` that the feed told otherwise when it was last read, in order.

        None where most changed at once: a feed that dates all its entries with each answer, or
        has another layout, corrects nothing.
        """
        known = self._feeds.get(feed_id, {})
        again = [entry for entry in entries if entry.id in known]
        changed = [entry for entry in again if _telling(entry) != known[entry.id]]
        return [] if _is_rebuilt(changed, again) else changed

    def note(self, feed_id: str, entries: Iterable[Entry]) -> None:
        """Note that all ``entries``, which a feed shows now, are in the ledger."""
        self._forget(feed_id)
        shown = self._feeds[feed_id] = {entry.id: _telling(entry) for entry in entries}
        self._number += len(shown)
        while self._number > self._max_entries:
            self._forget(next(iter(self._feeds)))

    def _forget(self, feed_id: str) -> None:
        self._number -= len(self._feeds.pop(feed_id, ()))


def _telling(entry: Entry) -> int:
    """Return what stands for all that the feed tells of ``entry``; of this process only."""
    told = entry.title, entry.url, entry.summary_html, entry.content_html, entry.updated_at
    return hash(told)


def _is_rebuilt(changed: Sequence[Entry], known: Sequence[Entry]) -> bool:
    return len(changed) > max(FEW_ENTRIES, len(known) // 2)
