"""From a feed's bytes to entries: RSS 0.9–2.0, RDF, Atom, JSON Feed 1.0/1.1, news sitemaps.

No network, no clock. feedparser (6.0) stands behind this seam for the XML formats. It needs 60 s
for a hostile 400 kB element, so :func:`parse_fetched` is meant to run in
:mod:`connectors.sandbox`; this module imports nothing that a worker would not need.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urldefrag, urljoin, urlsplit

from connectors.feed_dates import parse_feed_date
from connectors.feed_document import (
    ParsedFeed,
    RawEntry,
    RawFeed,
    absolute_link,
    nothing,
    one_line,
    plain_title,
)
from connectors.feed_items import ItemMemory
from connectors.feed_json import read_json_feed
from connectors.feed_sitemap import read_sitemap
from connectors.feed_text import UnpackError, decode_feed, unpack
from connectors.feed_xml import read_xml_feed
from connectors.records import Entry, stable_id

if TYPE_CHECKING:
    from datetime import datetime

    from connectors.records import Feed

MAX_ENTRIES = 2000
"""More entries than this in one document are cut, newest first as the feed lists them."""

MAX_TAGS = 150_000
"""feedparser takes 4 s for so many; the fullest real feeds have a tenth of them."""

MAX_FIELD_CHARS = 500_000

_TRACKERS = re.compile(
    r"(?:^|&)(?:utm_[a-z_]+|fbclid|gclid|yclid|mc_[ce]id|at_(?:medium|campaign)[a-z_]*|ref_src)=[^&]*",
    re.IGNORECASE,
)


def parse_feed(  # noqa: PLR0913 - what was fetched, all named
    body: bytes,
    *,
    url: str,
    content_type: str | None,
    feed: Feed,
    fetched_at: datetime,
    memory: ItemMemory | None = None,
) -> ParsedFeed:
    """Return the entries of the document ``body`` fetched from ``url``.

    Args:
        body: the decoded HTTP body (a gzip file inside is unpacked).
        url: the address finally reached; relative links are resolved against it.
        content_type: the header, for its charset.
        feed: whose document it is; its language and outlet fill what the document leaves out.
        fetched_at: becomes ``first_seen_at``; dates beyond the next day are not believed.
        memory: what was read of feeds before: it saves time and changes nothing.
    """
    try:
        text = decode_feed(unpack(body), content_type)
    except UnpackError as error:
        return ParsedFeed(
            problem="too_big" if "more than" in str(error) else "malformed", detail=str(error)
        )
    raw = memory.read(text, url, feed.id) if memory else read_document(text, url)
    header = raw.header
    if header.problem in {"empty", "not_a_feed", "too_big"}:
        return header
    entries = _entries(raw, url, feed, fetched_at)
    unusable = min(len(raw.entries), MAX_ENTRIES) - len(entries)
    unique = {entry.id: entry for entry in entries}
    return replace(header, entries=tuple(unique.values()), unusable=unusable)


def parse_fetched(
    body: bytes, url: str, content_type: str | None, feed: Feed, now: datetime
) -> ParsedFeed:
    """Call :func:`parse_feed` with positional arguments: what the sandbox passes on.

    Its process remembers the items of the feeds that it was given.
    """
    return parse_feed(
        body, url=url, content_type=content_type, feed=feed, fetched_at=now, memory=_memory
    )


def read_document(text: str, url: str) -> RawFeed:
    """Return the document of any known format in ``text``."""
    start = text[:2000].lstrip().lower()
    if not start:
        return nothing("empty", "no content")
    if start.startswith(("{", "[")):
        return read_json_feed(text)
    if re.match(
        r"(?:<!--.{0,1000}?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", start, re.DOTALL
    ):
        return nothing("not_a_feed", "an HTML page")
    if re.search(r"<(?:\w+:)?(?:urlset|sitemapindex)\b", start):
        return read_sitemap(text)
    if not start.startswith("<"):
        return nothing("not_a_feed", "neither XML nor JSON")
    crowded = text.count("<") > MAX_TAGS
    return nothing("too_big", f"more than {MAX_TAGS} tags") if crowded else read_xml_feed(text, url)


_memory = ItemMemory(read_document)


def _entries(raw: RawFeed, url: str, feed: Feed, fetched_at: datetime) -> list[Entry]:
    base = urljoin(url, raw.base_url) if raw.base_url else url
    items = raw.entries[:MAX_ENTRIES]
    links = [absolute_link(item.link or _guid_link(item.guid), base) for item in items]
    shared = Counter(link_key(link) for link in links if link)
    return [
        _entry(item, link, feed, raw.header, url, fetched_at, repeated=shared[link_key(link)] > 1)
        for item, link in zip(items, links, strict=True)
        if link or one_line(item.title) or item.summary or item.content
    ]


def _entry(  # noqa: PLR0913, PLR0917 - one call site, one line of the table each
    item: RawEntry,
    link: str | None,
    feed: Feed,
    header: ParsedFeed,
    url: str,
    fetched_at: datetime,
    *,
    repeated: bool,
) -> Entry:
    dates = [parse_feed_date(value, now=fetched_at) for value in item.dates]
    return Entry(
        id=entry_id(feed.id, item, link, repeated=repeated),
        feed_id=feed.id,
        feed_url=url,
        first_seen_at=fetched_at,
        url=link,
        guid=one_line(item.guid),
        title=plain_title(item.title),
        summary_html=_text(item.summary),
        content_html=_text(item.content),
        author=one_line(item.author),
        outlet=one_line(item.outlet) or feed.outlet,
        language=feed.language or one_line(item.language) or header.language,
        published_at=next((moment for moment in dates if moment is not None), None),
        updated_at=dates[-1] if dates else None,
    )


def entry_id(feed_id: str, item: RawEntry, link: str | None, *, repeated: bool) -> str:
    """Return the ledger's key of an item: guid and address together, content when both lack.

    A guid alone would lose an article when a feed reuses it, an address alone one of several
    items on the same page. Scheme, fragment, trackers and dates are no part of it, so a feed
    that shuffles, republishes or moves to https doubles nothing.

    >>> a = RawEntry(guid="1", title="x")
    >>> entry_id("f", a, "http://example.org/a", repeated=False) == entry_id(
    ...     "f", a, "https://example.org/a?utm_source=rss#top", repeated=False)
    True
    """
    guid = (item.guid or "").strip()
    if _guid_link(guid):
        guid = link_key(guid)
    if link is None:
        content = "" if guid else f"{item.title or ''}\n{item.content or item.summary or ''}"
        return stable_id(feed_id, "text", guid, (item.title or "") if guid else "", content)
    if guid == link_key(link):
        guid = ""
    if guid or not repeated:
        return stable_id(feed_id, "link", guid, link_key(link))
    return stable_id(feed_id, "link", urldefrag(link).fragment, link_key(link), item.title or "")


@lru_cache(maxsize=4096)
def link_key(link: str | None) -> str:
    """Return what of an address tells two entries apart."""
    if not link:
        return ""
    parts = urlsplit(urldefrag(link).url)
    query = _TRACKERS.sub("", parts.query).strip("&")
    return f"{parts.netloc.lower().removeprefix('www.')}{parts.path}?{query}"


def _guid_link(guid: str | None) -> str | None:
    return guid if guid and guid.strip().lower().startswith(("http://", "https://")) else None


def _text(value: object) -> str | None:
    return value[:MAX_FIELD_CHARS] if isinstance(value, str) and value.strip() else None
