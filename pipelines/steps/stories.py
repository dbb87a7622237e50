"""GroupStories: which development an article reports, whether it is a copy, who must know."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from functools import partial
from typing import TYPE_CHECKING, Any

import apache_beam as beam
from apache_beam.coders import VarIntCoder
from apache_beam.transforms.userstate import ReadModifyWriteStateSpec

from connectors.backends import open_index
from connectors.records import SETTLED, Document
from pipelines.steps.apply import attempt
from pipelines.stories import AlertRule, StoryBook, decide_alerts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from connectors.index import IndexSettings

STEP = "GroupStories"
ONE_KEY = "stories"
"""Copies are found among all articles, so all of them meet under one key: at 500 articles/s
one worker groups forty million articles a day, far above what is fetched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryPlan:
    """How stories are grouped and which developments alert."""

    window_days: int
    rules: tuple[AlertRule, ...]
    alerting: bool = True


def place_document(document: Document, book: StoryBook, plan: StoryPlan, now: datetime) -> Document:
    """Return ``document`` with its story, the original it copies, and its alerts.

    The same document gives the same story and the same alert ids again.
    """
    placement = book.place(document)
    placed = replace(
        document,
        story_id=placement.story_id,
        copy_of=placement.copy_of,
        similarity=placement.similarity,
    )
    if not plan.alerting:
        return placed
    return replace(placed, alerts=decide_alerts(placed, placement, rules=plan.rules, now=now))


class GroupStories(beam.PTransform):
    """Documents in, the same documents with story, original and alerts out.

    Grouped under one key and therefore in order of arrival. The story book lives in the
    process and is warmed from the index when it is new, or when another worker placed
    documents meanwhile: losing it costs one read of the window, never correctness.

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
        self.placed = 0


_SHELVES: dict[str, _Shelf] = {}
_SHELVES_LOCK = threading.Lock()


def _shelf(location: str) -> _Shelf:
    with _SHELVES_LOCK:
        return _SHELVES.setdefault(location, _Shelf())


def forget_books() -> None:
    """Drop every story book of this process, as a restart would; the next use warms anew."""
    with _SHELVES_LOCK:
        _SHELVES.clear()


def warm_book(settings: IndexSettings, plan: StoryPlan, now: datetime) -> StoryBook:
    """Return a story book that remembers what the index holds of the window."""
    window = timedelta(days=plan.window_days)
    book = StoryBook(window=window)
    index = open_index(settings)
    try:
        for document in index.documents(since=now - window):
            book.remember(document)
    finally:
        index.close()
    return book


class _PlaceFn(beam.DoFn):
    PLACED = ReadModifyWriteStateSpec("placed", VarIntCoder())

    def __init__(self, settings: IndexSettings, plan: StoryPlan) -> None:
        super().__init__()
        self._settings = settings
        self._plan = plan

    def process(
        self,
        element: tuple[str, Document],
        placed: beam.transforms.userstate.ReadModifyWriteRuntimeState = beam.DoFn.StateParam(
            PLACED
        ),
    ) -> Iterator[Any]:
        _, document = element
        now = datetime.now(timezone.utc)
        shelf = _shelf(self._settings.location)
        with shelf.lock:
            before = placed.read() or 0
            if shelf.book is None or shelf.placed < before:
                shelf.book = warm_book(self._settings, self._plan, now)
                shelf.placed = before
            place = partial(place_document, book=shelf.book, plan=self._plan, now=now)
            yield from attempt(STEP, place, document)
            shelf.placed += 1
            placed.write(shelf.placed)
