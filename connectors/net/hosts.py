"""Manners towards each host: one gate per host, shared by all fetches of the process.

A gate spaces requests (``min_delay_secs`` or the host's own Crawl-delay), bounds how many are
under way, waits out Retry-After, and remembers that a host is down so that a dead host costs one
time-out and not one per page. Used inside one event loop only, hence without locks.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass

DOWN_AFTER_FAILURES = 3
"""Connection failures in a row after which a host counts as down."""

DOWN_SECS = (30.0, 60.0, 120.0, 300.0, 900.0)
"""How long it counts as down; the last value holds for every further failure."""

MAX_CRAWL_DELAY_SECS = 30.0
"""A longer Crawl-delay is cut: at an hour a page, a news site would never be read."""

MAX_GATES = 20_000
"""Gates remembered; the longest unused idle ones are forgotten first."""


@dataclass(slots=True)
class HostGate:
    """The state of one host: when the next request may leave, and how healthy it is."""

    connections: asyncio.Semaphore
    next_at: float = 0.0
    not_before: float = 0.0
    crawl_delay_secs: float = 0.0
    failures: int = 0
    failed_at: float = 0.0
    down_until: float = 0.0
    waiting: int = 0

    def wait_secs(self, now: float) -> float:
        """Return how long a request that asks now would wait for its turn."""
        return max(0.0, self.next_at - now, self.not_before - now)

    def reserve(self, now: float, min_delay_secs: float) -> float:
        """Take the next turn; return the seconds to wait for it."""
        wait = self.wait_secs(now)
        self.next_at = now + wait + max(min_delay_secs, self.crawl_delay_secs)
        return wait

    def note_success(self) -> None:
        """Any answer at all shows that the host is up."""
        self.failures = 0
        self.down_until = 0.0

    def note_failure(self, started: float, ended: float) -> None:
        """A connection failed or timed out; after several in a row the host is down.

        Of requests that were under way together only the first failure counts: a few slow pages
        asked for at once do not make a host dead.
        """
        if started < self.failed_at:
            return
        self.failed_at = ended
        self.failures += 1
        step = self.failures - DOWN_AFTER_FAILURES
        if step >= 0:
            self.down_until = ended + DOWN_SECS[min(step, len(DOWN_SECS) - 1)]

    def note_retry_after(self, now: float, secs: float) -> None:
        """The host asked for a pause of all requests."""
        self.not_before = max(self.not_before, now + secs)


class HostGates:
    """The gates of one process, by host and port, bounded in number."""

    def __init__(self, max_connections_per_host: int) -> None:
        """Keep no gate yet; each lets ``max_connections_per_host`` requests through at once."""
        self._limit = max_connections_per_host
        self._gates: OrderedDict[str, HostGate] = OrderedDict()

    def __len__(self) -> int:
        """Return how many hosts are remembered."""
        return len(self._gates)

    def gate(self, host: str) -> HostGate:
        """Return the gate of ``host``, made when it is new."""
        gate = self._gates.get(host)
        if gate is None:
            gate = self._gates[host] = HostGate(asyncio.Semaphore(self._limit))
            self._forget_idle()
        self._gates.move_to_end(host)
        return gate

    def _forget_idle(self) -> None:
        if len(self._gates) <= MAX_GATES:
            return
        for host, gate in self._gates.items():
            if gate.waiting == 0:
                del self._gates[host]
                return
