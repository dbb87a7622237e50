"""Rules that run: each node finds its spans in a document, sorted by start.

A node knows its anchors, the patterns of which at least one must be in an article for the node
to find anything; rules are evaluated only on articles in which an anchor was hit.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

from pipelines.detection import words
from pipelines.detection.document import any_inside

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipelines.detection.document import Document, Span

_KEYS = count()
Anchors = tuple[float, frozenset[int]]
"""The expected rate of a set of alternative patterns, and the set; no set means no anchor."""

_REACH = 4
"""How many matches to each side of a place are looked at for the nearest one."""
MAX_SPAN_CHARS = 600


class Node:
    """What all nodes share: an own key, a label for explanations, and the parts."""

    label = ""
    parts: tuple[Node, ...] = ()

    def __init__(self) -> None:
        self.key = next(_KEYS)

    def find(self, doc: Document) -> list[Span]:
        """Return the spans of this node in ``doc``, sorted."""
        raise NotImplementedError

    def anchors(self) -> Anchors:
        """Return the cheapest patterns without which this node finds nothing."""
        raise NotImplementedError


class Words(Node):
    """Any of many words and expressions."""

    def __init__(self, variants: dict[int, tuple[words.Expression, ...]], rate: float) -> None:
        super().__init__()
        self.variants = variants
        self.rate = rate
        self.patterns = frozenset(variants)

    def find(self, doc: Document) -> list[Span]:
        """Return the verified hits."""
        found: set[Span] = set()
        for pattern in doc.hits.keys() & self.patterns:
            for start, end in doc.hits[pattern]:
                for expression in self.variants[pattern]:
                    if expression.language and expression.language not in doc.family:
                        continue
                    span = words.verify(expression, doc.text, start, end)
                    if span is not None:
                        found.add(span)
        return sorted(found)

    def anchors(self) -> Anchors:
        """Return all the patterns."""
        return self.rate, self.patterns


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


def union(options: Iterable[Anchors]) -> Anchors:
    """Return anchors of which one option is needed."""
    rate, patterns = 0.0, frozenset[int]()
    for one_rate, one in options:
        rate += one_rate
        patterns |= one
    return rate, patterns


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
        lists = [doc.spans(part) for part in self.parts]
        if not all(lists):
            return []
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
        at = bisect_left(other, span)
        best: Span | None = None
        for candidate in other[max(0, at - _REACH) : at + _REACH]:
            if self._together(doc, span, candidate) and (
                best is None or _gap(span, candidate) < _gap(span, best)
            ):
                best = candidate
        return best

    def _together(self, doc: Document, one: Span, other: Span) -> bool:
        return together(doc, one, other, self.within, self.same)

    def anchors(self) -> Anchors:
        """Return the rarest part's anchors."""
        return min((part.anchors() for part in self.parts), key=lambda one: one[0])


def _gap(one: Span, other: Span) -> int:
    return max(one[0], other[0]) - min(one[1], other[1])


def together(doc: Document, one: Span, other: Span, within: int, same: str | None) -> bool:
    """Return whether two spans are at most ``within`` words apart, in the same part."""
    end, start = min(one[1], other[1]), max(one[0], other[0])
    if start - end > 30 * (within + 1) or doc.words_between(end, start) > within:
        return False
    if (end <= doc.body) != (start < doc.body):
        return False
    if same is None:
        return True
    begin, stop = doc.around(one[0], same)
    return begin <= other[0] < stop


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


class Filtered(Node):
    """The spans of a part that stand or are printed in a certain way, or in some languages."""

    def __init__(self, label: str, of: Node, languages: frozenset[str] = frozenset()) -> None:
        super().__init__()
        self.label, self.parts, self.languages = label, (of,), languages

    def find(self, doc: Document) -> list[Span]:
        """Return the spans that pass."""
        if self.label == "only" and doc.language and doc.language not in self.languages:
            return []
        return [span for span in doc.spans(self.parts[0]) if self._passes(doc, span)]

    def _passes(self, doc: Document, span: Span) -> bool:
        if self.label == "cased":
            return not doc.has_case(span[0]) or doc.character(span[0]).isupper()
        if self.label == "quoted":
            return doc.is_quoted(span)
        if self.label == "title":
            return span[0] < doc.body
        if self.label == "body":
            return span[0] >= doc.body
        return self.label != "lead" or doc.body <= span[0] < doc.lead_end

    def anchors(self) -> Anchors:
        """Return the part's anchors."""
        return self.parts[0].anchors()


