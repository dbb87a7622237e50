"""The whole line over a small site: every entry ends as exactly one thing."""

from dataclasses import replace

from connectors.backends import open_index
from pipelines.replaying import build_reanalysis, build_replay
from pipelines.runtime import run_bounded
from pipelines.steps.stories import forget_books

TEXT = (
    "The Russian leader said on Friday that the Oreshnik missile system would be deployed in "
    "Belarus in the second half of 2025.\nHis counterpart had asked for it in public during the "
    "summit in Minsk, where both signed several documents on defence and trade.\n"
    "Analysts doubt that the promised date can be kept, given the state of production."
)


def stored(settings):
    index = open_index(settings.index, read_only=True)
    try:
        return list(index.documents()), index.totals()
    finally:
        index.close()


def test_an_article_is_read_indexed_and_alerted_once(site, settings_for):
    site.article("/a", "Oreshnik for Belarus", TEXT)
    feed = site.rss("/feed", site.item("/a"))
    settings = settings_for(feed)
    first = run_bounded(settings)
    documents, totals = stored(settings)
    assert [one.article.title for one in documents] == ["Oreshnik for Belarus"]
    (document,) = documents
    assert document.subjects == ("oreshnik",)
    assert all(
        {"title": document.article.title, "text": document.article.text}[m.field][m.start : m.end]
        == m.quote
        for m in document.mentions
    )
    assert totals.entries == {"indexed": 1}
    assert totals.alerts >= 1
    assert first.steps["IndexDocuments"] == {"ok": 1}
    again = run_bounded(settings)
    assert "IndexDocuments" not in again.steps
    assert replace(stored(settings)[1], feeds=totals.feeds) == totals


def test_the_same_address_in_two_feeds_is_read_once(site, settings_for):
    site.article("/a", "Oreshnik for Belarus", TEXT)
    one = site.rss("/one", site.item("/a"))
    two = site.rss("/two", site.item("/a?utm_source=two"))
    settings = settings_for(one, two)
    run_bounded(settings)
    _, totals = stored(settings)
    assert totals.entries == {"indexed": 1, "duplicate": 1}
    assert len([path for path in site.requests if path.startswith("/a")]) == 1


def test_a_bad_feed_takes_no_neighbour_with_it(site, settings_for):
    site.article("/a", "Oreshnik for Belarus", TEXT)
    good = site.rss("/good", site.item("/a"))
    bad = [
        site.page("/html", "<html><body>This is no feed</body></html>"),
        site.page("/empty", "", "application/rss+xml"),
        site.page("/cut", "<?xml version='1.0'?><rss><channel><item><title>Cut", "text/xml"),
        site.base + "/not-found",
        site.page("/broken", "oops", status=500),
        site.page("/wrong", "<?xml version='1.0' encoding='klingon'?><rss/>".encode("utf-16")),
        site.page("/bytes", bytes(range(256)) * 40, "application/rss+xml"),
        "http://127.0.0.1:9/refused",
    ]
    settings = settings_for(good, *bad)
    summary = run_bounded(settings)
    documents, totals = stored(settings)
    assert len(documents) == 1
    assert totals.entries["indexed"] == 1
    assert set(totals.entries) <= {"indexed", "duplicate", "discarded"}
    assert sum(totals.feeds.values()) == 1 + len(bad)
    assert summary.steps["PollFeeds"]["ok"] >= 1


def test_every_odd_entry_ends_with_a_reason(site, settings_for):
    site.article("/good", "Oreshnik for Belarus", TEXT)
    site.page("/pdf", b"%PDF-1.7 \x00\x01", "application/pdf")
    site.page("/void", "")
    feed = site.rss(
        "/feed",
        site.item("/good"),
        site.item("/pdf", "Report on Oreshnik in Belarus"),
        site.item("/void", "Empty page about Oreshnik"),
        site.item("/gone", "Gone page about Oreshnik"),
        "<title>No link, no date, no guid: Oreshnik in Belarus</title>"
        "<description>The Oreshnik missile system was named in a long note.</description>",
        "<description></description>",
        f"<link>{site.base}/good</link><title>again</title><guid>other</guid>",
    )
    settings = settings_for(feed)
    run_bounded(settings)
    documents, totals = stored(settings)
    assert "pending" not in totals.entries
    assert totals.entries["duplicate"] == 1
    titles = {one.article.title for one in documents}
    assert "Oreshnik for Belarus" in titles
    assert "No link, no date, no guid: Oreshnik in Belarus" in titles
    sources = {one.article.title: one.article.text_source for one in documents}
    assert sources["Report on Oreshnik in Belarus"] == "feed"
    assert sum(totals.entries.values()) == len(documents) + sum(
        number for outcome, number in totals.entries.items() if outcome != "indexed"
    )


def test_a_page_that_is_away_for_a_while_is_read_later(site, settings_for):
    site.page("/late", "try later", status=503)
    feed = site.rss("/feed", site.item("/late", "Late"))
    settings = settings_for(feed, page_retry_secs=(0.0,))
    run_bounded(settings)
    assert stored(settings)[1].entries == {"pending": 1}
    site.article("/late", "Oreshnik for Belarus", TEXT)
    run_bounded(settings)
    documents, totals = stored(settings)
    assert totals.entries == {"indexed": 1}
    assert documents[0].subjects == ("oreshnik",)


def test_a_dead_letter_is_replayed_through_the_same_steps(site, settings_for):
    site.page("/deep", "<html><body>" + "<p>" * 50_000 + "</body></html>")
    feed = site.rss("/feed", f"<link>{site.base}/deep</link><guid>d</guid>")
    settings = settings_for(feed)
    run_bounded(settings)
    index = open_index(settings.index)
    (letter,) = index.dead_letters()
    assert letter.step == "ExtractArticles"
    site.article("/deep", "Oreshnik for Belarus", TEXT)
    assert index.reopen([letter.id]) == 1
    index.close()
    run_bounded(settings, build_replay)
    _, totals = stored(settings)
    assert totals.entries == {"indexed": 1}
    assert totals.dead_letters == 0


def test_new_subjects_are_found_in_what_is_stored(site, settings_for, tmp_path):
    site.article("/a", "Oreshnik for Belarus", TEXT)
    feed = site.rss("/feed", site.item("/a"))
    none = tmp_path / "none.yaml"
    none.write_text(
        "version: 1\nsubjects:\n  - id: unicorn\n    kind: deployment\n    names: {en: Unicorn}\n"
        "    rule: {exact: [unicorn]}\n    tests: {match: [a unicorn], no_match: [a horse]}\n"
    )
    settings = settings_for(feed, subjects=(str(none),))
    run_bounded(settings)
    assert stored(settings)[0][0].subjects == ()
    forget_books()
    run_bounded(replace(settings, subjects=None), build_reanalysis, alerting="none")
    documents, totals = stored(settings)
    assert documents[0].subjects == ("oreshnik",)
    assert documents[0].revision == 2
    assert totals.alerts == 0
