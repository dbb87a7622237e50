"""From words to cues: what each word of a sentence may say about a deployment."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import ahocorasick_rs

from pipelines.claims.printed import Chunks, Cue, by_second_word
from pipelines.times.lexicon import bare, fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pipelines.claims.lexicons import Person, Place
    from pipelines.claims.printed import Entry, Sense

__all__ = ["Cue", "Vocabulary", "build_vocabulary"]

MAX_SUFFIX = 9
"""Letters that may follow a stem (``размещ*`` + ``енного``)."""

FIRST_UNSPACED = "\u2e80"
"""Scripts without spaces start here: Chinese, Japanese, and Korean, whose endings cling."""

MIN_ARABIC = 3
"""Letters that must remain when "and", "in" or the article is taken off an Arabic word."""

MIN_STEM = 2
"""Letters that must stand before an ending (``*ront``)."""

MIN_NAME = 5
MAX_CASE = 6
"""Letters of a name, and of the endings that may cling to it: ``Ghedi`` + ``ben``."""

_NAMED = frozenset(("place", "capital", "supplier", "person"))

_PREFIXES = ("وال", "بال", "فال", "لل", "ال", "و", "ف", "ب", "ل")

_OWN_MARK = re.compile(r"[äöü]|[éó](?:e?s)?\*?$")
"""Without its mark it is another word: "würde" and "wurde", "basé" and "base"."""


@dataclass(slots=True)
class Vocabulary:
    """The cues of one language together with the places and people of all."""

    exact: dict[str, tuple[Sense, ...]] = field(default_factory=dict)
    stems: dict[str, tuple[Sense, ...]] = field(default_factory=dict)
    endings: dict[str, tuple[Sense, ...]] = field(default_factory=dict)
    """What a word says by its ending when no table knows it: the futures of Romance verbs."""
    phrases: dict[str, list[tuple[tuple[str, ...], Sense]]] = field(default_factory=dict)
    chunks: Chunks = field(init=False)
    heads: dict[str, str] = field(default_factory=dict)
    """The head of each state that has one in ``people.yaml``."""
    is_inflected: bool = False
    is_agglutinative: bool = False
    """Whether names take endings in which their own form stays."""
    scanner: ahocorasick_rs.AhoCorasick | None = None
    forms: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Begin with no word looked up."""
        self.chunks = Chunks(self._entry)

    def cues(self, text: str, start: int, end: int) -> list[Cue]:
        """Return the cues of ``text[start:end]`` in order; ``order`` counts words."""
        if self.scanner is not None:
            return self._unspaced(text, start, end)
        return self.chunks.cues(text, start, end)

    def _entry(self, word: str) -> Entry:
        folded = fold(word)
        phrases = list(self.phrases.get(folded, ()))
        for cut in range(len(folded), max(1, len(folded) - MAX_SUFFIX - 1), -1):
            phrases += self.phrases.get(folded[:cut] + "*", ())
        senses = self._look_up(folded)
        if not senses and self.endings and word[-1:].islower():
            senses = self._by_ending(folded)
        return folded, senses, by_second_word(phrases)

    def _look_up(self, word: str) -> tuple[Sense, ...]:
        found: dict[Sense, int] = {}
        for form in dict.fromkeys((word, bare(word)) if len(word) > 3 else (word,)):
            for sense in self.exact.get(form, ()):
                found[sense] = len(form) + 1
            for cut in range(len(form), max(1, len(form) - MAX_SUFFIX - 1), -1):
                for sense in self.stems.get(form[:cut], ()):
                    found.setdefault(sense, cut)
            if found:
                break
        if not found and self.is_agglutinative and word[:1].isalpha():
            found.update(dict.fromkeys(self._name_in(word), 0))
        if not found and "\u0600" <= word[0] <= "\u06ff":
            stripped = next((p for p in _PREFIXES if word.startswith(p)), "")
            if stripped and len(word) - len(stripped) >= MIN_ARABIC:
                return self._look_up(word[len(stripped) :])
        return tuple(s for s in found if s[0] != "place" or found[s] >= _adjective(found, s[1]))

    def _by_ending(self, word: str) -> tuple[Sense, ...]:
        """Return what the ending of ``word`` says, the longest that is known."""
        for cut in range(MIN_STEM, len(word)):
            if found := self.endings.get(word[cut:]):
                return found
        return ()

    def _name_in(self, word: str) -> tuple[Sense, ...]:
        """Return the name that ``word`` is with the endings of case: ``Ukrajnának``."""
        word = bare(word)
        shortest = max(MIN_NAME, len(word) - MAX_CASE)
        for cut in range(len(word) - 1, shortest - 1, -1):
            names = [s for s in self.exact.get(word[:cut], ()) if s[0] in _NAMED]
            if names:
                return tuple(names)
        return ()

    def _unspaced(self, text: str, start: int, end: int) -> list[Cue]:
        if self.scanner is None:
            return []
        matches = self.scanner.find_matches_as_indexes(text[start:end])
        return [
            Cue(start + begin, start + stop, kind, value, order)
            for order, (index, begin, stop) in enumerate(matches)
            for kind, value in self.exact[self.forms[index]]
        ]


