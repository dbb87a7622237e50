"""Rules about what stands beside what: near, not near, one after the other."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from pipelines.detection import verifying
from pipelines.detection.nodes import Anchors, Node, every_need

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.detection.document import Document, Span

CHARS_PER_WORD = 30
"""More characters than this for each word between two places, and they are not near."""
_REACH = 4
"""How many matches to each side of a place are looked at for the nearest one."""


class Near(Node):
    """The stretches in which all parts stand together."""

    label = "near"

    def __init__(
        self, parts: Sequence[Node], within: int, same: str | None, *, ordered: bool
    ) -> None:
        super().__init__()
        self.parts = tuple(parts)
        self.within, self.same, self.ordered = within, same, ordered
        self.label = _label("near", within, same, ordered=ordered)
        self._reach = CHARS_PER_WORD * (within + 1)

    def find(self, doc: Document) -> list[Span]:
        """Return the smallest stretches around each match of the rarest part."""
        lists: list[list[Span]] = []
        for part in self.parts:
            spans = doc.spans(part)
            if not spans:
                return []
            lists.append(spans)
        if self.ordered:
            return self._ordered(doc, lists)
        lengths = list(map(len, lists))
        pivot = lengths.index(min(lengths))
        others = lists[:pivot] + lists[pivot + 1 :]
        found: set[Span] = set()
        for span in lists[pivot]:
            start, end = span
            for other in others:
                nearest = self._nearest(doc, span, other)
                if nearest is None:
                    break
                start, end = min(start, nearest[0]), max(end, nearest[1])
            else:
                found.add((start, end))
        return sorted(found)

    def _ordered(self, doc: Document, lists: list[list[Span]]) -> list[Span]:
        found: set[Span] = set()
        for span in lists[0]:
            start, end = span
            for other in lists[1:]:
                at = bisect_left(other, (end, 0))
                if at == len(other) or not together(
                    doc, (start, end), other[at], self.within, self.same
                ):
                    break
                end = other[at][1]
            else:
                found.add((start, end))
        return sorted(found)

    def _nearest(self, doc: Document, span: Span, other: list[Span]) -> Span | None:
        """Return the nearest of ``other`` that is together with ``span``, of equals the first."""
        start, end = span
        at = bisect_left(other, span)
        reach = self._reach
        close: list[tuple[int, Span]] = []
        for candidate in other[at - _REACH if at > _REACH else 0 : at + _REACH]:
            begin, stop = candidate
            if start - stop > reach:
                continue
            if begin - end > reach:
                break
            gap = (begin if begin > start else start) - (  # noqa: FURB136 - calls cost here
                stop if stop < end else end  # noqa: FURB136
            )
            close.append((gap, candidate))
        if not close:
            return None
        if len(close) > 1:
            close.sort()
        for _, candidate in close:
            if together(doc, span, candidate, self.within, self.same):
                return candidate
        return None

    def anchors(self) -> Anchors:
        """Return the rarest part's anchors."""
        return min((part.anchors() for part in self.parts), key=lambda one: one[0])

    def needs(self) -> tuple[frozenset[int], ...]:
        """Return what each part needs."""
        return every_need(self.parts)


def _label(name: str, within: int, same: str | None, *, ordered: bool = False) -> str:
    """Return the name of a rule with its conditions, so that an explanation tells them."""
    place = f", same {same}" if same else ""
    return f"{name} (at most {within} words between{', in order' if ordered else ''}{place})"


def together(doc: Document, one: Span, other: Span, within: int, same: str | None) -> bool:
    """Return whether two spans are at most ``within`` words apart, in the same part."""
    end, start = min(one[1], other[1]), max(one[0], other[0])
    gap = start - end
    if gap > CHARS_PER_WORD * (within + 1):
        return False
    if gap > within and doc.words_between(end, start) > within:
        return False
    if (end <= doc.body) != (start < doc.body):
        return False
    return same is None or doc.share(one[0], other[0], same)


class NotNear(Node):
    """The spans of one part that have none of another beside them."""

    label = "not_near"

    def __init__(self, of: Node, near: Node, within: int, same: str | None) -> None:
        super().__init__()
        self.parts = (of, near)
        self.within, self.same = within, same
        self.label = _label("not_near", within, same)

    def find(self, doc: Document) -> list[Span]:
        """Return the lonely spans."""
        of, near = (doc.spans(part) for part in self.parts)
        return [span for span in of if not self._beside(doc, span, near)]

    def _beside(self, doc: Document, span: Span, near: list[Span]) -> bool:
        at = bisect_left(near, span)
        return any(
            together(doc, span, one, self.within, self.same)
            for one in near[max(0, at - _REACH) : at + _REACH]
        )

    def anchors(self) -> Anchors:
        """Return the anchors of what is looked for."""
        return self.parts[0].anchors()


class Seq(Node):
    """Adjacent spans in order."""

    label = "seq"

    def __init__(self, parts: Sequence[Node]) -> None:
        super().__init__()
        self.parts = tuple(parts)

    def find(self, doc: Document) -> list[Span]:
        """Return the stretches."""
        current = doc.spans(self.parts[0])
        for part in self.parts[1:]:
            following = doc.spans(part)
            joined: set[Span] = set()
            for start, end in current:
                at = bisect_left(following, (end, 0))
                while at < len(following) and following[at][0] - end <= _REACH:
                    if verifying.adjacent(doc.text, end, following[at][0]):
                        joined.add((start, following[at][1]))
                    at += 1
            current = sorted(joined)
        return current

    def anchors(self) -> Anchors:
        """Return the rarest part's anchors."""
        return min((part.anchors() for part in self.parts), key=lambda one: one[0])

    def needs(self) -> tuple[frozenset[int], ...]:
        """Return what each part needs."""
        return every_need(self.parts)
