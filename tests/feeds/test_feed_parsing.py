"""Formats, identities and the bad input of feeds."""

# ruff: noqa: E501 - documents stand as feeds print them

from __future__ import annotations

import gzip
import json
import random
from datetime import datetime, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.feed_discovery import discover_feeds, guessed_feeds
from connectors.feed_parsing import MAX_ENTRIES, parse_feed
from connectors.records import Feed

NOW = datetime(2025, 1, 1, tzinfo=timezone.utc)
FEED = Feed(id="f", url="https://example.org/feed.xml")
URL = "https://example.org/news/feed.xml"


def parse(text: str | bytes, content_type: str | None = "text/xml", feed: Feed = FEED):
    body = text if isinstance(text, bytes) else text.encode()
    return parse_feed(body, url=URL, content_type=content_type, feed=feed, fetched_at=NOW)


def rss(items: str, head: str = "") -> str:
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>T</title>{head}{items}</channel></rss>'


def item(**fields: str) -> str:
    return "<item>" + "".join(f"<{k}>{v}</{k}>" for k, v in fields.items()) + "</item>"


RSS_VERSIONS = {
    "0.90": """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://my.netscape.com/rdf/simple/0.9/">
      <channel><title>T</title></channel><item><title>A</title><link>https://example.org/a</link></item></rdf:RDF>""",
    "0.91": """<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/publish/formats/rss-0.91.dtd">
      <rss version="0.91"><channel><title>T</title><item><title>A</title><link>https://example.org/a</link></item></channel></rss>""",
    "0.92": '<rss version="0.92"><channel><item><title>A</title><link>https://example.org/a</link></item></channel></rss>',
    "1.0": """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
      <channel rdf:about="x"><title>T</title></channel><item rdf:about="https://example.org/a"><title>A</title>
      <link>https://example.org/a</link><dc:date>2024-12-07T11:00:00Z</dc:date></item></rdf:RDF>""",
    "2.0": rss(item(title="A", link="https://example.org/a")),
    "no version": "<rss><channel><item><title>A</title><link>https://example.org/a</link></item></channel></rss>",
    "atom 1.0": """<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><entry><id>x</id><title>A</title>
      <link href="https://example.org/a"/><updated>2024-12-07T11:00:00Z</updated></entry></feed>""",
    "atom 0.3": """<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><title>A</title>
      <link rel="alternate" href="https://example.org/a"/><issued>2024-12-07T11:00:00Z</issued></entry></feed>""",
    "json 1.1": json.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": "T",
            "items": [{"id": "1", "url": "https://example.org/a", "title": "A"}],
        }
    ),
    "json 1.0": json.dumps(
        {
            "version": "https://jsonfeed.org/version/1",
            "title": "T",
            "items": [
                {"id": 1, "url": "https://example.org/a", "title": "A", "author": {"name": "N"}}
            ],
        }
    ),
    "news sitemap": """<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
      <url><loc>https://example.org/a</loc><news:news><news:publication><news:name>N</news:name><news:language>ru</news:language></news:publication>
      <news:publication_date>2024-12-07T11:00:00Z</news:publication_date><news:title>A</news:title></news:news></url></urlset>""",
}


@pytest.mark.parametrize("version", RSS_VERSIONS)
def test_every_format_gives_its_entry(version):
    parsed = parse(RSS_VERSIONS[version])
    assert parsed.problem is None, parsed.detail
    assert [(e.title, e.url) for e in parsed.entries] == [("A", "https://example.org/a")]
    assert parsed.entries[0].first_seen_at == NOW


def test_a_date_is_taken_from_wherever_the_format_has_it():
    for version in ("1.0", "atom 1.0", "atom 0.3", "news sitemap"):
        when = parse(RSS_VERSIONS[version]).entries[0].published_at
        assert when == datetime(2024, 12, 7, 11, tzinfo=timezone.utc), version


def test_the_whole_of_an_entry_is_read():
    parsed = parse(
        rss(
            """<item><title>A &amp;amp; B</title><link>/a</link><guid isPermaLink="false">g1</guid>
            <description>&lt;p&gt;Short&lt;/p&gt;</description><dc:creator>N. N.</dc:creator>
            <content:encoded><![CDATA[<p>Long text</p>]]></content:encoded>
            <source url="https://s.example/">Agency</source>
            <pubDate>Sat, 07 Dec 2024 11:00:00 +0100</pubDate></item>"""
        ).replace(
            "<rss ",
            '<rss xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/" ',
        )
    )
    (entry,) = parsed.entries
    assert (entry.title, entry.url) == ("A & B", "https://example.org/a")
    assert entry.guid == "g1"
    assert entry.content_html == "<p>Long text</p>"
    assert entry.summary_html == "<p>Short</p>"
    assert (entry.author, entry.outlet) == ("N. N.", "Agency")
    assert entry.published_at == datetime(2024, 12, 7, 10, tzinfo=timezone.utc)


