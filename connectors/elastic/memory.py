"""Small values that steps keep from run to run, and the state of feeds."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from connectors.elastic.bulk import operation, store, store_all
from connectors.elastic.reading import get_sources, refresh, scan
from connectors.elastic.shapes import shape_poll_state
from connectors.records import PollState, from_json, stable_id, to_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from connectors.elastic.connection import Connection

_REMEMBER = "ctx._source.record = params.record; ctx._source.updated_at = params.updated_at"


def put_memory(connection: Connection, kind: str, key: str, value: dict[str, Any]) -> None:
    """Store ``value``; the moment of its first storing stays."""
    now = to_json(datetime.now(timezone.utc))
    params = {"record": value, "updated_at": now}
    body = {
        "script": {"source": _REMEMBER, "params": params},
        "upsert": {"kind": kind, "key": key, "created_at": now, **params},
    }
    name = connection.name("memory")
    store(connection, operation("update", name, stable_id(kind, key), body, retry_on_conflict=5))


def read_memory(
    connection: Connection, kind: str, since: datetime | None
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the stored values of ``kind`` with their keys, oldest first."""
    name = connection.name("memory")
    refresh(connection, name)
    conditions: list[dict[str, Any]] = [{"term": {"kind": kind}}]
    if since is not None:
        conditions.append({"range": {"updated_at": {"gte": to_json(since)}}})
    found = scan(
        connection,
        name,
        query={"bool": {"filter": conditions}},
        order=[{"created_at": "asc"}, {"key": "asc"}],
        fields=["key", "record"],
    )
    for source in found:
        yield source["key"], source["record"]


def read_poll_states(
    connection: Connection, feed_ids: Iterable[str] | None
) -> dict[str, PollState]:
    """Return the stored poll states by feed id, all when None."""
    name = connection.name("feeds")
    if feed_ids is None:
        refresh(connection, name)
        order = [{"feed_id": "asc"}]
        found = scan(connection, name, query={"match_all": {}}, order=order, fields=["record"])
        states = [from_json(PollState, source["record"]) for source in found]
        return {state.feed_id: state for state in states}
    keys = {stable_id("feed", feed_id): feed_id for feed_id in feed_ids}
    stored = get_sources(connection, name, list(keys), ["record"])
    return {keys[k]: from_json(PollState, one["record"]) for k, one in stored.items()}


def save_poll_states(connection: Connection, states: Sequence[PollState]) -> None:
    """Store ``states``, replacing the older ones of their feeds."""
    name = connection.name("feeds")
    store_all(
        connection,
        (
            operation("index", name, stable_id("feed", one.feed_id), shape_poll_state(one))
            for one in states
        ),
    )
