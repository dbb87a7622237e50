"""FetchPages: from entries to the pages behind their links, many at once.

Delivery: at least once; fetching is idempotent. What may pass later (time-outs, 5xx, 429) is kept
pending in the index with a time for its next attempt; what will not pass gives a page without a
body, so that the feed's own text is indexed instead.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import apache_beam as beam
from apache_beam.coders import StrUtf8Coder
from apache_beam.pvalue import TaggedOutput
from apache_beam.transforms.core import DoFn
from apache_beam.transforms.userstate import ReadModifyWriteStateSpec
from apache_beam.utils.windowed_value import WindowedValue

from connectors import metrics
from connectors.backends import open_index
from connectors.feed_polling import utc_now
from connectors.net import Fetched, FetchRequest, UnderWay, host_key, shared_fetcher
from connectors.page_backlog import come_again
from connectors.records import SETTLED, Entry, Page, Settlement

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Future

    from connectors.index import IndexSettings
    from connectors.net import FetchPolicy

STEP = "FetchPages"
ACCEPT = "text/html,application/xhtml+xml;q=0.9,text/plain;q=0.5,*/*;q=0.1"
ONCE_RETRIES_SECS = (0.5, 1.5)
"""Pauses before two further attempts within a bounded pass: 2 s in all."""

MAX_TURN_WAIT_SECS = 20.0
"""In an endless run, an entry whose host is busy for longer waits in the index, not here."""

PATIENT_SECS = 20.0
HASTY_TURN_WAIT_SECS = 1.0
"""The same in a bundle older than ``PATIENT_SECS``: runners hand on what a step gave at its end,
and Prism puts all that waits into one, where the backlog of a few hosts holds all else back."""

HTML_TYPES = ("text/html", "application/xhtml+xml", "text/plain")
_MARKUP = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|article|div|p|title|meta)\b", re.IGNORECASE
)
_BINARY_STARTS = (
    b"%PDF-",
    b"PK\x03\x04",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x1f\x8b",
    b"RIFF",
    b"\x00\x00\x00",
)
_CHARSET = re.compile(r"""charset\s*=\s*["']?\s*([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE)


class FetchPages(beam.PTransform):
    """Entry → :class:`Page` (main output ``out``) and :class:`Settlement` (tag ``settled``).

    Every entry ends as a page, a deferral (kept pending in the index, counted ``deferred``) or,
    when its last attempt fails and the feed gave no text of its own, a dead letter.

    Args:
        policy: limits and manners of the requests.
        settings: the index that keeps deferred entries.
        once: whether the run is one bounded pass: then a transient failure is tried twice more
            within two seconds before it is deferred, and a host's queue is waited for.
        by_host: whether all entries of a host go through one worker, so that its delay holds on
            a cluster too. One process needs it not, and is faster without.
        patient_secs: how old a bundle of an endless run gets before it waits for no host's turn.
    """

    def __init__(
        self,
        policy: FetchPolicy,
        settings: IndexSettings,
        *,
        once: bool = False,
        by_host: bool = False,
        patient_secs: float = PATIENT_SECS,
    ) -> None:
        super().__init__()
        self._policy = policy
        self._settings = settings
        self._once = once
        self._by_host = by_host
        self._patient_secs = patient_secs

    def expand(self, entries: Any) -> Any:  # noqa: ANN401 - Beam has no types
        """Wire the concurrent fetches."""
        if self._by_host:
            entries |= "KeyByHost" >> beam.Map(keyed_by_host).with_output_types(tuple[str, Entry])
        fn_class = _FetchByHostFn if self._by_host else _FetchPagesFn
        fetch = fn_class(self._policy, self._settings, self._patient_secs, once=self._once)
        return entries | "Fetch" >> beam.ParDo(fetch).with_outputs(SETTLED, main="out")


@dataclass(frozen=True, slots=True, kw_only=True)
class Deferral:
    """An entry whose page may be had later, and when to try."""

    entry: Entry
    due_at: datetime
    reason: str


def judge_page(
    entry: Entry, fetched: Fetched, policy: FetchPolicy, now: datetime
) -> Page | Deferral | Settlement:
    """Return what becomes of an entry after the attempt that gave ``fetched``."""
    if fetched.is_transient and entry.attempts + 1 < policy.max_attempts:
        return _deferral(entry, fetched, policy, now)
    outcome = page_outcome(fetched)
    if fetched.is_transient and not has_own_text(entry):
        return Settlement(
            entry=replace(entry, attempts=entry.attempts + 1),
            outcome="dead_letter",
            step=STEP,
            reason=outcome,
            detail=fetched.detail[:300],
            settled_at=now,
        )
    return fetched_page(entry, fetched, outcome, now)


def fetched_page(entry: Entry, fetched: Fetched, outcome: str, now: datetime) -> Page:
    """Return the page of ``entry`` as ``fetched``; without a body unless ``outcome`` is ``ok``."""
    content_type = fetched.headers.get("content-type")
    return Page(
        entry=entry,
        outcome=outcome,
        fetched_at=now,
        url=fetched.url,
        status=fetched.status,
        content_type=content_type,
        charset=_charset(content_type),
        body=fetched.body if outcome == "ok" else b"",
        detail=fetched.detail[:300] or None,
    )


def _deferral(entry: Entry, fetched: Fetched, policy: FetchPolicy, now: datetime) -> Deferral:
    pauses = policy.page_retry_secs
    pause = pauses[min(entry.attempts, len(pauses) - 1)]
    due_at = now + timedelta(seconds=max(pause, fetched.retry_after_secs or 0.0))
    later = replace(entry, attempts=entry.attempts + 1)
    return Deferral(entry=later, due_at=due_at, reason=fetched.outcome)


def page_outcome(fetched: Fetched) -> str:
    """Return the outcome class of a page: the fetch's, or what its content shows.

    >>> page_outcome(Fetched(url="https://example.org/", outcome="not_found"))
    'gone'
    >>> page_outcome(Fetched(url="https://example.org/", outcome="ok", body=b"%PDF-1.7"))
    'not_html'
    """
    if fetched.outcome == "not_found":
        return "gone"
    if fetched.outcome != "ok":
        return fetched.outcome
    if not fetched.body.strip():
        return "empty"
    media = fetched.headers.get("content-type", "").partition(";")[0].strip().lower()
    if fetched.body.startswith(_BINARY_STARTS):
        return "not_html"
    if media in HTML_TYPES or _MARKUP.search(fetched.body[:4096]):
        return "ok"
    return "not_html"


def has_own_text(entry: Entry) -> bool:
    """Return whether the feed itself says enough of ``entry`` to index it."""
    return bool(entry.title or entry.summary_html or entry.content_html)


def _charset(content_type: str | None) -> str | None:
    found = _CHARSET.search((content_type or "")[:500])
    return found[1].lower() if found else None


def keyed_by_host(entry: Entry) -> tuple[str, Entry]:
    """Return ``entry`` with the host that its page is asked of."""
    return host_key(entry.url or ""), entry


def no_link_page(entry: Entry, now: datetime) -> Page:
    """Return the page of an entry without an address: its own text is all there is."""
    return Page(entry=entry, outcome="no_link", fetched_at=now)


class _PageFetching(DoFn):
    """Submits with each element, drains in ``finish_bundle``: 40 fetches take the time of one."""

    def __init__(
        self, policy: FetchPolicy, settings: IndexSettings, patient_secs: float, *, once: bool
    ) -> None:
        self._policy = policy
        self._settings = settings
        self._once = once
        self._patient_secs = patient_secs

    def setup(self) -> None:
        self._index = open_index(self._settings)
        self._fetcher = shared_fetcher(self._policy)

    def teardown(self) -> None:
        self._index.close()

    def start_bundle(self) -> None:
        self._waiting: UnderWay[tuple[Entry, Any, Any]] = UnderWay(self._policy.concurrency)
        self._patient_until = time.monotonic() + self._patient_secs
        self._busy: list[tuple[Entry, float]] = []

    def finish_bundle(self) -> Iterator[Any]:
        while self._waiting:
            yield from self._drain()
        busy = come_again(self._busy, delay_secs=self._policy.min_delay_secs, now=utc_now())
        for due_at, entries in busy.items():
            self._index.defer(entries, due_at=due_at)

    def _take(self, entry: Entry, timestamp: Any, window: Any) -> Iterator[Any]:  # noqa: ANN401
        if entry.url is None:
            metrics.count(STEP, "no_link", entry=entry.id)
            yield no_link_page(entry, utc_now())
            return
        self._waiting.add(self._submit(entry.url), (entry, timestamp, window))
        if self._waiting.is_full:
            yield from self._drain()

    def _submit(self, url: str) -> Future[Fetched]:
        patient = time.monotonic() < self._patient_until
        max_wait_secs = MAX_TURN_WAIT_SECS if patient else HASTY_TURN_WAIT_SECS
        return self._fetcher.submit(
            FetchRequest(
                url=url,
                headers={"Accept": ACCEPT},
                limit_bytes=self._policy.article_bytes,
                retries=ONCE_RETRIES_SECS if self._once else (),
                max_wait_secs=None if self._once else max_wait_secs,
            )
        )

    def _drain(self) -> Iterator[Any]:
        for (entry, timestamp, window), fetched in self._waiting.take():
            if fetched.outcome == "busy":
                self._busy.append((entry, fetched.retry_after_secs or 0.0))
                metrics.count(STEP, "deferred", entry=entry.id)
                continue
            judged = judge_page(entry, fetched, self._policy, utc_now())
            if isinstance(judged, Deferral):
                self._index.defer([judged.entry], due_at=judged.due_at)
                metrics.count(STEP, "deferred", entry=entry.id)
                continue
            ended = judged.reason if isinstance(judged, Settlement) else judged.outcome
            metrics.count(STEP, ended, entry=entry.id)
            value = WindowedValue(judged, timestamp, (window,))
            yield TaggedOutput(SETTLED, value) if isinstance(judged, Settlement) else value


class _FetchPagesFn(_PageFetching):
    """Fetches the pages of entries, whatever their order and host."""

    def process(
        self,
        entry: Entry,
        timestamp: Any = DoFn.TimestampParam,  # noqa: ANN401 - Beam's way
        window: Any = DoFn.WindowParam,  # noqa: ANN401
    ) -> Iterator[Any]:
        yield from self._take(entry, timestamp, window)


class _FetchByHostFn(_PageFetching):
    """The same on entries keyed by host.

    The state stays empty: declaring it makes every runner give all elements of a key to one
    worker, which a reshuffle does not promise.
    """

    PARTITION = ReadModifyWriteStateSpec("partition", StrUtf8Coder())

    def process(
        self,
        element: tuple[str, Entry],
        timestamp: Any = DoFn.TimestampParam,  # noqa: ANN401 - Beam's way
        window: Any = DoFn.WindowParam,  # noqa: ANN401
        _partition: Any = DoFn.StateParam(PARTITION),  # noqa: ANN401, B008
    ) -> Iterator[Any]:
        yield from self._take(element[1], timestamp, window)
