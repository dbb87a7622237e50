"""Run the monitor: one bounded pass, or for ever until a signal asks for the end."""

from __future__ import annotations

import logging
import signal
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from apache_beam.runners.runner import PipelineResult, PipelineState
from grpc import RpcError

from connectors import feeds, metrics
from connectors.backends import open_index
from connectors.index import IndexUnavailable
from connectors.websub_subscriber import WebSubSubscriber
from pipelines.accounting import read_lags, read_steps
from pipelines.alert_rules import alert_rules
from pipelines.errors import ServiceError, UserError
from pipelines.findings import Pace, update_findings
from pipelines.gauges import IndexWatch, show_index
from pipelines.monitor import build_monitor
from pipelines.outbox import deliver_due, open_channels
from pipelines.plan import Plan
from pipelines.runners import bounded_pipeline, obtain_prism, streaming_pipeline
from pipelines.steps.stories import StoryPlan, forget_books
from pipelines.stories.embedding import check_package

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import apache_beam as beam

    from connectors.index import Index, Totals
    from connectors.records import Feed, PollState
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What a bounded run did and what the index now holds."""

    index: str
    duration_secs: float
    steps: dict[str, dict[str, int]]
    lags: dict[str, dict[str, float]]
    totals: Totals
    alerts_failed: int = 0
    faults: tuple[str, ...] = field(default=())


def plan_of(settings: Settings, *, once: bool, alerting: bool = True) -> Plan:
    """Return the flow's plan for ``settings``.

    Raises:
        UserError: a model is asked for whose package is not installed.
    """
    if settings.embedding_model is not None:
        try:
            check_package(settings.embedding_model)
        except ValueError as error:
            raise UserError(str(error)) from None
    stories = StoryPlan(
        window_days=settings.alerts.window_days,
        rules=alert_rules(settings.alerts),
        late_articles=settings.alerts.late_articles,
        alerting=alerting,
        embedding_model=settings.embedding_model,
    )
    return Plan(
        feeds=settings.feeds,
        index=settings.index,
        subjects=settings.subjects,
        fetch=settings.fetch,
        stories=stories,
        channels=settings.channel_plans,
        interval_secs=settings.interval_secs,
        once=once,
        reread_after_hours=settings.reread_after_hours,
    )


@contextmanager
def opened_index(settings: Settings, *, runner: bool = False) -> Iterator[Index]:
    """Open the index, check it, hold the runner's lock if asked, and close it at the end."""
    index = open_index(settings.index)
    lease = None
    try:
        index.check()
        lease = index.lock_runner() if runner else None
        yield index
    finally:
        if lease is not None:
            lease.release()
        index.close()


@contextmanager
def listening(settings: Settings) -> Iterator[WebSubSubscriber | None]:
    """Subscribe feeds to their hubs while inside, if the settings say where hubs reach us.

    Raises:
        ServiceError: the port cannot be listened at.
    """
    if settings.websub is None:
        yield None
        return
    address, port = settings.websub.address, settings.websub.port
    try:
        subscriber = WebSubSubscriber(
            settings.feeds,
            settings=settings.index,
            policy=settings.fetch,
            callback_url=settings.websub.callback_url,
            address=address,
            port=port,
        )
    except OSError as error:
        raise ServiceError(f"websub: cannot listen at {address}:{port}: {error}") from None
    subscriber.start()
    try:
        yield subscriber
    finally:
        subscriber.stop()


def run_bounded(
    settings: Settings,
    build: Callable[[beam.Pipeline, Plan], None] = build_monitor,
    *,
    alerting: bool = True,
) -> Summary:
    """Make one pass and return what it did.

    Raises:
        IndexUnavailable: the index went away; what was in flight stays pending there.
    """
    plan = plan_of(settings, once=True, alerting=alerting)
    started, before, lags_before = time.monotonic(), read_steps(), read_lags()
    with opened_index(settings, runner=True) as index:
        began_at = datetime.now(timezone.utc)
        show_index(index, plan.feeds, watched_since=began_at)
        channels = open_channels(plan.channels, plan.fetch)
        failed = deliver_due(index, channels).failed
        pipeline = bounded_pipeline()
        build(pipeline, plan)
        result = pipeline.run()
        result.wait_until_finish()
        update_findings(index)
        failed += deliver_due(index, channels).failed
        show_index(index, plan.feeds, watched_since=began_at)
        return Summary(
            index=settings.index.location,
            duration_secs=round(time.monotonic() - started, 3),
            steps=read_steps(since=before),
            lags=read_lags(since=lags_before),
            totals=index.totals(),
            alerts_failed=failed,
        )


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
                if time.monotonic() - started > LONGEST_RESTART_SECS:
                    wait = FIRST_RESTART_SECS
                stop.event.wait(wait)
                wait = min(2 * wait, LONGEST_RESTART_SECS)
        outbox.join(DRAIN_SECS)


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


def _watch_job(result: PipelineResult, stop: Stop) -> None:
    """Wait for the end that is asked for; whatever ends the job before raises."""
    # Beam's job server has just taken SIGINT for itself, and would die of it before the drain.
    stop.reinstall()
    try:
        while not stop.event.wait(STATE_CHECK_SECS):
            if PipelineState.is_terminal(result.state):
                result.wait_until_finish()
                return
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
