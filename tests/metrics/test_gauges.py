"""What the runner reads from the index, and the accounting identity."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors import metrics
from connectors.backends import open_index
from connectors.index import IndexSettings, IndexUnavailable, Totals
from connectors.records import Entry, Feed, PollState, Settlement
from pipelines.accounting import OUTCOMES, TRUSTED_DATES, unaccounted
from pipelines.gauges import IndexWatch, judge_feeds, show_index
from pipelines.steps import indexing

NOW = datetime(2025, 3, 1, 12, tzinfo=timezone.utc)
SINCE = NOW - timedelta(days=1)
FEED = Feed(id="f", url="https://outlet.example/feed")
STATE = PollState(
    feed_id="f",
    url=FEED.url,
    outcome="ok",
    last_poll_at=NOW,
    last_success_at=NOW,
    next_poll_at=NOW + timedelta(minutes=5),
)


def judge(*states, feeds=(FEED,)):
    known = {state.feed_id: state for state in states}
    return judge_feeds(feeds, known, now=NOW, watched_since=SINCE)


def gauge(name, **labels):
    return metrics.REGISTRY.get_sample_value(name, labels)


@pytest.fixture
def index(tmp_path):
    opened = open_index(IndexSettings(location=f"sqlite:{tmp_path / 'vigie.db'}"))
    yield opened
    opened.close()


def test_a_feed_is_healthy_failing_gone_or_never_polled():
    feeds = [replace(FEED, id=name) for name in ("a", "b", "c", "d")]
    health = judge(
        replace(STATE, feed_id="a"),
        replace(STATE, feed_id="b", outcome="timeout", failures=2),
        replace(STATE, feed_id="c", outcome="gone", failures=1),
        feeds=feeds,
    )
    assert health.by_health == {"healthy": 1, "failing": 1, "gone": 1, "never_polled": 1}


def test_lateness_is_that_of_the_most_overdue_feed_that_is_still_polled():
    overdue = replace(STATE, next_poll_at=NOW - timedelta(seconds=90))
    assert judge(STATE).lateness_secs == 0
    assert judge(overdue).lateness_secs == 90
    assert judge(replace(overdue, outcome="gone")).lateness_secs == 0


def test_nobody_is_late_before_the_run_began():
    long_ago = replace(STATE, next_poll_at=SINCE - timedelta(days=30))
    assert judge(long_ago).lateness_secs == 86_400
    assert judge().lateness_secs == 86_400


def test_completeness_sinks_with_each_overflow():
    assert judge(replace(STATE, entries_new=60)).completeness == 1.0
    overflowed = replace(STATE, entries_new=60, overflows=2, newest_entry_ids=tuple("abcdefghij"))
    assert judge(overflowed).completeness == 0.75


def entry(number):
    return Entry(id=f"e{number}", feed_id="f", feed_url=FEED.url, first_seen_at=NOW)


def settlement(number, outcome):
    return Settlement(entry=entry(number), outcome=outcome, step="S", reason="r", settled_at=NOW)


def test_the_gauges_show_what_the_index_holds(index):
    index.register_entries([entry(number) for number in range(4)], due_at=NOW)
    index.settle([settlement(0, "duplicate"), settlement(1, "discarded")])
    index.settle([settlement(2, "dead_letter")])
    index.save_poll_state(replace(STATE, entries_new=4))
    show_index(index, [FEED], watched_since=NOW)
    shown = {outcome: gauge("vigie_entries", outcome=outcome) for outcome in OUTCOMES}
    assert shown == {
        "pending": 1, "indexed": 0, "duplicate": 1, "discarded": 1, "dead_letter": 1,
    }  # fmt: skip
    assert gauge("vigie_entries_unaccounted") == 0
    assert gauge("vigie_entries_pending") == gauge("vigie_dead_letters") == 1
    assert gauge("vigie_oldest_pending_timestamp_seconds") == NOW.timestamp()
    assert gauge("vigie_feeds", health="healthy") == 1
    assert gauge("vigie_index_up") == 1
    assert gauge("vigie_feed_entries_total", feed="f", language="unknown") == 4


class SilentIndex:
    """An index that is away, or takes no writes."""

    def __init__(self, *, writable):
        self.writable = writable

    def check(self):
        if not self.writable:
            raise IndexUnavailable("blocked")

    def poll_states(self):
        if self.writable:
            raise IndexUnavailable("away")
        return {}


@pytest.mark.parametrize("writable", [True, False])
def test_an_index_that_is_away_or_blocked_shows_as_down_and_the_caller_hears_of_it(writable):
    metrics.note_index_answer(0.1, 0.0)
    with pytest.raises(IndexUnavailable):
        IndexWatch([FEED]).look(SilentIndex(writable=writable))
    assert gauge("vigie_index_up") == 0


def test_the_index_is_not_asked_again_before_it_is_time(index):
    watch = IndexWatch([FEED])
    watch.look(index)
    index.register_entries([entry(1)], due_at=NOW)
    before = gauge("vigie_entries_pending")
    watch.look(index)
    assert gauge("vigie_entries_pending") == before == 0


def test_what_breaks_the_accounting_is_counted():
    whole = Totals(entries={"indexed": 5, "dead_letter": 2, "pending": 1}, dead_letters=2)
    assert unaccounted(whole, brought=8) == 0
    assert unaccounted(whole, brought=5) == 0
    assert unaccounted(whole, brought=11) == 3
    assert unaccounted(replace(whole, dead_letters=0)) == 2
    assert unaccounted(replace(whole, dead_letters=3)) == 1
    assert unaccounted(Totals(entries={"indexed": 1, "lost": 4})) == 4


ACTIONS = st.lists(
    st.tuples(
        st.sampled_from(["register", "duplicate", "discarded", "dead_letter", "reopen"]),
        st.integers(min_value=0, max_value=5),
    ),
    max_size=25,
)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(actions=ACTIONS)
def test_the_identity_holds_after_any_sequence_of_events(actions, tmp_path_factory):
    path = tmp_path_factory.mktemp("identity") / "vigie.db"
    index = open_index(IndexSettings(location=f"sqlite:{path}"))
    known = set()
    try:
        for action, number in actions:
            if action == "register":
                index.register_entries([entry(number)], due_at=NOW)
                known.add(number)
            elif action == "reopen":
                index.reopen([f"e{number}"])
            else:
                index.settle([settlement(number, action)])
                known.add(number)
            totals = index.totals()
            assert sum(totals.entries.values()) == len(known)
            assert unaccounted(totals, brought=len(known)) == 0
    finally:
        index.close()


def test_the_same_dates_are_trusted_here_and_where_lags_are_observed():
    assert TRUSTED_DATES == indexing.TRUSTED_DATES
