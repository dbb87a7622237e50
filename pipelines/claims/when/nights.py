"""Nights and their days: "in the night to Tuesday", "on Sunday, at dawn"; pure."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from pipelines.times import granularity, interval

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connectors.records import TimeExpression

DAY_CHARS = 8
"""From "in the night" to its day."""

NIGHT_CHARS = 14
"""From a day to the next: "on Monday night into Tuesday"."""

COMMA_CHARS = 2
"""Of a comma and a blank: "on Sunday, at dawn"."""


def is_before_its_day(time: TimeExpression, others: Sequence[TimeExpression]) -> bool:
    """Say whether the day named right after it is what counts: "in the night to Tuesday"."""
    if any(c.isdigit() for c in time.quote) or granularity(time.value) != "day":
        return False
    days = [t for t in others if granularity(t.value) == "day"]
    return any(_is_before(time, t) or _is_after(time, t) for t in days)


def _is_before(time: TimeExpression, day: TimeExpression) -> bool:
    """Say whether a night stands before its day, or a day before the next."""
    gap = day.start - time.end
    if _is_next_day(time, day):
        return COMMA_CHARS < gap <= NIGHT_CHARS
    return 0 < gap <= DAY_CHARS and not _is_after(day, time)


def _is_after(time: TimeExpression, day: TimeExpression) -> bool:
    """Say whether a night, by itself the article's, stands after its day: "on Sunday, at dawn"."""
    reach = COMMA_CHARS if _is_next_day(day, time) else NIGHT_CHARS
    return 0 < time.start - day.end <= reach and day.value < time.value


def _is_next_day(time: TimeExpression, other: TimeExpression) -> bool:
    return interval(other.value)[0] - interval(time.value)[0] == timedelta(days=1)
