"""The outbox: alerts are stored first, then delivered and marked, again and again until done.

Guarantee: at least once per channel, with the same id on every attempt. A receiver that is
down keeps its alerts waiting (back-off up to an hour); nothing is dropped.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from connectors import metrics
from connectors.channels import Channel, ChannelError, ChannelPlan, open_channel

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from connectors.index import Index
    from connectors.net import FetchPolicy
    from connectors.records import Alert

log = logging.getLogger(__name__)
FIRST_BACK_OFF_SECS = 5
LONGEST_BACK_OFF_SECS = 3600
PERMANENT_BACK_OFF_SECS = 3600
BATCH_ALERTS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """What one look into the outbox did."""

    sent: int = 0
    failed: int = 0


def back_off(attempts: int, *, permanent: bool = False) -> timedelta:
    """Return the wait before the next attempt, doubling from 5 s to an hour.

    >>> [int(back_off(n).total_seconds()) for n in (1, 2, 3, 20)]
    [5, 10, 20, 3600]
    """
    if permanent:
        return timedelta(seconds=PERMANENT_BACK_OFF_SECS)
    secs = FIRST_BACK_OFF_SECS * 2 ** min(attempts - 1, 20)
    return timedelta(seconds=min(secs, LONGEST_BACK_OFF_SECS))


def deliver_alert(alert: Alert, channels: Mapping[str, Channel], now: datetime) -> Alert:
    """Send ``alert`` to every channel that has not got it; return it with what became of it."""
    wanted = [name for name in (alert.channels or tuple(channels)) if name in channels]
    got, errors, permanent = list(alert.delivered_to), [], False
    for name in wanted:
        if name in got:
            continue
        try:
            channels[name].send(replace(alert, alerted_at=now))
        except ChannelError as error:
            metrics.ALERTS.labels(name, "failed").inc()
            errors.append(f"{name}: {error}")
            permanent = permanent or error.permanent
        else:
            metrics.ALERTS.labels(name, "sent").inc()
            got.append(name)
    if errors:
        attempts = alert.attempts + 1
        wait = back_off(attempts, permanent=permanent)
        return replace(
            alert,
            delivered_to=tuple(got),
            attempts=attempts,
            error="; ".join(errors),
            next_attempt_at=now + wait,
        )
    return replace(
        alert,
        delivered_to=tuple(got),
        alerted_at=now,
        attempts=alert.attempts + 1,
        error=None,
        next_attempt_at=None,
    )


def deliver_due(
    index: Index, channels: Mapping[str, Channel], *, at_once: bool = False
) -> Delivered:
    """Deliver every alert that is due; safe to call again at any time.

    Args:
        index: keeps the outbox.
        channels: the receivers by name.
        at_once: also what waits for the end of its back-off, each alert tried once.
    """
    sent = failed = 0
    tried: set[str] = set()
    while True:
        ahead = timedelta(seconds=2 * LONGEST_BACK_OFF_SECS) if at_once else timedelta()
        due_at = datetime.now(timezone.utc) + ahead
        found = index.undelivered_alerts(limit=BATCH_ALERTS + len(tried), due_at=due_at)
        due = [alert for alert in found if alert.id not in tried]
        for alert in due:
            tried.add(alert.id)
            done = deliver_alert(alert, channels, datetime.now(timezone.utc))
            index.mark_alert(done)
            if done.error is None:
                sent += 1
                metrics.observe_lag("alert", alert.published_at, done.alerted_at or done.created_at)
            else:
                failed += 1
                log.warning("alert not delivered alert=%s error=%s", alert.id, done.error)
        if not due:
            return Delivered(sent=sent, failed=failed)


def open_channels(plans: Sequence[ChannelPlan], policy: FetchPolicy) -> dict[str, Channel]:
    """Return the channels by name."""
    return {plan.name: open_channel(plan, policy) for plan in plans}
