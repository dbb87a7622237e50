"""Which stretches of a text can hold a time at all: the grammar reads nothing else."""

from __future__ import annotations

import functools
import re
from bisect import bisect_right
from dataclasses import dataclass

import ahocorasick_rs

from pipelines.times.lexicon import MAX_KNOWN_WORDS, ROMAN, Lexicon, kind_of, load_lexicon

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
_WIDE_STOP = re.compile("[。！？；\\n]")
"""What parts sentences where no blank does."""

_QUOTED = "quoted"
_MAX_CHUNK = 40
"""Longer strings without a blank are addresses and the like, each printed once."""

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


@dataclass(frozen=True, slots=True)
class Stretch:
    """Characters ``[start, end)`` to read, and what kind of word comes after them."""

    start: int
    end: int
    following: str = ""
    """What the next word is (:func:`pipelines.times.lexicon.kind_of`), if a plain one follows."""


def windows(text: str, lexicon: Lexicon) -> list[Stretch]:
    """Return the stretches of ``text`` around its words of time, apart and in order.

    A stretch reaches over the neighbours that mean something up to the first word on each side
    that means nothing, which no expression can hold.
    """
    if "unspaced" in lexicon.flags:
        return _pieces(text, lexicon)
    lowered = text.replace("İ", "i").lower()
    if len(text) <= SHORT_TEXT_CHARS or len(lowered) != len(text):
        return [Stretch(0, len(text))]
    found: list[Stretch] = []
    reached = 0
    positions = _positions(_spelled(lowered), lexicon)
    if not text.isascii() or "-\n" in text:
        positions.update(m.start() for m in _MARKS.finditer(text))
    for position in sorted(positions):
        if position < reached:
            continue
        start = _left(text, position, reached, lexicon)
        end, following = _right(text, position, lexicon)
        if found and start <= found[-1].end:
            found[-1] = Stretch(found[-1].start, end, following)
        else:
            found.append(Stretch(start, end, following))
        reached = end
    return found


def _pieces(text: str, lexicon: Lexicon) -> list[Stretch]:
    """Return the sentences of a script without blanks in which a word of time or digit stands."""
    automaton, _ = _anchors(lexicon.language)
    marks = [m.start() for m in _DIGITS.finditer(text)]
    marks += [start for _, start, _ in automaton.find_matches_as_indexes(text, overlapping=True)]
    stops = [-1, *(m.start() for m in _WIDE_STOP.finditer(text)), len(text)]
    found: list[Stretch] = []
    at = 0
    for position in sorted(marks):
        if found and position < found[-1].end:
            continue
        at = bisect_right(stops, position, at) - 1
        found.append(Stretch(stops[at] + 1, stops[at + 1]))
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
        start = text.rfind(" ", least, begin - 1) + 1 or least
        if _opacity(text[start : begin - 1], lexicon):
            break
        begin = start
    return begin


def _right(text: str, position: int, lexicon: Lexicon) -> tuple[int, str]:
    end = text.find(" ", position)
    while end >= 0:
        stop = text.find(" ", end + 1)
        chunk = text[end + 1 : stop] if stop >= 0 else text[end + 1 :]
        if opacity := _opacity(chunk, lexicon):
            return end, "" if opacity == _QUOTED else opacity
        end = stop
    return len(text), ""


def _opacity(chunk: str, lexicon: Lexicon) -> str:
    """Return what ``chunk`` is if it is one word that means nothing in the grammar of time."""
    known = lexicon.chunks.get(chunk)
    if known is None:
        word = chunk.strip(_AROUND)
        known = ""
        if word.isalpha() and word not in ROMAN and lexicon.senses(word) is None:
            known = kind_of(chunk) if chunk[0].isalpha() else _QUOTED
        if len(lexicon.chunks) < MAX_KNOWN_WORDS and len(chunk) <= _MAX_CHUNK:
            lexicon.chunks[chunk] = known
    return known
