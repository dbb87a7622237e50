"""From one page to the article on it. Pure, no Beam: this is what runs in the sandbox.

The text comes from trafilatura in its fast mode (F1 .962 at 104 pages/s/core against .960 at 72
for its default, on a public benchmark of 181 pages); before it, furniture that names itself
(cookie dialogs, related links, comments, newsletter boxes) leaves the tree.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

from htmldate import find_date
from lxml.etree import ParserError, iterwalk
from lxml.html import fromstring
from trafilatura import bare_extraction
from trafilatura.metadata import extract_title
from trafilatura.settings import Extractor
from trafilatura.utils import HTML_PARSER, load_html

from connectors.extraction_byline import read_byline
from connectors.extraction_decoding import decode_html, guard, is_binary
from connectors.extraction_furniture import drop_furniture
from connectors.extraction_metadata import (
    NAME_CHARS,
    TITLE_CHARS,
    Metadata,
    checked_canonical,
    clean,
    is_plausible,
    language_tag,
    parse_instant,
    read_metadata,
    strip_outlet,
)
from connectors.extraction_outcomes import Extraction, bounded, judge_outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from lxml.html import HtmlElement

    from connectors.records import Entry, Page

HTML_TYPES = ("text/", "application/xhtml", "application/xml", "application/octet-stream")
HEAD_BYTES = 4096
_CONTROL = bytes(set(range(32)) - {9, 10, 13})
_NO_CHARACTERS = (b"\xef\xbf\xbe", b"\xef\xbf\xbf")
_SHUT_HTML = re.compile(rb"<html[^>]*/\s*>", re.IGNORECASE)
_XML_DOCTYPE = re.compile(rb"^< ?! ?DOCTYPE[^>]*/[^<>]*>", re.IGNORECASE)
_BLOCKS = frozenset(
    """
    address article aside blockquote br dd div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6
    header hr li main ol p pre section table td th tr ul
    """.split()  # noqa: SIM905 - names read better as words
)
_OPTIONS = Extractor(output_format="python", fast=True, comments=False, with_metadata=False)
_JOINERS = {"\u200c": "\U00010600", "\u200d": "\U00010601"}
"""What trafilatura takes for control characters, though Persian and Indian words are written with
it, and what stands for it meanwhile: letters of Linear A, which nobody prints."""
_NO_JOINERS = dict.fromkeys(map(ord, _JOINERS))
_UNREAD = frozenset({"script", "style", "template", "noscript", "iframe", "object", "svg", "head"})


def extract_article(page: Page, *, guarded: bool = False) -> Extraction:
    """Return the article on ``page``, completed from its entry.

    Call it in the sandbox unless the page is trusted: time and memory are not bounded here.

    Args:
        page: what was fetched.
        guarded: the body has passed the guard already.
    """
    entry = page.entry
    tree = None
    outcome = page.outcome
    if outcome == "ok":
        outcome, tree = _read_tree(page, guarded=guarded)
    if tree is None:
        return _from_feed(page, outcome)
    metadata = read_metadata(tree)
    own_titles = (metadata.headline, metadata.og_title)
    heading = None if any(own_titles) else _quietly(extract_title, tree)
    headings = [clean(one.text_content(), TITLE_CHARS) for one in islice(tree.iter("h1"), 2)]
    heading = _with_joiners(heading, headings)
    author = metadata.author or clean(_quietly(read_byline, tree), NAME_CHARS) or entry.author
    published_at, source = _choose_date(page, metadata, tree)
    url = page.url or entry.url
    text = _read_text(tree)
    outlet = entry.outlet or metadata.outlet
    title = choose_title(metadata, heading, entry, outlet)
    is_alone = len(headings) == 1
    text = _without_heading(text, {title, heading, *own_titles, *(headings if is_alone else ())})
    outcome = judge_outcome(title=title, text=text, page=page, free=metadata.free)
    return Extraction(
        outcome=outcome,
        title=title,
        text=text,
        author=author,
        language=metadata.language or language_tag(entry.language),
        published_at=published_at,
        date_source=source,
        canonical_url=checked_canonical(metadata.canonical, url),
        outlet=outlet,
        feed_text="" if outcome == "ok" else read_feed_text(entry),
    )


def read_feed_text(entry: Entry) -> str:
    """Return the text of the entry itself: its content, else its summary.

    What the guard stops gives no text.
    """
    for html in (entry.content_html, entry.summary_html):
        if html and guard(html.encode("utf-8", "replace")) is None:
            text = bounded(text_of_html(html))
            if text:
                return text
    return ""


def text_of_html(html: str) -> str:
    r"""Return the text of a fragment of HTML, one line a block.

    >>> text_of_html("<p>One &amp; two</p><script>x</script><p>three<br>four</p>")
    'One & two\nthree\nfour'
    """
    try:
        tree = load_html(f"<html><body><div>{html}</div></body></html>".replace("\x00", ""))
    except (ValueError, ParserError):
        return ""
    if tree is None:
        return ""
    pieces: list[str] = []
    hidden = 0
    for event, element in iterwalk(tree, events=("start", "end", "comment", "pi")):
        is_unread = event in {"start", "end"} and element.tag in _UNREAD
        edge = "\n" if element.tag in _BLOCKS else ""
        if event == "start":
            hidden += is_unread
            pieces += [] if hidden else [edge, element.text or ""]
        else:
            hidden -= is_unread
            pieces += [] if hidden else [edge, element.tail or ""]
    lines = (" ".join(line.split()) for line in "".join(pieces).split("\n"))
    return "\n".join(line for line in lines if line)


def choose_title(metadata: Metadata, heading: str | None, entry: Entry, outlet: str | None) -> str:
    """Return the best title: headline, ``og:title``, heading, ``<title>``, the feed's.

    The site's name is no title, and none at its end is part of it; a headline cut short with an
    ellipsis yields to the whole one.
    """
    names = (outlet, metadata.outlet, metadata.meta.get("og:site_name"))
    site = {name.lower() for name in names if name}
    cut = ""
    for title in (
        metadata.headline,
        metadata.og_title,
        clean(heading, TITLE_CHARS),
        metadata.html_title,
        _feed_title(entry),
    ):
        if not title or title.lower() in site:
            continue
        stripped = strip_outlet(title, names)
        if not stripped.endswith(("…", "...")):
            return stripped
        cut = cut or stripped
    return cut


def _read_tree(page: Page, *, guarded: bool) -> tuple[str, HtmlElement | None]:
    kind = (page.content_type or "text/html").lower()
    if not page.body.strip():
        return "empty", None
    if is_binary(page.body) or not kind.startswith(HTML_TYPES):
        return "not_html", None
    reason = None if guarded else guard(page.body)
    if reason:
        return reason, None
    tree = parse_html(decode_html(page.body, page.charset))
    return ("empty", None) if tree is None else ("ok", tree)


def parse_html(html: str) -> HtmlElement | None:
    """Return the tree that trafilatura's ``load_html`` makes of ``html``; None if it is no HTML.

    The same repairs on bytes: to search 57 kB of characters takes a tenth of the extraction.
    """
    text = html.replace("\x00", "")
    body = text.encode("utf-8", "replace").translate(None, _CONTROL)
    is_odd = any(one in body for one in _NO_CHARACTERS) or not body.strip()
    if is_odd or _SHUT_HTML.search(body, 0, HEAD_BYTES):
        return load_html(text)
    first_line, feed, rest = body.partition(b"\n")
    if b"doctype" in body[:50].lower():
        body = _XML_DOCTYPE.sub(b"", first_line, count=1) + feed + rest
    try:
        tree = fromstring(body, parser=HTML_PARSER)
    except (ValueError, ParserError):
        return load_html(text)
    is_dubious = b"html" not in body[:50].lower()
    return load_html(text) if len(tree) < (2 if is_dubious else 1) else tree


def _from_feed(page: Page, outcome: str) -> Extraction:
    entry = page.entry
    title = strip_outlet(_feed_title(entry) or "", (entry.outlet,))
    trusted = is_plausible(entry.published_at, page.fetched_at)
    return Extraction(
        outcome=outcome,
        title=title,
        author=entry.author,
        language=language_tag(entry.language),
        published_at=entry.published_at if trusted else None,
        date_source="feed" if trusted else "none",
        outlet=entry.outlet,
        feed_text=read_feed_text(entry),
    )


def _feed_title(entry: Entry) -> str | None:
    has_markup = entry.title is not None and "<" in entry.title
    return clean(text_of_html(entry.title or "") if has_markup else entry.title, TITLE_CHARS)


def _choose_date(page: Page, metadata: Metadata, tree: HtmlElement) -> tuple[datetime | None, str]:
    for source, moment in (
        ("feed", page.entry.published_at),
        ("json_ld", metadata.json_ld_date),
        ("meta", metadata.meta_date),
    ):
        if is_plausible(moment, page.fetched_at):
            return moment, source
    latest = page.fetched_at.replace(tzinfo=None)
    guess = parse_instant(
        find_date(tree, extensive_search=False, original_date=True, url=page.url, max_date=latest)
    )
    return (guess, "htmldate") if is_plausible(guess, page.fetched_at) else (None, "none")


def _read_text(tree: HtmlElement) -> str:
    drop_furniture(tree)
    content = tree.text_content()
    joiners = {one: letter for one, letter in _JOINERS.items() if one in content}
    if joiners:
        _replace(tree, joiners)
    document: Any = bare_extraction(tree, options=_OPTIONS)
    text = (document.text or "") if document is not None else ""
    for one, letter in joiners.items():
        text = text.replace(letter, one)
    return bounded(normalize("NFC", text).strip())


def _with_joiners(title: str | None, headings: Iterable[str | None]) -> str | None:
    """Return that of ``headings`` which ``title`` is without its joiners, else ``title``."""
    bare = {one.translate(_NO_JOINERS): one for one in headings if one}
    return bare.get(title, title) if title else title


def _replace(tree: HtmlElement, letters: dict[str, str]) -> None:
    table = str.maketrans(letters)
    for element in tree.iter():
        if element.text:
            element.text = element.text.translate(table)
        if element.tail:
            element.tail = element.tail.translate(table)


def _without_heading(text: str, titles: set[str | None]) -> str:
    """Return ``text`` without its title as first line: a mention there would count twice."""
    first, _, rest = text.partition("\n")
    known = {" ".join(title.split()).lower() for title in titles if title}
    return rest.strip() if " ".join(first.split()).lower() in known else text


def _quietly(function: Callable[[HtmlElement], str | None], tree: HtmlElement) -> str | None:
    """Return ``function(tree)``: a title or an author is not worth losing the text for."""
    try:
        found = function(tree)
    except (ValueError, TypeError, AttributeError, IndexError, KeyError):
        return None
    return found if isinstance(found, str) else None
