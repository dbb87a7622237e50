"""The recorded site of the demonstration: what it serves is what it promises."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from datetime import datetime, timedelta, timezone

import feedparser
import pytest
import trafilatura

from pipelines.demo.pages import fill_years, instant, load_articles, load_outlets
from pipelines.demo.server import DemoSite, Resource, is_unchanged
from pipelines.detection import load_detector

NOW = datetime(2025, 3, 4, 12, 0, tzinfo=timezone.utc)


@pytest.fixture(scope="module")
def site():
    with DemoSite(now=NOW) as running:
        yield running


def get(url, **headers):
    request = urllib.request.Request(url, headers=headers)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer.status, dict(answer.headers.items()), answer.read()


def body_of(page):
    return trafilatura.extract(get(page.url)[2], url=page.url, fast=True, include_comments=False)


def test_the_site_is_large_and_multilingual_enough(site):
    assert len(site.expected) >= 16
    assert len({page.language for page in site.expected}) >= 8
    assert len({page.outlet for page in site.expected}) >= 8
    assert {feed.url.rsplit(".", 1)[-1] for feed in site.feeds} == {"xml", "atom", "json"}


def test_the_site_holds_every_promised_difficulty(site):
    pages = {page.slug: page for page in site.expected}
    assert sum(page.trap is not None for page in site.expected) >= 2
    assert any(page.old for page in site.expected)
    assert any(len(page.feeds) == 2 for page in site.expected)
    assert {end.reason for end in site.expected_ends} == {"not_html", "gone", "no_link"}
    copies = [page for page in site.expected if page.copy_of]
    assert copies
    for page in copies:
        assert pages[page.copy_of].published_at < page.published_at
    for page in site.expected:
        if page.disagrees_with:
            assert pages[page.disagrees_with].disagrees_with == page.slug


def test_every_page_yields_its_body_and_none_of_its_furniture(site):
    outlets = {outlet.name: outlet.furniture for outlet in load_outlets().values()}
    for page in site.expected:
        text = body_of(page)
        article = next(a for a in load_articles(now=NOW) if a.slug == page.slug)
        for paragraph in article.paragraphs:
            assert paragraph in text, page.slug
        furniture = outlets[page.outlet]
        strangers = [*furniture["related"], furniture["cookies"][0], furniture["footer"]]
        strangers += [words for _, words in furniture["comments"]]
        assert not [words for words in strangers if words in text], page.slug


def test_the_old_encoding_is_said_by_the_page_alone(site):
    page = next(page for page in site.expected if page.slug == "vtoroy-divizion")
    _, headers, body = get(page.url)
    assert headers["Content-Type"] == "text/html"
    assert "Орешник" in body.decode("windows-1251")
    with pytest.raises(UnicodeDecodeError):
        body.decode("utf-8")


def test_every_feed_parses_and_its_entries_are_counted(site):
    entries = 0
    for feed in site.feeds:
        _, headers, body = get(feed.url)
        if headers["Content-Type"].startswith("application/feed+json"):
            entries += len(json.loads(body)["items"])
            continue
        parsed = feedparser.parse(body, response_headers={"content-type": headers["Content-Type"]})
        assert not parsed.bozo, feed.id
        assert all(entry.title and entry.published_parsed for entry in parsed.entries)
        entries += len(parsed.entries)
    assert entries == site.entry_count
    assert entries == sum(len(p.feeds) for p in site.expected) + len(site.expected_ends)


def test_no_page_is_dated_in_the_future_and_the_newest_is_fresh(site):
    newest = max(page.published_at for page in site.expected)
    assert timedelta(0) < NOW - newest < timedelta(hours=1)


def test_both_halves_of_the_coming_year_are_claimed(site):
    pages = {page.slug: page for page in site.expected}
    assert "premier semestre 2026" in body_of(pages["orechnik-premier-semestre"])
    assert "second half of 2026" in body_of(pages["oreshnik-second-half"])


def test_validators_spare_a_second_download(site):
    url = site.feeds[0].url
    _, headers, _ = get(url)
    for validator in (
        {"If-None-Match": headers["ETag"]},
        {"If-Modified-Since": headers["Last-Modified"]},
    ):
        with pytest.raises(urllib.error.HTTPError) as answer:
            get(url, **validator)
        assert answer.value.code == 304
        answer.value.close()


def test_what_is_not_there_answers_404(site):
    for path in ("/sentinelle/page-retiree.html", "/../server.py", "/site/outlets.yaml"):
        with pytest.raises(urllib.error.HTTPError) as answer:
            get(site.base_url + path)
        assert answer.value.code == 404
        answer.value.close()


def test_the_link_to_a_document_answers_as_one(site):
    _, headers, body = get(f"{site.base_url}/files/annexe.pdf")
    assert headers["Content-Type"] == "application/pdf"
    assert body.startswith(b"%PDF")


def test_the_same_instant_gives_the_same_articles():
    assert load_articles(now=NOW) == load_articles(now=NOW)


def test_two_sites_run_side_by_side():
    with DemoSite(now=NOW) as one, DemoSite(now=NOW) as other:
        assert one.base_url != other.base_url
        assert get(f"{other.base_url}/robots.txt")[0] == 200


@pytest.mark.parametrize(
    ("headers", "unchanged"),
    [
        ({}, False),
        ({"If-None-Match": '"a"'}, True),
        ({"If-None-Match": 'W/"x", W/"a"'}, True),
        ({"If-None-Match": '"b"', "If-Modified-Since": "Tue, 04 Mar 2025 12:00:00 GMT"}, False),
        ({"If-Modified-Since": "Tue, 04 Mar 2025 12:00:00 GMT"}, True),
        ({"If-Modified-Since": "Tue, 04 Mar 2025 11:59:59 GMT"}, False),
        ({"If-Modified-Since": "yesterday"}, False),
    ],
)
def test_the_validators_are_compared_as_the_standard_says(headers, unchanged):
    resource = Resource(body=b"", content_type="text/html", last_modified=NOW, etag='"a"')
    assert is_unchanged(headers, resource) is unchanged


def test_an_offset_of_another_form_is_refused_with_its_text():
    with pytest.raises(ValueError, match="-2 weeks"):
        instant("-2 weeks", now=NOW)


def test_years_are_counted_from_the_instant():
    assert fill_years("{{year:-1}} {{year}} {{year:+1}}", now=NOW) == "2024 2025 2026"


def test_the_labelled_subjects_are_what_detection_finds_in_the_bodies():
    detector = load_detector()
    for article in load_articles(now=NOW):
        mentions = detector.detect(
            title=article.title, text="\n".join(article.paragraphs), language=article.language
        )
        assert tuple(sorted({one.subject for one in mentions})) == article.subjects, article.slug
