"""The days that a TIMEX3-like value covers."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache

Span = tuple[date, date]

_VALUE = re.compile(r"(\d{4})(?:-(?:(H)([12])|(Q)([1-4])|(\d\d)(?:-(\d\d))?|(SP|SU|FA|WI)))?")
_LEAST = datetime.min.replace(tzinfo=timezone.utc)
_MOST = datetime.max.replace(tzinfo=timezone.utc)
_SEASONS = {"SP": (3, 5), "SU": (6, 8), "FA": (9, 11), "WI": (12, 12)}


@lru_cache(maxsize=1 << 12)
def span_of(value: str) -> Span | None:
    """Return the first and last day of ``value``, or None for what is no such value.

    >>> span_of("2025-H2")
    (datetime.date(2025, 7, 1), datetime.date(2025, 12, 31))
    >>> span_of("2025-12-06")
    (datetime.date(2025, 12, 6), datetime.date(2025, 12, 6))
    >>> span_of("soon") is None
    True
    """
    match = _VALUE.fullmatch(value)
    if match is None:
        return None
    year = int(match.group(1))
    first, last = 1, 12
    if match.group(2):
        first = 6 * int(match.group(3)) - 5
        last = first + 5
    elif match.group(4):
        first = 3 * int(match.group(5)) - 2
        last = first + 2
    elif match.group(8):
        first, last = _SEASONS[match.group(8)]
    elif match.group(6):
        first = last = int(match.group(6))
    try:
        if match.group(7):
            day = date(year, first, int(match.group(7)))
            return day, day
        return date(year, first, 1), date(year, last, monthrange(year, last)[1])
    except ValueError:
        return None


def around(moment: datetime, within: timedelta) -> tuple[datetime, datetime]:
    """Return the first and last moment within ``within`` of ``moment``, as far as there are such.

    >>> around(datetime(2025, 1, 2, tzinfo=timezone.utc), timedelta(days=1))[0].day
    1
    """
    return (
        moment - within if moment - _LEAST > within else _LEAST,
        moment + within if _MOST - moment > within else _MOST,
    )


def same_half(span: Span) -> str:
    """Return the half-year that holds ``span``, or its years: the grain in which dates disagree.

    >>> same_half((date(2025, 7, 1), date(2025, 7, 31)))
    '2025-H2'
    >>> same_half((date(2025, 1, 1), date(2025, 12, 31)))
    '2025'
    """
    first, last = span
    half = (first.month + 5) // 6
    if first.year == last.year and half == (last.month + 5) // 6:
        return f"{first.year}-H{half}"
    return str(first.year) if first.year == last.year else f"{first.year}/{last.year}"
