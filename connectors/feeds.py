"""PollFeeds: from feed addresses to new entries, bounded (one pass) or for ever.

Delivery: at least once over crashes. An entry is in the index's ledger before it leaves here, and
whatever has not been settled is given out again, at the next start or when its lease is over; an
entry already known is counted, not repeated. Tested on FnApiRunner (bounded) and Prism 2.77.
"""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import apache_beam as beam
from apache_beam.io.watermark_estimators import ManualWatermarkEstimator
from apache_beam.transforms.core import DoFn
from apache_beam.transforms.window import TimestampedValue
from apache_beam.utils.timestamp import MAX_TIMESTAMP, Duration, Timestamp

from connectors import metrics
from connectors.feed_polling import (
    STEP,
    initial_state,
    utc_now,
)
from connectors.feed_schedule import DEFAULT_INTERVAL_SECS, DISABLED, is_due
from connectors.feed_session import FeedSession
from connectors.feed_shards import (
    FeedShard,
    ShardRounds,
    ShardState,
    begins_here,
    round_done,
    shard_at,
    shard_feeds,
)
from connectors.records import Entry, Feed, PollState

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from connectors.index import IndexSettings
    from connectors.net import FetchPolicy

log = logging.getLogger(__name__)

WAKE_SECS = 1.5
"""Longest pause between rounds: bounds how late a stop is seen. Flink takes the whole seconds of a
pause: of less than one it begins the round at once, which then waits for the feed itself."""

ROUND_SECS = 1.0
"""A round waits so long for answers; later ones are taken up by the next."""

LINGER_SECS = 0.2
"""A round that found news goes on so long at most: for feeds that were polled with the others last
time and are due a little later, as intervals are spread by a tenth."""

LEAST_PAUSE_SECS = 0.2
"""Within a round: feeds due so soon after one another are polled, and stored, together."""

FEEDS_A_SHARD = 200

_stop = threading.Event()


class _Job:
    """Counts the jobs of this process: threads of one that failed may live on for a while."""

    number = 0
    heard_at = 0.0
    """When a source of the newest job last did something, by the monotonic clock."""


def begin_job() -> None:
    """Tell the sources of earlier jobs of this process that what they find is not theirs to give.

    What such a source registers afterwards would go to a job that is no more, and wait for the
    end of its lease: the next job has read by then what was pending.
    """
    _Job.number += 1
    _Job.heard_at = time.monotonic()


def silence_secs() -> float:
    """Return how long no endless source of this process's newest job has done anything.

    A source wakes every 1.5 s or sooner; one that is not woken for minutes has been lost by its
    runner.
    """
    return time.monotonic() - _Job.heard_at


def request_stop() -> None:
    """Make every endless source of this process finish its round, claim it, and end (a drain)."""
    _stop.set()


def stop_requested() -> bool:
    """Return whether the endless sources of this process are to end."""
    return _stop.is_set()


def clear_stop() -> None:
    """Forget a stop that was requested, before another run in the same process."""
    _stop.clear()


def pause_secs(states: Iterable[PollState], now: datetime, most_secs: float) -> float | None:
    """Return how long until the next feed is due that is not yet; None beyond ``most_secs``."""
    later = [one.next_poll_at for one in states if one.next_poll_at and one.next_poll_at > now]
    pause = (min(later) - now).total_seconds() if later else most_secs
    return max(pause, LEAST_PAUSE_SECS) if pause < most_secs else None


def wake_secs(states: Iterable[PollState], now: datetime) -> float:
    """Return how long after a round the next begins: when a feed is due, ``WAKE_SECS`` at most."""
    pause = pause_secs(states, now, WAKE_SECS)
    return WAKE_SECS if pause is None else pause


class PollFeeds(beam.PTransform):
    """Pipeline → new :class:`Entry` elements of ``feeds``.

    ``once`` makes one bounded pass over all feeds, whatever their schedule; else the output is
    unbounded and a poll happens when it is due, until :func:`request_stop`. A feed's failure is
    stored in its PollState and counted; it ends nothing.

    Args:
        feeds: what to poll; ids must be unique.
        policy: limits and manners of the requests.
        settings: the index that remembers.
        once: bounded or for ever.
        poll_secs: first interval of a feed without one of its own, at least 1.

    Raises:
        ValueError: an id occurs twice, or ``poll_secs`` is out of range.
    """

    def __init__(
        self,
        feeds: Sequence[Feed],
        *,
        policy: FetchPolicy,
        settings: IndexSettings,
        once: bool = False,
        poll_secs: int = DEFAULT_INTERVAL_SECS,
    ) -> None:
        super().__init__()
        if len({feed.id for feed in feeds}) != len(feeds):
            raise ValueError("feeds: expected unique ids")
        if poll_secs < 1:
            raise ValueError(f"poll_secs: expected at least 1, got {poll_secs!r}")
        self._feeds = tuple(feeds)
        self._policy = policy
        self._settings = settings
        self._once = once
        self._poll_secs = poll_secs

    def expand(self, pipeline: Any) -> Any:  # noqa: ANN401 - Beam has no types
        """Wire the bounded pass or the endless source."""
        size = len(self._feeds) or 1 if self._once else FEEDS_A_SHARD
        shards = shard_feeds(self._feeds, size=size)
        values = (self._policy, self._settings, self._poll_secs)
        poll = _PollOnceFn(*values) if self._once else _PollForeverFn(*values, self._feeds)
        elements = shards if self._once else [shard.key for shard in shards]
        return (
            pipeline
            | "Shards" >> beam.Create(elements, reshuffle=not self._once)
            | "Poll" >> beam.ParDo(poll).with_output_types(Entry)
        )


