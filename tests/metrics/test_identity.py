"""The accounting identity over the real pipeline: what goes into a step comes out of it."""

from datetime import datetime, timezone

import pytest

from connectors.backends import open_index
from connectors.records import Entry, Settlement
from pipelines.accounting import unaccounted
from pipelines.cli.demo import demo_settings
from pipelines.cli.status import read_status
from pipelines.demo.server import DemoSite
from pipelines.explaining import gather
from pipelines.runtime import run_bounded
from pipelines.telling import explanation_json, tell


@pytest.fixture(scope="module")
def passed(tmp_path_factory):
    """One pass of the real pipeline over the recorded site: its summary and its index."""
    path = tmp_path_factory.mktemp("identity") / "vigie.db"
    with DemoSite() as site:
        settings = demo_settings(site, path)
        summary = run_bounded(settings)
        again = run_bounded(settings)
    index = open_index(settings.index)
    yield summary, again, index
    index.close()


def total(summary, step):
    return sum(summary.steps.get(step, {}).values())


def test_every_entry_seen_ends_and_every_step_counts_each_input_once(passed):
    summary, _, _ = passed
    entries = summary.totals.entries
    seen = summary.steps["PollFeeds"]["entry_new"]
    assert seen > 10
    assert sum(entries.values()) == seen == total(summary, "DropSeen")
    assert total(summary, "FetchPages") == summary.steps["DropSeen"]["ok"]
    extracted = summary.steps["ExtractArticles"]
    articles = extracted.get("ok", 0) + extracted.get("from_feed", 0)
    assert total(summary, "DetectMentions") == articles
    assert total(summary, "GroupStories") == articles
    assert total(summary, "IndexDocuments") == articles
    ended_otherwise = entries.get("duplicate", 0) + entries.get("discarded", 0)
    assert total(summary, "SettleEntries") == ended_otherwise + entries.get("dead_letter", 0)
    assert entries["indexed"] + ended_otherwise + entries.get("dead_letter", 0) == seen
    assert entries.get("pending", 0) == 0


def test_a_second_pass_adds_nothing_and_the_accounting_still_holds(passed):
    summary, again, index = passed
    assert again.totals.entries == summary.totals.entries
    brought = sum(state.entries_new for state in index.poll_states().values())
    assert brought == sum(again.totals.entries.values())
    assert unaccounted(again.totals, brought=brought) == 0


def test_the_status_shows_accounting_lags_throughput_and_feeds(passed):
    summary, _, index = passed
    status = read_status(index)
    assert status["entries_seen"] == sum(status["entries"].values())
    assert status["unaccounted"] == 0
    assert status["lag_samples"]["processing"] == summary.totals.documents
    lag = status["lag_secs"]["processing"]
    assert 0 < lag["p50"] <= lag["p95"] <= lag["p99"]
    assert status["documents_per_hour"] == summary.totals.documents
    assert status["feeds_health"]["healthy"] == len(index.poll_states())
    assert status["completeness"] == 1.0


def test_the_story_of_a_copy_names_every_step_and_its_original(passed):
    _, _, index = passed
    copy = next(one for one in index.documents() if one.copy_of)
    told = gather(index, copy.article.url)
    steps = [event.step for event in tell(told)]
    assert steps[:3] == ["outlet", "PollFeeds", "FetchPages"]
    assert steps[3:8] == [
        "ExtractArticles", "DetectMentions", "ExtractClaims", "GroupStories", "IndexDocuments",
    ]  # fmt: skip
    assert explanation_json(told)["copy_of"] == copy.copy_of
    original = gather(index, copy.copy_of)
    assert copy.article.canonical_url in explanation_json(original)["copies"]


def test_a_document_that_alerted_tells_of_its_alerts(passed):
    _, _, index = passed
    alert = index.alerts(limit=1)[0]
    told = gather(index, alert.url)
    assert alert.id in explanation_json(told)["alerts"]
    assert any(event.step == "SendAlerts" for event in tell(told))


def test_the_id_of_an_entry_leads_to_its_document(passed):
    _, _, index = passed
    document = next(iter(index.documents()))
    assert gather(index, document.article.entry_id).document == document


def test_the_story_of_an_article_that_two_feeds_showed_tells_of_both(passed):
    _, _, index = passed
    told = next(
        told
        for told in (gather(index, one.article.url) for one in index.documents())
        if len(told.rows) > 1
    )
    (repeated,) = [event for event in tell(told) if event.outcome == "duplicate"]
    assert repeated.step in {"DropSeen", "IndexDocuments"}
    assert "shown by http" in repeated.text
    assert told.document is not None


def test_text_of_the_article_is_not_told(passed):
    _, _, index = passed
    document = next(one for one in index.documents() if len(one.article.text) > 200)
    told = str(explanation_json(gather(index, document.article.id)))
    assert document.article.text[:200] not in told


def test_what_is_not_known_is_not_invented(passed):
    _, _, index = passed
    told = gather(index, "https://nowhere.example/article")
    assert not told.found
    assert tell(told) == []


def test_pending_entries_and_dead_letters_are_found_by_address(passed):
    _, _, index = passed
    now = datetime.now(timezone.utc)
    entries = [
        Entry(
            id=f"late-{name}",
            feed_id="unknown",
            feed_url="https://outlet.example/feed",
            first_seen_at=now,
            url=f"https://outlet.example/{name}?utm_source=feed",
        )
        for name in ("waits", "died")
    ]
    index.register_entries(entries, due_at=now)
    index.settle(
        [
            Settlement(
                entry=entries[1],
                outcome="dead_letter",
                step="FetchPages",
                reason="timeout",
                detail="30 s",
                settled_at=now,
            )
        ]
    )
    waiting = gather(index, "https://outlet.example/waits")
    assert [event.outcome for event in tell(waiting)] == ["entry_new", "pending"]
    died = tell(gather(index, "https://outlet.example/died"))
    assert died[-1].step == "FetchPages"
    assert "vigie replay --step FetchPages --reason timeout" in died[-1].text
