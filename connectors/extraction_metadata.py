"""What a page says about itself: JSON-LD, meta elements, links. Pure, no Beam.

Precedences (docs/extraction.md has the measurements behind them): title JSON-LD ``headline`` >
``og:title`` > the page's heading > the feed's; date feed > JSON-LD > meta > htmldate; outlet
feed > ``og:site_name`` > JSON-LD ``publisher``; author JSON-LD > meta > byline > feed.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from html import unescape
from typing import TYPE_CHECKING, Any
from unicodedata import normalize
from urllib.parse import urljoin, urlsplit

from connectors.addresses import canonical_url, same_site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

JSON_LD_CHARS = 400_000
"""A block of more is a catalogue, not an article's description."""

JSON_LD_NODES = 200
TITLE_CHARS = 500
NAME_CHARS = 200
"""A name of more is a sentence in the wrong place."""

FUTURE_SLACK = timedelta(days=2)
"""A publication further ahead of the fetch is a mistake; up to here it may be a time zone's."""

OLDEST_YEAR = 1990
"""No news page is older than the web; earlier dates are defaults of content systems."""

META_DATES = (
    "article:published_time",
    "og:published_time",
    "datepublished",
    "article:published",
    "parsely-pub-date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "dc.date.issued",
    "dcterms.created",
    "dc.date",
    "dcterms.date",
    "publication_date",
    "publish-date",
    "publishdate",
    "pubdate",
    "published_time",
    "date",
)
META_AUTHORS = (
    "author",
    "article:author",
    "dc.creator",
    "parsely-author",
    "sailthru.author",
    "byl",
)
META_OUTLETS = ("og:site_name", "application-name", "dc.publisher")

_ARTICLE_TYPES = re.compile(r"(?:Article|BlogPosting|Report|NewsItem)$")
_WRAPPER = re.compile(r"^\s*(?://)?\s*(?:<!--|<!\[CDATA\[)|(?://)?\s*(?:-->|\]\]>)\s*$")
_INSTANT = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)"
    r"(?:[T ]\s*(\d\d):?(\d\d)(?::?(\d\d)(?:[.,]\d+)?)?\s*(Z|UTC|GMT|[+-]\d\d:?(?:\d\d)?)?)?",
    re.IGNORECASE | re.ASCII,
)
_TITLE_JOINT = re.compile(r"\s+[-–—|·•»:/]\s+|\s*[|»]\s*")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """The self-description of one page, each value as the page spells it, spaces collapsed."""

    headline: str | None = None
    og_title: str | None = None
    html_title: str | None = None
    author: str | None = None
    outlet: str | None = None
    language: str | None = None
    json_ld_date: datetime | None = None
    meta_date: datetime | None = None
    canonical: str | None = None
    free: bool = True
    meta: dict[str, str] = field(default_factory=dict)


def read_metadata(tree: HtmlElement) -> Metadata:
    """Return what the page ``tree`` says about itself; it is not changed."""
    meta = _read_meta(tree)
    node = _article_node(tree)
    titles = tree.xpath("//head/title")
    return Metadata(
        headline=clean(node.get("headline") or node.get("name"), TITLE_CHARS),
        og_title=clean(meta.get("og:title") or meta.get("twitter:title"), TITLE_CHARS),
        html_title=clean(titles[0].text_content(), TITLE_CHARS) if titles else None,
        author=_names(node.get("author")) or _first_name(meta, META_AUTHORS),
        outlet=_first_name(meta, META_OUTLETS[:1])
        or _names(node.get("publisher"))
        or _first_name(meta, META_OUTLETS[1:]),
        language=_declared_language(tree, meta, node),
        json_ld_date=parse_instant(_text(node.get("datePublished"))),
        meta_date=_meta_date(tree, meta),
        canonical=_canonical_link(tree, meta),
        free=str(node.get("isAccessibleForFree", "true")).lower() != "false"
        and meta.get("article:content_tier", "").lower() not in {"locked", "metered"},
        meta=meta,
    )


def clean(value: Any, limit: int) -> str | None:  # noqa: ANN401 - any JSON value
    """Return ``value`` as one line of text without entities; None for anything else or empty.

    >>> clean("  A &amp;   B ", 100)
    'A & B'
    """
    if not isinstance(value, str) or len(value) > limit * 20:
        return None
    return normalize("NFC", _SPACE.sub(" ", unescape(value))).strip()[:limit].strip() or None


def parse_instant(value: str | None) -> datetime | None:
    """Return the instant an ISO 8601 text names, in UTC; None when it names none.

    Without a zone it is taken as UTC, without a time as midnight.

    >>> parse_instant("2024-12-07T10:00:00+01:00")
    datetime.datetime(2024, 12, 7, 9, 0, tzinfo=datetime.timezone.utc)
    >>> parse_instant("yesterday") is None
    True
    """
    match = _INSTANT.match(value.strip()) if value else None
    if match is None:
        return None
    numbers = [int(part or 0) for part in match.groups()[:6]]
    zone = match.group(7) or "Z"
    digits = zone[1:].replace(":", "") if zone[0] in "+-" else ""
    try:
        offset = timedelta(hours=int(digits[:2] or 0), minutes=int(digits[2:] or 0))
        moment = datetime(*numbers, tzinfo=timezone.utc)  # type: ignore[arg-type,misc]
        return moment - (-offset if zone[0] == "-" else offset)
    except (ValueError, OverflowError):
        return None


def is_plausible(moment: datetime | None, fetched_at: datetime) -> bool:
    """Tell whether an article read at ``fetched_at`` may have been published at ``moment``."""
    return moment is not None and moment.year >= OLDEST_YEAR and moment <= fetched_at + FUTURE_SLACK


