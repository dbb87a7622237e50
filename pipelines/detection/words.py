"""Words and expressions: which patterns stand for them, and what must be right around a hit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.detection.endings import LOOSE, UNSPACED, base
from pipelines.detection.folding import bare, fold

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

WIDE_FROM, HANGUL_FROM, HANGUL_TO = "\u2e80", "\uac00", "\ud7a3"
STEM_LETTERS = 6
"""Letters that may follow ``stem*`` when nothing else is said."""
_SHORTEST_BARE = 3
_LATER, _USEFUL = 1.5, 4.0
"""The first word is searched unless it is shorter than the second figure, or another is longer by
more than the first: what stands after a hit costs a fraction of what stands before it."""
_LONG_STEM_LETTERS = 10
_LONG_ENDINGS = frozenset("tr az kk ky hu fi et ka de nl sv da no".split())  # noqa: SIM905
"""Languages whose endings follow each other, or that write compounds as one word."""
SHORT_LETTERS = 5
"""A word of so many letters is too short to mean the same in all languages."""
_TOKEN = re.compile(r"[^\W_]+\*?|\*")
_DESIGNATION_TAILS = frozenset({"", "s"})
"""What a designation such as B61 takes: a plural, where the language puts it there."""
SCRIPTS_APART = "\u0530"
"""Below are Latin, Greek and Cyrillic, which many languages share."""


@dataclass(frozen=True, slots=True)
class Token:
    """One word of an expression: its unchanging bases and what may follow them."""

    bases: tuple[str, ...]
    tails: frozenset[str] | None = None
    least: int = 0
    most: int = 0
    any_word: bool = False
    check: Callable[[str], bool] | None = None

    def accepts(self, word: str) -> bool:
        """Return whether the folded ``word`` is this one."""
        if self.any_word:
            return True
        for one in self.bases:
            if word.startswith(one) and self.accepts_tail(word[len(one) :]):
                return self.check is None or self.check(word)
        return False

    def accepts_tail(self, tail: str) -> bool:
        """Return whether ``tail`` may follow a base."""
        if self.tails is not None:
            return tail in self.tails
        return self.least <= len(tail) <= self.most and (not tail or tail.isalpha())


@dataclass(frozen=True, slots=True)
class Expression:
    """One way to match: the pattern that is searched stands for ``tokens[anchor]``.

    ``joined`` expressions are searched as a whole (``sm-6``) and need no neighbours. A short word
    of one ``language`` may be another word elsewhere, so it counts only in texts of that one.
    """

    tokens: tuple[Token, ...]
    anchor: int
    pattern: str
    spaced: bool
    joined: bool = False
    language: str | None = None


def weight_of(pattern: str) -> float:
    """Return how rare a pattern is, as a length in letters; an ideograph counts as three."""
    return sum(3.0 if one >= WIDE_FROM else 1.0 for one in pattern)


def parse(
    written: str, language: str, *, inflect: bool = True, bare_too: bool = True
) -> list[Expression]:
    """Return the expressions that a word or phrase of a rule stands for.

    Args:
        written: words with spaces or hyphens; ``stem*`` takes further letters, a lone ``*``
            stands for any one word.
        language: whose endings the words take; ``mul`` for those of any.
        inflect: whether plain words may take endings.
        bare_too: whether the unaccented spelling matches as well.
    """
    folded = fold(written).text
    raw = _TOKEN.findall(folded)
    if not raw:
        return []
    if folded[0] >= WIDE_FROM and not (HANGUL_FROM <= folded[0] <= HANGUL_TO):
        return [Expression((Token((folded,), frozenset({""})),), 0, folded, spaced=False)]
    if len(raw) > 1 and all(len(one.rstrip("*")) <= 3 for one in raw):
        return _joined(folded, raw, language, inflect=inflect)
    tokens = tuple(_token(one, language, inflect=inflect, bare_too=bare_too) for one in raw)
    anchor = _anchor([_rarity(token) for token in tokens])
    patterns = tokens[anchor].bases
    return [
        Expression(tokens, anchor, one, spaced=True, language=_bound(tokens, one, language))
        for one in patterns
    ]


def _anchor(rarities: Sequence[float]) -> int:
    """Return the number of the word by which an expression is searched, judged by rarity."""
    longest = max(rarities)
    if rarities[0] >= min(_USEFUL, longest) and longest - rarities[0] <= _LATER:
        return 0
    return rarities.index(longest)


def _bound(tokens: tuple[Token, ...], pattern: str, language: str) -> str | None:
    """Return the language to which a short word is bound, None for what is clear everywhere."""
    if len(tokens) > 1 or len(pattern) > SHORT_LETTERS or language in ("", "mul"):
        return None
    return language if pattern[0] < SCRIPTS_APART else None


def stem(word: str, least: int, most: int) -> list[Expression]:
    """Return the expressions of a word's beginning with ``least`` to ``most`` letters after."""
    folded = fold(word).text
    token = Token(_spellings(folded), None, least, most)
    return [Expression((token,), 0, one, spaced=folded[0] < WIDE_FROM) for one in token.bases]


