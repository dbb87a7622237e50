"""Where the words of a text are: one tokeniser for every script.

Words are runs of letters, digits and combining marks. Scripts that do not separate words with
spaces give one token per character, a bigram with the next one, so that a phrase of bigrams
finds any substring.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf"
    "\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003134f"
)
"""Thai, Lao, Burmese, Khmer, Kana, Han, and Hangul, whose particles hang on the word."""

INVISIBLE = "\u00ad\u200b-\u200d\u2060\ufeff"
"""Soft hyphen and zero-width characters: part of a word for the eye, not for the search."""


def _mark_ranges() -> str:
    """Return the combining marks of the basic plane as ranges of a character class."""
    marks = [c for c in range(0x300, 0xFE30) if unicodedata.category(chr(c))[0] == "M"]
    ranges: list[list[int]] = []
    for code in marks:
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "".join(f"\\u{first:04x}-\\u{last:04x}" for first, last in ranges)


_MARK = f"[{_mark_ranges()}{INVISIBLE}]"
_RUN = rf"(?:[^\W_]+(?:{_MARK}+[^\W_]*)*|{_MARK}+(?:[^\W_]+{_MARK}*)*)"
"""Letters, digits and marks in any order; unrolled, since nested repeats cost up to double."""

_ASCII_WORD = re.compile(r"[^\W_]+")
_WORD = re.compile(rf"{_RUN}(?:(?<=[\u0400-\u052f])['’](?=[\u0400-\u052f]){_RUN})*")
_UNSPACED = re.compile(f"[{UNSPACED}]+")
_DELETED = re.compile(f"[{INVISIBLE}'’\u0301]")


class Word(NamedTuple):
    """One token: ``text`` in lower case, NFC, as it stands in ``[start, end)``."""

    start: int
    end: int
    text: str
    unspaced: bool = False


def find_words(text: str) -> Iterator[Word]:
    """Yield the words of ``text`` in order; offsets are into the unchanged string.

    >>> [word.text for word in find_words("L’Oreshnik, об'єкт!")]
    ['l', 'oreshnik', 'обєкт']
    >>> [word.text for word in find_words("核武器 x")]
    ['核武', '武器', '器', 'x']
    """
    for match in _WORD.finditer(text):
        yield from split_token(match.group(), match.start())


def find_tokens(text: str) -> list[str]:
    """Return the runs of letters in ``text``; :func:`split_token` makes words of each."""
    return (_ASCII_WORD if text.isascii() else _WORD).findall(text)


def split_token(token: str, offset: int = 0) -> Iterable[Word]:
    """Return the words of one run that stands at ``offset``."""
    if token.isascii() or not _UNSPACED.search(token):
        word = normalise_word(token)
        return (Word(offset, offset + len(token), word),) if word else ()
    return _split_unspaced(token, offset)


def _split_unspaced(token: str, offset: int) -> Iterator[Word]:
    """Yield bigrams for the parts of ``token`` without spaces, words for the others."""
    at = 0
    for match in _UNSPACED.finditer(token):
        if word := normalise_word(token[at : match.start()]):
            yield Word(offset + at, offset + match.start(), word)
        run = match.group()
        for index in range(len(run)):
            pair = run[index : index + 2]
            start = offset + match.start() + index
            yield Word(start, start + len(pair), _canonical(pair), unspaced=True)
        at = match.end()
    if word := normalise_word(token[at:]):
        yield Word(offset + at, offset + len(token), word)


def normalise_word(token: str) -> str:
    """Return ``token`` in lower case, composed, without invisible marks and stress signs."""
    lowered = token.lower()
    if lowered.isascii():
        return lowered
    composed = _canonical(_DELETED.sub("", lowered))
    if composed != composed.lower():
        # Mathematical capitals have no lower case before they are plain letters.
        composed = _canonical(composed.lower())
    # Composing makes other signs of one: "⑴" is "(1)", forms of Arabic vowels are such signs.
    return _canonical("".join(_WORD.findall(_DELETED.sub("", composed))))


def _canonical(token: str) -> str:
    return unicodedata.normalize("NFKC", token)
