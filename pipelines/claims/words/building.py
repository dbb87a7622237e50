"""The look-up tables of one language, built from what the files hold."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import ahocorasick_rs

from pipelines.claims.words.asides import KINDS, asides_of
from pipelines.claims.words.spelling import fold
from pipelines.claims.words.vocabulary import FIRST_UNSPACED, PARTED, Vocabulary
from pipelines.times.lexicon import bare

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pipelines.claims.words.lexicon_files import Person, Place

FIRST_GREEK = "\u0370"
"""Latin letters, with all their marks, stand before."""

_CAPITALS = frozenset(("de",))
"""Languages whose nouns have a capital."""

_VERBAL = (
    "done",
    "attr",
    "will",
    "present",
    "use",
    "moving",
    "modal",
    "begin",
    "block",
    "leave",
    "deploy",
)
"""Kinds whose small words are verbs there."""

MIN_BARE, MIN_BARE_STEM = 4, 6
"""Letters of a word, and of a Latin stem, that are also read without their marks.

``šolc*`` (Scholz) is not, or it would be the German "solche". Greek accents move from form to
form.
"""

MIN_LATIN_NAME = 4
"""Letters and digits of a weapon's name in a text of another script."""

_OWN_MARK = re.compile(r"[äöü]|[éóò](?:e?s)?\*?$")
"""Without its mark it is another word: "würde" and "wurde", "basé" and "base", "inviò"."""

_PART = re.compile(r"[\w'’*\u200c]+")
"""A word of a phrase: Persian words hold a blank of no width, which no printed word is cut at."""

_CASES = frozenset(("loc", "from"))
"""Kinds whose endings are cases of a country's name, not words."""

_ENDINGS = frozenset(("act", "infinitive"))
"""Kinds of endings that take a meaning from a stem and yield no cue."""


def build_vocabulary(  # noqa: PLR0913 - each table once
    predicates: Mapping[str, Iterable[str]],
    places: Mapping[str, Place],
    people: Mapping[str, Person],
    others: Mapping[str, Iterable[str]],
    *,
    unspaced: bool,
    language: str,
    is_agglutinative: bool,
) -> Vocabulary:
    """Return the look-up tables for one language's predicates and all places and people."""
    vocabulary = Vocabulary(language=language, is_agglutinative=is_agglutinative)
    vocabulary.asides = asides_of(predicates)
    if language in _CAPITALS:
        vocabulary.verbs = _verbs_of(predicates)
    vocabulary.acts = _endings(predicates, "act")
    vocabulary.infinitives = _endings(predicates, "infinitive")
    for kind, words in predicates.items():
        if kind not in KINDS and kind not in _ENDINGS:
            _add_all(vocabulary, words, kind, "")
    for code, place in places.items():
        _add_all(vocabulary, (*place.names, *place.further), "place", code)
        _add_all(vocabulary, place.supplier_names, "supplier", code)
        _add_all(vocabulary, place.adjectives, "adjective", code)
        _add_all(vocabulary, place.nation, "nation", code)
        _add_all(vocabulary, place.capital, "capital", code)
        _add_all(vocabulary, place.regions, "region", code)
        _add_all(vocabulary, place.occupied, "occupied", code)
    vocabulary.heads = {p.country: name for name, p in people.items() if p.head and p.country}
    for name, person in people.items():
        _add_person(vocabulary, name, person)
        if person.predecessor:
            vocabulary.terms[name] = person.predecessor.until, person.predecessor.name
        state = places.get(person.country or "")
        if unspaced and state is not None:
            kind = "supplier" if state.supplier else "place"
            offices = [form for form in person.epithets if max(form) >= FIRST_UNSPACED]
            _add_all(vocabulary, offices, kind, person.country or "")
    for kind, words in others.items():
        _add_all(vocabulary, words, kind, "")
    if unspaced:
        _join_phrases(vocabulary)
        named = _latin_names(others.get("rival", ()))
        vocabulary.exact.update(dict.fromkeys(named, (("rival", ""),)))
        forms = (f for f in vocabulary.exact if max(f) >= FIRST_UNSPACED)
        vocabulary.forms = tuple(dict.fromkeys((*forms, *named)))
        vocabulary.scanner = ahocorasick_rs.AhoCorasick(
            vocabulary.forms, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest
        )
    return vocabulary


