"""What relative words are relative to, and what a run of tokens says about it."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.times.lexicon import Senses

_STALE_DEADLINE_DAYS = 60
"""A yearless deadline further back than this means the next such day."""

_SAME_YEAR_DAYS = 60
"""How much nearer a day of the article's own year counts."""


@dataclass(slots=True)
class Clock:
    """What the words are relative to: the article's day and the day last said."""

    base: date | None
    said: date | None = None
    by: bool = False
    """Whether "by" or "until" stands before the words: a yearless day is then yet to come."""
    is_dated: bool = False
    """Whether anything read so far needed the article's day."""
    is_retold: bool = False
    """Whether anything read so far needed, or lacked, the day last said."""


class Unresolved(Exception):
    """Relative words without a day that they are relative to."""


class Words:
    """What the words of one expression mean, each and together."""

    __slots__ = ("each", "senses")

    def __init__(self, each: Sequence[Senses]) -> None:
        """Take the senses of each word; of two in one category the first one counts."""
        self.each = each
        self.senses: Senses = {}
        for senses in reversed(each):
            self.senses.update(senses)

    def has(self, *names: str) -> bool:
        """Say whether a word is in one of these categories."""
        return not self.senses.keys().isdisjoint(names)


def day_of(clock: Clock) -> date:
    """Return the article's day, or raise :class:`Unresolved`."""
    clock.is_dated = True
    if clock.base is None:
        raise Unresolved
    return clock.base


def year_of(clock: Clock, words: Words) -> int | None:
    """Return the year that ``words`` name, if any."""
    year = words.senses.get("year")
    if year is not None:
        return int(year)
    offset = words.senses.get("kyear")
    if offset is None and ("yearw" in words.senses or words.senses.get("yend") == "BY"):
        offset = words.senses.get("rel")
    if offset is None:
        offset = words.senses.get("yrel")
    return None if offset is None else day_of(clock).year + int(offset)


def year_or_base(clock: Clock, words: Words) -> int:
    """Return the year named, else the article's."""
    year = year_of(clock, words)
    return day_of(clock).year if year is None else year


def month_number(words: Words) -> int:
    """Return the number of the month that a token names."""
    month = words.senses.get("month")
    return int(month if month is not None else words.senses["wmonth"])


def nearest(clock: Clock, choices: Sequence[date], offset: int | None) -> date:
    """Return the choice meant by a yearless date: next, last, or the nearest to the article."""
    base = day_of(clock)
    if offset is not None and offset > 0:
        return min((c for c in choices if c > base), default=choices[-1])
    if offset is not None and offset < 0:
        return max((c for c in choices if c < base), default=choices[0])
    closest, least = choices[0], date.max.toordinal()
    for choice in choices:
        days = abs(choice.toordinal() - base.toordinal())
        days -= _SAME_YEAR_DAYS if choice.year == base.year else 0
        if days < least:
            closest, least = choice, days
    if clock.by and (base - closest).days > _STALE_DEADLINE_DAYS:
        return min((c for c in choices if c > base), default=closest)
    return closest


@functools.lru_cache(maxsize=4096)
def same_day(base: date, month: int, day: int) -> tuple[date, ...]:
    """Return that day of the year before, of the same and of the next, where it exists."""
    days: list[date] = []
    for year in (base.year - 1, base.year, base.year + 1):
        try:
            days.append(date(year, month, day))
        except ValueError:
            continue
    if not days:
        raise ValueError("no such day")
    return tuple(days)