@dataclass(frozen=True, slots=True, kw_only=True)
class Clue:
    """One piece of evidence; ``text`` is how an explanation calls it."""

    text: str
    weight: int
    find: Node | None = None
    when: str | None = None
    unless: Node | None = None
    within: int | None = None
    side: str | None = None
    same: str | None = None

    def holds(self, doc: Document, span: Span) -> bool:  # noqa: PLR0911
        """Return whether the evidence is there for ``span``."""
        if self.when is not None and not printed(doc, span, self.when, self.unless):
            return False
        if self.find is None:
            return True
        spans = doc.spans(self.find)
        if not spans or (len(spans) == 1 and _holds(spans[0], span)):
            return False
        if self.within is not None:
            return self._beside(doc, span, spans)
        if self.same in (None, "article"):
            return True
        if self.same == "title":
            return spans[0][0] < doc.body
        start, end = doc.around(span[0], self.same or "sentence")
        if self.side == "before":
            end = span[0]
        elif self.side == "after":
            start = span[1]
        return any_inside(spans, start, end, MAX_SPAN_CHARS)

    def _beside(self, doc: Document, span: Span, spans: list[Span]) -> bool:
        within = self.within or 0
        at = bisect_left(spans, (span[0] - 30 * (within + 1), 0))
        while at < len(spans) and spans[at][0] <= span[1] + 30 * (within + 1):
            one = spans[at]
            at += 1
            if _holds(one, span):
                continue
            if self.side == "before" and one[1] > span[0]:
                continue
            if self.side == "after" and one[0] < span[1]:
                continue
            if together(doc, span, one, within, self.same):
                return True
        return False


def _holds(one: Span, other: Span) -> bool:
    """Return whether ``one`` covers ``other``: then it is the match itself, not evidence."""
    return one[0] <= other[0] and one[1] >= other[1]


def printed(doc: Document, span: Span, when: str, unless: Node | None) -> bool:
    """Return whether ``span`` is printed in the way that ``when`` names."""
    if when == "quoted":
        return doc.is_quoted(span)
    if when == "title":
        return span[0] < doc.body
    if not doc.has_case(span[0]):
        return False
    if when == "cased":
        return doc.character(span[0]).isupper() and not doc.starts_sentence(span[0])
    if when == "lowercase":
        return doc.character(span[0]).islower()
    return _beside_name(doc, span, unless, after=when == "name_after")


def _beside_name(doc: Document, span: Span, unless: Node | None, *, after: bool) -> bool:
    """Return whether a capitalised word stands beside ``span`` as in a person's name."""
    word = words.next_word(doc.text, span[1]) if after else words.previous_word(doc.text, span[0])
    if word is None:
        return False
    gap = doc.text[span[1] : word[0]] if after else doc.text[word[1] : span[0]]
    start = doc.folded.start_of(word[0])
    printed_word = doc.original[start : start + word[1] - word[0]]
    if gap.strip(" \n") or len(printed_word) < 2 or not printed_word[0].isupper():
        return False
    if not printed_word[1:].islower() or (not after and doc.starts_sentence(word[0])):
        return False
    return unless is None or not any_inside(doc.spans(unless), word[0], word[1], MAX_SPAN_CHARS)


class Weigh(Node):
    """The spans for which enough speaks."""

    label = "weigh"

    def __init__(self, of: Node, threshold: int, clues: Sequence[Clue]) -> None:
        super().__init__()
        self.threshold, self.clues = threshold, tuple(clues)
        self.parts = (of, *(clue.find for clue in clues if clue.find is not None))

    def find(self, doc: Document) -> list[Span]:
        """Return the spans whose sum reaches the threshold."""
        return [
            span
            for span in doc.spans(self.parts[0])
            if sum(clue.weight for clue in self.clues if clue.holds(doc, span)) >= self.threshold
        ]

    def anchors(self) -> Anchors:
        """Return the anchors of what is weighed."""
        return self.parts[0].anchors()


class Sum(Node):
    """Rules of a subject with weights: their spans when the sum reaches the threshold."""

    label = "rules"

    def __init__(self, parts: Sequence[Node], weights: Sequence[int], threshold: int) -> None:
        super().__init__()
        self.parts, self.weights, self.threshold = tuple(parts), tuple(weights), threshold

    def find(self, doc: Document) -> list[Span]:
        """Return the spans of the rules that speak for the subject."""
        found: set[Span] = set()
        total = 0
        for part, weight in zip(self.parts, self.weights, strict=True):
            spans = doc.spans(part)
            if spans:
                total += weight
                if weight > 0:
                    found.update(spans)
        return sorted(found) if total >= self.threshold else []

    def anchors(self) -> Anchors:
        """Return the anchors of all rules that add to the sum."""
        pairs = zip(self.parts, self.weights, strict=True)
        return union([part.anchors() for part, weight in pairs if weight > 0])
