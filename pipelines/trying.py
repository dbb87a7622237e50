"""Try an address that may be a feed, or a page that names feeds, and say what it would give."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timezone
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from connectors.extraction_decoding import decode_html
from connectors.feed_discovery import discover_feeds, guessed_feeds
from connectors.feed_parsing import parse_fetched
from connectors.net import shared_fetcher
from connectors.records import Feed
from connectors.sandbox import SandboxError, shared_sandbox
from pipelines.config_models import feed_id

if TYPE_CHECKING:
    from collections.abc import Iterable

    from connectors.feed_discovery import FoundFeed
    from connectors.feed_document import ParsedFeed
    from connectors.net import Fetched, FetchPolicy

MAX_CANDIDATES = 10
"""A page may name a feed a tag; whoever wants more than these gives their addresses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedFeed:
    """What a feed address gave; ``problem`` is empty when it gave entries worth polling for."""

    url: str
    title: str | None = None
    language: str | None = None
    titles: tuple[str, ...] = ()
    newest_at: datetime | None = None
    problem: str = ""


def try_address(url: str, policy: FetchPolicy) -> list[TriedFeed]:
    """Return the feed at ``url``, or every feed that the page at ``url`` names.

    A page that names none is asked for the addresses where sites usually have their feed. A
    feed of comments, and one with the entries of another that was found, is returned with that
    as its ``problem``. Nothing is raised for what a stranger's server does.
    """
    fetched, problem = _fetch(url, policy)
    if fetched is None:
        return [TriedFeed(url=url, problem=problem)]
    tried = _read(url, fetched)
    if not tried.problem:
        return [tried]
    found = _feeds_named_by(fetched)
    if found:
        return _without_repeats(_try_feed(one.url, policy) for one in found[:MAX_CANDIDATES])
    guesses = (_try_feed(one.url, policy) for one in guessed_feeds(fetched.url))
    guessed = [one for one in guesses if not one.problem]
    return _without_repeats(guessed) if guessed else [tried]


def _fetch(url: str, policy: FetchPolicy) -> tuple[Fetched | None, str]:
    fetched = shared_fetcher(policy).fetch(url, limit_bytes=policy.feed_bytes, obey_robots=False)
    if fetched.outcome != "ok":
        return None, f"{fetched.outcome} {fetched.detail or ''}".strip()
    return fetched, ""


def _feeds_named_by(fetched: Fetched) -> tuple[FoundFeed, ...]:
    """Parse the page where it can do no harm; a page that cannot be parsed names nothing."""
    try:
        return shared_sandbox().call(_discover, fetched.body, fetched.url)
    except SandboxError:
        return ()


def _discover(body: bytes, url: str) -> tuple[FoundFeed, ...]:
    return discover_feeds(decode_html(body), url)


def _try_feed(url: str, policy: FetchPolicy) -> TriedFeed:
    fetched, problem = _fetch(url, policy)
    if fetched is None:
        return TriedFeed(url=url, problem=problem)
    tried = _read(url, fetched)
    if not tried.problem and "comments" in urlsplit(url).path.lower().split("/"):
        return replace(tried, problem="a feed of comments")
    return tried


def _read(url: str, fetched: Fetched) -> TriedFeed:
    try:
        parsed: ParsedFeed = shared_sandbox().call(
            parse_fetched,
            fetched.body,
            fetched.url,
            fetched.headers.get("content-type"),
            Feed(id=feed_id(url), url=url),
            datetime.now(timezone.utc),
        )
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


def _without_repeats(tried: Iterable[TriedFeed]) -> list[TriedFeed]:
    """A site often offers the same entries as RSS and as Atom: one of them is enough."""
    first: dict[tuple[str, ...], str] = {}
    kept = []
    for one in tried:
        earlier = first.get(one.titles) if not one.problem else None
        if earlier:
            kept.append(replace(one, problem=f"the same entries as {earlier}"))
        else:
            kept.append(one)
            if not one.problem:
                first[one.titles] = one.url
    return kept
