"""Second readings over a small site: revisions, deletions, and good texts that stay."""

import json
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from connectors.backends import open_index
from connectors.feed_known import CHANGE_KIND, EntryChange
from connectors.records import Document, to_json
from pipelines.runtime import run_bounded
from pipelines.steps.apply import entry_of
from pipelines.steps.rereading import RereadDocuments

TEXT = (
    "The Russian leader said on Friday that the Oreshnik missile system would be deployed in "
    "Belarus in the second half of 2025.\nHis counterpart had asked for it in public during the "
    "summit in Minsk, where both signed several documents on defence and trade.\n"
    "Analysts doubt that the promised date can be kept, given the state of production."
)
CORRECTED = TEXT.replace("the second half of 2025", "December 2025")


@pytest.fixture
def first(site, settings_for):
    """An index after the first pass over one article that names a subject."""
    site.article("/a", "Oreshnik for Belarus", TEXT, ETag='"1"')
    settings = settings_for(site.rss("/feed", "/a"))
    run_bounded(settings)
    return settings


def test_an_unchanged_page_is_left_alone_and_asked_by_its_validators_later(
    site, first, read_again, stored
):
    before, totals, _, _ = stored(first)
    assert read_again(first, hours=23) == {}
    assert read_again(first, hours=25) == {"unchanged": 1}
    assert read_again(first, hours=26) == {}
    assert read_again(first, hours=169) == {"unchanged": 1}
    after, _, states, deleted = stored(first)
    assert after == before
    assert stored(first)[1].entries == totals.entries == {"indexed": 1}
    assert len(site.asked("/a")) == 3
    assert [one.get("If-None-Match") for one in site.asked("/a")] == [None, None, '"1"']
    assert states[before[0].article.id]["done_hours"] == [24.0, 168.0]
    assert deleted == {}


def test_a_corrected_page_is_the_next_revision_and_confirmed_once(site, first, read_again, stored):
    (before,), _, _, _ = stored(first)
    site.article("/a", "Oreshnik for Belarus", CORRECTED, ETag='"2"')
    assert read_again(first, hours=25) == {"updated": 1}
    (after,), totals, states, _ = stored(first)
    assert after.article.text == CORRECTED
    assert (before.revision, after.revision) == (1, 2)
    assert after.article.id == before.article.id
    assert after.article.entry_id == before.article.entry_id
    assert after.article.first_seen_at == before.article.first_seen_at
    assert after.article.published_at == before.article.published_at
    assert after.article.date_source == before.article.date_source
    assert after.story_id == before.story_id
    assert {claim.when for claim in after.claims} != {claim.when for claim in before.claims}
    assert totals.entries == {"indexed": 1}
    state = states[after.article.id]
    assert (state["added_chars"], state["removed_chars"]) == (
        len("December"),
        len("thesecondhalfof"),
    )
    assert read_again(first, hours=25.1) == {}
    assert read_again(first, hours=25.5) == {"unchanged": 1}
    assert read_again(first, hours=26) == {}
    assert read_again(first, hours=169) == {"unchanged": 1}
    assert site.asked("/a")[-1]["If-None-Match"] == '"2"'
    assert stored(first)[0] == [after]


def told_anew(settings, *, hours, **told):
    """Note that the feed tells its one entry otherwise, ``hours`` from now."""
    index = open_index(settings.index)
    try:
        (article,) = (one.article for one in index.documents())
        entry = replace(entry_of(article), **told)
        noticed_at = datetime.now(timezone.utc) + timedelta(hours=hours)
        change = EntryChange(entry=entry, noticed_at=noticed_at)
        index.put_memory(CHANGE_KIND, entry.id, to_json(change))
    finally:
        index.close()


def test_what_the_feed_tells_otherwise_is_read_again_at_once(site, first, read_again, stored):
    site.article("/a", "Oreshnik for Belarus", CORRECTED)
    assert read_again(first, hours=0.1) == {}
    told_anew(first, hours=0.1, title="Corrected: Oreshnik for Belarus")
    assert read_again(first, hours=0.2) == {"updated": 1}
    (after,), totals, states, _ = stored(first)
    assert (after.article.text, after.revision) == (CORRECTED, 2)
    assert totals.entries == {"indexed": 1}
    assert "revision" in [alert.development for alert in alerts_of(first)]
    assert read_again(first, hours=0.5) == {"unchanged": 1}
    assert read_again(first, hours=2) == {}
    assert states[after.article.id]["done_hours"] == []


