"""GroupStories: which development an article reports, whether it is a copy, who must know."""

from __future__ import annotations

import threading
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

import apache_beam as beam
from apache_beam.coders import VarIntCoder
from apache_beam.transforms.userstate import ReadModifyWriteStateSpec

from connectors.backends import open_index
from connectors.records import BACKFILL_FEED, SETTLED, Document
from pipelines.steps.apply import at_time, attempt
from pipelines.stories import AlertRule, Scorer, StoryBook, decide_alerts, release_at, score_pair
from pipelines.stories.embedding import EmbeddingScorer, load_encoder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from connectors.index import Index, IndexSettings
    from connectors.records import Alert

STEP = "GroupStories"
ONE_KEY = "stories"
"""Copies are found among all articles, so all of them meet under one key: at 500 articles/s
one worker groups forty million articles a day, far above what is fetched."""


REMEMBERED_ANSWERS = 10_000
FORGET_EVERY = 500
PENDING_LIMIT = 1_000_000
TOLD_KIND = "told"
"""Memory: what the book knew of an article that was told, by its id; 1 kB each."""

Alerting = Literal["none", "news", "all"]

KNOWN_ALERTS = 1000
"""The newest alerts, read when a book is new: some were told just before their worker died."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryPlan:
    """How stories are grouped and which developments alert.

    ``alerting``: "news" alerts what feeds bring, "all" what a backfill brought as well, "none"
    nothing. ``embedding_model`` names a sentence-transformers model whose nearness counts too.
    """

    window_days: int
    rules: tuple[AlertRule, ...]
    late_articles: bool = False
    alerting: Alerting = "news"
    embedding_model: str | None = None


def place_document(
    document: Document,
    book: StoryBook,
    plan: StoryPlan,
    now: datetime,
    released: Mapping[str, datetime] | None = None,
) -> Document:
    """Return ``document`` with its story, the original it copies, and its alerts.

    The same document gives the same story and the same alert ids again. What a backfill brought
    alerts neither then nor when its page changes or goes, unless the plan alerts "all";
    ``released`` is when the last alert of each subject was or will be sent.
    """
    placement = book.place(document)
    backfilled = document.article.feed_id == BACKFILL_FEED
    placed = replace(
        document,
        story_id=placement.story_id,
        copy_of=placement.copy_of,
        similarity=placement.similarity,
    )
    if plan.alerting == "none" or (plan.alerting == "news" and backfilled):
        return placed
    alerts = decide_alerts(placed, placement, rules=plan.rules, now=now, released=released)
    return replace(placed, alerts=alerts)


class GroupStories(beam.PTransform):
    """Documents in, the same documents with story, original and alerts out.

    Grouped under one key, in order of publication within a bundle and of arrival between
    bundles; so in a bounded pass the earliest of several copies is the original. The story
    book lives in the process and is warmed from the index when it is new, or when another
    worker placed documents meanwhile: losing it costs one read of the window, never
    correctness. The same document placed again in one process is given the same answer.

    Args:
        settings: the index to warm from.
        plan: window and alert rules.
    """

    def __init__(self, settings: IndexSettings, plan: StoryPlan) -> None:
        super().__init__()
        self._settings = settings
        self._plan = plan

    def expand(self, documents: beam.PCollection) -> beam.pvalue.DoOutputsTuple:
        """Bring all documents to one place and put each into its story."""
        return (
            documents
            | "KeyTogether" >> beam.Map(_keyed).with_output_types(tuple[str, Document])
            | "PlaceDocuments"
            >> beam.ParDo(_PlaceFn(self._settings, self._plan)).with_outputs(SETTLED, main="out")
        )


def _keyed(document: Document) -> tuple[str, Document]:
    return ONE_KEY, document


class _Shelf:
    """The story book of one index in this process, shared by the runner's threads."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.book: StoryBook | None = None
        self.received = 0
        self.released: dict[str, datetime] = {}
        self._newest_at = datetime.min.replace(tzinfo=timezone.utc)
        self._placed: OrderedDict[tuple[str, str], Document] = OrderedDict()

    def place(self, document: Document, plan: StoryPlan, now: datetime) -> Document:
        """Place ``document``, or return what it was given before: a retry changes nothing."""
        if self.book is None:
            raise RuntimeError("the book is not open")
        key = (document.article.id, document.article.content_hash)
        known = self._placed.get(key)
        if known is not None:
            return known
        placed = place_document(document, self.book, plan, now, self.released)
        self.note_released(placed.alerts)
        self._placed[key] = placed
        if len(self._placed) > REMEMBERED_ANSWERS:
            self._placed.popitem(last=False)
        self._forget(document, plan, now)
        return placed

    def note_released(self, alerts: Iterable[Alert]) -> None:
        """Remember when the subjects of ``alerts`` were last told: cool-downs begin there."""
        for alert in alerts:
            at = release_at(alert)
            self.released[alert.subject] = max(at, self.released.get(alert.subject, at))

    def states_of(self, alerts: Iterable[Alert]) -> dict[str, dict[str, Any]]:
        """Return what the book knows of the articles of ``alerts``, by their ids."""
        states: dict[str, dict[str, Any]] = {}
        if self.book is not None:
            for id_ in {alert.document_id for alert in alerts}:
                with suppress(KeyError):
                    states[id_] = self.book.state_of(id_)
        return states

    def _forget(self, document: Document, plan: StoryPlan, now: datetime) -> None:
        """Let go of what lies two windows behind the newest article, now and then."""
        article = document.article
        told_at = min(article.published_at or article.first_seen_at, now)
        self._newest_at = max(self._newest_at, told_at)
        if self.book is not None and len(self.book) % FORGET_EVERY == 0:
            self.book.forget(self._newest_at - 2 * timedelta(days=plan.window_days))


