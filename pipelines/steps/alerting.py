"""SendAlerts: deliver the alerts that the index has just stored."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import apache_beam as beam
from apache_beam.coders import StrUtf8Coder
from apache_beam.transforms.userstate import ReadModifyWriteStateSpec

from connectors import metrics
from connectors.backends import open_index
from pipelines.outbox import deliver_due, open_channels
from pipelines.steps.apply import together

if TYPE_CHECKING:
    from connectors.channels import Channel, ChannelPlan
    from connectors.index import Index, IndexSettings
    from connectors.net import FetchPolicy
    from connectors.records import Document

log = logging.getLogger(__name__)
STEP = "SendAlerts"


class SendAlerts(beam.PTransform):
    """Indexed documents in, nothing out: their alerts reach every channel.

    At least once, with the same id on every attempt. The alerts come from the outbox in the
    index, never from the element: what is not delivered here is delivered by a later bundle
    or by the runner's own look into the outbox. Only the news that there are alerts goes on, to
    one worker, beside the writing: a slow receiver does not hold up the documents behind it.

    Args:
        settings: the index that holds the outbox.
        channels: the receivers.
        policy: how webhooks may be reached.
    """

    def __init__(
        self, settings: IndexSettings, channels: tuple[ChannelPlan, ...], policy: FetchPolicy
    ) -> None:
        super().__init__()
        self._settings = settings
        self._channels = channels
        self._policy = policy

    def expand(self, documents: beam.PCollection) -> beam.PCollection:
        """Look into the outbox at the end of every bundle that brought an alert."""
        deliver = _DeliverFn(self._settings, self._channels, self._policy)
        return (
            documents
            | "FindAlerts" >> beam.FlatMap(ids_of_alerts).with_output_types(str)
            | "OneKey" >> beam.Map(together).with_output_types(tuple[str, str])
            | "DeliverAlerts" >> beam.ParDo(deliver)
        )


def ids_of_alerts(document: Document) -> list[str]:
    """Return the ids of the alerts of an indexed document; count it."""
    article = document.article
    ended = "ok" if document.alerts else "no_alert"
    metrics.count(STEP, ended, entry=article.entry_id, document=article.id)
    return [alert.id for alert in document.alerts]


class _DeliverFn(beam.DoFn):
    """The state stays empty: by declaring it, one worker at a time looks into the outbox."""

    PARTITION = ReadModifyWriteStateSpec("partition", StrUtf8Coder())

    def __init__(
        self, settings: IndexSettings, channels: tuple[ChannelPlan, ...], policy: FetchPolicy
    ) -> None:
        super().__init__()
        self._settings = settings
        self._plans = channels
        self._policy = policy
        self._index: Index | None = None
        self._channels: dict[str, Channel] = {}
        self._alerts = 0

    def setup(self) -> None:
        self._index = open_index(self._settings)
        self._channels = open_channels(self._plans, self._policy)

    def teardown(self) -> None:
        if self._index is not None:
            self._index.close()

    def start_bundle(self) -> None:
        self._alerts = 0

    def process(
        self,
        _element: tuple[str, str],
        _partition: Any = beam.DoFn.StateParam(PARTITION),  # noqa: ANN401
    ) -> None:
        self._alerts += 1

    def finish_bundle(self) -> None:
        if self._alerts and self._index is not None:
            deliver_due(self._index, self._channels)
