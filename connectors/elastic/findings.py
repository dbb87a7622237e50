"""Findings, the deployments they are about, and the claims they are made of.

A deployment is a note in the memory whose version counts the writes of claims about it. What is
made of version n is stored under the external version n, so a slower worker never replaces what a
later one found.
"""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from connectors.elastic.bulk import Operation, operation, run_bulk
from connectors.elastic.decisions import Decision
from connectors.elastic.reading import pairs_of, refresh, scan
from connectors.elastic.shapes import read_claim, shape_finding
from connectors.index import DueDeployment, IndexUnavailable, fits
from connectors.records import Finding, from_json, stable_id, to_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from connectors.elastic.connection import Connection
    from connectors.index import Deployment, FindingQuery
    from connectors.records import SourcedClaim

KIND = "deployment"
"""Kind of the notes in the memory, under the system and the place as JSON."""

_TOUCH = """
ctx._source.record.version += 1;
ctx._source.due = true;
ctx._source.updated_at = params.updated_at;
"""
_CLOSE = """
def note = ctx._source.record;
ctx._source.due = note.version > params.version || note.closes != params.closes;
note.closes += 1;
"""
"""Whoever stored findings since this worker began may have stored what it did not see."""

_CLAIM_FIELDS = [
    *("@timestamp", "event", "document_id", "url", "outlet", "language", "story_id", "copy_of"),
    *("is_copy", "system", "place", "status", "when", "speaker", "start", "end", "evidence"),
    *("negated", "hypothetical"),
]


def _key(system: str, place: str | None) -> str:
    return json.dumps([system, place], ensure_ascii=False)


def touching(connection: Connection, deployments: Iterable[Deployment]) -> Iterator[Operation]:
    """Yield what makes the findings of ``deployments`` due."""
    now = to_json(datetime.now(timezone.utc))
    for deployment in deployments:
        key = _key(*deployment)
        note = {
            "kind": KIND,
            "key": key,
            "created_at": now,
            "updated_at": now,
            "due": True,
            "record": {"version": 1, "closes": 0},
        }
        body = {"script": {"source": _TOUCH, "params": {"updated_at": now}}, "upsert": note}
        yield operation(
            "update", connection.name("memory"), stable_id(KIND, key), body, retry_on_conflict=5
        )


def touch_deployments(connection: Connection, deployments: Iterable[Deployment]) -> None:
    """Make the findings of ``deployments`` due."""
    _run(connection, touching(connection, deployments))


def touch_all(connection: Connection) -> int:
    """Make the findings of every deployment due that a stored claim is about; return how many."""
    refresh(connection, connection.name("claims"))
    pairs = list(pairs_of(connection, connection.name("claims"), ("system", "place")))
    touch_deployments(connection, [(system, place) for system, place in pairs])
    return len(pairs)


def due_deployments(connection: Connection, *, limit: int) -> list[DueDeployment]:
    """Return deployments whose claims changed since their findings were stored."""
    name = connection.name("memory")
    refresh(connection, name)
    found = scan(
        connection,
        name,
        query={"bool": {"filter": [{"term": {"kind": KIND}}, {"term": {"due": True}}]}},
        order=[{"key": "asc"}],
        fields=["key", "record"],
        limit=limit,
    )
    due = []
    for source in found:
        system, place = json.loads(source["key"])
        due.append(DueDeployment(system=system, place=place, **source["record"]))
    return due


def sourced_claims(connection: Connection, system: str, place: str | None) -> list[SourcedClaim]:
    """Return every stored claim about one deployment.

    A copy that an older version stored without its original is left out.
    """
    index = connection.name("claims")
    refresh(connection, index)
    there: dict[str, Any] = {"term": {"place": place}}
    if place is None:
        there = {"bool": {"must_not": [{"exists": {"field": "place"}}]}}
    found = scan(
        connection,
        index,
        query={"bool": {"filter": [{"term": {"system": system}}, there]}},
        order=[{name: "asc"} for name in ("document_id", "status", "start", "when", "speaker")],
        fields=_CLAIM_FIELDS,
    )
    return [read_claim(one) for one in found if one.get("copy_of") or not one["is_copy"]]


def store_findings(connection: Connection, due: DueDeployment, found: Sequence[Finding]) -> None:
    """Store ``found`` unless newer findings are there; ``due`` ends unless touched meanwhile."""
    index = connection.name("findings")
    _run(
        connection,
        (
            operation(
                "index",
                index,
                one.id,
                shape_finding(one),
                version=one.version,
                version_type="external_gte",
            )
            for one in found
        ),
    )
    body = {"script": {"source": _CLOSE, "params": {"version": due.version, "closes": due.closes}}}
    key = stable_id(KIND, _key(due.system, due.place))
    _run(
        connection,
        [operation("update", connection.name("memory"), key, body, retry_on_conflict=5)],
    )


def _run(connection: Connection, operations: Iterable[Operation]) -> None:
    for outcome in run_bulk(connection, operations):
        if outcome.decision is Decision.REJECT:
            raise IndexUnavailable(
                f"index {connection.location}: a finding was not taken ({outcome.error}: "
                f"{outcome.detail}); run: vigie setup --index {connection.location}"
            )


def read_findings(connection: Connection, query: FindingQuery) -> list[Finding]:
    """Return the findings that fit, newest first."""
    name = connection.name("findings")
    refresh(connection, name)
    several = {
        "kind": query.kinds,
        "system": query.systems,
        "place": query.places,
        "statuses": query.statuses,
        "languages": query.languages,
        "outlets": query.outlets,
    }
    filters: list[dict[str, Any]] = [
        {"terms": {field: list(values)}} for field, values in several.items() if values
    ]
    if query.since is not None:
        filters.append({"range": {"last_at": {"gte": to_json(query.since)}}})
    found = scan(
        connection,
        name,
        query={"bool": {"filter": filters}},
        order=[{"last_at": "desc"}, {"id": "asc"}],
        fields=["record"],
    )
    read = (from_json(Finding, source["record"]) for source in found)
    return [one for one in read if fits(one, query)]
