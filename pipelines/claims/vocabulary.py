"""From words to cues: what each word of a sentence may say about a deployment."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import ahocorasick_rs

from pipelines.times.lexicon import bare, fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from pipelines.claims.lexicons import Person, Place

MAX_SUFFIX = 9
"""Letters that may follow a stem (``размещ*`` + ``енного``)."""

FIRST_UNSPACED = "\u2e80"
"""Scripts without spaces start here: Chinese, Japanese, and Korean, whose endings cling."""

MAX_KNOWN_WORDS = 100_000
"""Words remembered per language and process; about 15 MB."""

MIN_ARABIC = 3
"""Letters that must remain when "and", "in" or the article is taken off an Arabic word."""

MIN_STEM = 2
"""Letters that must stand before an ending (``*ront``)."""

MIN_NAME = 5
MAX_CASE = 6
"""Letters of a name, and of the endings that may cling to it: ``Ghedi`` + ``ben``."""

_NAMED = frozenset(("place", "capital", "supplier", "person"))

_PREFIXES = ("وال", "بال", "فال", "لل", "ال", "و", "ف", "ب", "ل")

Sense = tuple[str, str]
"""(kind, value): ``("done", "")``, ``("place", "BY")``, ``("person", "Putin")``."""

Phrase = tuple[tuple[str, ...], Sense]
"""The words after a phrase's first one, and what the phrase means."""

Phrases = tuple[dict[str, list[Phrase]], tuple[tuple[str, Phrase], ...]]
"""The phrases that a word may begin: by their second word, and by its stem."""

Entry = tuple[str, tuple[Sense, ...], Phrases | None]
"""A printed word folded, what it means alone, and the phrases that it may begin."""

_OWN_MARK = re.compile(r"[äöü]|[éó](?:e?s)?\*?$")
"""Without its mark it is another word: "würde" and "wurde", "basé" and "base"."""

_MARKS = r"\u0300-\u036f\u0640\u064b-\u0652\u0670\u00ad\u200b-\u200d\u2060"
_WORD = re.compile(
    rf"[^\W_][\w{_MARKS}]*(?:(?:-\n|['’ʼ](?<=[\u0400-\u04ff].)(?=[\u0400-\u04ff]))[\w{_MARKS}]+)*"
)


_printed = re.Match.group


class Cue(NamedTuple):
    """A word or phrase that means something, with its place in the text.

    A named tuple: a sentence has dozens, and a frozen dataclass takes three times as long to make.
    """

    start: int
    end: int
    kind: str
    value: str = ""
    order: int = 0


class Known(dict[str, Entry]):
    """Printed words that were looked up, which looks up those that were not."""

    __slots__ = ("_look_up",)

    def __init__(self, look_up: Callable[[str], Entry]) -> None:
        """Begin without words; ``look_up`` finds what one means."""
        super().__init__()
        self._look_up = look_up

    def __missing__(self, word: str) -> Entry:
        """Look ``word`` up, and remember it while there is room."""
        found = self._look_up(word)
        if len(self) < MAX_KNOWN_WORDS:
            self[word] = found
        return found


@dataclass(slots=True)
class Vocabulary:
    """The cues of one language together with the places and people of all."""

    exact: dict[str, tuple[Sense, ...]] = field(default_factory=dict)
    stems: dict[str, tuple[Sense, ...]] = field(default_factory=dict)
    endings: dict[str, tuple[Sense, ...]] = field(default_factory=dict)
    """What a word says by its ending when no table knows it: the futures of Romance verbs."""
    phrases: dict[str, list[tuple[tuple[str, ...], Sense]]] = field(default_factory=dict)
    known: Known = field(init=False)
    heads: dict[str, str] = field(default_factory=dict)
    """The head of each state that has one in ``people.yaml``."""
    is_inflected: bool = False
    is_agglutinative: bool = False
    """Whether names take endings in which their own form stays."""
    scanner: ahocorasick_rs.AhoCorasick | None = None
    forms: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Begin with no word looked up."""
        self.known = Known(self._entry)

    def cues(self, text: str, start: int, end: int) -> list[Cue]:
        """Return the cues of ``text[start:end]`` in order; ``order`` counts words."""
        if self.scanner is not None:
            return self._unspaced(text, start, end)
        words = list(_WORD.finditer(text, start, end))
        entries = [*map(self.known.__getitem__, map(_printed, words))]
        found: list[Cue] = []
        for order, (_, senses, phrases) in enumerate(entries):
            if senses:
                begin, stop = words[order].span()
                for kind, value in senses:
                    found.append(Cue(begin, stop, kind, value, order))
            if phrases is not None and order + 1 < len(words):
                second = entries[order + 1][0]
                by_second, stems = phrases
                follow = _with_stems(phrases, second) if stems else by_second.get(second, ())
                for rest, (kind, value) in follow:
                    last = order + len(rest)
                    if last < len(words) and (len(rest) == 1 or _follow(entries, order + 1, rest)):
                        begin = words[order].start()
                        found.append(Cue(begin, words[last].end(), kind, value, order))
        return found

    def _entry(self, word: str) -> Entry:
        folded = fold(word)
        phrases = list(self.phrases.get(folded, ()))
        for cut in range(len(folded), max(1, len(folded) - MAX_SUFFIX - 1), -1):
            phrases += self.phrases.get(folded[:cut] + "*", ())
        senses = self._look_up(folded)
        if not senses and self.endings and word[-1:].islower():
            senses = self._by_ending(folded)
        return folded, senses, _by_second_word(phrases)

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


def _by_second_word(phrases: Sequence[Phrase]) -> Phrases | None:
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
    return all(_fits(entries[position + i][0], rest[i]) for i in range(1, len(rest)))


def _fits(word: str, wanted: str) -> bool:
    return word.startswith(wanted[:-1]) if wanted.endswith("*") else word == wanted


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
