"""Articles from pages: trafilatura 2.3 behind a guard, in a process that can be killed.

Takes each :class:`~connectors.records.Page` once and gives one Article or one Settlement. A
page that is too big or too intricate, or that exceeds its five seconds or its gibibyte, is a
dead letter; its neighbours go on. A page that gives no text is replaced by what the feed says
(``text_source="feed"``); an entry with neither text nor title is discarded. Nothing is written,
so a retry is harmless.

The decisions are pure and live beside it: ``extraction_decoding`` (bytes to characters),
``extraction_metadata`` (what the page says about itself), ``extraction_page`` (the article),
``extraction_outcomes`` (whether it is one).
"""

from __future__ import annotations

import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

import apache_beam as beam
from apache_beam.utils.windowed_value import WindowedValue

from connectors import metrics
from connectors.addresses import address_key, canonical_url
from connectors.extraction_call import PARSERS, extract_safely
from connectors.extraction_decoding import decode_html, guard
from connectors.extraction_outcomes import Extraction, language_sample
from connectors.extraction_page import extract_article
from connectors.records import SETTLED, Article, Entry, Page, Settlement, stable_id
from connectors.sandbox import shared_sandbox

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Future

    from connectors.sandbox import Sandbox

__all__ = [
    "STEP",
    "ExtractArticles",
    "Extraction",
    "build_article",
    "decode_html",
    "extract_article",
    "extract_safely",
    "guard",
]

STEP = "ExtractArticles"


class ExtractArticles(beam.PTransform):
    """Turn pages into articles.

    Input: ``Page``, bounded or not. Output ``out``: ``Article``; output ``records.SETTLED``:
    ``Settlement``, either ``dead_letter`` with reason ``too_big``, ``too_many_tags``,
    ``too_many_attributes``, ``timeout``, ``out_of_memory``, ``parser_crash`` or
    ``parser_error``, or ``discarded`` with reason ``no_text``.

    Args:
        identify: tells the language of a text: ``identify(text, declared)`` gives an ISO 639-1
            code or ``und``; ``declared`` is what page or feed says, or None.

    Raises:
        TypeError: ``identify`` cannot be called.
    """

    def __init__(self, *, identify: Callable[[str, str | None], str]) -> None:
        super().__init__()
        if not callable(identify):
            raise TypeError(f"identify: expected a function, got {identify!r}")
        self._identify = identify

    def expand(self, pages: beam.PCollection[Page]) -> beam.DoOutputsTuple:
        """Apply the step; see the class."""
        extracted = beam.ParDo(_ExtractArticlesFn(self._identify))
        return pages | "Extract" >> extracted.with_outputs(SETTLED, main="out")


def build_article(
    page: Page, extraction: Extraction, identify: Callable[[str, str | None], str]
) -> Article | None:
    """Return the article of ``page``; None when there is neither text nor title.

    A page that did not give its article lends nothing but its title: its address may be a
    consent dialog's, shared by many entries. A teaser stands if the feed does not say more.
    """
    entry = page.entry
    has_page_text = extraction.outcome == "ok" or (
        extraction.outcome == "paywall" and len(extraction.text) >= len(extraction.feed_text)
    )
    text = extraction.text if has_page_text else extraction.feed_text
    title = extraction.title
    if extraction.outcome in {"soft_404", "consent_wall"}:
        title = entry.title or ""
    if not text and not title.strip():
        return None
    reached = page.url if has_page_text else entry.url
    url = reached or entry.url or ""
    address = (extraction.canonical_url if has_page_text else None) or url or entry.guid or entry.id
    return Article(
        id=address_key(address),
        entry_id=entry.id,
        feed_id=entry.feed_id,
        url=url,
        canonical_url=canonical_url(address),
        title=" ".join(title.split()),
        text=text,
        language=identify(language_sample(title, text), extraction.language),
        outlet=extraction.outlet,
        author=extraction.author,
        published_at=extraction.published_at,
        date_source=extraction.date_source,
        text_source="page" if has_page_text else "feed",
        first_seen_at=entry.first_seen_at,
        fetched_at=page.fetched_at,
        content_hash=stable_id(title, text),
        page_outcome=extraction.outcome,
    )


def _settle(entry: Entry, outcome: str, reason: str, detail: str) -> Settlement:
    metrics.count(STEP, reason, entry=entry.id)
    return Settlement(
        entry=entry,
        outcome=outcome,
        step=STEP,
        reason=reason,
        detail=detail,
        settled_at=datetime.now(timezone.utc),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Extracted:
    """What became of a page in the sandbox, and how long it took, its turn included."""

    extraction: Extraction | None
    reason: str
    detail: str
    secs: float


def _extract(page: Page, sandbox: Sandbox) -> _Extracted:
    started = time.monotonic()
    extraction, reason, detail = extract_safely(page, sandbox)
    secs = time.monotonic() - started
    return _Extracted(extraction=extraction, reason=reason, detail=detail, secs=secs)


class _ExtractArticlesFn(beam.DoFn):
    """Gives each page to the sandbox and goes on; what is ready leaves in the order of arrival.

    As many pages are under way as the sandbox has workers, and as many wait for their turn.
    """

    def __init__(self, identify: Callable[[str, str | None], str]) -> None:
        super().__init__()
        self._identify = identify

    def setup(self) -> None:
        self._sandbox = shared_sandbox()
        self._sandbox.prepare(PARSERS)
        self._most = 2 * self._sandbox.workers
        self._pool = ThreadPoolExecutor(self._sandbox.workers, thread_name_prefix="extract")

    def teardown(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    def start_bundle(self) -> None:
        self._waiting: deque[tuple[Future[_Extracted], Page, Any, Any]] = deque()

    def process(
        self,
        page: Page,
        timestamp: Any = beam.DoFn.TimestampParam,  # noqa: ANN401 - Beam's way
        window: Any = beam.DoFn.WindowParam,  # noqa: ANN401
    ) -> Iterator[Any]:
        if self._sandbox.is_closed:
            self._sandbox = shared_sandbox()
        future = self._pool.submit(_extract, page, self._sandbox)
        self._waiting.append((future, page, timestamp, window))
        if len(self._waiting) >= self._most:
            yield self._next()

    def finish_bundle(self) -> Iterator[Any]:
        while self._waiting:
            yield self._next()

    def _next(self) -> Any:  # noqa: ANN401 - tagged or not
        future, page, timestamp, window = self._waiting.popleft()
        ended = self._ended(page, future.result())
        value = WindowedValue(ended, timestamp, (window,))
        return beam.pvalue.TaggedOutput(SETTLED, value) if isinstance(ended, Settlement) else value

    def _ended(self, page: Page, extracted: _Extracted) -> Article | Settlement:
        metrics.STEP_SECONDS.labels(STEP).observe(extracted.secs)
        if extracted.extraction is None:
            return _settle(page.entry, "dead_letter", extracted.reason, extracted.detail)
        article = build_article(page, extracted.extraction, self._identify)
        if article is None:
            return _settle(page.entry, "discarded", "no_text", extracted.extraction.outcome)
        source = "ok" if article.text_source == "page" else "from_feed"
        metrics.count(STEP, source, entry=article.entry_id, document=article.id)
        return article
