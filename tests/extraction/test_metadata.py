"""What a page says about itself, and what of it is believed."""

# ruff: noqa: E501 - markup and tables read better unbroken

import json
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from trafilatura.utils import load_html

from connectors.extraction_metadata import (
    checked_canonical,
    clean,
    is_plausible,
    language_tag,
    parse_instant,
    read_metadata,
    strip_outlet,
)

NOON = datetime(2024, 12, 7, 12, tzinfo=timezone.utc)


def read(head, html="<html>"):
    return read_metadata(
        load_html(
            f"<!DOCTYPE html>{html}<head>{head}</head><body><p>Text</p><p>x</p></body></html>"
        )
    )


def ld(*values):
    return "".join(f'<script type="application/ld+json">{json.dumps(v)}</script>' for v in values)


ARTICLE = {
    "@context": "https://schema.org",
    "@type": "NewsArticle",
    "headline": "Missiles: the &quot;facts&quot;",
    "datePublished": "2024-12-07T13:00:00+01:00",
    "author": [{"@type": "Person", "name": "Ana Ruiz"}, {"name": "Bo Ek"}],
    "publisher": {"@type": "Organization", "name": "The Courier"},
    "inLanguage": "en-GB",
}  # fmt: skip


@pytest.mark.parametrize(
    "value",
    [
        ARTICLE,
        [ARTICLE],
        {"@graph": [{"@type": "WebSite", "name": "x"}, ARTICLE]},
        {"@type": "WebPage", "mainEntity": ARTICLE},
        {**ARTICLE, "@type": ["Thing", "ReportageNewsArticle"]},
    ],
)
def test_the_article_node_is_found_in_every_usual_shape(value):
    found = read(ld({"@type": "BreadcrumbList"}, value))
    assert found.headline == 'Missiles: the "facts"'
    assert found.json_ld_date == NOON
    assert found.author == "Ana Ruiz, Bo Ek"
    assert found.outlet == "The Courier"
    assert found.language == "en"
    assert found.free


