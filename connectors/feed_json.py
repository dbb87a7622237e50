"""JSON Feed 1.0 and 1.1 (jsonfeed.org), read leniently: wrong fields are left out."""

from __future__ import annotations

import json
from typing import Any

from connectors.feed_document import ParsedFeed, RawEntry, RawFeed, nothing


def read_json_feed(text: str) -> RawFeed:
    """Return the feed in ``text``; a problem when it is no JSON or no JSON Feed."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        return nothing("not_a_feed", f"broken JSON: {type(error).__name__} {error}"[:200])
    if not isinstance(document, dict) or not isinstance(document.get("items"), list):
        return nothing("not_a_feed", "JSON without a list of items")
    header = ParsedFeed(
        title=_words(document.get("title")),
        language=_words(document.get("language")),
        hub=_hub(document.get("hubs")),
        self_url=_words(document.get("feed_url")),
        kind="json11" if "1.1" in str(document.get("version")) else "json1",
    )
    items = [item for item in document["items"] if isinstance(item, dict)]
    return RawFeed(header=header, entries=tuple(_raw_entry(item) for item in items))


def _raw_entry(item: dict[str, Any]) -> RawEntry:
    return RawEntry(
        link=_words(item.get("url")) or _words(item.get("external_url")),
        guid=_words(item.get("id")),
        title=_words(item.get("title")),
        summary=_words(item.get("summary")),
        content=_words(item.get("content_html")) or _escaped(item.get("content_text")),
        author=_author(item),
        language=_words(item.get("language")),
        dates=(item.get("date_published"), item.get("date_modified")),
    )


def _words(value: object) -> str | None:
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, (int, float)):
        return str(value)
    return value if isinstance(value, str) and value.strip() else None


def _escaped(value: object) -> str | None:
    text = _words(value)
    if text is None:
        return None
    plain = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return "".join(f"<p>{part}</p>" for part in plain.split("\n\n") if part.strip())


def _author(item: dict[str, Any]) -> str | None:
    authors = item.get("authors")
    listed = authors if isinstance(authors, list) else [item.get("author")]
    names = [_words(one.get("name")) for one in listed if isinstance(one, dict)]
    return ", ".join(name for name in names if name) or None


def _hub(hubs: object) -> str | None:
    for one in hubs if isinstance(hubs, list) else ():
        if isinstance(one, dict) and str(one.get("type", "")).lower() == "websub":
            return _words(one.get("url"))
    return None
