"""The feeds of the recorded site, printed as RSS 2.0, Atom 1.0 and JSON Feed 1.1.

Pure functions of ``site/feeds.yaml``, the articles, the address and one instant.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

import yaml

from connectors.records import stable_id
from pipelines.demo.pages import SITE, DemoArticle, Outlet, instant, load_outlets

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

CONTENT_TYPES = {
    "rss": "application/rss+xml",
    "atom": "application/atom+xml",
    "json": "application/feed+json",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoEntry:
    """One entry of a feed; ``expect`` says why it leads to no article (None when it does)."""

    title: str
    link: str | None
    published_at: datetime
    outlet: Outlet
    language: str | None = None
    summary: str | None = None
    slug: str | None = None
    expect: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoFeed:
    """One feed of the site with its entries, newest first."""

    id: str
    path: str
    format: str
    title: str
    charset: str
    language: str | None
    outlet: str | None
    entries: tuple[DemoEntry, ...]


def load_feeds(
    articles: Sequence[DemoArticle], *, base: str, now: datetime
) -> tuple[DemoFeed, ...]:
    """Return the feeds with the addresses of their entries under ``base``."""
    outlets = load_outlets()
    loaded: list[dict[str, Any]] = yaml.safe_load((SITE / "feeds.yaml").read_text("utf-8"))
    return tuple(
        DemoFeed(
            id=feed["id"],
            path=feed["path"],
            format=feed["format"],
            title=feed["title"],
            charset=feed.get("charset", "utf-8"),
            language=feed.get("language"),
            outlet=outlets[feed["outlet"]].name if "outlet" in feed else None,
            entries=_entries(feed, articles, outlets=outlets, base=base, now=now),
        )
        for feed in loaded
    )


def _entries(
    feed: dict[str, Any],
    articles: Sequence[DemoArticle],
    *,
    outlets: dict[str, Outlet],
    base: str,
    now: datetime,
) -> tuple[DemoEntry, ...]:
    tracking = f"?{feed['tracking']}" if "tracking" in feed else ""
    announced = [
        DemoEntry(
            title=article.title,
            link=base + article.path + tracking,
            published_at=article.published_at,
            outlet=article.outlet,
            language=article.language,
            summary=article.lead,
            slug=article.slug,
        )
        for article in articles
        if article.outlet.key in feed.get("outlets", ()) or article.slug in feed.get("articles", ())
    ]
    extra = [
        DemoEntry(
            title=entry["title"],
            link=base + entry["link"] if "link" in entry else None,
            published_at=instant(entry["published"], now=now),
            outlet=outlets[entry["outlet"]],
            expect=entry["expect"],
        )
        for entry in feed.get("extra", ())
    ]
    return tuple(sorted(announced + extra, key=_published, reverse=True))


def _published(entry: DemoEntry) -> datetime:
    return entry.published_at


def render_feed(feed: DemoFeed, *, base: str) -> bytes:
    """Return the feed's bytes in its format and encoding."""
    render = {"rss": _render_rss, "atom": _render_atom, "json": _render_json}[feed.format]
    return render(feed, base).encode(feed.charset, "xmlcharrefreplace")


def _guid(feed: DemoFeed, entry: DemoEntry) -> str:
    return entry.link or f"urn:vigie:demo:{stable_id(feed.id, entry.title)}"


def _render_rss(feed: DemoFeed, base: str) -> str:
    lines = [
        f'<?xml version="1.0" encoding="{feed.charset}"?>',
        '<rss version="2.0"><channel>',
        f"<title>{escape(feed.title)}</title><link>{base}/</link>",
        f"<description>{escape(feed.title)}: fiction for a demonstration</description>",
        f"<language>{feed.language}</language>" if feed.language else "",
    ]
    for entry in feed.entries:
        permanent = "true" if entry.link else "false"
        lines += [
            f"<item><title>{escape(entry.title)}</title>",
            f"<link>{escape(entry.link)}</link>" if entry.link else "",
            f'<guid isPermaLink="{permanent}">{escape(_guid(feed, entry))}</guid>',
            f"<pubDate>{format_datetime(entry.published_at)}</pubDate>",
            f"<source url={quoteattr(base + feed.path)}>{escape(entry.outlet.name)}</source>",
            f"<description>{escape(entry.summary)}</description>" if entry.summary else "",
            "</item>",
        ]
    return "\n".join(line for line in [*lines, "</channel></rss>"] if line)


def _render_atom(feed: DemoFeed, base: str) -> str:
    newest = feed.entries[0].published_at.isoformat()
    lines = [
        f'<?xml version="1.0" encoding="{feed.charset}"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom">',
        f"<title>{escape(feed.title)}</title><id>{base}{feed.path}</id>",
        f'<updated>{newest}</updated><link rel="self" href="{base}{feed.path}"/>',
    ]
    for entry in feed.entries:
        published = entry.published_at.isoformat()
        lines += [
            f"<entry xml:lang={quoteattr(entry.language)}>" if entry.language else "<entry>",
            f"<title>{escape(entry.title)}</title><id>{escape(_guid(feed, entry))}</id>",
            f"<link href={quoteattr(entry.link)}/>" if entry.link else "",
            f"<published>{published}</published><updated>{published}</updated>",
            f"<author><name>{escape(entry.outlet.name)}</name></author>",
            f"<summary>{escape(entry.summary)}</summary>" if entry.summary else "",
            f"<source><title>{escape(entry.outlet.name)}</title></source></entry>",
        ]
    return "\n".join(line for line in [*lines, "</feed>"] if line)


def _render_json(feed: DemoFeed, base: str) -> str:
    entries = []
    for entry in feed.entries:
        fields = {
            "id": _guid(feed, entry),
            "url": entry.link,
            "title": entry.title,
            "date_published": entry.published_at.isoformat(),
            "summary": entry.summary,
            "language": entry.language,
            "authors": [{"name": entry.outlet.name}],
        }
        entries.append({name: value for name, value in fields.items() if value is not None})
    feed_fields = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": f"{base}/",
        "feed_url": base + feed.path,
        "items": entries,
    }
    return json.dumps(feed_fields, ensure_ascii=False, indent=1)
