"""One sense in an article: whether a name that has others means the thing that is tracked.

An article about a club, a dish or a village repeats its name, and one mention may stand by chance
where enough speaks for the weapon of that name, the more so when the article speaks of armies
elsewhere. So what stands near the mentions decides together; what is said elsewhere adds little.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pipelines.detection.document import Document, Span
    from pipelines.detection.weighing import Clue

ELSEWHERE = 2
"""What the rest of an article adds at most: names dropped in passing need it, articles about
namesakes reach no more. Of 138 labelled articles with 1 three lost a weapon, with 3 more namesakes
stayed."""
CERTAIN = 3
"""A mention that surpasses its threshold by so much, by what stands near, decides alone."""


def mean_the_thing(
    doc: Document, spans: Sequence[Span], clues: Iterable[Clue], threshold: int
) -> bool:
    """Return whether the mentions ``spans`` of a name in ``doc`` are of what ``clues`` speak for.

    Args:
        doc: the article.
        spans: all places with the name, sorted.
        clues: evidence, of which none that is absent from the article need be there.
        threshold: the sum that a place needs.
    """
    clues = tuple(clues)
    balance = ELSEWHERE
    for places in _mentions(spans):
        surplus = max(near_sum(doc, span, clues) for span in places) - threshold
        if surplus >= CERTAIN:
            return True
        balance += surplus
    return balance >= 0


def near_sum(doc: Document, span: Span, clues: Iterable[Clue]) -> int:
    """Return the sum of the evidence for ``span`` that stands near it."""
    start, end = _near(doc, span[0])
    return sum([clue.weight for clue in clues if clue.holds_in(doc, span, start, end)])


def _near(doc: Document, position: int) -> Span:
    """Return the paragraph and the neighbouring sentences; the lead belongs to the headline."""
    start, end = doc.around(position, "paragraph")
    before, after = doc.around(position, "neighbours")
    if position < doc.body:
        return 0, max(after, end, doc.lead_end)
    return min(start, before), max(end, after)


def _mentions(spans: Sequence[Span]) -> Iterator[list[Span]]:
    """Yield the spans, those that overlap together: they are forms of one word."""
    places: list[Span] = []
    for span in spans:
        if places and span[0] >= places[-1][1]:
            yield places
            places = []
        places.append(span)
    if places:
        yield places
