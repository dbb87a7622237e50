"""From entries to pages: outcomes, deferrals, dead letters, and no neighbour lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import apache_beam as beam
import pytest
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.testing import test_pipeline
from apache_beam.testing.util import assert_that, equal_to

from connectors.backends import open_index
from connectors.feed_polling import LEASE_SECS
from connectors.net import Fetched, FetchPolicy
from connectors.page_backlog import come_again
from connectors.pages import Deferral, FetchPages, has_own_text, judge_page, page_outcome
from connectors.records import SETTLED, Entry, Page, Settlement

NOW = datetime(2025, 1, 1, tzinfo=timezone.utc)
HTML = b"<html><body><p>news</p></body></html>"
POLICY = FetchPolicy(max_attempts=3, page_retry_secs=(60.0, 300.0))


def entry(url: str | None = "https://example.org/a", name: str = "e", **fields: object) -> Entry:
    given = {"title": "T", **fields}
    return Entry(id=name, feed_id="f", feed_url="u", first_seen_at=NOW, url=url, **given)


def fetched(outcome: str, **fields: object) -> Fetched:
    return Fetched(url="https://example.org/a", outcome=outcome, **fields)


def judge(outcome: str, one: Entry | None = None, **fields: object):
    return judge_page(one or entry(), fetched(outcome, **fields), POLICY, NOW)


TRANSIENT = [
    "timeout",
    "connection_error",
    "server_error",
    "rate_limited",
    "host_down",
    "tls_error",
]
LASTING = ["gone", "http_error", "too_big", "blocked_address", "blocked_by_robots", "bad_redirect"]


@pytest.mark.parametrize("outcome", TRANSIENT)
def test_a_transient_failure_waits_longer_each_time(outcome):
    first = judge(outcome)
    assert isinstance(first, Deferral)
    assert (first.entry.attempts, first.due_at) == (1, NOW + timedelta(seconds=60))
    second = judge(outcome, first.entry)
    assert (second.entry.attempts, second.due_at) == (2, NOW + timedelta(seconds=300))


@pytest.mark.parametrize("outcome", TRANSIENT)
def test_the_last_failure_leaves_the_feeds_own_text(outcome):
    page = judge(outcome, entry(attempts=2))
    assert isinstance(page, Page)
    assert (page.outcome, page.body) == (outcome, b"")


def test_the_last_failure_of_an_entry_without_text_is_a_dead_letter():
    letter = judge("timeout", entry(attempts=2, title=None), detail="30 s")
    assert isinstance(letter, Settlement)
    assert (letter.outcome, letter.step, letter.reason) == ("dead_letter", "FetchPages", "timeout")
    assert letter.entry.attempts == 3


@pytest.mark.parametrize("outcome", LASTING)
def test_a_lasting_failure_is_a_page_without_a_body_at_once(outcome):
    page = judge(outcome, body=b"never kept")
    assert (page.outcome, page.body) == (outcome, b"")


def test_retry_after_moves_the_next_attempt():
    assert judge("rate_limited", retry_after_secs=1000.0).due_at == NOW + timedelta(seconds=1000)


@pytest.mark.parametrize(
    ("body", "content_type", "outcome"),
    [
        (HTML, "text/html; charset=utf-8", "ok"),
        (HTML, "application/xhtml+xml", "ok"),
        (HTML, "", "ok"),
        (HTML, "application/octet-stream", "ok"),
        (b"news as text", "text/plain", "ok"),
        (b"%PDF-1.7 ...", "application/pdf", "not_html"),
        (b"%PDF-1.7 ...", "text/html", "not_html"),
        (b"\x89PNG\r\n", "image/png", "not_html"),
        (b'{"a": 1}', "application/json", "not_html"),
        (b"PK\x03\x04", "", "not_html"),
        (b"", "text/html", "empty"),
        (b"  \n", "text/html", "empty"),
    ],
)
def test_what_is_no_page_is_told_from_its_bytes(body, content_type, outcome):
    headers = {"content-type": content_type}
    assert page_outcome(fetched("ok", body=body, headers=headers)) == outcome


def test_the_charset_of_the_header_goes_with_the_page():
    page = judge("ok", body=HTML, headers={"content-type": 'text/html; charset="Windows-1251"'})
    assert page.charset == "windows-1251"


def test_an_entry_has_text_of_its_own_when_the_feed_says_anything():
    assert has_own_text(entry())
    assert not has_own_text(entry(title=None))
    assert has_own_text(entry(title=None, summary_html="x"))


def run(entries, policy, settings, pages, settled=(), **how):
    with test_pipeline.TestPipeline(runner=FnApiRunner()) as pipeline:
        done = (
            pipeline | beam.Create(entries) | FetchPages(policy, settings, **{"once": True, **how})
        )
        assert_that(
            done.out | beam.Map(lambda page: (page.entry.id, page.outcome)),
            equal_to(list(pages)),
            label="pages",
        )
        assert_that(
            done[SETTLED] | beam.Map(lambda end: (end.entry.id, end.reason)),
            equal_to(list(settled)),
            label="settled",
        )


def test_every_entry_of_a_bundle_ends_and_none_holds_up_another(site, policy, settings):
    site.put("/good", HTML, Content_Type="text/html")
    site.put("/pdf", b"%PDF-1.7", Content_Type="application/pdf")
    site.put("/empty", b"", Content_Type="text/html")
    site.put("/gone", b"", status=410)
    site.put("/broken", b"", status=500)
    site.put("/big", b"<html>" + b"x" * 100_000)
    site.put("/away", b"", status=302, Location="http://192.168.1.1/")
    names = ["good", "pdf", "empty", "gone", "missing", "broken", "big", "away"]
    entries = [entry(site.url(f"/{name}"), name) for name in names]
    index = open_index(settings)
    index.register_entries(entries, due_at=NOW)
    small = replace(policy, article_bytes=50_000)
    run(
        [*entries, entry(None, "linkless"), entry("http://10.0.0.1/", "inside")],
        small,
        settings,
        [
            ("good", "ok"),
            ("pdf", "not_html"),
            ("empty", "empty"),
            ("gone", "gone"),
            ("missing", "gone"),
            ("big", "too_big"),
            ("away", "blocked_address"),
            ("linkless", "no_link"),
            ("inside", "blocked_address"),
        ],
    )
    assert site.paths().count("/broken") == 3
    (deferred,) = [one for one in index.pending_entries(limit=99, due_at=None) if one.attempts]
    assert (deferred.id, deferred.attempts) == ("broken", 1)
    index.close()


def test_in_an_endless_run_a_failure_is_deferred_without_waiting(site, policy, settings):
    failing = entry(site.put("/broken", b"", status=500), "broken")
    index = open_index(settings)
    index.register_entries([failing], due_at=NOW)
    run([failing], policy, settings, [], once=False)
    assert site.paths() == ["/broken"]
    soon = datetime.now(timezone.utc)
    assert index.pending_entries(limit=9, due_at=soon) == []
    assert index.pending_entries(limit=9, due_at=soon + timedelta(hours=1))[0].attempts == 1
    index.close()


def test_an_entry_without_text_whose_page_never_comes_is_a_dead_letter(site, policy, settings):
    url = site.put("/broken", b"", status=500)
    bare = entry(url, "bare", title=None, attempts=policy.max_attempts - 1)
    run([bare], policy, settings, [], [("bare", "server_error")])


def test_hundreds_of_pages_go_through_one_bundle(site, policy, settings):
    for number in range(150):
        site.put(f"/{number}", HTML, Content_Type="text/html")
    entries = [entry(site.url(f"/{number}"), str(number)) for number in range(150)]
    run(entries, policy, settings, [(str(number), "ok") for number in range(150)])


def test_entries_keyed_by_host_go_through_as_well(site, policy, settings):
    site.put("/a", HTML, Content_Type="text/html")
    entries = [entry(site.url("/a"), "a"), entry(None, "linkless"), entry(site.url("/b"), "b")]
    pages = [("a", "ok"), ("linkless", "no_link"), ("b", "gone")]
    run(entries, policy, settings, pages, by_host=True)


def test_a_bundle_that_lasts_waits_for_no_hosts_turn(site, settings):
    """A runner hands nothing on before the end of a bundle: one host's backlog must not be one."""
    site.put("/a", HTML, Content_Type="text/html")
    polite = FetchPolicy(min_delay_secs=10.0, allow_addresses=("127.0.0.0/8",))
    entries = [entry(site.url("/a"), str(number)) for number in range(30)]
    index = open_index(settings)
    index.register_entries(entries, due_at=NOW + timedelta(days=99_999))
    before = datetime.now(timezone.utc)
    run(entries, polite, settings, [], once=False, patient_secs=0)
    assert site.paths() == ["/robots.txt"]
    given = index.pending_entries(limit=99, due_at=before + timedelta(seconds=899))
    assert {one.id for one in given} == {one.id for one in entries}
    assert {one.attempts for one in given} == {0}
    soon = index.pending_entries(limit=99, due_at=before + timedelta(seconds=60))
    assert len(soon) < 10
    index.close()


def test_what_waits_for_its_host_comes_again_in_its_turn():
    flood = [(entry(f"https://flood.example/{n}", f"flood{n}"), 5.0) for n in range(900)]
    news = [(entry("https://other.example/", "news"), 2.5)]
    due = come_again([*flood, *news], delay_secs=1.5, now=NOW)
    at = {one.id: (due_at - NOW).total_seconds() for due_at, some in due.items() for one in some}
    assert (at["flood0"], at["flood1"], at["flood2"], at["news"]) == (5.0, 7.0, 8.0, 3.0)
    assert max(at.values()) < LEASE_SECS
