"""The outbox of alerts: created ahead of their documents, delivered later, at least once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from connectors.elastic.bulk import operation, run_bulk, store
from connectors.elastic.reading import refresh, scan
from connectors.elastic.shapes import shape_alert
from connectors.records import Alert, from_json, to_json

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from connectors.elastic.connection import Connection

_RETRIES = 5
"""Repeats by the server when two claims of one alert meet."""

_CLAIM = """
def next = ctx._source.next_attempt_at;
def waits = next != null && ZonedDateTime.parse(next).toInstant().toEpochMilli() > params.due;
if (!ctx._source.undelivered || waits) { ctx.op = 'none' }
else { ctx._source.next_attempt_at = params.until }
"""


def store_alerts(connection: Connection, alerts: Sequence[Alert]) -> None:
    """Create the ``alerts`` that do not exist yet."""
    index = connection.name("alerts")
    run_bulk(connection, (operation("create", index, a.id, shape_alert(a)) for a in alerts))


def claim_alerts(
    connection: Connection, alerts: Sequence[Alert], *, due_at: datetime, until: datetime
) -> list[Alert]:
    """Take ``alerts`` until ``until``; return those that were due and that nobody had taken."""
    params = {"due": _millis(due_at), "until": to_json(until)}
    body = {"script": {"source": _CLAIM, "params": params}}
    name = connection.name("alerts")
    outcomes = run_bulk(
        connection,
        (operation("update", name, alert.id, body, retry_on_conflict=_RETRIES) for alert in alerts),
    )
    return [
        alert
        for alert, outcome in zip(alerts, outcomes, strict=True)
        if outcome.result == "updated"
    ]


def _millis(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def mark_alert(connection: Connection, alert: Alert) -> None:
    """Replace the stored alert."""
    store(connection, operation("index", connection.name("alerts"), alert.id, shape_alert(alert)))


def undelivered_alerts(connection: Connection, *, limit: int, due_at: datetime) -> list[Alert]:
    """Return alerts that some channel has not got, oldest first."""
    later = {"range": {"next_attempt_at": {"gt": to_json(due_at)}}}
    query = {"bool": {"filter": [{"term": {"undelivered": True}}], "must_not": [later]}}
    return _scan(connection, query, [{"created_at": "asc"}, {"id": "asc"}], limit)


def newest_alerts(connection: Connection, *, limit: int) -> list[Alert]:
    """Return alerts, newest first."""
    order = [{"created_at": "desc"}, {"id": "asc"}]
    return _scan(connection, {"match_all": {}}, order, limit)


def _scan(
    connection: Connection, query: dict[str, Any], order: list[dict[str, Any]], limit: int
) -> list[Alert]:
    name = connection.name("alerts")
    refresh(connection, name)
    found = scan(connection, name, query=query, order=order, fields=["record"], limit=limit)
    return [from_json(Alert, source["record"]) for source in found]
