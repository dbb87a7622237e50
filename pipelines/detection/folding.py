"""Fold a text for matching, and keep the way back to its exact characters.

Folding lowers the case with ``lower()`` (``casefold()`` would change lengths), deletes what the
eye does not read (stress marks, other combining marks, soft hyphens, zero-width characters, the
hyphen of a broken line) and brings typographic twins together (no-break spaces, hyphens, wide
letters, ligatures). Where lengths change, :class:`Folded` keeps a map, so that an offset into
the folded text leads back to the unchanged one.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass, field

_TWINS = (
    ("\u00a0", " "),
    ("\u202f", " "),
    ("\u2009", " "),
    ("\u2011", "-"),
    ("\u2010", "-"),
    ("\u0130", "i"),
    ("\u0131", "i"),
    ("\u2019", "'"),
    ("\u02bc", "'"),
)
"""Replaced one for one before lowering: no map is needed."""

_CHANGING = (
    "\u0301\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u0300\u0306\u0308\u030c\u0302\u0303"
    "\u0327\u0328\u030a\u030b\u0304\u0307\u0323\u0640\u064e\u064f\u0650\u0651\u0652\u05b0\u05b4"
    "\ufb01\ufb02\ufb00\u3002\u3001\uff0c"
)
"""Characters whose presence sends a text to the slow path (each test is a memchr)."""

_GENERAL = [mark for mark in _CHANGING if mark.encode()[0] == 0xE2]
_CHANGING_BYTES = sorted({mark.encode()[:1] for mark in _CHANGING} - {b"\xc2", b"\xe2"})
"""First bytes of those characters, but for two that usual texts have too."""

_UNREAD = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u0610-\u061a\u064b-\u065f\u0670"
    "\u0640\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff"
)
_TWO_IN_ONE = "\ufb00-\ufb06\uff01-\uff5e"
_SPECIAL = re.compile(
    # One class to begin with: so a search skips all other characters four times as fast.
    f"[{_UNREAD}{_TWO_IN_ONE}-]"
    f"(?:(?<=[{_UNREAD}])[{_UNREAD}]*|(?<=[{_TWO_IN_ONE}])"
    "|(?<=[^\\W\\d_]-)[ \t]*\r?\n[ \t]*(?=[^\\W\\d_]))"
)
_GREEK = tuple(zip("άέήίόύώϊϋΐΰς", "αεηιουωιυιυσ", strict=True))
"""The Greek accent moves with the ending and the press drops it in capitals."""
_SURROGATES = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text; ``origin`` is None while every offset is the same as in the original."""

    text: str
    starts: list[int] | None = None
    origin: list[tuple[int, bool]] = field(default_factory=list)

    def start_of(self, position: int) -> int:
        """Return the original offset of the character at ``position`` of the folded text."""
        if self.starts is None:
            return position
        at = bisect_right(self.starts, position) - 1
        begin, copied = self.origin[at]
        return begin + (position - self.starts[at] if copied else 0)

    def span(self, start: int, end: int, original: str) -> tuple[int, int]:
        """Return the original ``[start, end)`` of a folded span that is not empty.

        Marks that hang on the last character belong to it.
        """
        if self.starts is None:
            return start, end
        first, last = self.start_of(start), self.start_of(end - 1) + 1
        while last < len(original) and unicodedata.category(original[last]) == "Mn":
            last += 1
        return first, last


def fold(text: str) -> Folded:
    r"""Return ``text`` folded for matching.

    >>> fold("Оре́шник").text
    'орешник'
    >>> folded = fold("the weap\xadon")
    >>> folded.span(4, 10, "the weap\xadon")
    (4, 11)
    """
    is_broken = "-\n" in text or ("\r" in text and "-\r\n" in text)
    if text.isascii():
        return _slow(text) if is_broken else Folded(text.lower())
    if is_broken or _may_change(text):
        return _slow(text)
    return Folded(_lower(text))


def _may_change(text: str) -> bool:
    """Return whether a character of :data:`_CHANGING` is there, mostly by a look at the bytes.

    In UTF-8 a search for one byte is ten times as fast as one for a character, and usual texts of
    most languages have none of the bytes with which those characters begin.
    """
    try:
        raw = text.encode()
    except UnicodeEncodeError:
        return any(mark in text for mark in _CHANGING)
    if any([byte in raw for byte in _CHANGING_BYTES]):  # noqa: C419 - a generator costs more
        return any(mark in text for mark in _CHANGING)
    return "\xad" in text or (b"\xe2" in raw and any(mark in text for mark in _GENERAL))


def without_surrogates(text: str) -> str:
    """Return ``text`` with each lone surrogate replaced by U+FFFD; lengths do not change."""
    return _SURROGATES.sub("\ufffd", text)


def _lower(text: str) -> str:
    for twin, plain in _TWINS:
        if twin in text:
            text = text.replace(twin, plain)
    lowered = text.lower()
    if "α" in lowered or "ς" in lowered:
        # A table would be asked for each character, and most of them are none of these.
        for accented, plain in _GREEK:
            lowered = lowered.replace(accented, plain)
    return lowered


def _slow(text: str) -> Folded:
    pieces: list[str] = []
    starts: list[int] = []
    origin: list[tuple[int, bool]] = []
    length = done = 0

    def keep(piece: str, begin: int, *, copied: bool) -> None:
        nonlocal length
        if piece:
            starts.append(length)
            origin.append((begin, copied))
            pieces.append(piece)
            length += len(piece)

    for match in _SPECIAL.finditer(text):
        begin, end = match.span()
        keep(_lower(text[done:begin]), done, copied=True)
        first = text[begin]
        if first >= "\uff01" and first != "\ufeff":
            keep(_lower(unicodedata.normalize("NFKC", first)), begin, copied=False)
        elif "\ufb00" <= first <= "\ufb06":
            keep(unicodedata.normalize("NFKC", first), begin, copied=False)
        done = end
    if not starts and done == 0:
        return Folded(_lower(text))
    keep(_lower(text[done:]), done, copied=True)
    if not starts:
        return Folded("", [0], [(0, True)])
    return Folded("".join(pieces), starts, origin)


_UNDECOMPOSED = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "ß": "ss", "ħ": "h"}
)


def bare(word: str) -> str:
    """Return ``word`` without any accent, as hurried typists and decomposed texts have it.

    >>> bare("oréchnik"), bare("łukaszenka"), bare("ё")
    ('orechnik', 'lukaszenka', 'е')
    """
    decomposed = unicodedata.normalize("NFD", word.translate(_UNDECOMPOSED))
    kept = "".join(one for one in decomposed if unicodedata.category(one) != "Mn")
    return unicodedata.normalize("NFC", kept)
