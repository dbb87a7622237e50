"""The search fields of a text: its stems and folded words, in the order of the text."""

from __future__ import annotations

from typing import NamedTuple

from connectors.fulltext.folding import fold, strip_marks
from connectors.fulltext.stems import name_stem, stem
from connectors.fulltext.words import find_tokens, split_token

MAX_TOKENS = 262_144
"""Runs of letters remembered in all languages together; then all begin again."""

MAX_LANGUAGES = 128


class AnalysedText(NamedTuple):
    """Two parallel strings of tokens with one space between them."""

    stems: str
    folded: str


def analyse(text: str, language: str) -> AnalysedText:
    """Return the search fields of ``text``, written in ``language`` (ISO 639-1, or any string).

    >>> analyse("Ракеты «Орешник»", "ru")
    AnalysedText(stems='ракет орешник', folded='raket aresnek')
    """
    forms = _FORMS.get(language)
    if forms is None:
        # At a language, or a string taken for one, beyond all that there are, begin again.
        if len(_FORMS) >= MAX_LANGUAGES:
            _FORMS.clear()
        forms = _FORMS.setdefault(language, _Forms(language))
    found = list(map(forms.__getitem__, find_tokens(text)))
    stems, folded = zip(*found, strict=True) if found else ((), ())
    return AnalysedText(" ".join(filter(None, stems)), " ".join(filter(None, folded)))


class _Forms(dict[str, tuple[str, str]]):
    """The forms of the runs of letters of one language: most have been seen before.

    A plain look-up that falls back on the analysis; it costs three quarters of an ``lru_cache``.
    """

    def __init__(self, language: str) -> None:
        super().__init__()
        self._language = language

    def __missing__(self, token: str) -> tuple[str, str]:
        if sum(map(len, _FORMS.values())) >= MAX_TOKENS:
            for one in list(_FORMS.values()):
                one.clear()
        forms = self[token] = _analyse_token(token, self._language)
        return forms


_FORMS: dict[str, _Forms] = {}


def _analyse_token(token: str, language: str) -> tuple[str, str]:
    """Return stems and folded words of one run of letters: most runs have been seen before."""
    stems: list[str] = []
    folded: list[str] = []
    for word in split_token(token):
        if word.unspaced:
            stems.append(word.text)
            folded.append(word.text)
        else:
            root = name_stem(word.text, language)
            plain = strip_marks(word.text) or word.text
            stems.append(stem(word.text, language) or plain)
            folded.append(fold(root) or root or plain)
    return " ".join(stems), " ".join(folded)
