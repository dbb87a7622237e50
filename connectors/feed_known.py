"""What needs not be offered to the ledger again, and what a feed tells anew of it."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime  # noqa: TC003 - read by from_json
from typing import TYPE_CHECKING

from connectors.records import Entry  # noqa: TC001 - read by from_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

CHANGE_KIND = "changed_entry"
"""Kind of the memory of the index that keeps each entry's last change, by the entry's id."""

MAX_KNOWN_ENTRIES = 200_000
"""Of all feeds together, some 40 MB; beyond it the feeds read longest ago are offered anew."""

FEW_ENTRIES = 3
"""More than these, and more than half of what is known, changing at once: the feed was rebuilt."""

TOLD_ENTRIES = 200
"""Entries of a feed, from its top, whose telling is remembered: 3.2 kB in its poll state."""

_PART_CHARS = 8
"""Hexadecimal digits for an entry's id, and as many for what is told of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryChange:
    """An entry that its feed tells otherwise than before, and when that was noticed."""

    entry: Entry
    noticed_at: datetime


class KnownEntries:
    """Entries that are in the ledger already, by feed: those that each feed showed when last read.

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


def tellings(entries: Sequence[Entry]) -> str:
    """Return what stands for all that a feed tells of its first entries, to be remembered."""
    told = dict(_telling(entry) for entry in entries[:TOLD_ENTRIES])
    return "".join(name + telling for name, telling in told.items())


def changed_entries(told: str, entries: Iterable[Entry]) -> list[Entry]:
    """Return those ``entries`` that their feed told otherwise when it was last read, in order.

    None where most changed at once: a feed that dates all its entries with each answer, or has
    another layout, corrects nothing.

    Args:
        told: what :func:`tellings` made of the feed's entries then; may be empty.
        entries: what the feed shows now.
    """
    width = 2 * _PART_CHARS
    pairs = [told[at : at + width] for at in range(0, len(told), width)]
    known = {pair[:_PART_CHARS]: pair[_PART_CHARS:] for pair in pairs}
    again = [(entry, *_telling(entry)) for entry in entries] if known else []
    again = [one for one in again if one[1] in known]
    changed = [entry for entry, name, telling in again if telling != known[name]]
    return [] if len(changed) > max(FEW_ENTRIES, len(again) // 2) else changed


def _telling(entry: Entry) -> tuple[str, str]:
    """Return what stands for an entry, and for all that is told of it; the same in any process."""
    told = entry.title, entry.url, entry.summary_html, entry.content_html, entry.updated_at
    return _digest(entry.id), _digest(repr(told))


def _digest(text: str) -> str:
    raw = text.encode("utf-8", "surrogatepass")
    return hashlib.blake2b(raw, digest_size=_PART_CHARS // 2).hexdigest()
