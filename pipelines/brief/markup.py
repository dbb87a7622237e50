"""Small pieces of HTML: every string from a stranger passes through here, escaped.

Titles, quotes, names and addresses come from pages nobody controls. :func:`text` escapes them
and disarms what escaping does not reach (control characters, lone surrogates); ``<bdi>`` keeps
right-to-left overrides of a title inside the title; :func:`link` makes links of http(s) only.
"""

from __future__ import annotations

import html
import json
import re
import unicodedata
from datetime import datetime, timezone
from typing import Any
from urllib.parse import urlsplit

_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_MARKS = re.compile(r"[\u0300-\u036f]")
_JSON_ESCAPES = {ord(mark): f"\\u{ord(mark):04x}" for mark in ("<", ">", "&", "\u2028", "\u2029")}
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
LONGEST_CHARS = 600
"""Shown of a title, name or quote: what is longer is no title, and would fill the page."""

SEASONS = {"SP": "spring", "SU": "summer", "FA": "autumn", "WI": "winter"}


def text(words: str) -> str:
    r"""Return ``words`` safe in HTML, between tags or inside a quoted attribute.

    >>> text('<b title="x">')
    '&lt;b title=&quot;x&quot;&gt;'
    >>> text("a\x00b")
    'a\ufffdb'
    """
    return html.escape(_UNPRINTABLE.sub("\ufffd", words), quote=True)


def isolated(words: str, language: str = "") -> str:
    """Return ``words``, cut if they are endless, in an element of their own direction."""
    return f"<bdi{lang(language)}>{text(cut(words))}</bdi>"


def cut(words: str) -> str:
    """Return ``words``, or their beginning where they are longer than anybody reads.

    >>> len(cut("a" * 10_000))
    601
    """
    return words if len(words) <= LONGEST_CHARS else f"{words[:LONGEST_CHARS]}…"


def lang(language: str) -> str:
    """Return the ``lang`` attribute for ``language``, or nothing when it is no language tag."""
    return f' lang="{language}"' if _LANGUAGE.fullmatch(language) else ""


def safe_url(url: str) -> str | None:
    """Return ``url`` if a reader may follow it: http or https, with a host; else None.

    >>> safe_url("javascript:alert(1)") is None
    True
    >>> safe_url("https://example.org/a")
    'https://example.org/a'
    """
    if _UNPRINTABLE.search(url) or any(mark.isspace() for mark in url):
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    return url if parts.scheme in {"http", "https"} and host else None


def link(url: str, inner: str, *, css: str = "") -> str:
    """Return ``inner`` (ready HTML) as a link to ``url``, or as plain text when it is unsafe."""
    target = safe_url(url)
    name = f' class="{css}"' if css else ""
    if target is None:
        return f"<span{name}>{inner}</span>"
    return (
        f'<a{name} href="{text(target)}" rel="noopener noreferrer" '
        f'referrerpolicy="no-referrer" target="_blank">{inner}</a>'
    )


def clock(moment: datetime, *, with_day: bool = True) -> str:
    """Return ``moment`` as a ``<time>`` element in UTC.

    >>> clock(datetime(2025, 3, 4, 5, 6, tzinfo=timezone.utc))
    '<time datetime="2025-03-04T05:06:00Z">4 Mar 2025, 05:06</time>'
    """
    moment = moment.astimezone(timezone.utc)
    shown = f"{moment:%H:%M}"
    if with_day:
        shown = f"{moment.day} {moment:%b %Y}, {shown}"
    return f'<time datetime="{moment:%Y-%m-%dT%H:%M:%SZ}">{shown}</time>'


def when_in_words(value: str) -> str:
    """Return a time value as people write it; an unknown form is returned as it is.

    >>> [when_in_words(v) for v in ("2025-H2", "2025-12-18", "2025-12", "2025-SP", "2025")]
    ['H2 2025', '18 Dec 2025', 'Dec 2025', 'spring 2025', '2025']
    """
    year, _, rest = value.partition("-")
    if re.fullmatch(r"[HQ]\d", rest):
        return f"{rest} {year}"
    if rest in SEASONS:
        return f"{SEASONS[rest]} {year}"
    for form, shown in (("%Y-%m-%d", "{0.day} {0:%b %Y}"), ("%Y-%m", "{0:%b %Y}")):
        try:
            return shown.format(datetime.strptime(value, form))  # noqa: DTZ007 - a day, no instant
        except ValueError:
            continue
    return value


def folded(words: str) -> str:
    """Return ``words`` as the search compares them: lower case, without diacritics.

    >>> folded("Oréshnik")
    'oreshnik'
    """
    return _MARKS.sub("", unicodedata.normalize("NFKD", _UNPRINTABLE.sub(" ", words))).lower()


def json_block(name: str, value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Return ``value`` as a data block that no browser runs and no text can break out of."""
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    body = _UNPRINTABLE.sub("\ufffd", body).translate(_JSON_ESCAPES)
    return f'<script type="application/json" id="{name}">{body}</script>'


def counted(number: int, one: str, many: str | None = None) -> str:
    """Return ``number`` with its noun.

    >>> counted(1, "copy", "copies"), counted(2, "outlet")
    ('1 copy', '2 outlets')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}".replace(",", "\u202f")
