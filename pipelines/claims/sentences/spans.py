"""Which sentences of an article are read for claims: those with a mention and their neighbours."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from connectors.records import Mention, TimeExpression
from pipelines.detection.sentences import each_sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

REACH_SENTENCES = 2
"""How many sentences after its last mention a system may still be meant by "it"."""

SOLE_REACH_SENTENCES = 5
"""The same as long as an article has named one system only: nothing else can be meant."""

REACH_CHARS = 400
"""How far a system may stand from the predicate: bounds a sentence that never ends."""

SPARE_SENTENCES = 3
"""Cut beyond those that are read, so that these are surely whole."""

MAX_SENTENCE_CHARS = 2_000
"""Of a longer sentence only this much around each mention is read."""

AROUND_CHARS = 1_200
"""Read on either side of the mentions: some eight sentences, of which five are needed at most."""

_INITIAL = re.compile(r"(?:^|[\s.])[^\W\d_]\.$")

_Placed = TypeVar("_Placed", Mention, TimeExpression)


def begin_of(placed: Mention | TimeExpression) -> int:
    """Return where it starts: a key to sort by."""
    return placed.start


def between(ordered: list[_Placed], starts: list[int], span: tuple[int, int]) -> list[_Placed]:
    """Return what begins in the sentence, without looking at all the others each time."""
    start, end = span
    return ordered[bisect_left(starts, start) : bisect_left(starts, end)]


def _is_never_cut(text: str, start: int, end: int) -> bool:
    del text, start, end
    return False


@dataclass(slots=True)
class Spans:
    """The sentences around the mentions of a text; those far after the last are cut when asked for.

    The mentions (one at least) and times are in order; ``starts`` is where the times start.
    """

    text: str
    mentions: Sequence[Mention]
    reach: int
    times: Sequence[TimeExpression]
    starts: Sequence[int]
    is_cut: Callable[[str, int, int], bool] = _is_never_cut
    """Whether a stretch says nothing without the sentence after it: a question, a number."""
    alone: int = 0
    """Where the second system is named first: until there only the first one can be meant."""
    _known: list[tuple[int, int]] = field(default_factory=list)
    _is_part: bool = True

    def wanted(self) -> list[int]:
        """Return which sentences to read: with a mention, one before, ``reach`` after."""
        self._look(self.reach + SPARE_SENTENCES)
        chosen = wanted(self._known, self.mentions, self.reach, self.alone)
        if self._is_part and max(chosen, default=-1) + 1 >= len(self._known):
            self._look(len(self.text))
            chosen = wanted(self._known, self.mentions, self.reach, self.alone)
        return sorted(chosen)

    def at(self, index: int) -> tuple[int, int] | None:
        """Return where the sentence of this index stands; None after the last."""
        if self._is_part and index >= len(self._known):
            self._look(len(self.text))
        return self._known[index] if index < len(self._known) else None

    def _look(self, most: int) -> None:
        """Cut the text up to ``most`` sentences after the last mention."""
        cut, self._is_part = _sentences_around(self.text, self.mentions, self.reach, most)
        spans = _windows(self.text, self.mentions, cut)
        self._known = whole(self.text, spans, self.times, self.starts, self.is_cut)
        if self._is_part:
            self._known.pop()  # The sentence after it might have been joined to it.


def _windows(
    text: str, mentions: Sequence[Mention], cut: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Return the sentences; one that never ends is cut to windows around its mentions."""
    spans: list[tuple[int, int]] = []
    for start, end in cut:
        if end - start <= MAX_SENTENCE_CHARS:
            spans += _with_bracket(text, spans, start, end)
            continue
        reached = start
        for mention in mentions:
            if start <= mention.start < end and mention.end > reached:
                begin = max(reached, mention.start - REACH_CHARS)
                reached = min(end, mention.end + REACH_CHARS)
                spans.append((begin, reached))
    return spans


def _sentences_around(
    text: str, mentions: Sequence[Mention], reach: int, most: int
) -> tuple[list[tuple[int, int]], bool]:
    """Return the sentences that may be read; of a long text not those far from any mention."""
    first, last = mentions[0].start, mentions[-1].end
    begin, end = max(0, first - AROUND_CHARS), min(len(text), last + AROUND_CHARS)
    if end - begin > len(text) - AROUND_CHARS:
        return _sentences_of(text, (0, len(text)), last, most)
    found, is_part = _sentences_of(text, (begin, end), last, most)
    before = sum(stop <= first for _, stop in found)
    after = sum(start >= last for start, _ in found)
    if (begin and before <= REACH_SENTENCES) or (end < len(text) and after <= reach):
        return _sentences_of(text, (0, len(text)), last, most)
    return found, is_part


def _sentences_of(
    text: str, span: tuple[int, int], last: int, most: int
) -> tuple[list[tuple[int, int]], bool]:
    """Return the sentences of a span up to ``most`` after ``last``, and whether there are more."""
    begin, end = span
    found: list[tuple[int, int]] = []
    for start, stop in each_sentence(text[begin:end]):
        found.append((begin + start, begin + stop))
        most -= begin + start >= last
        if most == 0:
            return found, True
    return found, False


def _with_bracket(
    text: str, spans: list[tuple[int, int]], start: int, end: int
) -> list[tuple[int, int]]:
    """Give a bracket that opens a sentence to the sentence before: it comments on that one."""
    closing = {"[": "]", "(": ")"}.get(text[start])
    stop = text.find(closing, start, end) + 1 if closing else 0
    if not stop or not spans:
        return [(start, end)]
    spans[-1] = (spans[-1][0], stop)
    return [(stop, end)] if text[stop:end].strip() else []


def whole(
    text: str,
    spans: Sequence[tuple[int, int]],
    times: Sequence[TimeExpression],
    starts: Sequence[int],
    is_cut: Callable[[str, int, int], bool],
) -> list[tuple[int, int]]:
    """Return ``spans``, joined where a full stop ends nothing: "7. Juli", "J.D. Vance".

    ``times`` are in order, and ``starts`` is where they start. A stretch of which
    ``is_cut`` holds, such as "And in Poland?", is joined to the next.
    """
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and (
            _goes_on(text, joined[-1], start, times, starts) or is_cut(text, *joined[-1])
        ):
            start = joined.pop()[0]  # noqa: PLW2901 - the sentence began before
        joined.append((start, end))
    return joined


def _goes_on(
    text: str,
    last: tuple[int, int],
    start: int,
    times: Sequence[TimeExpression],
    starts: Sequence[int],
) -> bool:
    tail = text[max(last[0], last[1] - 6) : last[1]].rstrip()
    final = tail[-2:-1]
    if final.isdigit():
        before = bisect_left(starts, start) - 1
        return before >= 0 and times[before].end > start
    return final.isupper() and _INITIAL.search(tail) is not None


def wanted(
    spans: Sequence[tuple[int, int]], mentions: Sequence[Mention], reach: int, alone: int = 0
) -> set[int]:
    """Return the indexes of the sentences to read: with a mention, one before, ``reach`` after.

    After a mention before ``alone`` those up to there, as in an article that names one system.
    """
    starts = [start for start, _ in spans]
    second = bisect_right(starts, alone) - 1
    chosen: set[int] = set()
    for mention in mentions:
        index = bisect_right(starts, mention.start) - 1
        last = index + reach
        if mention.start < alone:
            last = max(last, min(index + SOLE_REACH_SENTENCES, second))
        chosen.update(range(max(0, index - 1), min(len(spans), last + 1)))
    return chosen
