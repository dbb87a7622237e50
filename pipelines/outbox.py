"""The outbox: alerts are stored first, then delivered and marked, again and again until done.

Guarantee: at least once per channel, with the same id on every attempt; twice only if a sender
died between sending and marking. A receiver that is down keeps its alerts waiting (back-off up
to an hour); nothing is dropped.
"""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
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
    last: dict[str, ChannelError | None] = field(default_factory=dict)

    def note(self, name: str, error: ChannelError | None) -> None:
        """Note a failure, or a success (None)."""
        self.faults[name] = self.faults.get(name, 0) + 1 if error else 0
        self.last[name] = error

    def fault_of(self, name: str) -> ChannelError | None:
        """Return why ``name`` is left alone, or None."""
        last, faults = self.last.get(name), self.faults.get(name, 0)
        if last is None or (faults < FAULTS_IN_A_ROW and not last.retry_after_secs):
            return None
        return last

    def answering(self) -> set[str]:
        """Return the channels that took the last message they were sent."""
        return {name for name, error in self.last.items() if error is None}


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
    messages: dict[str, list[list[Alert]]] = {}
    for name, channel in channels.items():
        wanted = [replace(alert, alerted_at=now) for alert in alerts if _wants(name, alert)]
        if wanted:
            messages[name] = [wanted] if channel.coalesces else [[alert] for alert in wanted]
    done = {alert.id: _Delivery() for alert in alerts}
    # Side by side: a receiver that hangs for its 30 s holds up none of the others.
    with ThreadPoolExecutor(max(1, len(messages))) as pool:
        answers = {
            name: pool.submit(_send_all, name, channels[name], of_channel, health)
            for name, of_channel in messages.items()
        }
    for name, of_channel in messages.items():
        for message, error in zip(of_channel, answers[name].result(), strict=True):
            metrics.ALERTS.labels(name, "failed" if error else "sent").inc(len(message))
            for alert in message:
                done[alert.id].note(name, error)
    return [_marked(alert, done[alert.id], now) for alert in alerts]


def _wants(name: str, alert: Alert) -> bool:
    """Return whether ``alert`` is still to be sent to the channel ``name``."""
    return name not in alert.delivered_to and (not alert.channels or name in alert.channels)


@dataclass(slots=True)
class _Delivery:
    """What one round brought one alert."""

    got: list[str] = field(default_factory=list)
    errors: dict[str, ChannelError] = field(default_factory=dict)

    def note(self, name: str, error: ChannelError | None) -> None:
        """Note what the channel ``name`` answered."""
        if error is None:
            self.got.append(name)
        else:
            self.errors[name] = error


def _wait(attempts: int, error: ChannelError) -> timedelta:
    asked = timedelta(seconds=min(error.retry_after_secs, LONGEST_BACK_OFF_SECS))
    return max(back_off(attempts, permanent=error.permanent), asked)


def _send_all(
    name: str, channel: Channel, messages: Iterable[Sequence[Alert]], health: Health
) -> list[ChannelError | None]:
    return [_fault(name, channel, message, health) for message in messages]


def _fault(
    name: str, channel: Channel, message: Sequence[Alert], health: Health
) -> ChannelError | None:
    """Send ``message``; return what went wrong, or why it was not tried."""
    fault = health.fault_of(name)
    if fault is not None:
        return ChannelError(
            f"left alone after {health.faults[name]} failures ({fault})",
            permanent=fault.permanent,
            retry_after_secs=fault.retry_after_secs,
        )
    try:
        channel.send(message)
    except ChannelError as error:
        health.note(name, error)
        return error
    health.note(name, None)
    return None


def _marked(alert: Alert, delivery: _Delivery, now: datetime) -> Alert:
    attempts = alert.attempts + 1
    marked = replace(
        alert,
        delivered_to=(*alert.delivered_to, *delivery.got),
        attempts=attempts,
        error="; ".join(f"{name}: {error}" for name, error in delivery.errors.items()) or None,
    )
    if delivery.errors:
        # The first channel that may be asked again: one that is wrong for good holds up no other.
        wait = min(_wait(attempts, error) for error in delivery.errors.values())
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
    look = _Look(index, channels)
    while True:
        ahead = timedelta(seconds=2 * LONGEST_BACK_OFF_SECS) if at_once else timedelta()
        due_at = datetime.now(timezone.utc) + ahead
        found = index.undelivered_alerts(limit=BATCH_ALERTS + len(look.tried), due_at=due_at)
        due = [alert for alert in found if alert.id not in look.tried]
        for alerts in _messages(due):
            look.send(alerts, due_at)
        if not due:
            break
    look.send_what_waited()
    return Delivered(sent=look.sent, failed=look.failed)


@dataclass(slots=True)
class _Look:
    """One look into the outbox."""

    index: Index
    channels: Mapping[str, Channel]
    health: Health = field(default_factory=Health)
    tried: set[str] = field(default_factory=set)
    sent: int = 0
    failed: int = 0

    def send(self, alerts: Sequence[Alert], due_at: datetime) -> None:
        """Take ``alerts``, which were due at ``due_at``, and send and mark those that are ours."""
        self.tried.update(alert.id for alert in alerts)
        until = datetime.now(timezone.utc) + timedelta(seconds=CLAIM_SECS) * len(alerts)
        self._deliver(self.index.claim_alerts(alerts, due_at=due_at, until=until))

    def _deliver(self, ours: Sequence[Alert]) -> None:
        now = datetime.now(timezone.utc)
        for done in deliver_document(ours, self.channels, now, self.health):
            self.index.mark_alert(done)
            if done.error is None:
                self.sent += 1
                metrics.observe_lag("alert", done.published_at, done.alerted_at or done.created_at)
            else:
                self.failed += 1
                log.warning("alert not delivered alert=%s error=%s", done.id, done.error)

    def send_what_waited(self) -> None:
        """Send what waits for the end of its back-off to a channel that has just taken something.

        Else a receiver that is back has the new alerts at once, and those of its outage up to an
        hour later.
        """
        answering = self.health.answering()
        if not answering:
            return
        # Far ahead: the clock may have been set back since.
        latest = datetime.now(timezone.utc) + timedelta(days=365)
        found = self.index.undelivered_alerts(limit=BATCH_ALERTS + len(self.tried), due_at=latest)
        waiting = [
            alert
            for alert in found
            if alert.attempts and alert.next_attempt_at and alert.id not in self.tried
            if any(_wants(name, alert) for name in answering)
        ]
        for alerts in _messages(waiting):
            self._deliver([alert for alert in alerts if self._take_early(alert, len(alerts))])

    def _take_early(self, alert: Alert, together: int) -> bool:
        """Take ``alert`` before its back-off ends, unless somebody took it since it was read."""
        waits_until = alert.next_attempt_at or datetime.now(timezone.utc)
        until = max(waits_until, datetime.now(timezone.utc))
        until += timedelta(seconds=CLAIM_SECS) * together
        return bool(self.index.claim_alerts([alert], due_at=waits_until, until=until))


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
