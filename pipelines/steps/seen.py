"""DropSeen: an address is read once, however many feeds show it."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, Optional

import apache_beam as beam
from apache_beam.coders import StrUtf8Coder
from apache_beam.transforms.timeutil import TimeDomain
from apache_beam.transforms.userstate import ReadModifyWriteStateSpec, TimerSpec, on_timer
from apache_beam.utils.timestamp import Duration
from apache_beam.utils.windowed_value import WindowedValue

from connectors import metrics
from connectors.addresses import address_key
from connectors.backends import open_index
from connectors.records import SETTLED, Entry, Settlement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apache_beam.transforms.core import RuntimeTimer

    from connectors.index import Index, IndexSettings

STEP = "DropSeen"
SEEN_DAYS = 30
"""How long an address is kept in Beam state; past that the index alone answers."""

LOOK_UP_ENTRIES = 200
"""Addresses of one question to the index, which costs as much as one of one address."""


def entry_key(entry: Entry) -> str:
    """Return the key under which entries of one article meet: its address, else the entry.

    >>> now = datetime.now(timezone.utc)
    >>> one = Entry(id="1", feed_id="f", feed_url="u", first_seen_at=now, url="http://a.org/x#top")
    >>> two = Entry(id="2", feed_id="g", feed_url="v", first_seen_at=now, url="http://a.org/x")
    >>> entry_key(one) == entry_key(two)
    True
    """
    return address_key(entry.url) if entry.url else entry.id


def decide_owner(entry: Entry, remembered: str | None, stored: str | None) -> str:
    """Return the id of the entry that brings the article: ``entry.id`` means that it goes on.

    An entry that owns the address already goes on again: it was in flight when a worker died,
    and every later step is idempotent.

    Args:
        entry: the entry.
        remembered: the id that the state holds.
        stored: the id of the entry that brought the stored document of the address.
    """
    return remembered or stored or entry.id


class DropSeen(beam.PTransform):
    """Entries in; out the first entry of every address, and a settlement for each other one.

    Bounded or not. At least once: an entry whose worker died passes again. Keyed state with a
    time-to-live of 30 days answers first, the index when the state is empty; it is asked once a
    bundle, before the state is.

    Args:
        settings: the index that knows what was indexed before.
    """

    def __init__(self, settings: IndexSettings) -> None:
        super().__init__()
        self._settings = settings

    def expand(self, entries: beam.PCollection) -> beam.pvalue.DoOutputsTuple:
        """Key the entries by address and let the first of each pass."""
        return (
            entries
            | "KeyByAddress"
            >> beam.ParDo(_LookUpFn(self._settings)).with_output_types(
                tuple[str, tuple[Entry, Optional[str]]]  # noqa: UP045 - Beam's types on Python 3.10
            )
            | "KeepFirst" >> beam.ParDo(_KeepFirstFn()).with_outputs(SETTLED, main="out")
        )


class _LookUpFn(beam.DoFn):
    """Keys entries by address and asks the index, once a bundle, who brought each address."""

    def __init__(self, settings: IndexSettings) -> None:
        super().__init__()
        self._settings = settings
        self._index: Index | None = None
        self._waiting: list[tuple[Entry, Any, Any]] = []

    def setup(self) -> None:
        self._index = open_index(self._settings)

    def teardown(self) -> None:
        if self._index is not None:
            self._index.close()

    def start_bundle(self) -> None:
        self._waiting = []

    def process(
        self,
        entry: Entry,
        timestamp: Any = beam.DoFn.TimestampParam,  # noqa: ANN401 - Beam's way
        window: Any = beam.DoFn.WindowParam,  # noqa: ANN401
    ) -> Iterator[WindowedValue]:
        self._waiting.append((entry, timestamp, window))
        if len(self._waiting) >= LOOK_UP_ENTRIES:
            yield from self._look_up()

    def finish_bundle(self) -> Iterator[WindowedValue]:
        yield from self._look_up()

    def _look_up(self) -> Iterator[WindowedValue]:
        waiting, self._waiting = self._waiting, []
        if self._index is None or not waiting:
            return
        heads = self._index.heads({entry_key(entry) for entry, _, _ in waiting})
        for entry, timestamp, window in waiting:
            key = entry_key(entry)
            stored = heads[key].entry_id if key in heads else None
            yield WindowedValue((key, (entry, stored)), timestamp, (window,))


class _KeepFirstFn(beam.DoFn):
    OWNER = ReadModifyWriteStateSpec("owner", StrUtf8Coder())
    FORGET = TimerSpec("forget", TimeDomain.WATERMARK)

    def process(
        self,
        element: tuple[str, tuple[Entry, str | None]],
        timestamp: beam.utils.timestamp.Timestamp = beam.DoFn.TimestampParam,
        owner: beam.transforms.userstate.ReadModifyWriteRuntimeState = beam.DoFn.StateParam(OWNER),
        forget: RuntimeTimer = beam.DoFn.TimerParam(FORGET),
    ) -> Iterator[Entry | beam.pvalue.TaggedOutput]:
        key, (entry, stored) = element
        first = decide_owner(entry, owner.read(), stored)
        owner.write(first)
        forget.set(timestamp + Duration(seconds=SEEN_DAYS * 86_400))
        if first == entry.id:
            metrics.count(STEP, "ok", entry=entry.id, document=key)
            yield entry
            return
        metrics.count(STEP, "duplicate", entry=entry.id, document=key)
        yield beam.pvalue.TaggedOutput(
            SETTLED,
            Settlement(
                entry=entry,
                outcome="duplicate",
                step=STEP,
                reason="address_seen",
                settled_at=datetime.now(timezone.utc),
                document_id=key,
            ),
        )

    @on_timer(FORGET)
    def forget_owner(
        self,
        owner: beam.transforms.userstate.ReadModifyWriteRuntimeState = beam.DoFn.StateParam(OWNER),
    ) -> None:
        owner.clear()
