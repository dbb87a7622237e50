"""The search fields of a text: its stems and folded words, in the order of the text."""

from __future__ import annotations

from typing import NamedTuple

from connectors.fulltext.folding import fold
from connectors.fulltext.stems import name_stem, stem
from connectors.fulltext.words import find_words


class AnalysedText(NamedTuple):
    """Two parallel strings of tokens with one space between them."""

    stems: str
    folded: str


def analyse(text: str, language: str) -> AnalysedText:
    """Return the search fields of ``text``, written in ``language`` (ISO 639-1, or any string).

    >>> analyse("Ракеты «Орешник»", "ru")
    AnalysedText(stems='ракет орешник', folded='raket aresnek')
    """
    stems: list[str] = []
    folded: list[str] = []
    for word in find_words(text):
        if word.unspaced:
            stems.append(word.text)
            folded.append(word.text)
        else:
            root = name_stem(word.text, language)
            stems.append(stem(word.text, language) or word.text)
            folded.append(fold(root) or root or word.text)
    return AnalysedText(" ".join(stems), " ".join(folded))
