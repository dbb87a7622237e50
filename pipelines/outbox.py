"""The outbox: alerts are stored first, then delivered and marked, again and again until done.

Guarantee: at least once per channel, with the same id on every attempt; twice only if a sender
died between sending and marking. A receiver that is down keeps its alerts waiting (back-off up
to an hour); nothing is dropped.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from connectors import metrics
from connectors.channels import Channel, ChannelError, ChannelPlan, open_channel
from connectors.masking import hide

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from connectors.index import Index
    from connectors.net import FetchPolicy
    from connectors.records import Alert

log = logging.getLogger(__name__)
FIRST_BACK_OFF_SECS = 5
LONGEST_BACK_OFF_SECS = 3600
PERMANENT_BACK_OFF_SECS = 3600
BATCH_ALERTS = 200
CLAIM_SECS = 60
"""Twice the deadline of one delivery. An alert whose sender died is sent by another after this;
on an embedded index at once, since the next runner is then the only one."""


FAULTS_IN_A_ROW = 3
"""After so many failures without a success a channel is left alone for the rest of a look: its
other alerts wait without an attempt of 30 s each, and the other channels wait less."""

DOCUMENTS_A_MESSAGE = 10
"""Documents that people are told of in one message, when their alerts had to wait."""


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


@dataclass(slots=True, kw_only=True)
class Health:
    """How the channels answered in one look into the outbox."""

    faults: dict[str, int] = field(default_factory=dict)
    last: dict[str, str] = field(default_factory=dict)

    def note(self, name: str, error: str | None) -> None:
        """Note a failure, or a success (None)."""
        self.faults[name] = self.faults.get(name, 0) + 1 if error else 0
        self.last[name] = error or ""

    def fault_of(self, name: str) -> str | None:
        """Return why ``name`` is left alone, or None."""
        return self.last[name] if self.faults.get(name, 0) >= FAULTS_IN_A_ROW else None


def deliver_document(
    alerts: Sequence[Alert],
    channels: Mapping[str, Channel],
    now: datetime,
    health: Health | None = None,
) -> list[Alert]:
    """Send the alerts of one document, or of several that waited, to all that have not got them.

    Returns the alerts, in order, with what became of them.
    """
    health = health or Health()
    done = {alert.id: _Delivery() for alert in alerts}
    for name, channel in channels.items():
        wanted = [
            replace(alert, alerted_at=now)
            for alert in alerts
            if name in (alert.channels or channels) and name not in alert.delivered_to
        ]
        messages = [wanted] if channel.coalesces and wanted else [[alert] for alert in wanted]
        for message in messages:
            _send(name, channel, message, done, health)
    return [_marked(alert, done[alert.id], now) for alert in alerts]


@dataclass(slots=True)
class _Delivery:
    """What one round brought one alert."""

    got: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    permanent: bool = False


def _send(
    name: str,
    channel: Channel,
    message: Sequence[Alert],
    done: Mapping[str, _Delivery],
    health: Health,
) -> None:
    error = _fault(name, channel, message, health)
    metrics.ALERTS.labels(name, "failed" if error else "sent").inc(len(message))
    for alert in message:
        if error is None:
            done[alert.id].got.append(name)
        else:
            done[alert.id].errors.append(f"{name}: {error}")
            done[alert.id].permanent |= error.permanent


def _fault(
    name: str, channel: Channel, message: Sequence[Alert], health: Health
) -> ChannelError | None:
    """Send ``message``; return what went wrong, or why it was not tried."""
    fault = health.fault_of(name)
    if fault is not None:
        return ChannelError(f"left alone after {FAULTS_IN_A_ROW} failures ({fault})")
    try:
        channel.send(message)
    except ChannelError as error:
        health.note(name, str(error))
        return error
    health.note(name, None)
    return None


def _marked(alert: Alert, delivery: _Delivery, now: datetime) -> Alert:
    attempts = alert.attempts + 1
    marked = replace(
        alert,
        delivered_to=(*alert.delivered_to, *delivery.got),
        attempts=attempts,
        error="; ".join(delivery.errors) or None,
    )
    if delivery.errors:
        wait = back_off(attempts, permanent=delivery.permanent)
        return replace(marked, next_attempt_at=now + wait)
    return replace(marked, alerted_at=now, next_attempt_at=None)


def deliver_due(
    index: Index, channels: Mapping[str, Channel], *, at_once: bool = False
) -> Delivered:
    """Deliver every alert that is due; safe to call at any time, by several processes at once.

    Each alert is claimed in the index before it is sent: two senders do not send it twice, and
    while the index takes no writes nothing is sent that could not be marked as sent.

    Args:
        index: keeps the outbox.
        channels: the receivers by name.
        at_once: also what waits for the end of its back-off, each alert tried once.
    """
    sent = failed = 0
    tried: set[str] = set()
    health = Health()
    while True:
        ahead = timedelta(seconds=2 * LONGEST_BACK_OFF_SECS) if at_once else timedelta()
        due_at = datetime.now(timezone.utc) + ahead
        found = index.undelivered_alerts(limit=BATCH_ALERTS + len(tried), due_at=due_at)
        due = [alert for alert in found if alert.id not in tried]
        tried.update(alert.id for alert in due)
        for alerts in _messages(due):
            now = datetime.now(timezone.utc)
            until = now + timedelta(seconds=CLAIM_SECS) * len(alerts)
            ours = index.claim_alerts(alerts, due_at=due_at, until=until)
            for done in deliver_document(ours, channels, now, health):
                index.mark_alert(done)
                if done.error is None:
                    sent += 1
                    metrics.observe_lag(
                        "alert", done.published_at, done.alerted_at or done.created_at
                    )
                else:
                    failed += 1
                    log.warning("alert not delivered alert=%s error=%s", done.id, done.error)
        if not due:
            return Delivered(sent=sent, failed=failed)


def _messages(alerts: Iterable[Alert]) -> list[list[Alert]]:
    """Return the alerts by document; documents whose alerts had to wait are told together."""
    groups: dict[str, list[Alert]] = {}
    for alert in alerts:
        groups.setdefault(alert.document_id, []).append(alert)
    messages: list[list[Alert]] = []
    waited: list[list[Alert]] = []
    for group in groups.values():
        had_to_wait = all(alert.attempts or alert.next_attempt_at for alert in group)
        (waited if had_to_wait else messages).append(group)
    for first in range(0, len(waited), DOCUMENTS_A_MESSAGE):
        part = waited[first : first + DOCUMENTS_A_MESSAGE]
        messages.append([alert for group in part for alert in group])
    return messages


def open_channels(plans: Sequence[ChannelPlan], policy: FetchPolicy) -> dict[str, Channel]:
    """Return the channels by name; their secrets are kept out of the logs from now on."""
    for plan in plans:
        # An Alertmanager's address is none; any other receiver's may be all that guards it.
        hide(plan.secret, None if plan.type == "alertmanager" else plan.url)
    return {plan.name: open_channel(plan, policy) for plan in plans}
