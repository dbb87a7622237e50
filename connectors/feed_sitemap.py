"""News sitemaps (sitemaps.org with Google's news extension) as feeds."""

from __future__ import annotations

from typing import Any

from lxml import etree

from connectors.feed_document import ParsedFeed, RawEntry, RawFeed, nothing


def read_sitemap(text: str) -> RawFeed:
    """Return the pages of a sitemap as entries; those without a title count on their address.

    An index of sitemaps is no feed: its parts are to be added one by one.
    """
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(text.encode("utf-8"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        return nothing("malformed", str(error)[:200])
    if root is None:
        return nothing("not_a_feed", "a sitemap without content")
    if _name(root) == "sitemapindex":
        return nothing("not_a_feed", "an index of sitemaps: add its parts instead")
    entries = tuple(_raw_entry(part) for part in root if _name(part) == "url")
    cut = bool(parser.error_log)
    header = ParsedFeed(
        kind="sitemap",
        problem="malformed" if cut else None,
        detail=str(parser.error_log[0].message)[:200] if cut else "",
    )
    return RawFeed(header=header, entries=entries)


def _raw_entry(part: Any) -> RawEntry:  # noqa: ANN401 - lxml's elements have no public type
    fields: dict[str, str] = {}
    for element in part.iter():
        name = _name(element)
        if element.text and element.text.strip():
            fields.setdefault(name, element.text.strip())
    return RawEntry(
        link=fields.get("loc"),
        title=fields.get("title"),
        outlet=fields.get("name"),
        language=fields.get("language"),
        dates=(fields.get("publication_date"), fields.get("lastmod")),
    )


def _name(element: Any) -> str:  # noqa: ANN401 - see above
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""
