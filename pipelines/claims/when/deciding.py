"""Which time is of a decision or a delay, not of what was decided or put off; pure.

"In July 2024 they agreed to deploy X in Y" plans it for no time; nor does "put off to 2027".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.times import interval

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from connectors.records import TimeExpression
    from pipelines.claims.article.story import Frame, Story
    from pipelines.claims.sentences.sentence import Sentence
    from pipelines.claims.words.vocabulary import Cue


def tied_to(
    story: Story, sentence: Sentence, frame: Frame, times: list[TimeExpression]
) -> list[TimeExpression]:
    """Return the times without those of a decision, or to which the plan was put off."""
    if not times or story.published is None:
        return times
    status, published = frame.stage.status, story.published
    if status == "planned":
        taken = _decided(story.text, sentence)
        if taken:
            others = [c for c in sentence.of("future", "will", "plan") if c not in taken]
            return [t for t in times if not _is_of(t, taken, others, published)]
    if status == "suspended" and _is_put_off(story.text, sentence, frame):
        return [t for t in times if interval(t.value)[0] <= published]
    return times


def _decided(text: str, sentence: Sentence) -> list[Cue]:
    decided = sentence.asides.decided
    return [c for c in sentence.of("plan") if decided.search(text, c.start, c.end)]


def _is_of(
    time: TimeExpression, taken: Iterable[Cue], others: Iterable[Cue], published: date
) -> bool:
    """Say whether a time that is over stands nearer to a decision than to a plan or future."""
    if interval(time.value)[1] >= published:
        return False
    return _gap(time, taken) <= min((_gap_of(time, c) for c in others), default=_gap(time, taken))


def _gap(time: TimeExpression, cues: Iterable[Cue]) -> int:
    return min(_gap_of(time, c) for c in cues)


def _gap_of(time: TimeExpression, cue: Cue) -> int:
    return max(time.start - cue.end, cue.start - time.end)


def _is_put_off(text: str, sentence: Sentence, frame: Frame) -> bool:
    put_off = sentence.asides.put_off
    halts = [frame.stage.anchor, *frame.clause.of("suspend")]
    return any(put_off.search(text, c.start, c.end) for c in halts)
