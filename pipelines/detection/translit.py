"""Write a Cyrillic name as the press of other languages writes it.

The tables hold what newsrooms print, not one scholarly standard: each letter may have several
renderings, and each form keeps the languages that print it, so that it takes their endings.
"""

from __future__ import annotations

from functools import cache
from itertools import islice, product

MAX_FORMS = 96
"""Renderings kept of one word in one language: a long name must not explode the automaton."""

_COMMON = dict(
    zip(
        "абвгдезийклмнопрстуфэыьъ",
        "a b v g d e z i y k l m n o p r s t u f e y - -".split(),  # noqa: SIM905
        strict=True,
    )
)
_CARON = {"ж": "ž", "ш": "š", "ч": "č", "х": "ch h", "ц": "c", "щ": "šč", "ю": "ju", "я": "ja"} | {
    "ё": "jo",
    "й": "j",
    "ы": "y i",
}
_LATIN: dict[str, dict[str, str]] = {
    "en": {"ж": "zh j", "ш": "sh", "ч": "ch", "х": "kh", "ц": "ts", "щ": "shch", "е": "e ye"}
    | {"ё": "yo", "ю": "yu", "я": "ya", "ь": "- '"},
    "fr": {"ж": "j", "ш": "ch sh", "ч": "tch", "х": "kh", "ц": "ts", "е": "e é ie", "у": "ou"}
    | {"щ": "chtch", "ё": "io", "ю": "iou", "я": "ia", "к": "k", "и": "i", "й": "ï y i"},
    "de": {"ж": "sch sh", "ш": "sch", "ч": "tsch", "х": "ch", "ц": "z", "з": "s z", "в": "w v"}
    | {"щ": "schtsch", "ё": "jo", "ю": "ju", "я": "ja", "е": "e je", "й": "i j"},
    "pl": {"ж": "ż rz", "ш": "sz", "ч": "cz", "х": "ch", "ц": "c", "в": "w", "е": "e ie"}
    | {"щ": "szcz", "ё": "io", "ю": "iu", "я": "ia", "л": "l ł", "ь": "- ń", "й": "j"},
    "cs": _CARON | {"е": "e ě", "н": "n ň"},
    "sk": _CARON,
    "sl": _CARON | {"х": "h"},
    "hr": _CARON | {"х": "h", "е": "e je"},
    "lt": _CARON | {"х": "ch", "в": "v"},
    "lv": _CARON | {"х": "h", "н": "n ņ"},
    "et": _CARON | {"х": "hh h", "ж": "ž zh", "ш": "š sh"},
    "fi": _CARON | {"х": "h", "ж": "ž zh", "ш": "š sh", "ц": "ts"},
    "hu": {"ж": "zs", "ш": "s", "ч": "cs", "х": "h", "ц": "c", "с": "sz", "н": "n ny"}
    | {"е": "e je", "ю": "ju", "я": "ja", "й": "j", "щ": "scs", "ё": "jo"},
    "tr": {"ж": "j", "ш": "ş", "ч": "ç", "х": "h", "ц": "ts", "ю": "yu", "я": "ya", "щ": "şç"},
    "ro": {"ж": "j", "ш": "ș ş", "ч": "ci", "х": "h", "ц": "ț ţ", "ю": "iu", "я": "ia"},
    "es": {"ж": "zh", "ш": "sh ch", "ч": "ch", "х": "j kh", "ц": "ts", "е": "e é ye"}
    | {"и": "i í", "а": "a á", "о": "o ó", "ю": "yu", "я": "ya"},
    "pt": {"ж": "j zh", "ш": "ch sh x", "ч": "tch", "х": "kh", "ц": "ts", "е": "e é", "ю": "iu"},
    "it": {"ж": "zh ž", "ш": "sh š sc", "ч": "ch č", "х": "kh ch", "ц": "ts c", "ю": "ju"},
    "nl": {"ж": "zj", "ш": "sj", "ч": "tsj", "х": "ch", "ц": "ts", "у": "oe", "ю": "joe"},
    "sv": {"ж": "zj zh", "ш": "sj sh", "ч": "tj", "х": "ch", "ц": "ts"},
    "da": {"ж": "zj", "ш": "sj sh", "ч": "tj", "х": "kh", "ц": "ts"},
    "no": {"ж": "zj", "ш": "sj sh", "ч": "tsj", "х": "kh", "ц": "ts"},
}
_CYRILLIC: dict[str, dict[str, str]] = {
    "ru": {"ё": "ё е"},
    "uk": {"и": "и і", "е": "е є", "ы": "и", "э": "е", "ё": "йо ьо", "ъ": "-"},
    "be": {"и": "і", "е": "е э", "о": "о а", "ё": "ё", "щ": "шч", "ъ": "-", "в": "в"},
    "bg": {"ы": "и", "э": "е", "ё": "йо ьо", "ь": "- ь"},
    "mk": {"й": "ј", "ы": "и", "э": "е", "ь": "-", "щ": "шч"},
    "sr": {
        "е": "е је",
        "й": "ј",
        "ы": "и",
        "э": "е",
        "ь": "-",
        "щ": "шч",
        "ю": "ју",
        "я": "ја",
        "н": "н њ",
    },
}
_OTHER: dict[str, dict[str, str]] = {
    "el": dict(
        zip(
            "абвгдежзийклмнопрстуфхцчшщыэюя",
            "α|μπ|β|γκ|ντ|ε|ζ|ζ|ι|ι|κ|λ|μ|ν|ο|π|ρ|σ|τ|ου|φ|χ|τσ|τσ|σ|σ|ι|ε|ιου|ια".split("|"),  # noqa: SIM905
            strict=True,
        )
    ),
    "ka": dict(
        zip(
            "абвгдежзийклмнопрстуфхцчшыэ",
            "ა ბ ვ გ დ ე ჟ ზ ი ი კ ლ მ ნ ო პ რ ს ტ უ ფ ხ ც ჩ შ ი ე".split(),  # noqa: SIM905
            strict=True,
        )
    ),
    "hy": dict(
        zip(
            "абвгдежзийклмнопрстуфхцчшыэ",
            "ա|բ|վ|գ|դ|ե|ժ|զ|ի|յ|կ|լ|մ|ն|օ ո|պ|ր|ս|տ|ու|ֆ|խ|ց|չ|շ|ը|է".split("|"),  # noqa: SIM905
            strict=True,
        )
    ),
}


@cache
def renderings(word: str) -> dict[str, tuple[str, ...]]:
    """Return the languages, each with the forms in which its press prints a Cyrillic ``word``.

    Args:
        word: one word in Russian spelling; case does not matter.

    >>> forms = renderings("Орешник")
    >>> "orechnik" in forms["fr"], "oreschnik" in forms["de"], "oriesznik" in forms["pl"]
    (True, True, True)
    >>> "арэшнік" in forms["be"], "orešnik" in forms["cs"], "oresnyik" in forms["hu"]
    (True, True, True)
    """
    lowered = word.lower()
    found: dict[str, tuple[str, ...]] = {}
    for language, table in _LATIN.items():
        found[language] = _forms(lowered, _COMMON | table)
    for language, table in _CYRILLIC.items():
        found[language] = _forms(lowered, table)
    for language, table in _OTHER.items():
        if all(letter in table for letter in lowered):
            found[language] = _forms(lowered, table)
    return found


def _forms(word: str, table: dict[str, str]) -> tuple[str, ...]:
    options = [table.get(letter, letter).split() for letter in word]
    forms = ("".join(letters).replace("-", "") for letters in islice(product(*options), MAX_FORMS))
    return tuple(dict.fromkeys(forms))
