"""What relative words are relative to, and what a run of tokens says about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.times.tokens import Token

_STALE_DEADLINE_DAYS = 60
"""A yearless deadline further back than this means the next such day."""


@dataclass(slots=True)
class Clock:
    """What the words are relative to: the article's day and the day last said."""

    base: date | None
    said: date | None = None
    by: bool = False
    """Whether "by" or "until" stands before the words: a yearless day is then yet to come."""


class Unresolved(Exception):
    """Relative words without a day that they are relative to."""


def sense(tokens: Sequence[Token], name: str) -> Any:  # noqa: ANN401 - a table's value
    """Return the value of the first token in category ``name``; None without one."""
    for token in tokens:
        if name in token.senses:
            return token.senses[name]
    return None


def has(tokens: Sequence[Token], *names: str) -> bool:
    """Say whether a token is in one of these categories."""
    return any(name in token.senses for token in tokens for name in names)


def day_of(clock: Clock) -> date:
    """Return the article's day, or raise :class:`Unresolved`."""
    if clock.base is None:
        raise Unresolved
    return clock.base


def year_of(clock: Clock, tokens: Sequence[Token]) -> int | None:
    """Return the year that ``tokens`` name, if any."""
    year = sense(tokens, "year")
    if year is not None:
        return int(year)
    offset = sense(tokens, "kyear")
    if offset is None and has(tokens, "yearw"):
        offset = sense(tokens, "rel")
    return None if offset is None else day_of(clock).year + int(offset)


def year_or_base(clock: Clock, tokens: Sequence[Token]) -> int:
    """Return the year named, else the article's."""
    year = year_of(clock, tokens)
    return day_of(clock).year if year is None else year


def month_number(tokens: Sequence[Token]) -> int:
    """Return the number of the month that a token names."""
    month = sense(tokens, "month")
    return int(month if month is not None else sense(tokens, "wmonth"))


def nearest(clock: Clock, choices: list[date], offset: int | None) -> date:
    """Return the choice meant by a yearless date: next, last, or the nearest to the article."""
    base = day_of(clock)
    if offset is not None and offset > 0:
        return min((c for c in choices if c > base), default=choices[-1])
    if offset is not None and offset < 0:
        return max((c for c in choices if c < base), default=choices[0])
    closest = min(choices, key=_Distance(base))
    if clock.by and (base - closest).days > _STALE_DEADLINE_DAYS:
        return min((c for c in choices if c > base), default=closest)
    return closest


@dataclass(frozen=True, slots=True)
class _Distance:
    base: date

    def __call__(self, choice: date) -> int:
        days = abs((choice - self.base).days)
        return days - 60 if choice.year == self.base.year else days


def same_day(base: date, month: int, day: int) -> list[date]:
    """Return that day of the year before, of the same and of the next, where it exists."""
    days: list[date] = []
    for year in (base.year - 1, base.year, base.year + 1):
        try:
            days.append(date(year, month, day))
        except ValueError:
            continue
    if not days:
        raise ValueError("no such day")
    return days
