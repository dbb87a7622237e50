"""Which stretches of a text can hold a time at all: the grammar reads nothing else."""

from __future__ import annotations

import functools
import re
from bisect import bisect_right

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

_DIGITS = re.compile(r"\d\d*")
"""One class to begin with, as in ``_MARKS``: a search skips what is not in it."""

YEAR_DIGITS = 4
_PERIOD_LETTERS = frozenset("hqst")
_AFTER_PERIOD = frozenset("hq")
_MARKS = re.compile(r"[\u0300-\u036f\u064b-\u0652\u00ad\u200b-\u200d\u2060-](?:(?<!-)|(?<=-)\n)")
_RARE_FIGURES = (b"\xd9", b"\xdb", b"\xdf", b"\xe0", b"\xe1", b"\xea", b"\xf0")
"""First bytes of all figures but those of ASCII and the wide ones."""

_RARE = (*_RARE_FIGURES, b"\xcc", b"\xcd", b"\xef")
_RARE_MARKS = ("\u00ad", "\u200b", "\u200c", "\u200d", "\u2060")
"""Where no such byte or mark is, there is none of ``_MARKS`` and no digit but those of ASCII."""
_SPELLING = (
    *(("’", "'"), ("ʼ", "'"), ("ё", "е"), ("ў", "у")),
    *(("أ", "ا"), ("إ", "ا"), ("آ", "ا"), ("ى", "ی"), ("ي", "ی"), ("ك", "ک")),
)
_WIDE_STOP = re.compile("[。！？；\\n]")
"""What parts sentences where no blank does."""

_FIGURES = "0123456789"
_WIDE_FIGURES = "０１２３４５６７８９"
_WORD, _STEM, _FIGURE = range(3)

_QUOTED = "quoted"
_MAX_CHUNK = 40
"""Longer strings without a blank are addresses and the like, each printed once."""

_AROUND = ".,;:!?…()[]«»„“”\"'"
"""Marks that may cling to a word."""


class _Opacities(dict[str, str]):
    """What stands between two blanks → what it is if it is one word without a meaning here."""

    __slots__ = ("_lexicon",)

    def __init__(self, lexicon: Lexicon) -> None:
        super().__init__()
        self._lexicon = lexicon

    def __missing__(self, chunk: str) -> str:
        word = chunk.strip(_AROUND)
        opacity = ""
        if word.isalpha() and word not in ROMAN and self._lexicon.senses(word) is None:
            opacity = kind_of(chunk) if chunk[0].isalpha() else _QUOTED
        if len(self) < MAX_KNOWN_WORDS and len(chunk) <= _MAX_CHUNK:
            self[chunk] = opacity
        return opacity


@functools.cache
def _opacities(language: str) -> _Opacities:
    return _Opacities(load_lexicon(language))


@functools.cache
def _anchors(language: str) -> tuple[ahocorasick_rs.AhoCorasick, tuple[int, ...]]:
    """Return an automaton over the words of time and figures, and what each of them is."""
    lexicon = load_lexicon(language)
    words = {w: _WORD for w, senses in lexicon.exact.items() if senses.keys() - _OUTER}
    for first, choices in lexicon.phrases.items():
        for rest, senses in choices:
            if senses.keys() - _OUTER:
                words[max((first, *rest), key=len)] = _WORD
    words.update({w: _STEM for w, senses in lexicon.stems.items() if senses.keys() - _OUTER})
    figures = _FIGURES + _WIDE_FIGURES if "unspaced" in lexicon.flags else _FIGURES
    patterns = [*(_spelled(word) for word in words), *figures]
    automaton = ahocorasick_rs.AhoCorasick(
        # Twice as fast as the other kinds, for some 200 KiB a language.
        patterns,
        implementation=ahocorasick_rs.Implementation.DFA,
    )
    return automaton, (*words.values(), *(_FIGURE for _ in figures))


def _spelled(text: str) -> str:
    for printed, plain in _SPELLING:
        text = text.replace(printed, plain)
    return text


Stretch = tuple[int, int, str]
"""Characters ``[start, end)`` to read, and what kind of word comes after them.

That is what :func:`pipelines.times.lexicon.kind_of` says, if a plain word follows, else ``""``.
"""


