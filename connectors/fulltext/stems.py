"""The stem of a word: one form for the inflections of one language.

Two kinds: :func:`stem` joins the words of a language (Snowball cuts *-ik* off *Oreschnik* as a
derivation), :func:`name_stem` takes no more than the endings that a foreign name gets.

Snowball knows some thirty languages. For Slavic languages that it does not know, a list of the
endings of nouns and adjectives is cut off; a language without either keeps its words whole.
simplemma was left out: a search would have to load every dictionary (0.3 s and tens of
megabytes each), because a query does not say its language.
"""

from __future__ import annotations

import threading
from functools import lru_cache

import Stemmer

from connectors.fulltext.folding import strip_marks

STEMMER_VERSION: str = Stemmer.version()

_MIN_STEM_CHARS = 3
"""What an ending leaves of a word: shorter stems join unrelated words."""

SNOWBALL = {
    "ar": "arabic",
    "ca": "catalan",
    "cs": "czech",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "et": "estonian",
    "eu": "basque",
    "fa": "persian",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hi": "hindi",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "ne": "nepali",
    "nl": "dutch",
    "no": "norwegian",
    "nb": "norwegian",
    "nn": "norwegian",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
}
"""The stemmer of each language; Lucene's analyzers have the same names."""

_EAST_SLAVIC = (
    "ями ами амі ямі еві єві ові ого его ому ему ага яга аму яму ими іми ымі імі ьою ією ою ею єю "
    "аю яю ай яй ам ям ах ях ом ем єм ём ів їв аў яў оў ёў ей ий ій ый им ім ым их іх ых ая яя ую "
    "юю ое ае ыя ія а я у ю и і ї о е э є ь й ы"
)
_SOUTH_SLAVIC = "ият ите ото ата ята ето ове еве ия ят ът а я и о е у"
_LATIN_SLAVIC = (
    "iami ami ach ech ich um ovi owi ow ego eho emu ymi imi iem om em ima ama og ia ie iu ej oj ym "
    "im ych ou a e i o u y"
)
_ENDINGS = {
    language: tuple(sorted(endings.split(), key=len, reverse=True))
    for languages, endings in (
        (("uk", "be"), _EAST_SLAVIC),
        (("bg", "mk", "sr"), _SOUTH_SLAVIC),
        (("pl", "cs", "sk", "sl", "hr", "bs"), _LATIN_SLAVIC),
    )
    for language in languages
}

_AGGLUTINATIVE = frozenset({"fi", "hu", "tr", "et", "lt", "eu"})
"""Latin-script languages that decline foreign names by many endings."""

_LATIN_LANGUAGES = (
    *("en", "fr", "de", "es", "it", "pt", "nl", "pl", "ro", "sv", "tr", "cs", "sk"),
    *("no", "da", "fi", "hu", "ca", "lt", "et", "id"),
)
_QUERY_LANGUAGES = {
    "latin": _LATIN_LANGUAGES,
    "cyrillic": ("ru", "uk", "bg"),
    "greek": ("el",),
    "arabic": ("ar", "fa"),
    "devanagari": ("hi", "ne"),
    "armenian": ("hy",),
    "tamil": ("ta",),
}
_SCRIPTS = (
    ("latin", 0x0061, 0x024F),
    ("greek", 0x0370, 0x03FF),
    ("cyrillic", 0x0400, 0x052F),
    ("armenian", 0x0530, 0x058F),
    ("arabic", 0x0600, 0x06FF),
    ("devanagari", 0x0900, 0x097F),
    ("tamil", 0x0B80, 0x0BFF),
    ("latin", 0x1E00, 0x1EFF),
)
_LANGUAGE_SCRIPTS = {
    **dict.fromkeys(("ru", "uk", "be", "bg", "mk", "sr"), "cyrillic"),
    **dict.fromkeys(("sl", "hr", "bs", "nb", "nn", "eu", "ga"), "latin"),
    **{
        language: script
        for script, languages in _QUERY_LANGUAGES.items()
        if script != "cyrillic"
        for language in languages
    },
}

_local = threading.local()


