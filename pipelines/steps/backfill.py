"""ReadArchives: entries and pages out of files, for the backfill."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import apache_beam as beam

from connectors import metrics
from connectors.addresses import address_key
from connectors.backends import open_index
from connectors.records import Entry, Page
from pipelines.archives import BadLine, now, read_archive

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from connectors.index import IndexSettings

log = logging.getLogger(__name__)
STEP = "ReadArchives"
PAGES = "pages"
LOOK_UP_RECORDS = 200


class ReadArchives(beam.PTransform):
    """Nothing in; out the entries of archives (``out``) and their pages (tag ``pages``).

    Bounded. Resumable: what the index holds already is counted and skipped, so a backfill that
    died is simply started again. A line that cannot be read is counted and logged with its place.

    Args:
        paths: files; their names tell the format.
        settings: the index that says what is there already.
    """

    def __init__(self, paths: Sequence[str], settings: IndexSettings) -> None:
        super().__init__()
        self._paths = tuple(paths)
        self._settings = settings

    def expand(self, pipeline: beam.Pipeline) -> beam.pvalue.DoOutputsTuple:
        """Read each file on its own."""
        read = beam.ParDo(_ReadFn(self._settings)).with_outputs(PAGES, main="out")
        return pipeline | beam.Create(self._paths) | "Read" >> read


class _ReadFn(beam.DoFn):
    def __init__(self, settings: IndexSettings) -> None:
        super().__init__()
        self._settings = settings

    def process(self, path: str) -> Iterator[Any]:
        index = open_index(self._settings)
        batch: list[Entry | Page] = []
        try:
            for found in read_archive(path, now()):
                if isinstance(found, BadLine):
                    metrics.count(STEP, "bad_line")
                    log.warning("cannot read place=%s reason=%s", found.place, found.reason)
                    continue
                batch.append(found)
                if len(batch) >= LOOK_UP_RECORDS:
                    yield from _unknown(batch, index)
                    batch = []
            yield from _unknown(batch, index)
        finally:
            index.close()


def _unknown(batch: list[Entry | Page], index: Any) -> Iterator[Any]:  # noqa: ANN401 - an Index
    """Yield what the index does not hold yet, pages on their own tag.

    The ledger says it, whose row is written last: of an article alone, all else may be missing.
    """
    keys = [_key(one) for one in batch]
    heads = index.heads([key for key in keys if key])
    rows = index.ledger_rows([head.entry_id for head in heads.values()])
    settled = {row.id for row in rows if row.outcome == "indexed"}
    known = {key for key, head in heads.items() if head.entry_id in settled}
    for one, key in zip(batch, keys, strict=True):
        if key in known:
            metrics.count(STEP, "known")
            continue
        metrics.count(STEP, "ok")
        yield beam.pvalue.TaggedOutput(PAGES, one) if isinstance(one, Page) else one


def _key(one: Entry | Page) -> str | None:
    url = one.entry.url if isinstance(one, Page) else one.url
    return address_key(url) if url else None
