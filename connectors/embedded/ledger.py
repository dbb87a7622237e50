"""The ledger: every entry ever seen and how it ended, with the dead letters."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from connectors.embedded.schema import MAX_PARAMETERS, encodable, from_micros, to_micros, to_text
from connectors.index import (
    MAX_DEAD_LETTER_ATTEMPTS,
    MOST_LEDGER_ROWS,
    LedgerRow,
    StoredDeadLetter,
)
from connectors.records import Entry, from_json

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from connectors.embedded.database import Database
    from connectors.records import Article, Settlement

_INSERT = """INSERT OR IGNORE INTO entries (id, state, feed_id, first_seen_at, due_at, entry)
    VALUES (?, 'pending', ?, ?, ?, ?)"""


def register_entries(database: Database, entries: Sequence[Entry], due_at: datetime) -> list[Entry]:
    """Store the unknown ``entries`` as pending; return those."""
    if not entries:
        return []
    with database.transaction() as connection:
        return [entry for entry in entries if _insert(connection, entry, to_micros(due_at))]


def _insert(connection: sqlite3.Connection, entry: Entry, due_at: int) -> bool:
    row = (entry.id, entry.feed_id, to_micros(entry.first_seen_at), due_at, to_text(entry))
    return connection.execute(_INSERT, row).rowcount == 1


def pending_entries(database: Database, *, limit: int, due_at: datetime | None) -> list[Entry]:
    """Return pending entries whose lease is over, oldest first."""
    due = "" if due_at is None else "AND due_at <= ?"
    parameters = [] if due_at is None else [to_micros(due_at)]
    rows = database.rows(
        f"SELECT entry FROM entries WHERE state = 'pending' {due} "  # noqa: S608 - constant text
        "ORDER BY first_seen_at, id LIMIT ?",
        (*parameters, limit),
    )
    return [from_json(Entry, json.loads(row[0])) for row in rows]


def ledger_rows(database: Database, keys: Iterable[str]) -> list[LedgerRow]:
    """Return the rows of the entries, or of the documents, that ``keys`` name, oldest first."""
    wanted = list(dict.fromkeys(keys))
    marks = ", ".join("?" * len(wanted))
    rows = database.rows(
        "SELECT id, state, feed_id, first_seen_at, settled_at, document_id, step, reason "  # noqa: S608 - marks only
        f"FROM entries WHERE id IN ({marks}) OR document_id IN ({marks}) "
        "ORDER BY first_seen_at, id LIMIT ?",
        (*wanted, *wanted, MOST_LEDGER_ROWS),
    )
    return [
        LedgerRow(
            id=row[0],
            outcome=row[1],
            feed_id=row[2],
            first_seen_at=from_micros(row[3]),
            settled_at=None if row[4] is None else from_micros(row[4]),
            document_id=row[5],
            step=row[6],
            reason=row[7],
        )
        for row in rows
    ]


def entry_documents(database: Database, entry_ids: Iterable[str]) -> dict[str, str]:
    """Return the id of the document that each entry became or repeats."""
    wanted = list(dict.fromkeys(entry_ids))
    found: dict[str, str] = {}
    for first in range(0, len(wanted), MAX_PARAMETERS):
        part = wanted[first : first + MAX_PARAMETERS]
        found |= database.rows(
            f"SELECT id, document_id FROM entries WHERE id IN ({', '.join('?' * len(part))}) "  # noqa: S608 - marks only
            "AND state IN ('indexed', 'duplicate') AND document_id IS NOT NULL",
            part,
        )
    return found


def defer(database: Database, entries: Sequence[Entry], due_at: datetime) -> None:
    """Store the attempts of pending ``entries`` and when the next one is due."""
    if not entries:
        return
    with database.transaction() as connection:
        connection.executemany(
            "UPDATE entries SET due_at = ?, entry = ? WHERE id = ? AND state = 'pending'",
            [(to_micros(due_at), to_text(entry), entry.id) for entry in entries],
        )


def settle(database: Database, settlements: Sequence[Settlement]) -> None:
    """Close entries that are pending (or unknown); what is closed stays as it is."""
    if not settlements:
        return
    with database.transaction() as connection:
        for settlement in settlements:
            _insert(connection, settlement.entry, to_micros(settlement.settled_at))
            if _close(connection, settlement):
                _store_dead_letter(connection, settlement)


def _close(connection: sqlite3.Connection, settlement: Settlement) -> bool:
    changed = connection.execute(
        """UPDATE entries SET state = ?, settled_at = ?, document_id = ?, step = ?, reason = ?,
            entry = NULL WHERE id = ? AND state = 'pending'""",
        (
            settlement.outcome,
            to_micros(settlement.settled_at),
            settlement.document_id,
            settlement.step,
            settlement.reason,
            settlement.entry.id,
        ),
    )
    return changed.rowcount == 1


def _store_dead_letter(connection: sqlite3.Connection, settlement: Settlement) -> None:
    """Store or renew the dead letter of a closed entry; forget it when it ended well."""
    entry_id = settlement.entry.id
    if settlement.outcome != "dead_letter":
        connection.execute("DELETE FROM dead_letters WHERE id = ?", (entry_id,))
        return
    row = connection.execute("SELECT attempts FROM dead_letters WHERE id = ?", (entry_id,))
    attempts = next((known for (known,) in row), 0) + 1
    moment = to_micros(settlement.settled_at)
    connection.execute(
        """INSERT INTO dead_letters
            (id, step, reason, detail, attempts, first_at, last_at, parked, waiting, entry)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, ?)
        ON CONFLICT (id) DO UPDATE SET step = excluded.step, reason = excluded.reason,
            detail = excluded.detail, attempts = excluded.attempts, last_at = excluded.last_at,
            parked = excluded.parked, waiting = 1, entry = excluded.entry""",
        (
            entry_id,
            settlement.step,
            settlement.reason,
            encodable(settlement.detail),
            attempts,
            moment,
            moment,
            attempts >= MAX_DEAD_LETTER_ATTEMPTS,
            to_text(settlement.entry),
        ),
    )


def settle_indexed(connection: sqlite3.Connection, article: Article, settled_at: int) -> None:
    """Close the entry that became a document, inside the transaction that stores it.

    One that no feed brought (a backfill's) gets its row here: the ledger has every document.
    """
    connection.execute(
        """INSERT OR IGNORE INTO entries (id, state, feed_id, first_seen_at, due_at, entry)
            VALUES (?, 'pending', ?, ?, ?, NULL)""",
        (article.entry_id, article.feed_id, to_micros(article.first_seen_at), settled_at),
    )
    connection.execute(
        """UPDATE entries SET state = 'indexed', settled_at = ?, document_id = ?, step = NULL,
            reason = NULL, entry = NULL WHERE id = ? AND state != 'indexed'""",
        (settled_at, article.id, article.entry_id),
    )
    connection.execute("DELETE FROM dead_letters WHERE id = ?", (article.entry_id,))


def dead_letters(database: Database, *, parked: bool, **filters: Any) -> list[StoredDeadLetter]:  # noqa: ANN401 - text, instant or None
    """Return dead letters that wait (or are parked), oldest first."""
    conditions = ["waiting = 1", "parked = ?"]
    parameters: list[Any] = [int(parked)]
    for column in ("step", "reason"):
        if filters[column] is not None:
            conditions.append(f"{column} = ?")
            parameters.append(filters[column])
    if filters["since"] is not None:
        conditions.append("last_at >= ?")
        parameters.append(to_micros(filters["since"]))
    rows = database.rows(
        "SELECT id, step, reason, detail, attempts, first_at, last_at, parked, entry "  # noqa: S608
        f"FROM dead_letters WHERE {' AND '.join(conditions)} ORDER BY first_at, id LIMIT ?",
        (*parameters, filters["limit"]),
    )
    return [_revive(row) for row in rows]


def _revive(row: Sequence[Any]) -> StoredDeadLetter:
    return StoredDeadLetter(
        id=row[0],
        step=row[1],
        reason=row[2],
        detail=row[3],
        attempts=row[4],
        first_at=from_micros(row[5]),
        last_at=from_micros(row[6]),
        parked=bool(row[7]),
        entry=from_json(Entry, json.loads(row[8])),
    )


def reopen(database: Database, entry_ids: Iterable[str]) -> int:
    """Make waiting dead letters that are not parked pending again, due at once."""
    reopened = 0
    with database.transaction() as connection:
        for entry_id in dict.fromkeys(entry_ids):
            row = connection.execute(
                "SELECT entry FROM dead_letters WHERE id = ? AND waiting AND NOT parked",
                (entry_id,),
            ).fetchone()
            if row is None:
                continue
            entry = json.loads(row[0])
            entry["attempts"] = int(entry.get("attempts", 0)) + 1
            changed = connection.execute(
                """UPDATE entries SET state = 'pending', due_at = 0, settled_at = NULL,
                    step = NULL, reason = NULL, entry = ?
                WHERE id = ? AND state = 'dead_letter'""",
                (to_text(entry), entry_id),
            )
            connection.execute("UPDATE dead_letters SET waiting = 0 WHERE id = ?", (entry_id,))
            reopened += changed.rowcount
    return reopened
