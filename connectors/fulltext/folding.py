"""One key for the many spellings of a name: Орешник, Oreshnik, Orechnik, Oresznik, Арэшнік.

A word is written in Latin letters, then letters that the transliterations of the world use for
the same sound become one: sh, ch, sz, š and s; kh, h and g; v and w; a and o; e, i and y.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

MIN_FOLDED_CHARS = 4
"""Shorter words are only transliterated: their sounds alone would join strangers."""

_LATIN = str.maketrans(
    {"ß": "ss", "ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"}
)


def _table(letters: str, sounds: str) -> dict[str, str]:
    """Return the Latin spelling of each letter; ``-`` stands for a mute one."""
    return {
        letter: "" if sound == "-" else sound
        for letter, sound in zip(letters, sounds.split(), strict=True)
    }


_CYRILLIC = _table(
    "абвгдежзийклмнопрстуфхцчшщъыьэюяіїєґўђјљњћџѓќѕқғңөүұһәѣѳ",
    "a b v g d e zh z i i k l m n o p r s t u f kh ts ch sh shch - y - e iu ia i i ie g v d i "
    "l n ch dz g k dz k g n o u u h a e f",
)
_GREEK = _table(
    "αβγδεζηθικλμνξοπρστυφχψως", "a v g d e z i th i k l m n ks o p r s t u f kh ps o s"
)
_GEORGIAN = _table(
    "აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰ",
    "a b g d e v z t i k l m n o p zh r s t u p k gh k sh ch ts dz ts ch kh j h",
)
_ARMENIAN = _table(
    "աբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցւփքօֆև",
    "a b g d e z e e t zh i l kh ts k h dz gh ch m y n sh o ch p j r s v t r ts u p k o f ev",
)
_ARABIC = _table(
    "ابتثجحخدذرزسشصضطظعغفقكلمنهويىةآأإپچژگکی",
    "a b t th j h kh d d r z s sh s d t z a gh f k k l m n h u i a a a a a p ch zh g k i",
)
_TO_LATIN = str.maketrans(_CYRILLIC | _GREEK | _GEORGIAN | _ARMENIAN | _ARABIC)

_SOUNDS = {
    **dict.fromkeys(
        ("shch", "tsch", "tch", "sch", "dzh", "sh", "sz", "cz", "ch", "ts", "tz", "zh", "z"), "s"
    ),
    **dict.fromkeys(("kh", "gh", "h"), "g"),
    **dict.fromkeys(("ck", "qu", "q"), "k"),
    **dict.fromkeys(("ou", "oo"), "u"),
    **dict.fromkeys(("au", "o"), "a"),
    **dict.fromkeys(("i", "y", "j"), "e"),
    "ph": "f",
    "th": "t",
    "w": "v",
    "x": "ks",
}
_SOUND = re.compile("|".join(sorted(_SOUNDS, key=len, reverse=True)) + "|c(?=[eiy])|c")
_REPEATED = re.compile(r"(.)\1+")


def strip_marks(word: str) -> str:
    """Return ``word`` without diacritics; letters with a stroke become plain ones.

    >>> strip_marks("żołnierz"), strip_marks("ёлка")
    ('zolnierz', 'елка')
    """
    if word.isascii():
        return word
    decomposed = unicodedata.normalize("NFKD", word.translate(_LATIN))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


@lru_cache(maxsize=65_536)
def fold(word: str) -> str:
    """Return the key of ``word``, a lower-case word, over scripts and transliterations.

    >>> {fold(word) for word in ("орешник", "oreshnik", "orechnik", "oresznik", "арэшнік")}
    {'aresnek'}
    >>> fold("кот") == fold("кит")
    False
    """
    # The letters before the marks (ў is no у with a sign), then those that had a mark.
    latin = strip_marks(word.translate(_TO_LATIN)).translate(_TO_LATIN)
    if len(latin) < MIN_FOLDED_CHARS or any(char.isdigit() for char in latin):
        return latin
    key = _REPEATED.sub(r"\1", _SOUND.sub(_sound, latin))
    trimmed = key.rstrip("aeu")
    return trimmed if len(trimmed) >= MIN_FOLDED_CHARS else key


def _sound(match: re.Match[str]) -> str:
    letters = match.group()
    if letters == "c":
        following = match.string[match.end() : match.end() + 1]
        return "s" if following and following in "eiy" else "k"
    return _SOUNDS[letters]
