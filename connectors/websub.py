"""WebSub (W3C Recommendation, 23 January 2018): what a subscriber says and believes. Pure.

A feed that announces a hub is subscribed there, and the hub sends what is new within seconds.
Polling goes on beside it: a hub may fall silent at any time and nothing is lost by it.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from connectors.records import stable_id

if TYPE_CHECKING:
    from collections.abc import Mapping

HUB_KIND = "hub"
"""Kind of the index's memory that keeps the hub and topic a feed announced, by feed id."""

LEASE_SECS = 864_000
"""Ten days are asked for; the hub decides."""

SHORTEST_LEASE_SECS = 60
LONGEST_LEASE_SECS = 90 * 86_400
RENEW_SHARE = 0.8
"""The lease is renewed when this share of it is over."""

VERIFY_SECS = 3600.0
"""A hub that accepted but did not verify is asked again after an hour."""

FIRST_BACK_OFF_SECS = 60.0
LONGEST_BACK_OFF_SECS = 21_600.0
DENIED_SECS = 86_400.0
MAX_URL_CHARS = 4096
MAX_CHALLENGE_CHARS = 2048

METHODS = ("sha1", "sha256", "sha384", "sha512")
"""The signature methods of the Recommendation, section 7.1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hub:
    """What a feed announced: where to subscribe, and the address that the hub knows it by."""

    hub: str
    topic: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """One feed's subscription. ``due_at`` is when the hub is asked (again)."""

    feed_id: str
    hub: Hub
    secret: str
    due_at: datetime
    requested_at: datetime | None = None
    lease_until: datetime | None = None
    failures: int = 0
    state: str = "new"


def read_hub(hub: str | None, topic: str | None, feed_url: str) -> Hub | None:
    """Return the hub that a feed announced if it can be used; the topic may be left out.

    >>> read_hub("https://hub.example.org/", None, "https://example.org/feed").topic
    'https://example.org/feed'
    >>> read_hub("ftp://hub.example.org/", None, "https://example.org/feed")
    """
    chosen = topic if topic and _is_web_address(topic) else feed_url
    if not hub or not _is_web_address(hub) or not _is_web_address(chosen):
        return None
    return Hub(hub=hub, topic=chosen)


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        whole = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return False
    return whole and len(url) <= MAX_URL_CHARS and url.isprintable()


def callback_token(callback_url: str, feed_id: str) -> str:
    """Return the last part of a feed's callback address: the same after a restart.

    So a new subscription replaces the old one at the hub. It is no secret; the signature is.
    """
    return stable_id("websub", callback_url, feed_id)


def callback_address(callback_url: str, feed_id: str) -> str:
    """Return the address that the hub calls for one feed."""
    return f"{callback_url.rstrip('/')}/{callback_token(callback_url, feed_id)}"


def subscribe_form(subscription: Subscription, callback: str) -> bytes:
    """Return the body of the request to the hub (section 5.1)."""
    fields = {
        "hub.callback": callback,
        "hub.mode": "subscribe",
        "hub.topic": subscription.hub.topic,
        "hub.lease_seconds": str(LEASE_SECS),
        "hub.secret": subscription.secret,
    }
    return urlencode(fields).encode()


def after_request(subscription: Subscription, *, accepted: bool, now: datetime) -> Subscription:
    """Return the subscription after the hub was asked: it must verify now, or is asked later."""
    if accepted:
        return replace(
            subscription,
            state="requested" if subscription.state != "active" else "active",
            requested_at=now,
            due_at=now + timedelta(seconds=VERIFY_SECS),
        )
    failures = subscription.failures + 1
    pause = min(FIRST_BACK_OFF_SECS * 2 ** min(failures - 1, 20), LONGEST_BACK_OFF_SECS)
    return replace(subscription, failures=failures, due_at=now + timedelta(seconds=pause))


def verify(
    subscription: Subscription, query: Mapping[str, str], now: datetime
) -> tuple[Subscription, str | None]:
    """Return the subscription after the hub's question (section 5.3), and the answer.

    The answer is the challenge, or None: not what was asked for (the caller says 404).
    """
    if query.get("hub.topic") != subscription.hub.topic:
        return subscription, None
    mode = query.get("hub.mode")
    if mode == "denied":
        later = now + timedelta(seconds=DENIED_SECS)
        return replace(subscription, state="denied", lease_until=None, due_at=later), ""
    challenge = query.get("hub.challenge", "")
    asked = subscription.requested_at is not None
    if mode != "subscribe" or not asked or not 0 < len(challenge) <= MAX_CHALLENGE_CHARS:
        return subscription, None
    lease = lease_secs(query.get("hub.lease_seconds"))
    return (
        replace(
            subscription,
            state="active",
            failures=0,
            lease_until=now + timedelta(seconds=lease),
            due_at=now + timedelta(seconds=RENEW_SHARE * lease),
        ),
        challenge,
    )


def lease_secs(written: str | None) -> int:
    """Return the lease the hub grants; what it does not say is what was asked for.

    >>> lease_secs("3600"), lease_secs("soon"), lease_secs("1")
    (3600, 864000, 60)
    """
    if not written or not written.isascii() or not written.isdecimal():
        return LEASE_SECS
    return min(max(int(written[:12]), SHORTEST_LEASE_SECS), LONGEST_LEASE_SECS)


def is_signed(body: bytes, header: str | None, secret: str) -> bool:
    """Return whether ``X-Hub-Signature`` proves that the hub sent ``body`` (section 7.1).

    >>> digest = hmac.new(b"s", b"{}", "sha256").hexdigest()
    >>> is_signed(b"{}", f"sha256={digest}", "s"), is_signed(b"[]", f"sha256={digest}", "s")
    (True, False)
    """
    method, _, digest = (header or "").strip().partition("=")
    method = method.strip().lower()
    if method not in METHODS:
        return False
    wanted = hmac.new(secret.encode(), body, getattr(hashlib, method)).hexdigest()
    return hmac.compare_digest(wanted.encode(), digest.strip().lower().encode())
