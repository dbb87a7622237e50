"""One round of polling, free of Beam: fetch, parse, register, remember, in that order.

The order is what makes a crash harmless: entries are in the ledger before the validators that
would hide them are stored, and the ledger gives back what was in flight.
"""

from __future__ import annotations

import hashlib
import logging
import random
import time
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from connectors import metrics
from connectors.feed_document import ParsedFeed
from connectors.feed_parsing import parse_fetched
from connectors.feed_schedule import DEFAULT_INTERVAL_SECS, PollReport, next_state, poll_url
from connectors.net import Fetched, FetchRequest
from connectors.net.outcomes import cache_lifetime_secs
from connectors.records import PollState
from connectors.sandbox import SandboxError, SandboxMemory, SandboxTimeout

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from connectors.index import Index
    from connectors.net import Fetcher, FetchPolicy
    from connectors.records import Entry, Feed
    from connectors.sandbox import Sandbox

log = logging.getLogger(__name__)

STEP = "PollFeeds"
LEASE_SECS = 900.0
"""How long an entry may be under way before it is given out again."""

PARSE_SECS = 10.0
PARSE_BYTES = 512 * 1024 * 1024
"""Deadline and memory of one feed document: 5 MB take feedparser 4 s."""

ACCEPT = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/rdf+xml, "
    "application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.5"
)
ONCE_RETRIES_SECS = (0.5, 1.5)
"""Pauses before the two further attempts at a feed within a bounded pass."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """The end of one poll: the feed's new state and the entries not seen before.

    ``hub`` and ``self_url`` are what the document announces for WebSub, None when it does not or
    was not read.
    """

    feed: Feed
    state: PollState
    new_entries: tuple[Entry, ...] = ()
    hub: str | None = None
    self_url: str | None = None


def initial_state(feed: Feed, stored: PollState | None) -> PollState:
    """Return the state to poll ``feed`` with; one stored for another address is not used."""
    if stored is not None and stored.url == feed.url:
        return stored
    return PollState(feed_id=feed.id, url=feed.url)


def request_headers(state: PollState) -> dict[str, str]:
    """Return the headers of a conditional GET; unconditional after a failure.

    Asking for everything after a failure makes sure that it is over: a 304 would prove nothing.
    """
    headers = {"Accept": ACCEPT}
    if state.failures == 0 and state.etag:
        headers["If-None-Match"] = state.etag
    if state.failures == 0 and state.last_modified:
        headers["If-Modified-Since"] = state.last_modified
    return headers


def fetch_report(fetched: Fetched, now: datetime) -> PollReport:
    """Return what an answer without a usable body means for the schedule."""
    return PollReport(
        outcome=fetched.outcome,
        detail=fetched.detail,
        lifetime_secs=cache_lifetime_secs(fetched.headers, now),
        retry_after_secs=fetched.retry_after_secs,
        permanent_url=fetched.permanent_url,
    )


def parsed_report(fetched: Fetched, parsed: ParsedFeed, new: int, now: datetime) -> PollReport:
    """Return what a parsed document means for the schedule.

    A document with entries is a success even when cut; a cut one is asked for again in full.
    A well-formed feed without entries is a quiet feed, not a failure.
    """
    broken = parsed.problem is not None
    usable = not broken or (parsed.problem == "malformed" and bool(parsed.entries))
    outcome = "ok" if not broken else str(parsed.problem)
    if outcome == "malformed" and not usable:
        outcome = "not_a_feed"
    return replace(
        fetch_report(fetched, now),
        outcome=outcome,
        detail=parsed.detail,
        etag=_validator(fetched, "etag") if not broken else None,
        last_modified=_validator(fetched, "last-modified") if not broken else None,
        body_hash=hash_body(fetched.body) if not broken else None,
        seen=len(parsed.entries),
        new=new,
        entry_ids=tuple(entry.id for entry in parsed.entries),
        ttl_secs=parsed.ttl_secs,
        update_secs=parsed.update_secs,
        skip_hours=parsed.skip_hours,
        skip_days=parsed.skip_days,
    )


def _validator(fetched: Fetched, name: str) -> str | None:
    value = fetched.headers.get(name, "")
    return value if 0 < len(value) <= 1000 and value.isprintable() else None


def hash_body(body: bytes) -> str:
    """Return the hash by which an unchanged body is known, whatever its validators claim."""
    return hashlib.blake2b(body, digest_size=16).hexdigest()


class FeedPoller:
    """Polls feeds over one index, one fetcher and one sandbox; belongs to one thread.

    Args:
        policy: limits and manners of the requests.
        index: where entries are registered and poll states stored.
        fetcher: the process's fetcher.
        sandbox: the killable workers that parse.
        retries: pauses before further attempts within one poll.
        interval_secs: first interval of a feed that has none of its own.
        clock: gives the time; aware UTC.
    """

    def __init__(  # noqa: PLR0913 - the parts it is made of
        self,
        *,
        policy: FetchPolicy,
        index: Index,
        fetcher: Fetcher,
        sandbox: Sandbox,
        retries: Sequence[float] = (),
        interval_secs: int = DEFAULT_INTERVAL_SECS,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        """Keep the parts; nothing is contacted yet."""
        self._policy = policy
        self._index = index
        self._fetcher = fetcher
        self._sandbox = sandbox
        self._retries = tuple(retries)
        self._interval_secs = interval_secs
        self._now = clock or utc_now
        self._waiting: dict[Future[Fetched], tuple[Feed, PollState]] = {}

    def poll(
        self, feeds: Sequence[tuple[Feed, PollState]], *, max_secs: float | None = None
    ) -> Iterator[Polled]:
        """Poll all ``feeds`` concurrently; yield each as it ends. Never raises for a feed's fault.

        With ``max_secs``, feeds that take longer stay under way and are yielded by a later call:
        one that is slow does not hold up the news of the others.

        Raises:
            IndexUnavailable: the index is; nothing is lost, the feeds stay due.
        """
        ends_at = None if max_secs is None else time.monotonic() + max_secs
        busy = {feed.id for feed, _ in self._waiting.values()}
        queue = iter([(feed, state) for feed, state in feeds if feed.id not in busy])
        while True:
            self._fill(queue)
            left = None if ends_at is None else max(0.0, ends_at - time.monotonic())
            done, _ = wait(self._waiting, timeout=left, return_when=FIRST_COMPLETED)
            for future in done:
                feed, state = self._waiting.pop(future)
                yield self._finish(feed, state, future.result())
            if not self._waiting or not done:
                return

    def _fill(self, queue: Iterator[tuple[Feed, PollState]]) -> None:
        while len(self._waiting) < 2 * self._policy.concurrency:
            following = next(queue, None)
            if following is None:
                return
            self._waiting[self._submit(following[1])] = following

    def _submit(self, state: PollState) -> Future[Fetched]:
        return self._fetcher.submit(
            FetchRequest(
                url=poll_url(state),
                headers=request_headers(state),
                limit_bytes=self._policy.feed_bytes,
                retries=self._retries,
                obey_robots=False,
            )
        )

    def _finish(self, feed: Feed, state: PollState, fetched: Fetched) -> Polled:
        now = self._now()
        new: list[Entry] = []
        parsed = ParsedFeed()
        if fetched.outcome != "ok":
            report = fetch_report(fetched, now)
        elif state.body_hash == hash_body(fetched.body) and state.failures == 0:
            report = replace(fetch_report(fetched, now), outcome="not_modified")
        else:
            parsed = self._parse(feed, fetched, now)
            if parsed.entries:
                due_at = now + timedelta(seconds=LEASE_SECS)
                new = self._index.register_entries(parsed.entries, due_at=due_at)
            report = parsed_report(fetched, parsed, len(new), now)
            self._count_entries(parsed, len(new))
        state = next_state(
            state,
            report,
            now=now,
            jitter=random.random(),  # noqa: S311 - spreads requests, guards nothing
            own_interval_secs=feed.interval_secs,
            default_interval_secs=self._interval_secs,
        )
        self._index.save_poll_state(state)
        metrics.count(STEP, report.outcome)
        if state.failures:
            log.info(
                "feed failed feed=%s outcome=%s failures=%d",
                feed.id,
                report.outcome,
                state.failures,
            )
        return Polled(
            feed=feed,
            state=state,
            new_entries=tuple(new),
            hub=parsed.hub,
            self_url=parsed.self_url,
        )

    def _parse(self, feed: Feed, fetched: Fetched, now: datetime) -> ParsedFeed:
        content_type = fetched.headers.get("content-type")
        try:
            return self._sandbox.call(
                parse_fetched, fetched.body, fetched.url, content_type, feed, now
            )
        except SandboxTimeout:
            return ParsedFeed(problem="too_slow", detail=f"parsing took over {PARSE_SECS:.0f} s")
        except SandboxMemory:
            return ParsedFeed(problem="too_big", detail="parsing took too much memory")
        except SandboxError as error:
            return ParsedFeed(
                problem="parser_failed", detail=f"{type(error).__name__}: {error}"[:200]
            )
        except Exception as error:  # noqa: BLE001 - whatever the parser raised on these bytes
            return ParsedFeed(
                problem="parser_failed", detail=f"{type(error).__name__}: {error}"[:200]
            )

    def _count_entries(self, parsed: ParsedFeed, new: int) -> None:
        for outcome, amount in (
            ("entry_new", new),
            ("entry_repeat", len(parsed.entries) - new),
            ("entry_unusable", parsed.unusable),
        ):
            if amount:
                metrics.count(STEP, outcome, amount)


def utc_now() -> datetime:
    """Return the time, aware, in UTC."""
    return datetime.now(timezone.utc)
