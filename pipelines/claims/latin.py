"""Surnames in Latin letters: a plain transliteration for those that no table knows."""

from __future__ import annotations

import unicodedata

from pipelines.times.lexicon import fold

_LETTERS = "абвгґдеєжзиіїйклмнопрстуўфхцчшщъыьэюяђјљњћџ"
_GREEK_LATIN = """
a v g d e z i th i k l m n x o p r s s t y f ch ps o
"""
_LATIN = """
a b v g g d e ie zh z i i i i k l m n o p r s t u u f kh ts ch sh shch _ y _ e iu ia dj j lj nj c dz
"""
_CYRILLIC = {
    letter: sound.strip("_") for letter, sound in zip(_LETTERS, _LATIN.split(), strict=True)
}
_GREEK = dict(
    zip(
        "αβγδεζηθικλμνξοπρσςτυφχψω",
        _GREEK_LATIN.split(),
        strict=True,
    )
)
_GREEK_PAIRS = (("ου", "ou"), ("ευ", "ef"), ("αυ", "av"), ("μπ", "b"), ("γκ", "gk"), ("γγ", "ng"))
_ENDINGS = (("ський", "skyi"), ("цький", "tskyi"), ("ский", "sky"), ("ий", "y"), ("ый", "y"))
_STROKES = str.maketrans("łŁøØđĐßıŋ", "lLoOdDsin")


def latin_surname(name: str) -> str:
    """Return ``name`` in plain Latin letters, with a capital.

    >>> latin_surname("Плетенчук"), latin_surname("Gromadziński"), latin_surname("Рувін")
    ('Pletenchuk', 'Gromadzinski', 'Ruvin')
    >>> latin_surname("Δένδιας")
    'Dendias'
    """
    name = name.strip("’'-")
    folded = fold(name)
    if any("\u0400" <= c <= "\u04ff" for c in folded):
        return _from_cyrillic(folded)
    if any("\u0370" <= c <= "\u03ff" for c in folded):
        folded = _from_greek(folded)
        return folded[:1].upper() + folded[1:]
    plain = unicodedata.normalize("NFD", name.translate(_STROKES))
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return plain[:1].upper() + plain[1:]


def _from_greek(name: str) -> str:
    parts = unicodedata.normalize("NFD", name)
    plain = "".join(c for c in parts if not unicodedata.combining(c))
    for letters, sound in _GREEK_PAIRS:
        plain = plain.replace(letters, sound)
    return "".join(_GREEK.get(letter, letter) for letter in plain)


def _from_cyrillic(name: str) -> str:
    ending = ""
    for tail, rendered in _ENDINGS:
        if name.endswith(tail):
            name, ending = name[: -len(tail)], rendered
            break
    sounds: list[str] = []
    for position, letter in enumerate(name):
        value = _CYRILLIC.get(letter, letter)
        if letter in "юяє" and (position == 0 or name[position - 1] in "аеиоуіыэюяьї"):
            value = "y" + value[1:]
        sounds.append(value)
    word = "".join(sounds) + ending
    return word[:1].upper() + word[1:]


_OBLIQUE = (
    *(("ского", "ский"), ("цкого", "цкий"), ("ського", "ський"), ("цького", "цький")),
    *(("скага", "скі"), ("цкага", "цкі"), ("skiego", "ski"), ("ckiego", "cki")),
    *(("ской", "ская"), ("цкой", "цкая"), ("ської", "ська"), ("цької", "цька"), ("скай", "ская")),
    *(("skiej", "ska"), ("ckiej", "cka"), ("ского", "ский"), ("ového", "ový"), ("ské", "ská")),
    *(("иной", "ина"), ("овой", "ова"), ("евой", "ева"), ("іної", "іна"), ("ової", "ова")),
    *(("инай", "іна"), ("авай", "ава"), ("ової", "ова"), ("евої", "ева"), ("ей", "я")),
)


def nominative(name: str) -> str:
    """Return a Slavic surname as the dictionary has it, from the case after "according to".

    >>> nominative("Буданова"), nominative("Гольдиной"), nominative("Gotkowskiej")
    ('Буданов', 'Гольдина', 'Gotkowska')
    >>> nominative("Kühn")
    'Kühn'
    """
    for ending, base in _OBLIQUE:
        if name.endswith(ending):
            return name[: -len(ending)] + base
    if name.endswith(("а", "a")):
        return name[:-1]
    return name[:-1] + "ь" if name.endswith("ля") else name
