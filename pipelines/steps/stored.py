"""Sources that read what the index holds: pending entries and stored articles."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

import apache_beam as beam

from connectors import metrics
from connectors.backends import open_index

if TYPE_CHECKING:
    from collections.abc import Iterator

    from connectors.index import IndexSettings
    from connectors.records import Article, Entry

LEASE_SECS = 900
"""A replay that dies gives its entries back after fifteen minutes, or at the next start."""

PENDING_LIMIT = 1_000_000


class ReadPending(beam.PTransform):
    """Nothing in; out every entry that is pending in the ledger. Bounded, at least once.

    Args:
        settings: the index that keeps the ledger.
    """

    def __init__(self, settings: IndexSettings) -> None:
        super().__init__()
        self._settings = settings

    def expand(self, pipeline: beam.Pipeline) -> beam.PCollection:
        """Read the ledger once."""
        return pipeline | beam.Create([None]) | "Read" >> beam.ParDo(_PendingFn(self._settings))


class _PendingFn(beam.DoFn):
    def __init__(self, settings: IndexSettings) -> None:
        super().__init__()
        self._settings = settings

    def process(self, _: None) -> Iterator[Entry]:
        index = open_index(self._settings)
        try:
            entries = index.pending_entries(limit=PENDING_LIMIT, due_at=None)
            lease = datetime.now(timezone.utc) + timedelta(seconds=LEASE_SECS)
            index.defer(entries, due_at=lease)
        finally:
            index.close()
        metrics.count("ReadPending", "ok", len(entries))
        yield from entries


class ReadArticles(beam.PTransform):
    """Nothing in; out every stored article, as it was fetched. Bounded.

    Args:
        settings: the index to read.
    """

    def __init__(self, settings: IndexSettings) -> None:
        super().__init__()
        self._settings = settings

    def expand(self, pipeline: beam.Pipeline) -> beam.PCollection:
        """Read the articles once."""
        return pipeline | beam.Create([None]) | "Read" >> beam.ParDo(_ArticlesFn(self._settings))


class _ArticlesFn(beam.DoFn):
    def __init__(self, settings: IndexSettings) -> None:
        super().__init__()
        self._settings = settings

    def process(self, _: None) -> Iterator[Article]:
        index = open_index(self._settings, read_only=True)
        try:
            for document in index.documents():
                metrics.count("ReadArticles", "ok")
                yield document.article
        finally:
            index.close()