def test_a_document_without_mentions_is_read_again_too(
    site, settings_for, read_again, stored, forget
):
    text = TEXT.replace("Oreshnik missile system", "system").replace("Belarus", "the country")
    site.article("/a", "A promise", text)
    body = site.rss("/feed", "/a")
    served = site.pages["/feed"][2].replace(b"Oreshnik", b"News")
    site.page("/feed", served.decode(), content_type="application/rss+xml")
    settings = settings_for(body)
    run_bounded(settings)
    (before,), _, _, _ = stored(settings)
    assert before.mentions == ()
    site.article("/a", "A promise", TEXT)
    assert read_again(settings, hours=25) == {}
    forget()
    told_anew(settings, hours=25, title="A promise of Oreshnik")
    assert read_again(settings, hours=25.1) == {"updated": 1}
    (after,), _, _, _ = stored(settings)
    assert "oreshnik" in after.subjects
    assert {alert.subject for alert in alerts_of(settings)} == {"oreshnik"}


@pytest.mark.parametrize("has_page", [True, False])
def test_a_text_of_the_feed_is_replaced_by_what_the_feed_tells_now(
    site, settings_for, read_again, stored, has_page
):
    if has_page:
        site.page("/a", "no", status=403)
    link = f"<link>{site.base}/a</link>" if has_page else ""
    item = f"<item><title>Oreshnik</title>{link}<guid>a</guid><description>{TEXT}</description>"
    site.page(
        "/feed",
        f"<rss version='2.0'><channel><title>F</title>{item}</item></channel></rss>",
        content_type="application/rss+xml",
    )
    settings = settings_for(site.base + "/feed")
    run_bounded(settings)
    (before,), _, _, _ = stored(settings)
    assert before.article.text_source == "feed"
    told_anew(settings, hours=0.1, title="Oreshnik", summary_html=CORRECTED, guid="a")
    assert read_again(settings, hours=0.2) == {"updated": 1}
    (after,), totals, _, _ = stored(settings)
    assert "December 2025" in after.article.text
    assert (after.article.id, after.revision) == (before.article.id, 2)
    assert totals.entries == {"indexed": 1}
    assert read_again(settings, hours=0.5) == {"unchanged": 1}


def test_a_page_that_fails_now_is_not_replaced_by_the_feeds_text(site, first, read_again, stored):
    (before,), _, _, _ = stored(first)
    site.page("/a", "no", status=403)
    told_anew(first, hours=0.1, summary_html="Withdrawn.")
    assert read_again(first, hours=0.2) == {"unreadable": 1}
    assert stored(first)[0] == [before]


def test_a_correction_of_what_was_alerted_is_an_alert(site, first, read_again):
    site.article("/a", "Oreshnik for Belarus", CORRECTED)
    read_again(first, hours=25)
    index = open_index(first.index, read_only=True)
    kinds = [alert.development for alert in index.alerts()]
    index.close()
    assert "revision" in kinds


def alerts_of(settings):
    index = open_index(settings.index, read_only=True)
    try:
        return index.alerts()
    finally:
        index.close()


SOFT_404 = "<html><head><title>Page not found</title></head><body><p>Sorry.</p></body></html>"


@pytest.mark.parametrize("answer", [("no", 404), ("gone", 410), (SOFT_404, 200)])
def test_a_page_missing_twice_is_deleted_and_alerted_once(site, first, read_again, stored, answer):
    (before,), totals, _, _ = stored(first)
    body, status = answer
    site.page("/a", body, status=status)
    assert read_again(first, hours=25) == {"missing": 1}
    assert stored(first)[0] == [before]
    assert stored(first)[3] == {}
    assert read_again(first, hours=25.5) == {}
    assert read_again(first, hours=26.1) == {"deleted": 1}
    (after,), totals_after, _, deleted = stored(first)
    assert (after.article.text, after.claims, after.revision) == (TEXT, before.claims, 2)
    assert after.article.page_outcome == "deleted"
    assert after.article.deleted_at is not None
    assert totals_after.entries == totals.entries
    note = deleted[before.article.id]
    assert (note["gone"], note["status"], note["subjects"]) == (True, status, ["oreshnik"])
    told = [one for one in alerts_of(first) if one.development == "deletion"]
    assert [(one.subject, one.document_id) for one in told] == [("oreshnik", before.article.id)]
    assert told[0].old_claims == before.claims
    assert told[0].quote == before.claims[0].evidence
    assert read_again(first, hours=27) == {"gone": 1}
    assert read_again(first, hours=28) == {}
    assert len(alerts_of(first)) == totals.alerts + 1


