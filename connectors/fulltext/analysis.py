"""The search fields of a text: its stems and folded words, in the order of the text."""

from __future__ import annotations

from typing import NamedTuple

from connectors.fulltext.folding import fold
from connectors.fulltext.stems import stem
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
        root = word.text if word.unspaced else stem(word.text, language) or word.text
        stems.append(root)
        folded.append(root if word.unspaced else fold(root) or root)
    return AnalysedText(" ".join(stems), " ".join(folded))
