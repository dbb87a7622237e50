"""Rules that run: each node finds its spans in a document, sorted by start.

A node knows its anchors, the patterns of which at least one must be in an article for the node
to find anything; rules are evaluated only on articles in which an anchor was hit.
"""

from __future__ import annotations

from functools import cached_property
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipelines.detection import words
    from pipelines.detection.document import Document, Span

_KEYS = count()
Anchors = tuple[float, frozenset[int]]
"""The expected rate of a set of alternative word lists, and their keys; one must be found."""


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
        self._words = _words_of(self)

    def find(self, doc: Document) -> list[Span]:
        """Return the spans of every part; word lists are looked up without asking each of them."""
        if self._words is None:
            lists = [spans for part in self.parts if (spans := doc.spans(part))]
        else:
            found = doc.found
            lists = [found[key] for key in self._words if key in found]
            if len(lists) == 1 and len(lists[0]) > 1:
                return sorted(set(lists[0]))
        if len(lists) > 1:
            return sorted(set().union(*lists))
        return lists[0] if lists else []

    def anchors(self) -> Anchors:
        """Return the union of the parts' anchors."""
        return union([part.anchors() for part in self.parts])


def _words_of(node: Node) -> tuple[int, ...] | None:
    """Return the keys of all word lists of ``node`` when it is nothing but their union."""
    if node.patterns:
        return (node.key,)
    if not isinstance(node, AnyOf):
        return None
    keys: dict[int, None] = {}
    for part in node.parts:
        inside = _words_of(part)
        if inside is None:
            return None
        keys.update(dict.fromkeys(inside))
    return tuple(keys)


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
