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

Phrases = tuple[dict[str, list[Phrase]], tuple[tuple[str, Phrase], ...]]
"""The phrases that a word may begin: by their second word, and by its stem."""

Entry = tuple[str, tuple[Sense, ...], Phrases | None]
"""A printed word folded, what it means alone, and the phrases that it may begin."""

Marked = tuple[int, int, int, tuple[Sense, ...], Phrases | None]
"""A word that means something or may begin a phrase: its number, where it begins and ends."""

Chunk = tuple[int, tuple[Marked, ...], tuple[Entry, ...], tuple[int, ...]]
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
        found = len(entries), marked, entries, tuple(match.end() for match in matches)
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
        entries: list[Entry] | None = None
        found: list[Cue] = []
        at, first = start, 0
        for position, (count, marked, own, _) in enumerate(chunks):
            for number, begin, stop, senses, phrases in marked:
                order = first + number
                for kind, value in senses:
                    found.append(_new(Cue, (at + begin, at + stop, kind, value, order)))
                if phrases is None:
                    continue
                second = own[number + 1][0] if number + 1 < count else _next(chunks, position)
                by_second, stems = phrases
                follow = _with_stems(phrases, second) if stems else by_second.get(second)
                if not follow:
                    continue
                if entries is None:
                    entries = [*chain.from_iterable([chunk[2] for chunk in chunks])]
                for rest, (kind, value) in follow:
                    last = order + len(rest)
                    if last < len(entries) and (
                        len(rest) == 1 or _follow(entries, order + 1, rest)
                    ):
                        stop_at = at + _end_of(printed, chunks, position, number + len(rest))
                        found.append(_new(Cue, (at + begin, stop_at, kind, value, order)))
            first += count
            at += len(printed[position]) + 1
        return found


def _next(chunks: Sequence[Chunk], position: int) -> str:
    """Return the first word after the chunk at ``position``; none is empty."""
    for after in range(position + 1, len(chunks)):
        count, _, entries, _ = chunks[after]
        if count:
            return entries[0][0]
    return ""


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


def by_second_word(phrases: Sequence[Phrase]) -> Phrases | None:
    """Return the phrases that one word may begin, ready for :class:`Chunks`."""
    if not phrases:
        return None
    by_second: dict[str, list[Phrase]] = {}
    for phrase in phrases:
        if not phrase[0][0].endswith("*"):
            by_second.setdefault(phrase[0][0], []).append(phrase)
    return by_second, tuple((p[0][0][:-1], p) for p in phrases if p[0][0].endswith("*"))


def _with_stems(phrases: Phrases, second: str) -> Sequence[Phrase]:
    """Return the phrases that go on with the word ``second``, by the word or by its stem."""
    by_second, stems = phrases
    found = by_second.get(second, ())
    fitting = [phrase for stem, phrase in stems if second.startswith(stem)]
    return [*found, *fitting] if fitting else found


def _follow(entries: Sequence[Entry], position: int, rest: tuple[str, ...]) -> bool:
    """Say whether the words of ``rest`` after the first stand after ``position``."""
    for number in range(1, len(rest)):
        word, wanted = entries[position + number][0], rest[number]
        if word != wanted and not (wanted[-1] == "*" and word.startswith(wanted[:-1])):
            return False
    return True
