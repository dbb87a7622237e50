"""Metrics whose number of series stays bounded, however many feeds and subjects there are."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from prometheus_client.metrics_core import CounterMetricFamily

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from prometheus_client import Counter
    from prometheus_client.metrics_core import Metric

MOST_FEEDS = 500
"""Feeds with series of their own; further ones are summed, so that 10,000 feeds stay below
2,000 series."""

OTHER = "other"
"""Label value of the sum of all that came after."""


class BoundedCounter:
    """A counter with one label of at most ``most`` values; what comes later counts as other."""

    def __init__(self, counter: Counter, most: int) -> None:
        """Wrap ``counter``, which must have exactly one label."""
        self.counter = counter
        self._most = most
        self._known: set[str] = set()
        self._lock = threading.Lock()

    def labels(self, value: str) -> Counter:
        """Return the child for ``value``, or the one for all others."""
        with self._lock:
            if value not in self._known:
                if len(self._known) >= self._most:
                    value = OTHER
                else:
                    self._known.add(value)
        return self.counter.labels(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedFigures:
    """What the index knows of one feed's yield since it was first polled."""

    feed: str
    language: str
    entries: int
    overflows: int


class FeedCollector:
    """Counters per feed that live in the index, so that a restart does not reset them."""

    FAMILIES = (
        ("vigie_feed_entries", "New entries of a feed since its first poll, from the index."),
        ("vigie_feed_overflows", "Polls that found none of a feed's entries known before."),
    )
    LABELS = ("feed", "language")

    def __init__(self) -> None:
        """Nothing is known yet."""
        self._figures: tuple[FeedFigures, ...] = ()

    def show(self, figures: Iterable[FeedFigures]) -> None:
        """Replace what is shown; the first feeds by id stand alone, the rest are summed."""
        ordered = sorted(figures, key=_by_feed)
        rest = ordered[MOST_FEEDS:]
        if rest:
            ordered[MOST_FEEDS:] = [
                FeedFigures(
                    feed=OTHER,
                    language=OTHER,
                    entries=sum(one.entries for one in rest),
                    overflows=sum(one.overflows for one in rest),
                )
            ]
        self._figures = tuple(ordered)

    def describe(self) -> Iterator[Metric]:
        """Name the families without reading them."""
        for name, text in self.FAMILIES:
            yield CounterMetricFamily(name, text, labels=self.LABELS)

    def collect(self) -> Iterator[Metric]:
        """Yield both families."""
        entries, overflows = self.describe()
        for one in self._figures:
            entries.add_metric((one.feed, one.language), one.entries)  # type: ignore[attr-defined]
            overflows.add_metric((one.feed, one.language), one.overflows)  # type: ignore[attr-defined]
        yield entries
        yield overflows


def _by_feed(one: FeedFigures) -> str:
    return one.feed
