"""The index in Elasticsearch as the steps see it; every method is one call into a neighbour."""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from connectors.elastic import (
    articles,
    findings,
    installation,
    ledger,
    locating,
    memory,
    outbox,
    rebuilding,
    retention,
)
from connectors.elastic.connection import Connection
from connectors.elastic.layout import FLAT_KINDS
from connectors.elastic.ledger_rows import entry_documents, ledger_rows
from connectors.elastic.reading import cluster_health, count, counts, refresh, scan
from connectors.elastic.searching import build_query, search_documents
from connectors.elastic.shapes import read_article
from connectors.fulltext import parse_query
from connectors.index import IndexUnavailable, Totals
from connectors.records import to_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from connectors.index import (
        Deployment,
        DocumentHead,
        DueDeployment,
        FindingQuery,
        IndexSettings,
        LedgerRow,
        RunnerLease,
        SearchPage,
        SearchQuery,
        StoredDeadLetter,
        WriteResult,
    )
    from connectors.records import (
        Alert,
        Document,
        Entry,
        Finding,
        PollState,
        Settlement,
        SourcedClaim,
    )


class NoLease:
    """The lease of a runner that shares its index: nothing to give back."""

    def release(self) -> None:
        """Do nothing."""


class ElasticIndex:
    """An index in Elasticsearch; see :class:`connectors.index.Index`."""

    def __init__(self, settings: IndexSettings, *, read_only: bool = False) -> None:
        """Prepare the client; the server is asked when it is needed first."""
        self.location = settings.location
        self.read_only = read_only
        self._settings = settings
        self._connection = Connection(settings)
        self._checked = False

    @property
    def _ready(self) -> Connection:
        """The connection, after a look (once) whether the indices are set up."""
        if not self._checked:
            with suppress(_NotAllowedToLook):
                _look(self._connection)
            self._checked = True
        return self._connection

    @property
    def _writable(self) -> Connection:
        if self.read_only:
            raise IndexUnavailable(f"index {self.location} was opened to read only")
        return self._ready

    def _name(self, kind: str) -> str:
        return self._connection.name(kind)

    @property
    def _articles(self) -> str:
        return f"{self._name('articles')}-*"

    def setup(self, *, dry_run: bool = False) -> list[str]:
        """Create or upgrade pipeline, templates and indices; return one line per change."""
        lines = installation.set_up(self._connection, self._settings, dry_run=dry_run)
        lines += rebuilding.rebuild_stale(self._connection, dry_run=dry_run)
        if f"create index {self._name('findings')}" in lines and not dry_run:
            findings.touch_all(self._connection)
        self._checked = self._checked or not dry_run
        return lines

    def rebuild(self, *, dry_run: bool = False) -> list[str]:
        """Make every index anew from its documents, with the settings of its template."""
        connection = self._connection if dry_run else self._writable
        return rebuilding.rebuild_all(connection, dry_run=dry_run)

    def drop_before(self, first_kept: datetime, *, dry_run: bool = False) -> list[str]:
        """Delete the months before ``first_kept``, and what was found in their articles."""
        connection = self._connection if dry_run else self._writable
        return retention.drop_before(connection, first_kept, dry_run=dry_run)

    def check(self) -> None:
        """Return if the index can be read and written now."""
        if self.read_only:
            count(self._ready, self._articles)
        else:
            self.put_memory("check", "checked", {"at": to_json(datetime.now(timezone.utc))})

    def lock_runner(self) -> RunnerLease:
        """Note who runs; several runners are safe here, so nobody is kept out."""
        host = socket.gethostname()
        note = {"host": host, "pid": os.getpid(), "at": to_json(datetime.now(timezone.utc))}
        self.put_memory("runner", f"{host}:{os.getpid()}", note)
        return NoLease()

    def poll_states(self, feed_ids: Iterable[str] | None = None) -> dict[str, PollState]:
        """Return the stored poll states by feed id."""
        return memory.read_poll_states(self._ready, feed_ids)

    def save_poll_state(self, state: PollState) -> None:
        """Store ``state``, replacing the older one of the feed."""
        self.save_poll_states([state])

    def save_poll_states(self, states: Sequence[PollState]) -> None:
        """Store ``states``, replacing older ones."""
        memory.save_poll_states(self._writable, states)

    def register_entries(self, entries: Sequence[Entry], *, due_at: datetime) -> list[Entry]:
        """Put the unknown ``entries`` into the ledger as pending; return those, in order."""
        return ledger.register_entries(self._writable, entries, due_at)

    def pending_entries(self, *, limit: int, due_at: datetime | None) -> list[Entry]:
        """Return pending entries whose lease ended by ``due_at``, oldest first."""
        return ledger.pending_entries(self._ready, limit=limit, due_at=due_at)

    def defer(self, entries: Sequence[Entry], *, due_at: datetime) -> None:
        """Keep pending ``entries`` for another attempt at ``due_at``."""
        ledger.defer(self._writable, entries, due_at)

    def settle(self, settlements: Sequence[Settlement]) -> None:
        """Close entries as duplicate, discarded or dead letter; store the dead letters."""
        ledger.settle(self._writable, settlements)

    def ledger_rows(self, keys: Iterable[str]) -> list[LedgerRow]:
        """Return the rows of the entries, or of the documents, that ``keys`` name."""
        return ledger_rows(self._ready, list(dict.fromkeys(keys)))

    def entry_documents(self, entry_ids: Iterable[str]) -> dict[str, str]:
        """Return the id of the document that each entry became or repeats."""
        return entry_documents(self._ready, list(dict.fromkeys(entry_ids)))

    def heads(self, document_ids: Iterable[str]) -> dict[str, DocumentHead]:
        """Return what is stored under ``document_ids``."""
        wanted = list(dict.fromkeys(document_ids))
        return locating.read_heads(self._ready, wanted) if wanted else {}

    def write(self, documents: Sequence[Document]) -> list[WriteResult]:
        """Store documents: article, findings, alerts, then the end of their entries."""
        return articles.write_documents(self._writable, documents)

    def documents(self, *, since: datetime | None = None) -> Iterator[Document]:
        """Yield stored documents in order of first sight."""
        query: dict[str, Any] = {"match_all": {}}
        if since is not None:
            query = {"range": {"event.created": {"gte": to_json(since)}}}
        return self._scan(query)

    def scan(self, query: SearchQuery) -> Iterator[Document]:
        """Yield all documents that match, in order of first sight."""
        asked = parse_query(query.text)
        if not asked.everything and not asked.clauses:
            return
        groups: set[str] = set()
        for document in self._scan(build_query(query, asked)):
            group = document.copy_of or document.article.id
            if not query.fold_copies or group not in groups:
                yield document
            groups.add(group)

    def _scan(self, query: dict[str, Any]) -> Iterator[Document]:
        refresh(self._ready, self._articles)
        order = [{"event.created": "asc"}, {"id": "asc"}]
        fields = articles.ARTICLE_FIELDS
        for source in scan(self._ready, self._articles, query=query, order=order, fields=fields):
            yield read_article(source)

    def get_document(self, document_id: str) -> Document | None:
        """Return one document, or None."""
        source = locating.find_document(self._ready, document_id, articles.ARTICLE_FIELDS)
        return None if source is None else read_article(source)

    def search(self, query: SearchQuery) -> SearchPage:
        """Return the documents that match."""
        refresh(self._ready, self._articles)
        return search_documents(self._ready, query)

    def store_alerts(self, alerts: Sequence[Alert]) -> None:
        """Put ``alerts`` into the outbox; known ones stay as they are."""
        outbox.store_alerts(self._writable, alerts)

    def undelivered_alerts(self, *, limit: int, due_at: datetime) -> list[Alert]:
        """Return alerts that some channel has not got, oldest first."""
        return outbox.undelivered_alerts(self._ready, limit=limit, due_at=due_at)

    def claim_alerts(
        self, alerts: Sequence[Alert], *, due_at: datetime, until: datetime
    ) -> list[Alert]:
        """Take undelivered ``alerts`` for delivery; return those that are ours now."""
        return outbox.claim_alerts(self._writable, alerts, due_at=due_at, until=until)

    def mark_alert(self, alert: Alert) -> None:
        """Store what became of a delivery."""
        outbox.mark_alert(self._writable, alert)

    def alerts(self, *, limit: int = 1000) -> list[Alert]:
        """Return the newest alerts, newest first."""
        return outbox.newest_alerts(self._ready, limit=limit)

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
        filters = {"step": step, "reason": reason}
        return ledger.dead_letters(
            self._ready, filters=filters, since=since, limit=limit, parked=parked
        )

    def reopen(self, entry_ids: Iterable[str]) -> int:
        """Make waiting dead letters pending again; return how many."""
        return ledger.reopen(self._writable, list(entry_ids))

    def touch_deployments(self, deployments: Iterable[Deployment]) -> None:
        """Make the findings of ``deployments`` due."""
        findings.touch_deployments(self._writable, deployments)

    def due_deployments(self, *, limit: int = 1000) -> list[DueDeployment]:
        """Return deployments whose claims changed since their findings were stored."""
        return findings.due_deployments(self._ready, limit=limit)

    def sourced_claims(self, system: str, place: str | None) -> list[SourcedClaim]:
        """Return every stored claim about one deployment."""
        return findings.sourced_claims(self._ready, system, place)

    def store_findings(self, due: DueDeployment, made: Sequence[Finding]) -> None:
        """Store what was found unless newer findings are there."""
        findings.store_findings(self._writable, due, made)

    def findings(self, query: FindingQuery) -> list[Finding]:
        """Return the findings that fit, newest first."""
        return findings.read_findings(self._ready, query)

    def put_memory(self, kind: str, key: str, value: dict[str, Any]) -> None:
        """Store a small JSON value of a step."""
        memory.put_memory(self._writable, kind, key, value)

    def memory(
        self, kind: str, *, since: datetime | None = None
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield the stored values of ``kind`` with their keys, oldest first."""
        return memory.read_memory(self._ready, kind, since)

    def health(self) -> dict[str, Any]:
        """Return the health of our indices as the cluster sees it."""
        return cluster_health(self._ready, f"{self._name('*')}")

    def totals(self) -> Totals:
        """Return the accounting of the whole index."""
        ready = self._ready
        refresh(ready, self._articles, *(self._name(kind) for kind in FLAT_KINDS))
        return Totals(
            entries=counts(ready, self._name("entries"), "state"),
            documents=count(ready, self._articles),
            mentions=count(ready, self._name("mentions")),
            claims=count(ready, self._name("claims")),
            alerts=count(ready, self._name("alerts")),
            alerts_undelivered=count(ready, self._name("alerts"), {"term": {"undelivered": True}}),
            dead_letters=count(ready, self._name("dead-letters"), {"term": {"waiting": True}}),
            feeds=counts(ready, self._name("feeds"), "outcome"),
        )

    def close(self) -> None:
        """Close the connections; idempotent."""
        self._connection.close()


class _NotAllowedToLook(Exception):
    """The user may use the indices but not read the templates."""


def _look(connection: Connection) -> None:
    try:
        installation.require_layout(connection)
    except IndexUnavailable as error:
        if getattr(getattr(error.__cause__, "meta", None), "status", None) == 403:
            raise _NotAllowedToLook from error
        raise
