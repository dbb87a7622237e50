"""From a shape and its tokens to a value: the arithmetic of the calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from pipelines.times.values import granularity, interval, shift_months

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pipelines.times.tokens import Token

Value = tuple[str, str | None]
"""A TIMEX3-like value and its modifier (START, MID, END) or None."""

_EDGES = {"end": "END", "begin": "START", "mid": "MID", "early": "START", "late": "END"}
_MAX_OFFSET = {"year": 300, "month": 3000, "week": 10_000, "day": 40_000}
_STALE_DEADLINE_DAYS = 60
"""A yearless deadline further back than this means the next such day."""

_LAST = -1
"""The ordinal "last": the fourth quarter, the second half."""

_SEASON_MONTH = {"SP": 4, "SU": 7, "FA": 10, "WI": 1}


@dataclass(slots=True)
class Reader:
    """What the words are relative to: the article's day and the day last said."""

    base: date | None
    said: date | None = None
    by: bool = False
    """Whether "by" or "until" stands before the words: a yearless day is then yet to come."""

    def read(self, shape: str, tokens: Sequence[Token]) -> list[Value]:
        """Return the values of ``tokens`` read as ``shape``; none when it cannot be resolved."""
        try:
            found = _READERS[shape](self, tokens)
            spans = [interval(value) for value, _ in found]
        except (ValueError, OverflowError, _Unresolved):
            return []
        if spans:
            self.said = spans[0][0]
        return found


class _Unresolved(Exception):
    """Relative words without a day that they are relative to."""


def _sense(tokens: Sequence[Token], name: str) -> Any:  # noqa: ANN401 - a table's value
    for token in tokens:
        if name in token.senses:
            return token.senses[name]
    return None


def _has(tokens: Sequence[Token], *names: str) -> bool:
    return any(name in token.senses for token in tokens for name in names)


def _base(reader: Reader) -> date:
    if reader.base is None:
        raise _Unresolved
    return reader.base


def _year(reader: Reader, tokens: Sequence[Token]) -> int | None:
    """Return the year that ``tokens`` name, if any."""
    year = _sense(tokens, "year")
    if year is not None:
        return int(year)
    offset = _sense(tokens, "kyear")
    if offset is None and _has(tokens, "yearw"):
        offset = _sense(tokens, "rel")
    return None if offset is None else _base(reader).year + int(offset)


def _year_or_base(reader: Reader, tokens: Sequence[Token]) -> int:
    year = _year(reader, tokens)
    return _base(reader).year if year is None else year


def _month_number(tokens: Sequence[Token]) -> int:
    month = _sense(tokens, "month")
    return int(month if month is not None else _sense(tokens, "wmonth"))


def _nearest(reader: Reader, choices: list[date], offset: int | None) -> date:
    """Return the choice meant by a yearless date: next, last, or the nearest to the article."""
    base = _base(reader)
    if offset is not None and offset > 0:
        return min((c for c in choices if c > base), default=choices[-1])
    if offset is not None and offset < 0:
        return max((c for c in choices if c < base), default=choices[0])
    nearest = min(choices, key=_Distance(base))
    if reader.by and (base - nearest).days > _STALE_DEADLINE_DAYS:
        return min((c for c in choices if c > base), default=nearest)
    return nearest


@dataclass(frozen=True, slots=True)
class _Distance:
    base: date

    def __call__(self, choice: date) -> int:
        days = abs((choice - self.base).days)
        return days - 60 if choice.year == self.base.year else days


def _same_day(base: date, month: int, day: int) -> list[date]:
    days: list[date] = []
    for year in (base.year - 1, base.year, base.year + 1):
        try:
            days.append(date(year, month, day))
        except ValueError:
            continue
    if not days:
        raise ValueError("no such day")
    return days


def _numeric(_reader: Reader, tokens: Sequence[Token]) -> list[Value]:
    return [(tokens[0].senses["date"].isoformat(), None)]


def _day_number(tokens: Sequence[Token]) -> int:
    for name in ("num", "nord", "ord"):
        day = _sense(tokens, name)
        if day is not None:
            return int(day)
    raise ValueError("no day")


def _date(reader: Reader, tokens: Sequence[Token]) -> list[Value]:
    return [(_one_date(reader, tokens, _day_number(tokens)).isoformat(), None)]