def checked(beginning: str, check: Callable[[str], bool], most: int = 12) -> Expression:
    """Return the expression of words that begin so and that ``check`` accepts."""
    return Expression((Token((beginning,), None, 0, most, check=check),), 0, beginning, spaced=True)


def _rarity(token: Token) -> float:
    return 0.0 if token.any_word else min(map(weight_of, token.bases))


def _spellings(word: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((word, bare(word))))


def _token(raw: str, language: str, *, inflect: bool, bare_too: bool) -> Token:  # noqa: PLR0911
    if raw == "*":
        return Token((), any_word=True)
    word = raw.rstrip("*")
    # Without its accent a very short word is another one: là, lí, új.
    is_short = len(word) <= _SHORTEST_BARE and not raw.endswith("*")
    spellings = _spellings if bare_too and not is_short else _only
    if raw.endswith("*"):
        most = _LONG_STEM_LETTERS if language in _LONG_ENDINGS else STEM_LETTERS
        return Token(spellings(word), None, 0, max(most, LOOSE.get(language, 0)))
    if inflect and any(one.isdigit() for one in word):
        return Token(spellings(word), _DESIGNATION_TAILS)
    if inflect and language in LOOSE:
        return Token(spellings(word), None, 0, LOOSE[language])
    if not inflect or len(word) <= 3:
        return Token(spellings(word), frozenset({""}))
    if language in UNSPACED:
        return Token(spellings(word), frozenset({""}))
    beginning, tails = base(word, language)
    return Token(spellings(beginning), tails)


def _only(word: str) -> tuple[str, ...]:
    return (word,)


def _joined(folded: str, raw: list[str], language: str, *, inflect: bool) -> list[Expression]:
    """Return the spellings of an expression of short words: a designation such as ``sm-6``."""
    last = _token(raw[-1], language, inflect=inflect, bare_too=True)
    tails = frozenset({""}) if last.tails is None and last.most == 0 else last.tails
    separators = (" ", "-", "–", " - ", "‑", "—") if "-" in folded else (" ", "-")
    bare = [one.rstrip("*") for one in raw]
    joints = re.findall(r"[ -]+", folded)
    patterns = {separator.join(bare): None for separator in separators}
    if len(set(joints)) > 1 and len(joints) == len(bare) - 1:
        # Blanks stay blanks where hyphens vary: "kay aitch-101".
        for separator in separators:
            parts = [*(separator if one == "-" else one for one in joints), ""]
            patterns["".join(map("".join, zip(bare, parts, strict=True)))] = None
    expressions = []
    for pattern in patterns:
        token = Token((pattern,), tails, 0, last.most)
        expressions.append(Expression((token,), 0, pattern, spaced=True, joined=True))
    return expressions
