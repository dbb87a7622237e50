"""Dates in the forms that occur, right or None."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.feed_dates import parse_feed_date

WHOLE_SECONDS = st.datetimes(datetime(1990, 1, 2), datetime(2024, 12, 30)).map(  # noqa: DTZ001
    lambda moment: moment.replace(microsecond=0)
)
NOW = datetime(2025, 1, 1, tzinfo=timezone.utc)

RIGHT = {
    "Sat, 07 Dec 2024 11:00:00 +0100": "2024-12-07T10:00:00",
    "Sat, 07 Dec 2024 11:00:00 GMT": "2024-12-07T11:00:00",
    "Sat, 7 Dec 2024 11:00 EST": "2024-12-07T16:00:00",
    "7 Dec 2024 11:00:00 Z": "2024-12-07T11:00:00",
    "Sat, 07 Dec 24 11:00:00 UT": "2024-12-07T11:00:00",
    "Saturday, 07 December 2024 11:00:00 MSK": "2024-12-07T08:00:00",
    "Sat, 07 Dec 2024 11:00:00 GMT+3": "2024-12-07T08:00:00",
    "Sat, 07 Dec 2024 11:00:00 +03:00": "2024-12-07T08:00:00",
    "Sat, 07 Dec 2024 11:00:00": "2024-12-07T11:00:00",
    "Sat, 07 Dec 2024 11:00:00 +0000 (UTC)": "2024-12-07T11:00:00",
    "Mon, 07 Dec 2024 11:00:00 +0000": "2024-12-07T11:00:00",
    "Sat Dec  7 11:00:00 2024": "2024-12-07T11:00:00",
    "2024-12-07T11:00:00Z": "2024-12-07T11:00:00",
    "2024-12-07T11:00:00.123456789+01:00": "2024-12-07T10:00:00",
    "2024-12-07 11:00:00 +0300": "2024-12-07T08:00:00",
    "2024-12-07 11:00": "2024-12-07T11:00:00",
    "2024-12-07T11:00:00-05:30": "2024-12-07T16:30:00",
    "2024-12-07": "2024-12-07T00:00:00",
    "20241207T110000Z": "2024-12-07T11:00:00",
    "2024-12-07T24:00:00Z": "2024-12-08T00:00:00",
    "2024-12-07T11:00:60Z": "2024-12-07T11:00:59",
}

WRONG = [
    "",
    "yesterday",
    "2024",
    "2024-12",
    "Dec 2024",
    "2024-13-07",
    "2024-02-30",
    "30 Feb 2024 10:00:00 GMT",
    "0000-00-00 00:00:00",
    "0001-01-01T00:00:00Z",
    "Thu, 01 Jan 1970 00:00:00 GMT",
    "2024-12-07T25:00:00Z",
    "2024-12-07T11:61:00Z",
    "Sat, 07 Dec 2024 11:00:00 XYZ",
    "Sat, 07 Dec 2024 11:00:00 IST",
    "Sat, 07 Dec 2024 11:00:00 +9900",
    "07/12/2024",
    "12/07/2024 11:00",
    "1733569200",
    "Sat, 07 Foo 2024 11:00:00 GMT",
    "2039-01-01T00:00:00Z",
    "9999-12-31T23:59:59-12:00",
    "2024-12-07T11:00:00Z and more",
]


@pytest.mark.parametrize("words", RIGHT)
def test_a_date_is_read(words):
    assert parse_feed_date(words, now=NOW) == datetime.fromisoformat(RIGHT[words] + "+00:00")


@pytest.mark.parametrize("words", WRONG)
def test_a_wrong_or_incomplete_date_is_none(words):
    assert parse_feed_date(words, now=NOW) is None


@pytest.mark.parametrize("value", [None, 5, ["2024-12-07"], {"a": 1}])
def test_what_is_no_text_is_none(value):
    assert parse_feed_date(value, now=NOW) is None


@given(st.text(max_size=60))
def test_any_text_gives_a_plausible_instant_or_none(words):
    found = parse_feed_date(words, now=NOW)
    assert found is None or (found.utcoffset() == timedelta(0) and found <= NOW + timedelta(days=1))


@given(
    st.integers(631_238_400, 1_735_516_800),
    st.integers(-840, 840),
)
def test_every_instant_survives_both_standards(unix_secs, minutes):
    aware = datetime.fromtimestamp(unix_secs, timezone(timedelta(minutes=minutes)))
    assert parse_feed_date(aware.isoformat(), now=NOW) == aware
    assert parse_feed_date(aware.strftime("%a, %d %b %Y %H:%M:%S %z"), now=NOW) == aware
