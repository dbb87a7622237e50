"""What stands around an article, dropped by the names that sites give it. Pure, no Beam."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MAIN_SHARE = 0.4
"""A block with more of the characters in the page's paragraphs is no furniture."""

_FURNITURE_TAGS = ("div", "section", "aside", "ul", "ol", "dialog", "form", "nav", "footer")
_FURNITURE_NAME = re.compile(
    r"(?:^|[\s_-])(?:cookies?|consent|gdpr|rgpd|cmp-?(?:box|banner|modal)|comments?|commentaires?|kommentare?|"
    r"comentarios?|komentarze|disqus|related|recirculation|recommended|recommendations?|"
    r"most-?read|more-?stories|read-?also|lire-aussi|a-lire|newsletter|outbrain|taboola|"
    r"sidebar|breadcrumbs?|share-?(?:bar|buttons|tools)|social-?share|dialog|alertdialog|"
    r"complementary|navigation|promo|sponsored|advert(?:isement)?s?)(?=$|[\s_-])",
    re.IGNORECASE,
)
_UNFOLDING_NAME = re.compile(r"(?:^|[\s_-])read-?more(?=$|[\s_-])", re.IGNORECASE)
"""Links to other articles, or a button that unfolds the rest of this one."""

_NAMING = ("id", "class", "role")


def drop_furniture(tree: HtmlElement) -> None:
    """Remove the blocks whose own names say that they are not the article.

    A block with much of the page's running text is the article, whatever it is called.
    """
    named = [element for element in tree.iter(*_FURNITURE_TAGS) if _is_named_furniture(element)]
    if not named:
        return
    limit = _prose_chars(tree) * MAIN_SHARE
    dropped: set[HtmlElement] = set()
    for element in named:
        if not dropped.isdisjoint(element.iterancestors()):
            continue
        holds_article = next(element.iter("h1", "article"), None) is not None
        is_small = element.tag in {"nav", "dialog"} or _prose_chars(element) <= limit
        if is_small and not holds_article and element.getparent() is not None:
            element.drop_tree()
            dropped.add(element)


def _prose_chars(element: HtmlElement) -> int:
    return sum(len(paragraph.text_content()) for paragraph in element.iter("p"))


def _is_named_furniture(element: HtmlElement) -> bool:
    if element.tag in {"nav", "dialog"}:
        return True
    kinds = {_furniture_kind(value) for value in map(element.get, _NAMING) if value}
    return "furniture" in kinds or ("links" in kinds and _is_mostly_links(element))


@lru_cache(maxsize=4096)
def _furniture_kind(value: str) -> str:
    """Return what a name says; a page repeats its names, most are looked up, not searched."""
    if _FURNITURE_NAME.search(value):
        return "furniture"
    return "links" if _UNFOLDING_NAME.search(value) else ""


def _is_mostly_links(element: HtmlElement) -> bool:
    linked = sum(len(link.text_content()) for link in element.iter("a"))
    return linked * 2 > len(element.text_content())
