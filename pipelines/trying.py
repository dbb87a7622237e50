"""Try an address that may be a feed, or a page that names feeds, and say what it would give."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from connectors.extraction_decoding import decode_html
from connectors.feed_discovery import discover_feeds
from connectors.feed_parsing import parse_feed
from connectors.net import shared_fetcher
from connectors.records import Feed
from connectors.sandbox import SandboxError, shared_sandbox
from pipelines.settings import feed_id

if TYPE_CHECKING:
    from connectors.feed_document import ParsedFeed
    from connectors.net import Fetched, FetchPolicy

MAX_CANDIDATES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedFeed:
    """What a feed address gave; ``problem`` is empty when it gave entries."""

    url: str
    title: str | None = None
    language: str | None = None
    titles: tuple[str, ...] = ()
    newest_at: datetime | None = None
    problem: str = ""


def try_address(url: str, policy: FetchPolicy) -> list[TriedFeed]:
    """Return the feed at ``url``, or every feed that the page at ``url`` names."""
    fetched = shared_fetcher(policy).fetch(url, limit_bytes=policy.feed_bytes, obey_robots=False)
    if fetched.outcome != "ok":
        return [TriedFeed(url=url, problem=f"{fetched.outcome} {fetched.detail}".strip())]
    tried = _read(url, fetched)
    if not tried.problem:
        return [tried]
    page = decode_html(fetched.body)
    found = discover_feeds(page, fetched.url)
    if not found:
        return [tried]
    return [_try_feed(one.url, policy) for one in found[:MAX_CANDIDATES]]


def _try_feed(url: str, policy: FetchPolicy) -> TriedFeed:
    fetched = shared_fetcher(policy).fetch(url, limit_bytes=policy.feed_bytes, obey_robots=False)
    if fetched.outcome != "ok":
        return TriedFeed(url=url, problem=f"{fetched.outcome} {fetched.detail}".strip())
    return _read(url, fetched)


def _read(url: str, fetched: Fetched) -> TriedFeed:
    try:
        parsed: ParsedFeed = shared_sandbox().call(_parse, fetched, url)
    except SandboxError as error:
        return TriedFeed(url=url, problem=f"cannot be parsed: {error}")
    dates = [entry.published_at for entry in parsed.entries if entry.published_at]
    return TriedFeed(
        url=url,
        title=parsed.title,
        language=parsed.language,
        titles=tuple(entry.title or entry.url or "" for entry in parsed.entries),
        newest_at=max(dates, default=None),
        problem="" if parsed.entries else (parsed.problem or "no entries"),
    )


def _parse(fetched: Fetched, url: str) -> ParsedFeed:
    return parse_feed(
        fetched.body,
        url=fetched.url,
        content_type=fetched.headers.get("content-type"),
        feed=Feed(id=feed_id(url), url=url),
        fetched_at=datetime.now(timezone.utc),
    )
