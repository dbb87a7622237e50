"""Which stretches of a text can hold a time at all: the grammar reads nothing else."""

from __future__ import annotations

import functools
import re

import ahocorasick_rs

from pipelines.times.lexicon import ROMAN, Lexicon, load_lexicon

SHORT_TEXT_CHARS = 300
"""A text this short is read whole."""

_OUTER = frozenset(
    (
        "prep",
        "fill",
        "until",
        "in",
        "after",
        "rel",
        "end",
        "begin",
        "mid",
        "early",
        "late",
        "ord",
        "olast",
        "card",
        "same",
        "follow",
        "agob",
        "agoa",
        "posta",
    )
)
"""Categories that never make a time alone."""

_DIGITS = re.compile(r"\d+")
YEAR_DIGITS = 4
_PERIOD_LETTERS = frozenset("hqst")
_AFTER_PERIOD = frozenset("hq")
_MARKS = re.compile(r"[\u0300-\u036f\u064b-\u0652\u00ad\u200b-\u200d\u2060]|-\n")
_SPELLING = (
    *(("’", "'"), ("ʼ", "'"), ("ё", "е"), ("ў", "у")),
    *(("أ", "ا"), ("إ", "ا"), ("آ", "ا"), ("ى", "ی"), ("ي", "ی"), ("ك", "ک")),
)
_AROUND = ".,;:!?…()[]«»„“”\"'"
"""Marks that may cling to a word."""


@functools.cache
def _anchors(language: str) -> tuple[ahocorasick_rs.AhoCorasick, tuple[bool, ...]]:
    """Return an automaton over the words of time, and which of them are stems."""
    lexicon = load_lexicon(language)
    words = {w: False for w, senses in lexicon.exact.items() if senses.keys() - _OUTER}
    for first, choices in lexicon.phrases.items():
        for rest, senses in choices:
            if senses.keys() - _OUTER:
                words[max((first, *rest), key=len)] = False
    words.update({w: True for w, senses in lexicon.stems.items() if senses.keys() - _OUTER})
    patterns = [_spelled(word) for word in words]
    return ahocorasick_rs.AhoCorasick(patterns or ["\0"]), tuple(words.values()) or (False,)


def _spelled(text: str) -> str:
    for printed, plain in _SPELLING:
        text = text.replace(printed, plain)
    return text


def windows(text: str, lexicon: Lexicon) -> list[tuple[int, int]]:
    """Return the stretches of ``text`` around its words of time, apart and in order.

    A stretch reaches over the neighbours that mean something up to the first word on each side
    that means nothing, which no expression can hold.
    """
    lowered = text.replace("İ", "i").lower()
    is_short = len(text) <= SHORT_TEXT_CHARS
    if is_short or "unspaced" in lexicon.flags or len(lowered) != len(text):
        return [(0, len(text))]
    found: list[tuple[int, int]] = []
    reached = 0
    positions = _positions(_spelled(lowered), lexicon)
    if not text.isascii() or "-\n" in text:
        positions.update(m.start() for m in _MARKS.finditer(text))
    for position in sorted(positions):
        if position < reached:
            continue
        start = _left(text, position, reached, lexicon)
        end = _right(text, position, lexicon)
        if found and start <= reached:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
        reached = end
    return found


def _positions(lowered: str, lexicon: Lexicon) -> set[int]:
    automaton, stems = _anchors(lexicon.language)
    positions = {m.start() for m in _DIGITS.finditer(lowered) if _may_date(lowered, *m.span())}
    size = len(lowered)
    for index, start, end in automaton.find_matches_as_indexes(lowered, overlapping=True):
        if start and lowered[start - 1].isalpha():
            continue
        if stems[index] or end == size or not lowered[end].isalpha():
            positions.add(start)
    return positions


def _may_date(lowered: str, start: int, end: int) -> bool:
    """Say whether digits may be a year or a period (``h2``, ``1q``) or part of a numeric date."""
    if end - start >= YEAR_DIGITS or lowered[start - 1 : start] in _PERIOD_LETTERS:
        return True
    following = lowered[end : end + 2]
    return following[:1] in _AFTER_PERIOD or (following[:1] in "./" and following[1:].isdigit())


def _left(text: str, position: int, least: int, lexicon: Lexicon) -> int:
    begin = text.rfind(" ", least, position) + 1 or least
    while begin > least:
        end, begin = begin - 1, text.rfind(" ", least, begin - 1) + 1 or least
        if _is_opaque(text[begin:end], lexicon):
            break
    return begin


def _right(text: str, position: int, lexicon: Lexicon) -> int:
    size = len(text)
    end = text.find(" ", position)
    while 0 <= end < size:
        begin, end = end + 1, text.find(" ", end + 1)
        if _is_opaque(text[begin:end] if end >= 0 else text[begin:], lexicon):
            break
    return end if end >= 0 else size


def _is_opaque(chunk: str, lexicon: Lexicon) -> bool:
    """Say whether ``chunk`` is one word that means nothing in the grammar of time."""
    word = chunk.strip(_AROUND)
    return word.isalpha() and word not in ROMAN and lexicon.senses(word) is None