def test_what_the_feed_asks_of_its_readers_is_read():
    parsed = parse(
        rss(
            item(title="A", link="/a"),
            """<ttl>30</ttl><language>ru</language><skipHours><hour>1</hour><hour>24</hour><hour>x</hour></skipHours>
            <skipDays><day>Sunday</day><day>Someday</day></skipDays>
            <sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>
            <atom:link rel="hub" href="https://hub.example/"/>""",
        ).replace(
            "<rss ",
            '<rss xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" xmlns:atom="http://www.w3.org/2005/Atom" ',
        )
    )
    assert (parsed.ttl_secs, parsed.update_secs) == (1800, 21_600)
    assert (parsed.skip_hours, parsed.skip_days) == ((0, 1), (6,))
    assert (parsed.language, parsed.hub) == ("ru", "https://hub.example/")


def test_the_configuration_fills_what_the_feed_leaves_out():
    feed = Feed(id="f", url=URL, outlet="Our Paper", language="be")
    (entry,) = parse(rss(item(title="A", link="/a")), feed=feed).entries
    assert (entry.outlet, entry.language) == ("Our Paper", "be")


@pytest.mark.parametrize(
    ("markup", "url"),
    [
        ("<link>a.html</link>", "https://example.org/news/a.html"),
        ("<link>../a</link>", "https://example.org/a"),
        ("<link>//cdn.example/a</link>", "https://cdn.example/a"),
        ("<link> https://example.org/a \n</link>", "https://example.org/a"),
        ("<link>https://example.org/новости/1</link>", "https://example.org/новости/1"),
        ("<link>https://example.org/?a=1&amp;b=2</link>", "https://example.org/?a=1&b=2"),
        ("<link>javascript:alert(1)</link>", None),
        ("<link>mailto:a@example.org</link>", None),
        ("<link>http://[broken</link>", None),
        ('<guid isPermaLink="true">https://example.org/g</guid>', "https://example.org/g"),
        ("<guid>tag:example.org,2024:1</guid>", None),
    ],
)
def test_a_link_is_made_absolute_or_left_out(markup, url):
    (entry,) = parse(rss(f"<item><title>A</title>{markup}</item>")).entries
    assert entry.url == url


def test_xml_base_goes_before_the_feeds_address():
    (entry,) = parse(
        """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://base.example/x/"><entry><id>1</id>
        <title>A</title><link href="a"/></entry></feed>"""
    ).entries
    assert entry.url == "https://base.example/x/a"


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        ("", "empty"),
        ("   \n", "empty"),
        ("<!DOCTYPE html><html><head><title>Not found</title></head></html>", "not_a_feed"),
        ("<html><body>hello</body></html>", "not_a_feed"),
        ("<!-- made by hand --><html><body>hello</body></html>", "not_a_feed"),
        ("Service unavailable", "not_a_feed"),
        ("{", "not_a_feed"),
        ("[]", "not_a_feed"),
        ('{"items": "none"}', "not_a_feed"),
        ("[" * 100_000, "not_a_feed"),
        ("<note><to>you</to></note>", "not_a_feed"),
        (
            "<sitemapindex><sitemap><loc>https://example.org/s.xml</loc></sitemap></sitemapindex>",
            "not_a_feed",
        ),
        ('<?xml version="1.0"?><rs', "not_a_feed"),
    ],
)
def test_what_is_no_feed_is_told_so(document, problem):
    parsed = parse(document)
    assert (parsed.problem, parsed.entries) == (problem, ())
    assert parsed.detail


def test_a_cut_feed_gives_the_entries_before_the_cut():
    whole = rss("".join(item(title=f"T{n}", link=f"/{n}", guid=f"g{n}") for n in range(10)))
    parsed = parse(whole[: whole.index("T7") + 2])
    assert parsed.problem == "malformed"
    assert [entry.title for entry in parsed.entries][:7] == [f"T{n}" for n in range(7)]


