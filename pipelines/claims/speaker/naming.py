"""Where a sentence names people that no table knows, and what their surname is; pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipelines.claims.speaker.declining import after_with, nominative
from pipelines.claims.speaker.latin import is_eastern, latin_surname, romanised, without_baltic_end
from pipelines.claims.speaker.orders import is_surname_first
from pipelines.claims.words.eastern import eastern_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipelines.claims.sentences.sentence import Sentence

_NO_PEOPLE = frozenset(("place", "region", "capital", "supplier", "adjective", "person", "body"))
_UPPER = "[A-ZÀ-ÖØ-ÞĀĂĄĆĈĊČĎĐĒĔĖĘĚĜĞĠĢĤĦĨĪĬĮİĴĶĹĻĽĿŁŃŅŇŊŌŎŐŒŔŖŘŚŜŞŠŢŤŦŨŪŬŮŰŲŴŶŸŹŻŽȘȚЀ-ЯҐΆ-ΏΑ-Ω]"
_REST = r"[\w’'\u0301\u00ad-]+"
_CAPITAL = _UPPER + _REST
_PARTICLE = (
    r"(?:(?:de|del|della|di|da|du|von|van|zu|al|el|bin|dos)"
    r"(?: (?:der|den|het|la|las|los|le))? )*"
)
NAME = rf"{_CAPITAL}(?: {_PARTICLE}{_CAPITAL}){{1,5}}"
_NAME = re.compile(
    # One class to begin with: a search skips what is not in it.
    rf"{_UPPER}(?<![^\W_].){_REST}(?: {_PARTICLE}{_CAPITAL}){{1,5}}"
)
_SURNAME = re.compile(rf"\.?[ \u00a0]({_CAPITAL})(?![\w’'-])(?! {_CAPITAL})")
_ENDING = re.compile(r"(?<=[^\W\d_]{3})['’][a-zıöüğşç]{1,4}$")
"""The ending that Turkish sets apart from a name: ``Aktürk'e``."""

LEAST_WORDS = 2
"""Words of a name beside those of a verb that a capital joins to it: "Zdaniem Jana Kosa"."""

_PART = re.compile('[,.;:!?«»„“”"(]')
_OPENING = frozenset('«"“„')
_CLOSING = frozenset('»"”“')

_ARTICLE_WORDS = """
The De Het Een En Det Die Der Das Den Dem Ein Eine Einen Le La Les Un Une El Los Las Una Il Lo
Gli I
"""
_FUNCTIONS = ("loc", "since", "and", "if", "until", "that")
"""Kinds of words that begin a sentence with a capital and belong to no name: "Nach Abschluss"."""

LEAST_TITLED = 4
"""Words of an article, or such a word, with a title and a name: "Die Physikerin Eva Kos"."""

ARTICLES = frozenset(_ARTICLE_WORDS.split())
"""Words that begin a sentence with a capital and no name."""

_SURNAME_PARTS = frozenset(("De", "Van", "Den", "Ter", "Ten"))
"""Dutch words with a capital that belong to the surname: "Pieter De Crem"."""

_BEFORE_NOUNS = frozenset(("der", "die", "das", "den", "dem", "des", "de", "het"))
_DEFINITE = re.compile(
    r"(?:(?<!\w)(?:d[ao]s?|des|dei|del|dell[aeo]|degli|al|aos?|all[aeo]|nel|nell[aeo]|dall[aeo]|n[ao]s?|el"
    r"|l[aeo]s?|il|gli|the|du|aux?) |(?:dell|all|nell|dall|sull|l|L)['’])$"
)
"""What stands before an institution and no person: "das Forças", "del Csto di Bishkek", "the"."""

_DEFINED = frozenset(("en", "es", "fr", "it", "pt"))
"""Languages whose names of people take no article of their own."""

_CASED = frozenset(("cs", "et", "fi", "hu", "lt", "lv", "pl", "sk", "tr"))
"""Languages whose places need no preposition after a name."""

_FRONTS = dict.fromkeys(_CASED, ("place", "supplier")) | {
    "de": ("place", "capital", "supplier", "adjective", "nation")
}
"""Kinds of what a capital joins to the name after it: "Vokietijoje Jonas Kosas"."""

TITLED_WORDS = 6
"""Words from a title to the name behind the institution that it is of."""
_OF_EMPLOYERS = frozenset(("van", "von"))

_Named = tuple[int, int, str]
"""Where a name stands, and the surname as it is printed."""


