"""When something came, told in the next sentence: "X is in Y. The system came in June."."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pipelines.claims.whens import best_time
from pipelines.times import interval

if TYPE_CHECKING:
    from pipelines.claims.sentence import Sentence
    from pipelines.claims.story import Story

_TELLING = {"completed": ("done",), "suspended": ("leave", "withdraw", "back", "suspend")}
"""Kinds of the verbs that tell further of a stage."""

_POINTING = ("weapon", "it", "this")
"""Kinds of what stands for the weapon."""

_OTHER = (
    *("modal", "future", "will", "not", "plan", "use", "if", "block", "request", "question"),
    *("one", "earlier", "first", "again", "partial"),
)
"""Kinds beside which something else is told."""


def date_further(story: Story, sentence: Sentence) -> None:
    """Give what the sentence before tells of one system the time that this one names."""
    last = story.claims[-1] if story.claims else None
    if last is None or last.when or story.published is None or last.status not in _TELLING:
        return
    if story.named_at != sentence.index - 1 or len(story.systems) != 1:
        return
    told = sentence.of(*_TELLING[last.status])
    if not told or not sentence.has(*_POINTING) or sentence.has(*_OTHER):
        return
    if any(c.value != last.place for c in sentence.of("place", "region")):
        return
    times, cues = sentence.times, sentence.cues
    when = best_time(times, told[0], last.status, cues, story.published, story.text)
    if when and interval(when)[0] <= story.published:
        story.claims[-1] = replace(last, when=when)
