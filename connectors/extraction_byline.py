"""Who signed the article, by the marks that sites put on a byline. Pure, no Beam.

The marks are those that ``trafilatura.metadata.extract_author`` looks for, in the same three
ranks. It copies the page and searches it by expressions that call back into Python, 15 ms a page
of its own evaluation set; here the page is walked once and the marks of a name are remembered.
"""

from __future__ import annotations

import re
from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING

from trafilatura.json_metadata import normalize_authors

if TYPE_CHECKING:
    from lxml.html import HtmlElement

BYLINE_CHARS = 120
"""What is longer is a biography, or a box around more than the name."""

ANCESTORS = 12
"""A comment's or sidebar's own mark stands within so many levels of the name."""

_ASKED = "author zuozhe bianji xiaobian channel-name submitted-by posted-by journalist-name".split()  # noqa: SIM905 - words
_EXACT_TAGS = frozenset({"a", "address", "div", "link", "p", "span", "strong"})
_USUAL_TAGS = frozenset({"a", "div", "h3", "h4", "p", "span"})
_EXACT_CLASS = re.compile(r"author-?name|AuthorName|authorName")
_USUAL = re.compile("|".join(_ASKED))
_ANY_CLASS = re.compile(r"[Aa]uthor|screenname|writer|[Bb]yline")
_OTHERS_TAGS = frozenset({"a", "div", "section", "span"})
_OTHERS_ID = re.compile(r"^comments|comment-?list|ProductReviews")
_OTHERS_CLASS = re.compile(
    r"^[Cc]omments|^(?:title|date)$|commentlist|comments-list|sidebar|is-hidden|quote|"
    r"embedly-instagram|article-(?:share|support)|print|category|meta-date|meta-reviewer"
)
_UNREAD = frozenset({"time", "figure", "script", "style"})


def read_byline(tree: HtmlElement) -> str | None:
    """Return the names in the byline of the page ``tree``, joined by ``; ``; None without one.

    The marks of the first rank come before those of the second, wherever they stand.
    """
    signed = []
    for element in tree.iter():
        get = element.get
        rank = _rank(element.tag, get("class"), get("id"), get("itemprop"), get("rel"))
        if rank:
            signed.append((rank, element))
    ranked = sorted(signed, key=itemgetter(0))
    for _, element in ranked:
        if not _is_of_others(element):
            text = _short_text(element)
            if text is not None:
                return normalize_authors(None, text)
    return None


@lru_cache(maxsize=8192)
def _rank(
    tag: object, own_class: str | None, own_id: str | None, role: str | None, rel: str | None
) -> int:
    """Return how sure the mark on an element is: 1 to 3, or 0 for no mark."""
    if tag == "author":
        return 1
    own_class, own_id, role = own_class or "", own_id or "", role or ""
    if tag in _EXACT_TAGS and (
        "author" in {rel, own_id, own_class}
        or role == "author name"
        or _EXACT_CLASS.search(own_class)
    ):
        return 1
    if tag in _USUAL_TAGS and (
        own_class in {"byline", "username", "byl", "BBL"}
        or "author" in role
        or _USUAL.search(own_id)
        or _USUAL.search(own_class)
    ):
        return 2
    return 3 if "author" in role or "uthor" in own_id or _ANY_CLASS.search(own_class) else 0


def _is_of_others(element: HtmlElement) -> bool:
    """Tell whether ``element`` belongs to a comment, a quotation, a sidebar or a figure."""
    one: HtmlElement | None = element
    for _ in range(ANCESTORS):
        if one is None:
            return False
        if _names_others(one):
            return True
        one = one.getparent()
    return False


def _names_others(element: HtmlElement) -> bool:
    if element.tag in _UNREAD:
        return True
    is_box = element.tag in _OTHERS_TAGS
    return is_box and _is_named(element.get("id") or "", element.get("class") or "")


@lru_cache(maxsize=4096)
def _is_named(own_id: str, own_class: str) -> bool:
    return bool(_OTHERS_ID.search(own_id) or _OTHERS_CLASS.search(own_class))


def _short_text(element: HtmlElement) -> str | None:
    """Return the text of ``element`` on one line; None if it is no name: too short or too long."""
    pieces: list[str] = []
    waiting: list[HtmlElement | str] = [element]
    chars = 0
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            words = " ".join(one.split())
            pieces += [words] if words else []
            chars += len(words)
            if chars >= BYLINE_CHARS:
                return None
            continue
        is_read = one is element or (isinstance(one.tag, str) and not _names_others(one))
        if is_read:
            for child in reversed(one):
                waiting += [child.tail, child] if child.tail else [child]
            waiting += [one.text] if one.text else []
    text = " ".join(pieces)
    return text if 2 < len(text) < BYLINE_CHARS else None