def strip_outlet(title: str, names: tuple[str | None, ...]) -> str:
    """Return ``title`` without the site's name at its end or start.

    >>> strip_outlet("Missiles: what is known | The Courier", ("The Courier",))
    'Missiles: what is known'
    """
    known = {_folded(name) for name in names if name}
    joints = list(_TITLE_JOINT.finditer(title))
    for joint in joints[::-1]:
        if _folded(title[joint.end() :]) in known and title[: joint.start()].strip():
            return title[: joint.start()].strip()
    for joint in joints[:1]:
        if _folded(title[: joint.start()]) in known and title[joint.end() :].strip():
            return title[joint.end() :].strip()
    return title


def checked_canonical(declared: str | None, url: str | None) -> str | None:
    """Return the canonical address that a page at ``url`` declares, if it can be believed.

    Refused: another site, no web address, and the front page for an inner page (a common fault
    that would make one document of all articles of the site).

    >>> checked_canonical("/a?utm_source=x", "https://example.org/a?p=1")
    'https://example.org/a'
    >>> checked_canonical("https://other.example/a", "https://example.org/a") is None
    True
    """
    if not declared or not url:
        return None
    try:
        absolute = urljoin(url, declared)
        is_front = urlsplit(absolute).path in {"", "/"} and not urlsplit(absolute).query
        is_inner = urlsplit(url).path not in {"", "/"} or bool(urlsplit(url).query)
    except ValueError:
        return None
    if not absolute.startswith(("http://", "https://")) or not same_site(absolute, url):
        return None
    return None if is_front and is_inner else canonical_url(absolute)


def language_tag(value: Any) -> str | None:  # noqa: ANN401 - any JSON value
    """Return the primary language of a tag such as ``fr-FR``.

    >>> language_tag("pt_BR"), language_tag("x")
    ('pt', None)
    """
    match = re.match(r"\s*([A-Za-z]{2,3})(?:[-_]|\s*$)", value) if isinstance(value, str) else None
    return match.group(1).lower() if match else None


def _folded(name: str) -> str:
    return _SPACE.sub(" ", name).strip(" .").lower()


def _read_meta(tree: HtmlElement) -> dict[str, str]:
    found: dict[str, str] = {}
    for element in tree.iter("meta"):
        content = (element.get("content") or "").strip()
        if content:
            for attribute in ("property", "name", "itemprop"):
                if element.get(attribute):
                    found.setdefault(element.get(attribute).strip().lower(), content)
    return found


def _article_node(tree: HtmlElement) -> dict[str, Any]:
    """Return the JSON-LD node that describes the page's article; empty when there is none."""
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        text = _WRAPPER.sub("", script.text or "")
        if not text or len(text) > JSON_LD_CHARS:
            continue
        try:
            value = json.loads(text, strict=False)
        except (ValueError, RecursionError):
            continue
        for node in _nodes(value):
            kinds = node.get("@type")
            names = kinds if isinstance(kinds, list) else [kinds]
            if any(isinstance(name, str) and _ARTICLE_TYPES.search(name) for name in names):
                return node
    return {}


def _nodes(value: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - any JSON value
    """Yield the nodes at the top, in graphs and as main entities: not those of teaser lists."""
    waiting = [value]
    for _ in range(JSON_LD_NODES):
        if not waiting:
            return
        one = waiting.pop(0)
        if isinstance(one, list):
            waiting[:0] = one[:JSON_LD_NODES]
        elif isinstance(one, dict):
            yield one
            waiting += [one[key] for key in ("@graph", "mainEntity") if key in one]


def _text(value: Any) -> str | None:  # noqa: ANN401 - any JSON value
    value = value[0] if isinstance(value, list) and value else value
    return value if isinstance(value, str) else None


def _names(value: Any) -> str | None:  # noqa: ANN401 - any JSON value
    """Return the names of persons or organisations, joined by a comma, each once."""
    found: list[str] = []
    for one in value if isinstance(value, list) else [value]:
        name = clean(_text(one.get("name")) if isinstance(one, dict) else one, NAME_CHARS)
        if name and name not in found and "://" not in name:
            found.append(name)
    return ", ".join(found[:10]) or None


def _first_name(meta: dict[str, str], keys: tuple[str, ...]) -> str | None:
    names = (clean(meta.get(key), NAME_CHARS) for key in keys)
    return next((name for name in names if name and "://" not in name), None)


def _declared_language(tree: HtmlElement, meta: dict[str, str], node: dict[str, Any]) -> str | None:
    root = tree.getroottree().getroot()
    return (
        language_tag(root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang"))
        or language_tag(root.get("xml:lang"))
        or language_tag(_text(node.get("inLanguage")))
        or language_tag(meta.get("og:locale"))
        or language_tag(meta.get("content-language"))
    )


def _meta_date(tree: HtmlElement, meta: dict[str, str]) -> datetime | None:
    for key in META_DATES:
        moment = parse_instant(meta[key]) if key in meta else None
        if moment:
            return moment
    for element in tree.xpath("//time[@datetime][@pubdate or @itemprop='datePublished']")[:1]:
        return parse_instant(element.get("datetime"))
    return None


def _canonical_link(tree: HtmlElement, meta: dict[str, str]) -> str | None:
    links = {
        (element.get("href") or "").strip()
        for element in tree.iter("link")
        if "canonical" in (element.get("rel") or "").lower().split()
    } - {""}
    if len(links) > 1:
        return None
    return links.pop() if links else meta.get("og:url")
