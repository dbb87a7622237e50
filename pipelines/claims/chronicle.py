"""A chronicle, whose paragraphs open with their days: each is the "today" of its paragraph; pure.

"21 November 2024. In the evening Putin appears: Russia has fired an Oreshnik at Dnipro." That
evening is the one of 21 November, and so is the strike, whenever the article was published.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, NamedTuple

from pipelines.times import find_times, granularity, interval

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connectors.records import TimeExpression
    from pipelines.claims.story import Frame, Story

LEAST_ENTRIES = 2
"""A single paragraph that opens with a day is no chronicle."""

OPENING_CHARS = 3
"""From the beginning of a paragraph to its day: a dash or bullet may stand there."""

AHEAD_DAYS = 31
"""A day without its year that lies further ahead is one of the year before."""

_MARK = re.compile(r"[\s\d]{0,5}(?:[.:]|\s[-–—])(?:\s|$)|\s*(?:\n|$)")
_YEAR = re.compile(r"\d{4}")
_DATED = frozenset(("done", "leave", "use", "suspend", "withdraw"))
"""Kinds of what happens on a day: what only stands there came on another."""


class Entry(NamedTuple):
    """A paragraph of a chronicle and its day."""

    start: int
    end: int
    told: int
    """Where its day ends and what happened then begins."""
    day: date


def entries_of(
    text: str, times: Sequence[TimeExpression], published: date | None
) -> tuple[Entry, ...]:
    """Return the paragraphs that open with a day, if they are a chronicle."""
    if published is None or len(times) < LEAST_ENTRIES:
        return ()
    found: list[Entry] = []
    for time in times:
        start = text.rfind("\n", 0, time.start) + 1
        if time.start - start > OPENING_CHARS or granularity(time.value) != "day":
            continue
        if text[time.end - 1] not in ".:" and not _MARK.match(text, time.end):
            continue
        if (end := text.find("\n", time.end)) < 0:
            end = len(text)
        found.append(Entry(start, end, time.end, _day(time, published)))
    return tuple(found) if len(found) >= LEAST_ENTRIES else ()


def _day(time: TimeExpression, published: date) -> date:
    day = interval(time.value)[0]
    if _YEAR.search(time.quote) or day - published <= timedelta(days=AHEAD_DAYS):
        return day
    return (day - timedelta(days=1)).replace(year=day.year - 1) + timedelta(days=1)


def by_entries(
    text: str, language: str, times: list[TimeExpression], entries: Sequence[Entry]
) -> list[TimeExpression]:
    """Return ``times`` with those of each entry as its day makes them."""
    for entry in entries:
        base = datetime.combine(entry.day, datetime.min.time(), tzinfo=timezone.utc)
        anew = [
            replace(t, start=t.start + entry.told, end=t.end + entry.told)
            for t in find_times(text[entry.told : entry.end], language, base)
        ]
        before = [t for t in times if t.start < entry.told]
        times = [*before, *anew, *(t for t in times if t.start >= entry.end)]
    return times


def entry_day(story: Story, frame: Frame, status: str) -> str | None:
    """Return the day of the entry in which something happened that has no time of its own."""
    anchor = frame.stage.anchor
    if status != "used" and (anchor.kind not in _DATED or status not in {"completed", "suspended"}):
        return None
    for entry in story.entries:
        if entry.start <= anchor.start < entry.end:
            return entry.day.isoformat()
    return None
