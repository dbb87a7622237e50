"""The recorded news site of ``vigie demo``, served on a free loopback port.

The site behaves like a decent one: validators and 304 answers, right content types, a
robots.txt, 404 for what is gone. It listens on 127.0.0.1 only and serves nothing but what
:func:`build_site` made, so no request reaches the file system.
"""

from __future__ import annotations

import hashlib
import html
import threading
from dataclasses import dataclass
from datetime import datetime, timezone
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

from connectors.records import Feed
from pipelines.demo.newsfeeds import CONTENT_TYPES, DemoFeed, load_feeds, render_feed
from pipelines.demo.pages import DemoArticle, load_articles, render_page

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import TracebackType

    from typing_extensions import Self

IDLE_SECS = 10.0
"""A kept-alive connection without a request is closed after this time."""

_PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
_ROBOTS = b"User-agent: *\nAllow: /\n"
_STYLE = b"body{font:17px/1.5 serif;max-width:44em;margin:2em auto;padding:0 1em}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One address of the site: its bytes, its type and its validators."""

    body: bytes
    content_type: str
    last_modified: datetime
    etag: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedPage:
    """What an article of the site should give; for the demonstration's own test.

    ``copy_of`` and ``disagrees_with`` are slugs of other pages. ``feeds`` are the ids of the
    feeds that announce it: more than one means that all but the first end as duplicates.
    """

    slug: str
    url: str
    title: str
    language: str
    outlet: str
    subjects: tuple[str, ...]
    published_at: datetime
    feeds: tuple[str, ...]
    copy_of: str | None = None
    disagrees_with: str | None = None
    trap: str | None = None
    old: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedEnd:
    """An entry that leads to no article; ``reason`` is ``not_html``, ``gone`` or ``no_link``."""

    feed_id: str
    title: str
    reason: str


class DemoSite:
    """The running site, as a context manager.

    Args:
        now: The instant all dates count back from (default: the clock, so that news is fresh).
        port: The port of 127.0.0.1 to listen on; 0 takes a free one.
    """

    def __init__(self, *, now: datetime | None = None, port: int = 0) -> None:
        moment = datetime.now(timezone.utc) if now is None else now
        self._now = moment.replace(microsecond=0)
        self._server = ThreadingHTTPServer(("127.0.0.1", port), _Handler, bind_and_activate=False)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self._server.server_bind()
        self.base_url = f"http://127.0.0.1:{self._server.server_address[1]}"
        articles = load_articles(now=self._now)
        feeds = load_feeds(articles, base=self.base_url, now=self._now)
        self.feeds = tuple(
            Feed(id=f.id, url=self.base_url + f.path, outlet=f.outlet, language=f.language)
            for f in feeds
        )
        self.expected = tuple(_expected_page(a, feeds, base=self.base_url) for a in articles)
        self.expected_ends = tuple(
            ExpectedEnd(feed_id=feed.id, title=entry.title, reason=entry.expect)
            for feed in feeds
            for entry in feed.entries
            if entry.expect is not None
        )
        self.entry_count = sum(len(feed.entries) for feed in feeds)
        self._server.RequestHandlerClass = _handler_for(
            build_site(articles, feeds, base=self.base_url, now=self._now)
        )
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> Self:
        """Start to answer."""
        self._server.server_activate()
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop to answer and free the port."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def build_site(
    articles: Sequence[DemoArticle], feeds: Sequence[DemoFeed], *, base: str, now: datetime
) -> dict[str, Resource]:
    """Return every resource of the site by path."""
    site = {
        article.path: _resource(
            render_page(article, base=base), _page_type(article), article.published_at
        )
        for article in articles
    }
    for feed in feeds:
        kind = f"{CONTENT_TYPES[feed.format]}; charset={feed.charset}"
        site[feed.path] = _resource(render_feed(feed, base=base), kind, now)
    site["/"] = _resource(_front_page(articles, feeds).encode(), "text/html; charset=utf-8", now)
    site["/robots.txt"] = _resource(_ROBOTS, "text/plain; charset=utf-8", now)
    site["/style.css"] = _resource(_STYLE, "text/css; charset=utf-8", now)
    site["/files/annexe.pdf"] = _resource(_PDF, "application/pdf", now)
    return site


def _page_type(article: DemoArticle) -> str:
    if article.outlet.charset == "utf-8":
        return "text/html; charset=utf-8"
    return "text/html"  # as old sites do: only the page itself says which encoding it has


def _resource(body: bytes, content_type: str, last_modified: datetime) -> Resource:
    etag = f'"{hashlib.blake2b(body, digest_size=8).hexdigest()}"'
    return Resource(body=body, content_type=content_type, last_modified=last_modified, etag=etag)


def _front_page(articles: Sequence[DemoArticle], feeds: Sequence[DemoFeed]) -> str:
    lines = [
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Vigie: recorded site',
        '</title><link rel="stylesheet" href="/style.css"></head><body><h1>Recorded site</h1>',
        "<p>Invented papers with invented news, served for a demonstration.</p><ul>",
        *(f'<li><a href="{f.path}">{html.escape(f.title)} ({f.format})</a></li>' for f in feeds),
        "</ul><ul>",
        *(
            f'<li lang="{a.language}"><a href="{a.path}">{html.escape(a.title)}</a></li>'
            for a in articles
        ),
        "</ul></body></html>",
    ]
    return "\n".join(lines)


def _expected_page(article: DemoArticle, feeds: Sequence[DemoFeed], *, base: str) -> ExpectedPage:
    return ExpectedPage(
        slug=article.slug,
        url=base + article.path,
        title=article.title,
        language=article.language,
        outlet=article.outlet.name,
        subjects=article.subjects,
        published_at=article.published_at,
        feeds=tuple(f.id for f in feeds if any(e.slug == article.slug for e in f.entries)),
        copy_of=article.copy_of,
        disagrees_with=article.disagrees_with,
        trap=article.trap,
        old=article.old,
    )


def is_unchanged(headers: Mapping[str, str], resource: Resource) -> bool:
    """Return whether the validators of a request still hold (RFC 9110, section 13.2.2)."""
    none_match = headers.get("If-None-Match")
    if none_match is not None:
        tags = {tag.strip().removeprefix("W/") for tag in none_match.split(",")}
        return "*" in tags or resource.etag in tags
    since = headers.get("If-Modified-Since")
    if since is None:
        return False
    try:
        return resource.last_modified <= parsedate_to_datetime(since)
    except (TypeError, ValueError):
        return False


class _Handler(BaseHTTPRequestHandler):
    """Answers GET and HEAD from a dictionary."""

    protocol_version = "HTTP/1.1"
    server_version = "VigieDemo"
    sys_version = ""
    timeout = IDLE_SECS
    site: Mapping[str, Resource] = {}

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def _answer(self, *, with_body: bool) -> None:
        resource = self.site.get(self.path.partition("?")[0])
        if resource is None:
            self.send_error(404)
            return
        unchanged = is_unchanged(dict(self.headers.items()), resource)
        self.send_response(304 if unchanged else 200)
        self.send_header("ETag", resource.etag)
        self.send_header("Last-Modified", format_datetime(resource.last_modified, usegmt=True))
        if not unchanged:
            self.send_header("Content-Type", resource.content_type)
            self.send_header("Content-Length", str(len(resource.body)))
        self.end_headers()
        if with_body and not unchanged:
            self.wfile.write(resource.body)

    def log_message(self, *_: object) -> None:
        """Stay silent: the demonstration shows progress of its own."""


def _handler_for(site: Mapping[str, Resource]) -> type[_Handler]:
    return type("_SiteHandler", (_Handler,), {"site": site})
