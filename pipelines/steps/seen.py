"""DropSeen: an address is read once, however many feeds show it."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING

import apache_beam as beam
from apache_beam.coders import StrUtf8Coder
from apache_beam.transforms.timeutil import TimeDomain
from apache_beam.transforms.userstate import ReadModifyWriteStateSpec, TimerSpec, on_timer
from apache_beam.utils.timestamp import Duration

from connectors import metrics
from connectors.addresses import address_key
from connectors.backends import open_index
from connectors.records import SETTLED, Entry, Settlement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apache_beam.transforms.core import RuntimeTimer

    from connectors.index import DocumentHead, Index, IndexSettings

STEP = "DropSeen"
SEEN_DAYS = 30
"""How long an address is kept in Beam state; past that the index answers (one read more)."""


def entry_key(entry: Entry) -> str:
    """Return the key under which entries of one article meet: its address, else the entry.

    >>> now = datetime.now(timezone.utc)
    >>> one = Entry(id="1", feed_id="f", feed_url="u", first_seen_at=now, url="http://a.org/x#top")
    >>> two = Entry(id="2", feed_id="g", feed_url="v", first_seen_at=now, url="http://a.org/x")
    >>> entry_key(one) == entry_key(two)
    True
    """
    return address_key(entry.url) if entry.url else entry.id


def decide_owner(entry: Entry, remembered: str | None, head: DocumentHead | None) -> str:
    """Return the id of the entry that brings the article: ``entry.id`` means that it goes on.

    An entry that owns the address already goes on again: it was in flight when a worker died,
    and every later step is idempotent.
    """
    if remembered is not None:
        return remembered
    return head.entry_id if head is not None else entry.id


class DropSeen(beam.PTransform):
    """Entries in; out the first entry of every address, and a settlement for each other one.

    Bounded or not. At least once: an entry whose worker died passes again. Keyed state with a
    time-to-live of 30 days answers first, the index when the state is empty.

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
            | "KeyByAddress" >> beam.Map(_keyed).with_output_types(tuple[str, Entry])
            | "KeepFirst"
            >> beam.ParDo(_KeepFirstFn(self._settings)).with_outputs(SETTLED, main="out")
        )


def _keyed(entry: Entry) -> tuple[str, Entry]:
    return entry_key(entry), entry


class _KeepFirstFn(beam.DoFn):
    OWNER = ReadModifyWriteStateSpec("owner", StrUtf8Coder())
    FORGET = TimerSpec("forget", TimeDomain.WATERMARK)

    def __init__(self, settings: IndexSettings) -> None:
        self._settings = settings
        self._index: Index | None = None

    def setup(self) -> None:
        self._index = open_index(self._settings)

    def teardown(self) -> None:
        if self._index is not None:
            self._index.close()

    def process(
        self,
        element: tuple[str, Entry],
        timestamp: beam.utils.timestamp.Timestamp = beam.DoFn.TimestampParam,
        owner: beam.transforms.userstate.ReadModifyWriteRuntimeState = beam.DoFn.StateParam(OWNER),
        forget: RuntimeTimer = beam.DoFn.TimerParam(FORGET),
    ) -> Iterator[Entry | beam.pvalue.TaggedOutput]:
        key, entry = element
        remembered = owner.read()
        head = None if remembered or self._index is None else self._index.heads([key]).get(key)
        first = decide_owner(entry, remembered, head)
        owner.write(first)
        forget.set(timestamp + Duration(seconds=SEEN_DAYS * 86_400))
        if first == entry.id:
            metrics.count(STEP, "ok")
            yield entry
            return
        metrics.count(STEP, "duplicate")
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
