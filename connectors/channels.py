"""Receivers of alerts: console, webhook, Alertmanager v2 and whatever Apprise reaches.

Delivery guarantee: at least once, with the same ``Idempotency-Key`` (the alert's id) on every
attempt, so a receiver can drop a repeat. A channel sends and returns, or raises
:class:`ChannelError`; it never retries by itself, the outbox does.
API versions: Alertmanager v2; webhook signatures follow the ``t=…,v1=…`` scheme (HMAC-SHA256
over ``timestamp.body``) that Stripe made common.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any, Protocol

from connectors.records import to_json

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import TextIO

    from connectors.net import FetchPolicy
    from connectors.records import Alert

MAX_OUTLETS = 12
"""Outlets of a story that a message names."""

ALERTMANAGER_RESOLVE_HOURS = 24
"""An alert of a development is news for a day; then Alertmanager resolves it by itself."""

PERMANENT_STATUSES = frozenset({400, 401, 403, 404, 405, 410, 413, 422})
"""Answers that a retry will not change until somebody mends the receiver or its address."""


_BARE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
"""Alertmanager refuses a whole request for one link with such a sign in it."""


class ChannelError(Exception):
    """A delivery failed; ``permanent`` says that the same request will fail again.

    ``retry_after_secs`` is how long the receiver wants to be left alone, if it says so.
    """

    def __init__(
        self, message: str, *, permanent: bool = False, retry_after_secs: float = 0.0
    ) -> None:
        """Keep the message, whether a retry is of use, and when."""
        super().__init__(message)
        self.permanent = permanent
        self.retry_after_secs = retry_after_secs


class Channel(Protocol):
    """A receiver of alerts.

    ``coalesces`` says that one message carries all alerts of a document, and of several documents
    whose alerts had to wait (people read it); else every alert is a message of its own with its
    own key (programs do).
    """

    coalesces: bool

    def send(self, alerts: Sequence[Alert]) -> None:
        """Deliver ``alerts``, those of a document side by side, or raise :class:`ChannelError`."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelPlan:
    """A receiver as configured; plain values, so that it travels to workers."""

    name: str
    type: str
    url: str | None = None
    secret: str | None = None


def alert_payload(alert: Alert) -> dict[str, Any]:
    """Return the alert as receivers see it: an interface, described in ``docs/alerts.md``."""
    payload = to_json(alert)
    for private in ("delivered_to", "attempts", "error", "next_attempt_at", "channels"):
        payload.pop(private)
    payload["lags_secs"] = alert_lags(alert)
    return payload


def alert_lags(alert: Alert) -> dict[str, float]:
    """Return the lags of an alert in seconds; a lag whose beginning is unknown is absent."""
    until = alert.alerted_at or alert.created_at
    lags = {"since_first_seen": (until - alert.first_seen_at).total_seconds()}
    if alert.published_at is not None:
        lags["since_published"] = (until - alert.published_at).total_seconds()
    return lags


def sign(body: bytes, secret: str, at: datetime) -> str:
    """Return the value of ``X-Vigie-Signature``: ``t=<Unix time>,v1=<hex HMAC-SHA256>``.

    >>> sign(b"{}", "s", datetime(2025, 1, 1, tzinfo=timezone.utc))[:15]
    't=1735689600,v1'
    """
    stamp = str(int(at.timestamp()))
    digest = hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256)
    return f"t={stamp},v1={digest.hexdigest()}"


def alert_lines(alerts: Sequence[Alert]) -> str:
    """Return alerts as text for people: for each document its title, a line for each, its times."""
    documents: dict[str, list[Alert]] = {}
    for alert in alerts:
        documents.setdefault(alert.document_id, []).append(alert)
    lines = [line for group in documents.values() for line in _document_lines(group)]
    return "\n".join(printable(line) for line in lines)


