"""The second reading of pages, many at once: fetch, extract, compare, remember."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import apache_beam as beam

from connectors import metrics
from connectors.backends import open_index
from connectors.extraction import build_article, extract_safely
from connectors.extraction_call import PARSERS
from connectors.index import IndexUnavailable, deployments_of
from connectors.net import Fetched, FetchRequest, UnderWay, shared_fetcher
from connectors.pages import ACCEPT, MAX_TURN_WAIT_SECS, fetched_page, page_outcome
from connectors.records import Article, Document, Entry, to_json
from connectors.sandbox import SandboxUnavailable, shared_sandbox
from pipelines.detection import identify_language
from pipelines.rereading import (
    DELETED_KIND,
    KIND,
    Due,
    RereadState,
    after_end,
    after_failure,
    after_missing,
    after_stale,
    after_update,
    postponed,
)
from pipelines.revising import (
    answer_meaning,
    deleted_article,
    diff_size,
    judge_revision,
    revised_article,
)
from pipelines.steps.apply import at_time, entry_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from connectors.index import Index, IndexSettings
    from connectors.net import FetchPolicy

log = logging.getLogger(__name__)
STEP = "RereadDocuments"


def request_headers(state: RereadState) -> dict[str, str]:
    """Return the headers of the conditional GET; the validators are of the stored text."""
    headers = {"Accept": ACCEPT}
    if state.etag:
        headers["If-None-Match"] = state.etag
    if state.last_modified:
        headers["If-Modified-Since"] = state.last_modified
    return headers


def entry_to_read(article: Article) -> Entry:
    """Return the entry that a second reading of ``article`` starts from.

    A date that the feed did not give is left out: the feed's date outweighs the page's.
    """
    entry = entry_of(article)
    return entry if article.date_source == "feed" else replace(entry, published_at=None)


class ReadAgainFn(beam.DoFn):
    """Due documents in, changed articles out; submits with each element, drains at the end.

    Args:
        settings: the index with documents and states.
        policy: limits and manners of the requests.
        clock: gives the time, aware.
        once: whether a host's queue is waited for.
    """

    def __init__(
        self,
        settings: IndexSettings,
        policy: FetchPolicy,
        clock: Callable[[], datetime],
        *,
        once: bool,
    ) -> None:
        super().__init__()
        self._settings = settings
        self._policy = policy
        self._clock = clock
        self._once = once

    def setup(self) -> None:
        """Open the index and get the process's fetcher and parsers."""
        self._index: Index = open_index(self._settings)
        self._fetcher = shared_fetcher(self._policy)
        self._sandbox = shared_sandbox()
        self._sandbox.prepare(PARSERS)

    def teardown(self) -> None:
        """Close the index."""
        self._index.close()

    def start_bundle(self) -> None:
        """Nothing is under way."""
        self._waiting: UnderWay[tuple[Due, Document, Any]] = UnderWay(self._policy.concurrency)

    def process(
        self,
        due: Due,
        timestamp: beam.utils.timestamp.Timestamp = beam.DoFn.TimestampParam,
    ) -> Iterator[Article]:
        """Begin the fetch; yield what has ended meanwhile if many are under way."""
        document = self._index.get_document(due.document_id)
        if document is None:
            metrics.count(STEP, "absent")
            return
        if not document.article.url:
            article = self._finish(due, document, Fetched(url="", outcome="no_link"))
            if article is not None:
                yield article
            return
        request = FetchRequest(
            url=document.article.url,
            headers=request_headers(due.state),
            limit_bytes=self._policy.article_bytes,
            max_wait_secs=None if self._once else MAX_TURN_WAIT_SECS,
        )
        self._waiting.add(self._fetcher.submit(request), (due, document, timestamp))
        if self._waiting.is_full:
            for article, _ in self._drain():
                yield article

    def finish_bundle(self) -> Iterator[Any]:
        """Wait for what is under way."""
        while self._waiting:
            for article, timestamp in self._drain():
                yield at_time(article, timestamp)

    def _drain(self) -> Iterator[tuple[Article, Any]]:
        for (due, document, timestamp), fetched in self._waiting.take():
            article = self._finish(due, document, fetched)
            if article is not None:
                yield article, timestamp

    def _finish(self, due: Due, document: Document, fetched: Fetched) -> Article | None:
        """Remember and count what the fetch means; return the article if it changed."""
        now = self._clock()
        article: Article | None = None
        try:
            outcome = self._meaning(document, fetched)
            is_told = outcome == "unreadable" and due.change is not None
            if outcome == "page" or (is_told and document.article.text_source == "feed"):
                outcome, article = self._read(due, document, fetched, now)
        except (IndexUnavailable, SandboxUnavailable):
            raise
        except Exception:
            log.warning("second reading failed document=%s", due.document_id, exc_info=True)
            outcome = "failed"
        state = self._next_state(due, document, outcome, article, fetched, now)
        if state.outcome == "deleted":
            article = deleted_article(document, now)
        self._note_deletion(due, document, state, fetched)
        self._index.put_memory(KIND, due.document_id, to_json(state))
        metrics.count(STEP, state.outcome)
        return article

    def _meaning(self, document: Document, fetched: Fetched) -> str:
        if fetched.is_transient:
            return "busy" if fetched.outcome == "busy" else "later"
        outcome = page_outcome(fetched)
        return "page" if outcome == "ok" else answer_meaning(document, outcome)

    def _read(
        self, due: Due, document: Document, fetched: Fetched, now: datetime
    ) -> tuple[str, Article | None]:
        """Return ``updated`` with the article, or another outcome without one."""
        entry = due.change.entry if due.change else entry_to_read(document.article)
        page = fetched_page(entry, fetched, page_outcome(fetched), now)
        extraction, reason, _ = extract_safely(page, self._sandbox)
        if extraction is None:
            log.info("second reading stopped document=%s reason=%s", document.article.id, reason)
            return "unreadable", None
        if extraction.outcome == "soft_404" and document.article.text_source == "page":
            return "gone", None
        article = build_article(page, extraction, identify_language)
        outcome = judge_revision(document, article, is_told_anew=due.change is not None)
        if outcome != "updated" or article is None:
            return outcome, None
        return outcome, revised_article(document, article)

    def _next_state(  # noqa: PLR0913, PLR0917 - one call site
        self,
        due: Due,
        document: Document,
        outcome: str,
        article: Article | None,
        fetched: Fetched,
        now: datetime,
    ) -> RereadState:
        asked_secs = fetched.retry_after_secs or 0.0
        if outcome == "busy":
            return postponed(due, asked_secs, now)
        if outcome == "later":
            return after_failure(due, self._policy.page_retry_secs, asked_secs, now)
        if outcome == "gone":
            return after_missing(due, now, marked=document.article.deleted_at is not None)
        if article is not None:
            size = diff_size(document.article.text, article.text)
            metrics.REVISED_CHARS.labels("added").inc(size[0])
            metrics.REVISED_CHARS.labels("removed").inc(size[1])
            return after_update(due, size, now)
        if outcome == "unchanged" and due.change is not None and due.state.attempts == 0:
            return after_stale(due, now)
        if fetched.outcome == "not_modified":
            kept = due.state.etag, due.state.last_modified
        elif outcome == "unchanged":
            kept = fetched.headers.get("etag"), fetched.headers.get("last-modified")
        else:
            kept = None, None
        return after_end(due, outcome, now, etag=kept[0], last_modified=kept[1])

    def _note_deletion(
        self, due: Due, document: Document, state: RereadState, fetched: Fetched
    ) -> None:
        """Record that a page went away, or that it is back."""
        if (state.gone_at is None) == (due.state.gone_at is None):
            return
        gone = state.gone_at is not None
        at = state.gone_at or state.read_at
        log.info("page %s document=%s", "deleted" if gone else "back", due.document_id)
        value = {
            "gone": gone,
            "url": document.article.url,
            "status": fetched.status,
            "noticed_at": to_json(at),
            "subjects": list(document.subjects),
        }
        self._index.put_memory(DELETED_KIND, due.document_id, value)
        self._index.touch_deployments(deployments_of(document))
