"""Which year or week is meant where a time names none: what is planned lies ahead; pure."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from pipelines.times import granularity, interval

if TYPE_CHECKING:
    from datetime import date

    from connectors.records import TimeExpression

DAYS = 7
"""Of a week."""

_YEAR = re.compile(r"\d{4}|[去今明昨来來本]年|前年|작년|지난해|올해|내년")
_OF_A_YEAR = re.compile(r"[^\W\d_]+(?: [^\W\d_]+){2}(?<! bu)")
"""Three words that tell which month of which year: "July last year", not Turkish "since July"."""

AHEAD = frozenset(("planned", "possible"))
_BEHIND = frozenset(("completed", "used", "requested"))

_YEARLESS = frozenset(("day", "month", "quarter", "season"))
"""What may be named without its year: "in March", "this autumn"."""

_GRACE_DAYS = {"day": 31, "month": 31}
"""How long past a day or month may be that is still told as a plan."""


def names_year(time: TimeExpression) -> bool:
    """Say whether the words themselves tell which year: "in 2008", "last year"."""
    return _YEAR.search(time.quote) is not None


def tensed(
    time: TimeExpression, status: str, published: date | None, *, is_to_come: bool
) -> str | None:
    """Move a yearless month or day to the side of the article that its tense asks for.

    ``is_to_come`` says that a future stands before it: "will be withdrawn in May".
    """
    value = time.value
    year = _YEAR.search(time.quote) or (time.modifier is None and _OF_A_YEAR.fullmatch(time.quote))
    if published is None or year or granularity(value) not in _YEARLESS:
        return value
    first, last = interval(value)
    if granularity(value) == "day" and not any(c.isdigit() for c in time.quote):
        if status not in AHEAD or last > published:
            return value
        return _next_week(first, published) if is_to_come and status == "planned" else None
    if status == "suspended" and is_to_come and granularity(value) != "day":
        status = "planned"
    if status in AHEAD and (published - last).days > _GRACE_DAYS.get(granularity(value), 0):
        return f"{int(value[:4]) + 1:04d}{value[4:]}"
    if status in _BEHIND and first > published:
        return f"{int(value[:4]) - 1:04d}{value[4:]}"
    return value


def _next_week(day: date, published: date) -> str | None:
    """Return the weekday to come: "will arrive on Wednesday"; today's and yesterday's are none."""
    back = (published - day).days
    return (day + timedelta(days=DAYS)).isoformat() if 1 < back < DAYS else None
