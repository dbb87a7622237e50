"""Fetches under way: bounded in number and in what they hold."""

from concurrent.futures import Future

import pytest

from connectors.net import Fetched, UnderWay
from connectors.net.under_way import HELD_BYTES


def ended(body=b""):
    future = Future()
    future.set_result(Fetched(url="http://a.example/", outcome="ok", body=body))
    return future


@pytest.fixture
def waiting():
    return UnderWay(concurrency=5)


def test_as_many_are_begun_as_keep_the_fetcher_busy(waiting):
    for number in range(10):
        assert not waiting.is_full
        waiting.add(Future(), number)
    assert waiting.is_full
    assert waiting.asked == list(range(10))


def test_large_answers_that_nobody_took_leave_no_room_for_more(waiting):
    waiting.add(ended(bytes(HELD_BYTES - 1)), "large")
    assert not waiting.is_full
    waiting.add(ended(b"x"), "small")
    assert waiting.is_full
    assert {asked for asked, _ in waiting.take()} == {"large", "small"}
    assert not waiting.is_full
    assert len(waiting) == 0


def test_what_is_not_taken_to_the_end_is_still_there(waiting):
    for number in range(3):
        waiting.add(ended(), number)
    first, _ = next(waiting.take())
    rest = {asked for asked, _ in waiting.take()}
    assert {first, *rest} == {0, 1, 2}
    assert len(rest) == 2


def test_nothing_is_taken_when_none_ends_in_time(waiting):
    waiting.add(Future(), "slow")
    assert list(waiting.take(0)) == []
    assert waiting.asked == ["slow"]