def windows(text: str, lexicon: Lexicon) -> list[Stretch]:
    """Return the stretches of ``text`` around its words of time, apart and in order.

    A stretch reaches over the neighbours that mean something up to the first word on each side
    that means nothing, which no expression can hold.
    """
    if "unspaced" in lexicon.flags:
        return _pieces(text, lexicon)
    lowered = text.replace("İ", "i").lower()
    if len(text) <= SHORT_TEXT_CHARS or len(lowered) != len(text):
        return [(0, len(text), "")]
    known = _opacities(lexicon.language)
    found: list[Stretch] = []
    reached = 0
    for position in sorted(_positions(text, _spelled(lowered), lexicon)):
        if position < reached:
            continue
        start = text.rfind(" ", reached, position) + 1 or reached
        while start > reached:
            before = text.rfind(" ", reached, start - 1) + 1 or reached
            chunk = text[before : start - 1]
            if known[chunk]:
                break
            start = before
        end, following = _right(text, position, known)
        if found and start <= reached:
            found[-1] = found[-1][0], end, following
        else:
            found.append((start, end, following))
        reached = end
    return found


def _pieces(text: str, lexicon: Lexicon) -> list[Stretch]:
    """Return the sentences of a script without blanks in which a word of time or digit stands."""
    automaton, _ = _anchors(lexicon.language)
    marks = [start for _, start, _ in automaton.find_matches_as_indexes(text)]
    raw = text.encode("utf-8", "surrogatepass")
    if any([byte in raw for byte in _RARE_FIGURES]):  # noqa: C419 - a generator costs more
        marks = sorted([*marks, *(m.start() for m in _DIGITS.finditer(text))])
    stops = [-1, *(m.start() for m in _WIDE_STOP.finditer(text)), len(text)]
    found: list[Stretch] = []
    at = 0
    for position in marks:
        if found and position < found[-1][1]:
            continue
        at = bisect_right(stops, position, at) - 1
        found.append((stops[at] + 1, stops[at + 1], ""))
    return found


def _positions(text: str, lowered: str, lexicon: Lexicon) -> set[int]:
    automaton, kinds = _anchors(lexicon.language)
    is_plain = "-\n" not in text and (text.isascii() or _is_plain(text))
    positions = set() if is_plain else _rare_positions(text, lowered)
    size, counted = len(lowered), 0
    for index, start, end in automaton.find_matches_as_indexes(lowered, overlapping=True):
        kind = kinds[index]
        if kind == _FIGURE:
            if is_plain and start >= counted:
                counted = _number_end(lowered, end)
                if _may_date(lowered, start, counted):
                    positions.add(start)
        elif start and lowered[start - 1].isalpha():
            continue
        elif kind == _STEM or end == size or not lowered[end].isalpha():
            positions.add(start)
    return positions


def _is_plain(text: str) -> bool:
    raw = text.encode("utf-8", "surrogatepass")
    if any([byte in raw for byte in _RARE]):  # noqa: C419 - a generator costs more
        return False
    return not any([mark in text for mark in _RARE_MARKS])  # noqa: C419


def _rare_positions(text: str, lowered: str) -> set[int]:
    """Return where marks and numbers stand in a text that has marks, or figures of any script."""
    positions = {m.start() for m in _DIGITS.finditer(lowered) if _may_date(lowered, *m.span())}
    positions.update(m.start() for m in _MARKS.finditer(text))
    return positions


def _number_end(lowered: str, end: int) -> int:
    while lowered[end : end + 1].isdecimal():
        end += 1
    return end


def _may_date(lowered: str, start: int, end: int) -> bool:
    """Say whether digits may be a year or a period (``h2``, ``1q``) or part of a numeric date."""
    if end - start >= YEAR_DIGITS or lowered[start - 1 : start] in _PERIOD_LETTERS:
        return True
    following = lowered[end : end + 2]
    return following[:1] in _AFTER_PERIOD or (following[:1] in "./" and following[1:].isdigit())


def _right(text: str, position: int, known: _Opacities) -> tuple[int, str]:
    end = text.find(" ", position)
    while end >= 0:
        stop = text.find(" ", end + 1)
        opacity = known[text[end + 1 : stop] if stop >= 0 else text[end + 1 :]]
        if opacity:
            return end, "" if opacity == _QUOTED else opacity
        end = stop
    return len(text), ""
