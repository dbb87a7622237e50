"""TIMEX3-like values and the days that they span."""

from __future__ import annotations

import calendar
import functools
import re
from datetime import date, timedelta

_VALUE = re.compile(
    r"(?P<year>\d{4})"
    r"(?:-(?:(?P<half>H[12])|(?P<quarter>Q[1-4])|(?P<season>SP|SU|FA|WI)|W(?P<week>\d{2})"
    r"|(?P<month>\d{2})(?:-(?P<day>\d{2}))?))?"
)
_SEASON_START = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}


@functools.lru_cache(maxsize=4096)
def interval(value: str) -> tuple[date, date]:
    """Return the first and the last day that ``value`` spans.

    Args:
        value: A year (``2025``), half (``2025-H2``), quarter, season, month, ISO week or day.

    Raises:
        ValueError: ``value`` is none of these, or no such day exists.

    >>> interval("2025-H2")
    (datetime.date(2025, 7, 1), datetime.date(2025, 12, 31))
    >>> interval("2025-12-18")
    (datetime.date(2025, 12, 18), datetime.date(2025, 12, 18))
    """
    match = _VALUE.fullmatch(value)
    if match is None:
        raise ValueError(f"not a time value: {value!r}")
    year = int(match["year"])
    if match["day"]:
        day = date(year, int(match["month"]), int(match["day"]))
        return day, day
    if match["week"]:
        monday = date.fromisocalendar(year, int(match["week"]), 1)
        return monday, monday + timedelta(days=6)
    first, months = _span_in_months(match)
    return _months(year, first, months)


def _span_in_months(match: re.Match[str]) -> tuple[int, int]:
    if match["half"]:
        return 1 + 6 * (int(match["half"][1]) - 1), 6
    if match["quarter"]:
        return 1 + 3 * (int(match["quarter"][1]) - 1), 3
    if match["season"]:
        return _SEASON_START[match["season"]], 3
    if match["month"]:
        return int(match["month"]), 1
    return 1, 12


def _months(year: int, first: int, count: int) -> tuple[date, date]:
    last = year * 12 + first - 1 + count - 1
    end_year, end_month = divmod(last, 12)
    end_day = calendar.monthrange(end_year, end_month + 1)[1]
    return date(year, first, 1), date(end_year, end_month + 1, end_day)


@functools.lru_cache(maxsize=4096)
def granularity(value: str) -> str:
    """Return ``year, half, quarter, season, month, week`` or ``day``.

    >>> granularity("2025-Q3")
    'quarter'
    """
    match = _VALUE.fullmatch(value)
    if match is None:
        raise ValueError(f"not a time value: {value!r}")
    for name in ("day", "month", "half", "quarter", "season", "week"):
        if match[name]:
            return name
    return "year"


def shift_months(day: date, months: int) -> date:
    """Return ``day`` moved by ``months``; a day that the month lacks becomes its last.

    >>> shift_months(date(2025, 1, 31), 1)
    datetime.date(2025, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
