"""IndexDocuments and SettleEntries: what is written, and how every entry ends."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

import apache_beam as beam

from connectors import metrics
from connectors.backends import open_index
from connectors.records import BACKFILL_FEED, SETTLED, Document, Settlement
from pipelines.steps.apply import at_time, entry_of, failed
from pipelines.steps.seen import entry_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from connectors.index import Index, IndexSettings, WriteResult

STEP = "IndexDocuments"
BATCH_DOCUMENTS = 200
BATCH_BYTES = 4_000_000
"""Well under Elasticsearch's 100 MB request limit and SQLite's comfort; about 1,000 articles."""

TRUSTED_DATES = frozenset({"feed", "json_ld", "meta"})
"""Sources of ``published_at`` that may enter a lag; htmldate invents dates."""


def settlement_of(document: Document, result: WriteResult) -> Settlement | None:
    """Return how the entry of a written document ended, or None when ``write`` settled it.

    A rejected document is a dead letter. An unchanged one was there before: its entry is a
    duplicate, unless it is the very entry that brought it, which the ledger has closed already
    and leaves as it is.
    """
    article = document.article
    if result.outcome == "rejected":
        return failed(article, step=STEP, reason=result.reason, detail=result.detail)
    if result.outcome == "unchanged":
        return Settlement(
            entry=entry_of(article),
            outcome="duplicate",
            step=STEP,
            reason="canonical_address_seen",
            settled_at=datetime.now(timezone.utc),
            document_id=article.id,
        )
    return None


def observe_lags(document: Document, indexed_at: datetime) -> None:
    """Observe the lags of a document that has just become searchable; a backfill's has none."""
    article = document.article
    if article.feed_id == BACKFILL_FEED:
        return
    if article.date_source in TRUSTED_DATES:
        metrics.observe_lag("publication", article.published_at, indexed_at)
        metrics.observe_lag("discovery", article.published_at, article.first_seen_at)
    metrics.observe_lag("processing", article.first_seen_at, indexed_at)


class IndexDocuments(beam.PTransform):
    """Documents in; out those that the index now holds, with the revision it gave them.

    At least once with deterministic ids, so effectively once. When the index is away the
    bundle fails, the runner retries it, and nothing is lost: the entries stay pending.

    Args:
        settings: the index to write to.
    """

    def __init__(self, settings: IndexSettings) -> None:
        super().__init__()
        self._settings = settings

    def expand(self, documents: beam.PCollection) -> beam.pvalue.DoOutputsTuple:
        """Write the documents in batches that end with their bundle."""
        return documents | "WriteDocuments" >> beam.ParDo(
            _WriteDocumentsFn(self._settings)
        ).with_outputs(SETTLED, main="out")


class _WriteDocumentsFn(beam.DoFn):
    def __init__(self, settings: IndexSettings) -> None:
        self._settings = settings
        self._index: Index | None = None
        self._batch: list[tuple[Document, beam.utils.timestamp.Timestamp]] = []
        self._bytes = 0

    def setup(self) -> None:
        self._index = open_index(self._settings)

    def teardown(self) -> None:
        if self._index is not None:
            self._index.close()

    def start_bundle(self) -> None:
        self._batch, self._bytes = [], 0

    def process(
        self,
        document: Document,
        timestamp: beam.utils.timestamp.Timestamp = beam.DoFn.TimestampParam,
    ) -> Iterator[Any]:
        self._batch.append((document, timestamp))
        self._bytes += 4 * len(document.article.text)
        if len(self._batch) >= BATCH_DOCUMENTS or self._bytes >= BATCH_BYTES:
            for output, _ in self._flush():
                yield output

    def finish_bundle(self) -> Iterator[Any]:
        for output, timestamp in self._flush():
            yield at_time(output, timestamp)

    def _flush(self) -> Iterator[tuple[Any, beam.utils.timestamp.Timestamp]]:
        if self._index is None or not self._batch:
            return
        batch, self._batch, self._bytes = self._batch, [], 0
        started = time.perf_counter()
        results = self._index.write([document for document, _ in batch])
        metrics.STEP_SECONDS.labels(STEP).observe(time.perf_counter() - started)
        now = datetime.now(timezone.utc)
        for (document, timestamp), result in zip(batch, results, strict=True):
            for output in _outputs(document, result, now):
                yield output, timestamp


def _outputs(document: Document, result: WriteResult, now: datetime) -> Iterator[Any]:
    """Count what became of ``document`` and yield it, its settlement, or both."""
    created = result.outcome == "created"
    article = document.article
    ended = "ok" if created else result.outcome
    metrics.count(STEP, ended, entry=article.entry_id, document=article.id)
    if created:
        observe_lags(document, now)
        for subject in document.subjects:
            metrics.MENTIONS.labels(subject).inc()
    settlement = settlement_of(document, result)
    if settlement is None or (document.alerts and result.outcome == "unchanged"):
        yield replace(document, indexed_at=now, revision=result.revision)
    if settlement is not None:
        yield beam.pvalue.TaggedOutput(SETTLED, settlement)


class SettleEntries(beam.PTransform):
    """Settlements in, nothing out: the ledger learns how each entry ended.

    At least once and idempotent. Dead letters are stored with their input for a replay.

    Args:
        settings: the index that keeps the ledger.
    """

    def __init__(self, settings: IndexSettings) -> None:
        super().__init__()
        self._settings = settings

    def expand(self, settlements: beam.PCollection) -> beam.PCollection:
        """Write settlements in batches that end with their bundle."""
        return settlements | "WriteSettlements" >> beam.ParDo(_SettleFn(self._settings))


class _SettleFn(beam.DoFn):
    def __init__(self, settings: IndexSettings) -> None:
        self._settings = settings
        self._index: Index | None = None
        self._batch: list[Settlement] = []

    def setup(self) -> None:
        self._index = open_index(self._settings)

    def teardown(self) -> None:
        if self._index is not None:
            self._index.close()

    def start_bundle(self) -> None:
        self._batch = []

    def process(self, settlement: Settlement) -> None:
        # The ledger forgets the address: by this id its end can still be told (vigie explain).
        document_id = settlement.document_id or entry_key(settlement.entry)
        self._batch.append(replace(settlement, document_id=document_id))
        if len(self._batch) >= BATCH_DOCUMENTS:
            self._flush()

    def finish_bundle(self) -> None:
        self._flush()

    def _flush(self) -> None:
        if self._index is None or not self._batch:
            return
        batch, self._batch = self._batch, []
        self._index.settle(batch)
        for settlement in batch:
            metrics.count(
                "SettleEntries",
                settlement.outcome,
                entry=settlement.entry.id,
                document=settlement.document_id,
            )
