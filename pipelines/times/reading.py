"""One stretch of text read for its times: tokens, shapes, values, and what stayed unresolved."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipelines.times.cells import Cells, load_cells
from pipelines.times.clock import Clock, Words
from pipelines.times.grammar import OUTER, Grammar, load_grammar
from pipelines.times.lexicon import COUNTED, Lexicon, kind_of, load_lexicon
from pipelines.times.resolve import read_shape
from pipelines.times.unspaced import unspaced

if TYPE_CHECKING:
    from datetime import date

    from pipelines.times.tokens import Token

MAXREMEMBERED_CHARS = 80
"""Longer stretches are rarely printed twice."""

MAXREMEMBERED = 5_000
"""Stretches whose times are remembered, per language and process; about 2 MB."""

_DOUBTED = frozenset(("day", "bareyear", "weakyear", "loneyear", "year"))
"""Shapes that what stands around them may make something else than a time."""


Found = tuple[int, int, "str | None", "str | None"]
"""Characters ``[start, end)`` of a stretch, their value and its modifier; no value: unresolved.

A plain tuple, as every stretch makes some: a named one takes three times as long to make.
"""

_Known = dict[tuple[str, str], tuple[list[Found], "date | None", "date | None"]]
"""(stretch, what follows) → times, the day last said, the article's day if it matters."""

REMEMBERED: dict[str, _Known] = {}


@dataclass(slots=True)
class StretchReader:
    """Reads the stretches of one text in order; remembers across texts what is often printed."""

    language: str
    base: date | None
    _clock: Clock = field(init=False)
    _lexicon: Lexicon = field(init=False)
    _grammar: Grammar = field(init=False)
    _cells: Cells | None = field(init=False)
    _known: _Known = field(init=False)

    def __post_init__(self) -> None:
        """Look up the tables of the language."""
        self._lexicon, self._grammar = load_lexicon(self.language), load_grammar(self.language)
        self._cells = None if "unspaced" in self._lexicon.flags else load_cells(self.language)
        self._known = REMEMBERED.setdefault(self.language, {})
        self._clock = Clock(base=self.base)

    def read(self, text: str, following: str) -> list[Found]:
        """Return the times of ``text``; ``following`` as in :data:`windows.Stretch`."""
        if len(text) > MAXREMEMBERED_CHARS:
            return self._read(text, following)
        clock = self._clock
        remembered = self._known.get((text, following))
        if remembered and (remembered[2] is None or remembered[2] == self.base):
            clock.said = remembered[1] or clock.said
            return remembered[0]
        before, clock.is_dated, clock.is_retold = clock.said, False, False
        clock.said = None
        found = self._read(text, following)
        if clock.is_retold and before:
            clock.said = before
            return self._read(text, following)
        if not clock.is_retold and (self.base or not clock.is_dated):
            if len(self._known) >= MAXREMEMBERED:
                self._known.clear()
            base = self.base if clock.is_dated else None
            self._known[text, following] = found, clock.said, base
        clock.said = clock.said or before
        return found

    def _read(self, text: str, following: str) -> list[Found]:
        if self._cells is None:
            tokens = unspaced(text, self._lexicon)
            bases, codes = [0] * len(tokens), self._grammar.encode(tokens)
        else:
            tokens, bases, codes = self._cells.read(text)
        found: list[Found] = []
        reached = 0
        for start, end, shape, first, by in self._grammar.candidates(codes):
            if start < reached:
                continue
            if not shape:
                reached = end
                continue
            span = start, end
            if shape in _DOUBTED and not _is_plausible(
                shape, tokens, span, self._lexicon, following
            ):
                continue
            self._clock.by = by
            values = read_shape(
                self._clock, shape, Words([token.senses for token in tokens[start:end]])
            )
            begin, stop = bases[first] + tokens[first].start, bases[end - 1] + tokens[end - 1].end
            if values is None:
                found.append((begin, stop, None, None))
            elif values:
                found += [(begin, stop, value, modifier) for value, modifier in values]
                reached = end
        return found


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
        return start == 0 or not OUTER.intersection(tokens[start - 1].senses)
    if shape == "day" or (shape == "year" and "sure" not in first):
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
