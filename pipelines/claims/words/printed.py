"""What is printed between two blanks, taken apart once: its words and what they may mean."""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MAX_KNOWN_CHUNKS, MAX_KNOWN_WORDS = 10_000, 10_000
"""What is printed between blanks, and words, remembered per language and process.

A chunk with its words takes some 580 bytes; 160,000 invented words made all memos of a language
grow by 8.7 MB (ru) and 7.4 (en).
"""

MAX_CHUNK_CHARS = 40
"""What is longer is an address or the like, printed once."""

_MARKS = r"\u0300-\u036f\u0640\u064b-\u0652\u0670\u00ad\u200b-\u200d\u2060"
_WORD = re.compile(
    rf"[^\W_][\w{_MARKS}]*(?:(?:-\n|['’ʼ](?<=[\u0400-\u04ff].)(?=[\u0400-\u04ff]))[\w{_MARKS}]+)*"
)

Sense = tuple[str, str]
"""(kind, value): ``("done", "")``, ``("place", "BY")``, ``("person", "Putin")``."""

Phrase = tuple[tuple[str, ...], Sense]
"""The words after a phrase's first one, and what the phrase means."""

Stemmed = tuple[str, Phrase]
"""The stem that the next word of a phrase begins with."""

Following = tuple[list[Phrase], dict[str, list[Phrase]], list[Stemmed]]
"""Phrases of two words, longer ones by their third word, and by its stem."""

Phrases = tuple[dict[str, Following], list[Stemmed]]
"""The phrases that a word may begin: by their second word, and by its stem."""

Entry = tuple[str, tuple[Sense, ...], Phrases | None]
"""A printed word folded, what it means alone, and the phrases that it may begin."""

Marked = tuple[int, int, int, tuple[Sense, ...], Phrases | None]
"""A word that means something or may begin a phrase: its number, where it begins and ends."""

Chunk = tuple[int, tuple[Marked, ...], tuple[str, ...], tuple[int, ...]]
"""How many words stand between two blanks, which of them say something, all, where each ends."""


class Cue(NamedTuple):
    """A word or phrase that means something, with its place in the text.

    A named tuple: a sentence has dozens, and a frozen dataclass takes three times as long to make.
    """

    start: int
    end: int
    kind: str
    value: str = ""
    order: int = 0


_new = tuple.__new__
"""Makes a cue of its parts in half the time that the class takes for it."""


class Chunks(dict[str, Chunk]):
    """What is printed between two blanks, each taken apart when it is first met."""

    __slots__ = ("_look_up", "_words")

    def __init__(self, look_up: Callable[[str], Entry]) -> None:
        """Begin without words; ``look_up`` finds what one means."""
        super().__init__()
        self._look_up = look_up
        self._words: dict[str, Entry] = {}

    def __missing__(self, printed: str) -> Chunk:
        """Take ``printed`` apart, and remember it while there is room."""
        matches = list(_WORD.finditer(printed))
        entries = tuple(self._entry(match.group()) for match in matches)
        marked = tuple(
            (number, *match.span(), senses, phrases)
            for number, (match, (_, senses, phrases)) in enumerate(
                zip(matches, entries, strict=True)
            )
            if senses or phrases is not None
        )
        words = tuple(entry[0] for entry in entries)
        found = len(entries), marked, words, tuple(match.end() for match in matches)
        if len(self) < MAX_KNOWN_CHUNKS and len(printed) <= MAX_CHUNK_CHARS:
            self[printed] = found
        return found

    def _entry(self, word: str) -> Entry:
        entry = self._words.get(word)
        if entry is None:
            entry = self._look_up(word)
            if len(self._words) < MAX_KNOWN_WORDS:
                self._words[word] = entry
        return entry

    def cues(self, text: str, start: int, end: int) -> list[Cue]:
        """Return the cues of ``text[start:end]`` in order; ``order`` counts words."""
        printed = text[start:end].split(" ")
        chunks = [*map(self.__getitem__, printed)]
        words = [*chain.from_iterable([chunk[2] for chunk in chunks]), "", ""]
        found: list[Cue] = []
        at, first = start, 0
        for position, (count, marked, _, _) in enumerate(chunks):
            for number, begin, stop, senses, phrases in marked:
                order = first + number
                for kind, value in senses:
                    found.append(_new(Cue, (at + begin, at + stop, kind, value, order)))
                if phrases is None:
                    continue
                by_second, stems = phrases
                after = by_second.get(words[order + 1])
                if after is None and not stems:
                    continue
                for rest, (kind, value) in _phrases_at(words, order, after, stems):
                    stop_at = at + _end_of(printed, chunks, position, number + len(rest))
                    found.append(_new(Cue, (at + begin, stop_at, kind, value, order)))
            first += count
            at += len(printed[position]) + 1
        return found


def _end_of(printed: Sequence[str], chunks: Sequence[Chunk], position: int, number: int) -> int:
    """Return where a word ends, its number and the characters counted from one chunk."""
    at = 0
    count, _, _, ends = chunks[position]
    while number >= count:
        number -= count
        at += len(printed[position]) + 1
        position += 1
        count, _, _, ends = chunks[position]
    return at + ends[number]


def by_next_words(phrases: Sequence[Phrase]) -> Phrases | None:
    """Return the phrases that one word may begin, ready for :class:`Chunks`."""
    if not phrases:
        return None
    found: dict[str, Following] = {}
    for phrase in phrases:
        second, *further = phrase[0]
        if second.endswith("*"):
            continue
        ends, by_third, stems = found.setdefault(second, ([], {}, []))
        if not further:
            ends.append(phrase)
        elif further[0].endswith("*"):
            stems.append((further[0][:-1], phrase))
        else:
            by_third.setdefault(further[0], []).append(phrase)
    return found, [(p[0][0][:-1], p) for p in phrases if p[0][0].endswith("*")]


def _phrases_at(
    words: Sequence[str], order: int, after: Following | None, stems: Sequence[Stemmed]
) -> list[Phrase]:
    """Return the phrases that begin at the word ``order``; ``words`` ends with two empty ones."""
    found: list[Phrase] = []
    if after is not None:
        ends, by_third, third_stems = after
        found += ends
        third = words[order + 2]
        found += [p for p in by_third.get(third, ()) if _goes_on(words, order + 1, p[0])]
        if third_stems:
            found += _by_stem(third_stems, third, words, order)
    return found + _by_stem(stems, words[order + 1], words, order) if stems else found


def _by_stem(stems: Sequence[Stemmed], word: str, words: Sequence[str], order: int) -> list[Phrase]:
    return [p for stem, p in stems if word.startswith(stem) and _goes_on(words, order + 1, p[0])]


def _goes_on(words: Sequence[str], position: int, rest: tuple[str, ...]) -> bool:
    """Say whether the words of ``rest`` after the first stand after ``position``."""
    for number in range(1, len(rest)):
        word, wanted = words[position + number], rest[number]
        if word != wanted and not (word and wanted[-1] == "*" and word.startswith(wanted[:-1])):
            return False
    return True
