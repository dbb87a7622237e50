"""From a shape and its tokens to a value: the arithmetic of the calendar."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from pipelines.times.clock import (
    Clock,
    Unresolved,
    Words,
    day_of,
    nearest,
    same_day,
    year_of,
    year_or_base,
)
from pipelines.times.dates import Value, month, month_day, numeric, one_day, spaced, two_days
from pipelines.times.values import granularity, interval, shift_months

if TYPE_CHECKING:
    from collections.abc import Callable

_EDGES = {"end": "END", "begin": "START", "mid": "MID", "early": "START", "late": "END"}
LONE_YEARS = 12
"""How far from the article a year may lie that no word shows to be one."""

_MAX_OFFSET = {"year": 300, "month": 3000, "week": 10_000, "day": 40_000}
_LAST = -1
"""The ordinal "last": the fourth quarter, the second half."""

_SEASON_MONTH = {"SP": 4, "SU": 7, "FA": 10, "WI": 12}
"""A month of each in the year that names it."""

_LAST_YEAR = date.max.year - 1


def _nth(words: Words) -> int:
    for name in ("roman", "ord", "nord", "olast", "num"):
        number = words.senses.get(name)
        if number is not None:
            return int(number)
    raise ValueError("no ordinal")


def _half(clock: Clock, words: Words) -> list[Value]:
    number = _nth(words)
    if words.has("month", "wmonth"):
        return [(month(clock, words)[0][0], "START" if number == 1 else "END")]
    number = 2 if number == _LAST else number
    if number not in {1, 2}:
        return []
    return [(f"{year_or_base(clock, words):04d}-H{number}", None)]


def _quarter(clock: Clock, words: Words) -> list[Value]:
    number = _nth(words)
    if number == _LAST:
        if "rel" in words.senses and not words.has("year", "yearw", "kyear"):
            return _relative(clock, words)
        number = 4
    return [(f"{year_or_base(clock, words):04d}-Q{number}", None)] if 1 <= number <= 4 else []


def _period(clock: Clock, words: Words) -> list[Value]:
    return [(f"{year_or_base(clock, words):04d}-{words.senses['period']}", None)]


def _season(clock: Clock, words: Words) -> list[Value]:
    """Return the season named; winter has the year of its December, as in TIMEX3.

    "Last winter" is none that still lasts and "next summer" none that has begun; "this spring" is
    that of the year, "this winter", or a bare season, the one of these months, else the nearest.
    """
    name = words.senses.get("season") or words.senses["seasona"]
    year = year_of(clock, words)
    if year is None:
        offsets = [int(t["rel"]) for t in words.each if "rel" in t]
        year = _season_year(clock, name, max(offsets, key=abs) if offsets else None)
    return [(f"{year:04d}-{name}", None)]


def _season_year(clock: Clock, name: str, offset: int | None) -> int:
    base = day_of(clock)
    spans = {
        year: interval(f"{year:04d}-{name}")
        for year in range(max(base.year - 2, date.min.year), min(base.year + 1, _LAST_YEAR) + 1)
    }
    if offset is not None and offset < 0:
        return max((y for y, (_, end) in spans.items() if end < base), default=base.year)
    if offset is not None and offset > 0:
        return min((y for y, (start, _) in spans.items() if start > base), default=base.year)
    lasting = [y for y, (start, end) in spans.items() if start <= base <= end]
    if not lasting and offset == 0 and name != "WI":
        return base.year
    return lasting[0] if lasting else nearest(clock, _middles(base, name), None).year


def _middles(base: date, name: str) -> tuple[date, ...]:
    return same_day(base, _SEASON_MONTH[name], 15)


def _relative(clock: Clock, words: Words) -> list[Value]:
    base, offset = day_of(clock), int(words.senses["rel"])
    if words.has("quarter", "semester"):
        size, letter = (3, "Q") if "quarter" in words.senses else (6, "H")
        day = shift_months(base.replace(day=1), offset * size)
        return [(f"{day.year:04d}-{letter}{(day.month - 1) // size + 1}", None)]
    return [(_moved(base, offset, words.senses["unit"]), None)]


def _moved(base: date, offset: int, unit: str) -> str:
    """Return the value ``offset`` units after ``base``, at the granularity of the unit."""
    if abs(offset) > _MAX_OFFSET[unit]:
        raise ValueError("offset out of range")
    if unit == "year":
        return f"{base.year + offset:04d}"
    if unit == "month":
        return shift_months(base, offset).isoformat()[:7]
    if unit == "week":
        year, week, _ = (base + timedelta(weeks=offset)).isocalendar()
        return f"{year:04d}-W{week:02d}"
    return (base + timedelta(days=offset)).isoformat()


def _edge(clock: Clock, words: Words) -> list[Value]:
    """Read "end of", "mid-", "by the end of": vague parts keep the unit, deadlines the day."""
    edge, is_late = _edge_of(words)
    value = _unit_value(clock, words)
    by = (
        edge == "BY"
        or "dend" in words.senses
        or ("until" in words.senses and edge != "START" and not is_late)
    )
    if by and edge in {"BY", "END"}:
        return [(interval(value)[1].isoformat(), None)]
    if by and edge == "MID" and granularity(value) == "year":
        return [(value, "MID"), (f"{value}-06", "END")]
    return [(value, edge)]


def _edge_of(words: Words) -> tuple[str, bool]:
    for senses in words.each:
        for name, edge in _EDGES.items():
            if name in senses:
                return edge, name == "late"
        if "yend" in senses:
            return senses["yend"], False
    return "END", False


def _unit_value(clock: Clock, words: Words) -> str:
    for names, read in _UNITS:
        if words.has(*names) and (read is not _half or words.has("ord", "nord", "roman", "olast")):
            found = read(clock, words)
            if found:
                return found[0][0]
            raise ValueError("no such period")
    return f"{year_or_base(clock, words):04d}"


def _unit(clock: Clock, words: Words) -> list[Value]:
    return [(_moved(day_of(clock), words.senses.get("rel") or 0, words.senses["unit"]), None)]


def _amount(words: Words) -> int:
    for name in ("num", "card"):
        number = words.senses.get(name)
        if number is not None:
            return int(number)
    return 1


def _offset(clock: Clock, words: Words, sign: int) -> list[Value]:
    unit = words.senses.get("units") or words.senses.get("unit") or "year"
    amount = sign * _amount(words)
    if unit == "week":
        unit, amount = "day", 7 * amount
    return [(_moved(day_of(clock), amount, unit), None)]


def _ahead(clock: Clock, words: Words) -> list[Value]:
    return _offset(clock, words, 1)


def _behind(clock: Clock, words: Words) -> list[Value]:
    return _offset(clock, words, -1)


def _day(clock: Clock, words: Words) -> list[Value]:
    return [(_moved(day_of(clock), words.senses["day"], "day"), None)]


def _said(clock: Clock, words: Words) -> list[Value]:
    clock.is_retold = True
    offset = words.senses.get("sday")
    if offset is not None:
        return [(_moved(clock.said or day_of(clock), offset, "day"), None)]
    if clock.said is None:
        return []
    if "follow" in words.senses:
        return [(f"{clock.said.year + 1:04d}", None)]
    unit = "year" if "yearw" in words.senses else words.senses["unit"]
    return [(_moved(clock.said, 0, unit), None)]


def _weekday(clock: Clock, words: Words) -> list[Value]:
    base, weekday = day_of(clock), int(words.senses["weekday"])
    back = (base.isoweekday() - weekday) % 7
    offset = words.senses.get("rel") or 0
    if offset > 0:
        back -= 7
    elif offset < 0 and back == 0:
        back = 7
    return [((base - timedelta(days=back)).isoformat(), None)]


def _night(clock: Clock, words: Words) -> list[Value]:
    days = [t for t in words.each if "weekday" in t]
    first, last = (int(t["weekday"]) for t in (days[0], days[-1]))
    values = _weekday(clock, Words(days[-1:]))
    return values if (last - first) % 7 == 1 else _weekday(clock, Words(days[:1])) + values


def _kmonth(clock: Clock, words: Words) -> list[Value]:
    return [(_moved(day_of(clock), int(words.senses["kmonth"]), "month"), None)]


def _daypart(clock: Clock, words: Words) -> list[Value]:
    return [(_moved(day_of(clock), int(words.senses["rel"]), "day"), None)]


def _plain_year(clock: Clock, words: Words) -> list[Value]:
    year = year_of(clock, words)
    return [] if year is None else [(f"{year:04d}", None)]


def _lone_year(clock: Clock, words: Words) -> list[Value]:
    is_near = abs(words.senses["year"] - day_of(clock).year) <= LONE_YEARS
    return _plain_year(clock, words) if is_near else []


def _years(_clock: Clock, words: Words) -> list[Value]:
    return [(f"{t['year']:04d}", None) for t in words.each if "year" in t]


_UNITS: tuple[tuple[tuple[str, ...], Callable[[Clock, Words], list[Value]]], ...] = (
    (("semester", "half"), _half),
    (("quarter",), _quarter),
    (("period",), _period),
    (("season", "seasona"), _season),
    (("month", "wmonth"), month),
    (("unit",), _unit),
)
_READERS: dict[str, Callable[[Clock, Words], list[Value]]] = {
    "numeric": numeric,
    "spaced": spaced,
    "date": one_day,
    "dates": two_days,
    "monthday": month_day,
    "month": month,
    "half": _half,
    "quarter": _quarter,
    "period": _period,
    "season": _season,
    "relative": _relative,
    "edge": _edge,
    "ahead": _ahead,
    "behind": _behind,
    "kmonth": _kmonth,
    "day": _day,
    "said": _said,
    "weekday": _weekday,
    "night": _night,
    "daypart": _daypart,
    "year": _plain_year,
    "years": _years,
    "bareyear": _plain_year,
    "weakyear": _plain_year,
    "loneyear": _lone_year,
}


def read_shape(clock: Clock, shape: str, words: Words) -> list[Value] | None:
    """Return the values of ``words`` read as ``shape``: none for no date at all.

    None when the words are relative and the article has no day that they could be relative to.
    """
    try:
        found = _READERS[shape](clock, words)
        if found:
            spans = [interval(value) for value, _ in found]
            clock.said = spans[0][0]
    except (ValueError, OverflowError):
        return []
    except Unresolved:
        return None
    return found