def _one_date(reader: Reader, tokens: Sequence[Token], day: int) -> date:
    month = _month_number(tokens)
    year = _year(reader, tokens)
    if year is not None:
        return date(year, month, day)
    return _nearest(reader, _same_day(_base(reader), month, day), _sense(tokens, "rel"))


def _dates(reader: Reader, tokens: Sequence[Token]) -> list[Value]:
    numbers = [t.senses[n] for t in tokens for n in ("num", "nord") if n in t.senses]
    return [(_one_date(reader, tokens, day).isoformat(), None) for day in numbers[:2]]


def _monthday(reader: Reader, tokens: Sequence[Token]) -> list[Value]:
    base, day = _base(reader), _day_number(tokens)
    choices = []
    for offset in (-1, 0, 1):
        try:
            choices.append(shift_months(base, offset).replace(day=day))
        except ValueError:
            continue
    return [(_nearest(reader, choices, None).isoformat(), None)] if choices else []


def _month(reader: Reader, tokens: Sequence[Token]) -> list[Value]:
    month = _month_number(tokens)
    year = _year(reader, tokens)
    if year is None:
        start = Reader(base=_base(reader).replace(day=1), by=reader.by)
        choices = _same_day(_base(reader), month, 1)
        year = _nearest(start, choices, _sense(tokens, "rel")).year
    return [(f"{year:04d}-{month:02d}", None)]


def _nth(tokens: Sequence[Token]) -> int:
    for name in ("roman", "ord", "nord", "olast", "num"):
        number = _sense(tokens, name)
        if number is not None:
            return int(number)
    raise ValueError("no ordinal")


def _half(reader: Reader, tokens: Sequence[Token]) -> list[Value]:
    number = _nth(tokens)
    if _has(tokens, "month", "wmonth"):
        return [(_month(reader, tokens)[0][0], "START" if number == 1 else "END")]
    number = 2 if number == _LAST else number
    if number not in {1, 2}:
        return []
    return [(f"{_year_or_base(reader, tokens):04d}-H{number}", None)]


def _quarter(reader: Reader, tokens: Sequence[Token]) -> list[Value]:
    number = _nth(tokens)
    if number == _LAST:
        if _has(tokens, "rel") and not _has(tokens, "year", "yearw", "kyear"):
            return _relative(reader, tokens)
        number = 4
    return [(f"{_year_or_base(reader, tokens):04d}-Q{number}", None)] if 1 <= number <= 4 else []


def _period(reader: Reader, tokens: Sequence[Token]) -> list[Value]:
    return [(f"{_year_or_base(reader, tokens):04d}-{_sense(tokens, 'period')}", None)]


def _season(reader: Reader, tokens: Sequence[Token]) -> list[Value]:
    name = _sense(tokens, "season") or _sense(tokens, "seasona")
    year = _year(reader, tokens)
    if year is None:
        base = _base(reader)
        offsets = [t.senses["rel"] for t in tokens if t.senses.get("rel")]
        middle = _same_day(base, _SEASON_MONTH[name], 15)
        year = _nearest(reader, middle, offsets[0] if offsets else None).year
    return [(f"{year:04d}-{name}", None)]


def _relative(reader: Reader, tokens: Sequence[Token]) -> list[Value]:
    base, offset = _base(reader), int(_sense(tokens, "rel"))
    if _has(tokens, "quarter", "semester"):
        size, letter = (3, "Q") if _has(tokens, "quarter") else (6, "H")
        day = shift_months(base.replace(day=1), offset * size)
        return [(f"{day.year:04d}-{letter}{(day.month - 1) // size + 1}", None)]
    return [(_moved(base, offset, _sense(tokens, "unit")), None)]


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


def _edge(reader: Reader, tokens: Sequence[Token]) -> list[Value]:
    """Read "end of", "mid-", "by the end of": vague parts keep the unit, deadlines the day."""
    edge, is_late = _edge_of(tokens)
    value = _unit_value(reader, tokens)
    by = _has(tokens, "dend") or (_has(tokens, "until") and edge != "START" and not is_late)
    if by and edge == "END":
        return [(interval(value)[1].isoformat(), None)]
    if by and edge == "MID" and granularity(value) == "year":
        return [(value, "MID"), (f"{value}-06", "END")]
    return [(value, edge)]


