"""Reading the ledger in Elasticsearch row by row, for whoever asks what became of an entry."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from connectors.elastic.reading import get_sources, refresh, scan
from connectors.index import MOST_LEDGER_ROWS, LedgerRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connectors.elastic.connection import Connection


def ledger_rows(connection: Connection, keys: Sequence[str]) -> list[LedgerRow]:
    """Return the rows of the entries, or of the documents, that ``keys`` name, oldest first."""
    if not keys:
        return []
    index = connection.name("entries")
    refresh(connection, index)
    wanted = list(keys)
    found = scan(
        connection,
        index,
        query={
            "bool": {
                "should": [{"terms": {"id": wanted}}, {"terms": {"document_id": wanted}}],
                "minimum_should_match": 1,
            }
        },
        order=[{"first_seen_at": "asc"}, {"id": "asc"}],
        fields=["id", "state", "feed_id", "first_seen_at", "settled_at", "document_id", "step",
                "reason"],
        limit=MOST_LEDGER_ROWS,
    )  # fmt: skip
    return [_revive(source) for source in found]


def entry_documents(connection: Connection, entry_ids: Sequence[str]) -> dict[str, str]:
    """Return the id of the document that each entry became or repeats."""
    stored = get_sources(
        connection, connection.name("entries"), entry_ids, ["state", "document_id"]
    )
    return {
        entry_id: source["document_id"]
        for entry_id, source in stored.items()
        if source["state"] in {"indexed", "duplicate"} and source.get("document_id")
    }


def _revive(source: dict[str, Any]) -> LedgerRow:
    settled_at = source.get("settled_at")
    return LedgerRow(
        id=source["id"],
        outcome=source["state"],
        feed_id=source["feed_id"],
        first_seen_at=datetime.fromisoformat(source["first_seen_at"]),
        settled_at=datetime.fromisoformat(settled_at) if settled_at else None,
        document_id=source.get("document_id"),
        step=source.get("step"),
        reason=source.get("reason"),
    )
