"""The tables of the embedded index. Instants are integers: microseconds since 1970 in UTC."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta, timezone
from typing import Any, overload

from connectors.records import to_json

APPLICATION_ID = 0x56494749
"""``VIGI``, in the header of the file: whose database this is."""

SCHEMA_VERSION = 3

MAX_PARAMETERS = 500
"""Identifiers in one statement; SQLite allows 999 in its older builds."""

ENTRIES_DOCUMENT = "CREATE INDEX entries_document ON entries (document_id) WHERE state = 'indexed'"

FINDINGS_TABLES = (
    "CREATE INDEX claims_deployment ON claims (system, place)",
    """CREATE TABLE deployments (
        system TEXT NOT NULL,
        place TEXT NOT NULL,
        version INTEGER NOT NULL,
        due INTEGER NOT NULL,
        closes INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (system, place)
    ) WITHOUT ROWID""",
    "CREATE INDEX deployments_due ON deployments (system, place) WHERE due",
    """CREATE TABLE findings (
        id TEXT PRIMARY KEY,
        system TEXT NOT NULL,
        place TEXT NOT NULL,
        version INTEGER NOT NULL,
        last_at INTEGER NOT NULL,
        finding TEXT NOT NULL
    ) WITHOUT ROWID""",
    "CREATE INDEX findings_deployment ON findings (system, place)",
    "CREATE INDEX findings_last ON findings (last_at)",
)

TABLES = (
    """CREATE TABLE articles (
        id TEXT PRIMARY KEY,
        entry_id TEXT NOT NULL,
        content_hash TEXT NOT NULL,
        analysis_hash TEXT NOT NULL,
        revision INTEGER NOT NULL,
        first_seen_at INTEGER NOT NULL,
        published_at INTEGER NOT NULL,
        indexed_at INTEGER NOT NULL,
        language TEXT NOT NULL,
        outlet TEXT,
        story_id TEXT,
        copy_of TEXT,
        search_row INTEGER NOT NULL UNIQUE,
        document TEXT NOT NULL
    ) WITHOUT ROWID""",
    "CREATE INDEX articles_first_seen ON articles (first_seen_at, id)",
    "CREATE INDEX articles_published ON articles (published_at)",
    "CREATE INDEX articles_indexed ON articles (indexed_at)",
    "CREATE INDEX articles_story ON articles (story_id) WHERE story_id IS NOT NULL",
    """CREATE TABLE mentions (
        document_id TEXT NOT NULL,
        subject TEXT NOT NULL,
        field TEXT NOT NULL,
        start_char INTEGER NOT NULL,
        end_char INTEGER NOT NULL,
        quote TEXT NOT NULL
    )""",
    "CREATE INDEX mentions_document ON mentions (document_id, subject)",
    """CREATE TABLE claims (
        document_id TEXT NOT NULL,
        system TEXT NOT NULL,
        place TEXT,
        status TEXT NOT NULL,
        happens TEXT,
        speaker TEXT,
        evidence TEXT NOT NULL
    )""",
    "CREATE INDEX claims_document ON claims (document_id, status)",
    """CREATE TABLE alerts (
        id TEXT PRIMARY KEY,
        document_id TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        undelivered INTEGER NOT NULL,
        next_attempt_at INTEGER NOT NULL,
        alert TEXT NOT NULL
    ) WITHOUT ROWID""",
    "CREATE INDEX alerts_due ON alerts (created_at) WHERE undelivered",
    """CREATE TABLE entries (
        id TEXT PRIMARY KEY,
        state TEXT NOT NULL,
        feed_id TEXT NOT NULL,
        first_seen_at INTEGER NOT NULL,
        due_at INTEGER NOT NULL,
        settled_at INTEGER,
        document_id TEXT,
        step TEXT,
        reason TEXT,
        entry TEXT
    ) WITHOUT ROWID""",
    "CREATE INDEX entries_state ON entries (state, first_seen_at)",
    """CREATE TABLE dead_letters (
        id TEXT PRIMARY KEY,
        step TEXT NOT NULL,
        reason TEXT NOT NULL,
        detail TEXT NOT NULL,
        attempts INTEGER NOT NULL,
        first_at INTEGER NOT NULL,
        last_at INTEGER NOT NULL,
        parked INTEGER NOT NULL,
        waiting INTEGER NOT NULL,
        entry TEXT NOT NULL
    ) WITHOUT ROWID""",
    """CREATE TABLE feeds (
        feed_id TEXT PRIMARY KEY,
        outcome TEXT NOT NULL,
        state TEXT NOT NULL
    ) WITHOUT ROWID""",
    """CREATE TABLE memory (
        kind TEXT NOT NULL,
        key TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (kind, key)
    ) WITHOUT ROWID""",
    "CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    *FINDINGS_TABLES,
    ENTRIES_DOCUMENT,
)

UPGRADES = {
    1: (
        *FINDINGS_TABLES,
        """INSERT INTO deployments (system, place, version, due)
        SELECT DISTINCT system, COALESCE(place, ''), 1, 1 FROM claims""",
    ),
    2: (ENTRIES_DOCUMENT,),
}
"""What makes the tables of a version those of the next."""

SEARCH_TABLE = """CREATE VIRTUAL TABLE search USING fts5(
    title_stems, title_folded, stems, folded,
    content='', tokenize="unicode61 remove_diacritics 0 categories 'L* N* M* Co'"
)"""
"""Contentless: the words are in the documents already. A revision gets a new row; nothing
points to the old one any more, which spares reading the old text to delete it."""

SEARCH_RANK = "bm25(8.0, 4.0, 2.0, 1.0)"
"""A word in the title counts four times one in the text, an inflection twice a spelling."""

_SURROGATE = re.compile("[\ud800-\udfff]")
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


@overload
def to_micros(moment: datetime) -> int: ...
@overload
def to_micros(moment: None) -> None: ...
def to_micros(moment: datetime | None) -> int | None:
    """Return ``moment`` as microseconds since 1970; a naive one is taken as UTC."""
    if moment is None:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    return (moment - _EPOCH) // timedelta(microseconds=1)


def from_micros(micros: int) -> datetime:
    """Return the instant of ``micros`` in UTC.

    >>> from_micros(to_micros(datetime(2025, 12, 18, tzinfo=timezone.utc))).isoformat()
    '2025-12-18T00:00:00+00:00'
    """
    return _EPOCH + timedelta(microseconds=micros)


def to_text(value: Any) -> str:  # noqa: ANN401 - any record or JSON value in
    """Return ``value`` as JSON text that UTF-8 can hold."""
    return encodable(json.dumps(to_json(value), ensure_ascii=False))


@overload
def encodable(text: str) -> str: ...
@overload
def encodable(text: None) -> None: ...
def encodable(text: str | None) -> str | None:
    """Return ``text`` with U+FFFD for each half of a surrogate pair: offsets stay right."""
    return text and _SURROGATE.sub("\ufffd", text)