def _document_lines(alerts: Sequence[Alert]) -> list[str]:
    first = alerts[0]
    where = " · ".join(part for part in (first.outlet, first.language) if part)
    lines = [f"{first.title} — {where}" if where else first.title]
    lines += [f"  [{one.subject}] {_told(one)}: “{one.quote}”" for one in alerts]
    if len(first.outlets) > 1:
        more = ", …" if len(first.outlets) > MAX_OUTLETS else ""
        named = ", ".join(first.outlets[:MAX_OUTLETS])
        lines.append(f"  {len(first.outlets)} outlets: {named}{more}")
    return [*lines, f"  {_times(first)}", f"  {first.url}"]


def _told(alert: Alert) -> str:
    kind = alert.development.replace("_", " ")
    claims = "; ".join(claim_words(claim) for claim in alert.new_claims)
    before = "; ".join(claim_words(claim) for claim in alert.old_claims)
    told = f"{kind}, {claims}" if claims else kind
    return f"{told} (before: {before})" if before else told


def _times(alert: Alert) -> str:
    """Return when the article was published, and how long after it was seen and told."""
    lags = alert_lags(alert)
    if alert.published_at is None:
        return f"told {_duration(lags['since_first_seen'])} after it was first seen"
    seen = (alert.first_seen_at - alert.published_at).total_seconds()
    return (
        f"published {alert.published_at.astimezone(timezone.utc):%Y-%m-%d %H:%M} UTC, "
        f"seen after {_duration(seen)}, told after {_duration(lags['since_published'])}"
    )


def _duration(secs: float) -> str:
    """Return a time in the two units that people need of it.

    >>> [_duration(secs) for secs in (-3, 59, 300, 7260, 90000)]
    ['0 s', '59 s', '5 min', '2 h 1 min', '1 d 1 h']
    """
    whole = max(0, int(secs))
    if whole < 60:
        return f"{whole} s"
    days, hours, minutes = whole // 86400, whole // 3600 % 24, whole // 60 % 60
    parts = [(days, "d"), (hours, "h"), (minutes, "min")]
    kept = [f"{number} {unit}" for number, unit in parts if number][:2]
    return " ".join(kept)


def claim_words(claim: Any) -> str:  # noqa: ANN401 - a Claim
    """Return a claim in a few words, for people."""
    parts = [claim.system, claim.status, claim.place, claim.when]
    said = f" (says {claim.speaker})" if claim.speaker else ""
    return " ".join(part for part in parts if part) + said


def printable(line: str) -> str:
    """Strangers write titles: no control character of theirs reaches a terminal."""
    return "".join(char if char.isprintable() else " " for char in line)


class ConsoleChannel:
    """Prints alerts, one document after the other."""

    coalesces = True

    def __init__(self, stream: TextIO | None = None) -> None:
        """Print to ``stream``, by default standard error, so that ``--json`` output stays clean."""
        self._stream = stream

    def send(self, alerts: Sequence[Alert]) -> None:
        """Print ``alerts``."""
        print(alert_lines(alerts), file=self._stream or sys.stderr, flush=True)