_SHELVES: dict[str, _Shelf] = {}
_SHELVES_LOCK = threading.Lock()


def _shelf(location: str) -> _Shelf:
    with _SHELVES_LOCK:
        return _SHELVES.setdefault(location, _Shelf())


def forget_books() -> None:
    """Drop every story book of this process, as a restart would; the next use warms anew."""
    with _SHELVES_LOCK:
        _SHELVES.clear()


def open_scorer(plan: StoryPlan) -> Scorer:
    """Return the scorer that ``plan`` asks for.

    Raises:
        ValueError: the model or its package is not there.
    """
    if plan.embedding_model is None:
        return score_pair
    return EmbeddingScorer(load_encoder(plan.embedding_model))


def warm_book(
    settings: IndexSettings, plan: StoryPlan, now: datetime
) -> tuple[StoryBook, list[Alert]]:
    """Return a story book that remembers what the index holds of the window, and its last alerts.

    A document whose entry is still pending may lack its alerts: it is left out, so that it is
    placed, and told, anew.
    """
    window = timedelta(days=plan.window_days)
    late_after = None if plan.late_articles else window
    book = StoryBook(window=window, late_after=late_after, scorer=open_scorer(plan))
    index = open_index(settings)
    try:
        pending = {one.id for one in index.pending_entries(limit=PENDING_LIMIT, due_at=None)}
        for document in index.documents(since=now - window):
            if document.article.entry_id not in pending:
                book.remember(document)
        alerts = index.alerts(limit=KNOWN_ALERTS)
        told = dict(index.memory(TOLD_KIND, since=now - window))
    finally:
        index.close()
    for alert in alerts:
        book.reserve(alert, told.get(alert.document_id))
    return book, alerts


class _PlaceFn(beam.DoFn):
    RECEIVED = ReadModifyWriteStateSpec("received", VarIntCoder())

    def __init__(self, settings: IndexSettings, plan: StoryPlan) -> None:
        super().__init__()
        self._settings = settings
        self._plan = plan
        self._bundle: list[tuple[Document, beam.utils.timestamp.Timestamp]] = []
        self._index: Index | None = None

    def setup(self) -> None:
        self._index = open_index(self._settings)

    def teardown(self) -> None:
        if self._index is not None:
            self._index.close()

    def start_bundle(self) -> None:
        self._bundle = []

    def process(
        self,
        element: tuple[str, Document],
        timestamp: beam.utils.timestamp.Timestamp = beam.DoFn.TimestampParam,
        received: beam.transforms.userstate.ReadModifyWriteRuntimeState = beam.DoFn.StateParam(
            RECEIVED
        ),
    ) -> None:
        before = received.read() or 0
        shelf = _shelf(self._settings.location)
        with shelf.lock:
            if shelf.book is None or shelf.received < before:
                now = datetime.now(timezone.utc)
                shelf.book, known = warm_book(self._settings, self._plan, now)
                shelf.note_released(known)
                shelf.received = before
            shelf.received += 1
            received.write(shelf.received)
        self._bundle.append((element[1], timestamp))

    def finish_bundle(self) -> Iterator[Any]:
        bundle, self._bundle = sorted(self._bundle, key=_reading_order), []
        yield from self._placed(bundle)

    def _placed(
        self, bundle: Sequence[tuple[Document, beam.utils.timestamp.Timestamp]]
    ) -> list[Any]:
        """Place the bundle and store its alerts, before anything of it or after it goes on.

        A later report of the same development is told of nobody. Were it written while the
        first was lost with its worker, the development would never be told. What was told is
        remembered after that: a later report that comes first after a restart is no news.
        """
        shelf = _shelf(self._settings.location)
        outputs: list[Any] = []
        with shelf.lock:
            for document, timestamp in bundle:
                place = partial(shelf.place, plan=self._plan, now=datetime.now(timezone.utc))
                outputs += [(one, timestamp) for one in attempt(STEP, place, document)]
            alerts = [a for one, _ in outputs if isinstance(one, Document) for a in one.alerts]
            if alerts and self._index is not None:
                self._index.store_alerts(alerts)
                for document_id, state in shelf.states_of(alerts).items():
                    self._index.put_memory(TOLD_KIND, document_id, state)
        return [at_time(one, timestamp) for one, timestamp in outputs]


def _reading_order(one: tuple[Document, Any]) -> tuple[datetime, datetime, str]:
    article = one[0].article
    return article.published_at or article.first_seen_at, article.first_seen_at, article.id
