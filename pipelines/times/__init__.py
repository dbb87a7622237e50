"""Time expressions in news text, as TIMEX3-like values.

A table of words per language (``lexicons/``), one grammar for all of them (``grammar.py``)
and the arithmetic of the calendar (``resolve.py``). Numbers that are no date yield nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.records import TimeExpression
from pipelines.times.grammar import Grammar, load_grammar
from pipelines.times.lexicon import Lexicon, counted_nouns, fold, load_lexicon, supported
from pipelines.times.resolve import Reader
from pipelines.times.tokens import Token, tokenize
from pipelines.times.values import granularity, interval
from pipelines.times.windows import windows

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["find_times", "granularity", "interval"]

_OUTER = frozenset(("prep", "fill", "in", "after", "until", "dot", "comma"))
_DEADLINE_SHAPES = frozenset(("edge", "ahead"))


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
    table = supported(language)
    lexicon, grammar = load_lexicon(table), load_grammar(table)
    reader = Reader(base=published_at.date() if published_at else None)
    found: list[TimeExpression] = []
    for start, end in windows(text, lexicon):
        tokens = tokenize(text, lexicon, start, end)
        found += _read_all(text, tokens, lexicon, grammar, reader)
    return tuple(found)


def _read_all(
    text: str, tokens: list[Token], lexicon: Lexicon, grammar: Grammar, reader: Reader
) -> list[TimeExpression]:
    found: list[TimeExpression] = []
    encoded = grammar.encode(tokens)
    position = 0
    while position < len(tokens):
        if encoded[position] == "#":
            position += 1
            continue
        shape, end = grammar.longest(encoded, position)
        inner = _skip_outer(tokens, position, end) if shape else 0
        if inner > position and grammar.longest(encoded, inner)[1] > end:
            position = inner
            continue
        if not shape or not _is_plausible(shape, tokens, (position, end), lexicon):
            position += 1
            continue
        part = tokens[position:end]
        reader.by = _follows_deadline(tokens, position)
        values = reader.read(shape, part)
        core = part if shape in _DEADLINE_SHAPES else _trimmed(part)
        start, stop = core[0].start, core[-1].end
        found += [
            TimeExpression(start=start, end=stop, quote=text[start:stop], value=v, modifier=m)
            for v, m in values
        ]
        position = end if values else position + 1
    return found


def _follows_deadline(tokens: list[Token], position: int) -> bool:
    return any("until" in token.senses for token in tokens[max(0, position - 2) : position + 1])


def _skip_outer(tokens: list[Token], position: int, end: int) -> int:
    while position < end and _OUTER.issuperset(tokens[position].senses):
        position += 1
    return position if position < end else 0


def _trimmed(part: list[Token]) -> list[Token]:
    """Leave the prepositions out of the quote: "in 2025" is quoted as "2025"."""
    first = 0
    while first < len(part) - 1 and _OUTER.issuperset(part[first].senses):
        first += 1
    return part[first:]


def _is_plausible(shape: str, tokens: list[Token], span: tuple[int, int], lexicon: Lexicon) -> bool:
    """Tell a year from a number and "tomorrow" from "the morning"."""
    start, end = span
    first = tokens[start].senses
    if shape == "day" and "daypart" in first:
        return start == 0 or not _OUTER.intersection(tokens[start - 1].senses)
    if shape not in {"bareyear", "weakyear"} and not (shape == "year" and "sure" in first):
        return True
    following = tokens[end] if end < len(tokens) else None
    if following is None or following.senses or not following.word[:1].isalpha():
        return True
    if shape == "weakyear" or (shape == "bareyear" and "year_word" in lexicon.flags):
        return False
    return not fold(following.word).startswith(counted_nouns())