def names_in(text: str, sentence: Sentence) -> list[str]:
    """Return the people that a stretch names, known or not, in order."""
    found = [(p.start, p.value) for p in sentence.of("person")]
    for start, end, printed in names_of(text, sentence):
        if sentence.asides.is_with(text, start):
            printed = after_with(printed, sentence.language)  # noqa: PLW2901 - in its first case
        found.append((start, surname_of(sentence, (start, end, printed), is_of_it=False)))
    return [name for _, name in sorted(found)]


def names_of(text: str, sentence: Sentence) -> list[_Named]:
    """Return what :func:`_names` yields, looked for once a sentence."""
    if sentence.names is None:
        sentence.names = list(_names(text, sentence))
        if sentence.surnames is not None:
            sentence.names += eastern_names(text, sentence, sentence.surnames)
    return sentence.names


def surname_of(sentence: Sentence, name: _Named, *, is_of_it: bool) -> str:
    """Return the Latin surname of ``name``.

    Args:
        sentence: The sentence that holds the name.
        name: One of :func:`names_of`.
        is_of_it: Whether it stands in the case after "according to".
    """
    start, end, printed = name
    printed = _ENDING.sub("", printed)
    language = sentence.language
    if is_of_it:
        printed = nominative(printed, language)
    given = next((c for c in sentence.of("given") if start <= c.start < end), None)
    if given and is_eastern(given.value, printed, language):
        printed = romanised(printed, language)
    return latin_surname(without_baltic_end(printed, language), language)


def _has_particle(words: Sequence[str]) -> bool:
    """Say whether a name holds "de": then any word of it can show that it is an institution."""
    return any(word[0].islower() for word in words)


def _names(text: str, sentence: Sentence) -> Iterator[_Named]:
    """Yield each "First Last", and each surname after a title, that no table knows."""
    taken = [(c.start, c.end) for c in sentence.cues if c.kind in _NO_PEOPLE]
    taken += [(m.start, m.end) for m in sentence.systems]
    taken += [(t.start, t.end) for t in sentence.times]
    known = [(p.start, p.end) for p in sentence.of("person")]
    for match in _NAME.finditer(text, sentence.start, sentence.end):
        start, end = match.span()
        words = match.group().split()
        if words[0] in ARTICLES or any(c.start == start for c in sentence.of(*_FUNCTIONS)):
            if len(words) < LEAST_TITLED:
                continue
            start += len(words.pop(0)) + 1
        if any(start < stop < end for _, stop in known):
            continue
        start, words = _without_front(text, sentence, start, words)
        words = _without_employer(sentence, start, _without_place(sentence, end, words))
        if len(words) < LEAST_WORDS or _is_defined(text, sentence, start, words):
            continue
        end = start + len(" ".join(words))
        first = start if _has_particle(words) else end - len(words[-1])
        if any(begin < end and first < stop for begin, stop in taken):
            continue
        if _is_nobody(text, sentence, start, end, words) or _is_of_a_noun(text, start, words):
            continue
        if not sentence.asides.is_beside_others(text, start, since=sentence.start):
            yield start, end, _printed_surname(sentence, start, end, words)
    yield from _after_titles(text, sentence, taken)


def _printed_surname(sentence: Sentence, start: int, end: int, words: Sequence[str]) -> str:
    """Return the surname as it is printed: the last word, but "De Crem" and "Kovács Péter"."""
    if any(c.end == end for c in sentence.of("forename")):
        is_opening = start == sentence.start and len(words) > LEAST_WORDS
        return " ".join(words[1 if is_opening else 0 : -1])
    if len(words) > LEAST_WORDS and words[-2] in _SURNAME_PARTS:
        return f"{words[-2]} {words[-1]}"
    return words[0] if is_surname_first(words) else words[-1]


def _without_place(sentence: Sentence, end: int, words: list[str]) -> list[str]:
    """Leave out a place or weapon right after a name: "Ali Demir Ankara'da", "Jana Kosa Rosja"."""
    if sentence.language not in _CASED or len(words) <= LEAST_WORDS or words[-2][0].islower():
        return words
    begin = end - len(words[-1])
    if any(m.start == begin for m in sentence.systems):
        return words[:-1]
    places = sentence.of("place", "capital", "region", "supplier")
    return words[:-1] if any(c.start == begin for c in places) else words


