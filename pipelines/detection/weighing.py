"""Rules that weigh: what speaks for and against each match, and whether it suffices."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from pipelines.detection.document import any_inside
from pipelines.detection.near import CHARS_PER_WORD, together
from pipelines.detection.nodes import Anchors, Node, union
from pipelines.detection.senses import mean_the_thing, near_sum
from pipelines.detection.verifying import next_word, previous_word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.detection.document import Document, Span

MAX_SPAN_CHARS = 600
"""No stretch that a rule finds is longer."""


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
        find = self.find
        if find is None:
            return True
        known = doc.memo.get(find.key)
        spans = doc.spans(find) if known is None else known
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

    @property
    def is_anywhere(self) -> bool:
        """Whether it speaks for a match wherever in the article it stands."""
        anywhere = self.within is None and self.same in (None, "article")
        return anywhere and self.find is not None and self.weight > 0

    def holds_in(self, doc: Document, span: Span, start: int, end: int) -> bool:
        """Return whether the evidence is there, and what is to be found stands in ``[start, end)``.

        ``find`` is not None.
        """
        if not self.holds(doc, span):
            return False
        spans = doc.spans(cast("Node", self.find))
        at = bisect_left(spans, (start - MAX_SPAN_CHARS, 0))
        while at < len(spans) and spans[at][0] < end:
            if spans[at][1] > start and not _holds(spans[at], span):
                return True
            at += 1
        return False

    def _beside(self, doc: Document, span: Span, spans: list[Span]) -> bool:
        within = self.within or 0
        reach = CHARS_PER_WORD * (within + 1)
        at = bisect_left(spans, (span[0] - reach, 0))
        while at < len(spans) and spans[at][0] <= span[1] + reach:
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


Plan = tuple[tuple[Clue, int, int], ...]
"""What is asked, in this order; with each the least and most that it and those after it add."""
_MAX_PLANS = 500
"""Plans of one rule that are remembered; usual news needs a few dozen."""


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
    word = next_word(doc.text, span[1]) if after else previous_word(doc.text, span[0])
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

    def __init__(
        self, of: Node, threshold: int, clues: Sequence[Clue], *, one_sense: bool = False
    ) -> None:
        super().__init__()
        self.threshold, self.clues, self.one_sense = threshold, tuple(clues), one_sense
        self._finds = tuple(
            {clue.find.key: clue.find for clue in clues if clue.find is not None}.items()
        )
        self._ordered = sorted(clues, key=_order)
        self._plans: dict[frozenset[int], Plan] = {}
        self.parts = (of, *(clue.find for clue in clues if clue.find is not None))
        self.further = tuple(clue.unless for clue in clues if clue.unless is not None)

    def find(self, doc: Document) -> list[Span]:
        """Return the spans whose sum reaches the threshold.

        Evidence of which nothing is in the article is not asked, span by span.
        """
        spans = doc.spans(self.parts[0])
        if not spans:
            return []
        known, hold = doc.possible, doc.may_hold
        absent = frozenset(
            [key for key, find in self._finds if not (known[key] if key in known else hold(find))]
        )
        plan = self._plans.get(absent)
        if plan is None:
            plan = self._plan(absent)
        threshold = self.threshold
        found = [span for span in spans if _suffices(doc, span, plan, threshold)]
        if found and self.one_sense:
            return found if mean_the_thing(doc, spans, plan, threshold) else []
        return found

    def near_sum(self, doc: Document, span: Span) -> int:
        """Return the sum of the evidence that stands near ``span``."""
        return near_sum(doc, span, self._plan(frozenset()))

    def _plan(self, absent: frozenset[int]) -> Plan:
        """Return the clues to ask when some are not in an article, those that weigh most first."""
        plan: list[tuple[Clue, int, int]] = []
        least = most = 0
        for clue in self._ordered:
            if clue.find is not None and clue.find.key in absent:
                continue
            if clue.weight > 0:
                most += clue.weight
            else:
                least += clue.weight
            plan.append((clue, least, most))
        plan.reverse()
        if len(self._plans) >= _MAX_PLANS:
            self._plans.clear()
        self._plans[absent] = made = tuple(plan)
        return made

    def anchors(self) -> Anchors:
        """Return the anchors of what is weighed."""
        return self.parts[0].anchors()

    def needs(self) -> tuple[frozenset[int], ...]:
        """Return what the thing weighed needs."""
        return self.parts[0].needed


_COST = {"title": 0, "article": 0, None: 0, "sentence": 1, "neighbours": 1, "paragraph": 1}


def _order(clue: Clue) -> tuple[int, int]:
    """Order clues so that those that weigh most come last, and of these the cheapest."""
    cost = 2 if clue.within is not None or clue.when is not None else _COST[clue.same]
    return abs(clue.weight), -cost


def _suffices(doc: Document, span: Span, plan: Plan, threshold: int) -> bool:
    """Return whether the sum reaches the threshold, looking no further than needed.

    With each clue stand the least and the most that it and those after it can add.
    """
    total = 0
    for clue, least, most in plan:
        if total + most < threshold:
            return False
        if total + least >= threshold:
            return True
        if clue.holds(doc, span):
            total += clue.weight
    return total >= threshold


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
