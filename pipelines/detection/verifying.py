"""Around a hit: where its word ends, which words stand beside it, whether it is the expression."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipelines.detection.words import HANGUL_FROM, HANGUL_TO, SCRIPTS_APART, WIDE_FROM

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipelines.detection.words import Expression

    Rest = Callable[[str, int, int], re.Match[str]]

_CLITICS = re.compile("(?:[وفبكل]{0,2}(?:ال)?|لل|[ובכלמשה]{0,3})\\Z")
_REST: Rest = re.compile("[^\\W_\u2e80-\uffff]*").match  # type: ignore[assignment]
_HANGUL_REST: Rest = re.compile(  # type: ignore[assignment]
    "[^\\W_\u2e80-\uabff\ud7b0-\uffff]*"
).match
"""What may be empty always matches."""
LONGEST_TAIL = 40
_GAP_CHARS = 4
_GAP_STOPS = frozenset(".;!?。！？")


def verify(
    expression: Expression, text: str, start: int, end: int, stop: int
) -> tuple[int, int] | None:
    """Return the span of ``expression`` in folded ``text`` for a hit of its pattern, or None.

    The hit is ``[start, end)``, its word ends at ``stop``. That no letter stands right before a hit
    is known already, except for scripts in which words or particles are written together.
    """
    tokens = expression.tokens
    token = tokens[expression.anchor]
    if not expression.spaced:
        return (start, end) if token.accepts(text[start:end]) else None
    if text[start] >= SCRIPTS_APART and not _may_begin(text, start, end):
        return None
    tails = token.tails
    if tails is not None:
        if text[end:stop] not in tails:
            return None
    elif not token.accepts_tail(text[end:stop]):
        return None
    if token.check is not None and not token.check(text[start:stop]):
        return None
    return (start, stop) if len(tokens) == 1 else _neighbours(expression, text, start, stop)


def _may_begin(text: str, start: int, end: int) -> bool:
    begin = _word_start(text, start)
    if begin == start or _compound(text, start, end):
        return True
    return _CLITICS.match(text[begin:start]) is not None


def _compound(text: str, start: int, end: int) -> bool:
    """Return whether a hit may be the second half of a word: Korean nouns are written together."""
    return HANGUL_FROM <= text[start] <= HANGUL_TO and end - start > 1


def _neighbours(expression: Expression, text: str, start: int, stop: int) -> tuple[int, int] | None:
    for token in reversed(expression.tokens[: expression.anchor]):
        before = previous_word(text, start)
        if before is None or not token.accepts(text[before[0] : before[1]]):
            return None
        start = before[0]
    for token in expression.tokens[expression.anchor + 1 :]:
        begin = next_start(text, stop)
        if begin < 0:
            return None
        if not token.any_word and not text.startswith(token.bases, begin):
            return None
        stop = word_end(text, begin + 1)
        if not token.accepts(text[begin:stop]):
            return None
    return start, stop


def word_end(text: str, position: int) -> int:
    """Return where the word that ends at ``position`` or later ends."""
    rest = rest_of_word(text[position - 1])
    return rest(text, position, position + LONGEST_TAIL).end()


def rest_of_word(last: str) -> Rest:
    """Return what matches the rest, maybe none, of a word after its letter ``last``."""
    return _HANGUL_REST if HANGUL_FROM <= last <= HANGUL_TO else _REST


def _word_start(text: str, position: int) -> int:
    hangul = HANGUL_FROM <= text[position] <= HANGUL_TO
    limit = max(0, position - LONGEST_TAIL)
    while position > limit and _inside(text[position - 1], hangul=hangul):
        position -= 1
    return position


def _inside(one: str, *, hangul: bool) -> bool:
    if not one.isalnum():
        return False
    return one < WIDE_FROM or (hangul and HANGUL_FROM <= one <= HANGUL_TO)


def next_word(text: str, position: int) -> tuple[int, int] | None:
    """Return the word that follows ``position`` after a small gap, or None."""
    begin = next_start(text, position)
    return None if begin < 0 else (begin, word_end(text, begin + 1))


def next_start(text: str, position: int) -> int:
    """Return where the word after a small gap at ``position`` begins, -1 without one."""
    begin = position + 1
    if text[position:begin] == " " and text[begin : begin + 1].isalnum():
        return begin
    begin = position
    while begin < len(text) and not text[begin].isalnum():
        if begin - position >= _GAP_CHARS or text[begin] in _GAP_STOPS:
            return -1
        begin += 1
    if begin == len(text) or text.count("\n", position, begin) > 1:
        return -1
    return begin


def previous_start(text: str, position: int) -> int:
    """Return where the word before a small gap at ``position`` begins, -1 without one."""
    before = previous_word(text, position)
    return -1 if before is None else before[0]


def previous_word(text: str, position: int) -> tuple[int, int] | None:
    """Return the word before a small gap that ends at ``position``, or None."""
    end = position - 1
    if end > 0 and text[end] == " ":
        # Most words stand between two blanks, and are found without looking at each letter.
        begin = text.rfind(" ", max(0, end - LONGEST_TAIL), end) + 1
        word = text[begin:end]
        if begin and word.isalnum() and (word.isascii() or max(word) < WIDE_FROM):
            return begin, end
    end = position
    while end > 0 and not text[end - 1].isalnum():
        if position - end >= _GAP_CHARS or text[end - 1] in _GAP_STOPS:
            return None
        end -= 1
    if end == 0 or text.count("\n", end, position) > 1:
        return None
    return _word_start(text, end - 1), end


def adjacent(text: str, end: int, start: int) -> bool:
    """Return whether nothing but a small gap lies between ``end`` and ``start``."""
    if not 0 <= start - end <= _GAP_CHARS:
        return False
    gap = text[end:start]
    return gap.count("\n") < 2 and not any(one.isalnum() or one in _GAP_STOPS for one in gap)
