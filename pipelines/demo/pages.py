"""The articles of the recorded site: read from ``site/``, dated from *now*, printed as pages.

Everything is a pure function of the files, the address the site is served under and one instant,
so the same instant gives the same bytes. The texts are fiction, written for the demonstration.

Two placeholders are filled: ``published: -5h`` in an article's head counts back from that
instant, and ``{{year:+1}}`` in title or text is the year after it, so that a plan lies ahead of
its announcement on whatever day the demonstration runs.
"""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

SITE = Path(__file__).parent / "site"
_OFFSET = re.compile(r"-(\d+)([mhd])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
_YEAR = re.compile(r"\{\{year(?::([+-]\d+))?\}\}")
_SLOT = re.compile(r"\{\{(\w+)\}\}")
LEAD_CHARS = 160
"""Length of the summary that feeds and meta tags carry: what most papers print."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """One invented paper: how its pages look and what furniture stands around its articles."""

    key: str
    name: str
    layout: str
    charset: str
    furniture: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoArticle:
    """One article of the site and what a reader should find in it.

    ``subjects`` are the labels of its body; ``copy_of`` and ``disagrees_with`` name other
    articles; ``trap`` says which homonym tempts the matcher; ``old`` is true for an article
    that is older than any alert window.
    """

    slug: str
    outlet: Outlet
    language: str
    title: str
    author: str
    published_at: datetime
    paragraphs: tuple[str, ...]
    subjects: tuple[str, ...]
    copy_of: str | None = None
    disagrees_with: str | None = None
    trap: str | None = None
    old: bool = False

    @property
    def path(self) -> str:
        """The page's path on the site."""
        return f"/{self.outlet.key}/{self.slug}.html"

    @property
    def lead(self) -> str:
        """The first words of the text, as a feed prints them."""
        first = self.paragraphs[0]
        return first if len(first) <= LEAD_CHARS else first[:LEAD_CHARS].rsplit(" ", 1)[0] + " …"


def instant(offset: str, *, now: datetime) -> datetime:
    """Return the instant ``offset`` (``-12m``, ``-5h``, ``-3d``) before ``now``.

    >>> from datetime import timezone
    >>> instant("-5h", now=datetime(2025, 1, 1, 6, tzinfo=timezone.utc)).hour
    1

    Raises:
        ValueError: the offset is not of that form.
    """
    match = _OFFSET.fullmatch(offset)
    if match is None:
        raise ValueError(f"offset: expected -12m, -5h or -3d, got {offset!r}")
    return now - timedelta(**{_UNITS[match[2]]: int(match[1])})


def fill_years(text: str, *, now: datetime) -> str:
    """Return ``text`` with each ``{{year:+N}}`` as the year N after ``now``.

    >>> fill_years("by {{year:+1}}", now=datetime(2024, 12, 7))
    'by 2025'
    """
    return _YEAR.sub(lambda slot: str(now.year + int(slot[1] or 0)), text)


def load_outlets() -> dict[str, Outlet]:
    """Return the invented papers by key."""
    loaded: dict[str, dict[str, Any]] = yaml.safe_load(
        (SITE / "outlets.yaml").read_text(encoding="utf-8")
    )
    return {
        key: Outlet(
            key=key,
            name=paper["name"],
            layout=paper["layout"],
            charset=paper.get("charset", "utf-8"),
            furniture=paper,
        )
        for key, paper in loaded.items()
    }


def load_articles(*, now: datetime) -> tuple[DemoArticle, ...]:
    """Return all articles, newest first, with dates and years counted from ``now``."""
    outlets = load_outlets()
    articles = [
        _read_article(path.stem, path.read_text(encoding="utf-8"), outlets=outlets, now=now)
        for path in sorted((SITE / "articles").glob("*.txt"))
    ]
    return tuple(sorted(articles, key=_published, reverse=True))


def _published(article: DemoArticle) -> datetime:
    return article.published_at


def _read_article(
    slug: str, source: str, *, outlets: dict[str, Outlet], now: datetime
) -> DemoArticle:
    _, head, body = source.split("---\n", 2)
    meta = yaml.safe_load(head.replace("{{", "<<").replace("}}", ">>"))
    title = str(meta["title"]).replace("<<", "{{").replace(">>", "}}")
    return DemoArticle(
        slug=slug,
        outlet=outlets[meta["outlet"]],
        language=meta["language"],
        title=fill_years(title, now=now),
        author=meta["author"],
        published_at=instant(meta["published"], now=now),
        paragraphs=tuple(fill_years(body, now=now).strip().split("\n\n")),
        subjects=tuple(sorted(meta["subjects"])),
        copy_of=meta.get("copy_of"),
        disagrees_with=meta.get("disagrees_with"),
        trap=meta.get("trap"),
        old=meta.get("old", False),
    )


def render_page(article: DemoArticle, *, base: str) -> bytes:
    """Return the article's page in its paper's layout and encoding."""
    layout = (SITE / "layouts" / f"{article.outlet.layout}.html").read_text(encoding="utf-8")
    slots = _article_slots(article, base=base) | _furniture_slots(article.outlet, base=base)
    page = _SLOT.sub(lambda slot: slots[slot[1]], layout)
    return page.encode(article.outlet.charset, "xmlcharrefreplace")


def _article_slots(article: DemoArticle, *, base: str) -> dict[str, str]:
    published = article.published_at.isoformat(timespec="seconds")
    linked = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": article.title,
        "datePublished": published,
        "inLanguage": article.language,
        "author": {"@type": "Person", "name": article.author},
        "publisher": {"@type": "Organization", "name": article.outlet.name},
        "mainEntityOfPage": base + article.path,
    }
    opening = "<P>" if article.outlet.layout == "broken" else "<p>"
    closing = "" if article.outlet.layout == "broken" else "</p>"
    return {
        "title": html.escape(article.title),
        "author": html.escape(article.author),
        "language": article.language,
        "charset": article.outlet.charset,
        "url": base + article.path,
        "base": base,
        "published": published,
        "day": article.published_at.strftime("%Y-%m-%d"),
        "lead": html.escape(article.lead),
        "json_ld": json.dumps(linked, ensure_ascii=False).replace("</", "<\\/"),
        "paragraphs": "\n      ".join(
            f"{opening}{html.escape(paragraph, quote=False)}{closing}"
            for paragraph in article.paragraphs
        ),
    }


def _furniture_slots(outlet: Outlet, *, base: str) -> dict[str, str]:
    paper = outlet.furniture
    text, yes, no = (html.escape(words) for words in paper["cookies"])
    return {
        "outlet": html.escape(outlet.name),
        "nav": _list_of_links(paper["nav"], base=base),
        "related": _list_of_links(paper["related"], base=base),
        "related_heading": html.escape(paper["related_heading"]),
        "comments_heading": html.escape(paper["comments_heading"]),
        "comments": "".join(
            f'<div class="comment"><b class="comment-author">{html.escape(who)}</b>'
            f'<p class="comment-text">{html.escape(words)}</p></div>'
            for who, words in paper["comments"]
        ),
        "cookie_text": text,
        "cookie_yes": yes,
        "cookie_no": no,
        "footer": html.escape(paper["footer"]),
    }


def _list_of_links(labels: list[str], *, base: str) -> str:
    return "".join(f'<li><a href="{base}/">{html.escape(label)}</a></li>' for label in labels)
