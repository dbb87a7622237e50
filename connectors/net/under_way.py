"""Fetches under way: many at once, and what has come in takes little memory."""

from __future__ import annotations

from concurrent.futures import FIRST_COMPLETED, Future, wait
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from connectors.net.outcomes import Fetched

HELD_BYTES = 8 << 20
"""Bodies that came in and nobody took yet: three of the largest pages, hundreds of usual ones."""

Asked = TypeVar("Asked")


class UnderWay(Generic[Asked]):
    """Fetches that were begun, each with what was asked; belongs to one thread.

    Take what has ended whenever :meth:`is_full`. A body is kept by nobody here once it was taken.

    Args:
        concurrency: how many fetches the fetcher makes at once.
    """

    def __init__(self, concurrency: int) -> None:
        self._most = 2 * concurrency
        self._asked: dict[Future[Fetched], Asked] = {}

    def __len__(self) -> int:
        """Return how many were begun and not taken."""
        return len(self._asked)

    @property
    def asked(self) -> list[Asked]:
        """What was asked by those that were begun and not taken."""
        return list(self._asked.values())

    def add(self, future: Future[Fetched], asked: Asked) -> None:
        """Remember a fetch that was begun."""
        self._asked[future] = asked

    @property
    def is_full(self) -> bool:
        """Whether to take before another is begun: there are many, or what came in is large."""
        if len(self._asked) >= self._most:
            return True
        held = (len(future.result().body) for future in self._asked if future.done())
        return sum(held) >= HELD_BYTES

    def take(self, within_secs: float | None = None) -> Iterator[tuple[Asked, Fetched]]:
        """Wait until one has ended; yield all that have. Nothing when none does in time."""
        done, _ = wait(self._asked, timeout=within_secs, return_when=FIRST_COMPLETED)
        while done:
            future = done.pop()
            yield self._asked.pop(future), future.result()
            del future
