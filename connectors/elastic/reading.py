"""Reading from the indices: by id in real time, by query after a refresh, or all in order."""

from __future__ import annotations

import itertools
import time
from typing import TYPE_CHECKING, Any

from elasticsearch import ApiError

from connectors.elastic.decisions import Decision, decide
from connectors.index import IndexUnavailable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from connectors.elastic.connection import Connection

PAGE = 500
"""Documents asked for at once while iterating."""

MAX_WINDOW = 10_000
"""``index.max_result_window``: what from + size may not exceed."""


def refresh(connection: Connection, *indices: str) -> None:
    """Make what was written findable by a search; without the privilege, wait for the server."""
    try:
        connection.call(
            lambda: connection.client.indices.refresh(
                index=indices, allow_no_indices=True, ignore_unavailable=True
            )
        )
    except IndexUnavailable as error:
        # Who may only read sees what is at most a refresh interval (1 s, or 5 s) old.
        if getattr(getattr(error.__cause__, "meta", None), "status", None) != 403:
            raise


def get_sources(
    connection: Connection, index: str, ids: Sequence[str], fields: Sequence[str] | None = None
) -> dict[str, dict[str, Any]]:
    """Return what is stored under ``ids`` in ``index`` now; absent ones are left out."""
    if not ids:
        return {}
    answer = connection.call(
        lambda: connection.client.mget(
            index=index, ids=list(ids), source_includes=fields, realtime=True
        )
    )
    return {one["_id"]: one["_source"] for one in answer["docs"] if one.get("found")}


def cluster_health(connection: Connection, indices: str) -> dict[str, Any]:
    """Return status, nodes and shards without a place; ``unknown`` without the right to ask."""
    try:
        answer = connection.call(lambda: connection.client.cluster.health(index=indices))
    except IndexUnavailable as error:
        if getattr(getattr(error.__cause__, "meta", None), "status", None) != 403:
            raise
        return {"status": "unknown"}
    return {
        "status": str(answer["status"]),
        "nodes": int(answer["number_of_data_nodes"]),
        "unassigned_shards": int(answer["unassigned_shards"]),
    }


def search(connection: Connection, index: str, **body: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return the answer to a search; an index that is not there holds nothing.

    Raises:
        IndexUnavailable: the server cannot, or part of the index does not answer.
    """
    try:
        answer = connection.call(
            lambda: connection.client.search(
                index=index,
                allow_no_indices=True,
                ignore_unavailable=True,
                # A shard that is still recovering is waited for, not left out.
                allow_partial_search_results=False,
                **body,
            )
        )
    except ApiError as error:
        raise IndexUnavailable(
            f"index {connection.location}: the search failed (status {error.meta.status}: "
            f"{error.message})"
        ) from error
    return dict(answer.body)


def scan(  # noqa: PLR0913 - the parts of one request, all named
    connection: Connection,
    index: str,
    *,
    query: dict[str, Any],
    order: Sequence[dict[str, Any]],
    fields: Sequence[str],
    limit: int | None = None,
) -> Iterator[dict[str, Any]]:
    """Yield the sources of all documents that match, in ``order`` (the last key is unique)."""
    after: list[Any] | None = None
    left = limit
    while left is None or left > 0:
        size = PAGE if left is None else min(PAGE, left)
        answer = search(
            connection,
            index,
            query=query,
            sort=list(order),
            size=size,
            search_after=after,
            source_includes=fields,
            track_total_hits=False,
        )
        found = answer["hits"]["hits"]
        for one in found:
            yield one["_source"]
        if len(found) < size:
            return
        after = found[-1]["sort"]
        left = None if left is None else left - size


def scan_hits(
    connection: Connection, index: str, *, fields: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """Yield all documents of one index with id, version and source, in order of first sight."""
    refresh(connection, index)
    after: list[Any] | None = None
    while True:
        answer = search(
            connection,
            index,
            sort=[{"event.created": "asc"}, {"id": "asc"}],
            size=PAGE,
            search_after=after,
            source_includes=fields,
            version=True,
            track_total_hits=False,
        )
        found = answer["hits"]["hits"]
        yield from found
        if len(found) < PAGE:
            return
        after = found[-1]["sort"]


def count(connection: Connection, index: str, query: dict[str, Any] | None = None) -> int:
    """Return how many documents match."""
    answer = search(connection, index, query=query, size=0, track_total_hits=True)
    return int(answer["hits"]["total"]["value"])


def counts(connection: Connection, index: str, field: str) -> dict[str, int]:
    """Return how many documents there are for each value of ``field``."""
    terms = {"values": {"terms": {"field": field, "size": 100}}}
    answer = search(connection, index, aggs=terms, size=0)
    buckets = answer.get("aggregations", {}).get("values", {}).get("buckets", [])
    return {bucket["key"]: bucket["doc_count"] for bucket in buckets}


def pairs_of(
    connection: Connection, index: str, fields: tuple[str, str]
) -> Iterator[tuple[str, str | None]]:
    """Yield every pair of values of two fields; the second may be missing."""
    one, other = fields
    sources = [
        {one: {"terms": {"field": one}}},
        {other: {"terms": {"field": other, "missing_bucket": True}}},
    ]
    pairs: dict[str, Any] = {"size": PAGE, "sources": sources}
    while True:
        answer = search(connection, index, aggs={"pairs": {"composite": pairs}}, size=0)
        found = answer.get("aggregations", {}).get("pairs", {})
        for bucket in found.get("buckets", []):
            yield bucket["key"][one], bucket["key"][other]
        if "after_key" not in found:
            return
        pairs = pairs | {"after": found["after_key"]}


def search_several(
    connection: Connection, *searches: tuple[str, dict[str, Any]]
) -> list[list[dict[str, Any]]]:
    """Return the hits of each of ``searches`` (indices and body) in one request.

    Raises:
        IndexUnavailable: one of them failed, or part of an index does not answer.
    """
    lines: list[dict[str, Any]] = []
    for indices, body in searches:
        header = {
            "index": indices.split(","),
            "allow_no_indices": True,
            "ignore_unavailable": True,
            "allow_partial_search_results": False,
        }
        lines += [header, body]
    deadline = time.monotonic() + connection.timeout_secs
    for attempt in itertools.count(1):
        answer = connection.call(lambda: connection.client.msearch(searches=lines))
        failed = [one for one in answer["responses"] if "error" in one]
        if not failed:
            break
        kind, status = str(failed[0]["error"].get("type", "")), int(failed[0]["status"])
        decision = decide("search", status, kind)
        # The request as a whole succeeded: a shard that is still recovering is waited for here.
        if decision is not Decision.RETRY or not connection.wait(attempt, deadline):
            reason = str(failed[0]["error"].get("reason", ""))
            raise connection.failure(decision, kind, status, reason)
    return [one["hits"]["hits"] for one in answer["responses"]]