def _adjective(found: Mapping[Sense, int], country: str) -> int:
    """Return how much of the word is the adjective of ``country``: more of it than of its name?"""
    return found.get(("adjective", country), 0)


def build_vocabulary(  # noqa: PLR0913 - each table once
    predicates: Mapping[str, Iterable[str]],
    places: Mapping[str, Place],
    people: Mapping[str, Person],
    others: Mapping[str, Iterable[str]],
    *,
    unspaced: bool,
    is_inflected: bool,
    is_agglutinative: bool,
) -> Vocabulary:
    """Return the look-up tables for one language's predicates and all places and people."""
    vocabulary = Vocabulary(is_inflected=is_inflected, is_agglutinative=is_agglutinative)
    for kind, words in predicates.items():
        _add_all(vocabulary, words, kind, "")
    for code, place in places.items():
        _add_all(vocabulary, (*place.names, *place.further), "place", code)
        _add_all(vocabulary, place.supplier_names, "supplier", code)
        _add_all(vocabulary, place.adjectives, "adjective", code)
        _add_all(vocabulary, place.nation, "nation", code)
        _add_all(vocabulary, place.capital, "capital", code)
        _add_all(vocabulary, place.regions, "region", code)
    vocabulary.heads = {p.country: name for name, p in people.items() if p.head and p.country}
    for name, person in people.items():
        _add_all(vocabulary, person.forms, "person", name)
        _add_all(vocabulary, person.epithets, "epithet", name)
    for kind, words in others.items():
        _add_all(vocabulary, words, kind, "")
    if unspaced:
        vocabulary.forms = tuple(f for f in vocabulary.exact if max(f) >= FIRST_UNSPACED)
        vocabulary.scanner = ahocorasick_rs.AhoCorasick(
            vocabulary.forms, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest
        )
    return vocabulary


def _add_all(vocabulary: Vocabulary, words: Iterable[str], kind: str, value: str) -> None:
    for word in words:
        parts = [fold(m) for m in re.findall(r"[\w'’*]+", word)]
        parts = [p for part in parts for p in _apart(part)]
        if not parts:
            continue
        sense = (kind, value)
        if parts[0].startswith("*"):
            vocabulary.endings[parts[0][1:]] = (sense,)
            continue
        if len(parts) > 1:
            vocabulary.phrases.setdefault(parts[0], []).append((tuple(parts[1:]), sense))
            continue
        table = vocabulary.stems if parts[0].endswith("*") else vocabulary.exact
        plain = parts[0] if _OWN_MARK.search(parts[0]) else bare(parts[0])
        for form in dict.fromkeys((parts[0], plain)):
            key = form.rstrip("*")
            if len(key) >= 4 or form == parts[0]:
                table[key] = (
                    *table.get(key, ()),
                    *(() if sense in table.get(key, ()) else (sense,)),
                )


def _apart(part: str) -> list[str]:
    """Split at an apostrophe as the text is split: only Cyrillic words keep theirs."""
    if "'" in part and not "\u0400" <= part[0] <= "\u04ff":
        return [p for p in part.split("'") if p]
    return [part]
