"""RSS, RDF and Atom through feedparser 6.0: the only module that knows it."""

from __future__ import annotations

import re
from typing import Any

import feedparser
from feedparser.mixin import _FeedParserMixin

from connectors.feed_document import ParsedFeed, RawEntry, RawFeed, absolute_link, nothing, one_line

Fields = Any
"""feedparser's dictionaries; it ships no types."""

MAX_ITEMS = 2000
_ROOT_END = re.compile(r"</(?:\w+:)?(?:rss|rdf|feed|channel)\s*>", re.IGNORECASE)
_UPDATE_SECS = {
    "hourly": 3600,
    "daily": 86_400,
    "weekly": 604_800,
    "monthly": 2_592_000,
    "yearly": 31_536_000,
}
# An identifier is no address: made absolute, it would change with the address finally reached.
# feedparser has no setting for it.
_FeedParserMixin.can_be_relative_uri.discard("id")

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _get(fields: Fields, name: str, default: Any = None) -> Any:  # noqa: ANN401 - see Fields
    """Read a field without feedparser's own mapping (it gives ``published`` for ``updated``)."""
    return dict.get(fields, name, default)


def read_xml_feed(text: str, url: str) -> RawFeed:
    """Return the feed in ``text``; a problem when it is XML of another kind."""
    parsed = feedparser.parse(
        text.encode("utf-8"),
        response_headers={
            "content-type": "application/xml; charset=utf-8",
            "content-location": url,
        },
        resolve_relative_uris=True,
        sanitize_html=False,
    )
    head = parsed.get("feed", {})
    if not parsed.get("version") and not parsed.entries:
        return nothing("not_a_feed", "XML of another kind, or cut before the first element")
    header = ParsedFeed(
        title=one_line(head.get("title")),
        language=one_line(head.get("language")),
        ttl_secs=_minutes(head.get("ttl")),
        update_secs=_update_secs(head),
        skip_hours=_skip_hours(text),
        skip_days=_skip_days(text),
        hub=_rel_link(head, "hub", url),
        self_url=_rel_link(head, "self", url),
        kind=str(parsed.get("version") or "unknown"),
        problem="malformed" if _is_cut(parsed, text) else None,
        detail=str(parsed.get("bozo_exception", ""))[:200] if _is_broken(parsed) else "",
    )
    return RawFeed(
        header=header, entries=tuple(_raw_entry(item) for item in parsed.entries[:MAX_ITEMS])
    )


def _is_broken(parsed: Fields) -> bool:
    wrong = parsed.get("bozo_exception")
    harmless = (feedparser.CharacterEncodingOverride, feedparser.NonXMLContentType)
    return bool(parsed.get("bozo")) and not isinstance(wrong, harmless)


def _is_cut(parsed: Fields, text: str) -> bool:
    """Tell a document that was cut from one that is not well-formed but whole.

    Undefined entities and stray ampersands are common and cost nothing: the root still closes.
    """
    return _is_broken(parsed) and _ROOT_END.search(text[-2000:]) is None


def _raw_entry(item: Fields) -> RawEntry:
    contents = [part.get("value") or "" for part in _get(item, "content", ())]
    source = _get(item, "source") or {}
    return RawEntry(
        link=_entry_link(item),
        guid=_get(item, "id"),
        title=_get(item, "title"),
        summary=_get(item, "summary"),
        content=max(contents, key=len, default=None),
        author=_get(item, "author"),
        outlet=source.get("title") if hasattr(source, "get") else None,
        language=_entry_language(item),
        dates=tuple(_get(item, name) for name in ("published", "created", "updated")),
    )


def _entry_link(item: Fields) -> str | None:
    link = _get(item, "link")
    if link:
        return str(link)
    for one in _get(item, "links", ()):
        if one.get("rel", "alternate") == "alternate" and one.get("href"):
            return str(one["href"])
    return None


def _entry_language(item: Fields) -> str | None:
    for name in ("content", "title_detail", "summary_detail"):
        detail = _get(item, name)
        part = detail[0] if isinstance(detail, list) and detail else detail
        language = part.get("language") if hasattr(part, "get") else None
        if language:
            return str(language)
    return None


def _rel_link(head: Fields, rel: str, url: str) -> str | None:
    found = _get(head, "links", ())
    links = [one.get("href") for one in found if one.get("rel") == rel]
    return absolute_link(links[0], url) if links else None


def _minutes(value: object) -> int | None:
    text = str(value or "").strip()
    return int(text) * 60 if re.fullmatch(r"[0-9]{1,6}", text) else None


def _update_secs(head: Fields) -> int | None:
    period = _UPDATE_SECS.get(str(_get(head, "sy_updateperiod", "")).strip().lower())
    if period is None:
        return None
    times = str(_get(head, "sy_updatefrequency", "1")).strip()
    return period // max(1, int(times)) if re.fullmatch(r"[0-9]{1,5}", times) else period


def _skip_block(text: str, name: str, child: str) -> list[str]:
    found = re.search(
        rf"<{name}\b[^>]{{0,100}}>(.{{0,2000}}?)</{name}>", text[:50_000], re.DOTALL | re.IGNORECASE
    )
    return (
        re.findall(rf"<{child}>\s*(\w{{1,9}})\s*</{child}>", found[1], re.IGNORECASE)
        if found
        else []
    )


def _skip_hours(text: str) -> tuple[int, ...]:
    hours = (int(hour) % 24 for hour in _skip_block(text, "skipHours", "hour") if hour.isdigit())
    return tuple(sorted(set(hours)))


def _skip_days(text: str) -> tuple[int, ...]:
    named = (day.lower() for day in _skip_block(text, "skipDays", "day"))
    return tuple(sorted({_DAYS.index(day) for day in named if day in _DAYS}))
