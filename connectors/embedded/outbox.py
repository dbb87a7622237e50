"""The outbox of alerts: created with their document, delivered later, at least once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from connectors.embedded.schema import to_micros, to_text
from connectors.index import is_undelivered
from connectors.records import Alert, from_json

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence
    from datetime import datetime

    from connectors.embedded.database import Database


def insert_alert(connection: sqlite3.Connection, alert: Alert) -> None:
    """Store ``alert`` unless it exists, inside the transaction that stores its document."""
    connection.execute(
        "INSERT OR IGNORE INTO alerts VALUES (?, ?, ?, ?, ?, ?)",
        (
            alert.id,
            alert.document_id,
            to_micros(alert.created_at),
            is_undelivered(alert),
            _due_micros(alert),
            to_text(alert),
        ),
    )


def store_alerts(database: Database, alerts: Sequence[Alert]) -> None:
    """Store ``alerts`` unless they exist, all or none."""
    if not alerts:
        return
    with database.transaction() as connection:
        for alert in alerts:
            insert_alert(connection, alert)


def claim_alerts(
    database: Database, alerts: Sequence[Alert], *, due_at: datetime, until: datetime
) -> list[Alert]:
    """Take ``alerts`` until ``until``; return those that were due and that nobody had taken."""
    with database.transaction() as connection:
        return [
            alert
            for alert in alerts
            if connection.execute(
                "UPDATE alerts SET next_attempt_at = ? "
                "WHERE id = ? AND undelivered AND next_attempt_at <= ?",
                (to_micros(until), alert.id, to_micros(due_at)),
            ).rowcount
            == 1
        ]


def release_claims(database: Database) -> None:
    """End the claims of a runner that is gone: its alerts are due when they were before."""
    with database.transaction() as connection:
        rows = connection.execute("SELECT id, alert FROM alerts WHERE undelivered").fetchall()
        connection.executemany(
            "UPDATE alerts SET next_attempt_at = ? WHERE id = ?",
            [(_due_micros(from_json(Alert, json.loads(text))), key) for key, text in rows],
        )


def _due_micros(alert: Alert) -> int:
    return 0 if alert.next_attempt_at is None else to_micros(alert.next_attempt_at)


def mark_alert(database: Database, alert: Alert) -> None:
    """Replace the stored alert."""
    with database.transaction() as connection:
        connection.execute("DELETE FROM alerts WHERE id = ?", (alert.id,))
        insert_alert(connection, alert)


def undelivered_alerts(database: Database, *, limit: int, due_at: datetime) -> list[Alert]:
    """Return alerts that some channel has not got, oldest first."""
    rows = database.rows(
        "SELECT alert FROM alerts WHERE undelivered AND next_attempt_at <= ? "
        "ORDER BY created_at, id LIMIT ?",
        (to_micros(due_at), limit),
    )
    return [from_json(Alert, json.loads(row[0])) for row in rows]


def newest_alerts(database: Database, *, limit: int) -> list[Alert]:
    """Return alerts, newest first."""
    rows = database.rows("SELECT alert FROM alerts ORDER BY created_at DESC, id LIMIT ?", (limit,))
    return [from_json(Alert, json.loads(row[0])) for row in rows]
