"""Time expressions in news text, as TIMEX3-like values.

A table of words per language (``lexicons/``), one grammar for all of them (``grammar.py``)
and the arithmetic of the calendar (``resolve.py``). Numbers that are no date yield nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from connectors.records import TimeExpression
from pipelines.times.lexicon import load_lexicon, supported
from pipelines.times.reading import StretchReader
from pipelines.times.values import granularity, interval
from pipelines.times.windows import windows

if TYPE_CHECKING:
    from datetime import datetime

_GIVEN_NAME = re.compile(r"(?<!\w)(?<!\d )(?<!\d\. )Jan(?= [^\W\d_a-z][^\W\d_]*[a-z](?!\w))")
"""A given name that is spelt like a month's abbreviation, before a surname: "Jan Kos"."""

__all__ = ["UnresolvedTime", "find_times", "granularity", "interval", "read_times"]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnresolvedTime:
    """Words of time without a value, and why."""

    start: int
    end: int
    quote: str
    reason: str = "no publication date"


def find_times(
    text: str, language: str, published_at: datetime | None
) -> tuple[TimeExpression, ...]:
    """Return the time expressions of ``text`` in order, each with its value.

    Args:
        text: Any text; offsets are characters of it, ``text[start:end] == quote``.
        language: ISO 639-1, with or without a region; numeric dates are read in any language.
        published_at: The article's instant; without it relative expressions yield nothing.

    >>> from datetime import timezone
    >>> said_at = datetime(2024, 12, 6, tzinfo=timezone.utc)
    >>> [t.value for t in find_times("in the second half of next year", "en", said_at)]
    ['2025-H2']
    """
    return read_times(text, language, published_at)[0]


def read_times(
    text: str, language: str, published_at: datetime | None
) -> tuple[tuple[TimeExpression, ...], tuple[UnresolvedTime, ...]]:
    """Return what :func:`find_times` does, and the relative expressions that have no value.

    >>> [(t.quote, t.reason) for t in read_times("by next year", "en", None)[1]]
    [('by next year', 'no publication date')]
    """
    table = supported(language)
    base = published_at.date() if published_at else None
    reader = StretchReader(table, base)
    found: list[TimeExpression] = []
    unresolved: list[UnresolvedTime] = []
    read = _GIVEN_NAME.sub("Xxx", text) if "Jan " in text else text
    for begin, stop, following in windows(read, load_lexicon(table)):
        for first, last, value, modifier in reader.read(read[begin:stop], following):
            start, end = begin + first, begin + last
            quote = text[start:end]
            if value is None:
                unresolved.append(UnresolvedTime(start=start, end=end, quote=quote))
                continue
            found.append(
                TimeExpression(start=start, end=end, quote=quote, value=value, modifier=modifier)
            )
    return tuple(found), _apart(unresolved, found)


def _apart(
    unresolved: list[UnresolvedTime], found: list[TimeExpression]
) -> tuple[UnresolvedTime, ...]:
    """Leave out what lies within a longer one: "next year" in "the end of next year"."""
    kept: list[UnresolvedTime] = []
    for one in unresolved:
        if kept and one.start < kept[-1].end:
            continue
        if not any(t.start < one.end and one.start < t.end for t in found):
            kept.append(one)
    return tuple(kept)
