"""When: the time that a clause ties to its stage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.claims.sentences.clause import PREDICATES
from pipelines.claims.when.dateline import dates_the_statement
from pipelines.claims.when.nights import is_before_its_day
from pipelines.claims.when.tensing import (
    AHEAD,
    is_of_before,
    is_passive,
    names_year,
    tensed,
    was_ended,
)
from pipelines.times import granularity, interval

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from connectors.records import TimeExpression
    from pipelines.claims.article.story import Frame
    from pipelines.claims.sentences.sentence import Sentence
    from pipelines.claims.words.vocabulary import Cue

PARTS = frozenset(("partial", "first"))
"""A first part that came did so in the past."""

_STATES = frozenset(("present", "attr"))
_CHANGES = frozenset(("done", "begin", "moving", "use", "leave", "partial", "first", "ready"))
"""What happens on a day: it may be today's, unlike what only is there."""

ASKED_CHARS = 100
"""From the month to the request."""

_ASKED_DAYS = {"day": 8}
"""How long ago a day is that dates a request, and not only the report of it."""

_UNSAID = ("said", "modal", "future", "will", "not", "use", "suspend", "block", "place", "person")
"""Kinds beside which a participle tells of something else than how the weapon came."""

_TO_COME = frozenset(("future", "will"))

_UNDATED = frozenset(("requested", "denied"))
"""Stages that a near day only reports: no time of theirs."""

LACK_CHARS = 60
"""From what will not be to the time in which it will not."""


def best_time(  # noqa: PLR0913, PLR0917 - what a time may be tied to, each once
    times: Sequence[TimeExpression],
    predicate: Cue,
    status: str,
    cues: Sequence[Cue],
    published: date | None,
    text: str = "",
) -> str | None:
    """Return the value of the time tied to an event, or None.

    Args:
        times: The time expressions of the clause.
        predicate: The cue that states the event; "based in X" takes only a time after it.
        status: The stage: plans lie ahead, facts behind.
        cues: The cues around: a weekday beside a verb of speech dates the statement.
        published: The article's day.
        text: The article's text: a comma parts "arrived on Friday, he said".
    """
    times = [t for t in times if not is_of_before(t, status, cues, published)]
    if status in _UNDATED:
        if status == "denied":
            return _denied_at(times, predicate, cues, published, text)
        return _asked_at(times, predicate, cues, published)
    anchor, is_there = predicate.start, status == "completed"
    usable = [
        t
        for t in times
        if predicate.kind != "attr"
        or status != "completed"
        or 0 < t.start - anchor <= 80
        or is_since(t, cues)
        or is_passive(predicate, text)
    ]
    usable = [t for t in usable if not dates_the_statement(t, anchor, cues, published, text)]
    if published and (predicate.kind in _STATES or (is_there and predicate.kind not in _CHANGES)):
        usable = [t for t in usable if not _is_today(t, published)]
    if len(usable) > 1:
        usable = [t for t in usable if not is_before_its_day(t, usable)]
    if status == "used" and len(usable) > 1:
        usable = [t for t in usable if not is_since(t, cues)] or usable
    if status in AHEAD and published:
        usable = [t for t in usable if not _is_long_since(t, cues, published)]
    if status == "suspended":
        usable = [t for t in usable if not _dates_the_plan(t, anchor, cues)]
        usable = [t for t in usable if not _is_until(t, cues, published)]
    if not usable:
        return None
    nearest = min(usable, key=lambda t: abs(t.start - anchor))
    same = [t for t in usable if t.start == nearest.start]
    is_to_come = any(c.kind in _TO_COME and c.start < nearest.start for c in cues)
    is_behind = predicate.kind in PARTS and status == "underway"
    if is_behind or (
        status == "suspended" and not is_to_come and was_ended(same[-1], predicate, text)
    ):
        status = "completed"
    return tensed(same[-1], status, published, is_to_come=is_to_come)


def is_of_another(time: TimeExpression, anchor: Cue, frame: Frame) -> bool:
    """Say whether a drill to come stands before a time: "X, which is in Y, will take part in"."""
    between = [c for c in frame.clause.cues if anchor.start < c.start < time.start]
    kinds = {c.kind for c in between}
    return "block" in kinds and not kinds.isdisjoint(_TO_COME)


def beside(sentence: Sentence, frame: Frame) -> list[TimeExpression]:
    """Return when what stands came, told in a clause beside: "X, delivered in May, is in Y"."""
    if frame.stage.anchor.kind not in _STATES:
        return []
    own, clauses = frame.clause, sentence.clauses
    near = [c for c in clauses if c.times and (c.end == own.start or c.start == own.end)]
    return [
        time
        for clause in near
        if clause.has("done", "attr") and not clause.has(*_UNSAID) and not clause.systems
        for time in clause.times
    ]


