"""What one worker of PollFeeds holds open, and the two sources of its entries."""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from connectors import metrics
from connectors.backends import open_index
from connectors.feed_polling import (
    LEASE_SECS,
    ONCE_RETRIES_SECS,
    PARSE_BYTES,
    PARSE_SECS,
    STEP,
    FeedPoller,
    Polled,
    utc_now,
)
from connectors.net import shared_fetcher
from connectors.records import to_json
from connectors.sandbox import Sandbox
from connectors.websub import HUB_KIND, Hub, read_hub

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from connectors.feed_shards import FeedShard
    from connectors.index import Index, IndexSettings
    from connectors.net import FetchPolicy
    from connectors.records import Entry, Feed, PollState

PENDING_AT_START = 100_000
"""Entries taken up again at a start: more wait for their leases to end."""

PENDING_A_ROUND = 1000
PENDING_SECS = 1.5
"""Between two looks for what has become due, however many rounds there are meanwhile."""

REMEMBERED_ENTRIES = 50_000


class FeedSession:
    """What both DoFns share: the open parts of one worker, and the two sources of entries."""

    def __init__(
        self, policy: FetchPolicy, settings: IndexSettings, poll_secs: int, *, once: bool
    ) -> None:
        self._sandbox = Sandbox(deadline_secs=PARSE_SECS, memory_bytes=PARSE_BYTES)
        self._index = open_index(settings)
        self._poller = FeedPoller(
            policy=policy,
            index=self._index,
            fetcher=shared_fetcher(policy),
            sandbox=self._sandbox,
            retries=ONCE_RETRIES_SECS if once else (),
            interval_secs=poll_secs,
        )
        self.lease_secs = LEASE_SECS
        self._given: OrderedDict[str, tuple[int, float]] = OrderedDict()
        self._hubs: dict[str, Hub] = {}
        self._looked_at: dict[str, float] = {}

    @property
    def index(self) -> Index:
        """The open index."""
        return self._index

    def close(self) -> None:
        """End the worker process and the connection."""
        self._sandbox.close()
        self._index.close()

    def poll(
        self, feeds: Sequence[tuple[Feed, PollState]], *, max_secs: float | None = None
    ) -> Iterator[Polled]:
        """Poll ``feeds`` at once and yield each as it is done; after ``max_secs`` later."""
        for polled in self._poller.poll(feeds, max_secs=max_secs):
            self._remember(polled.new_entries)
            self._note_hub(polled)
            yield polled

    def _note_hub(self, polled: Polled) -> None:
        """Keep which hub a feed announces: one write a feed, process and change."""
        hub = read_hub(polled.hub, polled.self_url, polled.feed.url)
        if hub is not None and self._hubs.get(polled.feed.id) != hub:
            self._index.put_memory(HUB_KIND, polled.feed.id, to_json(hub))
            self._hubs[polled.feed.id] = hub

    def pending(self, shard: FeedShard, *, at_start: bool) -> list[Entry]:
        """Return unsettled entries to give out again, under a new lease; none if just looked for.

        One whose lease ended although nothing deferred it has cost an attempt: something that
        kills its worker each time must come to an end. One that is back before is not: its host
        was busy, and waiting for a turn is no attempt.
        """
        if not at_start and not self._may_look(shard.key):
            return []
        now = utc_now()
        limit = PENDING_AT_START if at_start else PENDING_A_ROUND
        found = self._index.pending_entries(limit=limit, due_at=None if at_start else now)
        entries = [
            replace(entry, attempts=entry.attempts + 1)
            if not at_start and self._has_lapsed(entry)
            else entry
            for entry in found
            if shard.owns(entry)
        ]
        if entries:
            self._index.defer(entries, due_at=now + timedelta(seconds=self.lease_secs))
            self._remember(entries)
            metrics.count(STEP, "entry_pending", len(entries))
        return entries

    def _may_look(self, key: str) -> bool:
        now = time.monotonic()
        if now < self._looked_at.get(key, 0.0) + PENDING_SECS:
            return False
        self._looked_at[key] = now
        return True

    def _has_lapsed(self, entry: Entry) -> bool:
        """Return whether ``entry`` was given out, and came back by the end of its lease only."""
        attempts, ends_at = self._given.get(entry.id, (-1, 0.0))
        return attempts == entry.attempts and time.monotonic() >= ends_at

    def _remember(self, entries: Iterable[Entry]) -> None:
        ends_at = time.monotonic() + self.lease_secs
        for entry in entries:
            self._given[entry.id] = (entry.attempts, ends_at)
            self._given.move_to_end(entry.id)
        while len(self._given) > REMEMBERED_ENTRIES:
            self._given.popitem(last=False)
