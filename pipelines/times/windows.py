"""Which stretches of a text can hold a time at all: the grammar reads nothing else."""

from __future__ import annotations

import functools
import re

import ahocorasick_rs

from pipelines.times.lexicon import Lexicon, load_lexicon

MARGIN_CHARS = 64
"""Read on each side of a word of time: longer than any expression around it."""

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

_DIGITS = re.compile(r"(?:19|20)\d\d|[HQSThqst][1-4](?![^\W\d])|[1-4][HhQq]|\d[./]\d")
_MARKS = re.compile(r"[\u0300-\u036f\u00ad\u200b-\u200d\u2060]|-\n")
_SPELLING = str.maketrans("’ʼёў", "''еу")


@functools.cache
def _anchors(language: str) -> tuple[ahocorasick_rs.AhoCorasick, tuple[bool, ...]]:
    """Return an automaton over the words of time, and which of them are stems."""
    lexicon = load_lexicon(language)
    words = {w: False for w, senses in lexicon.exact.items() if senses.keys() - _OUTER}
    for first, choices in lexicon.phrases.items():
        if any(senses.keys() - _OUTER for _, senses in choices):
            words[first] = False
    words.update({w: True for w, senses in lexicon.stems.items() if senses.keys() - _OUTER})
    patterns = [word.translate(_SPELLING) for word in words]
    return ahocorasick_rs.AhoCorasick(patterns or ["\0"]), tuple(words.values()) or (False,)


def windows(text: str, lexicon: Lexicon) -> list[tuple[int, int]]:
    """Return the stretches of ``text`` around its words of time, apart and in order."""
    lowered = text.lower()
    if (
        len(text) <= SHORT_TEXT_CHARS
        or "unspaced" in lexicon.flags
        or len(lowered) != len(text)
        or _MARKS.search(text)
    ):
        return [(0, len(text))]
    found: list[tuple[int, int]] = []
    for position in sorted(_positions(lowered.translate(_SPELLING), lexicon)):
        start, end = position - MARGIN_CHARS, position + MARGIN_CHARS
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return [(_edge(text, start, -1), _edge(text, end, 1)) for start, end in found]


def _positions(lowered: str, lexicon: Lexicon) -> set[int]:
    automaton, stems = _anchors(lexicon.language)
    positions = {match.start() for match in _DIGITS.finditer(lowered)}
    size = len(lowered)
    for index, start, end in automaton.find_matches_as_indexes(lowered, overlapping=True):
        if start and lowered[start - 1].isalpha():
            continue
        if stems[index] or end == size or not lowered[end].isalpha():
            positions.add(start)
    return positions


def _edge(text: str, position: int, step: int) -> int:
    """Return ``position`` moved to a space, so that no word is cut."""
    position = max(0, min(len(text), position))
    while 0 < position < len(text) and not text[position].isspace():
        position += step
    return position
