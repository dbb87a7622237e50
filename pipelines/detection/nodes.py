"""Rules that run: each node finds its spans in a document, sorted by start.

A node knows its anchors, the patterns of which at least one must be in an article for the node
to find anything; rules are evaluated only on articles in which an anchor was hit.
"""

from __future__ import annotations

from bisect import bisect_left
from functools import cached_property
from itertools import count
from typing import TYPE_CHECKING

from pipelines.detection import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipelines.detection.document import Document, Span

_KEYS = count()
Anchors = tuple[float, frozenset[int]]
"""The expected rate of a set of alternative word lists, and their keys; one must be found."""

CHARS_PER_WORD = 30
"""More characters than this for each word between two places, and they are not near."""
_REACH = 4
"""How many matches to each side of a place are looked at for the nearest one."""


class Node:
    """What all nodes share: an own key, a label for explanations, and the parts.

    ``further`` are nodes that are asked without being parts; ``patterns`` are of word lists only.
    """

    label = ""
    parts: tuple[Node, ...] = ()
    further: tuple[Node, ...] = ()
    patterns: frozenset[int] = frozenset()

    def __init__(self) -> None:
        self.key = next(_KEYS)

    def find(self, doc: Document) -> list[Span]:
        """Return the spans of this node in ``doc``, sorted."""
        raise NotImplementedError

    def anchors(self) -> Anchors:
        """Return the cheapest word lists without which this node finds nothing."""
        raise NotImplementedError

    def needs(self) -> tuple[frozenset[int], ...]:
        """Return sets of word lists of each of which one must be in an article."""
        return (self.anchors()[1],)

    @cached_property
    def needed(self) -> tuple[frozenset[int], ...]:
        """What :meth:`needs` returns, found once."""
        return self.needs()


class Words(Node):
    """Any of many words and expressions."""

    def __init__(self, variants: dict[int, tuple[words.Expression, ...]], rate: float) -> None:
        super().__init__()
        self.variants = variants
        self.rate = rate
        self.patterns = frozenset(variants)

    def find(self, doc: Document) -> list[Span]:
        """Return the verified hits, which the document holds."""
        return doc.spans(self)

    def anchors(self) -> Anchors:
        """Return this list itself."""
        return self.rate, frozenset({self.key})


class AnyOf(Node):
    """The union of the parts."""

    label = "any_of"

    def __init__(self, parts: Sequence[Node]) -> None:
        super().__init__()
        self.parts = tuple(parts)

    def find(self, doc: Document) -> list[Span]:
        """Return the spans of every part."""
        found: set[Span] = set()
        for part in self.parts:
            found.update(doc.spans(part))
        return sorted(found)

    def anchors(self) -> Anchors:
        """Return the union of the parts' anchors."""
        return union([part.anchors() for part in self.parts])


def every_need(parts: Iterable[Node]) -> tuple[frozenset[int], ...]:
    """Return the needs of all ``parts``, the smallest first."""
    return tuple(sorted({need for part in parts for need in part.needed}, key=len))


def union(options: Iterable[Anchors]) -> Anchors:
    """Return anchors of which one option is needed."""
    rate, keys = 0.0, frozenset[int]()
    for one_rate, one in options:
        rate += one_rate
        keys |= one
    return rate, keys


class AllOf(Node):
    """The spans of the first part when the others are there, and the excluded ones are not."""

    label = "all_of"

    def __init__(self, parts: Sequence[Node], excluded: Sequence[Node]) -> None:
        super().__init__()
        self.positive, self.excluded = tuple(parts), tuple(excluded)
        self.parts = (*self.positive, *self.excluded)

    def find(self, doc: Document) -> list[Span]:
        """Return the spans of the first part, or nothing."""
        for part in self.positive[1:]:
            if not doc.spans(part):
                return []
        for part in self.excluded:
            if doc.spans(part):
                return []
        return doc.spans(self.positive[0])

    def anchors(self) -> Anchors:
        """Return the rarest part's anchors."""
        return min((part.anchors() for part in self.positive), key=lambda one: one[0])

    def needs(self) -> tuple[frozenset[int], ...]:
        """Return what each part needs."""
        return every_need(self.positive)


class Near(Node):
    """The stretches in which all parts stand together."""

    label = "near"

    def __init__(
        self, parts: Sequence[Node], within: int, same: str | None, *, ordered: bool
    ) -> None:
        super().__init__()
        self.parts = tuple(parts)
        self.within, self.same, self.ordered = within, same, ordered

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
        pivot = min(range(len(lists)), key=lambda i: len(lists[i]))
        others = [one for i, one in enumerate(lists) if i != pivot]
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
                if at == len(other) or not self._together(doc, (start, end), other[at]):
                    break
                end = other[at][1]
            else:
                found.add((start, end))
        return sorted(found)

    def _nearest(self, doc: Document, span: Span, other: list[Span]) -> Span | None:
        start, end = span
        at = bisect_left(other, span)
        best: Span | None = None
        least = CHARS_PER_WORD * (self.within + 1) + 1
        for candidate in other[max(0, at - _REACH) : at + _REACH]:
            begin, stop = candidate
            if begin - end >= least:
                break
            gap = max(begin, start) - min(stop, end)
            if gap < least and self._together(doc, span, candidate):
                best, least = candidate, gap
        return best

    def _together(self, doc: Document, one: Span, other: Span) -> bool:
        return together(doc, one, other, self.within, self.same)

    def anchors(self) -> Anchors:
        """Return the rarest part's anchors."""
        return min((part.anchors() for part in self.parts), key=lambda one: one[0])

    def needs(self) -> tuple[frozenset[int], ...]:
        """Return what each part needs."""
        return every_need(self.parts)


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
                    if words.adjacent(doc.text, end, following[at][0]):
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


class Filtered(Node):
    """The spans of a part that stand or are printed in a certain way, or in some languages."""

    def __init__(self, label: str, of: Node, languages: frozenset[str] = frozenset()) -> None:
        super().__init__()
        self.label = self._filter = label
        self.parts, self.languages = (of,), languages

    def find(self, doc: Document) -> list[Span]:
        """Return the spans that pass."""
        if self._filter == "only" and doc.language and doc.language not in self.languages:
            return []
        return [span for span in doc.spans(self.parts[0]) if self._passes(doc, span)]

    def _passes(self, doc: Document, span: Span) -> bool:
        if self._filter == "cased":
            return not doc.has_case(span[0]) or doc.character(span[0]).isupper()
        if self._filter == "quoted":
            return doc.is_quoted(span)
        if self._filter == "title":
            return span[0] < doc.body
        if self._filter == "body":
            return span[0] >= doc.body
        return self._filter != "lead" or doc.body <= span[0] < doc.lead_end

    def anchors(self) -> Anchors:
        """Return the part's anchors."""
        return self.parts[0].anchors()

    def needs(self) -> tuple[frozenset[int], ...]:
        """Return what the part needs."""
        return self.parts[0].needed
