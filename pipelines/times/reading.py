"""One stretch of text read for its times: tokens, shapes, values, and what stayed unresolved."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from pipelines.times.clock import Clock
from pipelines.times.grammar import Grammar, load_grammar
from pipelines.times.lexicon import COUNTED, Lexicon, kind_of, load_lexicon
from pipelines.times.resolve import read_shape
from pipelines.times.tokens import Token, tokenize

MAXREMEMBERED_CHARS = 80
"""Longer stretches are rarely printed twice."""

MAXREMEMBERED = 20_000
"""Stretches whose times are remembered, per language and process; about 8 MB."""

_OUTER = frozenset(("prep", "fill", "in", "after", "until", "dot", "comma"))
_DEADLINE_SHAPES = frozenset(("edge", "ahead"))


class Found(NamedTuple):
    """Characters ``[start, end)`` of a stretch with a value, or None and why there is none."""

    start: int
    end: int
    value: str | None
    modifier: str | None = None


_Known = dict[tuple[str, str, date | None], tuple[tuple[Found, ...], date | None]]
"""(stretch, what follows, article's day if it matters) → times, and the day last said."""

REMEMBERED: dict[str, _Known] = {}


@dataclass(slots=True)
class StretchReader:
    """Reads the stretches of one text in order; remembers across texts what is often printed."""

    language: str
    base: date | None
    _clock: Clock = field(init=False)
    _lexicon: Lexicon = field(init=False)
    _grammar: Grammar = field(init=False)
    _known: _Known = field(init=False)

    def __post_init__(self) -> None:
        """Look up the tables of the language."""
        self._lexicon, self._grammar = load_lexicon(self.language), load_grammar(self.language)
        self._known = REMEMBERED.setdefault(self.language, {})
        self._clock = Clock(base=self.base)

    def read(self, text: str, following: str) -> tuple[Found, ...]:
        """Return the times of ``text``; ``following`` as in :class:`windows.Stretch`."""
        if len(text) > MAXREMEMBERED_CHARS:
            return self._read(text, following)
        for base in (None, self.base):
            if remembered := self._known.get((text, following, base)):
                found, said = remembered
                self._clock.said = said or self._clock.said
                return found
        before = self._clock.said
        self._clock.said, self._clock.is_dated, self._clock.is_retold = None, False, False
        found = self._read(text, following)
        if self._clock.is_retold and before:
            self._clock.said = before
            return self._read(text, following)
        if len(self._known) >= MAXREMEMBERED:
            self._known.clear()
        if not self._clock.is_retold and (self.base or not self._clock.is_dated):
            base = self.base if self._clock.is_dated else None
            self._known[text, following, base] = found, self._clock.said
        self._clock.said = self._clock.said or before
        return found

    def _read(self, text: str, following: str) -> tuple[Found, ...]:
        tokens = tokenize(text, self._lexicon, 0, len(text))
        encoded = self._grammar.encode(tokens)
        found: list[Found] = []
        position = 0
        while position < len(tokens):
            end = position
            if encoded[position] != "#":
                end = self._longest(tokens, encoded, position, following, found)
            position = max(end, position + 1)
        return tuple(found)

    def _longest(
        self,
        tokens: list[Token],
        encoded: str,
        position: int,
        following: str,
        found: list[Found],
    ) -> int:
        """Add the longest expression at ``position`` and return where it ends; 0 for none."""
        shape, end = self._grammar.longest(encoded, position)
        if not shape:
            return 0
        inner = _skip_outer(tokens, position, end)
        if inner > position and self._grammar.longest(encoded, inner)[1] > end:
            return inner
        if not _is_plausible(shape, tokens, (position, end), self._lexicon, following):
            return 0
        part = tokens[position:end]
        self._clock.by = _follows_deadline(tokens, position)
        values = read_shape(self._clock, shape, part)
        core = part if shape in _DEADLINE_SHAPES else _trimmed(part)
        start, stop = core[0].start, core[-1].end
        if values is None:
            found.append(Found(start, stop, None))
            return 0
        found += [Found(start, stop, value, modifier) for value, modifier in values]
        return end if values else 0


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


def _is_plausible(
    shape: str,
    tokens: list[Token],
    span: tuple[int, int],
    lexicon: Lexicon,
    following: str,
) -> bool:
    """Tell a year from a number and "tomorrow" from "the morning"."""
    start, end = span
    first = tokens[start].senses
    if shape == "day" and "daypart" in first:
        return start == 0 or not _OUTER.intersection(tokens[start - 1].senses)
    if shape not in {"bareyear", "weakyear"} and not (shape == "year" and "sure" in first):
        return True
    if end < len(tokens):
        after = tokens[end]
        if after.senses or not after.word[:1].isalpha():
            return True
        following = kind_of(after.word)
    if not following:
        return True
    if shape == "weakyear" or (shape == "bareyear" and "year_word" in lexicon.flags):
        return False
    return following != COUNTED