def script_of(word: str) -> str | None:
    """Return the script of the first letter of ``word``, or None for one without stems."""
    code = ord(word[0])
    for script, first, last in _SCRIPTS:
        if first <= code <= last:
            return script
    return None


@lru_cache(maxsize=65_536)
def stem(word: str, language: str) -> str:
    """Return the stem of the lower-case ``word`` in a text of ``language``, without diacritics.

    A word in another script than the language's own is taken as English or Russian.

    >>> stem("missiles", "en"), stem("ракеты", "ru"), stem("łukaszenki", "sk")
    ('missil', 'ракет', 'lukaszenk')
    """
    script = script_of(word)
    if script is None:
        return strip_marks(word)
    return _stem_in(word, _language_in(script, language))


@lru_cache(maxsize=65_536)
def name_stem(word: str, language: str) -> str:
    """Return the lower-case ``word`` without the endings of a name in ``language``.

    >>> name_stem("oreschniks", "de"), name_stem("орешником", "ru")
    ('oreschnik', 'орешник')
    """
    script = script_of(word)
    if script is None:
        return strip_marks(word)
    return _name_stem_in(word, script, _language_in(script, language))


@lru_cache(maxsize=4_096)
def query_stems(word: str) -> tuple[str, ...]:
    """Return the stems of ``word`` in every language of its script, and the word, each once.

    >>> "ракет" in query_stems("ракетами")
    True
    """
    languages = _QUERY_LANGUAGES.get(script_of(word) or "", ())
    forms = [_stem_in(word, language) for language in languages]
    return tuple(dict.fromkeys((*forms, strip_marks(word))))


@lru_cache(maxsize=4_096)
def query_name_stems(word: str) -> tuple[str, ...]:
    """Return ``word`` without the endings of a name in every language of its script, and whole.

    >>> query_name_stems("орешника")
    ('орешник', 'орешника')
    """
    script = script_of(word) or ""
    languages = _QUERY_LANGUAGES.get(script, ())
    forms = [_name_stem_in(word, script, language) for language in languages]
    return tuple(dict.fromkeys((*forms, strip_marks(word))))


def _language_in(script: str, language: str) -> str:
    """Return whose rules hold for a word in ``script`` in a text of ``language``."""
    language = language.partition("-")[0].lower()
    if language == "sr" and script == "latin":
        return "hr"
    if _LANGUAGE_SCRIPTS.get(language) == script:
        return language
    return _QUERY_LANGUAGES.get(script, ("",))[0]


def _name_stem_in(word: str, script: str, language: str) -> str:
    if language in _ENDINGS or language == "ru":
        return _cut_ending(word, _ENDINGS.get(language, _ENDINGS["be"]))
    if script != "latin" or language in _AGGLUTINATIVE:
        return _stem_in(word, language)
    return _cut_ending(word, ("s",)) if not word.endswith("ss") else strip_marks(word)


def _stem_in(word: str, language: str) -> str:
    algorithm = SNOWBALL.get(language)
    stemmer = _snowball(algorithm) if algorithm else None
    if stemmer is not None:
        return strip_marks(stemmer.stemWord(word))
    return _cut_ending(word, _ENDINGS.get(language, ()))


def _cut_ending(word: str, endings: tuple[str, ...]) -> str:
    """Return ``word`` without the longest of ``endings``, given longest first, and marks."""
    plain = strip_marks(word) if script_of(word) == "latin" else word
    for ending in endings:
        if plain.endswith(ending) and len(plain) - len(ending) >= _MIN_STEM_CHARS:
            return strip_marks(plain[: -len(ending)])
    return strip_marks(plain)


def _snowball(algorithm: str) -> Stemmer.Stemmer | None:
    """Return this thread's stemmer (they are not re-entrant); None if Snowball lacks it."""
    stemmers: dict[str, Stemmer.Stemmer | None] = _local.__dict__.setdefault("stemmers", {})
    if algorithm not in stemmers:
        known = algorithm in Stemmer.algorithms()
        stemmers[algorithm] = Stemmer.Stemmer(algorithm) if known else None
    return stemmers[algorithm]
