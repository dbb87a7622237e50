"""Where documents are: in which monthly index, or no more because retention dropped it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from connectors.elastic.reading import get_sources, refresh, search, search_several
from connectors.index import DocumentHead
from connectors.records import stable_id, utc

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from connectors.elastic.connection import Connection

KEPT_FROM = ("retention", "kept_from")
"""Kind and key of the note in the memory that says which articles retention has dropped."""

_HEAD_FIELDS = ("id", "entry_id", "content_hash", "analysis_hash", "revision")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What is stored of a document and where."""

    index: str
    version: int
    source: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """What is ``stored``, and which entry brought what was ``dropped`` by retention, by id."""

    stored: dict[str, Stored]
    dropped: dict[str, str]


def partition(connection: Connection, first_seen_at: datetime) -> str:
    """Return the index for articles that were first seen in that month."""
    return f"{connection.name('articles')}-{utc(first_seen_at):%Y.%m}"


def locate(connection: Connection, wanted: dict[str, str]) -> Located:
    """Return what is stored of the ids in ``wanted``, whose values say where to look first.

    Nothing that was written before the call is missed: the month that is most likely is read by
    id in real time, the others are refreshed (free where nothing was written) and searched. What
    is in none of them is looked up in the ledger, which outlives the articles.
    """
    found = fetch(connection, [(index, key) for key, index in wanted.items()], _HEAD_FIELDS)
    absent = [key for key in wanted if key not in found]
    if not absent:
        return Located(stored=found, dropped={})
    looked_at = sorted({wanted[key] for key in absent})
    others = f"{connection.name('articles')}-*"
    if len(looked_at) == 1:
        others += f",-{looked_at[0]}"
    refresh(connection, *others.split(","))
    elsewhere, ended = search_several(
        connection,
        (others, _find_ids(absent)),
        (connection.name("entries"), _find_rows(absent)),
    )
    places = [(one["_index"], one["_id"]) for one in elsewhere]
    found |= fetch(connection, places, _HEAD_FIELDS)
    rows = [one["_source"] for one in ended if one["_source"]["document_id"] not in found]
    return Located(stored=found, dropped=_dropped(connection, rows))


def _find_ids(ids: Sequence[str]) -> dict[str, Any]:
    return {
        "query": {"ids": {"values": list(ids)}},
        "size": len(ids),
        "_source": False,
        "track_total_hits": False,
    }


def _find_rows(document_ids: Sequence[str]) -> dict[str, Any]:
    """Return the search for the ledger's rows of entries that became these documents."""
    conditions = [{"term": {"state": "indexed"}}, {"terms": {"document_id": list(document_ids)}}]
    return {
        "query": {"bool": {"filter": conditions}},
        "sort": [{"first_seen_at": "asc"}, {"id": "asc"}],
        "size": 2 * len(document_ids),
        "_source": ["id", "document_id", "first_seen_at"],
        "track_total_hits": False,
    }


def _dropped(connection: Connection, rows: list[dict[str, Any]]) -> dict[str, str]:
    """Return the owner of each document that retention dropped: ours or the server's policy.

    Any other one was deleted by somebody, and may come again.
    """
    if not rows:
        return {}
    kept_from = read_kept_from(connection)
    there = set(partitions(connection))
    dropped: dict[str, str] = {}
    for row in rows:
        seen_at = datetime.fromisoformat(row["first_seen_at"])
        is_old = kept_from is not None and seen_at < kept_from
        if is_old or partition(connection, seen_at) not in there:
            dropped.setdefault(row["document_id"], row["id"])
    return dropped


def read_kept_from(connection: Connection) -> datetime | None:
    """Return since when articles are kept, or None if none was ever dropped by us."""
    key = stable_id(*KEPT_FROM)
    note = get_sources(connection, connection.name("memory"), [key], ["record"]).get(key)
    return None if note is None else datetime.fromisoformat(note["record"]["at"])


def partitions(connection: Connection) -> list[str]:
    """Return the names of the monthly indices that exist, oldest first."""
    pattern = f"{connection.name('articles')}-*"
    answer = connection.call(
        lambda: connection.client.indices.get_settings(
            index=pattern, name="index.uuid", allow_no_indices=True
        )
    )
    return sorted(answer.body)


def fetch(
    connection: Connection, places: Iterable[tuple[str, str]], fields: Sequence[str]
) -> dict[str, Stored]:
    """Return what is stored now at ``places`` (index and id), by id; absent ones are left out."""
    docs = [
        {"_index": index, "_id": key, "_source": {"includes": list(fields)}}
        for index, key in places
    ]
    if not docs:
        return {}
    answer = connection.call(lambda: connection.client.mget(docs=docs, realtime=True))
    return {
        one["_id"]: Stored(index=one["_index"], version=one["_version"], source=one["_source"])
        for one in answer["docs"]
        if one.get("found")
    }


def find_document(
    connection: Connection, document_id: str, fields: Sequence[str]
) -> dict[str, Any] | None:
    """Return the source of one document in whichever month it is, or None."""
    pattern = f"{connection.name('articles')}-*"
    refresh(connection, pattern)
    query = {"ids": {"values": [document_id]}}
    answer = search(connection, pattern, query=query, size=1, source_includes=list(fields))
    return next((one["_source"] for one in answer["hits"]["hits"]), None)


def read_heads(connection: Connection, document_ids: list[str]) -> dict[str, DocumentHead]:
    """Return the heads of the documents that are stored, or were before retention."""
    this_month = partition(connection, datetime.now(timezone.utc))
    located = locate(connection, dict.fromkeys(document_ids, this_month))
    heads = {
        key: DocumentHead(id=key, entry_id=entry_id, content_hash="", revision=0, dropped=True)
        for key, entry_id in located.dropped.items()
    }
    for key, one in located.stored.items():
        heads[key] = DocumentHead(
            id=key,
            entry_id=one.source["entry_id"],
            content_hash=one.source["content_hash"],
            revision=int(one.source["revision"]),
        )
    return heads
