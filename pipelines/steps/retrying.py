"""RetryAlerts: what a receiver refused is delivered again, by the job itself.

Delivery: at least once per channel, with the same id on every attempt. The outbox is in the
index, so this source keeps no state: any worker may look, and a look that is repeated after a
crash sends only what is still undelivered.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import apache_beam as beam
from apache_beam.io.watermark_estimators import ManualWatermarkEstimator
from apache_beam.utils.timestamp import MAX_TIMESTAMP, Duration, Timestamp

from connectors import metrics
from connectors.backends import open_index
from connectors.feed_polling import utc_now
from connectors.feed_shards import ShardRounds
from connectors.feeds import stop_requested
from connectors.index import IndexUnavailable
from pipelines.findings import Pace, update_findings
from pipelines.gauges import IndexWatch
from pipelines.outbox import deliver_due, open_channels

if TYPE_CHECKING:
    from connectors.channels import Channel, ChannelPlan
    from connectors.index import Index, IndexSettings
    from connectors.net import FetchPolicy
    from connectors.records import Feed

log = logging.getLogger(__name__)
LOOK_SECS = 4.5
"""Pause between two looks: the first back-off is 5 s. Flink needs whole seconds and a half."""


class RetryAlerts(beam.PTransform):
    """Pipeline → nothing: alerts that are due again reach their channels, until the stop.

    For jobs on a cluster, which nobody may watch over; on one machine the process that runs the
    flow looks into the outbox itself. Findings that are still due are made on the way. While the
    index is away nothing is done and nothing fails.

    The gauges of the index are refreshed on the way: a job on a cluster shows them by itself.

    Args:
        settings: the index that holds the outbox.
        channels: the receivers.
        policy: how webhooks may be reached.
        feeds: the watch list, for the gauges.
    """

    def __init__(
        self,
        settings: IndexSettings,
        channels: tuple[ChannelPlan, ...],
        policy: FetchPolicy,
        *,
        feeds: tuple[Feed, ...] = (),
    ) -> None:
        super().__init__()
        self._settings = settings
        self._channels = channels
        self._policy = policy
        self._feeds = feeds

    def expand(self, pipeline: Any) -> Any:  # noqa: ANN401 - Beam has no types
        """Wire the source; it gives out nothing."""
        look = _LookFn(self._settings, self._channels, self._policy, self._feeds)
        return (
            pipeline
            | "Outbox" >> beam.Create(["outbox"], reshuffle=False)
            | "DeliverAgain" >> beam.ParDo(look).with_output_types(str)
        )


class _LookFn(beam.DoFn, ShardRounds):
    def __init__(
        self,
        settings: IndexSettings,
        channels: tuple[ChannelPlan, ...],
        policy: FetchPolicy,
        feeds: tuple[Feed, ...],
    ) -> None:
        super().__init__()
        self._settings = settings
        self._plans = channels
        self._feeds = feeds
        self._policy = policy
        self._index: Index | None = None
        self._channels: dict[str, Channel] = {}
        self._pace = Pace()

    def setup(self) -> None:
        self._index = open_index(self._settings)
        self._channels = open_channels(self._plans, self._policy)
        self._watch = IndexWatch(self._feeds)

    def teardown(self) -> None:
        if self._index is not None:
            self._index.close()

    @beam.DoFn.unbounded_per_element()
    def process(
        self,
        _: str,
        tracker: Any = beam.DoFn.RestrictionParam(),  # noqa: ANN401, B008 - Beam's way
        watermark: Any = beam.DoFn.WatermarkEstimatorParam(  # noqa: ANN401, B008
            ManualWatermarkEstimator.default_provider()  # noqa: B008
        ),
    ) -> None:
        restriction = tracker.current_restriction()
        if stop_requested():
            if tracker.try_claim(replace(restriction, ended=True)):
                watermark.set_watermark(MAX_TIMESTAMP)
            return
        if not tracker.try_claim(replace(restriction, rounds=restriction.rounds + 1)):
            return
        self._look()
        _advance(watermark, Timestamp.of(utc_now().timestamp()))
        tracker.defer_remainder(Duration(seconds=LOOK_SECS))

    def _look(self) -> None:
        if self._index is None:
            return
        try:
            deliver_due(self._index, self._channels)
            update_findings(self._index, self._pace)
            self._watch.look(self._index)
        except IndexUnavailable as error:
            metrics.note_index_silence()
            log.warning("outbox waits for the index error=%s", error)


def _advance(watermark: Any, moment: Timestamp) -> None:  # noqa: ANN401 - Beam has no types
    current = watermark.current_watermark()
    if current is None or moment > current:
        watermark.set_watermark(moment)
