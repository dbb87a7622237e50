"""Run the monitor for ever: start the job again when it fails, and end when a signal asks.

Nothing is lost by a restart: what was in flight is pending in the index and goes through again.
"""

from __future__ import annotations

import logging
import signal
import threading
import time
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from apache_beam.runners.runner import PipelineResult, PipelineState
from grpc import RpcError

from connectors import feeds, metrics
from connectors.backends import open_index
from connectors.index import IndexUnavailable
from pipelines.findings import Pace, update_findings
from pipelines.gauges import IndexWatch
from pipelines.monitor import build_monitor
from pipelines.outbox import deliver_due, open_channels
from pipelines.prism import obtain_prism
from pipelines.runners import bounded_pipeline, streaming_pipeline
from pipelines.runtime import listening, opened_index, plan_of
from pipelines.steps.stories import forget_books

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from connectors.index import Index
    from connectors.records import Feed, PollState
    from pipelines.plan import Plan
    from pipelines.settings import Settings

log = logging.getLogger(__name__)
OUTBOX_SECS = 5
"""How often an endless run looks for alerts whose delivery failed before."""

DRAIN_SECS = 60
"""How long a stopping run waits for work in flight; the rest is left pending in the index."""

FIRST_RESTART_SECS = 1
LONGEST_RESTART_SECS = 60
LONGEST_WAIT_SECS = 60
"""Without Prism: the longest pause between two looks at which feeds are due."""

STATE_CHECK_SECS = 0.5
LAST_WORDS_SECS = 10
"""How long a job that has ended may take to say why."""

MOST_SILENCE_SECS = 600
"""Of all sources: they wake every 1.5 s; an index that is slow or away holds them for minutes."""

INDEX_CHECK_SECS = 1
"""Between two looks at an index that is away; each look itself is patient."""


def _note_late_failure(failure: threading.ExceptHookArgs) -> None:
    log.debug("a thread ended late error=%s", failure.exc_type.__name__)


class Stop:
    """The wish to end, set by SIGTERM and SIGINT; a second signal ends at once."""

    def __init__(self) -> None:
        """Nobody wishes to end yet."""
        self.event = threading.Event()
        self._installed = False

    def install(self) -> None:
        """Take over both signals."""
        self._installed = True
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._handle)

    def reinstall(self) -> None:
        """Take both signals back, if they were ours, from whoever took them since."""
        if self._installed:
            self.install()

    def _handle(self, number: int, _frame: Any) -> None:  # noqa: ANN401 - the signal module's frame
        if self.event.is_set():
            raise SystemExit(128 + number)
        self.event.set()
        # Beam's own threads find their channels closed once the job has ended: no news by then.
        logging.getLogger("apache_beam").setLevel(logging.CRITICAL)
        threading.excepthook = _note_late_failure
        feeds.request_stop()


def run_forever(settings: Settings, *, prism: str | None = None, stop: Stop | None = None) -> None:
    """Poll until asked to stop; restart the job with back-off when it fails.

    Nothing is lost by a restart: what was in flight is pending in the index and goes through
    again.

    Raises:
        IndexUnavailable: the index cannot be used at the start.
        ServiceError: the callback for hubs cannot be served.
    """
    stop = stop or Stop()
    binary = obtain_prism(prism)
    if binary is None:
        log.warning("no Prism binary: falling back to repeated bounded passes; see README")
    with opened_index(settings, runner=True) as index, listening(settings):
        plan = plan_of(settings, once=binary is None)
        outbox = threading.Thread(target=watch_outbox, args=(settings, plan, stop), daemon=True)
        outbox.start()
        wait = FIRST_RESTART_SECS
        while not stop.event.is_set():
            started = time.monotonic()
            metrics.JOB_STARTED.set_to_current_time()
            try:
                _run_job(plan, binary, stop, index)
            except Exception as error:  # noqa: BLE001 - the job is restarted whatever ended it
                log.error("the job failed error=%s: %s", type(error).__name__, str(error)[:500])  # noqa: TRY400
                metrics.JOB_RESTARTS.inc()
                forget_books()
                lasted = time.monotonic() - started > LONGEST_RESTART_SECS
                if _await_index(index, stop) or lasted:
                    wait = FIRST_RESTART_SECS
                stop.event.wait(wait)
                wait = min(2 * wait, LONGEST_RESTART_SECS)
        outbox.join(DRAIN_SECS)


