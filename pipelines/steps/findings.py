"""CompareClaims: what the claims of all sources add up to, after each bundle that brought some."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import apache_beam as beam
from apache_beam.coders import StrUtf8Coder
from apache_beam.transforms.userstate import ReadModifyWriteStateSpec

from connectors import metrics
from connectors.backends import open_index
from pipelines.findings import Pace, update_findings
from pipelines.findings.keeping import STEP
from pipelines.steps.apply import together

if TYPE_CHECKING:
    from connectors.index import Index, IndexSettings
    from connectors.records import Document


class CompareClaims(beam.PTransform):
    """Indexed documents in, nothing out: contradictions and timelines follow their claims.

    At least once and idempotent, a deployment once a bundle. Which are due is read from the
    index, never from the element, so what a dead worker left is done by the next. Workers that
    meet at one deployment end with the findings of the newest claims. Only the news that there are
    claims goes on, to one worker, beside the writing: comparing holds up no document. A
    deployment that is told of in every bundle rests in between; what is then still due is done by
    the runner's own look.

    Args:
        settings: the index that holds claims and findings.
    """

    def __init__(self, settings: IndexSettings) -> None:
        super().__init__()
        self._settings = settings

    def expand(self, documents: beam.PCollection) -> beam.PCollection:
        """Look for due deployments at the end of every bundle that brought a claim."""
        return (
            documents
            | "FindClaims" >> beam.FlatMap(ids_of_told).with_output_types(str)
            | "OneKey" >> beam.Map(together).with_output_types(tuple[str, str])
            | "UpdateFindings" >> beam.ParDo(_UpdateFn(self._settings))
        )


def ids_of_told(document: Document) -> list[str]:
    """Return the id of an indexed document whose claims may change findings; count it.

    A revision that takes the last claim away counts too: its deployment is due.
    """
    told = bool(document.claims) or document.revision > 1
    metrics.count(STEP, "ok" if told else "no_claims")
    return [document.article.id] if told else []


class _UpdateFn(beam.DoFn):
    """The state stays empty: by declaring it, one worker at a time compares."""

    PARTITION = ReadModifyWriteStateSpec("partition", StrUtf8Coder())

    def __init__(self, settings: IndexSettings) -> None:
        super().__init__()
        self._settings = settings
        self._index: Index | None = None
        self._pace = Pace()
        self._told = 0

    def setup(self) -> None:
        self._index = open_index(self._settings)

    def teardown(self) -> None:
        if self._index is not None:
            self._index.close()

    def start_bundle(self) -> None:
        self._told = 0

    def process(
        self,
        _element: tuple[str, str],
        _partition: Any = beam.DoFn.StateParam(PARTITION),  # noqa: ANN401
    ) -> None:
        self._told += 1

    def finish_bundle(self) -> None:
        if self._told and self._index is not None:
            update_findings(self._index, self._pace)
