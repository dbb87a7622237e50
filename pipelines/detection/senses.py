"""One sense in an article: whether a name that has others means the thing that is tracked.

An article about a club, a dish or a village repeats its name, and one mention may stand by chance
where enough speaks for the weapon of that name, the more so when the article speaks of armies
elsewhere. So what stands near the mentions decides together; what is said elsewhere adds little.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.detection.document import Document, Span
    from pipelines.detection.weighing import Plan

ELSEWHERE = 2
"""What the rest of an article adds at most: a weapon named in passing needs it. With 1 a labelled
article loses its weapon; with 3 a fifth more of the namesakes put between military news count."""
CERTAIN = 3
"""A mention that surpasses its threshold by so much, by what stands near, decides alone."""


def mean_the_thing(doc: Document, spans: Sequence[Span], plan: Plan, threshold: int) -> bool:
    """Return whether the mentions ``spans`` of a name in ``doc`` are of what is looked for.

    Args:
        doc: the article.
        spans: all places with the name, sorted.
        plan: the evidence; what is absent from the article need not be in it.
        threshold: the sum that a place needs.
    """
    balance = ELSEWHERE
    mentions = _mentions(spans)
    enough = threshold + (CERTAIN if len(mentions) > 1 else -ELSEWHERE)
    for places in mentions:
        best = max([near_sum(doc, span, plan, enough) for span in places])
        if best >= enough:
            return True
        balance += best - threshold
    return balance >= 0


def near_sum(doc: Document, span: Span, plan: Plan, enough: int | None = None) -> int:
    """Return the sum of the evidence near ``span``, or ``enough`` when it is surely reached."""
    total, near = 0, None
    for clue, least, _ in plan:
        if enough is not None and total + least >= enough:
            return enough
        if not clue.is_anywhere:
            holds = clue.holds(doc, span)
        else:
            near = near or _near(doc, span[0])
            holds = clue.holds_in(doc, span, *near)
        if holds:
            total += clue.weight
    return total


def _near(doc: Document, position: int) -> Span:
    """Return the paragraph and the neighbouring sentences; the lead belongs to the headline."""
    start, end = doc.around(position, "paragraph")
    before, after = doc.around(position, "neighbours")
    if position < doc.body:
        return 0, max(after, end, doc.lead_end)
    return min(start, before), max(end, after)


def _mentions(spans: Sequence[Span]) -> list[list[Span]]:
    """Return the spans, those that overlap together: they are forms of one word."""
    mentions: list[list[Span]] = []
    for span in spans:
        if mentions and span[0] < mentions[-1][-1][1]:
            mentions[-1].append(span)
        else:
            mentions.append([span])
    return mentions
