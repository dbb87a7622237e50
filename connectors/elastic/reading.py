"""Reading from the indices: by id in real time, by query after a refresh, or all in order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from elasticsearch import ApiError

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
        # Who may only read sees what is at most a refresh interval (1 s) old.
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
