"""The ledger in Elasticsearch: one small document an entry, and one a dead letter."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from connectors.elastic.bulk import Operation, operation, run_bulk
from connectors.elastic.decisions import Decision
from connectors.elastic.reading import get_sources, refresh, scan
from connectors.index import MAX_DEAD_LETTER_ATTEMPTS, IndexUnavailable, StoredDeadLetter
from connectors.records import Entry, from_json, to_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from connectors.elastic.connection import Connection
    from connectors.records import Article, Settlement

_RETRIES = 5
"""Repeats by the server when two updates of one entry meet."""

_IF_PENDING = (
    "if (ctx._source.state != 'pending') { ctx.op = 'none' } "
    "else { ctx._source.putAll(params.changes) }"
)
_UNLESS_INDEXED = (
    "if (ctx._source.state == 'indexed') { ctx.op = 'none' } "
    "else { ctx._source.putAll(params.changes) }"
)
_IF_DEAD = (
    "if (ctx._source.state != 'dead_letter') { ctx.op = 'none' } "
    "else { ctx._source.putAll(params.changes) }"
)
_DEAD_LETTER = (
    "if (ctx._source.waiting) { ctx.op = 'none' } else { "
    "def first = ctx._source.first_at; def attempts = ctx._source.attempts + 1; "
    "ctx._source.putAll(params.letter); ctx._source.first_at = first; "
    "ctx._source.attempts = attempts; ctx._source.parked = attempts >= params.parked_after }"
)


def register_entries(
    connection: Connection, entries: Sequence[Entry], due_at: datetime
) -> list[Entry]:
    """Create the unknown ``entries`` as pending; return those."""
    index = connection.name("entries")
    distinct = list({entry.id: entry for entry in reversed(entries)}.values())[::-1]
    outcomes = run_bulk(
        connection,
        (operation("create", index, entry.id, _pending(entry, due_at)) for entry in distinct),
    )
    for outcome in outcomes:
        if outcome.decision not in {Decision.STORED, Decision.EXISTS}:
            raise IndexUnavailable(
                f"index {connection.location}: an entry was not taken ({outcome.error}: "
                f"{outcome.detail})"
            )
    return [
        entry
        for entry, outcome in zip(distinct, outcomes, strict=True)
        if outcome.decision is Decision.STORED
    ]


def _pending(entry: Entry, due_at: datetime) -> dict[str, Any]:
    return {
        "id": entry.id,
        "state": "pending",
        "feed_id": entry.feed_id,
        "first_seen_at": to_json(entry.first_seen_at),
        "due_at": to_json(due_at),
        "attempts": entry.attempts,
        "record": to_json(entry),
    }


def pending_entries(connection: Connection, *, limit: int, due_at: datetime | None) -> list[Entry]:
    """Return pending entries whose lease is over, oldest first."""
    index = connection.name("entries")
    refresh(connection, index)
    conditions: list[dict[str, Any]] = [{"term": {"state": "pending"}}]
    if due_at is not None:
        conditions.append({"range": {"due_at": {"lte": to_json(due_at)}}})
    found = scan(
        connection,
        index,
        query={"bool": {"filter": conditions}},
        order=[{"first_seen_at": "asc"}, {"id": "asc"}],
        fields=["record"],
        limit=limit,
    )
    return [from_json(Entry, source["record"]) for source in found]


def _update(
    index: str,
    key: str,
    script: str,
    changes: dict[str, Any],
    upsert: dict[str, Any] | None = None,
) -> Operation:
    body: dict[str, Any] = {"script": {"source": script, "params": {"changes": changes}}}
    if upsert is not None:
        body["upsert"] = upsert
    return operation("update", index, key, body, retry_on_conflict=_RETRIES)


def defer(connection: Connection, entries: Sequence[Entry], due_at: datetime) -> None:
    """Store the attempts of pending ``entries`` and when the next one is due."""
    index = connection.name("entries")
    run_bulk(
        connection,
        (_update(index, entry.id, _IF_PENDING, _pending(entry, due_at)) for entry in entries),
    )


def settle(connection: Connection, settlements: Sequence[Settlement]) -> None:
    """Close entries that are pending (or unknown); the dead letter is stored before."""
    index = connection.name("entries")
    dead = [one for one in settlements if one.outcome == "dead_letter"]
    states = get_sources(connection, index, [one.entry.id for one in dead], ["state"])
    open_dead = [
        one for one in dead if states.get(one.entry.id, {}).get("state", "pending") == "pending"
    ]
    run_bulk(connection, (_dead_letter_operation(connection, one) for one in open_dead))
    run_bulk(connection, (_settle_operation(index, one) for one in settlements))
    forget_dead_letters(
        connection,
        [s.entry.id for s in settlements if s.outcome != "dead_letter" and s.entry.attempts],
    )


def _settle_operation(index: str, settlement: Settlement) -> Operation:
    closed = {
        "state": settlement.outcome,
        "settled_at": to_json(settlement.settled_at),
        "document_id": settlement.document_id,
        "step": settlement.step,
        "reason": settlement.reason,
        "record": None,
    }
    entry = settlement.entry
    upsert = _pending(entry, settlement.settled_at) | closed
    return _update(index, entry.id, _IF_PENDING, closed, upsert)


def _dead_letter_operation(connection: Connection, settlement: Settlement) -> Operation:
    entry = settlement.entry
    letter = {
        "id": entry.id,
        "step": settlement.step,
        "reason": settlement.reason,
        "detail": settlement.detail,
        "attempts": 1,
        "first_at": to_json(settlement.settled_at),
        "last_at": to_json(settlement.settled_at),
        "parked": MAX_DEAD_LETTER_ATTEMPTS <= 1,
        "waiting": True,
        "feed_id": entry.feed_id,
        "url": entry.url,
        "record": to_json(entry),
    }
    params = {"letter": letter, "parked_after": MAX_DEAD_LETTER_ATTEMPTS}
    body = {"script": {"source": _DEAD_LETTER, "params": params}, "upsert": letter}
    name = connection.name("dead-letters")
    return operation("update", name, entry.id, body, retry_on_conflict=_RETRIES)


def settle_indexed(connection: Connection, articles: dict[str, Article], now: datetime) -> None:
    """Close the entries (keys) that became articles (values); forget their dead letters.

    One that no feed brought (a backfill's) gets its row here: the ledger has every document.
    """
    index = connection.name("entries")

    def operations() -> Iterator[Operation]:
        for entry_id, article in articles.items():
            changes = {
                "state": "indexed",
                "settled_at": to_json(now),
                "document_id": article.id,
                "step": None,
                "reason": None,
                "record": None,
            }
            row = {
                "id": entry_id,
                "feed_id": article.feed_id,
                "first_seen_at": to_json(article.first_seen_at),
                "due_at": to_json(now),
                "attempts": 0,
            }
            body = {
                "script": {"source": _UNLESS_INDEXED, "params": {"changes": changes}},
                "upsert": {**row, **changes},
                "_source": ["attempts"],
            }
            yield operation("update", index, entry_id, body, retry_on_conflict=_RETRIES)

    outcomes = run_bulk(connection, operations())
    replayed = [
        entry_id
        for entry_id, outcome in zip(articles, outcomes, strict=True)
        if (outcome.source or {}).get("attempts")
    ]
    forget_dead_letters(connection, replayed)


def forget_dead_letters(connection: Connection, entry_ids: Sequence[str]) -> None:
    """Delete the dead letters of entries that ended well."""
    name = connection.name("dead-letters")
    run_bulk(connection, (operation("delete", name, entry_id) for entry_id in entry_ids))


def dead_letters(
    connection: Connection,
    *,
    filters: dict[str, str | None],
    since: datetime | None,
    limit: int,
    parked: bool,
) -> list[StoredDeadLetter]:
    """Return dead letters that wait (or are parked), oldest first."""
    index = connection.name("dead-letters")
    refresh(connection, index)
    conditions: list[dict[str, Any]] = [
        {"term": {"waiting": True}},
        {"term": {"parked": parked}},
        *({"term": {name: value}} for name, value in filters.items() if value is not None),
    ]
    if since is not None:
        conditions.append({"range": {"last_at": {"gte": to_json(since)}}})
    found = scan(
        connection,
        index,
        query={"bool": {"filter": conditions}},
        order=[{"first_at": "asc"}, {"id": "asc"}],
        fields=["*"],
        limit=limit,
    )
    return [_revive(source) for source in found]


def _revive(source: dict[str, Any]) -> StoredDeadLetter:
    return StoredDeadLetter(
        id=source["id"],
        entry=from_json(Entry, source["record"]),
        step=source["step"],
        reason=source["reason"],
        detail=source["detail"],
        attempts=int(source["attempts"]),
        first_at=datetime.fromisoformat(source["first_at"]),
        last_at=datetime.fromisoformat(source["last_at"]),
        parked=bool(source["parked"]),
    )


def reopen(connection: Connection, entry_ids: Sequence[str]) -> int:
    """Make waiting dead letters that are not parked pending again, due at once."""
    distinct = list(dict.fromkeys(entry_ids))
    name = connection.name("dead-letters")
    letters = get_sources(connection, name, distinct)
    open_letters = {
        key: letter for key, letter in letters.items() if letter["waiting"] and not letter["parked"]
    }

    def operations() -> Iterator[Operation]:
        for key, letter in open_letters.items():
            attempts = int(letter["record"].get("attempts", 0)) + 1
            entry = letter["record"] | {"attempts": attempts}
            changes = {
                "state": "pending",
                "due_at": 0,
                "attempts": attempts,
                "settled_at": None,
                "step": None,
                "reason": None,
                "record": entry,
            }
            yield _update(connection.name("entries"), key, _IF_DEAD, changes)

    outcomes = run_bulk(connection, operations())
    # The entry first: a crash in between replays it, and only the count of attempts is short.
    run_bulk(
        connection,
        (operation("update", name, key, {"doc": {"waiting": False}}) for key in open_letters),
    )
    return sum(outcome.result == "updated" for outcome in outcomes)
