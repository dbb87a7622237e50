"""Retention: articles first seen before a month go, with their findings and search words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from connectors.embedded.schema import to_micros
from connectors.fulltext import analyse
from connectors.records import Document, from_json

if TYPE_CHECKING:
    import sqlite3
    from datetime import datetime

    from connectors.embedded.database import Database

BATCH_DOCUMENTS = 200
"""Documents deleted in one transaction: a runner waits no longer than for one of its own."""

_OWNERS = """SELECT document_id, id FROM entries
    WHERE state = 'indexed' AND document_id IN ({marks})
    AND first_seen_at < (SELECT CAST(value AS INTEGER) FROM settings WHERE name = 'kept_from')
    ORDER BY first_seen_at DESC, id DESC"""


def drop_before(database: Database, first_kept: datetime, *, dry_run: bool) -> list[str]:
    """Delete (or plan it) articles first seen before ``first_kept``; return a line per change."""
    limit = to_micros(first_kept)
    rows = database.rows("SELECT COUNT(*) FROM articles WHERE first_seen_at < ?", (limit,))
    if not rows[0][0]:
        return []
    if not dry_run:
        with database.transaction() as connection:
            connection.execute(
                """INSERT INTO settings (name, value) VALUES ('kept_from', ?)
                ON CONFLICT (name) DO UPDATE SET value = excluded.value
                WHERE CAST(excluded.value AS INTEGER) > CAST(value AS INTEGER)""",
                (str(limit),),
            )
        while _drop_some(database, limit):
            pass
    return [f"delete {rows[0][0]:,} articles first seen before {first_kept:%Y-%m}"]


def _drop_some(database: Database, limit: int) -> int:
    with database.transaction() as connection:
        rows = connection.execute(
            "SELECT id, search_row, document FROM articles WHERE first_seen_at < ? "
            "ORDER BY first_seen_at, id LIMIT ?",
            (limit, BATCH_DOCUMENTS),
        ).fetchall()
        for document_id, search_row, document in rows:
            _forget_words(connection, search_row, from_json(Document, json.loads(document)))
            for table in ("mentions", "claims"):
                connection.execute(
                    f"DELETE FROM {table} WHERE document_id = ?",  # noqa: S608 - constant text
                    (document_id,),
                )
            connection.execute("DELETE FROM articles WHERE id = ?", (document_id,))
        return len(rows)


def _forget_words(connection: sqlite3.Connection, row: int, document: Document) -> None:
    """Take the words off the full-text table, which keeps no text: it wants to be told them."""
    article = document.article
    title = analyse(article.title, article.language)
    text = analyse(article.text, article.language)
    connection.execute(
        "INSERT INTO search (search, rowid, title_stems, title_folded, stems, folded) "
        "VALUES ('delete', ?, ?, ?, ?, ?)",
        (row, title.stems, title.folded, text.stems, text.folded),
    )


def owners_statement(documents: int) -> str:
    """Return the query for who brought each of so many ids (its parameters) that were dropped."""
    return _OWNERS.format(marks=", ".join("?" * documents))