class WebhookChannel:
    """POSTs every alert as JSON, signed when a secret is set."""

    coalesces = False

    def __init__(self, url: str, policy: FetchPolicy, *, secret: str | None = None) -> None:
        """Send to ``url``; an internal one must be in the policy's ``allow_addresses``."""
        self._url = url
        self._policy = policy
        self._secret = secret

    def send(self, alerts: Sequence[Alert]) -> None:
        """POST each of ``alerts``; an answer of 2xx is a delivery."""
        for alert in alerts:
            self._send(alert)

    def _send(self, alert: Alert) -> None:
        body = json.dumps(alert_payload(alert), ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json", "Idempotency-Key": alert.id}
        if self._secret:
            headers["X-Vigie-Signature"] = sign(body, self._secret, datetime.now(timezone.utc))
        _post(self._policy, self._url, body, headers)


class AlertmanagerChannel:
    """POSTs alerts to Alertmanager's v2 API; the label ``alert_id`` makes the fingerprint."""

    coalesces = True

    def __init__(self, url: str, policy: FetchPolicy) -> None:
        """Send to the Alertmanager at ``url`` (its root address)."""
        self._url = url.rstrip("/") + "/api/v2/alerts"
        self._policy = policy

    def send(self, alerts: Sequence[Alert]) -> None:
        """POST ``alerts`` in one request; Alertmanager itself groups and repeats."""
        body = json.dumps([_manager_alert(one) for one in alerts], ensure_ascii=False).encode()
        _post(self._policy, self._url, body, {"Content-Type": "application/json"})


def _manager_alert(alert: Alert) -> dict[str, Any]:
    ends = alert.created_at + timedelta(hours=ALERTMANAGER_RESOLVE_HOURS)
    return {
        "labels": {
            "alertname": "VigieDevelopment",
            "alert_id": alert.id,
            "subject": alert.subject,
            "development": alert.development,
            "severity": alert.severity,
            "story_id": alert.story_id,
        },
        "annotations": {"summary": alert.title, "description": alert_lines([alert])},
        "startsAt": alert.created_at.isoformat(),
        "endsAt": ends.isoformat(),
        "generatorURL": _BARE_PERCENT.sub("%25", alert.url),
    }


class AppriseChannel:
    """Hands alerts to Apprise: Slack, Teams, mail, ntfy, Telegram and a hundred others."""

    coalesces = True

    def __init__(self, url: str) -> None:
        """Send to the Apprise address ``url``.

        Raises:
            ChannelError: Apprise does not know the address (which may hold a token: not shown).
        """
        import apprise  # noqa: PLC0415 - takes 0.3 s, and most setups do without

        self._target = apprise.Apprise()
        if not self._target.add(url):
            scheme = url.partition("://")[0]
            raise ChannelError(f"Apprise does not understand the {scheme}:// url", permanent=True)

    def send(self, alerts: Sequence[Alert]) -> None:
        """Notify once of all ``alerts``."""
        subjects = ", ".join(dict.fromkeys(alert.subject for alert in alerts))
        others = len({alert.document_id for alert in alerts}) - 1
        more = f" and {others} more" if others else ""
        title = printable(f"[{subjects}] {alerts[0].title}{more}")
        if not self._target.notify(title=title, body=alert_lines(alerts)):
            raise ChannelError("Apprise could not deliver")


def _post(policy: FetchPolicy, url: str, body: bytes, headers: Mapping[str, str]) -> None:
    from connectors.net import post  # noqa: PLC0415 - every command imports this module, few send

    answer = post(url, body=body, headers=headers, policy=policy)
    if answer.outcome == "ok" or (answer.status is not None and 200 <= answer.status < 300):
        return
    if answer.outcome == "blocked_address":
        hint = "list the receiver's network in fetch.allow_addresses"
        raise ChannelError(f"{answer.detail}: {hint}", permanent=True)
    reason = f"status {answer.status}" if answer.status else f"{answer.outcome}: {answer.detail}"
    raise ChannelError(
        reason,
        permanent=answer.status in PERMANENT_STATUSES,
        retry_after_secs=answer.retry_after_secs or 0.0,
    )


def open_channel(plan: ChannelPlan, policy: FetchPolicy) -> Channel:
    """Return the channel that ``plan`` describes.

    Raises:
        ChannelError: the plan cannot work.
    """
    if plan.type == "console":
        return ConsoleChannel()
    if plan.url is None:
        raise ChannelError(f"channel {plan.name}: expected a url", permanent=True)
    if plan.type == "apprise":
        return AppriseChannel(plan.url)
    if plan.type == "alertmanager":
        return AlertmanagerChannel(plan.url, policy)
    return WebhookChannel(plan.url, policy, secret=plan.secret)
