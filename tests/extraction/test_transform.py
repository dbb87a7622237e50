"""Pages become articles, discards or dead letters: each exactly one."""

# ruff: noqa: E501 - markup and tables read better unbroken

import apache_beam as beam
import pytest
from apache_beam.testing import test_pipeline
from apache_beam.testing.util import assert_that, equal_to
from apache_beam.transforms.window import TimestampedValue

from connectors.addresses import address_key
from connectors.extraction import ExtractArticles, Extraction, build_article, extract_safely
from connectors.records import SETTLED, Entry, from_json, stable_id, to_json
from connectors.sandbox import Sandbox, SandboxUnavailable

PROSE = "<p>The two presidents signed a treaty on security guarantees in the capital.</p>" * 4
GOOD = f"<html lang='en'><head><title>A treaty</title></head><body><article><h1>A treaty</h1>{PROSE}</article></body></html>"


def always_english(_text, _declared):
    return "en"


def article_words(article):
    return (
        "article",
        article.entry_id,
        article.text_source,
        article.page_outcome,
        article.language,
    )


EXCEEDED = {"timeout", "out_of_memory"}
"""Which of its limits a page meets first hangs on the machine."""


def settlement_words(settlement):
    reason = "exceeded" if settlement.reason in EXCEEDED else settlement.reason
    return (settlement.outcome, settlement.entry.id, settlement.step, reason)


def test_every_page_ends_once_and_a_hostile_one_takes_no_neighbour(make_page, make_entry):
    def page(name, body, **fields):
        entry = make_entry(id=name, url=f"https://news.example.org/{name}", **fields)
        return make_page(body, entry=entry, url=entry.url)

    hostile = "<p " + "a='1' " * 100_000 + ">"
    slow = ("<p " + " ".join(f"a{n}=1" for n in range(4_900)) + ">x</p>") * 60
    pages = [
        page("one", GOOD),
        page("guarded", hostile),
        page("slow", slow),
        page("two", GOOD),
        page("feed", b"%PDF-1.7", title="From the feed", summary_html="<p>A summary.</p>"),
        page("title", b"", title="Only a title"),
        page("nothing", b""),
    ]
    with test_pipeline.TestPipeline() as pipeline:
        out = pipeline | beam.Create(pages) | ExtractArticles(identify=always_english)
        ended = (
            out.out | "Articles" >> beam.Map(article_words),
            out[SETTLED] | "Settlements" >> beam.Map(settlement_words),
        ) | beam.Flatten()
        assert_that(
            ended,
            equal_to(
                [
                    ("article", "one", "page", "ok", "en"),
                    ("dead_letter", "guarded", "ExtractArticles", "too_many_attributes"),
                    ("dead_letter", "slow", "ExtractArticles", "exceeded"),
                    ("article", "two", "page", "ok", "en"),
                    ("article", "feed", "feed", "not_html", "en"),
                    ("article", "title", "feed", "empty", "en"),
                    ("discarded", "nothing", "ExtractArticles", "no_text"),
                ]
            ),
        )


def test_pages_under_way_at_once_keep_their_times_and_none_is_left_in_a_bundle(
    make_page, make_entry
):
    def page(number):
        entry = make_entry(id=str(number), url=f"https://news.example.org/{number}")
        return TimestampedValue(make_page(GOOD, entry=entry, url=entry.url), number)

    def at(article, timestamp=beam.DoFn.TimestampParam):
        return int(article.entry_id), int(float(timestamp))

    with test_pipeline.TestPipeline() as pipeline:
        pages = pipeline | beam.Create(range(23)) | beam.Map(page)
        out = pages | ExtractArticles(identify=always_english)
        times = out.out | "Times" >> beam.Map(at)
        assert_that(times, equal_to([(number, number) for number in range(23)]))


def test_the_transform_wants_a_function_for_the_language():
    with pytest.raises(TypeError, match="identify: expected a function, got 'fr'"):
        ExtractArticles(identify="fr")


def build(page, **fields):
    return build_article(page, Extraction(**{"outcome": "ok", "title": "T", "text": "Text", **fields}), always_english)  # fmt: skip


def test_the_document_is_known_by_its_canonical_address(make_page):
    article = build(make_page(), canonical_url="https://news.example.org/a")
    assert article.id == address_key("https://news.example.org/a#x")
    assert article.canonical_url == "https://news.example.org/a"
    assert article.content_hash == stable_id("T", "Text")


def test_without_a_canonical_address_the_one_reached_counts_without_its_trackers(make_page):
    article = build(make_page(url="https://news.example.org/b?utm_source=rss"))
    assert article.canonical_url == "https://news.example.org/b"
    assert article.url == "https://news.example.org/b?utm_source=rss"


def test_a_consent_dialog_lends_its_address_to_no_entry(make_page, make_entry):
    ids = {
        build(
            make_page(entry=make_entry(url=f"https://news.example.org/{n}", title="Of the feed"), url="https://consent.example.org/"),
            outcome="consent_wall", title="Before you continue", text="cookies", feed_text="From the feed.",
            canonical_url="https://consent.example.org/",
        ).id
        for n in range(3)
    }  # fmt: skip
    assert len(ids) == 3


def test_the_words_of_an_error_page_are_not_the_article(make_page, make_entry):
    page = make_page(entry=make_entry(title="Of the feed"))
    article = build(
        page, outcome="soft_404", title="Page not found", text="Sorry", feed_text="Feed."
    )
    assert (article.title, article.text, article.text_source) == ("Of the feed", "Feed.", "feed")
    assert article.page_outcome == "soft_404"


def test_a_teaser_stands_unless_the_feed_says_more(make_page):
    teaser = build(make_page(), outcome="paywall", text="A long teaser.", feed_text="Short.")
    assert (teaser.text, teaser.text_source, teaser.page_outcome) == (
        "A long teaser.",
        "page",
        "paywall",
    )
    longer = build(
        make_page(), outcome="paywall", text="A teaser.", feed_text="The whole text of it."
    )
    assert (longer.text, longer.text_source) == ("The whole text of it.", "feed")


def test_an_entry_without_a_link_is_known_by_its_guid(make_page, make_entry):
    page = make_page(
        entry=make_entry(url=None, guid="tag:example.org,2024:7"), url=None, outcome="no_link"
    )
    article = build(page, outcome="no_link", text="", feed_text="From the feed.")
    assert article.id == address_key("tag:example.org,2024:7")
    assert article.url == ""


def test_neither_text_nor_title_is_no_article(make_page):
    assert build(make_page(), outcome="empty", title=" ", text="", feed_text="") is None


def test_the_declared_language_is_a_hint_for_the_one_who_identifies(make_page):
    seen = []

    def identify(text, declared):
        seen.append((text, declared))
        return "be"

    extraction = Extraction(outcome="ok", title="T", text="Text", language="ru")
    assert build_article(make_page(), extraction, identify).language == "be"
    assert seen == [("T\nText", "ru")]


def test_a_dead_letter_carries_its_entry_so_that_it_can_be_replayed(make_entry):
    entry = make_entry(title="T")
    assert from_json(Entry, to_json(entry)) == entry


def test_a_page_is_not_blamed_for_a_machine_that_starts_no_process(make_page):
    sandbox = Sandbox(deadline_secs=1, memory_bytes=1 << 28)
    sandbox.close()
    with pytest.raises(SandboxUnavailable):
        extract_safely(make_page(GOOD), sandbox)
