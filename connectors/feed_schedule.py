"""When a feed is polled next: one pure decision, tested with a virtual clock.

Next poll = ``clamp(max(own interval, ttl, syndication module, Cache-Control, Expires))``, moved
out of skipped hours and days, jittered. The own interval adapts: a feed that repeats itself slows
down, one that brings news speeds up, at the hours at which it does (:mod:`connectors.feed_rhythm`),
either only after two successes on time (rss-fetcher's rule); an interval from the configuration
stays. A failure backs off linearly by its kind and never disables; only 410 does.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from connectors.feed_rhythm import learned, wait_secs

if TYPE_CHECKING:
    from connectors.records import PollState

DEFAULT_INTERVAL_SECS = 900
MIN_INTERVAL_SECS = 60
"""No feed is polled more often, unless its configuration says so itself."""

MAX_INTERVAL_SECS = 86_400
ADAPT_MIN_SECS = 180
"""A busy feed is polled as often as this, unless it asks for less."""

ADAPT_MAX_SECS = 10_800
"""A quiet feed is still read eight times a day."""

JITTER = 0.1
"""Share of an interval by which polls spread: no herd after a restart."""

LEAST_SUCCESSES = 2
REDIRECT_SIGHTINGS = 3
NEWEST_KEPT = 20

BACKOFF_SECS = {
    "rate_limited": 900,
    "server_error": 300,
    "timeout": 300,
    "connection_error": 300,
    "dns_error": 600,
    "host_down": 300,
    "busy": 60,
    "tls_error": 1800,
    "not_found": 3600,
    "http_error": 3600,
    "not_a_feed": 1800,
    "empty": 1800,
    "too_big": 3600,
    "too_slow": 3600,
    "blocked_address": 3600,
}
"""Added for each failure in a row, by kind: what passes soon is asked again soon."""

DEFAULT_BACKOFF_SECS = 900

LASTING = frozenset(
    ("rate_limited", "dns_error", "tls_error", "not_found", "http_error", "not_a_feed", "empty",
     "too_big", "blocked_address")
)  # fmt: skip
"""Failures that mean more than a slip. The first of any other kind costs no more than an interval:
a feed that is read every two minutes must not be dark for five because of one lost packet."""

HEALTHY = frozenset({"ok", "malformed"})
DISABLED = "gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class PollReport:
    """What one poll found, as far as scheduling needs it.

    ``outcome`` is ``ok``, ``malformed`` (entries, but cut), ``not_modified`` or a failure.
    ``unchanged`` marks a body with the same hash. All lengths of time are seconds.
    """

    outcome: str
    detail: str = ""
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    seen: int = 0
    new: int = 0
    entry_ids: tuple[str, ...] = ()
    tellings: str = ""
    ttl_secs: int | None = None
    update_secs: int | None = None
    lifetime_secs: float | None = None
    retry_after_secs: float | None = None
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()
    permanent_url: str | None = None


def next_state(  # noqa: PLR0913 - the decision's inputs, all named
    state: PollState,
    report: PollReport,
    *,
    now: datetime,
    jitter: float,
    own_interval_secs: int | None = None,
    default_interval_secs: int = DEFAULT_INTERVAL_SECS,
) -> PollState:
    """Return what is remembered of a feed after a poll, with the time of the next.

    Args:
        state: what was remembered before.
        report: what the poll found.
        now: the end of the poll.
        jitter: a number in [0, 1) that spreads the polls.
        own_interval_secs: the configured interval: then nothing adapts, only the feed's own
            wishes make it longer.
        default_interval_secs: the first interval of a feed without one of its own.
    """
    base = own_interval_secs or default_interval_secs
    changes: dict[str, Any] = {"last_poll_at": now, "outcome": report.outcome}
    if report.outcome == DISABLED:
        changes |= {"failures": state.failures + 1, "error": report.detail or None}
        return replace(state, next_poll_at=None, **changes)
    if report.outcome in HEALTHY or report.outcome == "not_modified":
        if report.outcome in HEALTHY:
            changes |= _after_success(state, report, now)
        elif not state.failures:
            on_time = state.on_time_successes + 1
            changes |= {"last_success_at": now, "on_time_successes": on_time, "error": None}
        if own_interval_secs:
            changes["interval_secs"] = base
        elif "last_success_at" in changes:
            changes |= _adapted(state, report, changes, now=now, base=base)
        interval = changes.get("interval_secs") or state.interval_secs or base
        wait = _asked_secs(interval, report, base)
        changes |= _with_redirect(state, report)
    else:
        failures = state.failures + 1
        error = f"{report.outcome}: {report.detail}"[:300]
        changes |= {"failures": failures, "on_time_successes": 0, "error": error}
        wait = _backoff_secs(failures, report)
        if failures == 1 and report.outcome not in LASTING:
            usual = own_interval_secs or max(state.interval_secs or base, MIN_INTERVAL_SECS)
            wait = min(wait, float(usual))
    spread = wait * (1 + JITTER * (2 * jitter - 1))
    due = now + timedelta(seconds=max(spread, report.retry_after_secs or 0.0))
    due = out_of_skipped(due, report.skip_hours, report.skip_days)
    return replace(state, next_poll_at=due, **changes)


def _after_success(state: PollState, report: PollReport, now: datetime) -> dict[str, Any]:
    return {
        "etag": report.etag,
        "last_modified": report.last_modified,
        "body_hash": report.body_hash,
        "last_success_at": now,
        "failures": 0,
        "error": report.detail or None if report.outcome == "malformed" else None,
        "entries_seen": state.entries_seen + report.seen,
        "entries_new": state.entries_new + report.new,
        "on_time_successes": state.on_time_successes + 1 if state.failures == 0 else 1,
        "newest_entry_ids": report.entry_ids[:NEWEST_KEPT],
        "tellings": report.tellings,
        "overflows": state.overflows + _is_overflow(state, report),
    }


def _is_overflow(state: PollState, report: PollReport) -> bool:
    """Tell whether none of the entries known before are left: some may have been missed."""
    known = state.newest_entry_ids
    return bool(known and report.entry_ids) and set(known).isdisjoint(report.entry_ids)


def _adapted(
    state: PollState, report: PollReport, changes: dict[str, Any], *, now: datetime, base: int
) -> dict[str, Any]:
    """Return the learned rhythm and the interval that fits it.

    The interval stays as it was until two polls in a row were answered on time; an overflow
    halves it at once.
    """
    rhythm = learned(state.rhythm, report.new, state.last_success_at, now)
    interval = float(state.interval_secs or base)
    least = min(base, ADAPT_MIN_SECS)
    wanted = interval
    if changes["on_time_successes"] > LEAST_SUCCESSES:
        most = max(base, ADAPT_MAX_SECS)
        wanted = wait_secs(rhythm, now, least=least, most=most, scale=base / DEFAULT_INTERVAL_SECS)
    if report.entry_ids and _is_overflow(state, report):
        wanted = min(wanted, interval * 0.5)
    return {"rhythm": rhythm, "interval_secs": round(max(wanted, least))}


def _asked_secs(interval: int, report: PollReport, base: int) -> float:
    wishes = (interval, report.ttl_secs, report.update_secs, report.lifetime_secs)
    longest = max(float(wish) for wish in wishes if wish is not None)
    return min(max(longest, min(base, MIN_INTERVAL_SECS)), MAX_INTERVAL_SECS)


def _backoff_secs(failures: int, report: PollReport) -> float:
    step = BACKOFF_SECS.get(report.outcome, DEFAULT_BACKOFF_SECS)
    return float(min(step * failures, MAX_INTERVAL_SECS))


def _with_redirect(state: PollState, report: PollReport) -> dict[str, Any]:
    """Count sightings of a permanent redirect; :func:`poll_url` adopts it after three."""
    target = report.permanent_url
    if target is None:
        adopted = state.redirect_sightings >= REDIRECT_SIGHTINGS
        return {} if adopted else {"redirect_url": None, "redirect_sightings": 0}
    if target == state.redirect_url:
        return {"redirect_sightings": state.redirect_sightings + 1}
    return {"redirect_url": target, "redirect_sightings": 1}


def poll_url(state: PollState) -> str:
    """Return the address to poll: the configured one, or where it has moved for good."""
    moved = state.redirect_url is not None and state.redirect_sightings >= REDIRECT_SIGHTINGS
    return state.redirect_url if moved and state.redirect_url else state.url


def is_due(state: PollState, now: datetime) -> bool:
    """Return whether a feed is to be polled now; one that is gone for good never is."""
    if state.outcome == DISABLED:
        return False
    return state.next_poll_at is None or state.next_poll_at <= now


def out_of_skipped(due: datetime, hours: tuple[int, ...], days: tuple[int, ...]) -> datetime:
    """Return ``due``, or the first full hour after it that the feed does not ask to skip (UTC).

    A feed that skips everything is not believed.

    >>> from datetime import timezone
    >>> out_of_skipped(datetime(2024, 12, 7, 2, 30, tzinfo=timezone.utc), (2, 3), ()).hour
    4
    """
    if not hours and not days:
        return due
    candidate = due
    for _ in range(24 * 7):
        if candidate.hour not in hours and candidate.weekday() not in days:
            return candidate
        candidate = candidate.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return due
