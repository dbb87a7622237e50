"""When entries that wait for their host come again: in its turns, not all at once."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import timedelta
from math import ceil
from typing import TYPE_CHECKING

from connectors.net import host_key

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from connectors.records import Entry

LONGEST_SECS = 600.0
"""Of the turns that were not asked for yet: within a lease, since waiting is no attempt."""


def come_again(
    waiting: Iterable[tuple[Entry, float]], *, delay_secs: float, now: datetime
) -> dict[datetime, list[Entry]]:
    """Return by when they are due, to the second, the entries of ``waiting``.

    Args:
        waiting: each with how long, at least, its host would have it wait.
        delay_secs: between two requests to one host.
        now: what the waits count from.
    """
    due: defaultdict[datetime, list[Entry]] = defaultdict(list)
    before: Counter[str] = Counter()
    for entry, wait_secs in waiting:
        host = host_key(entry.url or "")
        turns_secs = min(before[host] * delay_secs, LONGEST_SECS)
        before[host] += 1
        due[now + timedelta(seconds=max(1, ceil(wait_secs + turns_secs)))].append(entry)
    return due
