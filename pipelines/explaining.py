"""What the index knows of one address: its entries, its document, or how it ended without one."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from connectors.addresses import address_key, canonical_url
from connectors.feed_document import RawEntry
from connectors.feed_parsing import entry_id
from connectors.index import SearchQuery

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from connectors.index import Index, LedgerRow, StoredDeadLetter
    from connectors.records import Alert, Document, Entry, PollState

NEWEST_DOCUMENTS = 2000
"""Looked through when an address is not a document's own: it may have been sent on."""

MOST_PENDING = 100_000
MOST_LETTERS = 10_000
MOST_ALERTS = 10_000
MOST_IN_STORY = 200
KEYS_AT_ONCE = 10_000
"""Keys of one question to the ledger; SQLite takes 32,766 values in a statement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """All that the index knows of one address or identifier."""

    wanted: str
    key: str
    document: Document | None = None
    entry: Entry | None = None
    letter: StoredDeadLetter | None = None
    feed: PollState | None = None
    copies: tuple[Document, ...] = ()
    story: tuple[Document, ...] = ()
    alerts: tuple[Alert, ...] = ()
    rows: tuple[LedgerRow, ...] = ()
    feeds: dict[str, PollState] = field(default_factory=dict)

    @property
    def found(self) -> bool:
        """Whether the index knows the address at all."""
        return any((self.document, self.entry, self.letter, self.rows))


def is_address(wanted: str) -> bool:
    """Tell whether ``wanted`` is a web address rather than an identifier.

    >>> is_address("https://example.org/a"), is_address("9956fca5ca9c53ccda0e7f3dc9348b75")
    (True, False)
    """
    return wanted.lower().startswith(("http://", "https://"))


def gather(index: Index, wanted: str) -> Explanation:
    """Return what the index knows of ``wanted``: an address, or the id of a document or entry.

    Raises:
        IndexUnavailable: the index does not answer.
    """
    wanted = wanted.strip()
    key = address_key(wanted) if is_address(wanted) else wanted
    states = index.poll_states()
    rows = _rows(index, {key, wanted} | _possible_entries(wanted, states))
    document = index.get_document(key) or _indexed(index, rows) or _sent_on(index, wanted)
    if document is not None:
        more = _rows(index, {document.article.id, document.article.entry_id})
        rows = sorted({*rows, *more}, key=_by_first_sight)
    told = Explanation(wanted=wanted, key=key, document=document, rows=tuple(rows), feeds=states)
    told = replace(told, letter=_letter(index, told), entry=_entry(index, told))
    if document is not None:
        told = replace(told, **_story(index, document))
    feed_id = _feed_id(told)
    return replace(told, feed=states.get(feed_id)) if feed_id else told


def _possible_entries(wanted: str, feed_ids: Iterable[str]) -> set[str]:
    """Return the ids that entries with the address ``wanted`` would have in each known feed.

    The ledger forgets an address when its entry has ended, but the entry's id is made from it:
    from it alone, or from it and a guid that is the address again.
    """
    if not is_address(wanted):
        return set()
    items = [RawEntry(guid=guid) for guid in ("", wanted)]
    return {
        entry_id(feed_id, item, wanted, repeated=False) for feed_id in feed_ids for item in items
    }


def _rows(index: Index, keys: set[str]) -> list[LedgerRow]:
    ordered = sorted(keys)
    found = {
        row
        for start in range(0, len(ordered), KEYS_AT_ONCE)
        for row in index.ledger_rows(ordered[start : start + KEYS_AT_ONCE])
    }
    return sorted(found, key=_by_first_sight)


def _by_first_sight(row: LedgerRow) -> tuple[datetime, str]:
    return row.first_seen_at, row.id


def _indexed(index: Index, rows: Iterable[LedgerRow]) -> Document | None:
    """Return the document that one of ``rows`` became or repeats."""
    for row in rows:
        if row.outcome in {"indexed", "duplicate"} and row.document_id:
            found = index.get_document(row.document_id)
            if found is not None:
                return found
    return None


def _sent_on(index: Index, wanted: str) -> Document | None:
    """Return a document whose entry or first address was ``wanted``: the page named another."""
    address = canonical_url(wanted) if is_address(wanted) else None
    page = index.search(SearchQuery(text="*", sort="indexed", limit=NEWEST_DOCUMENTS))
    for found in page.found:
        article = found.document.article
        same = canonical_url(article.url) == address if address else article.entry_id == wanted
        if same:
            return found.document
    return None


def _is_wanted(entry: Entry, told: Explanation) -> bool:
    if told.wanted in {entry.id, entry.guid, entry.url}:
        return True
    return bool(entry.url) and address_key(entry.url or "") == told.key


def _letter(index: Index, told: Explanation) -> StoredDeadLetter | None:
    for parked in (False, True):
        for letter in index.dead_letters(parked=parked, limit=MOST_LETTERS):
            if letter.id == told.wanted or _is_wanted(letter.entry, told):
                return letter
    return None


def _entry(index: Index, told: Explanation) -> Entry | None:
    entries = index.pending_entries(limit=MOST_PENDING, due_at=None)
    return next((entry for entry in entries if _is_wanted(entry, told)), None)


def _story(index: Index, document: Document) -> dict[str, Any]:
    """Return the other documents of the story, the copies among them, and the alerts."""
    others: tuple[Document, ...] = ()
    if document.story_id:
        members = index.scan(SearchQuery(story_id=document.story_id))
        others = tuple(
            one for one in islice(members, MOST_IN_STORY) if one.article.id != document.article.id
        )
    return {
        "story": others,
        "copies": tuple(one for one in others if one.copy_of == document.article.id),
        "alerts": tuple(
            alert
            for alert in index.alerts(limit=MOST_ALERTS)
            if document.article.id == alert.document_id
        ),
    }


def _feed_id(told: Explanation) -> str | None:
    if told.document is not None:
        return told.document.article.feed_id
    entry = told.entry or (told.letter.entry if told.letter else None)
    return entry.feed_id if entry else None
