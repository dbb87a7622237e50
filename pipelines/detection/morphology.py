"""Forms of dictionary words: loaded only when a rule asks for a ``lemma``."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from pipelines.detection import words
from pipelines.detection.folding import fold

if TYPE_CHECKING:
    from collections.abc import Callable

_PYMORPHY = frozenset({"ru", "uk"})
_SNOWBALL = {
    "ar": "arabic",
    "ca": "catalan",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "et": "estonian",
    "fi": "finnish",
    "fr": "french",
    "hu": "hungarian",
    "hy": "armenian",
    "it": "italian",
    "lt": "lithuanian",
    "nl": "dutch",
    "no": "norwegian",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "sv": "swedish",
    "tr": "turkish",
}
_SIMPLEMMA = frozenset(
    """bg ca cs cy da de el en es et fi fr ga gl hu hy id is it ka la lb lt lv mk ms nl nn pl pt
    ro ru sk sl sq sv sw tl tr uk""".split()  # noqa: SIM905
)
_MIN_PREFIX = 3


def lemma(word: str, language: str) -> list[words.Expression]:
    """Return the expressions of every form of a dictionary ``word`` of ``language``.

    Russian and Ukrainian forms come from pymorphy3. Elsewhere a word counts when simplemma
    gives it the same lemma or Snowball the same stem; a language that neither knows gets its
    regular endings.
    """
    folded = fold(word).text
    if language in _PYMORPHY:
        forms = {
            fold(form.word).text
            for parse in _pymorphy(language).parse(folded)[:1]
            for form in parse.lexeme
        }
        return [one for form in forms | {folded} for one in words.parse(form, "", inflect=False)]
    check = _check(folded, language)
    if check is None:
        return words.parse(word, language)
    stemmed = _snowball(language).stemWord(folded) if language in _SNOWBALL else folded
    common = _common_prefix(folded, stemmed)
    if language in _SIMPLEMMA:
        common = common[: max(_MIN_PREFIX, len(folded) - 3)]
    return [words.checked(common, check)]


def _common_prefix(one: str, other: str) -> str:
    length = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        length += 1
    return one[: max(_MIN_PREFIX, length)]


def _check(lemma_: str, language: str) -> Callable[[str], bool] | None:
    if language not in _SNOWBALL and language not in _SIMPLEMMA:
        return None
    stemmer = _snowball(language) if language in _SNOWBALL else None
    stemmed = stemmer.stemWord(lemma_) if stemmer else None

    @lru_cache(maxsize=4096)
    def check(word: str) -> bool:
        if word == lemma_ or (stemmer is not None and stemmer.stemWord(word) == stemmed):
            return True
        return language in _SIMPLEMMA and _lemmatize(word, language) == lemma_

    return check


def _lemmatize(word: str, language: str) -> str:
    import simplemma  # noqa: PLC0415 - a dictionary is loaded only for rules that ask for it

    return str(simplemma.lemmatize(word, lang=language)).lower()


@cache
def _pymorphy(language: str) -> Any:  # noqa: ANN401 - untyped library
    import pymorphy3  # noqa: PLC0415 - a dictionary is loaded only for rules that ask for it

    return pymorphy3.MorphAnalyzer(lang=language)


@cache
def _snowball(language: str) -> Any:  # noqa: ANN401 - untyped library
    import Stemmer  # noqa: PLC0415 - loaded only for rules that ask for it

    return Stemmer.Stemmer(_SNOWBALL[language])
