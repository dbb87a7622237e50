"""RereadDocuments: what has mentions, or is told otherwise by its feed, is read again.

So corrections and deletions are seen.

Delivery: at least once. A changed text goes through the same steps as a new article, under the
same document id; its age is over only when a further look finds it in the index. The schedule is
in the memory of the index, so a restart neither forgets nor repeats a look. A page that cannot be
read never replaces a stored text.
"""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import apache_beam as beam
from apache_beam.io.watermark_estimators import ManualWatermarkEstimator
from apache_beam.transforms.window import TimestampedValue
from apache_beam.utils.timestamp import MAX_TIMESTAMP, Duration, Timestamp

from connectors.backends import open_index
from connectors.feed_known import CHANGE_KIND, EntryChange
from connectors.feed_polling import utc_now
from connectors.feed_shards import ShardRounds
from connectors.feeds import WAKE_SECS, stop_requested
from connectors.records import Article, from_json
from pipelines.rereading import GRACE_HOURS, KIND, Due, RereadState, choose_due, is_past
from pipelines.steps.reread_pages import ReadAgainFn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from connectors.index import Index, IndexSettings
    from connectors.net import FetchPolicy

LOOK_SECS = 60.0
"""Pause between two looks at the schedule: small beside the hours that it is about."""

SCAN_SECS = 3600.0
"""Pause between two scans for documents with mentions: one is known long before its first age."""

OVERLAP_SECS = 600.0
"""What is read of the changes once more with each look: clocks of several machines differ."""

DOCUMENTS_A_LOOK = 50
"""Bound of a look; 72,000 documents a day. Hosts are spaced by the fetcher beside it."""

DOCUMENTS_A_PASS = 500
UNDER_WAY_SECS = 900.0


