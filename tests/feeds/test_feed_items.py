"""Items read before: what they save never shows."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.feed_items import ITEM_CHARS, ItemMemory, cut_items
from connectors.feed_parsing import parse_feed, read_document
from connectors.records import Feed

NOW = datetime(2025, 1, 1, tzinfo=timezone.utc)
FEED = Feed(id="f", url="https://example.org/feed.xml")
URL = "https://example.org/feed.xml"
ATOM = '<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title>{}</feed>'


def rss(*items: str, head: str = "") -> str:
    return f'<rss version="2.0"><channel><title>T</title>{head}{"".join(items)}</channel></rss>'


def item(number: int, more: str = "") -> str:
    return f"<item><title>T{number}</title><link>/{number}</link>{more}</item>"


def parse(text: str, memory: ItemMemory | None, feed: Feed = FEED, url: str = URL):
    return parse_feed(
        text.encode(), url=url, content_type="text/xml", feed=feed, fetched_at=NOW, memory=memory
    )


@pytest.fixture
def given_texts():
    """What the memory gave to the parser."""
    return []


@pytest.fixture
def memory(given_texts):
    def read(text, url):
        given_texts.append(text)
        return read_document(text, url)

    return ItemMemory(read)


def test_the_parser_gets_only_what_is_new(memory, given_texts):
    parse(rss(item(2), item(1)), memory)
    text = rss(item(3), item(2), item(1))
    assert parse(text, memory) == parse(text, None)
    assert given_texts == [rss(item(2), item(1)), rss(item(3))]


def test_a_clock_in_the_head_does_not_make_old_items_new(memory, given_texts):
    parse(rss(item(1), head="<lastBuildDate>Sat, 07 Dec 2024 11:00:00 GMT</lastBuildDate>"), memory)
    parse(rss(item(1), head="<lastBuildDate>Sat, 07 Dec 2024 12:00:00 GMT</lastBuildDate>"), memory)
    assert "<item>" not in given_texts[1]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (rss(item(1)), rss(item(1), head="<language>fr</language>")),
        (ATOM.format("<entry><id>1</id></entry>"), rss("<entry><id>1</id></entry>")),
        (rss(item(1)), rss(item(1), "<!-- ", item(1), " -->")),
        (rss(item(1)), rss(item(1), "<item/>")),
        (rss(item(1)), rss(item(1)).replace("</channel>", "<language>fr</language></channel>")),
        (rss(item(1)), rss(item(1), "<item><title>A & B</title></item>")),
        (rss(item(1)), rss(item(1), item(2))[:-30]),
        (rss(item(1)), "<html><body>" + item(1) + "</body></html>"),
        (rss(item(1)), "no feed any more"),
    ],
)
def test_a_document_that_changed_around_its_items_is_read_as_a_whole(memory, before, after):
    parse(before, memory)
    assert parse(after, memory) == parse(after, None)


def test_another_address_makes_other_links_of_the_same_items(memory):
    parse(rss(item(1)), memory)
    moved = parse(rss(item(1)), memory, url="https://example.com/feed.xml")
    assert [entry.url for entry in moved.entries] == ["https://example.com/1"]


def test_items_without_guid_that_share_a_link_are_told_apart_as_ever(memory):
    parse(rss(item(1)), memory)
    text = rss(item(1), "<item><title>Other</title><link>/1</link></item>")
    assert parse(text, memory) == parse(text, None)
    assert len({entry.id for entry in parse(text, memory).entries}) == 2


def test_what_is_remembered_is_bounded_and_the_oldest_goes_first(given_texts):
    def read(text, url):
        given_texts.append(text)
        return read_document(text, url)

    memory = ItemMemory(read, max_chars=2 * (len(item(1)) + ITEM_CHARS))
    feeds = [Feed(id=name, url=URL) for name in ("a", "b", "c")]
    for feed in feeds:
        parse(rss(item(1)), memory, feed=feed)
    given_texts.clear()
    for feed in feeds:
        parse(rss(item(1)), memory, feed=feed)
    assert ["<item>" in text for text in given_texts] == [True, True, True]
    given_texts.clear()
    parse(rss(item(1)), memory, feed=feeds[2])
    assert "<item>" not in given_texts[0]


PIECES = st.sampled_from(
    [
        *(item(number) for number in range(4)),
        item(1, "<guid>g</guid>"),
        item(5, "<pubDate>Sat, 07 Dec 2024 11:00:00 GMT</pubDate>"),
        "<item><title>no link</title></item>",
        "<item></item>",
        "<item/>",
        "<item><description><![CDATA[ </item><item> ]]></description></item>",
        "<item><description><![CDATA[<item>x</item>]]></description></item>",
        "<!-- " + item(1) + " -->",
        "<!--",
        "-->",
        "<![CDATA[",
        "<item><title>A & B</title></item>",
        "<language>de</language>",
        "\n",
        "words",
        "<entry><id>e</id></entry>",
    ]
)


@given(st.lists(st.lists(PIECES, max_size=6), min_size=2, max_size=4))
def test_a_feed_read_again_and_again_gives_what_each_document_gives_by_itself(documents):
    memory = ItemMemory(read_document)
    for pieces in documents:
        text = rss(*pieces)
        assert parse(text, memory) == parse(text, None)


@given(st.text(alphabet="<>/!-[]itemCDATA x", max_size=60))
def test_cutting_loses_no_character(text):
    text = "<item>" + text + "</item>"
    layout = cut_items(text)
    if layout is not None:
        inside = layout.of(layout.items)
        assert inside.replace(" ", "") == text.replace(" ", "")
