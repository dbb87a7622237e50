"""Make one bounded pass of the monitor, and what every kind of run needs."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from connectors.backends import open_index
from connectors.websub_subscriber import WebSubSubscriber
from pipelines.accounting import read_lags, read_steps
from pipelines.alert_rules import alert_rules
from pipelines.errors import ServiceError, UserError
from pipelines.findings import update_findings
from pipelines.gauges import show_index
from pipelines.monitor import build_monitor
from pipelines.outbox import deliver_due, open_channels
from pipelines.plan import Plan
from pipelines.runners import bounded_pipeline
from pipelines.steps.stories import StoryPlan
from pipelines.stories.embedding import check_package

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import apache_beam as beam

    from connectors.index import Index, Totals
    from pipelines.settings import Settings
    from pipelines.steps.stories import Alerting


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


def plan_of(settings: Settings, *, once: bool, alerting: Alerting = "news") -> Plan:
    """Return the flow's plan for ``settings``; ``alerting`` as in :class:`StoryPlan`.

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
    alerting: Alerting = "news",
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
