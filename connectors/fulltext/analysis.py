"""The search fields of a text: its stems and folded words, in the order of the text."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from connectors.fulltext.folding import fold
from connectors.fulltext.stems import name_stem, stem
from connectors.fulltext.words import find_tokens, split_token


class AnalysedText(NamedTuple):
    """Two parallel strings of tokens with one space between them."""

    stems: str
    folded: str


def analyse(text: str, language: str) -> AnalysedText:
    """Return the search fields of ``text``, written in ``language`` (ISO 639-1, or any string).

    >>> analyse("Ракеты «Орешник»", "ru")
    AnalysedText(stems='ракет орешник', folded='raket aresnek')
    """
    found = [_analyse_token(token, language) for token in find_tokens(text)]
    stems, folded = zip(*found, strict=True) if found else ((), ())
    return AnalysedText(" ".join(filter(None, stems)), " ".join(filter(None, folded)))


@lru_cache(maxsize=262_144)
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
            stems.append(stem(word.text, language) or word.text)
            folded.append(fold(root) or root or word.text)
    return " ".join(stems), " ".join(folded)
