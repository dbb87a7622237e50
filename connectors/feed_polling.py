"""One round of polling, free of Beam: fetch, parse, register, remember, in that order.

The order is what makes a crash harmless: entries are in the ledger before the validators that
would hide them are stored, and the ledger gives back what was in flight.
"""

from __future__ import annotations

import logging
import random
import time
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from connectors import metrics
from connectors.feed_document import ParsedFeed
from connectors.feed_known import CHANGE_KIND, EntryChange, KnownEntries, changed_entries
from connectors.feed_parsing import parse_fetched
from connectors.feed_reports import fetch_report, hash_body, parsed_report
from connectors.feed_schedule import DEFAULT_INTERVAL_SECS, PollReport, next_state, poll_url
from connectors.net import Fetched, FetchRequest, UnderWay
from connectors.records import PollState, to_json
from connectors.sandbox import SandboxError, SandboxMemory, SandboxTimeout

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Future

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

GATHER_SECS = 0.05
GATHERED_FEEDS = 50
"""Answers that follow one another so closely are stored together, up to so many."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """What a feed answered; its ``report`` does not know yet which entries are new."""

    feed: Feed
    state: PollState
    parsed: ParsedFeed
    report: PollReport


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
        self._waiting: UnderWay[tuple[Feed, PollState]] = UnderWay(policy.concurrency)
        self._known = KnownEntries()

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
        busy = {feed.id for feed, _ in self._waiting.asked}
        queue = iter([(feed, state) for feed, state in feeds if feed.id not in busy])
        while True:
            self._fill(queue)
            if not self._waiting:
                return
            left = None if ends_at is None else max(0.0, ends_at - time.monotonic())
            read = self._take(left)
            more = list(read)
            while more and self._waiting and len(read) < GATHERED_FEEDS:
                self._fill(queue)
                more = self._take(GATHER_SECS)
                read += more
            if not read:
                return
            yield from self._finish(read)

    def _take(self, within_secs: float | None) -> list[_Answer]:
        """Read what was answered, waiting for the first answer so long at most."""
        answers = self._waiting.take(within_secs)
        return [self._read(feed, state, fetched) for (feed, state), fetched in answers]

    def _fill(self, queue: Iterator[tuple[Feed, PollState]]) -> None:
        while not self._waiting.is_full:
            following = next(queue, None)
            if following is None:
                return
            self._waiting.add(self._submit(following[1]), following)

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

    def _finish(self, read: Sequence[_Answer]) -> list[Polled]:
        """Register and remember what some feeds answered: one write each for all of them."""
        now = self._now()
        new = self._register(read, now)
        polled = [self._conclude(one, new.get(one.feed.id, ()), now) for one in read]
        self._index.save_poll_states([one.state for one in polled])
        return polled

    def _read(self, feed: Feed, state: PollState, fetched: Fetched) -> _Answer:
        now = self._now()
        parsed = ParsedFeed()
        if fetched.outcome != "ok":
            report = fetch_report(fetched, now)
        elif state.body_hash == hash_body(fetched.body) and state.failures == 0:
            report = replace(fetch_report(fetched, now), outcome="not_modified")
        else:
            parsed = self._parse(feed, fetched, now)
            report = parsed_report(fetched, parsed, 0, now)
        return _Answer(feed=feed, state=state, parsed=parsed, report=report)

    def _register(self, read: Sequence[_Answer], now: datetime) -> dict[str, list[Entry]]:
        """Put what may be new into the ledger; return what was, by feed."""
        offered = [
            entry for one in read for entry in self._known.unknown(one.feed.id, one.parsed.entries)
        ]
        new: dict[str, list[Entry]] = {}
        if offered:
            due_at = now + timedelta(seconds=LEASE_SECS)
            for entry in self._index.register_entries(offered, due_at=due_at):
                new.setdefault(entry.feed_id, []).append(entry)
        for one in read:
            if one.parsed.entries:
                self._note_changes(changed_entries(one.state.tellings, one.parsed.entries), now)
                self._known.note(one.feed.id, one.parsed.entries)
        return new

    def _note_changes(self, changed: Sequence[Entry], now: datetime) -> None:
        """Have the documents of entries that their feed tells otherwise read again."""
        for entry in changed:
            change = EntryChange(entry=entry, noticed_at=now)
            self._index.put_memory(CHANGE_KIND, entry.id, to_json(change))
        if changed:
            metrics.count(STEP, "entry_changed", len(changed))

    def _conclude(self, one: _Answer, new: Sequence[Entry], now: datetime) -> Polled:
        report = replace(one.report, new=len(new))
        self._count_entries(one.parsed, len(new))
        state = next_state(
            one.state,
            report,
            now=now,
            jitter=random.random(),  # noqa: S311 - spreads requests, guards nothing
            own_interval_secs=one.feed.interval_secs,
            default_interval_secs=self._interval_secs,
        )
        metrics.count(STEP, report.outcome)
        if state.failures:
            log.info(
                "feed failed feed=%s url=%s outcome=%s failures=%d",
                one.feed.id,
                one.feed.url,
                report.outcome,
                state.failures,
            )
        return Polled(
            feed=one.feed,
            state=state,
            new_entries=tuple(new),
            hub=one.parsed.hub,
            self_url=one.parsed.self_url,
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
