"""Gauges, status and explain over the other backend, the real Elasticsearch."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import faulty_proxy
import pytest

from connectors import metrics
from connectors.addresses import address_key
from connectors.backends import open_index
from connectors.records import Alert, Article, Document, Entry, Feed, PollState, Settlement
from pipelines.cli.status import read_status
from pipelines.explaining import gather
from pipelines.gauges import show_index
from pipelines.telling import explanation_json, tell

pytestmark = pytest.mark.service

NOW = datetime.now(timezone.utc)
FEED = Feed(id="f", url="https://outlet.example/feed")
STATE = PollState(
    feed_id="f", url=FEED.url, outcome="ok", last_poll_at=NOW, last_success_at=NOW,
    next_poll_at=NOW + timedelta(hours=1), entries_new=3,
)  # fmt: skip


def entry(name):
    return Entry(
        id=name,
        feed_id="f",
        feed_url=FEED.url,
        first_seen_at=NOW - timedelta(seconds=30),
        url=f"https://outlet.example/{name}",
    )


def document(name):
    shown = entry(name)
    article = Article(
        id=address_key(shown.url), entry_id=name, feed_id="f", url=shown.url,
        canonical_url=shown.url, title="Title", text="Text.", language="en", outlet="Outlet",
        author=None, published_at=NOW - timedelta(hours=1), date_source="feed",
        text_source="page", first_seen_at=shown.first_seen_at, fetched_at=NOW, content_hash=name,
    )  # fmt: skip
    alert = Alert(
        id=f"alert-{name}", subject="s", story_id="st", development="new_story",
        document_id=article.id, title="Title", url=shown.url, outlet="Outlet", language="en",
        quote="Text", created_at=NOW, published_at=article.published_at,
        first_seen_at=shown.first_seen_at, channels=("pager",),
    )  # fmt: skip
    return Document(article=article, alerts=(alert,), story_id="st")


@pytest.fixture
def indices(fresh_indices):
    with fresh_indices() as settings:
        yield settings


@pytest.fixture
def index(indices):
    opened = open_index(indices)
    opened.register_entries([entry(name) for name in ("a", "b", "c")], due_at=NOW)
    opened.save_poll_state(STATE)
    opened.write([document("a")])
    opened.settle(
        [Settlement(entry=entry("b"), outcome="dead_letter", step="S", reason="r", settled_at=NOW)]
    )
    yield opened
    opened.close()


def test_elasticsearch_tells_the_same_story(index):
    show_index(index, [FEED], watched_since=NOW)
    assert metrics.REGISTRY.get_sample_value("vigie_entries_unaccounted") == 0
    assert metrics.REGISTRY.get_sample_value("vigie_alerts_undelivered") == 1
    status = read_status(index, [FEED])
    assert status["entries"] == {"indexed": 1, "dead_letter": 1, "pending": 1}
    assert status["unaccounted"] == 0
    assert status["index_health"]["status"] in {"green", "yellow"}
    assert status["index_health"]["nodes"] == 1
    assert status["lag_samples"]["processing"] == 1
    assert status["lag_secs"]["discovery"]["p50"] == pytest.approx(3570)
    assert explanation_json(gather(index, "https://outlet.example/a"))["alerts"] == ["alert-a"]
    assert tell(gather(index, "https://outlet.example/b"))[-1].outcome == "dead_letter"
    assert tell(gather(index, "https://outlet.example/c"))[-1].outcome == "pending"
    assert not gather(index, "https://outlet.example/d").found
    index.save_poll_state(replace(STATE, entries_new=9))
    assert read_status(index, [FEED])["unaccounted"] == 6


def test_what_elasticsearch_does_not_take_at_once_is_counted_and_taken_later(indices, index):
    def busy():
        return metrics.REGISTRY.get_sample_value("vigie_index_refusals_total", {"reason": "busy"})

    before, proxy = busy(), faulty_proxy.FaultyProxy(indices.location)
    refused = iter([True])
    proxy.policy = lambda _m, path, _b: (
        faulty_proxy.error(429, "es_rejected_execution_exception")
        if path.endswith("/_bulk") and next(refused, False)
        else None
    )
    through = open_index(replace(indices, location=proxy.url))
    assert [one.outcome for one in through.write([document("late")])] == ["created"]
    through.close()
    proxy.close()
    assert busy() == before + 1
