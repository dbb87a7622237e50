"""Cut a text into sentences and paragraphs, in any language, without a model."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_STOP = re.compile(
    # One class to begin with: a search skips what is not in it.
    r"[.!?…。！？؟۔।։\n](?:(?<=\n)\s*|(?<!\n)[.!?…。！？\"'»”’“)\]」』›]*)"
)
_BREAKS = re.compile(r"\n\s*")
could_end = re.compile(r"[.!?…。！？؟۔।։\n]").search
"""Finds what could end a sentence, whether or not it does."""
_WIDE = frozenset("。！？؟۔।։")
_PARAGRAPH = re.compile(r"\n[ \t\r]*\n\s*")
_ABBREVIATIONS = frozenset(
    """mr mrs ms dr prof gen col lt sgt st gov sen rep vs etc no art u.s u.k e.g i.e jr sr inc ltd
    m mme mlle me cf av bd dir ing sig sr sra d dña avv on dott
    hr fr bzw z.b d.h usw ca vgl nr str bd ggf u.a
    г гг ул им т.е т.д т.п др тыс млн млрд стр рис см проф акад ген руб р п пп н.э
    м р рр вул ім тис грн див просп с
    ul im tzw np tj r dr gen płk prof godz tys mln mld nr woj
    čl tzv např mj str tj resp""".split()  # noqa: SIM905
)
_ALSO_WORDS = frozenset(("on",))
"""Abbreviations that end sentences as words: "he went on. The", not "l'on. Rossi"."""

_NEXT = re.compile(r"[\s\"'«„“‘(—–\-¿¡]*(\S)").match
_INITIAL = re.compile(r"\s[^\W\d_]\.").match
"""A letter with a stop after another one: "a. D."."""

_LONGEST_ABBREVIATION = 8
_BEGINNING = 200
_SHORT_LINE, _LONG_LINE = 50, 120
"""A line shorter or longer than these was not wrapped by a mail program: its end is an end."""


def sentences(text: str) -> list[tuple[int, int]]:
    """Return the ``[start, end)`` of each sentence of ``text``, in order, without its blanks.

    Initials (``M. Poutine``), common abbreviations and numbers do not end a sentence; a blank
    line always does; a single line break does when the line is not simply wrapped. Texts without
    capitals are cut at every full stop. Linear in the length of the text.

    >>> text = "M. Poutine a signé. Minsk attend !"
    >>> [text[a:b] for a, b in sentences(text)]
    ['M. Poutine a signé.', 'Minsk attend !']
    """
    return list(each_sentence(text))


def each_sentence(text: str) -> Iterator[tuple[int, int]]:
    """Yield what :func:`sentences` returns, each found when it is asked for."""
    begin = 0
    for end in _ends_within(text, 0, len(text), caseless=is_lower(text)):
        yield from _bare(text, begin, end)
        begin = end
    yield from _bare(text, begin, len(text))


def sentence_ends(text: str) -> list[int]:
    """Return where the sentences of ``text`` end, but for the last: the next begins there."""
    return list(_ends_within(text, 0, len(text), caseless=is_lower(text)))


def is_lower(text: str) -> bool:
    """Return whether no capital is in ``text``; most texts show one at their beginning."""
    beginning = text[:_BEGINNING]
    return beginning == beginning.lower() and text == text.lower()


def is_upper(text: str) -> bool:
    """Return whether ``text`` has no small letter."""
    beginning = text[:_BEGINNING]
    return beginning == beginning.upper() and text == text.upper()


class Sentences:
    """Where the sentences of a text begin, found only around the places that are asked for.

    A text is cut at the line breaks that end a sentence first, which costs little; the sentences
    of a stretch between them are found when one of its places is asked for.
    """

    def __init__(self, text: str, forced: int = 0) -> None:
        """Take ``text``; a sentence begins at ``forced`` whatever stands there."""
        self._text = text
        starts = {0, forced}
        line_start = 0
        for match in _BREAKS.finditer(text):
            at, end = match.span()
            if text.count("\n", at, end) > 1 or _line_ends(text, line_start, at, match.group()):
                starts.add(end)
            line_start = end
        self._stretches = sorted(starts)
        self._inside: dict[int, list[int]] = {}
        self._caseless: bool | None = None

    def around(self, place: int, neighbours: int = 0) -> tuple[int, int]:
        """Return the ``[start, end)`` of the sentence at ``place`` with its neighbours."""
        number = bisect_right(self._stretches, place) - 1
        starts = self._inside.get(number) or self._starts(number)
        at = bisect_right(starts, place) - 1
        if neighbours == 0 and at + 1 < len(starts):
            return starts[at], starts[at + 1]
        first, low = number, at - neighbours
        while low < 0 < first:
            first -= 1
            low += len(self._starts(first))
        begin = self._starts(first)[max(0, low)]
        high = at + 1 + neighbours
        while number < len(self._stretches):
            starts = self._starts(number)
            if high < len(starts):
                return begin, starts[high]
            high -= len(starts)
            number += 1
        return begin, len(self._text)

    def _starts(self, number: int) -> list[int]:
        found = self._inside.get(number)
        if found is None:
            if self._caseless is None:
                self._caseless = is_lower(self._text)
            begin, end = self._stretches[number], len(self._text)
            if number + 1 < len(self._stretches):
                end = self._stretches[number + 1]
            ends = _ends_within(self._text, begin, end, caseless=self._caseless)
            found = [begin, *(one for one in ends if one < end)]
            self._inside[number] = found
        return found


def _ends_within(text: str, begin: int, stop: int, *, caseless: bool) -> Iterator[int]:
    line_start = begin
    for match in _STOP.finditer(text, begin, stop):
        at, end = match.span()
        mark = text[at]
        if mark == "\n":
            if text.count("\n", at, end) > 1 or _line_ends(text, line_start, at, match.group()):
                yield end
            line_start = end
        elif mark in _WIDE or _plain(text, at, end) or _ends(text, at, end, caseless=caseless):
            yield end


def paragraphs(text: str) -> list[tuple[int, int]]:
    """Return the ``[start, end)`` of each paragraph: blank lines part them."""
    found: list[tuple[int, int]] = []
    begin = 0
    for match in _PARAGRAPH.finditer(text):
        found += _bare(text, begin, match.start())
        begin = match.end()
    found += _bare(text, begin, len(text))
    return found


def _bare(text: str, begin: int, end: int) -> tuple[tuple[int, int], ...]:
    """Return a stretch without the blanks around it; nothing when it is blank."""
    while begin < end and text[begin].isspace():
        begin += 1
    while end > begin and text[end - 1].isspace():
        end -= 1
    return ((begin, end),) if begin < end else ()


def _line_ends(text: str, line_start: int, at: int, gap: str) -> bool:
    last = text[at - 1] if at else "\n"
    following = text[at + len(gap) : at + len(gap) + 1]
    if last in ".!?…。！？:;»”" or not following:
        return True
    length = at - line_start
    return (length < _SHORT_LINE or length > _LONG_LINE) and not following.islower()


def ends_plainly(text: str, stop: re.Match[str]) -> bool:
    """Return whether ``stop``, found in ``text`` by :data:`could_end`, ends a sentence for sure."""
    at, end = stop.span()
    return text[at] in ".!?…" and _plain(text, at, end)


def _plain(text: str, at: int, end: int) -> bool:
    """Return whether a long word, a stop, a blank and a capital follow each other."""
    if text[end : end + 1] != " " or not text[end + 1 : end + 2].isupper():
        return False
    return at >= 6 and text[at - 6 : at].isalpha()


def _ends(text: str, at: int, end: int, *, caseless: bool) -> bool:  # noqa: PLR0911
    if end == len(text) or not text[end].isspace():
        return end == len(text)
    following = _NEXT(text, end)
    if following is None:
        return True
    first = following.group(1)
    if first.islower() and not caseless:
        return False
    if text[at] != "." or end - at > 1:
        return True
    if text[at - 1 : at].isdigit():
        return not first.isdigit()
    before = text[max(0, at - _LONGEST_ABBREVIATION) : at].split()
    word = before[-1].lstrip("«„“\"'(‘") if before else ""
    if word == "X" and len(before) > 1 and before[-2].islower():
        return True  # The platform: "he wrote on X. Kyiv replied".
    if word in _ALSO_WORDS and first.isupper():
        return True
    if len(word) == 1 and word.isalpha() and (word.isupper() or caseless or _INITIAL(text, end)):
        return False
    return len(word) >= _LONGEST_ABBREVIATION or word.lower() not in _ABBREVIATIONS
