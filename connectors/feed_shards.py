"""Shards of feeds and the restriction of the endless source: poll states, round by round."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from apache_beam.coders import Coder
from apache_beam.io.iobase import RestrictionProgress, RestrictionTracker
from apache_beam.transforms.core import RestrictionProvider

from connectors.records import Entry, Feed, PollState, from_json, stable_id, to_json

if TYPE_CHECKING:
    from collections.abc import Sequence

_done: dict[str, int] = {}
_done_lock = threading.Lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedShard:
    """Feeds that one source polls; ``takes_orphans``: and entries of feeds no longer configured."""

    key: str
    feeds: tuple[Feed, ...]
    all_feed_ids: frozenset[str] = frozenset()
    takes_orphans: bool = False

    def owns(self, entry: Entry) -> bool:
        """Return whether this shard gives out ``entry`` again."""
        mine = any(feed.id == entry.feed_id for feed in self.feeds)
        return mine or (self.takes_orphans and entry.feed_id not in self.all_feed_ids)


def shard_feeds(feeds: Sequence[Feed], *, size: int) -> list[FeedShard]:
    """Return ``feeds`` in shards of about ``size``; a feed's shard depends on its id alone."""
    count = max(1, -(-len(feeds) // size))
    parts: list[list[Feed]] = [[] for _ in range(count)]
    for feed in feeds:
        parts[_place(feed, count)].append(feed)
    ids = frozenset(feed.id for feed in feeds)
    return [
        FeedShard(key=f"{at}/{count}", feeds=tuple(part), all_feed_ids=ids, takes_orphans=at == 0)
        for at, part in enumerate(parts)
    ]


def shard_at(key: str, feeds: Sequence[Feed]) -> FeedShard:
    """Return the shard ``key`` (such as ``0/2``, the first of two) of ``feeds``.

    The key alone travels as the element of the endless source: it is what a runner keys the
    source's state by, so its bytes must be the same in every process, and a job that resumes
    from a savepoint polls the feeds of today.
    """
    at, _, count = key.partition("/")
    return FeedShard(
        key=key,
        feeds=tuple(feed for feed in feeds if _place(feed, int(count)) == int(at)),
        all_feed_ids=frozenset(feed.id for feed in feeds),
        takes_orphans=int(at) == 0,
    )


def _place(feed: Feed, count: int) -> int:
    return int(stable_id(feed.id)[:8], 16) % count


def begins_here(shard: FeedShard, rounds: int) -> bool:
    """Return whether this process did not finish the round before this one of ``shard``.

    A cluster that lost a worker goes on from a checkpoint, in another process or in the same
    one: what was in flight since then died with the worker's bundles, so it is given out again
    now instead of when its lease ends. Until :func:`round_done` says so, no round is finished.

    Args:
        shard: what is polled.
        rounds: how many rounds the state that is gone on from has seen.
    """
    with _done_lock:
        return _done.pop(shard.key, None) != rounds


def round_done(shard: FeedShard, rounds: int) -> None:
    """Note that this process has given out what the last of ``rounds`` rounds found."""
    with _done_lock:
        _done[shard.key] = rounds


@dataclass(frozen=True, slots=True, kw_only=True)
class ShardState:
    """The restriction: the poll states of a shard after so many rounds.

    ``ended`` marks the part of a split that is done.
    """

    states: tuple[PollState, ...] = ()
    rounds: int = 0
    ended: bool = False


class ShardStateCoder(Coder):
    """Restriction ↔ JSON: fields may be added without breaking a savepoint."""

    def encode(self, value: ShardState) -> bytes:
        """Return ``value`` as UTF-8 JSON."""
        return json.dumps(to_json(value), separators=(",", ":")).encode()

    def decode(self, encoded: bytes) -> ShardState:
        """Return the state in ``encoded``."""
        return from_json(ShardState, json.loads(encoded))

    def is_deterministic(self) -> bool:
        """Return True: field order is the class's."""
        return True


class ShardTracker(RestrictionTracker):
    """Claims one round, whose position is the state after it.

    A split after the claim leaves the new state as residual. Before the claim it is refused: the
    round under way would go on beside its own remainder and give out the same entries (seen on
    Prism, which splits a bundle that takes longer than some tenths of a second). A round is
    bounded by the time-outs of its fetches.
    """

    def __init__(self, state: ShardState) -> None:
        """Track the rounds that follow ``state``."""
        self._state = state
        self._claimed: ShardState | None = None
        self._done = state.ended

    def current_restriction(self) -> ShardState:
        """Return the state that the next round starts from."""
        return self._state

    def try_claim(self, position: ShardState) -> bool:
        """Claim the round that led to ``position``; one a call."""
        if self._done:
            return False
        self._claimed = position
        self._done = True
        return True

    def try_split(self, fraction_of_remainder: float) -> tuple[ShardState, ShardState] | None:  # noqa: ARG002
        """Split into what is done and what the next round starts from; None before the claim."""
        residual = self._claimed
        if residual is None or residual.ended or self._state.ended:
            return None
        self._state = replace(self._state, states=(), ended=True)
        self._done = True
        return self._state, residual

    def check_done(self) -> bool:
        """Return True when the round was claimed or split off.

        Raises:
            ValueError: neither happened.
        """
        if not self._done:
            raise ValueError("the round was neither claimed nor split off")
        return True

    def current_progress(self) -> RestrictionProgress:
        """Return all or nothing: a round is one unit of work."""
        done = 1.0 if self._done else 0.0
        return RestrictionProgress(completed=done, remaining=1.0 - done)

    def is_bounded(self) -> bool:
        """Return False until nothing remains."""
        return self._state.ended


class ShardRounds(RestrictionProvider):
    """What an endless source that works in rounds is to Beam: an element begins with round none."""

    def initial_restriction(self, element: object) -> ShardState:  # noqa: ARG002 - Beam's signature
        """Return the state before the first round."""
        return ShardState()

    def create_tracker(self, restriction: ShardState) -> ShardTracker:
        """Return the tracker of the next round."""
        return ShardTracker(restriction)

    def restriction_coder(self) -> ShardStateCoder:
        """Return the coder of what is kept between rounds."""
        return ShardStateCoder()

    def restriction_size(self, element: object, restriction: ShardState) -> int:  # noqa: ARG002 - Beam's signature
        """Return 1: what an endless source has left cannot be counted."""
        return 1
