"""The watch list as a file: add a feed without touching the rest, read and write OPML."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

import yaml
from lxml import etree

from pipelines.errors import UserError
from pipelines.settings import FeedSettings, FeedsFile
from pipelines.yaml_source import read_yaml, validate

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

HEADER = "# The watch list; see docs/feeds.md.\n\nfeeds:\n"
MAX_OPML_BYTES = 20_000_000


def read_watchlist(path: Path) -> tuple[FeedSettings, ...]:
    """Return the feeds of ``path``; none when there is no such file yet.

    Raises:
        UserError: the file is wrong.
    """
    return validate(read_yaml(path), FeedsFile).feeds if path.exists() else ()


def append_feeds(path: Path, feeds: Sequence[FeedSettings]) -> list[FeedSettings]:
    """Append those of ``feeds`` that ``path`` does not list; return them.

    Comments and order of the file stay as they are; the file is replaced at once or not at all.

    Raises:
        UserError: the file is wrong, before or after.
    """
    known = {feed.to_feed().id for feed in read_watchlist(path)}
    added = []
    for feed in feeds:
        if feed.to_feed().id not in known:
            known.add(feed.to_feed().id)
            added.append(feed)
    if not added:
        return []
    before = path.read_text(encoding="utf-8") if path.exists() else HEADER
    lines = before.rstrip("\n") + "\n" + "".join(_line(feed) for feed in added)
    draft = path.with_name(f".{path.name}.new")
    try:
        draft.write_text(lines, encoding="utf-8")
        read_watchlist(draft)
        draft.replace(path)
    except UserError as error:
        message = f"{path}: feeds can only be appended to a list that ends the file: {error}"
        raise UserError(message) from None
    except OSError as error:
        raise UserError(f"{path}: cannot be written: {error.strerror}") from None
    finally:
        draft.unlink(missing_ok=True)
    return added


def _line(feed: FeedSettings) -> str:
    given = feed.model_dump(exclude_none=True)
    flow = yaml.safe_dump(given, default_flow_style=True, allow_unicode=True, width=10_000)
    return f"  - {flow.strip()}\n"


def read_opml(path: Path) -> list[FeedSettings]:
    """Return the feeds of an OPML file; outlines without an http(s) address are left out.

    Raises:
        UserError: the file cannot be read or is no OPML.
    """
    try:
        if path.stat().st_size > MAX_OPML_BYTES:
            raise UserError(f"{path}: expected OPML, got more than 20 MB")
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
        root = etree.parse(str(path), parser).getroot()
    except OSError as error:
        raise UserError(f"{path}: cannot be read: {error}") from None
    except etree.XMLSyntaxError as error:
        raise UserError(f"{path}: expected OPML, got broken XML: {error.msg}") from None
    feeds = []
    for outline in root.iter("outline"):
        url = (outline.get("xmlUrl") or "").strip()
        name = (outline.get("title") or outline.get("text") or "").strip()
        if url.startswith(("http://", "https://")):
            feeds.append(FeedSettings(url=url, outlet=name or None))
    return feeds


def write_opml(feeds: Iterable[FeedSettings]) -> str:
    """Return ``feeds`` as OPML 2.0.

    >>> "xmlUrl" in write_opml([FeedSettings(url="https://example.org/feed")])
    True
    """
    outlines = "".join(
        f"    <outline type={quoteattr('rss')} text={quoteattr(feed.outlet or feed.url)} "
        f"xmlUrl={quoteattr(feed.url)}/>\n"
        for feed in feeds
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0">\n'
        f"  <head><title>Vigie</title></head>\n  <body>\n{outlines}  </body>\n</opml>\n"
    )
