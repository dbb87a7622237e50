"""Retention: the months before a moment go, with what was found in their articles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from connectors.elastic.installation import run
from connectors.elastic.locating import KEPT_FROM, partition, partitions, read_kept_from
from connectors.elastic.memory import put_memory
from connectors.elastic.reading import count, refresh
from connectors.records import to_json

if TYPE_CHECKING:
    from datetime import datetime

    from connectors.elastic.connection import Connection

FOUND_KINDS = ("mentions", "claims")
"""What quotes articles, and goes with them; stories, alerts and the ledger stay."""

DELETE_SECS = 3600.0


def drop_before(connection: Connection, first_kept: datetime, *, dry_run: bool) -> list[str]:
    """Delete (or plan it) the months before that of ``first_kept``; return a line per change."""
    client = connection.client
    lines = []
    first = partition(connection, first_kept)
    old = [name for name in partitions(connection) if name < first]
    # What is counted is whole, and so is the ledger, which remembers what is dropped.
    refresh(connection, connection.name("entries"), *old)
    before: dict[str, Any] = {"range": {"event.created": {"lt": to_json(first_kept)}}}
    if old and not dry_run and (read_kept_from(connection) or first_kept) <= first_kept:
        put_memory(connection, *KEPT_FROM, {"at": to_json(first_kept)})
    # The findings first: whoever dies in between deletes the rest the next time.
    for kind in FOUND_KINDS:
        name = connection.name(kind)
        refresh(connection, name)
        amount = count(connection, name, before)
        if not amount:
            continue
        lines.append(f"delete {amount:,} {kind} of articles first seen before {first_kept:%Y-%m}")
        if not dry_run:
            patient = client.options(request_timeout=DELETE_SECS)
            run(connection, lines[-1], _deleter(patient, name, before))
    for name in old:
        lines.append(f"delete index {name} ({count(connection, name):,} articles)")
        if not dry_run:
            run(connection, lines[-1], _dropper(client, name))
    return lines


def _deleter(client: Any, name: str, query: dict[str, Any]) -> Any:  # noqa: ANN401
    return lambda: client.delete_by_query(
        index=name, query=query, conflicts="proceed", refresh=True, wait_for_completion=True
    )


def _dropper(client: Any, name: str) -> Any:  # noqa: ANN401
    return lambda: client.indices.delete(index=name, ignore_unavailable=True)
