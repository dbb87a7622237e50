"""The polling source: its restriction, its tracker, its rounds and its drain."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from apache_beam.io.watermark_estimators import ManualWatermarkEstimator
from apache_beam.runners.sdf_utils import RestrictionTrackerView, ThreadsafeRestrictionTracker
from apache_beam.utils.timestamp import MAX_TIMESTAMP
from hypothesis import given
from hypothesis import strategies as st

from connectors.backends import open_index
from connectors.feed_session import PENDING_SECS
from connectors.feed_shards import (
    ShardState,
    ShardStateCoder,
    ShardTracker,
    shard_at,
    shard_feeds,
)
from connectors.feeds import (
    LEAST_PAUSE_SECS,
    WAKE_SECS,
    _PollForeverFn,
    begin_job,
    clear_stop,
    pause_secs,
    request_stop,
    wake_secs,
)
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
def polling(policy, settings):
    """Return the open DoFn that polls the given feeds."""
    clear_stop()
    opened = []

    def build(*feeds: Feed) -> _PollForeverFn:
        fn = _PollForeverFn(policy, settings, 1, feeds)
        fn.setup()
        opened.append(fn)
        return fn

    yield build
    for fn in opened:
        fn.teardown()
    clear_stop()


def run_round(fn, restriction):
    """Run one call of ``process``; return titles, the residual (or None) and the watermark."""
    tracker = ThreadsafeRestrictionTracker(ShardTracker(restriction))
    watermark = ManualWatermarkEstimator(None)
    titles = [
        value.value.title for value in fn.process("0/1", RestrictionTrackerView(tracker), watermark)
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


def test_rounds_give_new_entries_advance_the_watermark_and_defer(polling, site):
    fn = polling(Feed(id="f", url=site.put("/f", rss(1)), interval_secs=1))
    titles, residual, first = run_round(fn, fn.initial_restriction("0/1"))
    assert titles == ["T1"]
    assert residual.rounds == 1
    assert residual.states[0].entries_new == 1
    titles, residual, second = run_round(fn, residual)
    assert titles == []
    assert residual.rounds == 2
    assert second > first


def test_what_a_lost_round_had_given_out_is_given_again_by_the_process_that_goes_on(polling, site):
    fn = polling(Feed(id="f", url=site.put("/f", rss(1)), interval_secs=1))
    _, checkpoint, _ = run_round(fn, fn.initial_restriction("0/1"))
    due = (replace(checkpoint.states[0], next_poll_at=datetime.now(timezone.utc)),)
    checkpoint = replace(checkpoint, states=due)
    site.put("/f", rss(2, 1))
    run_round(fn, checkpoint)  # its bundle fails, and the job goes on from the checkpoint
    titles, residual, _ = run_round(fn, checkpoint)
    assert set(titles) == {"T1", "T2"}
    assert run_round(fn, residual)[0] == []


def test_a_feed_that_is_not_due_is_left_alone(polling, site):
    fn = polling(Feed(id="f", url=site.put("/f", rss(1)), interval_secs=900))
    _, residual, _ = run_round(fn, fn.initial_restriction("0/1"))
    run_round(fn, residual)
    assert site.paths() == ["/f"]


def test_a_feed_that_is_due_before_the_round_is_over_is_polled_in_it(polling, site):
    fn = polling(Feed(id="f", url=site.put("/f", rss(1)), interval_secs=900))
    _, residual, _ = run_round(fn, fn.initial_restriction("0/1"))
    due_at = datetime.now(timezone.utc) + timedelta(seconds=0.4)
    states = (replace(residual.states[0], next_poll_at=due_at),)
    site.put("/f", rss(2, 1))
    titles, residual, _ = run_round(fn, replace(residual, states=states))
    assert titles == ["T2"]
    assert residual.states[0].last_poll_at >= due_at


def test_the_next_round_begins_when_a_feed_is_due_or_soon_enough_to_see_a_stop():
    now = datetime(2025, 1, 1, tzinfo=timezone.utc)

    def due(secs: float) -> PollState:
        return PollState(feed_id="f", url="u", next_poll_at=now + timedelta(seconds=secs))

    assert wake_secs([due(0.7), due(900)], now) == pytest.approx(0.7)
    assert wake_secs([due(900)], now) == WAKE_SECS
    assert wake_secs([due(-5)], now) == WAKE_SECS
    assert wake_secs([], now) == WAKE_SECS


def test_what_has_become_due_is_not_looked_for_in_every_short_round(polling, site, settings):
    fn = polling(Feed(id="f", url=site.put("/f", rss(1)), interval_secs=900))
    _, residual, _ = run_round(fn, fn.initial_restriction("0/1"))
    began = time.monotonic()
    _, residual, _ = run_round(fn, residual)
    index = open_index(settings)
    (entry,) = index.pending_entries(limit=9, due_at=None)
    index.defer([entry], due_at=datetime(2025, 1, 1, tzinfo=timezone.utc))
    index.close()
    titles, residual, _ = run_round(fn, residual)
    if time.monotonic() < began + PENDING_SECS:
        assert titles == []
    while not titles:
        titles, residual, _ = run_round(fn, residual)
    assert titles == ["T1"]


def test_a_stop_does_not_wait_for_a_feed_that_is_nearly_due(polling, site):
    fn = polling(Feed(id="f", url=site.put("/f", rss(1)), interval_secs=900))
    _, residual, _ = run_round(fn, fn.initial_restriction("0/1"))
    due_at = datetime.now(timezone.utc) + timedelta(seconds=0.9)
    states = (replace(residual.states[0], next_poll_at=due_at),)
    request_stop()
    fn._round(shard_at("0/1", fn._feeds), replace(residual, states=states))
    assert site.paths() == ["/f"]


@pytest.mark.parametrize(
    ("due_in", "most", "pause"),
    [
        ((), 1.0, None),
        ((-5.0,), 1.0, None),
        ((0.5, 0.25), 1.0, 0.25),
        ((0.5, 0.05), 1.0, LEAST_PAUSE_SECS),
        ((-5.0, 0.5), 1.0, 0.5),
        ((0.5,), 0.5, None),
        ((0.5,), -0.1, None),
    ],
)
def test_a_round_waits_for_the_next_feed_or_for_none(due_in, most, pause):
    now = datetime(2025, 1, 1, tzinfo=timezone.utc)
    states = [
        PollState(feed_id="f", url="u", next_poll_at=now + timedelta(seconds=secs))
        for secs in due_in
    ]
    states.append(PollState(feed_id="never", url="u"))
    assert pause_secs(states, now, most) == pause


def test_a_new_job_begins_with_what_was_in_flight_and_what_the_index_remembers(polling, site):
    fn = polling(Feed(id="f", url=site.put("/f", rss(1)), interval_secs=900))
    run_round(fn, fn.initial_restriction("0/1"))
    again = polling(*fn._feeds)
    titles, residual, _ = run_round(again, again.initial_restriction("0/1"))
    assert titles == ["T1"]
    assert residual.states[0].entries_new == 1
    assert site.paths() == ["/f"]


def due_titles(index):
    now = datetime.now(timezone.utc)
    return {entry.title for entry in index.pending_entries(limit=9, due_at=now)}


def test_what_a_failed_job_still_finds_is_left_to_the_next_round(polling, site, settings):
    old = polling(Feed(id="f", url=site.put("/f", rss(1)), interval_secs=900))
    begin_job()
    new = polling(*old._feeds)
    _, residual, _ = run_round(new, new.initial_restriction("0/1"))
    site.put("/f", rss(1, 2))
    long_ago = datetime(2025, 1, 1, tzinfo=timezone.utc)
    due = tuple(replace(state, next_poll_at=long_ago) for state in residual.states)
    index = open_index(settings)
    while "T2" not in due_titles(index):  # a slow poll ends in a later round, under its lease
        assert run_round(old, ShardState(states=due, rounds=1))[0] == []
    index.close()
    titles, _, _ = run_round(new, residual)
    assert "T2" in titles


def test_an_entry_whose_lease_ended_costs_an_attempt(polling, site, settings):
    assert attempts_of_one_given_again(polling, site, settings, lease_secs=0.0) == 1


def test_an_entry_that_only_waited_for_its_host_costs_no_attempt(polling, site, settings):
    assert attempts_of_one_given_again(polling, site, settings, lease_secs=900.0) == 0


def attempts_of_one_given_again(polling, site, settings, *, lease_secs):
    """Return the attempts of an entry that is due again as it was given out."""
    fn = polling(Feed(id="f", url=site.put("/f", rss(1)), interval_secs=900))
    fn._polling.lease_secs = lease_secs
    _, residual, _ = run_round(fn, fn.initial_restriction("0/1"))
    index = open_index(settings)
    (entry,) = index.pending_entries(limit=9, due_at=None)
    index.defer([entry], due_at=datetime(2025, 1, 1, tzinfo=timezone.utc))
    titles, _, _ = run_round(fn, residual)
    assert titles == ["T1"]
    given = index.pending_entries(limit=9, due_at=None)[0]
    index.close()
    return given.attempts


def test_a_stop_ends_the_source_with_the_last_watermark(polling, site):
    fn = polling(Feed(id="f", url=site.put("/f", rss(1))))
    request_stop()
    titles, residual, watermark = run_round(fn, fn.initial_restriction("0/1"))
    assert (titles, residual, watermark) == ([], None, MAX_TIMESTAMP)
    assert site.paths() == []


@given(st.integers(0, 500), st.integers(1, 200))
def test_every_feed_is_in_exactly_one_shard(count, size):
    feeds = [Feed(id=f"f{n}", url="https://example.org/") for n in range(count)]
    shards = shard_feeds(feeds, size=size)
    placed = Counter(feed.id for shard in shards for feed in shard.feeds)
    assert placed == Counter(feed.id for feed in feeds)
    assert sum(shard.takes_orphans for shard in shards) == 1


@given(st.integers(0, 300), st.integers(0, 300), st.integers(1, 50))
def test_old_shards_hold_every_feed_of_today_once(before, today, size):
    old = [Feed(id=f"f{n}", url="https://example.org/") for n in range(before)]
    new = [Feed(id=f"f{n}", url="https://example.org/") for n in range(50, 50 + today)]
    shards = [shard_at(shard.key, new) for shard in shard_feeds(old, size=size)]
    placed = Counter(feed.id for shard in shards for feed in shard.feeds)
    assert placed == Counter(feed.id for feed in new)


def test_a_resumed_job_polls_the_feeds_of_today(polling, site):
    fn = polling(Feed(id="new", url=site.put("/new", rss(2))))
    titles, residual, _ = run_round(fn, STATE)
    assert titles == ["T2"]
    assert [state.feed_id for state in residual.states] == ["new"]
