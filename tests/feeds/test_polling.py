"""One round of polling and the transform around it: nothing lost, doubled or held up."""

from __future__ import annotations

import gzip
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

import apache_beam as beam
import pytest
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.testing import test_pipeline
from apache_beam.testing.util import assert_that, equal_to

from connectors.backends import open_index
from connectors.feed_known import (
    CHANGE_KIND,
    TOLD_ENTRIES,
    EntryChange,
    KnownEntries,
    changed_entries,
    tellings,
)
from connectors.feed_polling import FeedPoller, initial_state, request_headers
from connectors.feeds import PollFeeds
from connectors.index import IndexUnavailable
from connectors.net import Fetcher
from connectors.records import Entry, Feed, PollState, from_json
from connectors.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW = datetime(2025, 1, 1, tzinfo=timezone.utc)


def rss(*numbers: int) -> str:
    items = "".join(
        f"<item><title>T{n}</title><link>/{n}</link><guid>g{n}</guid></item>" for n in numbers
    )
    return f'<rss version="2.0"><channel><title>T</title>{items}</channel></rss>'


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    sandbox = Sandbox(deadline_secs=2.0, memory_bytes=512 << 20)
    yield sandbox
    sandbox.close()


@pytest.fixture
def poll_all(policy, settings, sandbox):
    """Poll feeds with what the index remembers of them; return states and titles by feed id."""
    index = open_index(settings)
    fetcher = Fetcher(policy)
    poller = FeedPoller(policy=policy, index=index, fetcher=fetcher, sandbox=sandbox)

    def poll(*feeds: Feed) -> dict[str, tuple[PollState, list[str]]]:
        stored = index.poll_states()
        ready = [(feed, initial_state(feed, stored.get(feed.id))) for feed in feeds]
        return {
            polled.feed.id: (polled.state, [entry.title for entry in polled.new_entries])
            for polled in poller.poll(ready)
        }

    yield poll
    index.close()
    fetcher.close()


def run_once(feeds, policy, settings, expected):
    with test_pipeline.TestPipeline(runner=FnApiRunner()) as pipeline:
        entries = pipeline | PollFeeds(feeds, policy=policy, settings=settings, once=True)
        assert_that(entries | beam.Map(lambda entry: entry.title), equal_to(expected))


def test_new_entries_leave_once(site, poll_all):
    feed = Feed(id="f", url=site.put("/feed", rss(1, 2)))
    assert poll_all(feed)["f"][1] == ["T1", "T2"]
    site.put("/feed", rss(3, 2, 1))
    assert poll_all(feed)["f"][1] == ["T3"]
    site.put("/feed", rss(1, 3, 2))
    state, titles = poll_all(feed)["f"]
    assert titles == []
    assert (state.outcome, state.entries_seen, state.entries_new) == ("ok", 8, 3)


def test_a_second_poll_is_conditional(site, poll_all):
    url = site.put("/feed", rss(1), ETag='"a"', Last_Modified="Sat, 07 Dec 2024 11:00:00 GMT")
    feed = Feed(id="f", url=url)
    poll_all(feed)
    assert poll_all(feed)["f"][0].outcome == "not_modified"
    asked = site.requests[-1][1]
    assert asked["If-None-Match"] == '"a"'
    assert asked["If-Modified-Since"] == "Sat, 07 Dec 2024 11:00:00 GMT"


def test_the_same_body_without_validators_is_not_parsed_again(site, poll_all):
    feed = Feed(id="f", url=site.put("/feed", rss(1)))
    poll_all(feed)
    assert poll_all(feed)["f"][0].outcome == "not_modified"


def test_validators_that_lie_hide_nothing_after_a_failure(site, poll_all):
    feed = Feed(id="f", url=site.put("/feed", rss(1), ETag='"a"'))
    poll_all(feed)
    site.put("/feed", "oops", status=500)
    poll_all(feed)
    site.put("/feed", rss(1, 2), ETag='"a"')
    assert poll_all(feed)["f"][1] == ["T2"]


def test_after_a_failure_everything_is_asked_for():
    state = PollState(feed_id="f", url="u", etag='"a"', last_modified="x", failures=1)
    assert set(request_headers(state)) == {"Accept"}


def test_a_changed_address_forgets_the_validators_of_the_old_one():
    stored = PollState(feed_id="f", url="https://old.example/", etag='"a"')
    assert initial_state(Feed(id="f", url="https://new.example/"), stored).etag is None


