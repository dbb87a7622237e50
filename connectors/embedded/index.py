"""The embedded index as the steps see it; every method is one call into a neighbour module."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from connectors.embedded import articles, findings, ledger, outbox, retention
from connectors.embedded.database import Database
from connectors.embedded.lock import lock_runner
from connectors.embedded.schema import SCHEMA_VERSION, to_micros, to_text
from connectors.embedded.searching import scan_documents, search_documents
from connectors.fulltext import ANALYSIS_VERSION
from connectors.index import IndexMissing, Totals
from connectors.records import PollState, from_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from connectors.index import (
        Deployment,
        DocumentHead,
        DueDeployment,
        FindingQuery,
        LedgerRow,
        RunnerLease,
        SearchPage,
        SearchQuery,
        StoredDeadLetter,
        WriteResult,
    )
    from connectors.records import Alert, Document, Entry, Finding, Settlement, SourcedClaim


class EmbeddedIndex:
    """An index in one SQLite file; see :class:`connectors.index.Index`."""

    def __init__(self, path: str, *, read_only: bool = False) -> None:
        """Open the index at ``path`` and create it when missing, unless ``read_only``."""
        self.location = f"sqlite:{path}"
        self._database = Database(path, read_only=read_only)
        if not read_only and _has_stale_words(self._database):
            articles.rebuild_search(self._database)

    def setup(self, *, dry_run: bool = False) -> list[str]:
        """Say what opening has done: it creates and upgrades (:func:`plan_setup` only looks)."""
        del dry_run
        database = self._database
        created, upgraded = database.created, database.upgraded
        database.created = database.upgraded = False
        done = [f"create {self.location}"] if created else []
        return [*done, f"upgrade {self.location}"] if upgraded else done

    def rebuild(self, *, dry_run: bool = False) -> list[str]:
        """Make the words for the search anew from the documents."""
        (rows,) = self._database.rows("SELECT COUNT(*) FROM articles")
        if not dry_run:
            articles.rebuild_search(self._database)
        return [f"write the search words of {rows[0]:,} documents anew"]

    def drop_before(self, first_kept: datetime, *, dry_run: bool = False) -> list[str]:
        """Delete articles first seen before ``first_kept``, and what was found in them."""
        return retention.drop_before(self._database, first_kept, dry_run=dry_run)

    def check(self) -> None:
        """Return if the file can be read and written now."""
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO settings (name, value) VALUES ('checked_at', ?)",
                (datetime.now(timezone.utc).isoformat(),),
            )
            connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")

    def lock_runner(self) -> RunnerLease:
        """Take the lock of the one runner of this file; released by ``release`` or at exit."""
        lease = lock_runner(self._database.path)
        outbox.release_claims(self._database)
        return lease

    def poll_states(self, feed_ids: Iterable[str] | None = None) -> dict[str, PollState]:
        """Return the stored poll states by feed id."""
        wanted = None if feed_ids is None else set(feed_ids)
        rows = self._database.rows("SELECT feed_id, state FROM feeds ORDER BY feed_id")
        return {
            feed_id: from_json(PollState, json.loads(state))
            for feed_id, state in rows
            if wanted is None or feed_id in wanted
        }

    def save_poll_state(self, state: PollState) -> None:
        """Store ``state``, replacing the older one of the feed."""
        self.save_poll_states([state])

    def save_poll_states(self, states: Sequence[PollState]) -> None:
        """Store ``states`` in one transaction, replacing older ones."""
        with self._database.transaction() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO feeds (feed_id, outcome, state) VALUES (?, ?, ?)",
                [(state.feed_id, state.outcome, to_text(state)) for state in states],
            )

    def register_entries(self, entries: Sequence[Entry], *, due_at: datetime) -> list[Entry]:
        """Put the unknown ``entries`` into the ledger as pending; return those, in order."""
        return ledger.register_entries(self._database, entries, due_at)

    def pending_entries(self, *, limit: int, due_at: datetime | None) -> list[Entry]:
        """Return pending entries whose lease ended by ``due_at``, oldest first."""
        return ledger.pending_entries(self._database, limit=limit, due_at=due_at)

    def defer(self, entries: Sequence[Entry], *, due_at: datetime) -> None:
        """Keep pending ``entries`` for another attempt at ``due_at``."""
        ledger.defer(self._database, entries, due_at)

    def settle(self, settlements: Sequence[Settlement]) -> None:
        """Close entries as duplicate, discarded or dead letter; store the dead letters."""
        ledger.settle(self._database, settlements)

    def ledger_rows(self, keys: Iterable[str]) -> list[LedgerRow]:
        """Return the rows of the entries, or of the documents, that ``keys`` name."""
        return ledger.ledger_rows(self._database, keys)

    def entry_documents(self, entry_ids: Iterable[str]) -> dict[str, str]:
        """Return the id of the document that each entry became or repeats."""
        return ledger.entry_documents(self._database, entry_ids)

    def heads(self, document_ids: Iterable[str]) -> dict[str, DocumentHead]:
        """Return what is stored under ``document_ids``."""
        return articles.read_heads(self._database, document_ids)

    def write(self, documents: Sequence[Document]) -> list[WriteResult]:
        """Store documents with all that belongs to them, in one transaction."""
        return articles.write_documents(self._database, documents)

    def documents(self, *, since: datetime | None = None) -> Iterator[Document]:
        """Yield stored documents in order of first sight."""
        return articles.read_documents(self._database, since)

    def get_document(self, document_id: str) -> Document | None:
        """Return one document, or None."""
        return articles.read_document(self._database, document_id)

    def search(self, query: SearchQuery) -> SearchPage:
        """Return the documents that match."""
        return search_documents(self._database, query)

    def scan(self, query: SearchQuery) -> Iterator[Document]:
        """Yield all documents that match, in order of first sight."""
        return scan_documents(self._database, query)

    def store_alerts(self, alerts: Sequence[Alert]) -> None:
        """Put ``alerts`` into the outbox; known ones stay as they are."""
        outbox.store_alerts(self._database, alerts)

    def undelivered_alerts(self, *, limit: int, due_at: datetime) -> list[Alert]:
        """Return alerts that some channel has not got, oldest first."""
        return outbox.undelivered_alerts(self._database, limit=limit, due_at=due_at)

    def claim_alerts(
        self, alerts: Sequence[Alert], *, due_at: datetime, until: datetime
    ) -> list[Alert]:
        """Take undelivered ``alerts`` for delivery; return those that are ours now."""
        return outbox.claim_alerts(self._database, alerts, due_at=due_at, until=until)

    def mark_alert(self, alert: Alert) -> None:
        """Store what became of a delivery."""
        outbox.mark_alert(self._database, alert)

    def alerts(self, *, limit: int = 1000) -> list[Alert]:
        """Return the newest alerts, newest first."""
        return outbox.newest_alerts(self._database, limit=limit)

    def dead_letters(
        self,
        *,
        step: str | None = None,
        reason: str | None = None,
        since: datetime | None = None,
        limit: int = 1000,
        parked: bool = False,
    ) -> list[StoredDeadLetter]:
        """Return dead letters that wait for a replay (or the parked ones), oldest first."""
        return ledger.dead_letters(
            self._database, step=step, reason=reason, since=since, limit=limit, parked=parked
        )

    def reopen(self, entry_ids: Iterable[str]) -> int:
        """Make waiting dead letters pending again; return how many."""
        return ledger.reopen(self._database, entry_ids)

    def touch_deployments(self, deployments: Iterable[Deployment]) -> None:
        """Make the findings of ``deployments`` due."""
        findings.touch_deployments(self._database, deployments)

    def due_deployments(self, *, limit: int = 1000) -> list[DueDeployment]:
        """Return deployments whose claims changed since their findings were stored."""
        return findings.due_deployments(self._database, limit=limit)

    def sourced_claims(self, system: str, place: str | None) -> list[SourcedClaim]:
        """Return every stored claim about one deployment."""
        return findings.sourced_claims(self._database, system, place)

    def store_findings(self, due: DueDeployment, made: Sequence[Finding]) -> None:
        """Store what was found unless newer findings are there."""
        findings.store_findings(self._database, due, made)

    def findings(self, query: FindingQuery) -> list[Finding]:
        """Return the findings that fit, newest first."""
        return findings.read_findings(self._database, query)

    def put_memory(self, kind: str, key: str, value: dict[str, Any]) -> None:
        """Store a small JSON value of a step."""
        now = to_micros(datetime.now(timezone.utc))
        with self._database.transaction() as connection:
            connection.execute(
                """INSERT INTO memory (kind, key, created_at, updated_at, value)
                VALUES (?, ?, ?, ?, ?) ON CONFLICT (kind, key)
                DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at""",
                (kind, key, now, now, to_text(value)),
            )

    def memory(
        self, kind: str, *, since: datetime | None = None
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield the stored values of ``kind`` with their keys, oldest first."""
        rows = self._database.rows(
            "SELECT key, value FROM memory WHERE kind = ? AND updated_at >= ? "
            "ORDER BY created_at, key",
            (kind, -(2**62) if since is None else to_micros(since)),
        )
        for key, value in rows:
            yield key, json.loads(value)

    def health(self) -> dict[str, Any]:
        """Return the size of the file; who can read it finds it healthy."""
        pages, free, size = (
            int(self._database.rows(f"PRAGMA {name}")[0][0])
            for name in ("page_count", "freelist_count", "page_size")
        )
        return {"status": "green", "bytes": pages * size, "free_bytes": free * size}

    def totals(self) -> Totals:
        """Return the accounting of the whole index."""

        def count(table: str, condition: str = "1") -> int:
            statement = f"SELECT COUNT(*) FROM {table} WHERE {condition}"  # noqa: S608
            return int(self._database.rows(statement)[0][0])

        def counts(table: str, column: str) -> dict[str, int]:
            statement = f"SELECT {column}, COUNT(*) FROM {table} GROUP BY {column}"  # noqa: S608
            return dict(self._database.rows(statement))

        return Totals(
            entries=counts("entries", "state"),
            documents=count("articles"),
            mentions=count("(SELECT DISTINCT document_id, subject FROM mentions)"),
            claims=count("claims"),
            alerts=count("alerts"),
            alerts_undelivered=count("alerts", "undelivered"),
            dead_letters=count("dead_letters", "waiting"),
            feeds=counts("feeds", "outcome"),
        )

    def close(self) -> None:
        """Release the connection; idempotent."""
        self._database.close()


def _has_stale_words(database: Database) -> bool:
    rows = database.rows("SELECT value FROM settings WHERE name = 'analysis_version'")
    return bool(rows[0][0] != ANALYSIS_VERSION)


def plan_setup(path: str, *, first_kept: datetime | None, rebuild: bool) -> list[str]:
    """Return what setting up the file at ``path`` would change; nothing is made or changed.

    ``first_kept`` is where retention begins, ``rebuild`` asks for search words made anew.
    """
    location = f"sqlite:{path}"
    try:
        database = Database(path, peek=True)
    except IndexMissing:
        return [f"create {location}"]
    try:
        lines = []
        if database.stored_version < SCHEMA_VERSION:
            lines.append(f"upgrade {location}")
        if rebuild or _has_stale_words(database):
            (rows,) = database.rows("SELECT COUNT(*) FROM articles")
            lines.append(f"write the search words of {rows[0]:,} documents anew")
        if first_kept is not None:
            lines += retention.drop_before(database, first_kept, dry_run=True)
        return lines
    finally:
        database.close()
