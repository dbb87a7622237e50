"""Chronicles: paragraphs headed by a day, each read as of that day; pure.

"21 November 2024. Six flashes over Dnipro: it is the X. … 18 December 2025. A day before, the X
arrived": what an entry tells without a time was on its day, and "a day before" counts from there.
One paragraph alone that opens with a day makes no chronicle.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, NamedTuple

from pipelines.claims.sentences.spans import SOLE_REACH_SENTENCES
from pipelines.claims.when.tensing import names_year
from pipelines.times import find_times, granularity, interval

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from connectors.records import TimeExpression
    from pipelines.claims.article.story import Frame, Story
    from pipelines.claims.sentences.sentence import Sentence

LEAST_ENTRIES = 2
"""Headings of different times that make a chronicle."""

MOST_ENTRIES = 200
"""What has more is a table or a data dump, and is read as any other text."""

_BEFORE = re.compile(r"(?:^|\n)[^\S\n]*(?:[-–—•*▪■【\[]\s?)?(?:[^\W\d_]{1,12},? )?$")
"""Before the time of a heading: the beginning of a line, a bullet, a weekday."""

_AFTER = re.compile(r"(?<=\.)\s|[^\S\n]?(?:[^\W_]{1,6})?[^\S\n]?(?:[.:：】\]|]|[–—-]\s|\s[–—]|\n)")
"""After it: a day's number and ending at most, and what parts it from the entry."""

AHEAD_DAYS = 31
"""A first day without its year that lies further ahead is one of the year before."""

_NUMBER = re.compile(r"[^\S\n](\d{1,2})(?!\d)")
"""The day's number behind a weekday: "Mardi 7"."""

MOST_WEEKS = 5
"""How far back such a day may be."""

_HAPPENED = frozenset(("used", "completed", "suspended", "underway"))
_CHANGES = frozenset(("done", "use", "leave", "back", "withdraw", "suspend", "begin", "arrival"))
"""What happens on a day, unlike what only stands there."""

MOST_SENTENCES = 25
"""From the name of the one weapon of a chronicle to "the missile" in one of its entries."""

BEFORE_CHARS = 20
"""Looked at before a time for the beginning of its line."""


class Entry(NamedTuple):
    """An entry of a chronicle: ``text[start:end]``, of the time ``when``."""

    start: int
    end: int
    when: str

    @property
    def day(self) -> date | None:
        """Its day; None where it is of a month, a season or a year."""
        return interval(self.when)[0] if granularity(self.when) == "day" else None


def entries_of(
    text: str, times: Sequence[TimeExpression], published: date | None
) -> tuple[Entry, ...]:
    r"""Return the entries of a chronicle in order, none of any other text.

    >>> from pipelines.times import find_times
    >>> text = "5 May 2025. Two X hit Kyiv.\n\n7 May 2025. It is quiet."
    >>> [entry.when for entry in entries_of(text, find_times(text, "en", None), None)]
    ['2025-05-05', '2025-05-07']
    """
    heads = [t for t in times if _is_heading(text, t)]
    if len({t.value for t in heads}) < LEAST_ENTRIES or len(heads) > MOST_ENTRIES:
        return ()
    entries: list[Entry] = []
    for position, head in enumerate(heads):
        when = _in_order(head, entries[-1].when if entries else None, published)
        when = _of_number(text, head, when)
        after = heads[position + 1].start if position + 1 < len(heads) else len(text)
        stop = text.find("\n", head.end)
        while stop >= 0 and not text[head.end : stop].strip(" .:：】]|–—-\n"):
            stop = text.find("\n", stop + 1)
        entries.append(Entry(head.start, min(after, stop if stop >= 0 else after), when))
    return tuple(entries)


def _is_heading(text: str, time: TimeExpression) -> bool:
    before = text[max(0, time.start - BEFORE_CHARS) : time.start]
    if time.start > BEFORE_CHARS and "\n" not in before:
        return False
    return bool(_BEFORE.search(before) and _AFTER.match(text, time.end))


def _in_order(head: TimeExpression, before: str | None, published: date | None) -> str:
    """Return the value of a heading; "22 June" after "15 March 2025" is not of next year."""
    value = head.value
    if published is None or names_year(head) or interval(value)[0] <= published:
        return value
    past = f"{int(value[:4]) - 1:04d}{value[4:]}"
    if before is None:
        return past if interval(value)[0] - published > timedelta(days=AHEAD_DAYS) else value
    return past if interval(before)[0] <= interval(past)[0] <= published else value


def _of_number(text: str, head: TimeExpression, when: str) -> str:
    """Return the day that a number behind a weekday asks for: "Wednesday 4" is not the 11th."""
    named = _NUMBER.match(text, head.end)
    if named is None or granularity(when) != "day" or any(c.isdigit() for c in head.quote):
        return when
    weeks = (interval(when)[0] - timedelta(days=7 * back) for back in range(MOST_WEEKS))
    return next((day.isoformat() for day in weeks if day.day == int(named[1])), when)


def read_again(
    text: str, language: str, times: Sequence[TimeExpression], entries: Sequence[Entry]
) -> list[TimeExpression]:
    """Return ``times`` with those of each entry counted from its day."""
    kept = [t for t in times if not any(e.day and e.start <= t.start < e.end for e in entries)]
    for start, end, when in (e for e in entries if e.day):
        base = datetime.fromisoformat(when).replace(tzinfo=timezone.utc)
        found = find_times(text[start:end], language, base)
        moved = [replace(t, start=t.start + start, end=t.end + start) for t in found]
        heads = [replace(t, value=when) for t in moved if t.start == start]
        kept += heads + [t for t in moved if t.start > start]
    return sorted(kept, key=lambda t: t.start)


def reach_of(reach: int) -> int:
    """Return how far a chronicle goes on with the one weapon that it is about."""
    return MOST_SENTENCES if reach == SOLE_REACH_SENTENCES else reach


def is_of_chronicle(story: Story, sentence: Sentence, gap: int) -> bool:
    """Say whether an entry far from the name of a chronicle's one weapon has a word for it."""
    if sentence.entry is None or gap > MOST_SENTENCES or story.alone < sentence.end:
        return False
    return sentence.has("weapon")


def entry_at(entries: Sequence[Entry], start: int, end: int) -> Entry | None:
    """Return the entry in which ``text[start:end]`` ends, or None."""
    return next((e for e in entries if e.start < end <= e.end + 2 and start < e.end), None)


def happened_then(sentence: Sentence, frame: Frame, status: str, when: str | None) -> str | None:
    """Return when what an entry tells happened: its own time, else that of its heading.

    What somebody says has happened, and what only stands there, did so before.
    """
    entry = sentence.entry
    if when is not None or entry is None or status not in _HAPPENED:
        return when
    if frame.stage.anchor.kind not in _CHANGES:
        return when
    return None if status != "used" and sentence.has("said", "according") else entry
