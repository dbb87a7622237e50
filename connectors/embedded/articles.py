"""Documents with their mentions, claims and alerts, written together or not at all."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from connectors.embedded.database import create_search
from connectors.embedded.findings import touch
from connectors.embedded.ledger import settle_indexed
from connectors.embedded.outbox import insert_alert
from connectors.embedded.retention import owners_statement
from connectors.embedded.schema import MAX_PARAMETERS, encodable, to_micros, to_text
from connectors.fulltext import analyse
from connectors.index import DocumentHead, WriteResult, analysis_hash, deployments_of
from connectors.records import Document, from_json

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Sequence

    from connectors.embedded.database import Database
    from connectors.fulltext import AnalysedText
    from connectors.records import Article

PAGE_DOCUMENTS = 200
"""Documents read at once while iterating: some megabytes, and no long read transaction."""


def write_documents(database: Database, documents: Sequence[Document]) -> list[WriteResult]:
    """Store ``documents`` in one transaction; one result each, in order."""
    if not documents:
        return []
    analysed = [_analyse(document) for document in documents]
    now = datetime.now(timezone.utc)
    with database.transaction() as connection:
        return [
            _write(connection, document, words, now)
            for document, words in zip(documents, analysed, strict=True)
        ]


def _analyse(document: Document) -> tuple[AnalysedText, AnalysedText]:
    """Analyse before the transaction begins, so that others wait less."""
    article = document.article
    return analyse(article.title, article.language), analyse(article.text, article.language)


def _write(
    connection: sqlite3.Connection,
    document: Document,
    words: tuple[AnalysedText, AnalysedText],
    now: datetime,
) -> WriteResult:
    article = document.article
    stored = connection.execute(
        "SELECT content_hash, analysis_hash, revision, document, entry_id FROM articles "
        "WHERE id = ?",
        (article.id,),
    ).fetchone()
    outcome, revision, entry_id = "created", 1, article.entry_id
    before: Document | None = None
    if stored is None and _was_dropped(connection, article, now):
        return WriteResult(document_id=article.id, outcome="unchanged")
    if stored is None:
        _store(connection, replace(document, revision=1, indexed_at=now), words)
    elif stored[0] == article.content_hash and stored[1] == analysis_hash(document):
        outcome, revision, entry_id = "unchanged", stored[2], stored[4]
    else:
        outcome, revision, entry_id = "updated", stored[2] + 1, stored[4]
        before = from_json(Document, json.loads(stored[3]))
        earlier = before.article
        kept = replace(
            article,
            entry_id=earlier.entry_id,
            first_seen_at=min(article.first_seen_at, earlier.first_seen_at),
        )
        revised = replace(document, article=kept, revision=revision, indexed_at=now)
        _store(connection, revised, words)
    touch(connection, deployments_of(before, document))
    for alert in document.alerts:
        insert_alert(connection, alert)
    if outcome != "unchanged" or article.entry_id == entry_id:
        settle_indexed(connection, article, to_micros(now))
    return WriteResult(document_id=article.id, outcome=outcome, revision=revision)


def _was_dropped(connection: sqlite3.Connection, article: Article, now: datetime) -> bool:
    """Return whether retention deleted it; then its own entry, if it comes again, is settled."""
    owners = connection.execute(owners_statement(1), (article.id,)).fetchall()
    if owners and owners[0][1] == article.entry_id:
        settle_indexed(connection, article, to_micros(now))
    return bool(owners)


def _store(
    connection: sqlite3.Connection,
    document: Document,
    words: tuple[AnalysedText, AnalysedText],
) -> None:
    article = document.article
    for table in ("mentions", "claims"):
        connection.execute(f"DELETE FROM {table} WHERE document_id = ?", (article.id,))  # noqa: S608
    connection.execute(
        """INSERT OR REPLACE INTO articles (id, entry_id, content_hash, analysis_hash, revision,
            first_seen_at, published_at, indexed_at, language, outlet, story_id, copy_of,
            search_row, document) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        (
            article.id,
            article.entry_id,
            article.content_hash,
            analysis_hash(document),
            document.revision,
            to_micros(article.first_seen_at),
            to_micros(article.published_at or article.first_seen_at),
            to_micros(document.indexed_at),
            article.language,
            encodable(article.outlet),
            document.story_id,
            document.copy_of,
            _store_words(connection, words),
            to_text(document),
        ),
    )
    _store_findings(connection, document)