def _await_index(index: Index, stop: Stop) -> bool:
    """Wait until the index can be written, or for the stop; return whether it could not be.

    A job that fails for want of its index starts when that is back, not at the end of a pause.
    """
    was_away = False
    while not stop.event.is_set():
        try:
            index.check()
        except IndexUnavailable as error:
            if not was_away:
                log.warning("the job waits for the index error=%s", error)
            was_away = True
            stop.event.wait(INDEX_CHECK_SECS)
        else:
            break
    return was_away


def due_feeds(
    feeds: Sequence[Feed], states: Mapping[str, PollState], now: datetime
) -> tuple[tuple[Feed, ...], float]:
    """Return the feeds whose next poll is due, and the seconds to wait until the next look."""
    due, waits = [], [float(LONGEST_WAIT_SECS)]
    for feed in feeds:
        state = states.get(feed.id)
        moment = state.next_poll_at if state else None
        if moment is None or moment <= now:
            due.append(feed)
        else:
            waits.append((moment - now).total_seconds())
    return tuple(due), 0.0 if due else max(0.1, min(waits))


def _run_job(plan: Plan, prism: str | None, stop: Stop, index: Index) -> None:
    feeds.begin_job()
    if prism is None:
        now = datetime.now(timezone.utc)
        due, wait_secs = due_feeds(plan.feeds, index.poll_states(), now)
        if due:
            pipeline = bounded_pipeline()
            build_monitor(pipeline, replace(plan, feeds=due))
            pipeline.run().wait_until_finish()
        stop.event.wait(wait_secs)
        return
    with streaming_pipeline(prism) as pipeline:
        build_monitor(pipeline, plan)
        _watch_job(pipeline.run(), stop)


def _watch_job(
    result: PipelineResult, stop: Stop, silence_secs: Callable[[], float] = feeds.silence_secs
) -> None:
    """Wait for the end that is asked for; whatever ends the job before raises.

    Raises:
        RuntimeError: the job failed, or its runner wakes its sources no more.
    """
    # Beam's job server has just taken SIGINT for itself, and would die of it before the drain.
    stop.reinstall()
    try:
        while not stop.event.wait(STATE_CHECK_SECS):
            if PipelineState.is_terminal(result.state):
                result.wait_until_finish(duration=LAST_WORDS_SECS * 1000)
                if result.state != PipelineState.DONE:
                    raise RuntimeError(f"the runner ended in state {result.state}")
                return
            if silence_secs() > MOST_SILENCE_SECS:
                raise RuntimeError(f"no source was woken for {MOST_SILENCE_SECS} s")
        result.wait_until_finish(duration=DRAIN_SECS * 1000)
        if not PipelineState.is_terminal(result.state):
            log.warning("work in flight did not end in time; it is left for the next start")
    finally:
        # Of a job that ended, this frees the workers that it was given.
        with suppress(RpcError):
            result.cancel()


def watch_outbox(settings: Settings, plan: Plan, stop: Stop) -> None:
    """Deliver what a receiver refused before, do due findings, refresh gauges, until the stop.

    A distributed job does both by itself (:class:`pipelines.steps.retrying.RetryAlerts`): two
    that look at once would send an alert twice.
    """
    channels = {} if plan.distributed else open_channels(plan.channels, plan.fetch)
    pace = Pace()
    index: Index | None = None
    watch = IndexWatch(plan.feeds)
    while True:
        try:
            index = index or open_index(settings.index)
            if not plan.distributed:
                deliver_due(index, channels)
                update_findings(index, pace)
            watch.look(index)
        except IndexUnavailable as error:
            metrics.note_index_silence()
            log.warning("outbox waits for the index error=%s", error)
        if stop.event.wait(OUTBOX_SECS):
            break
    if index is not None:
        index.close()