def test_a_page_that_comes_back_is_no_longer_deleted(site, first, read_again, stored):
    (before,), _, _, _ = stored(first)
    site.page("/a", "gone", status=410)
    for hours in (25, 26.1, 27):
        read_again(first, hours=hours)
    site.article("/a", "Oreshnik for Belarus", TEXT)
    assert read_again(first, hours=169) == {"updated": 1}
    (after,), _, _, deleted = stored(first)
    assert (after.article.deleted_at, after.article.page_outcome) == (None, "ok")
    assert after.article.content_hash == before.article.content_hash
    assert deleted[before.article.id]["gone"] is False


def test_a_site_that_is_down_for_an_hour_has_deleted_nothing(site, first, read_again, stored):
    before = stored(first)[0]
    site.page("/a", "gone", status=404)
    assert read_again(first, hours=25) == {"missing": 1}
    site.article("/a", "Oreshnik for Belarus", TEXT, ETag='"1"')
    assert read_again(first, hours=26.1) == {"unchanged": 1}
    assert stored(first)[0] == before
    assert stored(first)[3] == {}


def test_a_deletion_lost_on_its_way_is_told_once_by_the_next_look(
    site, first, read_again, stored, forget
):
    """The state says that the deletion was handed on, but the worker died with it."""
    (before,), _, _, _ = stored(first)
    site.page("/a", "gone", status=404)
    read_again(first, hours=25)
    read_again(first, hours=26.1)
    index = open_index(first.index)
    index.write([Document(article=before.article, mentions=before.mentions, claims=before.claims)])
    index.close()
    forget()
    assert stored(first)[0][0].article.deleted_at is None
    assert read_again(first, hours=27) == {"deleted": 1}
    assert stored(first)[0][0].article.deleted_at is not None
    assert [one.development for one in alerts_of(first)].count("deletion") == 1


LONG_TEASER = (
    "<html lang='en'><head><script type='application/ld+json'>"
    + json.dumps(
        {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": "Oreshnik for Belarus",
            "isAccessibleForFree": False,
        }
    )
    + "</script></head><body><article><h1>Oreshnik for Belarus</h1><p>"
    + TEXT.partition("\n")[0]
    + "</p></article></body></html>"
)


@pytest.mark.parametrize(
    "answer",
    [
        (
            "<html><head><title>404</title></head><body>404</body></html>",
            200,
            "text/html",
            "missing",
        ),
        ("<html><body></body></html>", 200, "text/html", "kept"),
        (
            "<html><body><p>We use cookies. Accept cookies? Privacy, partners, consent.</p></html>",
            200,
            "text/html",
            "kept",
        ),
        (LONG_TEASER, 200, "text/html", "kept"),
        ("", 200, "text/html", "unreadable"),
        ("%PDF-1.7", 200, "application/pdf", "unreadable"),
        ("no", 403, "text/html", "unreadable"),
        ("<html><body>" + "<p>" * 50_000 + "</body></html>", 200, "text/html", "unreadable"),
        ("down", 503, "text/html", "deferred"),
        ("slow down", 429, "text/html", "deferred"),
    ],
    ids=[
        "soft 404",
        "no text",
        "consent",
        "teaser",
        "empty",
        "pdf",
        "forbidden",
        "too intricate",
        "down",
        "limited",
    ],
)
def test_a_page_that_fails_never_replaces_a_good_text(site, first, read_again, stored, answer):
    body, status, content_type, counted = answer
    before, totals, _, _ = stored(first)
    site.page("/a", body, status=status, content_type=content_type)
    assert read_again(first, hours=25) == {counted: 1}
    after, totals_after, _, deleted = stored(first)
    assert after == before
    assert replace(totals_after, feeds=totals.feeds) == totals
    assert deleted == {}