def _edge_of(tokens: Sequence[Token]) -> tuple[str, bool]:
    for token in tokens:
        for name, edge in _EDGES.items():
            if name in token.senses:
                return edge, name == "late"
        if "yend" in token.senses:
            return token.senses["yend"], False
    return "END", False


def _unit_value(reader: Reader, tokens: Sequence[Token]) -> str:
    for names, read in _UNITS:
        if _has(tokens, *names) and (
            read is not _half or _has(tokens, "ord", "nord", "roman", "olast")
        ):
            found = read(reader, tokens)
            if found:
                return found[0][0]
            raise ValueError("no such period")
    return f"{_year_or_base(reader, tokens):04d}"


def _unit(reader: Reader, tokens: Sequence[Token]) -> list[Value]:
    return [(_moved(_base(reader), _sense(tokens, "rel") or 0, _sense(tokens, "unit")), None)]


def _amount(tokens: Sequence[Token]) -> int:
    for name in ("num", "card"):
        number = _sense(tokens, name)
        if number is not None:
            return int(number)
    return 1


def _offset(reader: Reader, tokens: Sequence[Token], sign: int) -> list[Value]:
    unit = _sense(tokens, "units") or _sense(tokens, "unit") or "year"
    amount = sign * _amount(tokens)
    if unit == "week":
        unit, amount = "day", 7 * amount
    return [(_moved(_base(reader), amount, unit), None)]


def _ahead(reader: Reader, tokens: Sequence[Token]) -> list[Value]:
    return _offset(reader, tokens, 1)


def _behind(reader: Reader, tokens: Sequence[Token]) -> list[Value]:
    return _offset(reader, tokens, -1)


def _day(reader: Reader, tokens: Sequence[Token]) -> list[Value]:
    return [(_moved(_base(reader), _sense(tokens, "day"), "day"), None)]


def _said(reader: Reader, tokens: Sequence[Token]) -> list[Value]:
    offset = _sense(tokens, "sday")
    if offset is not None:
        return [(_moved(reader.said or _base(reader), offset, "day"), None)]
    if reader.said is None:
        return []
    if _has(tokens, "follow"):
        return [(f"{reader.said.year + 1:04d}", None)]
    unit = "year" if _has(tokens, "yearw") else _sense(tokens, "unit")
    return [(_moved(reader.said, 0, unit), None)]


def _weekday(reader: Reader, tokens: Sequence[Token]) -> list[Value]:
    base, weekday = _base(reader), int(_sense(tokens, "weekday"))
    back = (base.isoweekday() - weekday) % 7
    offset = _sense(tokens, "rel") or 0
    if offset > 0:
        back -= 7
    elif offset < 0 and back == 0:
        back = 7
    return [((base - timedelta(days=back)).isoformat(), None)]


def _night(reader: Reader, tokens: Sequence[Token]) -> list[Value]:
    days = [t for t in tokens if "weekday" in t.senses]
    first, last = (int(t.senses["weekday"]) for t in (days[0], days[-1]))
    values = _weekday(reader, days[-1:])
    return values if (last - first) % 7 == 1 else _weekday(reader, days[:1]) + values


def _kmonth(reader: Reader, tokens: Sequence[Token]) -> list[Value]:
    return [(_moved(_base(reader), int(_sense(tokens, "kmonth")), "month"), None)]


def _daypart(reader: Reader, tokens: Sequence[Token]) -> list[Value]:
    return [(_moved(_base(reader), int(_sense(tokens, "rel")), "day"), None)]


def _plain_year(reader: Reader, tokens: Sequence[Token]) -> list[Value]:
    year = _year(reader, tokens)
    return [] if year is None else [(f"{year:04d}", None)]


def _years(_reader: Reader, tokens: Sequence[Token]) -> list[Value]:
    return [(f"{t.senses['year']:04d}", None) for t in tokens if "year" in t.senses]


_UNITS: tuple[tuple[tuple[str, ...], Callable[[Reader, Sequence[Token]], list[Value]]], ...] = (
    (("semester", "half"), _half),
    (("quarter",), _quarter),
    (("period",), _period),
    (("season", "seasona"), _season),
    (("month", "wmonth"), _month),
    (("unit",), _unit),
)
_READERS: dict[str, Callable[[Reader, Sequence[Token]], list[Value]]] = {
    "numeric": _numeric,
    "date": _date,
    "dates": _dates,
    "monthday": _monthday,
    "month": _month,
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
}