def test_articles_in_a_list_of_teasers_are_not_this_article():
    teasers = {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": ARTICLE}]}
    assert read(ld(teasers)).headline is None


@pytest.mark.parametrize("text", ["{", "[" * 100_000, "7", "null", '"x"', "", '{"@type": 5}', '{"@type": "Article", "author": 5, "headline": ["a"], "publisher": [[]]}'])  # fmt: skip
def test_broken_json_ld_is_passed_over_and_the_rest_is_read(text):
    script = f'<script type="application/ld+json">{text}</script>'
    found = read(script + '<meta property="og:title" content="T">')
    assert found.og_title == "T"
    assert found.headline is None


@pytest.mark.parametrize(
    "wrap", ["<!-- {} -->", "//<![CDATA[\n{}\n//]]>", "\n{}\n", "{}\x01".replace("\x01", "")]
)
def test_wrapped_json_ld_is_unwrapped(wrap):
    text = wrap.replace("{}", json.dumps(ARTICLE))
    found = read(f'<script type="application/ld+json">{text}</script>')
    assert found.json_ld_date == NOON


@pytest.mark.parametrize(
    "head",
    [
        '<meta property="article:published_time" content="2024-12-07T12:00:00Z">',
        '<meta name="date" content="2024-12-07 12:00:00">',
        '<meta itemprop="datePublished" content="2024-12-07T14:00:00+02:00">',
        '<meta name="pubdate" content="20241207T120000Z">',
        '<meta name="DC.date.issued" content="2024-12-07T12:00:00.123+0000">',
    ],
)
def test_the_meta_elements_that_carry_the_date_are_known(head):
    assert read(head).meta_date == NOON


def test_the_language_is_that_of_the_document_before_any_other():
    assert read(ld(ARTICLE), html='<html lang="fr-FR">').language == "fr"
    assert read('<meta property="og:locale" content="pt_BR">').language == "pt"
    assert read("").language is None


@pytest.mark.parametrize(
    ("head", "free"),
    [
        (ld({**ARTICLE, "isAccessibleForFree": False}), False),
        (ld({**ARTICLE, "isAccessibleForFree": "False"}), False),
        (ld({**ARTICLE, "isAccessibleForFree": True}), True),
        ('<meta property="article:content_tier" content="locked">', False),
        ('<meta property="article:content_tier" content="free">', True),
    ],
)
def test_a_page_that_declares_itself_sold_is_known(head, free):
    assert read(head).free is free


def test_an_author_that_is_an_address_is_no_author():
    assert read('<meta property="article:author" content="https://facebook.com/x">').author is None


@pytest.mark.parametrize(
    ("declared", "url", "expected"),
    [
        ("https://example.org/a", "https://example.org/a?x=1", "https://example.org/a"),
        ("/a", "https://example.org/b", "https://example.org/a"),
        ("//www.example.org/a", "https://example.org/a", "https://www.example.org/a"),
        ("https://example.org/a#x", "https://m.example.org/a", "https://example.org/a"),
        ("https://evil.example/a", "https://example.org/a", None),
        ("https://example.org/", "https://example.org/a", None),
        ("https://example.org", "https://example.org/?p=7", None),
        ("https://example.org/", "https://example.org/", "https://example.org/"),
        ("javascript:alert(1)", "https://example.org/a", None),
        ("http://[bad", "https://example.org/a", None),
        ("http://127.0.0.1:8000/a", "http://127.0.0.1:9000/a", None),
        (None, "https://example.org/a", None),
        ("https://example.org/a", None, None),
    ],
)
def test_a_canonical_address_is_believed_only_within_its_site(declared, url, expected):
    assert checked_canonical(declared, url) == expected


def test_a_page_with_two_canonical_addresses_has_none():
    links = '<link rel="canonical" href="/a"><link rel="canonical" href="/b">'
    assert read(links).canonical is None
    assert (
        read('<link rel="canonical" href="/a"><link rel="canonical" href="/a">').canonical == "/a"
    )


@pytest.mark.parametrize(
    ("title", "names", "expected"),
    [
        ("A treaty | The Courier", ("The Courier",), "A treaty"),
        ("A treaty - the courier", ("The Courier",), "A treaty"),
        ("The Courier: A treaty", ("The Courier",), "The Courier: A treaty"),
        ("The Courier — A treaty", ("The Courier",), "A treaty"),
        ("Putin – Lukashenko: a treaty", ("The Courier",), "Putin – Lukashenko: a treaty"),
        ("A treaty | World | The Courier", ("The Courier",), "A treaty | World"),
        ("The Courier", ("The Courier",), "The Courier"),
        ("A treaty", (None, ""), "A treaty"),
    ],
)
def test_only_the_name_of_the_site_is_cut_from_a_title(title, names, expected):
    assert strip_outlet(title, names) == expected


@given(st.text(max_size=80), st.text(max_size=20))
def test_a_title_never_loses_all_its_words(title, name):
    assert bool(strip_outlet(title, (name,)).strip()) == bool(title.strip())


@given(st.datetimes(min_value=NOON.replace(tzinfo=None, year=1990), max_value=NOON.replace(tzinfo=None, year=2100)), st.integers(-14 * 60, 14 * 60))  # fmt: skip
def test_every_iso_instant_is_read_in_its_zone(naive, minutes):
    moment = naive.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=minutes)))
    assert parse_instant(moment.isoformat()) == moment


@given(st.text(max_size=40))
def test_reading_an_instant_from_anything_is_never_an_error(text):
    parse_instant(text)


@pytest.mark.parametrize(
    "text", ["", None, "2024-13-45", "2024-12-07T99:00", "yesterday", "0000-00-00"]
)
def test_what_is_no_instant_gives_none(text):
    assert parse_instant(text) is None


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (None, False),
        (datetime(1970, 1, 1, tzinfo=timezone.utc), False),
        (NOON + timedelta(hours=14), True),
        (NOON + timedelta(days=30), False),
        (NOON - timedelta(days=9000), True),
    ],
)
def test_a_date_before_the_web_or_after_tomorrow_is_a_mistake(moment, expected):
    assert is_plausible(moment, NOON) is expected


@pytest.mark.parametrize(("tag", "expected"), [("fr", "fr"), ("zh-Hant-TW", "zh"), ("EN_us", "en"), ("", None), ("x", None), (5, None), ("french", None)])  # fmt: skip
def test_only_the_primary_language_of_a_tag_is_kept(tag, expected):
    assert language_tag(tag) == expected


@given(st.text(max_size=100), st.integers(1, 50))
def test_a_cleaned_value_is_one_line_within_its_limit(value, limit):
    cleaned = clean(value, limit)
    assert cleaned is None or (len(cleaned) <= limit and cleaned == cleaned.strip() != "")
