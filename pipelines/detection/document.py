"""An article while it is being matched: one folded string, its hits and what it asks lazily."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import cached_property
from typing import TYPE_CHECKING

from pipelines.detection.folding import Folded, fold, without_surrogates
from pipelines.detection.language import identify_language
from pipelines.detection.sentences import (
    Sentences,
    could_end,
    ends_plainly,
    is_lower,
    is_upper,
    paragraphs,
)

if TYPE_CHECKING:
    from pipelines.detection.nodes import Node

Span = tuple[int, int]
LEAD_CHARS = 600
"""The lead is the first paragraph of the text, and at most so many characters."""

_FAMILY_CHARS = 300
_FAMILIES = (
    frozenset({"ru", "be", "uk"}),
    frozenset({"cs", "sk"}),
    frozenset({"sr", "hr", "bs", "sl", "mk", "bg"}),
    frozenset({"da", "no", "sv"}),
    frozenset({"es", "pt", "gl", "ca"}),
    frozenset({"tr", "az"}),
)
_FAMILY = {language: family for family in _FAMILIES for language in family}
_BREAK = "\n\n"
_LETTER = re.compile(r"[^\W_]").search
_OPENING = "«„“”\"'‘‚‹「『《〈"


class Document:
    """Title and text as one string; offsets are into its folded form unless said otherwise."""

    def __init__(self, title: str, text: str, language: str | None) -> None:
        self.title, self.language = title, language
        self.original = f"{title}{_BREAK}{text}" if title else text
        self.body_original = len(title) + len(_BREAK) if title else 0
        self.folded: Folded = fold(self.original)
        self.text = self.folded.text
        self.found: dict[int, list[Span]] = {}
        self.present: frozenset[int] = frozenset()
        self.chosen: tuple[int, ...] = ()
        self.memo: dict[int, list[Span]] = {}
        self.possible: dict[int, bool] = {}
        self._around: dict[tuple[int, str], Span] = {}

    def encodable(self) -> None:
        """Replace lone surrogates, which no automaton takes; offsets stay."""
        self.original = without_surrogates(self.original)
        self.folded = fold(self.original)
        self.text = self.folded.text

    @property
    def identified(self) -> str:
        """The language of the text as it was told, else as its beginning tells."""
        return self.language or identify_language(self.original[:_FAMILY_CHARS])

    def hold(self, found: dict[int, list[Span]]) -> None:
        """Take the spans of further word lists, by their keys."""
        self.found.update(found)
        self.present = frozenset(self.found)

    def spans(self, node: Node) -> list[Span]:
        """Return the sorted spans of ``node``, found once."""
        found = self.memo.get(node.key)
        if found is not None:
            return found
        present = self.present
        if node.patterns:
            found = self.found.get(node.key, [])
            if len(found) > 1:
                found = sorted(set(found))
        else:
            for need in node.needed:
                if need.isdisjoint(present):
                    found = []
                    break
            else:
                found = node.find(self)
        self.memo[node.key] = found
        return found

    def may_hold(self, node: Node) -> bool:
        """Return whether ``node`` may have spans, judged by its words; kept in ``possible``."""
        present = self.present
        possible = True
        if node.patterns:
            possible = node.key in present
        else:
            for need in node.needed:
                if need.isdisjoint(present):
                    possible = False
                    break
        self.possible[node.key] = possible
        return possible

    def from_original(self, offset: int) -> int:
        """Return the folded offset of an original one."""
        starts = self.folded.starts
        if starts is None:
            return offset
        origin = self.folded.origin
        at = max(0, bisect_right(self._origins, offset) - 1)
        begin, copied = origin[at]
        limit = starts[at + 1] if at + 1 < len(starts) else len(self.text)
        return min(limit, starts[at] + (offset - begin if copied else 0))

    @cached_property
    def _origins(self) -> list[int]:
        return [begin for begin, _ in self.folded.origin]

    @cached_property
    def body(self) -> int:
        """Where the text begins."""
        return self.from_original(self.body_original)

    @cached_property
    def lead_end(self) -> int:
        """Where the lead of the text ends."""
        end = self.original.find(_BREAK, self.body_original)
        limit = self.body_original + LEAD_CHARS
        return self.from_original(min(limit, end if end >= 0 else len(self.original)))

    @cached_property
    def _sentences(self) -> Sentences:
        return Sentences(self.original, self.body_original)

    @cached_property
    def paragraph_starts(self) -> list[int]:
        """The sorted starts of the paragraphs."""
        originals = [start for start, _ in paragraphs(self.original)]
        if self.body_original:
            originals = sorted({*originals, self.body_original})
        if self.folded.starts is None:
            return originals
        return sorted({self.from_original(start) for start in originals})

    def around(self, start: int, where: str) -> Span:
        """Return the sentence (with its neighbours) or paragraph around ``start``, found once."""
        found = self._around.get((start, where))
        if found is None:
            found = self._around[start, where] = self._find_around(start, where)
        return found

    def _find_around(self, start: int, where: str) -> Span:
        if where == "paragraph":
            starts = self.paragraph_starts
            at = bisect_right(starts, start)
            begin = starts[max(0, at - 1)] if starts else 0
            return begin, starts[at] if at < len(starts) else len(self.text)
        neighbours = 1 if where == "neighbours" else 0
        if self.folded.starts is None:
            return self._sentences.around(start, neighbours)
        begin, end = self._sentences.around(self.folded.start_of(start), neighbours)
        return self.from_original(begin), self.from_original(end)

    def share(self, one: int, other: int, where: str) -> bool:
        """Return whether ``other`` stands in the sentence (or paragraph …) around ``one``.

        Most often what stands between them tells, and no sentence has to be found.
        """
        start, end = (one, other) if one < other else (other, one)
        known = self._around.get((one, where))
        if known is not None:
            return known[0] <= other < known[1]
        stop = could_end(self.text, start, end)
        if stop is None:
            return True
        if where == "sentence" and self.folded.starts is None and ends_plainly(self.original, stop):
            return False
        begin, end = self.around(one, where)
        return begin <= other < end

    def words_between(self, start: int, end: int) -> int:
        """Return how many words stand in ``[start, end)``; two ideographs count as a word."""
        if end <= start:
            return 0
        spaces = self.text.count(" ", start, end) + self.text.count("\n", start, end)
        length = end - start
        if length > 12 * (spaces + 1):
            return max(spaces, sum("\u2e80" <= c < "\uac00" for c in self.text[start:end]) // 2)
        return max(0, spaces - 1)

    def character(self, position: int) -> str:
        """Return the original character behind a folded position."""
        return self.original[self.folded.start_of(position)]

    @cached_property
    def _letter_case(self) -> tuple[bool, bool]:
        """Whether title and text have both cases, so that a capital tells something."""
        parts = (self.original[: self.body_original], self.original[self.body_original :])
        return _mixed(parts[0]), _mixed(parts[1])

    def has_case(self, position: int) -> bool:
        """Return whether the field around ``position`` uses capitals to tell names."""
        return self._letter_case[0 if position < self.body else 1]

    def starts_sentence(self, position: int) -> bool:
        """Return whether the word at ``position`` is the first of its sentence."""
        before = self.text[position - 2 : position]
        if len(before) == 2 and before[1] == " " and before[0].isalpha():
            return False
        begin, _ = self.around(position, "sentence")
        return _LETTER(self.text, begin, position) is None

    def is_quoted(self, span: Span) -> bool:
        """Return whether a quotation opens right before ``span`` and closes soon after."""
        start = self.folded.start_of(span[0])
        while start and self.original[start - 1].isspace():
            start -= 1
        if start == 0 or self.original[start - 1] not in _OPENING:
            return False
        end = self.folded.start_of(span[1] - 1) + 1
        return any(mark in self.original[end : end + 24] for mark in "»“”\"'’›」』》〉")


def family_of(language: str) -> frozenset[str]:
    """Return ``language`` and those in which short words mean the same."""
    return _FAMILY.get(language) or frozenset({language})


def _mixed(part: str) -> bool:
    return not (is_lower(part) or is_upper(part))


def any_inside(spans: list[Span], start: int, end: int, longest: int) -> bool:
    """Return whether one of the sorted ``spans`` overlaps ``[start, end)``."""
    at = bisect_left(spans, (start, 0))
    if at < len(spans) and spans[at][0] < end:
        return True
    at = bisect_left(spans, (start - longest, 0))
    while at < len(spans) and spans[at][0] < end:
        if spans[at][1] > start:
            return True
        at += 1
    return False
