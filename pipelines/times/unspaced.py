"""Text of a script without blanks to tagged tokens."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from pipelines.times.lexicon import Lexicon, Senses, load_lexicon
from pipelines.times.tokens import FIRST_YEAR, LAST_YEAR, Token

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_DIGITS = 4
"""Of a number that may mean something: the digits of a year."""


def unspaced(text: str, lexicon: Lexicon) -> list[Token]:
    """Return the words of time and numbers; what stands between two of them is one token."""
    exact = lexicon.exact
    tokens: list[Token] = []
    reached = 0
    for match in _scanner(lexicon.language).finditer(text):
        start, end = match.span()
        if start > reached and (between := text[reached:start].strip()):
            tokens.append(Token(reached, start, between, {}))
        reached = end
        word = match[0]
        senses: Senses = {}
        if match.lastgroup == "word":
            senses = exact[word]
        elif len(word) <= MAX_DIGITS and word.isdecimal():
            number = int(word)
            is_year = len(word) == MAX_DIGITS and FIRST_YEAR <= number <= LAST_YEAR
            senses = {"year": number} if is_year else {"num": number}
        tokens.append(Token(start, end, word, senses))
    if rest := text[reached:].strip():
        tokens.append(Token(reached, len(text), rest, {}))
    return tokens


@functools.cache
def _scanner(language: str) -> re.Pattern[str]:
    words = load_lexicon(language).exact
    figured = _longest_of([word for word in words if word[0].isdigit()])
    plain = _longest_of([word for word in words if not word[0].isdigit()])
    firsts = "".join(sorted({re.escape(word[0]) for word in words}))
    return re.compile(
        rf"(?=[{firsts}\d])(?:(?P<skip>\d+[.,:]\d+|\d{{1,3}}(?:,\d{{3}})+)"
        rf"|(?<!\d)(?P<num>\d{{1,4}})(?=年)|(?P<word>(?<!\d){figured}|{plain})|(?P<digits>\d+))"
    )


def _longest_of(words: Sequence[str]) -> str:
    """Return a pattern of the longest of ``words``, which tries each first character once."""
    following: dict[str, list[str]] = {}
    for word in words:
        if word:
            following.setdefault(word[0], []).append(word[1:])
    choices = [re.escape(first) + _longest_of(rest) for first, rest in following.items()]
    if not choices:
        return "" if words else "(?!)"
    return f"(?:{'|'.join(choices)}){'?' if '' in words else ''}"