BAD_FEEDS = {
    "html": (("<!DOCTYPE html><html></html>",), "not_a_feed"),
    "empty": (("",), "empty"),
    "truncated": ((rss(1, 2)[:40],), "not_a_feed"),
    "not found": (("", 404), "not_found"),
    "server error": (("", 500), "server_error"),
    "forbidden": (("", 403), "http_error"),
    "gone": (("", 410), "gone"),
    "too many": (("", 429), "rate_limited"),
    "gzip bomb": ((gzip.compress(b"\0" * 21_000_000),), "too_big"),
    "too big": (("<rss>" + " " * 5_000_001,), "too_big"),
}


@pytest.mark.parametrize("kind", BAD_FEEDS)
def test_a_bad_feed_is_remembered_as_such_and_its_neighbour_is_read(kind, site, poll_all):
    (arguments, outcome) = BAD_FEEDS[kind]
    bad = Feed(id="bad", url=site.put("/bad", *arguments))
    good = Feed(id="good", url=site.put("/good", rss(1)))
    polled = poll_all(bad, good)
    assert polled["bad"][0].outcome == outcome
    assert polled["bad"][0].error
    assert polled["bad"][0].failures == 1
    assert polled["good"][1] == ["T1"]


def test_a_feed_in_a_wrong_encoding_is_read_as_far_as_it_goes(site, poll_all):
    body = rss(1).replace("T1", "Минск").encode("koi8-r")
    feed = Feed(id="f", url=site.put("/feed", body, Content_Type="text/xml; charset=utf-8"))
    state, titles = poll_all(feed)["f"]
    assert state.outcome == "ok"
    assert len(titles) == 1


def test_a_feed_inside_the_network_is_not_asked_for(poll_all):
    state, _ = poll_all(Feed(id="f", url="http://192.168.1.1/feed"))["f"]
    assert (state.outcome, state.failures) == ("blocked_address", 1)


