"""The words of time of one language, read from its table in ``lexicons/``.

A table maps categories to comma-separated words, phrases (words joined by a space) and stems
(``*``: up to :data:`MAX_SUFFIX` more letters). A word may stand in several categories; the
grammar then takes whichever fits.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from dataclasses import dataclass, field
from importlib import resources
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_SUFFIX = 4
"""Letters that may follow a stem: the longest case endings of ordinals are four."""

MAX_KNOWN_WORDS = 20_000
"""Words remembered per language and process; about 5 MB."""

ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4, "І": 1, "ІІ": 2, "ІІІ": 3, "ІV": 4}
"""Roman numbers in Latin and Cyrillic letters: of halves and quarters."""

Senses = dict[str, Any]
"""Category of a word → its value (month number, offset, unit …)."""

_INVISIBLE = re.compile(
    r"[\u0300-\u036f\u0640\u064b-\u0652\u0670\u00ad\u200b-\u200d\u2060\ufeff]|-\n"
)
_ARABIC = str.maketrans("أإآىيك", "اااییک")
"""Letters that Arabic and Persian print in several ways."""

_SIMPLE = {
    "semester": "semester",
    "half": "half",
    "quarter": "quarter",
    "end": "end",
    "begin": "begin",
    "mid": "mid",
    "early": "early",
    "late": "late",
    "deadline": "until",
    "deadline_end": "dend",
    "prep": "prep",
    "filler": "fill",
    "in": "in",
    "after": "after",
    "after_post": "posta",
    "ago_before": "agob",
    "ago_after": "agoa",
    "same": "same",
    "following": "follow",
    "dayparts": "daypart",
    "day_words": "dom",
    "suffix": "sfx",
}
_VALUED = {
    "months": "month",
    "weekdays": "weekday",
    "ordinals": "ord",
    "cardinals": "card",
    "periods": "period",
    "yearend": "yend",
    "days": "day",
    "rel_years": "kyear",
    "rel_months": "kmonth",
    "of_years": "yrel",
    "said_days": "sday",
    "seasons": "season",
    "seasons_alone": "seasona",
    "compound_end": "compound",
}
_OFFSETS = {"before_last": -2, "last": -1, "this": 0, "next": 1, "after_next": 2}
_FLAG_WORDS = "elision month_day month_first year_word lone_year unspaced genitive_first"
_FLAGS = tuple(_FLAG_WORDS.split())


def fold(word: str) -> str:
    """Return ``word`` as the tables spell it: lower case, composed, no stress or soft hyphen.

    >>> fold("Дека́брь"), fold("П’ятниця")
    ('декабрь', "п'ятниця")
    """
    if word.isascii():
        return word.lower().replace("-\n", "")
    word = unicodedata.normalize("NFC", word.replace("İ", "i")).lower()
    if "\u0600" <= word[:1] <= "\u06ff":
        word = word.translate(_ARABIC)
    word = _INVISIBLE.sub("", word).replace("ё", "е").replace("’", "'").replace("ʼ", "'")
    return "у" + word[1:] if word[:1] == "ў" else word


def bare(word: str) -> str:
    """Return ``word`` without the marks of the Latin script.

    >>> bare("décembre"), bare("й")
    ('decembre', 'й')
    """
    if word.isascii() or "\u0400" <= word[0] <= "\u04ff":
        return word
    parts = unicodedata.normalize("NFD", word)
    return "".join(c for c in parts if not unicodedata.combining(c)).replace("ł", "l")


@dataclass(slots=True)
class Lexicon:
    """The table of one language, ready for look-ups."""

    language: str
    flags: frozenset[str]
    exact: dict[str, Senses] = field(default_factory=dict)
    stems: dict[str, Senses] = field(default_factory=dict)
    phrases: dict[str, list[tuple[tuple[str, ...], Senses]]] = field(default_factory=dict)
    phrase_parts: set[str] = field(default_factory=set)
    phrase_words: dict[str, str] = field(default_factory=dict)
    known: dict[str, Senses | None] = field(default_factory=dict)

    def senses(self, word: str) -> Senses | None:
        """Return the categories of a printed ``word``; None for a word that means nothing here.

        A word that is only part of a phrase has no category yet is not None.
        """
        try:
            return self.known[word]
        except KeyError:
            folded = fold(word)
            found = self._look_up(folded)
            if len(self.known) < MAX_KNOWN_WORDS:
                self.known[word] = found
            if folded in self.phrase_parts:
                self.phrase_words[word] = folded
            return found

    def _look_up(self, word: str) -> Senses | None:
        if not word:
            return None
        if word in self.exact:
            return self.exact[word]
        if stem := _stem_of(self, word):
            return stem
        return {} if word in self.phrase_parts else None

    def sense_sets(self) -> Iterator[frozenset[str]]:
        """Yield every combination of categories that a word of the table may have."""
        for table in (self.exact, self.stems):
            yield from (frozenset(senses) for senses in table.values())
        for choices in self.phrases.values():
            yield from (frozenset(senses) for _, senses in choices)


def _stem_of(lexicon: Lexicon, word: str) -> Senses | None:
    for cut in range(len(word), max(2, len(word) - MAX_SUFFIX - 1), -1):
        if word[:cut] in lexicon.stems:
            return lexicon.stems[word[:cut]]
    return None


def supported(language: str) -> str:
    """Return the name of the table for ``language`` (``zh`` for ``zh-CN``), or ``""``."""
    short = language.replace("_", "-").partition("-")[0].lower()
    short = {"hr": "sr", "bs": "sr", "sh": "sr", "gl": "pt"}.get(short, short)
    return short if short in _languages() else ""


@functools.cache
def _languages() -> frozenset[str]:
    folder = resources.files(__package__) / "lexicons"
    return frozenset(entry.name[:2] for entry in folder.iterdir() if len(entry.name) == 7)


@functools.cache
def counted_nouns() -> tuple[str, ...]:
    """Return stems of things that are counted: after one of them a number is no year."""
    text = (resources.files(__package__) / "lexicons" / "any.yaml").read_text("utf-8")
    return tuple(word.strip() for word in yaml.safe_load(text)["counted"].split(","))


COUNTED = "counted"


def kind_of(word: str) -> str:
    """Return :data:`COUNTED` for a thing that is counted ("2025 soldiers"), else ``"word"``.

    >>> kind_of("Soldiers"), kind_of("Minsk")
    ('counted', 'word')
    """
    return COUNTED if fold(word).startswith(counted_nouns()) else "word"


@functools.cache
def load_lexicon(language: str) -> Lexicon:
    """Return the table of ``language``, one of :func:`supported`; ``""`` has no words."""
    if not language:
        return Lexicon(language="", flags=frozenset())
    path = resources.files(__package__) / "lexicons" / f"{language}.yaml"
    table = yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)
    lexicon = Lexicon(language=language, flags=frozenset(f for f in _FLAGS if table.get(f)))
    for words, category, value in _entries(table):
        for word in words.split(","):
            _add(lexicon, fold(word.strip()), category, value)
    for word in table.get("weak_months", "").split(","):
        senses = lexicon.exact.get(fold(word.strip()))
        if senses and "month" in senses:
            senses["wmonth"] = senses.pop("month")
    for word, senses in lexicon.exact.items():
        for name, value in (_stem_of(lexicon, word) or {}).items():
            senses.setdefault(name, value)
    _add_bare_forms(lexicon)
    return lexicon


def _entries(table: dict[str, Any]) -> Iterator[tuple[str, str, Any]]:
    for name, category in _SIMPLE.items():
        if name in table:
            yield table[name], category, None
    for name, category in _VALUED.items():
        for value, words in table.get(name, {}).items():
            yield words, "olast" if (category, value) == ("ord", -1) else category, value
    for name, offset in _OFFSETS.items():
        if name in table:
            yield table[name], "rel", offset
    for unit, words in table.get("units", {}).items():
        yield words, "yearw" if unit == "year" else "unit", unit
    for unit, words in table.get("plurals", {}).items():
        yield words, "units", unit


def _add(lexicon: Lexicon, word: str, category: str, value: object) -> None:
    if not word:
        return
    if word.endswith("*"):
        lexicon.stems.setdefault(word[:-1], {})[category] = value
    elif " " in word and "unspaced" not in lexicon.flags:
        first, *rest = word.split(" ")
        choices = lexicon.phrases.setdefault(first, [])
        known = next((senses for words, senses in choices if words == tuple(rest)), None)
        if known is not None:
            known[category] = value
            return
        choices.append((tuple(rest), {category: value}))
        choices.sort(key=_phrase_order)
        lexicon.phrase_parts.update((first, *rest))
    else:
        lexicon.exact.setdefault(word, {})[category] = value


def _phrase_order(choice: tuple[tuple[str, ...], Senses]) -> int:
    return -len(choice[0])


def _add_bare_forms(lexicon: Lexicon) -> None:
    """Also know longer words without their accents, as old systems print them."""
    for word, senses in list(lexicon.exact.items()):
        if len(plain := bare(word)) >= 4:
            lexicon.exact.setdefault(plain, senses)
    for stem, senses in list(lexicon.stems.items()):
        lexicon.stems.setdefault(bare(stem), senses)
