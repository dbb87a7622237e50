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
from pipelines.times.tokens import Token, join_phrases, spaced, tokenize

MAX_KNOWN_CELLS = 20_000
"""Printed words whose tokens are remembered, per language and process; about 8 MB."""

MAX_CELL_CHARS = 40
"""Longer ones are addresses and the like, each printed once."""

_IS_OPEN = re.compile(r"[#№§$€£%‰°\s]\Z")
"""What may go on after a blank: money, a degree, an empty line."""

_SHARES = "%‰°"


class Cell(NamedTuple):
    """The tokens of a stretch without blanks, counted from its beginning, and their codes."""

    tokens: list[Token]
    code: str
    begins: bool
    """Whether its first token is a run of meaningless words, which joins one before it."""
    is_whole: bool
    """Whether that run cannot part after a dash: it is one word."""
    goes_on: bool
    """Whether its last token is such a run."""
    hyphenated: bool
    """Whether a dash ends it."""
    is_number: bool
    """Whether a figure ends it, after which a blank and more figures may follow."""
    is_open: bool
    has_phrase: bool
    """Whether one of its words may begin a phrase."""


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
        begins = joint.begins
        printed, phrases = self._lexicon.phrase_words, self._lexicon.phrases
        cell = Cell(
            tokens=tokens,
            code=self._grammar.encode(tokens),
            begins=begins is not None,
            is_whole=begins is None or begins.end - begins.start == len(begins.word),
            goes_on=joint.gap is not None,
            hyphenated=joint.hyphenated,
            is_number=chunk[-1:].isdecimal(),
            is_open=_IS_OPEN.search(chunk) is not None,
            has_phrase=any(printed.get(token.word) in phrases for token in tokens),
        )
        if len(self) < MAX_KNOWN_CELLS and len(chunk) <= MAX_CELL_CHARS:
            self[chunk] = cell
        return cell

    def read(self, text: str) -> tuple[list[Token], list[int], str]:
        """Return the tokens of ``text``, where the count of each one's place begins, their codes.

        A token's place in ``text`` is ``bases[i] + tokens[i].start``.
        """
        chunks = text.split(" ")
        tokens: list[Token] = []
        bases: list[int] = []
        codes: list[str] = []
        at = 0
        goes_on = hyphenated = is_number = has_phrase = False
        last = len(chunks) - 1
        for number, chunk in enumerate(chunks):
            cell = self[chunk]
            if (is_number and (chunk[:1].isdecimal() or chunk[:1] in _SHARES)) or (
                cell.is_open and number < last
            ):
                return self._read_whole(text)
            is_number = cell.is_number
            has_phrase = has_phrase or cell.has_phrase
            found, code = cell.tokens, cell.code
            if found:
                size = len(found)
                if cell.begins and goes_on:
                    tokens += found[1:]
                    codes.append(code[1:])
                    bases += [at] * (size - 1)
                    goes_on, hyphenated = cell.goes_on, cell.hyphenated
                elif cell.begins and hyphenated:
                    if not cell.is_whole:
                        return self._read_whole(text)
                    tokens += found
                    codes.append(code)
                    bases += [at] * size
                    goes_on, hyphenated = cell.goes_on and size > 1, cell.hyphenated
                else:
                    tokens += found
                    codes.append(code)
                    bases += [at] * size
                    goes_on, hyphenated = cell.goes_on, cell.hyphenated
            at += len(chunk) + 1
        if has_phrase:
            placed = [
                Token(base + token.start, base + token.end, token.word, token.senses)
                for base, token in zip(bases, tokens, strict=True)
            ]
            joined = join_phrases(placed, self._lexicon)
            if joined is not placed:
                return joined, [0] * len(joined), self._grammar.encode(joined)
        return tokens, bases, "".join(codes)

    def _read_whole(self, text: str) -> tuple[list[Token], list[int], str]:
        tokens = tokenize(text, self._lexicon)
        return tokens, [0] * len(tokens), self._grammar.encode(tokens)


@functools.cache
def load_cells(language: str) -> Cells:
    """Return the cells of ``language``, one of :func:`pipelines.times.lexicon.supported`."""
    return Cells(load_lexicon(language), load_grammar(language))
