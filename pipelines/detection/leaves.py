"""The parts of a rule that are only words, as the expressions that are searched."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pipelines.detection import model, morphology, words
from pipelines.detection.endings import LANGUAGES
from pipelines.detection.errors import suggestion
from pipelines.detection.translit import renderings

if TYPE_CHECKING:
    from collections.abc import Mapping

Path = tuple[str | int, ...]
Leaves = list[tuple[words.Expression, bool]]
"""Expressions, each with whether it was written as a name."""

_CYRILLIC = ("\u0400", "\u04ff")


class LeafError(ValueError):
    """A word that no rule can use; ``path`` says where it stands in its part."""

    def __init__(self, path: Path, message: str) -> None:
        super().__init__(message)
        self.path = path


def leaves_of(part: object) -> Leaves | None:
    """Return the expressions of a part that is only words; None when it is more than words.

    Raises:
        LeafError: a word of the part can never be found, or its language is not known.
    """
    if isinstance(part, str):
        return None if part.startswith("@") else _parse(part, "mul", ())
    if isinstance(part, model.Words):
        return _by_language(part.words)
    if isinstance(part, model.Exact):
        return _exact(part.exact)
    if isinstance(part, model.Stem):
        return _stem(part.stem)
    if isinstance(part, model.Translit):
        return _translit(part.translit)
    return _lemma(part.lemma) if isinstance(part, model.Lemma) else None


def _named(expressions: list[words.Expression], text: str) -> Leaves:
    return [(one, text[:1].isupper()) for one in expressions]


def _parse(text: str, language: str, path: Path) -> Leaves:
    parsed = words.parse(text, language)
    if not parsed or not all(one.pattern for one in parsed):
        raise LeafError(path, f"expected letters or digits, got {text!r}")
    return _named(parsed, text)


def _by_language(by_language: Mapping[str, list[str]]) -> Leaves:
    leaves: Leaves = []
    for language, texts in by_language.items():
        _known(language, ("words", language))
        for index, text in enumerate(texts):
            leaves += _parse(text, language, ("words", language, index))
    return leaves


def _exact(texts: list[str]) -> Leaves:
    leaves: Leaves = []
    for index, text in enumerate(texts):
        parsed = words.parse(text, "", inflect=False, bare_too=False)
        if not parsed or "*" in text:
            raise LeafError(("exact", index), f"expected plain words, got {text!r}")
        leaves += _named(parsed, text)
    return leaves


def _stem(part: model.StemBody) -> Leaves:
    if part.min > part.max:
        message = f"can never fire: min {part.min} is more than max {part.max}"
        raise LeafError(("stem",), message)
    if not part.word.isalnum():
        raise LeafError(("stem", "word"), f"expected one word, got {part.word!r}")
    return _named(words.stem(part.word, part.min, part.max), part.word)


def _translit(texts: list[str]) -> Leaves:
    leaves: Leaves = []
    for index, text in enumerate(texts):
        if not text.isalpha() or not all(_CYRILLIC[0] <= one <= _CYRILLIC[1] for one in text):
            message = f"expected one word in Cyrillic letters, got {text!r}"
            raise LeafError(("translit", index), message)
        for language, forms in renderings(text).items():
            for form in forms:
                parsed = words.parse(form, language)
                leaves += [(replace(one, language=None), True) for one in parsed]
    return leaves


def _lemma(by_language: Mapping[str, list[str]]) -> Leaves:
    leaves: Leaves = []
    for language, texts in by_language.items():
        _known(language, ("lemma", language))
        for index, text in enumerate(texts):
            if not text.isalpha():
                raise LeafError(("lemma", language, index), f"expected one word, got {text!r}")
            leaves += _named(morphology.lemma(text, language), text)
    return leaves


def _known(language: str, path: Path) -> None:
    if language not in LANGUAGES:
        hint = suggestion(language, LANGUAGES)
        known = ", ".join(sorted(LANGUAGES))
        raise LeafError(path, f"unknown language{hint}; expected one of {known}")