def _store_words(connection: sqlite3.Connection, words: tuple[AnalysedText, AnalysedText]) -> int:
    """Put the words of title and text into the next row of the full-text table; return it."""
    connection.execute("UPDATE settings SET value = value + 1 WHERE name = 'search_row'")
    (row,) = connection.execute("SELECT value FROM settings WHERE name = 'search_row'").fetchone()
    title, text = words
    connection.execute(
        "INSERT INTO search (rowid, title_stems, title_folded, stems, folded) "
        "VALUES (?, ?, ?, ?, ?)",
        (int(row), title.stems, title.folded, text.stems, text.folded),
    )
    return int(row)


def _store_findings(connection: sqlite3.Connection, document: Document) -> None:
    document_id = document.article.id
    connection.executemany(
        "INSERT INTO mentions VALUES (?, ?, ?, ?, ?, ?)",
        [
            (document_id, m.subject, m.field, m.start, m.end, encodable(m.quote))
            for m in document.mentions
        ],
    )
    connection.executemany(
        "INSERT INTO claims VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (
                document_id,
                c.system,
                c.place,
                c.status,
                c.when,
                encodable(c.speaker),
                encodable(c.evidence),
            )
            for c in document.claims
        ],
    )


def read_heads(database: Database, document_ids: Iterable[str]) -> dict[str, DocumentHead]:
    """Return the heads of the documents that are stored."""
    wanted = list(dict.fromkeys(document_ids))
    heads: dict[str, DocumentHead] = {}
    for first in range(0, len(wanted), MAX_PARAMETERS):
        part = wanted[first : first + MAX_PARAMETERS]
        rows = database.rows(
            "SELECT id, entry_id, content_hash, revision FROM articles "  # noqa: S608
            f"WHERE id IN ({', '.join('?' * len(part))})",
            part,
        )
        heads |= {
            row[0]: DocumentHead(id=row[0], entry_id=row[1], content_hash=row[2], revision=row[3])
            for row in rows
        }
        absent = [key for key in part if key not in heads]
        heads |= {
            key: DocumentHead(id=key, entry_id=owner, content_hash="", revision=0, dropped=True)
            for key, owner in database.rows(owners_statement(len(absent)), absent)
        }
    return heads


def read_document(database: Database, document_id: str) -> Document | None:
    """Return one document, or None."""
    rows = database.rows("SELECT document FROM articles WHERE id = ?", (document_id,))
    return from_json(Document, json.loads(rows[0][0])) if rows else None


def read_documents(database: Database, since: datetime | None) -> Iterator[Document]:
    """Yield documents in order of first sight, page by page."""
    position = (-(2**62) if since is None else to_micros(since), "")
    while True:
        rows = database.rows(
            "SELECT first_seen_at, id, document FROM articles WHERE (first_seen_at, id) > (?, ?) "
            "ORDER BY first_seen_at, id LIMIT ?",
            (*position, PAGE_DOCUMENTS),
        )
        for row in rows:
            yield from_json(Document, json.loads(row[2]))
        if len(rows) < PAGE_DOCUMENTS:
            return
        position = (rows[-1][0], rows[-1][1])


def rebuild_search(database: Database) -> int:
    """Fill the full-text table anew from the stored documents; return how many."""
    rebuilt = 0
    with database.transaction() as connection:
        connection.execute("DROP TABLE search")
        create_search(connection)
        ids = [row[0] for row in connection.execute("SELECT id FROM articles").fetchall()]
        for document_id in ids:
            (text,) = connection.execute(
                "SELECT document FROM articles WHERE id = ?", (document_id,)
            ).fetchone()
            # Negative rows first: the new numbers may still be another article's old ones.
            row = _store_words(connection, _analyse(from_json(Document, json.loads(text))))
            connection.execute(
                "UPDATE articles SET search_row = ? WHERE id = ?", (-row, document_id)
            )
            rebuilt += 1
        connection.execute("UPDATE articles SET search_row = -search_row")
    return rebuilt
