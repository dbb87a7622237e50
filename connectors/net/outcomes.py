"""What became of one fetch, in bounded words, and how HTTP's own words are read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_RETRY_AFTER_SECS = 86_400.0
"""A longer Retry-After is cut to a day: it would outlive any outage it announces."""

TRANSIENT = frozenset(
    {
        "timeout",
        "connection_error",
        "dns_error",
        "tls_error",
        "broken_body",
        "bad_response",
        "server_error",
        "rate_limited",
        "host_down",
        "robots_unreachable",
        "busy",
    }
)
"""Outcomes that may pass: the same fetch is worth another attempt later."""

REDIRECT_STATUSES = frozenset({301, 302, 303, 307, 308})
PERMANENT_REDIRECTS = frozenset({301, 308})


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """The answer to one fetch, or why there is none.

    ``outcome`` is ``ok``, ``not_modified``, ``gone`` (410), ``not_found`` (404), ``http_error``
    (other 4xx), ``too_big``, ``blocked_address``, ``blocked_by_robots``, ``bad_redirect``,
    ``bad_encoding``, ``unexpected``, or one of :data:`TRANSIENT`. ``headers`` have lower-case
    names. ``url`` is the address finally reached; ``permanent_url`` the one that permanent
    redirects alone led to, when they led anywhere.
    """

    url: str
    outcome: str
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    detail: str = ""
    permanent_url: str | None = None
    retry_after_secs: float | None = None

    @property
    def is_transient(self) -> bool:
        """Whether the same fetch may succeed later."""
        return self.outcome in TRANSIENT


def status_outcome(status: int) -> str:
    """Return the outcome class of an HTTP status that is not a redirect.

    >>> [status_outcome(status) for status in (200, 304, 404, 410, 403, 429, 503)]
    ['ok', 'not_modified', 'not_found', 'gone', 'http_error', 'rate_limited', 'server_error']
    """
    known = {304: "not_modified", 404: "not_found", 410: "gone", 429: "rate_limited"}
    if status in known:
        return known[status]
    if 200 <= status < 300:
        return "ok"
    return "server_error" if status >= 500 else "http_error"


def parse_http_date(value: str | None) -> datetime | None:
    """Return the instant of an HTTP date header, None when it is absent or wrong.

    >>> parse_http_date("Sat, 07 Dec 2024 11:00:00 GMT").isoformat()
    '2024-12-07T11:00:00+00:00'
    >>> parse_http_date("soon")
    """
    if not value:
        return None
    try:
        moment = parsedate_to_datetime(value[:100])
        if moment.tzinfo is None:
            return moment.replace(tzinfo=timezone.utc)
        return moment.astimezone(timezone.utc)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def retry_after_secs(value: str | None, now: datetime) -> float | None:
    """Return the seconds that a Retry-After header asks for (a number or a date), at most a day.

    >>> moment = datetime(2024, 12, 7, 11, tzinfo=timezone.utc)
    >>> retry_after_secs("120", moment)
    120.0
    >>> retry_after_secs("Sat, 07 Dec 2024 11:01:00 GMT", moment)
    60.0
    >>> retry_after_secs("-3", moment), retry_after_secs("soon", moment)
    (None, None)
    """
    if value is None:
        return None
    text = value.strip()
    if re.fullmatch(r"[0-9]{1,12}", text):
        return min(float(text), MAX_RETRY_AFTER_SECS)
    moment = parse_http_date(text)
    if moment is None:
        return None
    return min(max(0.0, (moment - now).total_seconds()), MAX_RETRY_AFTER_SECS)


def cache_lifetime_secs(headers: Mapping[str, str], now: datetime) -> float | None:
    """Return how long the answer stays fresh by Cache-Control, else by Expires; None if unsaid.

    >>> cache_lifetime_secs({"cache-control": "public, max-age=600"}, datetime.now(timezone.utc))
    600.0
    """
    control = headers.get("cache-control", "").lower()
    if re.search(r"\bno-(?:cache|store)\b", control):
        return None
    found = re.search(r"(?:^|[\s,])max-age\s*=\s*\"?([0-9]{1,10})", control)
    if found:
        age = re.fullmatch(r"\s*([0-9]{1,10})\s*", headers.get("age", ""))
        return max(0.0, float(found[1]) - (float(age[1]) if age else 0.0))
    expires = parse_http_date(headers.get("expires"))
    if expires is None:
        return None
    sent = parse_http_date(headers.get("date")) or now
    return max(0.0, (expires - sent).total_seconds())
