"""Which language an article is written in, offline."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from copy import copy
from functools import cache
from typing import Any

SAMPLE_CHARS = 1200
MODEL_CHARS = 600
"""The beginning of an article tells its language, half of that to a model; the rest costs time."""
_SCRIPT_CHARS = 400

_SCRIPT_STARTS = (
    (0x0041, "latn"),
    (0x0250, ""),
    (0x0370, "grek"),
    (0x0400, "cyrl"),
    (0x0530, "armn"),
    (0x0590, "hebr"),
    (0x0600, "arab"),
    (0x0700, ""),
    (0x0900, "deva"),
    (0x0980, ""),
    (0x0E00, "thai"),
    (0x0E80, ""),
    (0x10A0, "geor"),
    (0x1100, "hang"),
    (0x1200, ""),
    (0x1E00, "latn"),
    (0x1F00, "grek"),
    (0x2000, ""),
    (0x3040, "kana"),
    (0x3100, ""),
    (0x3400, "hani"),
    (0xA000, ""),
    (0xAC00, "hang"),
    (0xD7B0, ""),
)
"""Where each script begins; an empty name is none that matters here."""
_STARTS = [start for start, _ in _SCRIPT_STARTS]
_SCRIPT_LANGUAGE = {
    "grek": "el",
    "kana": "ja",
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
    """az sr bs ca cs cy da de en es et eu fi fr ga gl hr hu id is it la lt lv ms mt nl no pl pt ro
    sk sl sq sv sw tr vi""".split()  # noqa: SIM905
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
_SURE_LETTERS = {"be": "ў", "uk": "їєґ", "ru": "ыэ", "kk": "әғқңөұүһ"}
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
_NO_LETTERS = re.compile(r"[\W\d_]+")
_BULGARIAN = re.compile(
    r"\b(?:се|че|да|със|във|който|която|което|които|като|беше|бе|са|ще|е|през|това|няма)\b"
)
_SERBO_CROATIAN = frozenset({"sr", "hr", "bs"})
_EKAVIAN = re.compile(
    r"(?i)(?:bezbedn|predsedn|\bposle|\bgde\b|\bovde|\bvreme|\brazmešt|\bšta\b|\bEvrop|\bhiljad|"
    r"\buslov|\bsredin|\bnedelj|\breč|\bmesto|\bmesec|\bcel[aoi]|\bBelorus|\bleto)"
)
_IJEKAVIAN = re.compile(
    r"(?i)(?:sigurnos|predsjedn|\bposlij|\bgdje|\bovdje|\bvrij|\bšto\b|\bEurop|\btisuć|\buvjet|\bsrij|"
    r"\btjed|\brij|\bmjes|\bcij|\bBjelorus|\blje|\btko\b|\bsustav)"
)
_LETTER_WEIGHT, _MIN_LETTERS = 40.0, 3
_HINT_SHARE = 0.15
"""A declared language wins when its letters are plausible and the text is too short to tell."""
_SHORT_CHARS = 60
_QUICK_CHARS, _QUICK_SHARE = (120, 250), 0.99
"""A page that says which language it is in is believed when its first lines leave no doubt.

Of 686 articles in Latin script the model was so sure of 576 after 120 characters, and of the same
language for each of them after 600.
"""
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
    script = _script(text)
    if script is None:
        return "und"
    if script in _SCRIPT_LANGUAGE:
        return _SCRIPT_LANGUAGE[script]
    if script == "hani":
        return "ja" if declared == "ja" else "zh"
    if script == "cyrl":
        return _cyrillic(sample, declared)
    languages = _ARABIC if script == "arab" else _LATIN
    return _ranked(sample, languages, declared)


def _script(text: str) -> str | None:
    """Return the script of most letters at the beginning of ``text``, None without letters."""
    counts: Counter[str] = Counter()
    letters = _NO_LETTERS.sub("", text[: _SCRIPT_CHARS * 2])
    if len(letters) < _SCRIPT_CHARS // 2:
        letters = _NO_LETTERS.sub("", text[: SAMPLE_CHARS * 4])
    for one, times in Counter(letters[:_SCRIPT_CHARS]).items():
        counts[_SCRIPT_STARTS[bisect_right(_STARTS, ord(one)) - 1][1]] += times
    del counts[""]
    if counts.total() < _MIN_LETTERS:
        return None
    if counts["kana"] > 1 and counts["kana"] * 8 > counts["kana"] + counts["hani"]:
        return "kana"
    counts["hani"] *= 2
    return counts.most_common(1)[0][0]


def _declared(hint: str | None) -> str | None:
    if not hint:
        return None
    code = hint.strip().lower().replace("_", "-")
    code = _ALIASES.get(code, code).split("-")[0]
    return _ALIASES.get(code, code) or None


def _cyrillic(sample: str, declared: str | None) -> str:
    lowered = sample.lower()
    sure = _by_letters(lowered)
    if sure is not None:
        return sure
    scores: dict[str, float] = {}
    letters = max(1, sum(one.isalpha() for one in lowered))
    for language in _CYRILLIC:
        own = sum(lowered.count(one) for one in _LETTERS[language])
        never = sum(lowered.count(one) for one in _FORBIDDEN[language])
        scores[language] = (own - 3 * never) / letters * _LETTER_WEIGHT
    scores["bg"] += len(_BULGARIAN.findall(lowered)) / (letters / 30 + 1)
    for likely, prior in (("ru", 0.4), ("uk", 0.1), (declared, 0.3)):
        if likely in scores:
            scores[likely] += prior
    model = dict(_rank(sample, _CYRILLIC))
    for language in scores:
        scores[language] += 2 * model.get(language, 0.0)
    return max(scores, key=lambda one: scores[one])


def _by_letters(lowered: str) -> str | None:
    """Return the language whose own letters are there and whose strange ones are not."""
    for language, own in _SURE_LETTERS.items():
        found = sum(lowered.count(one) for one in own)
        if found >= _MIN_LETTERS and not any(one in lowered for one in _FORBIDDEN[language]):
            return language
    return None


def _ranked(sample: str, languages: tuple[str, ...], declared: str | None) -> str:
    if declared in languages:
        for chars in _QUICK_CHARS:
            best, share = _rank(sample[:chars], languages)[0]
            if best == declared and share >= _QUICK_SHARE:
                return declared
            if len(sample) <= chars or best != declared:
                break
    ranking = _rank(sample, languages)
    best, share = ranking[0]
    if declared in languages and declared != best:
        own = dict(ranking).get(declared, 0.0)
        if own >= _HINT_SHARE or len(sample) < _SHORT_CHARS or share < 0.5:
            return declared
    if best in _SERBO_CROATIAN and declared not in _SERBO_CROATIAN:
        return "sr" if len(_EKAVIAN.findall(sample)) > len(_IJEKAVIAN.findall(sample)) else "hr"
    return best


def _rank(sample: str, languages: tuple[str, ...]) -> list[tuple[str, float]]:
    return [
        (str(code), float(share)) for code, share in _model(languages).rank(sample[:MODEL_CHARS])
    ]


@cache
def _model(languages: tuple[str, ...]) -> Any:  # noqa: ANN401 - untyped library
    model = copy(_whole_model())
    model.set_languages(list(languages))
    return model


@cache
def _whole_model() -> Any:  # noqa: ANN401 - untyped library
    """Return the model of all languages: 70 MB, of which each of a script's shares the most."""
    from py3langid.langid import (  # noqa: PLC0415 - the model takes time and memory to load
        MODEL_FILE,
        LanguageIdentifier,
    )

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
