"""ObserveWatermark: how far the flow has come in event time, told by its last step.

Beam gives a step no look at its watermark, and Prism shows none. What it does give is a timer in
event time: it fires when the watermark has passed it. One that is set anew each time it fires
tells, whatever runs the flow, up to which moment everything seen has gone through.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import apache_beam as beam
from apache_beam.transforms.timeutil import TimeDomain
from apache_beam.transforms.userstate import TimerSpec, on_timer
from apache_beam.utils.timestamp import Timestamp

from connectors import metrics

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apache_beam.transforms.core import RuntimeTimer

STEP_SECS = 10.0
"""Pause between two timers: what the gauge may lag behind the watermark itself."""

EARLY_SECS = 2.0
"""The sources' watermark is never ahead of the clock; beyond this the sources have ended."""


class ObserveWatermark(beam.PTransform):
    """Elements of an endless flow in, nothing out: the gauge shows their watermark.

    Elements themselves are not looked at, so that silence costs and changes nothing: sources
    advance their watermark whether or not feeds have news. At least once; no state but the timer.
    """

    def expand(self, elements: beam.PCollection) -> beam.PCollection:
        """Let one timer follow the watermark of ``elements``."""
        start = elements.pipeline | "StartObserving" >> beam.Create(["start"], reshuffle=False)
        silent = elements | "LeaveOut" >> beam.FlatMap(_nothing).with_output_types(str)
        return (
            (start, silent)
            | "WithStart" >> beam.Flatten()
            | "OneKey" >> beam.Map(_keyed).with_output_types(tuple[str, str])
            | "FollowWatermark" >> beam.ParDo(_FollowFn())
        )


def _nothing(_: Any) -> Iterator[str]:  # noqa: ANN401 - any element
    return iter(())


def _keyed(word: str) -> tuple[str, str]:
    return "watermark", word


def next_timer(fired_at: float, now: float) -> float | None:
    """Return when the next timer is due, or None: it fired early, so the sources have ended.

    Timers lie ahead of the clock, where no living source's watermark is.

    >>> next_timer(100.0, 100.5), next_timer(100.0, 5000.0), next_timer(200.0, 100.0)
    (110.5, 5010.0, None)
    """
    return None if fired_at > now + EARLY_SECS else now + STEP_SECS


class _FollowFn(beam.DoFn):
    PASSED = TimerSpec("passed", TimeDomain.WATERMARK)

    def process(
        self,
        _: tuple[str, str],
        passed: RuntimeTimer = beam.DoFn.TimerParam(PASSED),
    ) -> None:
        passed.set(Timestamp.of(time.time()))

    @on_timer(PASSED)
    def note_passed(
        self,
        timestamp: Timestamp = beam.DoFn.TimestampParam,
        passed: RuntimeTimer = beam.DoFn.TimerParam(PASSED),
    ) -> None:
        fired_at, now = float(timestamp), time.time()
        following = next_timer(fired_at, now)
        if following is not None:
            metrics.WATERMARK.set(fired_at)
            passed.set(Timestamp.of(following))