def _without_front(
    text: str, sentence: Sentence, start: int, words: list[str]
) -> tuple[int, list[str]]:
    """Leave out what a capital joins to a name: "Dienstag", "Litauens", "Defensa Jorge Kos"."""
    end = start + len(" ".join(words))
    fronts = [(t.start, t.end) for t in sentence.times]
    if kinds := _FRONTS.get(sentence.language):
        fronts += [(c.start, c.end) for c in sentence.of(*kinds)]
    cut = max((stop for begin, stop in fronts if begin <= start < stop <= end), default=start)
    bodies = [c.end for c in sentence.of("body") if start <= c.start < end]
    if bodies and _is_titled(text, sentence, start):
        cut = max(cut, *bodies)
    if cut == start:
        return start, words
    rest = text[cut:end].split()
    while rest and not rest[0][0].isupper():
        rest.pop(0)
    if cut in bodies and len(rest) < LEAST_WORDS:
        return start, words
    return end - len(" ".join(rest)), rest


def _is_titled(text: str, sentence: Sentence, start: int) -> bool:
    """Say whether who has an office in what is named at ``start``: "ministro de Defensa"."""
    return any(
        c.end <= start
        and text.count(" ", c.end, start) <= TITLED_WORDS
        and not _PART.search(text, c.end, start)
        for c in sentence.of("title", "office", "head")
    )


def _is_defined(text: str, sentence: Sentence, start: int, words: Sequence[str]) -> bool:
    """Say whether an article stands before it, as before institutions: "das Forças Armadas"."""
    if sentence.language not in _DEFINED:
        return False
    if sentence.language == "en" and len(words) > LEAST_WORDS:
        return False
    return _DEFINITE.search(text[max(0, start - 7) : start]) is not None


def _is_of_a_noun(text: str, start: int, words: Sequence[str]) -> bool:
    """Say whether an article before it makes it a noun: "den Abwurf von Bomben", "zu den …"."""
    if not (words[1][0].islower() and all(word[0].islower() for word in words[1:-1])):
        return False
    return text[max(0, start - 4) : start].strip() in _BEFORE_NOUNS


def _without_employer(sentence: Sentence, start: int, words: list[str]) -> list[str]:
    """Return the name without whose man it is: "Jan Kos van Clingendael", not "Jan van Dam"."""
    cut = next((i for i, word in enumerate(words) if word in _OF_EMPLOYERS), 0)
    if cut < LEAST_WORDS or words[cut + 1][0].islower():
        return words
    if any(start <= c.start < start + len(words[0]) for c in sentence.of("title", "head")):
        return words
    return words[:cut]


def _after_titles(
    text: str, sentence: Sentence, taken: Sequence[tuple[int, int]]
) -> Iterator[_Named]:
    for title in sentence.of("title"):
        alone = _SURNAME.match(text, title.end, sentence.end)
        if (
            alone
            and not alone[1].isupper()
            and not any(begin < alone.end() and alone.start(1) < stop for begin, stop in taken)
        ):
            yield alone.start(1), alone.end(), alone[1]


def _is_nobody(text: str, sentence: Sentence, start: int, end: int, words: Sequence[str]) -> bool:
    return (
        _is_abbreviation(text[start:end], words[-1])
        or _is_institution(text, sentence, start, end)
        or _is_title_of_something(text, start, end)
        or len(words) - _spoken(sentence, start, words) < LEAST_WORDS
    )


def _is_abbreviation(name: str, last: str) -> bool:
    """Say whether a name ends in what is no surname: "Szef MON"."""
    return last.isupper() and not name.isupper()


def _spoken(sentence: Sentence, start: int, words: Sequence[str]) -> int:
    """Return how many words of a match belong to a verb of speech: "Einschätzung von Kennern"."""
    if not any(c.start <= start < c.end for c in sentence.of("said", "according")):
        return 0
    return 1 + next((i for i, word in enumerate(words[1:]) if word[0].isupper()), 0)


def _is_title_of_something(text: str, start: int, end: int) -> bool:
    """Say whether it stands in quotation marks all by itself: an outlet, a group."""
    return text[max(0, start - 1) : start] in _OPENING and text[end : end + 1] in _CLOSING


def _is_institution(text: str, sentence: Sentence, start: int, end: int) -> bool:
    """Say whether a word of it is that of a body, with no title after: "Federation of …".

    An abbreviation right before two names or more is beside the point: "МЗС Георгій Тихий".
    """
    bodies = [c for c in sentence.of("body") if start <= c.start < end]
    if not bodies:
        return False
    titles = [c.start for c in sentence.of("title", "head", "office") if start <= c.start < end]
    last = max(titles, default=start - 1)
    return any(
        c.start > last and not (text[c.start : c.end].isupper() and text.count(" ", c.end, end) > 1)
        for c in bodies
    )
