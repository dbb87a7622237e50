"""What its time makes of a stage: what lies ahead is planned, what came long ago is there; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.claims.when.apposed import apposed_time
from pipelines.claims.when.whens import PARTS, best_time, is_of_another, is_since, loose_times
from pipelines.times import interval

if TYPE_CHECKING:
    from pipelines.claims.article.story import Frame, Story
    from pipelines.claims.sentences.clause import Clause
    from pipelines.claims.sentences.sentence import Sentence

SETTLED_BY_TIME = frozenset(("underway", "completed"))
"""Stages that a time ahead, or one long past, makes another."""

_STAYED = frozenset(("suspend", "leave", "back"))
"""Kinds of a withdrawal that did not come: only "since" tells a time of what is still there."""

_BEGUN = frozenset(("begin", "done"))
"""Kinds of what is planned if its time lies ahead."""

_OTHERS_TIME = ("future", "will", "plan", "modal", "until", "block", "present")
"""Kinds beside which a time ahead may be that of something else than what was done."""

_OPEN = frozenset(("planned", "possible"))
_DEEDS = frozenset(("done", "attr", "back", "modal", "future"))

LAPSED_DAYS = 31
"""How long past the time of a plan may be: news of a delay still name it."""

LONG_DAYS = 365
"""After so long a first part that came is no longer one: the rest is there too."""


MOVED_DAYS = 60
"""After so long what "was being brought in" is there: "陆续运入" of a year that is over."""


def is_told_already(story: Story, frame: Frame, status: str, when: str | None) -> bool:
    """Say whether what will begin was told as planned, or the time of a plan is long past.

    "The move begins in May"; "it was to come in April 2024".
    """
    if status == "planned":
        return _is_past_by(LAPSED_DAYS, when, story)
    if status != "underway" or frame.stage.anchor.kind not in _BEGUN or not _is_ahead(when, story):
        return False
    return any(c.system == frame.system and c.status == "planned" for c in story.claims)


def as_reported(story: Story, frame: Frame, status: str) -> str:
    """Return "completed" for what a conditional only reports: Italian "sarebbero tornate già".

    Without a time that is past, or "already", it tells what would be.
    """
    clause = frame.clause
    if status not in _OPEN or clause.has("if"):
        return status
    if status == "possible" and _is_announced(story, clause):
        return "planned"
    if not clause.has("hearsay"):
        return status
    if frame.stage.anchor.kind not in _DEEDS:
        return status
    is_past = all(_is_past_by(0, t.value, story) for t in clause.times)
    return "completed" if is_past and (clause.times or clause.has("already")) else status


def _is_announced(story: Story, clause: Clause) -> bool:
    """Say whether a conditional is the future of what was announced: "anunció que habría X".

    The time that it names is not over; "según el diario habría X" only reports.
    """
    told = [c.start for c in clause.of("hearsay", "future")]
    modals = clause.of("modal")
    if not modals or not all(any(m.start <= at < m.end for at in told) for m in modals):
        return False
    said = [c.start for c in clause.of("said")]
    thats = [c.start for c in clause.of("that") if c.start < modals[0].start]
    if not any(start < that for start in said for that in thats):
        return False
    return any(not _is_past_by(0, t.value, story) for t in clause.times if t.start > min(thats))


def settled(
    story: Story, sentence: Sentence, frame: Frame, status: str, when: str | None
) -> tuple[str, str | None]:
    """Return the stage and time of what is under way or there, once its time is looked at."""
    kind = frame.stage.anchor.kind
    if status == "underway" and kind in _BEGUN and _is_ahead(when, story):
        return "planned", when
    if status == "underway" and _has_come(story, frame, when):
        return "completed", when
    if status == "underway" or kind == "done":
        return "planned" if _is_to_be_done(frame, when, story) else status, when
    status, when = _as_it_lies(story, sentence, frame, when)
    if kind in _STAYED:
        times = frame.clause.times or loose_times(sentence, frame)
        return status, when if any(is_since(t, sentence.cues) for t in times) else None
    return status, when or apposed_time(sentence, frame.clause, story.published)


def _has_come(story: Story, frame: Frame, when: str | None) -> bool:
    """Say whether a first part, or what was moving, came so long ago that the rest is there."""
    kind = frame.stage.anchor.kind
    if kind == "moving":
        return not frame.clause.has("since") and _is_past_by(MOVED_DAYS, when, story)
    return kind in PARTS and _is_past_by(LONG_DAYS, when, story)


def _as_it_lies(
    story: Story, sentence: Sentence, frame: Frame, when: str | None
) -> tuple[str, str | None]:
    """Return "planned" for a state that lies ahead: "X in Minsk by December", not "since"."""
    times, anchor = frame.clause.times, frame.stage.anchor
    if stay := frame.clause.of("stay"):
        came = [t for t in times if t.value == when and t.end < stay[0].start]
        is_dated = came and _is_past_by(0, when, story)
        is_dated = is_dated or any(is_since(t, sentence.cues) for t in times)
        return "completed", when if is_dated else None
    if any(is_of_another(t, anchor, frame) for t in times):
        return "completed", None
    if _is_ahead(when, story):
        return "planned", when
    open_times = [t for t in times if not is_since(t, sentence.cues)]
    ahead = best_time(open_times, anchor, "planned", sentence.cues, story.published, story.text)
    is_so = _is_ahead(ahead, story) and any(t.value == ahead for t in open_times)
    return ("planned", ahead) if is_so else ("completed", when)


def _is_to_be_done(frame: Frame, when: str | None, story: Story) -> bool:
    """Say whether what is told as done lies ahead: "is delivered in 2027", no other verb's time."""
    if frame.stage.anchor.kind != "done" or not _is_ahead(when, story):
        return False
    return not frame.clause.has(*_OTHERS_TIME)


def _is_ahead(when: str | None, story: Story) -> bool:
    return bool(when and story.published and interval(when)[0] > story.published)


def _is_past_by(days: int, when: str | None, story: Story) -> bool:
    """Say whether it ended more than so many days ago."""
    if when is None or story.published is None:
        return False
    return (story.published - interval(when)[1]).days > days
