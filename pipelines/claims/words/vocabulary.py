"""From words to cues: what each word of a sentence may say about a deployment."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipelines.claims.words.asides import NONE, Asides
from pipelines.claims.words.printed import Chunks, Cue, by_next_words
from pipelines.claims.words.spelling import fold
from pipelines.times.lexicon import bare

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    import ahocorasick_rs

    from pipelines.claims.words.eastern import Surnames
    from pipelines.claims.words.printed import Entry, Sense

__all__ = ["Cue", "Vocabulary"]

PARTED = "…"
"""What stands in a table for all between a verb and the particle that ends its clause.

One more after the particle, "pulled … out …", tells that more may follow.
"""

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
_GROUNDS = frozenset(("place", "capital", "supplier"))

_TO_COME = frozenset(("will", "future"))

_DONE = frozenset(("done", "attr"))
_STATES = _DONE | {"present"}

_PREFIXES = ("وال", "بال", "فال", "لل", "ال", "و", "ف", "ب", "ل")


@dataclass(slots=True)
class Vocabulary:
    """The cues of one language together with the places and people of all."""

    exact: dict[str, tuple[Sense, ...]] = field(default_factory=dict)
    stems: dict[str, tuple[Sense, ...]] = field(default_factory=dict)
    endings: dict[str, tuple[Sense, ...]] = field(default_factory=dict)
    """What a word says by its ending when no table knows it: the futures of Romance verbs."""
    cases: dict[str, tuple[Sense, ...]] = field(default_factory=dict)
    """What the case of a country's name says: Finnish "Puolasta" is "from Poland"."""
    acts: tuple[str, ...] = ()
    """Endings of nouns that name an act: "размещение" states nothing."""
    infinitives: tuple[str, ...] = ()
    """Endings of infinitives, in which nothing was done."""
    phrases: dict[str, list[tuple[tuple[str, ...], Sense]]] = field(default_factory=dict)
    chunks: Chunks = field(init=False)
    heads: dict[str, str] = field(default_factory=dict)
    """The head of each state that has one in ``people.yaml``."""
    terms: dict[str, tuple[date, str]] = field(default_factory=dict)
    """Until when somebody else held the office, and who."""
    holders: dict[str, str] = field(default_factory=dict)
    """Who held the office of somebody on the day that this vocabulary is for."""
    verbs: frozenset[tuple[str, str]] = frozenset()
    """The words with their kinds that are verbs where they are small, nouns with a capital."""
    language: str = ""
    asides: Asides = NONE
    surnames: Surnames | None = None
    is_agglutinative: bool = False
    """Whether names take endings in which their own form stays."""
    scanner: ahocorasick_rs.AhoCorasick | None = None
    forms: tuple[str, ...] = ()
    _earlier: dict[tuple[str, ...], Vocabulary] = field(default_factory=dict)
    """This vocabulary for texts of days when others held some of the offices."""

    def __post_init__(self) -> None:
        """Begin with no word looked up."""
        self.chunks = Chunks(self._entry)

    def on(self, day: date | None) -> Vocabulary:
        """Return the vocabulary for a text of ``day``: offices are those of who held them then."""
        held = tuple(
            name for name, (until, _) in self.terms.items() if day is not None and day < until
        )
        if not held:
            return self
        then = self._earlier.get(held)
        if then is None:
            then = copy(self)
            then.holders = {name: self.terms[name][1] for name in held}
            then.heads = {s: then.holders.get(name, name) for s, name in self.heads.items()}
            self._earlier[held] = then
        return then

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
            senses = _by_ending(self.endings, folded)
        if word[:1].isupper() and _is_also_ground(senses):
            senses = tuple(s for s in senses if s[0] not in _TO_COME)
            phrases = [p for p in phrases if p[1][0] not in _TO_COME]
        if self.cases and any(kind in _GROUNDS for kind, _ in senses):
            senses = (*_by_ending(self.cases, folded), *senses)
        return folded, senses, by_next_words(phrases)

    def _look_up(self, word: str) -> tuple[Sense, ...]:
        found: dict[Sense, int] = {}
        for form in dict.fromkeys((word, bare(word)) if len(word) > 3 else (word,)):
            for sense in self.exact.get(form, ()):
                found[sense] = len(form) + 1
            for cut in range(len(form), max(1, len(form) - MAX_SUFFIX - 1), -1):
                for sense in self._senses_of_stem(form, cut):
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

    def _senses_of_stem(self, word: str, cut: int) -> tuple[Sense, ...]:
        """Return what the stem says in this word: "размещен*" is done, not in "размещение"."""
        senses = self.stems.get(word[:cut], ())
        if senses and self.acts and word.endswith(self.acts):
            return tuple(sense for sense in senses if sense[0] not in _STATES)
        if senses and self.infinitives and word.endswith(self.infinitives):
            return tuple(sense for sense in senses if sense[0] not in _DONE)
        return senses

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


def _is_also_ground(senses: tuple[Sense, ...]) -> bool:
    """Say whether a word in capitals names a country and is a verb in small letters: "Irán"."""
    kinds = {kind for kind, _ in senses}
    return not kinds.isdisjoint(_TO_COME) and not kinds.isdisjoint(_GROUNDS)


def _by_ending(endings: Mapping[str, tuple[Sense, ...]], word: str) -> tuple[Sense, ...]:
    """Return what the ending of ``word`` says, the longest that is known."""
    for cut in range(MIN_STEM, len(word)):
        if found := endings.get(word[cut:]):
            return found
    return ()


def _adjective(found: Mapping[Sense, int], country: str) -> int:
    """Return how much of the word is the adjective of ``country``: more of it than of its name?"""
    return found.get(("adjective", country), 0)
