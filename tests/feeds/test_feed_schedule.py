"""When a feed is polled next, under a virtual clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.feed_schedule import (
    ADAPT_MAX_SECS,
    ADAPT_MIN_SECS,
    BACKOFF_SECS,
    LASTING,
    MAX_INTERVAL_SECS,
    PollReport,
    is_due,
    next_state,
    out_of_skipped,
    poll_url,
)
from connectors.records import PollState

NOW = datetime(2024, 12, 7, 11, tzinfo=timezone.utc)
NEW = PollState(feed_id="f", url="https://example.org/feed")


def after(report: PollReport, state: PollState = NEW, **options: object) -> PollState:
    return next_state(state, report, now=NOW, jitter=0.5, **options)


def wait_secs(report: PollReport, state: PollState = NEW, **options: object) -> float:
    due_at = after(report, state, **options).next_poll_at
    assert due_at is not None
    return (due_at - NOW).total_seconds()


def test_the_longest_wish_decides():
    wishes = PollReport(outcome="ok", ttl_secs=1200, update_secs=3600, lifetime_secs=600.0)
    assert wait_secs(wishes, own_interval_secs=300) == 3600
    assert wait_secs(replace(wishes, update_secs=None), own_interval_secs=300) == 1200
    assert wait_secs(replace(wishes, ttl_secs=None, update_secs=None)) == 900


def test_wishes_are_bounded_to_a_day():
    assert wait_secs(PollReport(outcome="ok", ttl_secs=10**9)) == MAX_INTERVAL_SECS


def test_an_interval_below_a_minute_must_be_configured():
    assert wait_secs(PollReport(outcome="ok"), own_interval_secs=5) == 5
    impatient = replace(NEW, interval_secs=5)
    assert wait_secs(PollReport(outcome="ok"), impatient) == ADAPT_MIN_SECS


def test_retry_after_is_obeyed_beyond_any_back_off():
    report = PollReport(outcome="rate_limited", retry_after_secs=20_000)
    assert wait_secs(report) == 20_000


@pytest.mark.parametrize("kind", sorted(BACKOFF_SECS))
def test_failures_back_off_linearly_by_their_kind_and_never_disable(kind):
    state, waits = NEW, []
    for _ in range(400):
        state = after(PollReport(outcome=kind, detail="x"), state)
        waits.append((state.next_poll_at - NOW).total_seconds())
    first = BACKOFF_SECS[kind] if kind in LASTING else min(BACKOFF_SECS[kind], 900)
    assert waits[:3] == [first, BACKOFF_SECS[kind] * 2, BACKOFF_SECS[kind] * 3]
    assert max(waits) <= MAX_INTERVAL_SECS
    assert state.failures == 400
    assert is_due(state, NOW + timedelta(days=2))


@pytest.mark.parametrize("kind", ["timeout", "connection_error", "server_error", "parser_failed"])
def test_one_slip_costs_a_busy_feed_no_more_than_its_interval(kind):
    busy = replace(NEW, interval_secs=180)
    first = after(PollReport(outcome=kind), busy)
    assert (first.next_poll_at - NOW).total_seconds() == 180
    second = after(PollReport(outcome=kind), first)
    assert (second.next_poll_at - NOW).total_seconds() == 2 * BACKOFF_SECS.get(kind, 900)
    assert wait_secs(PollReport(outcome=kind), own_interval_secs=5) == 5
    waited = PollReport(outcome=kind, retry_after_secs=20_000)
    assert wait_secs(waited, busy) == 20_000


def test_only_gone_disables():
    state = after(PollReport(outcome="gone", detail="HTTP 410"))
    assert state.next_poll_at is None
    assert not is_due(state, NOW + timedelta(days=3650))


def test_a_feed_never_polled_is_due():
    assert is_due(NEW, NOW)


def test_jitter_spreads_by_a_tenth():
    spread = {
        jitter: next_state(NEW, PollReport(outcome="ok"), now=NOW, jitter=jitter).next_poll_at
        for jitter in (0.0, 0.5, 0.999)
    }
    assert spread[0.0] == NOW + timedelta(seconds=810)
    assert NOW + timedelta(seconds=980) < spread[0.999] < NOW + timedelta(seconds=990)


def test_a_304_after_a_failure_does_not_make_a_feed_healthy():
    failed = after(PollReport(outcome="timeout", detail="slow"))
    state = after(PollReport(outcome="not_modified"), failed)
    assert (state.failures, state.last_success_at) == (1, None)
    assert state.error == "timeout: slow"
    healthy = after(PollReport(outcome="ok"), state)
    assert (healthy.failures, healthy.last_success_at, healthy.error) == (0, NOW, None)


def polled(reports: list[PollReport], state: PollState = NEW) -> list[PollState]:
    """Poll when it is due, one report after the other, and return the states."""
    states, now = [], NOW
    for report in reports:
        state = next_state(state, report, now=now, jitter=0.5)
        states.append(state)
        now = state.next_poll_at
    return states


@pytest.mark.parametrize(
    "repeat", [PollReport(outcome="ok", seen=20, new=0), PollReport(outcome="not_modified")]
)
def test_a_feed_that_repeats_itself_slows_down_after_two_successes_on_time(repeat):
    intervals = [state.interval_secs for state in polled([repeat] * 300)]
    assert intervals[:2] == [900, 900]
    assert intervals[2] > 900
    assert max(intervals) == ADAPT_MAX_SECS


def test_a_feed_that_brings_news_speeds_up_after_two_successes_on_time():
    news = PollReport(outcome="ok", seen=20, new=15)
    intervals = [state.interval_secs for state in polled([news] * 200)]
    assert intervals[:2] == [900, 900]
    assert intervals[2] < 900
    assert intervals[-1] == ADAPT_MIN_SECS


def test_a_feed_is_polled_more_at_the_hours_at_which_it_publishes():
    state, now, waits = NEW, NOW, {}
    for _ in range(2000):
        working = now.weekday() < 5 and 8 <= now.hour < 16
        new = 2 if working and state.next_poll_at else 0
        state = next_state(state, PollReport(outcome="ok", seen=20, new=new), now=now, jitter=0.5)
        waits.setdefault((now.weekday() < 5, now.hour), []).append(state.interval_secs)
        now = state.next_poll_at
    at = {key: sum(values[-5:]) / len(values[-5:]) for key, values in waits.items()}
    assert at[True, 12] < 1000
    assert at[True, 21] > 3 * at[True, 12]
    assert at[False, 12] > 2 * at[True, 12]


def test_an_interval_learned_scales_with_the_configured_first_one():
    quick = next_state(NEW, PollReport(outcome="ok"), now=NOW, jitter=0.5, default_interval_secs=60)
    assert quick.next_poll_at == NOW + timedelta(seconds=60)


def test_an_overflow_speeds_up_at_once_and_is_counted():
    state = after(PollReport(outcome="ok", seen=2, new=2, entry_ids=("a", "b")))
    state = after(PollReport(outcome="ok", seen=2, new=2, entry_ids=("c", "d")), state)
    assert (state.interval_secs, state.overflows) == (450, 1)


def test_a_failure_starts_the_count_of_successes_again():
    state = after(PollReport(outcome="ok", seen=1))
    state = after(PollReport(outcome="timeout"), after(PollReport(outcome="ok", seen=1), state))
    state = after(PollReport(outcome="ok", seen=1, new=0), state)
    assert (state.on_time_successes, state.interval_secs) == (1, 900)


@pytest.mark.parametrize("new", [0, 9])
def test_a_configured_interval_stays(new):
    state = NEW
    for number in range(20):
        report = PollReport(outcome="ok", seen=9, new=new, entry_ids=(str(number),))
        state = after(report, state, own_interval_secs=420)
        assert state.next_poll_at == NOW + timedelta(seconds=420)
    assert (
        after(PollReport(outcome="not_modified"), state, own_interval_secs=420).interval_secs == 420
    )


def test_a_permanent_redirect_is_adopted_after_three_sightings():
    moved = PollReport(outcome="ok", permanent_url="https://new.example/feed")
    state = NEW
    for expected in (NEW.url, NEW.url, "https://new.example/feed"):
        state = after(moved, state)
        assert poll_url(state) == expected
    assert poll_url(after(PollReport(outcome="ok"), state)) == "https://new.example/feed"


def test_a_redirect_seen_once_is_forgotten():
    state = after(PollReport(outcome="ok", permanent_url="https://trap.example/"))
    state = after(PollReport(outcome="ok"), state)
    assert (state.redirect_url, state.redirect_sightings) == (None, 0)


def test_a_redirect_to_a_failure_is_not_counted():
    state = NEW
    for _ in range(5):
        state = after(
            PollReport(outcome="not_a_feed", permanent_url="https://wall.example/"), state
        )
    assert poll_url(state) == NEW.url


def test_skipped_hours_and_days_are_left_out():
    saturday = datetime(2024, 12, 7, 22, 30, tzinfo=timezone.utc)
    assert out_of_skipped(saturday, (22, 23), (6,)) == datetime(2024, 12, 9, tzinfo=timezone.utc)
    assert out_of_skipped(saturday, (), (0,)) == saturday


def test_a_feed_that_skips_everything_is_not_believed():
    assert out_of_skipped(NOW, tuple(range(24)), ()) == NOW


reports = st.builds(
    PollReport,
    outcome=st.sampled_from(["ok", "not_modified", "malformed", "odd", *BACKOFF_SECS]),
    seen=st.integers(0, 500),
    new=st.integers(0, 500),
    ttl_secs=st.none() | st.integers(0, 10**9),
    lifetime_secs=st.none() | st.floats(0, 1e9),
    retry_after_secs=st.none() | st.floats(0, 86_400),
    skip_hours=st.lists(st.integers(0, 23), max_size=24).map(tuple),
)


@given(st.lists(reports, max_size=30), st.floats(0, 0.999))
def test_whatever_happens_the_next_poll_is_within_eight_days_and_in_the_future(history, jitter):
    state = NEW
    for report in history:
        state = next_state(state, report, now=NOW, jitter=jitter)
        assert NOW < state.next_poll_at < NOW + timedelta(days=8)