HOSTILE = {
    "a name of 400 kB": (f"<item><author>{'a' * 400_000}</author></item>", "too_slow"),
    "200,000 attributes": (
        "<item " + " ".join(f"a{n}='1'" for n in range(200_000)) + "/>",
        "too_slow",
    ),
    "200,000 tags": ("<item>" + "<a>" * 200_000, "too_big"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_feed_that_takes_the_parser_for_ever_is_stopped(kind, site, poll_all):
    items, outcome = HOSTILE[kind]
    document = f'<rss version="2.0"><channel>{items}</channel></rss>'
    bad = Feed(id="bad", url=site.put("/bad", document))
    good = Feed(id="good", url=site.put("/good", rss(1)))
    polled = poll_all(bad, good)
    assert polled["bad"][0].outcome == outcome
    assert polled["good"][1] == ["T1"]


def test_a_cut_feed_gives_its_entries_and_is_asked_for_in_full_again(site, poll_all):
    whole = rss(1, 2, 3)
    feed = Feed(id="f", url=site.put("/feed", whole[: whole.index("T3")], ETag='"a"'))
    state, titles = poll_all(feed)["f"]
    assert state.outcome == "malformed"
    assert titles[:2] == ["T1", "T2"]
    assert (state.etag, state.body_hash) == (None, None)


def test_a_pass_gives_the_new_entries_of_all_feeds(site, policy, settings):
    feeds = [
        Feed(id="a", url=site.put("/a", rss(1, 2))),
        Feed(id="none", url=site.url("/none")),
        Feed(id="b", url=site.put("/b", rss(3))),
    ]
    run_once(feeds, policy, settings, ["T1", "T2", "T3"])
    states = open_index(settings).poll_states()
    assert {key: state.outcome for key, state in states.items()} == {
        "a": "ok",
        "none": "not_found",
        "b": "ok",
    }


def test_what_was_not_settled_goes_through_again_at_the_next_start(site, policy, settings):
    feed = Feed(id="a", url=site.put("/a", rss(1)))
    run_once([feed], policy, settings, ["T1"])
    site.put("/a", rss(1, 2))
    run_once([feed], policy, settings, ["T1", "T2"])


def test_entries_of_a_feed_that_was_removed_are_not_lost(site, policy, settings):
    run_once([Feed(id="a", url=site.put("/a", rss(1)))], policy, settings, ["T1"])
    run_once([Feed(id="b", url=site.put("/b", rss(2)))], policy, settings, ["T1", "T2"])


def test_a_feed_that_is_gone_for_good_is_not_asked_again(site, policy, settings):
    feed = Feed(id="a", url=site.put("/a", "", status=410))
    run_once([feed], policy, settings, [])
    run_once([feed], policy, settings, [])
    assert site.paths() == ["/a"]


def test_a_pass_over_no_feeds_ends(policy, settings):
    run_once([], policy, settings, [])


def test_two_feeds_with_one_id_are_refused(policy, settings):
    twice = [Feed(id="a", url="https://a.example/"), Feed(id="a", url="https://b.example/")]
    with pytest.raises(ValueError, match="unique"):
        PollFeeds(twice, policy=policy, settings=settings)
    with pytest.raises(ValueError, match="poll_secs"):
        PollFeeds([], policy=policy, settings=settings, poll_secs=0)


def test_a_lease_keeps_an_entry_from_being_given_out_twice(site, poll_all, settings):
    poll_all(Feed(id="a", url=site.put("/a", rss(1))))
    index = open_index(settings)
    assert index.pending_entries(limit=9, due_at=datetime.now(timezone.utc)) == []
    later = datetime.now(timezone.utc) + timedelta(days=1)
    assert [entry.title for entry in index.pending_entries(limit=9, due_at=later)] == ["T1"]
    index.close()


class CountingIndex:
    """An index that notes what it is offered and how often it is written to."""

    def __init__(self, index):
        self._index = index
        self.offered: list[list[str]] = []
        self.stored: list[list[str]] = []

    def register_entries(self, entries, *, due_at):
        self.offered.append([entry.title for entry in entries])
        return self._index.register_entries(entries, due_at=due_at)

    def __getattr__(self, name):
        return getattr(self._index, name)

    def save_poll_states(self, states):
        self.stored.append([state.feed_id for state in states])
        self._index.save_poll_states(states)


@pytest.fixture
def counting(settings):
    index = open_index(settings)
    yield CountingIndex(index)
    index.close()


@pytest.fixture
def poll_counted(policy, counting, sandbox):
    fetcher = Fetcher(policy)
    poller = FeedPoller(policy=policy, index=counting, fetcher=fetcher, sandbox=sandbox)
    yield lambda *feeds: list(poller.poll([(feed, initial_state(feed, None)) for feed in feeds]))
    fetcher.close()


def test_what_a_feed_showed_before_is_not_offered_to_the_ledger_again(site, poll_counted, counting):
    feed = Feed(id="f", url=site.put("/feed", rss(2, 1)))
    poll_counted(feed)
    site.put("/feed", rss(3, 2, 1))
    assert [entry.title for entry in poll_counted(feed)[0].new_entries] == ["T3"]
    site.put("/feed", rss(1, 3, 2))
    assert poll_counted(feed)[0].new_entries == ()
    assert counting.offered == [["T2", "T1"], ["T3"]]


def test_an_entry_that_left_its_feed_and_comes_back_is_still_in_the_ledger(
    site, poll_counted, counting
):
    feed = Feed(id="f", url=site.put("/feed", rss(2, 1)))
    poll_counted(feed)
    site.put("/feed", rss(2))
    poll_counted(feed)
    site.put("/feed", rss(2, 1))
    assert poll_counted(feed)[0].new_entries == ()
    assert counting.offered == [["T2", "T1"], ["T1"]]


def test_entries_that_the_ledger_did_not_take_are_offered_again(site, policy, settings, sandbox):
    class AwayOnce(CountingIndex):
        def register_entries(self, entries, *, due_at):
            if not self.offered:
                self.offered.append([])
                raise IndexUnavailable("away")
            return super().register_entries(entries, due_at=due_at)

    index = AwayOnce(open_index(settings))
    fetcher = Fetcher(policy)
    poller = FeedPoller(policy=policy, index=index, fetcher=fetcher, sandbox=sandbox)
    feed = Feed(id="f", url=site.put("/feed", rss(1)))
    with pytest.raises(IndexUnavailable):
        list(poller.poll([(feed, initial_state(feed, None))]))
    (polled,) = poller.poll([(feed, initial_state(feed, None))])
    fetcher.close()
    assert [entry.title for entry in polled.new_entries] == ["T1"]


def test_more_feeds_than_fit_at_once_are_all_polled_and_stored_once(
    site, poll_counted, counting, policy
):
    number = 4 * policy.concurrency + 1
    feeds = [Feed(id=f"f{n}", url=site.put(f"/feed{n}", rss(n))) for n in range(number)]
    polled = poll_counted(*feeds)
    assert sorted(one.feed.id for one in polled) == sorted(feed.id for feed in feeds)
    stored = [feed_id for batch in counting.stored for feed_id in batch]
    assert sorted(stored) == sorted(feed.id for feed in feeds)


def item(number: int, title: str, **fields: str) -> str:
    more = "".join(f"<{name}>{value}</{name}>" for name, value in fields.items())
    return f"<item><title>{title}</title><link>/{number}</link><guid>g{number}</guid>{more}</item>"


def document(*items: str) -> str:
    return f'<rss version="2.0"><channel><title>T</title>{"".join(items)}</channel></rss>'


@pytest.fixture
def poll_stored(policy, counting, sandbox):
    """Poll as a new process does: with what the index keeps of the feed."""

    def poll(feed):
        with closing(Fetcher(policy)) as fetcher:
            poller = FeedPoller(policy=policy, index=counting, fetcher=fetcher, sandbox=sandbox)
            state = initial_state(feed, counting.poll_states([feed.id]).get(feed.id))
            return list(poller.poll([(feed, state)]))

    return poll


def test_an_entry_that_its_feed_tells_otherwise_is_noted_once_with_what_it_says_now(
    site, poll_stored, counting
):
    quiet = item(2, "T2")
    feed = Feed(id="f", url=site.put("/feed", document(item(1, "It will come"), quiet)))
    poll_stored(feed)
    for told in (item(1, "It will come", description="x"), item(1, "It will not come")):
        site.put("/feed", document(told, quiet))
        assert poll_stored(feed)[0].new_entries == ()
    site.put("/feed", document(item(1, "It will not come"), quiet, item(3, "T3")))
    assert [one.title for one in poll_stored(feed)[0].new_entries] == ["T3"]
    ((key, value),) = counting.memory(CHANGE_KIND)
    change = from_json(EntryChange, value)
    assert (key, change.entry.title) == (change.entry.id, "It will not come")
    assert change.noticed_at.tzinfo is not None


@pytest.mark.parametrize(
    ("changed", "known", "expected"), [(1, 1, 1), (3, 4, 3), (4, 4, 0), (4, 8, 4), (5, 8, 0)]
)
def test_a_feed_that_tells_most_of_its_entries_otherwise_corrects_none(
    entries_of, changed, known, expected
):
    before = entries_of("f", known)
    after = [replace(one, title="new") for one in before[:changed]] + before[changed:]
    assert changed_entries(tellings(before), after) == after[:expected]
    assert changed_entries(tellings(after), after) == []
    assert changed_entries("", after) == []


@pytest.mark.parametrize(
    "told",
    [
        {"title": "Another"},
        {"summary_html": "<p>Another</p>"},
        {"content_html": "<p>Another</p>"},
        {"url": "https://example.org/another"},
        {"updated_at": NOW},
    ],
)
def test_title_text_address_and_day_of_change_tell_an_entry_otherwise(entries_of, told):
    entries = entries_of("f", 2)
    before = tellings(entries)
    seen_later = replace(entries[1], first_seen_at=NOW + timedelta(hours=1), attempts=3)
    assert changed_entries(before, [entries[0], seen_later]) == []
    another = replace(entries[1], **told)
    assert changed_entries(before, [entries[0], another]) == [another]
    assert changed_entries(tellings(entries_of("other", 2)), [another]) == []


def test_what_is_remembered_of_a_long_feed_is_bounded(entries_of):
    entries = entries_of("f", TOLD_ENTRIES + 1)
    assert tellings(entries) == tellings(entries[:-1])
    assert len(tellings(entries)) == 16 * TOLD_ENTRIES


def test_known_entries_are_bounded_by_letting_the_feeds_read_longest_ago_go(entries_of):
    known = KnownEntries(max_entries=5)
    for name in ("a", "b", "c"):
        known.note(name, entries_of(name, 2))
    assert known.unknown("a", entries_of("a", 2)) == entries_of("a", 2)
    assert known.unknown("b", entries_of("b", 3)) == entries_of("b", 3)[2:]
    assert known.unknown("c", entries_of("c", 2)) == []


@pytest.fixture
def entries_of():
    return lambda name, number: [
        Entry(id=f"{name}{n}", feed_id=name, feed_url="u", first_seen_at=NOW) for n in range(number)
    ]
