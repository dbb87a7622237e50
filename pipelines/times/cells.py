"""What stands between two blanks, read once: the tokens of a stretch are put together from that.

No token reaches over a blank but a number with blanks in it, an amount of money, a share or an
empty line; a stretch that may hold one of these is read whole.
"""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

from pipelines.times.grammar import Grammar, load_grammar
from pipelines.times.lexicon import Lexicon, load_lexicon
from pipelines.times.tokens import Token, find_phrases, spaced, tokenize

MAX_KNOWN_CELLS = 8_000
"""Printed words whose tokens are remembered, per language and process: some 570 bytes each."""

MAX_CELL_CHARS = 40
"""Longer ones are addresses and the like, each printed once."""

_OPEN_END = re.compile(r"[#№§$€£%‰°\s]\Z")
"""What may go on after a blank: money, a degree, an empty line."""

_SHARES = "%‰°"

BEGINS, FIGURE = 1, 2
"""What a cell begins with: meaningless words, which join those before it; a figure or share."""

GOES_ON, HYPHENATED, NUMBER, OPEN = 4, 8, 16, 32
"""What it ends with: meaningless words, a dash, a figure, or what a blank does not end."""


class Cell(NamedTuple):
    """The tokens of a stretch without blanks, counted from its beginning, and their codes."""

    tokens: list[Token]
    code: str
    before: int
    """Of what it begins with, as bits."""
    after: int
    """Of what it ends with."""
    has_phrase: bool
    """Whether one of its words may begin a phrase."""


Tokens = tuple[list[Token], list[int], str]
"""The tokens of a stretch, where the count of each one's place begins, and their codes."""


class Cells(dict[str, Cell]):
    """The cells of one language, each read when it is first asked for."""

    __slots__ = ("_grammar", "_lexicon")

    def __init__(self, lexicon: Lexicon, grammar: Grammar) -> None:
        """Begin without cells; the tables say what words mean."""
        super().__init__()
        self._lexicon, self._grammar = lexicon, grammar

    def __missing__(self, chunk: str) -> Cell:
        """Read ``chunk``, and remember it while there is room."""
        tokens, joint = spaced(chunk, self._lexicon)
        printed, phrases = self._lexicon.phrase_words, self._lexicon.phrases
        before = BEGINS if joint.begins else 0
        if chunk[:1].isdecimal() or (chunk and chunk[0] in _SHARES):
            before |= FIGURE
        after = GOES_ON if joint.gap else 0
        after |= HYPHENATED if joint.hyphenated else 0
        after |= NUMBER if chunk[-1:].isdecimal() else 0
        after |= OPEN if _OPEN_END.search(chunk) else 0
        has_phrase = any(printed.get(token.word) in phrases for token in tokens)
        cell = Cell(tokens, self._grammar.encode(tokens), before, after, has_phrase)
        if len(self) < MAX_KNOWN_CELLS and len(chunk) <= MAX_CELL_CHARS:
            self[chunk] = cell
        return cell

    def read(self, text: str) -> Tokens:
        """Return the tokens of ``text``, put together from those between its blanks."""
        chunks = text.split(" ")
        tokens: list[Token] = []
        bases: list[int] = []
        code = ""
        at = state = 0
        has_phrase = False
        for chunk in chunks:
            found, codes, before, after, phrase = self[chunk]
            if state and (before or state >= OPEN or not codes):
                first = _joined(found, before, state)
                if first < 0:
                    return self._read_whole(text)
                if first:
                    found, codes = found[1:], codes[1:]
                elif state & HYPHENATED and before & BEGINS and len(found) == 1:
                    after &= ~GOES_ON
                elif not codes:
                    after |= state & ~NUMBER
            tokens += found
            bases += [at] * len(found)
            code += codes
            state = after
            has_phrase = has_phrase or phrase
            at += len(chunk) + 1
        read = tokens, bases, code
        return self._with_phrases(read) if has_phrase else read

    def _with_phrases(self, read: Tokens) -> Tokens:
        """Join the phrases, as :func:`pipelines.times.tokens.join_phrases` does."""
        tokens, bases, code = read
        joined: list[Token] = []
        places: list[int] = []
        codes: list[str] = []
        reached = 0
        for first, end, senses in find_phrases(tokens, self._lexicon):
            base = bases[first]
            stop = bases[end - 1] + tokens[end - 1].end - base
            phrase = Token(tokens[first].start, stop, tokens[first].word, senses)
            joined += (*tokens[reached:first], phrase)
            places += (*bases[reached:first], base)
            codes += (code[reached:first], self._grammar.encode((phrase,)))
            reached = end
        if not reached:
            return read
        code = "".join((*codes, code[reached:]))
        return joined + tokens[reached:], places + bases[reached:], code

    def _read_whole(self, text: str) -> Tokens:
        tokens = tokenize(text, self._lexicon)
        return tokens, [0] * len(tokens), self._grammar.encode(tokens)


def _joined(found: list[Token], before: int, state: int) -> int:
    """Return how many tokens join the one before; -1 where the stretch is to be read whole."""
    if state >= OPEN or (state & NUMBER and before & FIGURE):
        return -1
    if not before & BEGINS or not state & (GOES_ON | HYPHENATED):
        return 0
    if state & GOES_ON:
        return 1
    return 0 if found[0].end - found[0].start == len(found[0].word) else -1


@functools.cache
def load_cells(language: str) -> Cells:
    """Return the cells of ``language``, one of :func:`pipelines.times.lexicon.supported`."""
    return Cells(load_lexicon(language), load_grammar(language))
