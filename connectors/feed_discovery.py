"""From a web page to the feeds it announces, for those who know a site and not its feed."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree, html

from connectors.feed_document import absolute_link, one_line

FEED_TYPES = frozenset(
    {
        "application/rss+xml",
        "application/atom+xml",
        "application/feed+json",
        "application/rdf+xml",
    }
)
FEED_PATHS = re.compile(
    r"(?:/(?:feed|rss|atom)/?|\.(?:rss|atom|rdf)|/(?:feed|rss|atom)\.(?:xml|json))$"
)
COMMON_PATHS = ("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/feed.json", "/index.xml")
"""Where sites without an announcement often have their feed; to be tried, not believed."""

MAX_FOUND = 50
MAX_PAGE_CHARS = 3_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFeed:
    """A feed that a page names: announced (``link rel=alternate``) or linked to."""

    url: str
    title: str | None = None
    announced: bool = True


def discover_feeds(page: str, base_url: str) -> tuple[FoundFeed, ...]:
    """Return the feeds that an HTML page names: announced ones first, comments' feeds last.

    Pure; whether they are feeds at all shows only when they are fetched.

    >>> found = discover_feeds(
    ...     '<link rel="alternate" type="application/rss+xml" href="/rss">', "https://example.org/")
    >>> found[0].url
    'https://example.org/rss'
    """
    try:
        root = html.document_fromstring(page[:MAX_PAGE_CHARS].encode(), parser=_parser())
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return ()
    base = absolute_link(_base(root), base_url) or base_url
    found = [
        FoundFeed(url=url, title=one_line(link.get("title")))
        for link in root.iter("link")
        if _announces(link) and (url := absolute_link(link.get("href"), base))
    ]
    found += [
        FoundFeed(url=url, title=_words(link), announced=False)
        for link in root.iter("a")
        if (url := absolute_link(link.get("href"), base)) and FEED_PATHS.search(url)
    ]
    unique: dict[str, FoundFeed] = {}
    for feed in found:
        unique.setdefault(feed.url, feed)
    return tuple(sorted(unique.values(), key=_rank)[:MAX_FOUND])


def guessed_feeds(base_url: str) -> tuple[FoundFeed, ...]:
    """Return the addresses worth a try at a site that announces no feed."""
    urls = (absolute_link(path, base_url) for path in COMMON_PATHS)
    return tuple(FoundFeed(url=url, announced=False) for url in urls if url)


def _parser() -> html.HTMLParser:
    return html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)


def _words(link: html.HtmlElement) -> str | None:
    return one_line("".join(str(part) for part in link.itertext()))


def _base(root: html.HtmlElement) -> str | None:
    return next((element.get("href") for element in root.iter("base")), None)


def _announces(link: html.HtmlElement) -> bool:
    relations = (link.get("rel") or "").lower().split()
    media = (link.get("type") or "").partition(";")[0].strip().lower()
    return ("alternate" in relations and media in FEED_TYPES) or "feed" in relations


def _rank(feed: FoundFeed) -> tuple[bool, bool]:
    about_comments = "comment" in feed.url.lower() or "comment" in (feed.title or "").lower()
    return (about_comments, not feed.announced)
