"""What a feed's polls teach about its hours."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.feed_rhythm import DAYS, HOURS, SIZE, learned, wait_secs
from connectors.records import PollState, from_json, to_json

NOON = datetime(2024, 12, 7, 12, tzinfo=timezone.utc)
LIMITS = {"least": 180, "most": 10_800}


def test_a_find_is_spread_over_the_hours_since_the_last_poll():
    rhythm = learned((), 4, NOON - timedelta(hours=2), NOON)
    assert (rhythm[10], rhythm[11], sum(rhythm[:HOURS])) == (2.0, 2.0, 4.0)
    assert rhythm[HOURS : HOURS + DAYS] == (0, 0, 0, 0, 0, 4.0, 0)
    assert rhythm[-1] == pytest.approx(2 / 24)


def test_the_first_poll_teaches_nothing():
    assert learned((), 20, None, NOON) == ()


def test_a_clock_set_back_teaches_nothing():
    assert learned((), 20, NOON + timedelta(hours=1), NOON) == ()


def test_what_was_learned_fades_by_half_in_ten_days():
    rhythm = learned((), 100, NOON - timedelta(hours=1), NOON)
    for day in range(10):
        start = NOON + timedelta(days=day)
        rhythm = learned(rhythm, 0, start, start + timedelta(days=1))
    assert 45 < sum(rhythm[:HOURS]) < 55


def test_a_poll_falls_soon_after_the_hour_at_which_a_digest_comes():
    rhythm, start = (), NOON - timedelta(days=28)
    for day in range(28):
        at = start + timedelta(days=day, hours=-6)
        rhythm = learned(rhythm, 0, at - timedelta(hours=23), at)
        rhythm = learned(rhythm, 12, at, at + timedelta(hours=1))
    six = NOON.replace(hour=6)
    in_its_hour = wait_secs(rhythm, six + timedelta(minutes=5), **LIMITS)
    before = wait_secs(rhythm, six - timedelta(hours=4), **LIMITS)
    assert in_its_hour < 900
    assert before > 5000


def test_a_state_of_other_length_is_begun_anew():
    assert wait_secs((1.0, 2.0), NOON, **LIMITS) == wait_secs((), NOON, **LIMITS)
    assert len(learned((1.0, 2.0), 1, NOON - timedelta(hours=1), NOON)) == SIZE


def test_a_rhythm_survives_being_stored():
    rhythm = learned((), 7, NOON - timedelta(hours=5), NOON)
    state = PollState(feed_id="f", url="https://example.org/feed", rhythm=rhythm)
    assert from_json(PollState, to_json(state)) == state


@given(
    st.lists(st.tuples(st.integers(0, 500), st.floats(1, 864_000)), max_size=40),
    st.floats(0.05, 20),
)
def test_whatever_was_found_the_wait_is_within_its_limits(finds, scale):
    rhythm, now = (), NOON
    for new, secs in finds:
        since, now = now, now + timedelta(seconds=secs)
        rhythm = learned(rhythm, new, since, now)
        assert all(count >= 0 for count in rhythm)
        wait = wait_secs(rhythm, now, **LIMITS, scale=scale)
        assert LIMITS["least"] * 0.999 <= wait <= LIMITS["most"] * 1.001