def _latin_names(words: Iterable[str]) -> tuple[str, ...]:
    """Return the names that an unspaced text prints in Latin capitals: "F-35", "THAAD"."""
    return tuple(
        w for w in words if len(w) >= MIN_LATIN_NAME and w.isascii() and w.upper() == w != w.lower()
    )


def _endings(predicates: Mapping[str, Iterable[str]], kind: str) -> tuple[str, ...]:
    return tuple(fold(word.removeprefix("*")) for word in predicates.get(kind, ()))


def _verbs_of(predicates: Mapping[str, Iterable[str]]) -> frozenset[tuple[str, str]]:
    """Return the single words of verbs that the tables spell small, and nowhere with a capital."""
    words = {(w, kind) for kind in _VERBAL for w in predicates.get(kind, ()) if w.isalpha()}
    return frozenset(
        (w, kind) for w, kind in words if w.islower() and (w.title(), kind) not in words
    )


def _join_phrases(vocabulary: Vocabulary) -> None:
    """Let the scanner find phrases too: Korean has both blanks and endings that cling."""
    for first, phrases in vocabulary.phrases.items():
        for rest, sense in phrases:
            whole = " ".join((first, *rest))
            if max(whole) >= FIRST_UNSPACED and "*" not in whole:
                vocabulary.exact[whole] = (*vocabulary.exact.get(whole, ()), sense)


def _add_person(vocabulary: Vocabulary, name: str, person: Person) -> None:
    _add_all(vocabulary, person.forms, "person", name)
    _add_all(vocabulary, person.epithets, "epithet", name)
    if person.voice:
        _add_all(vocabulary, person.forms, "voice", name)


def _add_all(vocabulary: Vocabulary, words: Iterable[str], kind: str, value: str) -> None:
    for word in words:
        if PARTED in word:
            _add_parted(vocabulary, word, kind)
            continue
        parts = [fold(match) for match in _PART.findall(word)]
        parts = [p for part in parts for p in _apart(part)]
        if not parts:
            continue
        sense = (kind, value)
        if parts[0].startswith("*"):
            endings = vocabulary.cases if kind in _CASES else vocabulary.endings
            endings[parts[0][1:]] = (sense,)
            continue
        if len(parts) > 1:
            vocabulary.phrases.setdefault(parts[0], []).append((tuple(parts[1:]), sense))
            continue
        table = vocabulary.stems if parts[0].endswith("*") else vocabulary.exact
        plain = parts[0] if _OWN_MARK.search(parts[0]) else bare(parts[0])
        for form in dict.fromkeys((parts[0], plain)):
            key = form.rstrip("*")
            is_stem = form.endswith("*") and max(form) < FIRST_GREEK
            least = MIN_BARE_STEM if is_stem else MIN_BARE
            if len(key) >= least or form == parts[0]:
                table[key] = (
                    *table.get(key, ()),
                    *(() if sense in table.get(key, ()) else (sense,)),
                )


def _add_parted(vocabulary: Vocabulary, word: str, kind: str) -> None:
    """Add a verb whose particle ends its clause: "trafen … ein"."""
    verb, _, particle = word.partition(PARTED)
    key, sense = fold(verb.strip()), ("parted", f"{kind}:{particle.strip().lower()}")
    vocabulary.exact[key] = (*vocabulary.exact.get(key, ()), sense)


def _apart(part: str) -> list[str]:
    """Split at an apostrophe as the text is split: only Cyrillic words keep theirs."""
    if "'" in part and not "\u0400" <= part[0] <= "\u04ff":
        return [p for p in part.split("'") if p]
    return [part]
