"""Which language an article is written in, offline."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

SAMPLE_CHARS = 4000
"""The beginning of an article tells its language; the rest costs time."""

_SCRIPTS = (
    ("cyrl", re.compile("[\u0400-\u04ff]")),
    ("grek", re.compile("[\u0370-\u03ff\u1f00-\u1fff]")),
    ("arab", re.compile("[\u0600-\u06ff]")),
    ("hebr", re.compile("[\u0590-\u05ff]")),
    ("geor", re.compile("[\u10a0-\u10ff]")),
    ("armn", re.compile("[\u0530-\u058f]")),
    ("kana", re.compile("[\u3040-\u30ff]")),
    ("hang", re.compile("[\uac00-\ud7af]")),
    ("hani", re.compile("[\u4e00-\u9fff]")),
    ("deva", re.compile("[\u0900-\u097f]")),
    ("thai", re.compile("[\u0e00-\u0e7f]")),
    ("latn", re.compile("[A-Za-z\u00c0-\u024f]")),
)
_SCRIPT_LANGUAGE = {
    "grek": "el",
    "hebr": "he",
    "geor": "ka",
    "armn": "hy",
    "hang": "ko",
    "deva": "hi",
    "thai": "th",
}
_CYRILLIC = ("be", "bg", "kk", "ky", "mk", "ru", "sr", "uk")
_ARABIC = ("ar", "fa", "ur")
_LATIN = tuple(
    """az bs ca cs cy da de en es et eu fi fr ga gl hr hu id is it la lt lv ms mt nl no pl pt ro sk
    sl sq sv sw tr vi""".split()  # noqa: SIM905
)
_LETTERS = {
    "be": "ўі",
    "uk": "їєґі",
    "ru": "ыэё",
    "sr": "ђјћџљњ",
    "mk": "ѓѕќјљњџ",
    "kk": "әғқңөұүһі",
    "ky": "ңөү",
    "bg": "ъщ",
}
_FORBIDDEN = {
    "be": "ищъїєґђјћџљњ",
    "uk": "ыэъёўђјћџљњ",
    "ru": "іїєґўђјћџљњѓќ",
    "bg": "ыэёіїєґўђјћџљњ",
    "sr": "йщъыьэюяёіїєґў",
    "mk": "йщъыьэюяёіїєґўђћ",
    "kk": "їєґўђјћџљњ",
    "ky": "їєґўђјћџљњі",
}
_BULGARIAN = re.compile(r"\b(?:и|на|за|се|от|че|да|в|със|който|като|беше|са)\b")
_LETTER_WEIGHT, _MIN_LETTERS = 40.0, 3
_HINT_SHARE = 0.15
"""A declared language wins when its letters are plausible and the text is too short to tell."""
_SHORT_CHARS = 60
_ALIASES = {"iw": "he", "in": "id", "nb": "no", "nn": "no", "sh": "sr", "zh-tw": "zh"}


def identify_language(text: str, hint: str | None = None) -> str:
    """Return the ISO 639-1 code of the language of ``text``, ``und`` when it cannot be told.

    The script decides first, then the letters that a language has or never has, then a model
    (py3langid) among the languages of that script. Constant time: only the beginning is read.

    Args:
        text: title and text of an article.
        hint: what the page declares, such as ``fr-BE``; it settles short and close cases, and
            never against the script.

    >>> identify_language("Лукашэнка папрасіў размясціць у Беларусі ракеты")
    'be'
    >>> identify_language("12 345")
    'und'
    """
    sample = text[:SAMPLE_CHARS]
    declared = _declared(hint)
    counts = {name: len(pattern.findall(sample)) for name, pattern in _SCRIPTS}
    if sum(counts.values()) < _MIN_LETTERS:
        return "und"
    if counts["kana"] * 8 > counts["kana"] + counts["hani"] and counts["kana"] > 1:
        counts["kana"] += counts["hani"]
    script = max(counts, key=lambda name: counts[name] * (2 if name == "hani" else 1))
    if script in _SCRIPT_LANGUAGE:
        return _SCRIPT_LANGUAGE[script]
    if script == "kana":
        return "ja"
    if script == "hani":
        return declared if declared in ("ja", "zh") else "zh"
    if script == "cyrl":
        return _cyrillic(sample, declared)
    languages = _ARABIC if script == "arab" else _LATIN
    return _ranked(sample, languages, declared)


def _declared(hint: str | None) -> str | None:
    if not hint:
        return None
    code = hint.strip().lower().replace("_", "-")
    code = _ALIASES.get(code, code).split("-")[0]
    return _ALIASES.get(code, code) or None


def _cyrillic(sample: str, declared: str | None) -> str:
    lowered = sample.lower()
    scores: dict[str, float] = {}
    letters = max(1, sum(one.isalpha() for one in lowered))
    for language in _CYRILLIC:
        own = sum(lowered.count(one) for one in _LETTERS[language])
        never = sum(lowered.count(one) for one in _FORBIDDEN[language])
        scores[language] = (own - 3 * never) / letters * _LETTER_WEIGHT
    scores["bg"] += len(_BULGARIAN.findall(lowered)) / (letters / 30 + 1)
    if declared in scores:
        scores[declared] += 0.3
    model = dict(_rank(sample, _CYRILLIC))
    for language in scores:
        scores[language] += 2 * model.get(language, 0.0)
    return max(scores, key=lambda one: scores[one])


def _ranked(sample: str, languages: tuple[str, ...], declared: str | None) -> str:
    ranking = _rank(sample, languages)
    best, share = ranking[0]
    if declared in languages and declared != best:
        own = dict(ranking).get(declared, 0.0)
        if own >= _HINT_SHARE or len(sample) < _SHORT_CHARS or share < 0.5:
            return declared
    return "hr" if best == "bs" and declared is None else best


def _rank(sample: str, languages: tuple[str, ...]) -> list[tuple[str, float]]:
    return [(str(code), float(share)) for code, share in _model(languages).rank(sample)]


@cache
def _model(languages: tuple[str, ...]) -> Any:  # noqa: ANN401 - untyped library
    from py3langid.langid import (  # noqa: PLC0415 - the model takes time and memory to load
        MODEL_FILE,
        LanguageIdentifier,
    )

    model = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    model.set_languages(list(languages))
    return model
