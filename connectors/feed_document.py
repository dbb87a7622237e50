"""What a feed document says, whatever its format."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

if TYPE_CHECKING:
    from connectors.records import Entry

MAX_LINE_CHARS = 2_000
_INLINE_TAGS = re.compile(
    r"</?(?:a|abbr|b|bdi|br|cite|code|del|div|em|font|h[1-6]|i|img|ins|mark|p|q|s|small|span|strike|"
    r"strong|sub|sup|u|wbr)\b[^<>]{0,300}>",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFeed:
    """What a feed document says.

    ``problem`` is None, or why there are no (or not all) entries: ``empty``, ``not_a_feed``,
    ``malformed`` (cut or not well-formed, the entries that could be read are here),
    ``too_big``. ``unusable`` counts items with neither link nor title nor text.
    """

    entries: tuple[Entry, ...] = ()
    title: str | None = None
    language: str | None = None
    ttl_secs: int | None = None
    update_secs: int | None = None
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()
    hub: str | None = None
    self_url: str | None = None
    kind: str = ""
    problem: str | None = None
    detail: str = ""
    unusable: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RawEntry:
    """One item as its format states it, before addresses, dates and identity are settled.

    ``dates``: of publication first, of the last change last.
    """

    link: str | None = None
    guid: str | None = None
    title: str | None = None
    summary: str | None = None
    content: str | None = None
    author: str | None = None
    outlet: str | None = None
    language: str | None = None
    dates: tuple[object, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RawFeed:
    """A document of any format, read; ``header`` has the fields of :class:`ParsedFeed`."""

    header: ParsedFeed
    entries: tuple[RawEntry, ...] = ()
    base_url: str = ""


def nothing(problem: str, detail: str) -> RawFeed:
    """Return a document without entries, and why."""
    return RawFeed(header=ParsedFeed(problem=problem, detail=detail))


def absolute_link(link: str | None, base: str) -> str | None:
    """Return ``link`` as an absolute http address, None when it is none.

    >>> absolute_link(" ../a b ", "https://example.org/feed/rss.xml")
    'https://example.org/a%20b'
    >>> absolute_link("mailto:a@example.org", "https://example.org/")
    """
    cleaned = re.sub(r"[\t\r\n]", "", (link or "").strip()).replace(" ", "%20")
    if not cleaned or len(cleaned) > 4096:
        return None
    try:
        joined = urljoin(base, cleaned)
        parts = urlsplit(joined)
    except ValueError:
        return None
    return joined if parts.scheme in {"http", "https"} and parts.netloc else None


def one_line(value: object) -> str | None:
    """Return ``value`` with its white space folded and its length bounded; None when empty."""
    if not isinstance(value, str):
        return None
    return " ".join(value[: 2 * MAX_LINE_CHARS].split())[:MAX_LINE_CHARS] or None


def plain_title(value: object) -> str | None:
    """Return a title as words: feeds escape it twice or leave inline markup in it.

    >>> plain_title("A &amp;amp; <b>B</b>")
    'A & B'
    """
    line = one_line(value)
    if line is None:
        return None
    return one_line(html.unescape(html.unescape(_INLINE_TAGS.sub("", line))))
