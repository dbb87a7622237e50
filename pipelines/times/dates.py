"""Days and months of the calendar: their shapes read to values."""

from __future__ import annotations

from datetime import date

from pipelines.times.clock import (
    Clock,
    Words,
    day_of,
    month_number,
    nearest,
    same_day,
    year_of,
)
from pipelines.times.values import shift_months

Value = tuple[str, str | None]
"""A TIMEX3-like value and its modifier (START, MID, END) or None."""


def numeric(_clock: Clock, words: Words) -> list[Value]:
    """Read a date in figures."""
    return [(words.senses["date"].isoformat(), None)]


def spaced(_clock: Clock, words: Words) -> list[Value]:
    """Read a date in figures with blanks: Czech and Slovak "17. 8. 2025"."""
    day, month_of_year = (int(t["num"]) for t in words.each if "num" in t)
    return [(date(int(words.senses["year"]), month_of_year, day).isoformat(), None)]


def _day_number(words: Words) -> int:
    for name in ("num", "nord", "ord"):
        day = words.senses.get(name)
        if day is not None:
            return int(day)
    raise ValueError("no day")


def one_day(clock: Clock, words: Words) -> list[Value]:
    """Read a day and a month, with or without a year."""
    return [(_one_date(clock, words, _day_number(words)).isoformat(), None)]


def _one_date(clock: Clock, words: Words, day: int) -> date:
    month = month_number(words)
    year = year_of(clock, words)
    if year is not None:
        return date(year, month, day)
    return nearest(clock, same_day(day_of(clock), month, day), words.senses.get("rel"))


def two_days(clock: Clock, words: Words) -> list[Value]:
    """Read "the 5th and 6th of May"."""
    numbers = [t[n] for t in words.each for n in ("num", "nord") if n in t]
    return [(_one_date(clock, words, day).isoformat(), None) for day in numbers[:2]]


def month_day(clock: Clock, words: Words) -> list[Value]:
    """Read "the 5th": of the month nearest to the article, or "of last month"."""
    base, day = day_of(clock), _day_number(words)
    choices = []
    told = words.senses.get("kmonth")
    for offset in (-1, 0, 1) if told is None else (int(told),):
        try:
            choices.append(shift_months(base, offset).replace(day=day))
        except ValueError:
            continue
    return [(nearest(clock, choices, None).isoformat(), None)] if choices else []


def month(clock: Clock, words: Words) -> list[Value]:
    """Read a month, with or without a year; "in May of the same year" is of the year last said."""
    month = month_number(words)
    year = year_of(clock, words)
    if words.has("same"):
        clock.is_retold = True
        year = clock.said.year if clock.said else None
    if year is None:
        start = Clock(base=day_of(clock).replace(day=1), by=clock.by)
        choices = same_day(day_of(clock), month, 1)
        year = nearest(start, choices, words.senses.get("rel")).year
    return [(f"{year:04d}-{month:02d}", None)]