def event_time(entry: Entry) -> Timestamp:
    """Return the element's timestamp: when the entry was first seen."""
    return Timestamp.of(entry.first_seen_at.timestamp())


class _PollOnceFn(DoFn):
    """One bounded pass over a shard: first what was left unsettled, then every feed."""

    def __init__(self, policy: FetchPolicy, settings: IndexSettings, poll_secs: int) -> None:
        self._policy = policy
        self._settings = settings
        self._poll_secs = poll_secs

    def setup(self) -> None:
        self._polling = FeedSession(self._policy, self._settings, self._poll_secs, once=True)

    def teardown(self) -> None:
        self._polling.close()

    def process(self, shard: FeedShard) -> Iterator[Any]:
        for entry in self._polling.pending(shard, at_start=True):
            yield TimestampedValue(entry, event_time(entry))
        stored = self._polling.index.poll_states([feed.id for feed in shard.feeds])
        states = [(feed, initial_state(feed, stored.get(feed.id))) for feed in shard.feeds]
        asked = [(feed, state) for feed, state in states if state.outcome != DISABLED]
        metrics.count(STEP, "skipped_gone", len(states) - len(asked))
        for polled in self._polling.poll(asked):
            for entry in polled.new_entries:
                yield TimestampedValue(entry, event_time(entry))


class _PollForeverFn(DoFn, ShardRounds):
    """The polling source: a round polls what is due, claims the new states, yields, defers."""

    def __init__(
        self,
        policy: FetchPolicy,
        settings: IndexSettings,
        poll_secs: int,
        feeds: Sequence[Feed],
    ) -> None:
        self._policy = policy
        self._settings = settings
        self._poll_secs = poll_secs
        self._feeds = feeds
        self._shards: dict[str, FeedShard] = {}

    def setup(self) -> None:
        self._job = _Job.number
        self._polling = FeedSession(self._policy, self._settings, self._poll_secs, once=False)

    def teardown(self) -> None:
        self._polling.close()

    @DoFn.unbounded_per_element()
    def process(
        self,
        place: str,
        tracker: Any = DoFn.RestrictionParam(),  # noqa: ANN401, B008 - Beam's way
        watermark: Any = DoFn.WatermarkEstimatorParam(  # noqa: ANN401, B008
            ManualWatermarkEstimator.default_provider()  # noqa: B008
        ),
    ) -> Iterator[Any]:
        restriction = tracker.current_restriction()
        started_at = utc_now()
        self._be_heard()
        if place not in self._shards:
            self._shards[place] = shard_at(place, self._feeds)
        shard = self._shards[place]
        if _stop.is_set():
            if tracker.try_claim(replace(restriction, ended=True)):
                watermark.set_watermark(MAX_TIMESTAMP)
            return
        states, entries = self._round(shard, restriction)
        following = ShardState(states=tuple(states.values()), rounds=restriction.rounds + 1)
        if not tracker.try_claim(following) or self._job != _Job.number:
            self._polling.index.defer(entries, due_at=started_at)
            return
        round_done(shard, following.rounds)
        for entry in entries:
            self._be_heard()
            yield TimestampedValue(entry, Timestamp.of(started_at.timestamp()))
        _advance(watermark, Timestamp.of(started_at.timestamp()))
        tracker.defer_remainder(Duration(seconds=wake_secs(following.states, utc_now())))

    def _be_heard(self) -> None:
        if self._job == _Job.number:
            _Job.heard_at = time.monotonic()

    def _round(
        self, shard: FeedShard, restriction: ShardState
    ) -> tuple[Mapping[str, PollState], list[Entry]]:
        """Poll what is due, and what will be before the round is over: the next is seconds away."""
        at_start = begins_here(shard, restriction.rounds)
        entries = self._polling.pending(shard, at_start=at_start)
        states = self._known_states(shard, restriction)
        began = time.monotonic()
        ends_at = began + ROUND_SECS
        while True:
            now, left = utc_now(), max(0.0, ends_at - time.monotonic())
            due = [(feed, states[feed.id]) for feed in shard.feeds if is_due(states[feed.id], now)]
            for polled in self._polling.poll(due, max_secs=left):
                self._be_heard()
                states[polled.feed.id] = polled.state
                entries.extend(polled.new_entries)
            if entries:
                ends_at = min(ends_at, began + LINGER_SECS)
            pause = pause_secs(states.values(), utc_now(), ends_at - time.monotonic())
            if pause is None or _stop.wait(pause):
                return states, entries

    def _known_states(self, shard: FeedShard, restriction: ShardState) -> dict[str, PollState]:
        """Return the states carried along, or those of the index when the job is new."""
        known = {state.feed_id: state for state in restriction.states}
        unknown = [feed.id for feed in shard.feeds if feed.id not in known]
        if unknown:
            known |= self._polling.index.poll_states(unknown)
        return {feed.id: initial_state(feed, known.get(feed.id)) for feed in shard.feeds}


def _advance(watermark: Any, moment: Timestamp) -> None:  # noqa: ANN401 - Beam has no types
    current = watermark.current_watermark()
    if current is None or moment > current:
        watermark.set_watermark(moment)