def _asked_at(
    times: Sequence[TimeExpression],
    asked: Cue,
    cues: Sequence[Cue],
    published: date | None,
) -> str | None:
    """Return when something was asked for: no plan's time, no near day's."""
    if published is None or any(c.kind == "plan" for c in cues):
        return None
    for time in times:
        value = tensed(time, "requested", published, is_to_come=False) or time.value
        _, last = interval(value)
        near = abs(time.start - asked.start) <= ASKED_CHARS
        is_past = (published - last).days >= _ASKED_DAYS.get(granularity(value), 1)
        if near and is_past:
            return value
    return None


def _denied_at(
    times: Sequence[TimeExpression],
    denial: Cue,
    cues: Sequence[Cue],
    published: date | None,
    text: str,
) -> str | None:
    """Return when something was refused, or by when it will not be: "No X this year"."""
    if published is None:
        return None
    is_ahead = any(c.kind in _TO_COME or c.kind == "absent" for c in cues)
    for time in times:
        start, end = min(time.end, denial.end), max(time.start, denial.start)
        if end - start > LACK_CHARS or "," in text[start:end] or is_since(time, cues):
            continue
        if granularity(time.value) == "day":
            continue
        if is_ahead and interval(time.value)[1] > published:
            return tensed(time, "planned", published, is_to_come=True)
        if denial.kind == "deny" and not any(start <= c.start < end for c in cues):
            return _asked_at((time,), denial, cues, published)
    return None


def is_since(time: TimeExpression, cues: Sequence[Cue]) -> bool:
    """Say whether "since" stands right beside it, after it in Turkish, Japanese and Chinese.

    The time may have taken the first word of it: "eylül ayından bu" of "eylül ayından bu yana".
    """
    return any(
        0 <= time.start - c.end <= 4 or -2 <= c.start - time.end <= 1
        for c in cues
        if c.kind == "since"
    )


def _is_until(time: TimeExpression, cues: Sequence[Cue], published: date | None) -> bool:
    """Say whether it tells how long: "put off until 2027"; not what is "two years before" now."""
    if any(c.kind == "until" and 0 <= time.start - c.end <= 1 for c in cues):
        return True
    is_behind = published is not None and interval(time.value)[1] < published
    return not is_behind and any(
        c.kind == "until" and time.start <= c.start < time.end for c in cues
    )


def _is_today(time: TimeExpression, published: date) -> bool:
    """Say whether it is a bare "today": what is there today came on another day."""
    return time.value == published.isoformat() and not any(c.isdigit() for c in time.quote)


def _is_long_since(time: TimeExpression, cues: Sequence[Cue], published: date) -> bool:
    """Say whether it tells since when the planned has not been: "for the first time since 2008"."""
    return names_year(time) and interval(time.value)[1] < published and is_since(time, cues)


def _dates_the_plan(time: TimeExpression, anchor: int, cues: Sequence[Cue]) -> bool:
    """Say whether a time belongs to the plan that was given up: "due in 2026, is suspended"."""
    if is_since(time, cues):
        return False
    gap = abs(time.start - anchor)
    told = {c.start for c in cues if c.kind == "hearsay"}
    plans = (c.start for c in cues if c.kind in {"plan", "future"} and c.start not in told)
    return any(abs(time.start - start) < gap for start in plans)


def loose_times(sentence: Sentence, frame: Frame) -> list[TimeExpression]:
    """Return the times of clauses about no other system; a fact takes none from elsewhere."""
    if frame.stage.status == "completed" and frame.stage.anchor.kind != "leave":
        return beside(sentence, frame)
    if frame.stage.status == "underway" and frame.clause.has("site") and not frame.is_named:
        return []
    is_asked = frame.stage.status == "requested"
    is_work = frame.stage.anchor.kind == "begin" and frame.clause.has("site")
    is_gone = frame.stage.status == "suspended" and not frame.is_named
    about = [
        clause
        for clause in sentence.clauses
        if not (is_asked and clause.has_any(PREDICATES))
        and not (is_work and clause.has_any(_TO_COME))
        and not (is_gone and clause.end <= frame.clause.start and clause.has("done"))
        and (
            any(m.subject == frame.system for m in clause.systems)
            or not (clause.systems or clause.has_one())
        )
    ]
    return [time for clause in about for time in clause.times]
