"""When a feed brings news: learned from its polls, in 32 numbers a feed. Pure.

A feed publishes at its own hours: an office from nine to five in its time zone, a digest at six,
a newspaper all day and hardly at night. What a poll found is spread over the hours since the
last one; the counts fade over weeks. The expected yield of an hour is the feed's rate times the
hour's share times the day's share, each drawn towards the average while little is known.

The next poll is due when the *urgency* gathered since the last one reaches one; an hour gives
urgency by its expected yield to the power :data:`POWER`. So a poll falls soon after the hour at
which a feed wakes up, and its quiet hours cost little. Polls by the square root of the rate make
the average delay least; a little less than the root finds the rare entries of quiet feeds sooner.
docs/fetching.md has what the values chosen give.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

HOURS, DAYS = 24, 7
SIZE = HOURS + DAYS + 1
"""The counts of the hours (UTC), of the days of the week, and the days observed."""

KEPT_A_DAY = 0.93
"""What is left of a count after a day: half after nine and a half days."""

HOUR_PRIOR, DAY_PRIOR = 6.0, 8.0
"""So many entries, spread evenly, are added to what was counted: one find makes no habit."""

DEFAULT_A_DAY = 8.0
PRIOR_DAYS = 0.25
"""A feed of which nothing is known is taken to have published so much for so long."""

REFERENCE_SECS = 1940.0
"""Interval of a feed at :data:`DEFAULT_A_DAY` entries a day."""

POWER = 0.44
"""Interval = reference × (default rate / expected rate) ^ power."""

LEAST_SHARE = 0.02
"""No hour is taken to bring less than this share of the average hour."""

_DAY_SECS, _HOUR_SECS = 86_400.0, 3600.0


def learned(
    rhythm: tuple[float, ...], new: int, since: datetime | None, now: datetime
) -> tuple[float, ...]:
    """Return ``rhythm`` with ``new`` entries that came between ``since`` and ``now`` added.

    ``since`` is None at the first poll: how long its entries had been out is not known.

    >>> from datetime import datetime, timedelta, timezone
    >>> noon = datetime(2024, 12, 7, 12, tzinfo=timezone.utc)
    >>> learned((), 3, noon - timedelta(minutes=30), noon)[11]
    3.0
    """
    if since is None or now <= since:
        return rhythm
    counts = list(rhythm) if len(rhythm) == SIZE else [0.0] * SIZE
    midnights = now.toordinal() - since.toordinal()
    if midnights:
        fading = KEPT_A_DAY**midnights
        counts = [round(count * fading, 3) for count in counts]
    length = (now - since).total_seconds()
    if new:
        for hour, day, secs in _hours(since, min(length, _DAY_SECS * 2.0)):
            part = new * secs / min(length, _DAY_SECS * 2.0)
            counts[hour] += part
            counts[HOURS + day] += part
    counts[-1] += length / _DAY_SECS
    return tuple(counts)


def wait_secs(
    rhythm: tuple[float, ...], now: datetime, *, least: float, most: float, scale: float = 1.0
) -> float:
    """Return how long to wait from ``now``: until the urgency reaches one.

    Args:
        rhythm: what :func:`learned` gave.
        now: the end of the last poll, UTC.
        least: seconds; no interval is shorter.
        most: seconds; no wait is longer.
        scale: factor of all intervals.
    """
    counts = rhythm if len(rhythm) == SIZE else (0.0,) * SIZE
    total = sum(counts[:HOURS])
    rate = (total + DEFAULT_A_DAY * PRIOR_DAYS) / (counts[-1] + PRIOR_DAYS)
    hour, day = now.hour, now.weekday()
    secs = _HOUR_SECS - now.minute * 60 - now.second - now.microsecond / 1e6
    waited = urgency = 0.0
    while waited < most:
        around = (counts[hour - 1 if hour else HOURS - 1] + 2 * counts[hour]) / 4
        around += counts[hour + 1 if hour < HOURS - 1 else 0] / 4
        share = (around * HOURS + HOUR_PRIOR) / (total + HOUR_PRIOR)
        share *= (counts[HOURS + day] * DAYS + DAY_PRIOR) / (total + DAY_PRIOR)
        expected = rate * (max(LEAST_SHARE, share))
        pace = REFERENCE_SECS * scale * float((DEFAULT_A_DAY / expected) ** POWER)
        pace = max(least, pace)
        if urgency + secs / pace >= 1.0:
            return min(waited + (1.0 - urgency) * pace, most)
        urgency += secs / pace
        waited += secs
        secs = _HOUR_SECS
        hour += 1
        if hour == HOURS:
            hour, day = 0, (day + 1) % DAYS
    return most


def _hours(start: datetime, length: float) -> list[tuple[int, int, float]]:
    """Return (hour, day of the week, seconds in it) for each hour that ``length`` secs touch."""
    hour, day = start.hour, start.weekday()
    secs = min(_HOUR_SECS - start.minute * 60 - start.second - start.microsecond / 1e6, length)
    found = [(hour, day, secs)]
    length -= secs
    while length > 0:
        hour += 1
        if hour == HOURS:
            hour, day = 0, (day + 1) % DAYS
        found.append((hour, day, min(_HOUR_SECS, length)))
        length -= _HOUR_SECS
    return found
