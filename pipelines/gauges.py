"""What the runner reads from the index for ``/metrics``: accounting, feeds, what waits."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from connectors import metrics
from connectors.index import IndexUnavailable
from connectors.metrics_bounded import FeedFigures
from pipelines.accounting import OUTCOMES, unaccounted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from connectors.index import Index, Totals
    from connectors.records import Feed, PollState

LOOK_SECS = 15.0
"""Prometheus's usual scrape interval: looking more often shows nothing more."""

LONGEST_LOOK_SECS = 30.0
LOOK_PAUSES = 20
"""A look that takes long (10,000 feeds) is followed by a pause twenty times as long, up to half
a minute: the gauges cost at most a twentieth of a core, and readiness still holds."""

HEALTHS = ("healthy", "failing", "gone", "never_polled")
GONE = "gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedsHealth:
    """How the watched feeds are; ``completeness`` is in [0, 1]."""

    by_health: dict[str, int]
    lateness_secs: float
    completeness: float
    last_success_at: datetime | None
    figures: tuple[FeedFigures, ...]


def feed_health(state: PollState | None) -> str:
    """Return the health of a feed: one of :data:`HEALTHS`."""
    if state is None or state.last_poll_at is None:
        return "never_polled"
    if state.outcome == GONE:
        return GONE
    return "failing" if state.failures else "healthy"


def missed_entries(state: PollState) -> int:
    """Estimate how many entries of a feed were never seen.

    After an overflow none of the entries known before is left, so more came between two polls
    than the feed shows; how many is unknown. As many again as it shows (at most 20) is taken.
    """
    return state.overflows * len(state.newest_entry_ids)


def completeness(states: Sequence[PollState]) -> float:
    """Return the estimated share of the feeds' entries that was seen; 1 when nothing came."""
    seen = sum(state.entries_new for state in states)
    missed = sum(missed_entries(state) for state in states)
    return seen / (seen + missed) if seen + missed else 1.0


def judge_feeds(
    feeds: Sequence[Feed],
    states: Mapping[str, PollState],
    *,
    now: datetime,
    watched_since: datetime,
) -> FeedsHealth:
    """Return how ``feeds`` are at ``now``, those that were never polled included.

    Args:
        feeds: the watch list; states of other feeds are not looked at.
        states: poll states by feed id.
        now: aware.
        watched_since: when this run began; nobody is late before.
    """
    by_health = dict.fromkeys(HEALTHS, 0)
    lateness, figures, known = 0.0, [], []
    for feed in feeds:
        state = states.get(feed.id)
        health = feed_health(state)
        by_health[health] += 1
        if health != GONE:
            due = state.next_poll_at if state else None
            waited = (now - max(due or watched_since, watched_since)).total_seconds()
            lateness = max(lateness, waited)
        if state is not None:
            known.append(state)
            figures.append(
                FeedFigures(
                    feed=feed.id,
                    language=feed.language or "unknown",
                    entries=state.entries_new,
                    overflows=state.overflows,
                )
            )
    successes = [state.last_success_at for state in known if state.last_success_at]
    return FeedsHealth(
        by_health=by_health,
        lateness_secs=lateness,
        completeness=completeness(known),
        last_success_at=max(successes, default=None),
        figures=tuple(figures),
    )


class IndexWatch:
    """Looks into the index now and then and sets the gauges; one thread's own.

    Args:
        feeds: the watch list.
    """

    def __init__(self, feeds: Sequence[Feed]) -> None:
        """Nothing was looked at yet."""
        self._feeds = tuple(feeds)
        self._since = datetime.now(timezone.utc)
        self._next_look = 0.0

    def look(self, index: Index) -> None:
        """Set the gauges if it is time, after a small write: what only reads is not up.

        Raises:
            IndexUnavailable: the index does not answer or takes no writes.
        """
        if time.monotonic() < self._next_look:
            return
        started = time.monotonic()
        try:
            index.check()
        except IndexUnavailable:
            metrics.note_index_silence()
            raise
        show_index(index, self._feeds, watched_since=self._since)
        now = time.monotonic()
        self._next_look = now + pause_secs(now - started)


def pause_secs(look_secs: float) -> float:
    """Return the pause after a look that took ``look_secs``.

    >>> pause_secs(0.1), pause_secs(1.0), pause_secs(9.0)
    (15.0, 20.0, 30.0)
    """
    return min(max(LOOK_SECS, LOOK_PAUSES * look_secs), LONGEST_LOOK_SECS)


def show_index(index: Index, feeds: Sequence[Feed], *, watched_since: datetime) -> None:
    """Read the index once and set every gauge that depends on it.

    Raises:
        IndexUnavailable: the index does not answer; the gauge says so.
    """
    started = time.monotonic()
    try:
        states = index.poll_states()
        totals = index.totals()
        oldest = index.pending_entries(limit=1, due_at=None)
    except IndexUnavailable:
        metrics.note_index_silence()
        raise
    secs = time.monotonic() - started
    now = datetime.now(timezone.utc)
    health = judge_feeds(feeds, states, now=now, watched_since=watched_since)
    metrics.note_index_answer(secs, health.lateness_secs)
    metrics.OLDEST_PENDING.set((oldest[0].first_seen_at if oldest else now).timestamp())
    _show_totals(totals, brought=sum(state.entries_new for state in states.values()))
    _show_feeds(health)


def _show_totals(totals: Totals, *, brought: int) -> None:
    for outcome in sorted(OUTCOMES | set(totals.entries)):
        metrics.ENTRIES.labels(outcome).set(totals.entries.get(outcome, 0))
    metrics.UNACCOUNTED.set(unaccounted(totals, brought=brought))
    metrics.PENDING.set(totals.entries.get("pending", 0))
    metrics.DOCUMENTS.set(totals.documents)
    metrics.DEAD_LETTERS.set(totals.dead_letters)
    metrics.ALERTS_UNDELIVERED.set(totals.alerts_undelivered)


def _show_feeds(health: FeedsHealth) -> None:
    for name, number in health.by_health.items():
        metrics.FEEDS.labels(name).set(number)
    metrics.COMPLETENESS.set(health.completeness)
    if health.last_success_at is not None:
        metrics.LAST_POLL_SUCCESS.set(health.last_success_at.timestamp())
    metrics.FEED_FIGURES.show(health.figures)