@pytest.mark.parametrize("words", ["A &nbsp; B", "A & B", "A &nope; B", "<b>A"])
def test_a_feed_that_is_not_well_formed_but_whole_is_no_problem(words):
    parsed = parse(rss(item(title=words, link="/a") + item(title="C", link="/c")))
    assert parsed.problem is None
    assert [entry.url for entry in parsed.entries] == [
        "https://example.org/a",
        "https://example.org/c",
    ]


def test_a_feed_without_items_is_a_quiet_feed():
    parsed = parse(rss(""))
    assert (parsed.problem, parsed.entries) == (None, ())


def test_an_entry_without_link_date_or_guid_is_an_entry():
    first, second = parse(rss(item(title="A") + item(description="only text"))).entries
    assert (first.url, first.guid, first.published_at, first.title) == (None, None, None, "A")
    assert second.summary_html == "only text"
    assert first.id != second.id


def test_an_item_with_nothing_is_counted_and_left_out():
    parsed = parse(rss("<item/>" + item(title="A", link="/a")))
    assert (len(parsed.entries), parsed.unusable) == (1, 1)


def test_a_gzip_file_is_a_feed():
    assert len(parse(gzip.compress(rss(item(title="A", link="/a")).encode())).entries) == 1


def test_entities_and_html_in_titles_are_read():
    (entry,) = parse(rss(item(title="A &#8212; &#x411; &lt;b&gt;now&lt;/b&gt;", link="/a"))).entries
    assert entry.title == "A — Б now"


@pytest.mark.parametrize(
    "attack",
    [
        '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY x "&b;&b;&b;&b;&b;">]>',
        '<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/evil.dtd">',
    ],
)
def test_entities_of_a_document_type_reach_no_file_and_do_not_grow(attack):
    parsed = parse(
        f"{attack}<rss><channel><item><title>T &x;</title><link>/a</link></item></channel></rss>"
    )
    titles = "".join(entry.title or "" for entry in parsed.entries)
    assert "root:" not in titles
    assert len(titles) < 300


def test_more_entries_than_anyone_prints_are_cut():
    items = "".join(item(title=f"T{n}", link=f"/{n}") for n in range(MAX_ENTRIES + 50))
    assert len(parse(rss(items)).entries) == MAX_ENTRIES


ITEMS = [item(title=f"T{n}", link=f"https://example.org/{n}", guid=f"g{n}") for n in range(8)]


def ids(document: str) -> list[str]:
    return [entry.id for entry in parse(document).entries]


def test_a_feed_that_shuffles_gives_the_same_entries():
    mixed = ITEMS[:]
    random.Random(7).shuffle(mixed)
    assert sorted(ids(rss("".join(mixed)))) == sorted(ids(rss("".join(ITEMS))))


def test_a_feed_that_republishes_under_a_new_date_gives_the_same_entry():
    before = item(title="A", link="/a", guid="g", pubDate="Sat, 07 Dec 2024 11:00:00 GMT")
    after = item(title="A, updated", link="/a", guid="g", pubDate="Sun, 08 Dec 2024 11:00:00 GMT")
    assert ids(rss(before)) == ids(rss(after))


def test_a_feed_that_reuses_a_guid_gives_both_entries():
    both = item(title="A", link="/a", guid="1") + item(title="B", link="/b", guid="1")
    assert len(set(ids(rss(both)))) == 2
    assert ids(rss(item(title="A", link="/a", guid="1"))) != ids(
        rss(item(title="B", link="/b", guid="1"))
    )


def test_items_without_guid_on_one_page_are_told_apart():
    both = item(title="A", link="/live") + item(title="B", link="/live")
    assert len(set(ids(rss(both)))) == 2


def test_an_item_twice_in_one_document_is_one_entry():
    assert len(ids(rss(ITEMS[0] * 3))) == 1


@pytest.mark.parametrize(
    "link",
    [
        "http://example.org/a",
        "https://www.example.org/a",
        "https://example.org/a#more",
        "https://example.org/a?utm_source=rss&amp;utm_medium=feed",
        "https://EXAMPLE.org/a",
    ],
)
def test_a_link_in_another_dress_gives_the_same_entry(link):
    assert ids(rss(item(title="A", link=link))) == ids(
        rss(item(title="A", link="https://example.org/a"))
    )