class RereadDocuments(beam.PTransform):
    """Pipeline → :class:`Article`: documents with mentions whose page changed or went since.

    Documents whose feed tells their entry otherwise are read within a minute, with mentions or
    without, at most once an hour; without a page that can be read, the feed's text is compared.
    Bounded: one look; else a look a minute until the sources are asked to stop. Every look's
    outcome is counted: ``updated, unchanged, moved, kept, unreadable, failed``;
    ``missing, deleted, gone`` for a page that is not there once, twice and for good; ``deferred``,
    ``given_up`` for fetches that may succeed later.

    Args:
        settings: the index that holds documents and schedule.
        policy: limits and manners of the requests.
        ages_hours: ages since first sight at which a document is read again; none: never.
        once: bounded or for ever.
        clock: gives the time, aware; for tests.

    Raises:
        ValueError: an age is not above zero.
    """

    def __init__(
        self,
        settings: IndexSettings,
        policy: FetchPolicy,
        *,
        ages_hours: tuple[float, ...],
        once: bool,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        super().__init__()
        if any(hours <= 0 for hours in ages_hours):
            raise ValueError(f"ages_hours: expected hours above 0, got {ages_hours!r}")
        self._settings = settings
        self._policy = policy
        self._ages = ages_hours
        self._once = once
        self._clock = clock

    def expand(self, pipeline: Any) -> Any:  # noqa: ANN401 - Beam has no types
        """Wire the schedule and the readings; without ages there is nothing to read."""
        if not self._ages:
            return pipeline | "Nothing" >> beam.Create([]).with_output_types(Article)
        source_class = _LookOnceFn if self._once else _LookForeverFn
        source = source_class(self._settings, self._ages, self._clock)
        again = ReadAgainFn(self._settings, self._policy, self._clock, once=self._once)
        return (
            pipeline
            | "Schedule" >> beam.Create([KIND], reshuffle=not self._once)
            | "FindDue" >> beam.ParDo(source).with_output_types(Due)
            | "ReadAgain" >> beam.ParDo(again).with_output_types(Article)
        )


class Schedule:
    """Which documents are due, from the index; looks and scans are spaced by themselves.

    Not for several threads. ``look`` gives a document once while it is under way.
    """

    def __init__(self, ages_hours: tuple[float, ...]) -> None:
        """Nothing is known yet."""
        self._ages = ages_hours
        self._known: dict[str, datetime] = {}
        self._changes: dict[str, EntryChange] = {}
        self._under_way: dict[str, datetime] = {}
        self._scanned_at: datetime | None = None
        self._looked_at: datetime | None = None

    def look(self, index: Index, now: datetime, *, limit: int, at_once: bool = False) -> list[Due]:
        """Return what is due, unless the last look was less than a minute ago.

        Raises:
            IndexUnavailable: the index cannot be read.
        """
        if not at_once and not _is_over(self._looked_at, LOOK_SECS, now):
            return []
        since = now - timedelta(hours=max(self._ages) + GRACE_HOURS)
        if _is_over(self._scanned_at, SCAN_SECS, now):
            self._known = {
                document.article.id: document.article.first_seen_at
                for document in index.documents(since=since)
                if document.mentions and document.article.url
            }
            self._scanned_at = now
        stored = index.memory(KIND, since=since)
        states = {key: from_json(RereadState, value) for key, value in stored}
        self._under_way = {key: until for key, until in self._under_way.items() if until > now}
        free = {key: seen for key, seen in self._known.items() if key not in self._under_way}
        changes = {
            key: change
            for key, change in self._read_changes(index, states, now).items()
            if key not in self._under_way
        }
        due = choose_due(free, states, self._ages, changes=changes, now=now, limit=limit)
        until = now + timedelta(seconds=UNDER_WAY_SECS)
        self._under_way |= {one.document_id: until for one in due}
        self._looked_at = now
        return due

    def _read_changes(
        self, index: Index, states: Mapping[str, RereadState], now: datetime
    ) -> dict[str, EntryChange]:
        """Return what feeds tell otherwise and was not looked at yet, by the document's id.

        An entry without a document after the lease is dropped: its page will be read, or was not
        worth a document.
        """
        since = now - timedelta(hours=GRACE_HOURS)
        if self._looked_at is not None:
            since = max(since, self._looked_at - timedelta(seconds=OVERLAP_SECS))
        self._changes |= {
            key: from_json(EntryChange, value)
            for key, value in index.memory(CHANGE_KIND, since=since)
        }
        documents = index.entry_documents(self._changes) if self._changes else {}
        found: dict[str, EntryChange] = {}
        for key, change in sorted(self._changes.items(), key=lambda one: one[1].noticed_at):
            document_id = documents.get(key)
            if document_id is None:
                is_over = _is_over(change.noticed_at, UNDER_WAY_SECS, now)
            else:
                is_over = is_past(states.get(document_id, RereadState()), change, now)
            if is_over:
                del self._changes[key]
            elif document_id is not None:
                found[document_id] = change
        return found

    def give_back(self, due: list[Due]) -> None:
        """Let ``due`` be given out again: nobody took it."""
        for one in due:
            self._under_way.pop(one.document_id, None)
        self._looked_at = None


def _is_over(since: datetime | None, secs: float, now: datetime) -> bool:
    return since is None or now >= since + timedelta(seconds=secs)


_SCHEDULES: dict[tuple[str, tuple[float, ...]], Schedule] = {}
_SCHEDULES_LOCK = threading.Lock()


def _schedule(location: str, ages: tuple[float, ...]) -> Schedule:
    """Return the schedule of this process: repeated bounded passes do not scan each time."""
    with _SCHEDULES_LOCK:
        return _SCHEDULES.setdefault((location, ages), Schedule(ages))


def forget_schedules() -> None:
    """Forget every schedule of this process, as a restart would."""
    with _SCHEDULES_LOCK:
        _SCHEDULES.clear()


class _LookingFn(beam.DoFn):
    """What both sources share."""

    def __init__(
        self,
        settings: IndexSettings,
        ages: tuple[float, ...],
        clock: Callable[[], datetime],
    ) -> None:
        super().__init__()
        self._settings = settings
        self._ages = ages
        self._clock = clock

    def setup(self) -> None:
        self._index = open_index(self._settings)
        self._schedule = _schedule(self._settings.location, self._ages)

    def teardown(self) -> None:
        self._index.close()


class _LookOnceFn(_LookingFn):
    """One bounded look."""

    def process(self, _: str) -> Iterator[Due]:
        now = self._clock()
        yield from self._schedule.look(self._index, now, limit=DOCUMENTS_A_PASS, at_once=True)


class _LookForeverFn(_LookingFn, ShardRounds):
    """The endless source: wakes as often as the polls do, so that a stop is seen; looks rarely."""

    @beam.DoFn.unbounded_per_element()
    def process(
        self,
        _: str,
        tracker: Any = beam.DoFn.RestrictionParam(),  # noqa: ANN401, B008 - Beam's way
        watermark: Any = beam.DoFn.WatermarkEstimatorParam(  # noqa: ANN401, B008
            ManualWatermarkEstimator.default_provider()  # noqa: B008
        ),
    ) -> Iterator[Any]:
        restriction = tracker.current_restriction()
        if stop_requested():
            if tracker.try_claim(replace(restriction, ended=True)):
                watermark.set_watermark(MAX_TIMESTAMP)
            return
        moment = self._clock()
        due = self._schedule.look(self._index, moment, limit=DOCUMENTS_A_LOOK)
        if not tracker.try_claim(replace(restriction, rounds=restriction.rounds + 1)):
            self._schedule.give_back(due)
            return
        timestamp = Timestamp.of(moment.timestamp())
        for one in due:
            yield TimestampedValue(one, timestamp)
        current = watermark.current_watermark()
        if current is None or timestamp > current:
            watermark.set_watermark(timestamp)
        tracker.defer_remainder(Duration(seconds=WAKE_SECS))