def test_an_address_that_now_shows_another_article_changes_nothing(site, first, read_again, stored):
    before = stored(first)[0]
    site.article("/a", "Another story", TEXT.replace("Friday", "Monday"), canonical="/b")
    assert read_again(first, hours=25) == {"moved": 1}
    assert stored(first)[0] == before


def test_a_page_that_is_down_is_asked_four_times_and_again_at_the_next_age(
    site, first, read_again, stored
):
    site.page("/a", "down", status=500)
    counted = [read_again(first, hours=hour) for hour in (25, 26, 27, 30, 31)]
    assert counted == [{"deferred": 1}] * 3 + [{"given_up": 1}, {}]
    site.article("/a", "Oreshnik for Belarus", CORRECTED)
    assert read_again(first, hours=169) == {"updated": 1}
    assert stored(first)[0][0].article.text == CORRECTED


def test_a_document_without_a_mention_is_not_read_again(site, settings_for, read_again):
    site.article("/a", "Weather", "It will rain in the whole country on all of the next days.")
    body = site.rss("/feed", "/a")
    settings = settings_for(body)
    site.pages["/feed"] = (
        200,
        {"Content-Type": "application/rss+xml"},
        site.pages["/feed"][2].replace(b"Oreshnik", b"Weather"),
    )
    run_bounded(settings)
    assert read_again(settings, hours=25) == {}
    assert len(site.asked("/a")) == 1


def test_robots_is_asked_before_a_second_reading(site, first, read_again, stored, settings_for):
    site.page("/robots.txt", "User-agent: *\nDisallow: /", content_type="text/plain")
    other = replace(first, fetch=replace(first.fetch, contact="https://example.org/another"))
    assert read_again(other, hours=25) == {"unreadable": 1}
    assert len(site.asked("/a")) == 1


def test_a_revision_that_was_lost_on_its_way_is_found_by_the_next_look(
    site, first, read_again, stored
):
    """The state says that a changed text was handed on, but the index never got it."""
    before = stored(first)[0]
    site.article("/a", "Oreshnik for Belarus", CORRECTED, ETag='"2"')
    read_again(first, hours=25)
    index = open_index(first.index)
    index.write([Document(article=before[0].article, mentions=before[0].mentions)])
    index.close()
    assert stored(first)[0][0].article.text == TEXT
    assert read_again(first, hours=26) == {"updated": 1}
    assert stored(first)[0][0].article.text == CORRECTED


def test_a_bounded_pass_of_the_monitor_reads_again_what_is_due(site, first, make_older, stored):
    site.article("/a", "Oreshnik for Belarus", CORRECTED)
    older = make_older(first, hours=25)
    summary = run_bounded(older)
    assert summary.steps["RereadDocuments"] == {"updated": 1}
    assert summary.steps["IndexDocuments"] == {"updated": 1}
    (document,), _, _, _ = stored(older)
    assert (document.article.text, document.revision) == (CORRECTED, 2)
    assert "RereadDocuments" not in run_bounded(older).steps


def test_a_second_reading_and_a_repeat_in_a_feed_do_not_meet(site, first, make_older, stored):
    """The feed shows the entry under another guid while its page is read again."""
    site.article("/a", "Oreshnik for Belarus", CORRECTED)
    older = replace(make_older(first, hours=25), feeds=first.feeds)
    summary = run_bounded(older)
    assert summary.steps["RereadDocuments"] == {"updated": 1}
    (document,), totals, _, _ = stored(older)
    assert document.article.text == CORRECTED
    assert sum(totals.entries.values()) == 1
    assert "pending" not in totals.entries


def test_no_age_means_no_second_reading(site, first, make_older):
    older = replace(make_older(first, hours=25), reread_after_hours=())
    assert "RereadDocuments" not in run_bounded(older).steps
    assert len(site.asked("/a")) == 1


@pytest.mark.parametrize("ages", [(0.0,), (24.0, -1.0)])
def test_ages_that_make_no_sense_are_refused(first, ages):
    with pytest.raises(ValueError, match="ages_hours"):
        RereadDocuments(first.index, first.fetch, ages_hours=ages, once=True)
