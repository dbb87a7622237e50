"""Who speaks in prose whose quotations dashes open: "– X stoi – uspokaja Jan Kos. – Y też"; pure.

A dash after the end of a sentence, or at the beginning of a line, opens words of somebody; a dash
before a small letter ends them and tells whose they are. They go on behind the next dash.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipelines.claims.sentences.sentence import Sentence

LINE_CHARS = 3_000
"""Of a line that never ends this much before the sentence is looked at."""

_SMALL = "a-zà-öø-ÿąćčęėěłńňřśšťůūųźżžőűα-ωа-яёіїєўґђјљњћџ"
_OPENS = re.compile(rf"(?:^|(?<=[.!?…] ))[—–-] ?(?=[^\W{_SMALL}]|[„“«\"])", re.MULTILINE)
"""A dash that opens words of somebody."""

_TELLS = re.compile(rf"[ ,.!?…][—–-] (?=[{_SMALL}])|,? [—–-] (?=[{_SMALL}])")
"""A dash that ends them: who speaks is told behind it."""


def told_by_dashes(text: str, sentence: Sentence) -> tuple[int, int] | None:
    r"""Return where it is told who speaks a sentence that dashes set apart, or None.

    >>> from pipelines.claims.sentences.sentence import Sentence
    >>> text = "– Nic nie ma – mówi Jan Kos. – Iskandery stoją."
    >>> begin, end = told_by_dashes(text, Sentence(29, len(text)))
    >>> text[begin:end]
    'mówi Jan Kos. '
    """
    nearest = max(0, sentence.start - LINE_CHARS)
    line = max(text.rfind("\n", nearest, sentence.start) + 1, nearest)
    opened = [m.start() for m in _OPENS.finditer(text, line, sentence.start + 4)]
    if not opened:
        return None
    stop = text.find("\n", sentence.start)
    stop = stop if stop >= 0 else len(text)
    if _TELLS.search(text, opened[-1] + 1, sentence.start):
        return None  # The words of somebody ended before.
    again = _OPENS.search(text, sentence.start + 4, stop)
    stop = again.start() if again else stop
    if after := _TELLS.search(text, sentence.start + 1, stop):
        return after.end(), _end_of(text, after.end(), stop)
    before = [*_TELLS.finditer(text, line, opened[-1])]
    # What was asked somebody else may answer.
    if before and "?" not in text[before[-1].start() - 1 : before[-1].end()]:
        return before[-1].end(), opened[-1]
    return None


def _end_of(text: str, start: int, stop: int) -> int:
    """Return where the sentence that tells who speaks ends."""
    end = text.find(". ", start, stop)
    return end + 1 if end >= 0 else stop
