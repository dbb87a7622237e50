"""The polling source: its restriction, its tracker, its rounds and its drain."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timezone

import pytest
from apache_beam.io.watermark_estimators import ManualWatermarkEstimator
from apache_beam.runners.sdf_utils import RestrictionTrackerView, ThreadsafeRestrictionTracker
from apache_beam.utils.timestamp import MAX_TIMESTAMP
from hypothesis import given
from hypothesis import strategies as st

from connectors.backends import open_index
from connectors.feed_shards import ShardState, ShardStateCoder, ShardTracker, shard_feeds
from connectors.feeds import _PollForeverFn, clear_stop, request_stop
from connectors.records import Feed, PollState

STATE = ShardState(
    states=(
        PollState(
            feed_id="f",
            url="https://example.org/feed",
            etag='"ё"',
            next_poll_at=datetime(2025, 1, 1, tzinfo=timezone.utc),
            newest_entry_ids=("a", "b"),
        ),
    ),
    rounds=3,
)


def rss(*numbers: int) -> str:
    items = "".join(f"<item><title>T{n}</title><link>/{n}</link></item>" for n in numbers)
    return f'<rss version="2.0"><channel>{items}</channel></rss>'


@pytest.fixture
def fn(policy, settings):
    clear_stop()
    fn = _PollForeverFn(policy, settings, 1)
    fn.setup()
    yield fn
    fn.teardown()
    clear_stop()


def run_round(fn, shard, restriction):
    """Run one call of ``process``; return titles, the residual (or None) and the watermark."""
    tracker = ThreadsafeRestrictionTracker(ShardTracker(restriction))
    watermark = ManualWatermarkEstimator(None)
    titles = [
        value.value.title for value in fn.process(shard, RestrictionTrackerView(tracker), watermark)
    ]
    tracker.check_done()
    deferred = tracker.deferred_status()
    return titles, deferred[0] if deferred else None, watermark.current_watermark()


def test_the_restriction_survives_its_coder():
    coder = ShardStateCoder()
    assert coder.decode(coder.encode(STATE)) == STATE
    assert coder.decode(coder.encode(ShardState())) == ShardState()
    assert coder.is_deterministic()


def test_a_claim_splits_into_what_is_done_and_the_new_state():
    tracker = ShardTracker(ShardState())
    assert tracker.try_claim(STATE)
    primary, residual = tracker.try_split(0)
    assert primary.ended
    assert residual == STATE
    assert tracker.check_done()
    assert not tracker.try_claim(STATE)
    assert tracker.try_split(0) is None


def test_a_round_under_way_is_not_split():
    tracker = ShardTracker(STATE)
    assert tracker.try_split(0.5) is None
    with pytest.raises(ValueError, match="neither"):
        tracker.check_done()
    assert not tracker.is_bounded()


def test_what_has_ended_is_bounded_and_claims_nothing():
    tracker = ShardTracker(ShardState(ended=True))
    assert tracker.is_bounded()
    assert not tracker.try_claim(STATE)
    assert tracker.current_progress().completed_work == 1.0


def test_rounds_give_new_entries_advance_the_watermark_and_defer(fn, site):
    (shard,) = shard_feeds([Feed(id="f", url=site.put("/f", rss(1)), interval_secs=1)], size=9)
    titles, residual, first = run_round(fn, shard, fn.initial_restriction(shard))
    assert titles == ["T1"]
    assert residual.rounds == 1
    assert residual.states[0].entries_new == 1
    titles, residual, second = run_round(fn, shard, residual)
    assert titles == []
    assert residual.rounds == 2
    assert second > first


def test_a_feed_that_is_not_due_is_left_alone(fn, site):
    (shard,) = shard_feeds([Feed(id="f", url=site.put("/f", rss(1)), interval_secs=900)], size=9)
    _, residual, _ = run_round(fn, shard, fn.initial_restriction(shard))
    run_round(fn, shard, residual)
    assert site.paths() == ["/f"]


def test_a_new_job_begins_with_what_was_in_flight_and_what_the_index_remembers(
    fn, site, policy, settings
):
    (shard,) = shard_feeds([Feed(id="f", url=site.put("/f", rss(1)), interval_secs=900)], size=9)
    run_round(fn, shard, fn.initial_restriction(shard))
    again = _PollForeverFn(policy, settings, 1)
    again.setup()
    titles, residual, _ = run_round(again, shard, again.initial_restriction(shard))
    again.teardown()
    assert titles == ["T1"]
    assert residual.states[0].entries_new == 1
    assert site.paths() == ["/f"]


def test_an_entry_whose_lease_ended_costs_an_attempt(fn, site, settings):
    (shard,) = shard_feeds([Feed(id="f", url=site.put("/f", rss(1)), interval_secs=900)], size=9)
    _, residual, _ = run_round(fn, shard, fn.initial_restriction(shard))
    index = open_index(settings)
    (entry,) = index.pending_entries(limit=9, due_at=None)
    index.defer([entry], due_at=datetime(2025, 1, 1, tzinfo=timezone.utc))
    titles, _, _ = run_round(fn, shard, residual)
    assert titles == ["T1"]
    assert index.pending_entries(limit=9, due_at=None)[0].attempts == 1
    index.close()


def test_a_stop_ends_the_source_with_the_last_watermark(fn, site):
    (shard,) = shard_feeds([Feed(id="f", url=site.put("/f", rss(1)))], size=9)
    request_stop()
    titles, residual, watermark = run_round(fn, shard, fn.initial_restriction(shard))
    assert (titles, residual, watermark) == ([], None, MAX_TIMESTAMP)
    assert site.paths() == []


@given(st.integers(0, 500), st.integers(1, 200))
def test_every_feed_is_in_exactly_one_shard(count, size):
    feeds = [Feed(id=f"f{n}", url="https://example.org/") for n in range(count)]
    shards = shard_feeds(feeds, size=size)
    placed = Counter(feed.id for shard in shards for feed in shard.feeds)
    assert placed == Counter(feed.id for feed in feeds)
    assert sum(shard.takes_orphans for shard in shards) == 1
