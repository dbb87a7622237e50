"""A process with the real registry and a real index, in which tests cause faults by order.

Started as ``python served_process.py INDEX_FILE``. Prints its metrics port, then for each line
on standard input (the name of a fault) does it, reads the index as the runner does and answers
``done``.
"""

import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone

from connectors import metrics
from connectors.backends import open_index
from connectors.index import IndexSettings, IndexUnavailable
from connectors.records import Alert, Article, Document, Entry, Feed, PollState, Settlement
from pipelines.gauges import show_index

NOW = datetime.now(timezone.utc)
BUSY_ANSWERS = 20
"""Twice of what the alert asks for, however slow the machine."""

FEEDS = tuple(
    Feed(id=f"feed-{number}", url=f"https://outlet.example/{number}", language="ru")
    for number in range(8)
)
STATES = {
    feed.id: PollState(
        feed_id=feed.id,
        url=feed.url,
        outcome="ok",
        last_poll_at=NOW,
        last_success_at=NOW,
        next_poll_at=NOW + timedelta(hours=1),
        newest_entry_ids=("a", "b"),
    )
    for feed in FEEDS
}


def entries(name, number):
    return [
        Entry(id=f"{name}-{n}", feed_id="feed-0", feed_url=FEEDS[0].url, first_seen_at=NOW)
        for n in range(number)
    ]


def change(index, feed_id, **changes):
    import dataclasses

    STATES[feed_id] = dataclasses.replace(STATES[feed_id], **changes)
    index.save_poll_state(STATES[feed_id])


def traffic(index):
    """Ordinary work: every metric of the dashboard gets a value."""
    for state in STATES.values():
        index.save_poll_state(state)
    for step in ("PollFeeds", "FetchPages", "ExtractArticles", "DetectMentions"):
        metrics.count(step, "ok", 5)
        metrics.STEP_SECONDS.labels(step).observe(0.02)
    metrics.count("PollFeeds", "entry_new", 5)
    metrics.count("IndexDocuments", "ok", 5)
    metrics.MENTIONS.labels("tnw").inc(3)
    metrics.ALERTS.labels("console", "sent").inc()
    metrics.JOB_STARTED.set_to_current_time()
    metrics.WATERMARK.set_to_current_time()
    for kind in metrics.LAG_KINDS:
        for _ in range(20):
            metrics.observe_lag(kind, NOW - timedelta(seconds=5), NOW)


def dead_letters(index):
    found = entries("letter", 40)
    index.register_entries(found, due_at=NOW)
    index.settle(
        [
            Settlement(entry=one, outcome="dead_letter", step="S", reason="r", settled_at=NOW)
            for one in found
        ]
    )


def undelivered_alert(index):
    (entry,) = index.register_entries(entries("alert", 1), due_at=NOW)
    article = Article(
        id="d", entry_id=entry.id, feed_id="feed-0", url="https://outlet.example/d",
        canonical_url="https://outlet.example/d", title="t", text="x", language="en", outlet=None,
        author=None, published_at=NOW, date_source="feed", text_source="page",
        first_seen_at=NOW, fetched_at=NOW, content_hash="h",
    )  # fmt: skip
    alert = Alert(
        id="a", subject="s", story_id="st", development="new_story", document_id="d", title="t",
        url="https://outlet.example/d", outlet=None, language="en", quote="q", created_at=NOW,
        published_at=NOW, first_seen_at=NOW, channels=("pager",),
    )  # fmt: skip
    index.write([Document(article=article, alerts=(alert,), story_id="st")])


def rejected(_):
    metrics.count("IndexDocuments", "rejected")


def late_poll(index):
    change(index, "feed-1", next_poll_at=NOW - timedelta(hours=1))


def failing_feeds(index):
    for number in range(2, 6):
        change(index, f"feed-{number}", outcome="timeout", failures=3)


def overflow(index):
    change(index, "feed-6", overflows=4)


def lost_entries(index):
    change(index, "feed-7", entries_new=1000)


def restarts(_):
    metrics.JOB_RESTARTS.inc(5)


def wrong_clock(_):
    metrics.CLOCK.set_function(_an_hour_ahead)


def _an_hour_ahead():
    return time.time() + 3600


def slow_search(_):
    for _ in range(500):
        metrics.observe_lag("processing", NOW - timedelta(hours=1), NOW)


def late_alerts(_):
    for _ in range(500):
        metrics.observe_lag("alert", NOW - timedelta(hours=5), NOW)


def index_away(_):
    settings = IndexSettings(location="http://127.0.0.1:9", timeout_secs=1)
    try:
        open_index(settings).totals()
    except IndexUnavailable:
        metrics.note_index_silence()


def index_overloaded(_):
    """The real client meets a server that is busy: every request, as often as it tries."""
    from faulty_proxy import FaultyProxy, error

    proxy = FaultyProxy("http://127.0.0.1:9")
    proxy.policy = lambda *_: error(429, "circuit_breaking_exception")
    while proxy.faults < BUSY_ANSWERS:
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(_meet_refusal, [proxy.url] * 4))
    proxy.close()


def _meet_refusal(url):
    overloaded = open_index(IndexSettings(location=url, timeout_secs=3))
    try:
        overloaded.totals()
    except IndexUnavailable:
        return
    finally:
        overloaded.close()
    raise RuntimeError("a busy server was taken for a willing one")


def sites_changed(_):
    """Pages that used to be articles have become something else."""
    metrics.count("ExtractArticles", "soft_404", 100)


def stuck_watermark(_):
    metrics.WATERMARK.set(time.time() - 3600)


def nothing_comes_out(_):
    """What the last steps counted is long ago; entries come in."""
    metrics.count("PollFeeds", "entry_new", 5)


def main():
    index = open_index(IndexSettings(location=f"sqlite:{sys.argv[1]}"))
    print(metrics.serve_metrics(0), flush=True)  # noqa: T201 - the test reads it
    for line in sys.stdin:
        name = line.strip()
        globals()[name](index)
        if not name.startswith("index_"):
            show_index(index, FEEDS, watched_since=NOW - timedelta(hours=2))
        print("done", flush=True)  # noqa: T201 - the test reads it


if __name__ == "__main__":
    main()
