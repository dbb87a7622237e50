"""Manners: robots.txt, delays, Retry-After, dead hosts, validators; and how HTTP words are read."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.net import Fetched, FetchPolicy, FetchRequest, shared_fetcher
from connectors.net.hosts import DOWN_AFTER_FAILURES, MAX_GATES, HostGates
from connectors.net.outcomes import cache_lifetime_secs, parse_http_date, retry_after_secs
from connectors.net.robots import ROBOTS_BYTES, robots_rules

NOW = datetime(2024, 12, 7, 11, tzinfo=timezone.utc)


def rules(body: bytes = b"", outcome: str = "ok"):
    return robots_rules(Fetched(url="http://a.example/robots.txt", outcome=outcome, body=body), 0)


def test_a_page_that_robots_txt_excludes_is_not_asked_for(server, make_fetcher):
    server.answer("/robots.txt", b"User-agent: *\nDisallow: /private\n")
    server.answer("/private/a", b"secret")
    url = server.answer("/open/a", b"news")
    fetcher = make_fetcher(obey_robots=True)
    assert fetcher.fetch(server.url("/private/a")).outcome == "blocked_by_robots"
    assert fetcher.fetch(url).body == b"news"
    assert server.requests == ["/robots.txt", "/open/a"]


def test_rules_for_vigie_go_before_rules_for_all():
    both = rules(b"User-agent: *\nDisallow: /\n\nUser-agent: Vigie\nAllow: /\nCrawl-delay: 7\n")
    assert both.allows("http://a.example/x")
    assert both.crawl_delay_secs == 7


@pytest.mark.parametrize("outcome", ["not_found", "gone", "http_error", "bad_redirect"])
def test_a_host_without_robots_txt_allows_all(outcome):
    assert rules(outcome=outcome).allows("http://a.example/x")


@pytest.mark.parametrize("outcome", ["server_error", "timeout", "connection_error", "rate_limited"])
def test_a_host_whose_robots_txt_cannot_be_had_is_left_alone(outcome):
    refused = rules(outcome=outcome)
    assert refused.verdict == "unreachable"
    assert not refused.allows("http://a.example/x")


def test_robots_txt_behind_a_redirect_is_read(server, make_fetcher):
    server.answer("/robots.txt", status="301 Moved", headers="Location: /r/robots\r\n")
    server.answer("/r/robots", b"User-agent: *\nDisallow: /\n")
    assert make_fetcher(obey_robots=True).fetch(server.url("/a")).outcome == "blocked_by_robots"


def test_a_huge_robots_txt_is_read_to_its_limit(server, make_fetcher):
    body = b"User-agent: *\nDisallow: /a\n" + b"#" * (ROBOTS_BYTES * 2)
    server.answer("/robots.txt", body)
    server.answer("/b", b"news")
    fetcher = make_fetcher(obey_robots=True)
    assert fetcher.fetch(server.url("/a")).outcome == "blocked_by_robots"
    assert fetcher.fetch(server.url("/b")).outcome == "ok"


def test_a_server_error_on_robots_txt_is_transient_for_the_page(server, make_fetcher):
    server.answer("/robots.txt", status="503 Down")
    answer = make_fetcher(obey_robots=True).fetch(server.url("/a"))
    assert answer.outcome == "robots_unreachable"
    assert answer.is_transient


def test_a_redirect_to_an_excluded_page_is_not_followed(server, make_fetcher):
    server.answer("/robots.txt", b"User-agent: *\nDisallow: /private\n")
    url = server.answer("/a", status="302 Go", headers="Location: /private\r\n")
    assert make_fetcher(obey_robots=True).fetch(url).outcome == "blocked_by_robots"
    assert "/private" not in server.requests


@given(st.binary(max_size=500))
def test_any_bytes_for_robots_txt_are_judged(body):
    assert rules(body).allows("http://a.example/x") in {True, False}


def test_requests_to_one_host_are_spaced():
    gate = HostGates(2).gate("a.example")
    waits = [gate.reserve(100.0, 1.5) for _ in range(4)]
    assert waits == [0.0, 1.5, 3.0, 4.5]


def test_a_crawl_delay_longer_than_ours_holds():
    gate = HostGates(2).gate("a.example")
    gate.crawl_delay_secs = 10
    gate.reserve(100.0, 1.0)
    assert gate.wait_secs(100.0) == 10


def test_retry_after_holds_all_requests_to_the_host():
    gate = HostGates(2).gate("a.example")
    gate.note_retry_after(100.0, 30)
    assert gate.reserve(100.0, 1.0) == 30


def test_a_host_that_fails_in_a_row_is_down_and_an_answer_brings_it_back():
    gate = HostGates(2).gate("a.example")
    for number in range(DOWN_AFTER_FAILURES):
        assert gate.down_until == 0
        gate.note_failure(100.0 + number, 100.5 + number)
    assert gate.down_until > 100
    gate.note_success()
    assert gate.down_until == 0


def test_slow_pages_asked_for_at_once_do_not_make_a_host_dead():
    gate = HostGates(2).gate("a.example")
    for number in range(10 * DOWN_AFTER_FAILURES):
        gate.note_failure(100.0, 130.0 + number / 100)
    assert (gate.failures, gate.down_until) == (1, 0)


@pytest.mark.parametrize(
    "outcome", ["ok", "not_found", "gone", "blocked_address", "server_error", "timeout"]
)
def test_no_verdict_of_robots_txt_is_kept_for_more_than_a_day(outcome):
    assert 0 < rules(b"User-agent: *\nDisallow: /a\n", outcome).expires_at <= 24 * 3600


@pytest.mark.parametrize(("changes", "most"), [({}, 2), ({"concurrency": 1}, 1)])
def test_a_host_meets_no_more_requests_at_once_than_it_was_promised(
    server, make_fetcher, changes, most
):
    at_once, under_way = [], []

    async def slow(_head, writer):
        under_way.append(None)
        at_once.append(len(under_way))
        await asyncio.sleep(0.05)
        under_way.pop()
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    url = server.add("/a", slow)
    fetcher = make_fetcher(timeout_secs=60, connect_secs=60, **changes)
    waiting = [fetcher.submit(FetchRequest(url=url, limit_bytes=1000)) for _ in range(9)]
    assert {one.result(120).outcome for one in waiting} == {"ok"}
    assert max(at_once) == most


def test_gates_are_bounded():
    gates = HostGates(2)
    for number in range(MAX_GATES + 10):
        gates.gate(f"h{number}.example")
    assert len(gates) == MAX_GATES


def test_a_dead_host_is_not_asked_again_and_again(make_fetcher):
    fetcher = make_fetcher()
    outcomes = [fetcher.fetch("http://127.0.0.1:1/").outcome for _ in range(5)]
    assert outcomes == ["connection_error"] * 3 + ["host_down"] * 2


def test_a_long_retry_after_ends_the_next_fetch_at_once(server, make_fetcher):
    url = server.answer("/a", status="429 Slow", headers="Retry-After: 3600\r\n")
    fetcher = make_fetcher()
    assert fetcher.fetch(url).retry_after_secs == 3600
    again = fetcher.fetch(url)
    assert again.outcome == "rate_limited"
    assert again.retry_after_secs > 3000
    assert len(server.requests) == 1


def test_a_fetch_that_would_wait_too_long_for_its_turn_is_busy(server, make_fetcher):
    url = server.answer("/a", b"news")
    fetcher = make_fetcher(min_delay_secs=600)
    assert fetcher.fetch(url).outcome == "ok"
    request = FetchRequest(url=url, limit_bytes=100, max_wait_secs=5)
    busy = fetcher.submit(request).result(30)
    assert busy.outcome == "busy"
    assert busy.retry_after_secs > 500


def test_a_transient_failure_is_tried_again_within_the_call(server, make_fetcher):
    answers = iter([b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n"] * 2)

    async def recover(_head, writer):
        writer.write(next(answers, b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnews"))

    url = server.add("/a", recover)
    assert make_fetcher().fetch(url, retries=(0.0, 0.0)).body == b"news"
    assert len(server.requests) == 3


def test_a_lasting_failure_is_not_tried_again(server, make_fetcher):
    make_fetcher().fetch(server.url("/none"), retries=(0.0, 0.0))
    assert len(server.requests) == 1


def test_the_user_agent_tells_who_asks_and_where_to_complain(server, make_fetcher):
    url = server.answer("/a", b"news")
    make_fetcher(contact="mailto:desk@example.org").fetch(url)
    assert "Vigie/" in server.heads[0]
    assert "(+mailto:desk@example.org)" in server.heads[0]


def test_callers_with_one_policy_share_one_fetcher():
    policy = FetchPolicy(min_delay_secs=0.25)
    fetcher = shared_fetcher(policy)
    assert shared_fetcher(FetchPolicy(min_delay_secs=0.25)) is fetcher
    fetcher.close()
    fetcher.close()
    assert shared_fetcher(policy) is not fetcher
    shared_fetcher(policy).close()


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"timeout_secs": 0}, "timeout_secs"),
        ({"concurrency": 0}, "concurrency"),
        ({"allow_addresses": ("10.0.0.0/99",)}, "allow_addresses"),
        ({"min_delay_secs": -1}, "min_delay_secs"),
        ({"contact": "a\r\nX: y"}, "contact"),
    ],
)
def test_a_wrong_value_is_named(changes, word):
    with pytest.raises(ValueError, match=word):
        FetchPolicy(**changes)


@pytest.mark.parametrize(
    ("value", "secs"),
    [
        ("0", 0.0),
        ("90", 90.0),
        ("99999999", 86_400.0),
        ("Sat, 07 Dec 2024 11:02:00 GMT", 120.0),
        ("Sat, 07 Dec 2024 10:00:00 GMT", 0.0),
        ("1.5", None),
        ("-1", None),
        ("", None),
        ("tomorrow", None),
        (None, None),
    ],
)
def test_retry_after_is_read_as_seconds_or_date(value, secs):
    assert retry_after_secs(value, NOW) == secs


@pytest.mark.parametrize(
    ("headers", "secs"),
    [
        ({"cache-control": "max-age=300"}, 300.0),
        ({"cache-control": "public, max-age=300", "age": "100"}, 200.0),
        ({"cache-control": "no-cache, max-age=300"}, None),
        ({"cache-control": "s-maxage=300"}, None),
        ({"cache-control": "max-age=soon"}, None),
        ({"expires": "Sat, 07 Dec 2024 11:10:00 GMT"}, 600.0),
        ({"expires": "0"}, None),
        ({"expires": "Sat, 07 Dec 2024 10:00:00 GMT"}, 0.0),
        ({}, None),
    ],
)
def test_freshness_is_read_from_cache_control_else_expires(headers, secs):
    assert cache_lifetime_secs(headers, NOW) == secs


@given(st.text(max_size=80))
def test_any_text_for_a_date_or_a_pause_is_judged(text):
    assert retry_after_secs(text, NOW) is None or 0 <= retry_after_secs(text, NOW) <= 86_400
    assert parse_http_date(text) is None or parse_http_date(text).utcoffset() == timedelta(0)
    cache_lifetime_secs({"cache-control": text, "expires": text, "age": text, "date": text}, NOW)