def test_a_guid_that_is_an_address_survives_the_move_to_https():
    before = item(title="A", link="http://example.org/a", guid="http://example.org/?p=1")
    after = item(title="A", link="https://example.org/a", guid="https://example.org/?p=1")
    assert ids(rss(before)) == ids(rss(after))


def test_a_guid_that_repeats_the_link_adds_nothing():
    with_guid = item(title="A", link="https://example.org/a", guid="https://example.org/a")
    assert ids(rss(with_guid)) == ids(rss(item(title="A", link="https://example.org/a")))


def test_two_feeds_have_different_entries():
    other = Feed(id="g", url=URL)
    document = rss(ITEMS[0])
    assert parse(document).entries[0].id != parse(document, feed=other).entries[0].id


@pytest.mark.parametrize(
    "document",
    [
        {"items": [None, 5, "x", [], {"id": None, "title": 5}]},
        {"items": [{"url": ["x"], "title": {"a": 1}, "date_published": 7, "authors": "me"}]},
        {"title": [], "hubs": [{"type": "WebSub", "url": "https://hub.example/"}], "items": []},
    ],
)
def test_a_json_feed_with_wrong_types_is_read_as_far_as_it_goes(document):
    parsed = parse(json.dumps(document), "application/json")
    assert parsed.problem is None


def test_plain_text_of_a_json_feed_becomes_paragraphs():
    document = {"items": [{"id": "1", "content_text": "One < two\n\nThree & four"}]}
    (entry,) = parse(json.dumps(document)).entries
    assert entry.content_html == "<p>One &lt; two</p><p>Three &amp; four</p>"


@settings(deadline=None, max_examples=150)
@given(st.integers(0, 2**32))
def test_a_damaged_document_of_any_format_never_raises(seed):
    source = random.Random(seed)
    body = bytearray(source.choice(list(RSS_VERSIONS.values())).encode())
    for _ in range(source.randrange(1, 12)):
        at = source.randrange(len(body))
        if source.random() < 0.5:
            body[at] = source.randrange(256)
        else:
            del body[at : at + source.randrange(1, 30)]
        if not body:
            break
    parse(bytes(body))


def test_feeds_that_a_page_announces_are_found():
    found = discover_feeds(
        """<html><head><base href="https://site.example/x/">
        <link rel="alternate" type="application/rss+xml" title="Comments" href="/comments/feed">
        <link rel="alternate" type="application/atom+xml" title="News" href="atom.xml">
        <link rel="alternate" hreflang="fr" href="/fr"><link rel="stylesheet" href="/feed.css">
        </head><body><a href="/politics/rss.xml">Politics</a><a href="/feed.html">x</a></body>""",
        "https://example.org/",
    )
    assert [feed.url for feed in found] == [
        "https://site.example/x/atom.xml",
        "https://site.example/politics/rss.xml",
        "https://site.example/comments/feed",
    ]


@given(st.text(max_size=300))
def test_discovery_never_raises(page):
    discover_feeds(page, "https://example.org/")


def test_guesses_stay_on_the_site():
    assert all(feed.url.startswith("https://example.org/") for feed in guessed_feeds(URL))


def reached_at(url, body):
    return parse_feed(body, url=url, content_type=None, feed=FEED, fetched_at=NOW)


@pytest.mark.parametrize("reached", ["https://example.org/feed", "http://www.example.net/a/feed"])
def test_an_identifier_stays_as_printed_wherever_the_feed_was_reached(reached):
    body = b"""<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>story 17</id>
    <title>T</title><link href="https://example.org/17"/></entry></feed>"""
    (entry,) = reached_at(reached, body).entries
    assert entry.guid == "story 17"
    assert entry.id == reached_at("https://example.org/feed", body).entries[0].id


def test_a_relative_permalink_is_still_an_address():
    body = b"<rss><channel><item><guid>/17</guid><title>T</title></item></channel></rss>"
    (entry,) = reached_at("https://example.org/feed", body).entries
    assert entry.url in {"https://example.org/17", None}


@pytest.mark.parametrize(
    "title",
    [
        '<title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">An <b>atom</b></div></title>',
        "<title type='html'>&lt;p&gt;An &lt;mark&gt;atom&lt;/mark&gt;&lt;/p&gt;</title>",
        "<title>An atom</title>",
    ],
)
def test_a_title_is_words_without_the_blocks_it_came_in(title):
    body = f'<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id>{title}</entry></feed>'
    assert reached_at("https://example.org/feed", body.encode()).entries[0].title == "An atom"
