"""What is halted, put off or taken away, and what is not; a pure decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.claims.sentences.stages import NEGATION_REACH_WORDS, Stage, is_negated, no_stage
from pipelines.claims.status.leaving import stands_after, to_leave

if TYPE_CHECKING:
    from pipelines.claims.sentences.clause import Clause
    from pipelines.claims.words.vocabulary import Cue

OF_CHARS = 12
"""From "the firing of a" or "the drill with the" to the weapon, and from it to "missile drill"."""

ASKED_WORDS = 2
"""Words from a withdrawal to what asks for it at the end: "geri çekilmesini istiyor"."""


def suspended(clause: Clause) -> Stage | None:
    """Return "suspended" for what stopped, "completed" for what did not go, else None."""
    stopped = clause.of("suspend")
    if not stopped:
        return None
    if is_negated(clause, stopped[0]) or any(
        abs(c.order - stopped[0].order) <= NEGATION_REACH_WORDS
        for c in clause.of("not")
        if not stopped[0].start < clause.tail <= c.start
    ):
        return _as_it_stays(clause, stopped[0])
    if any(0 < b.order - n.order <= 2 for b in clause.of("begin") for n in clause.of("not")):
        return _as_it_stays(clause, stopped[0])
    if any(not stopped[0].start <= c.start < stopped[0].end for c in clause.of("deny")):
        return _as_it_stays(clause, stopped[0])
    if _is_of_something_else(clause, stopped[0]):
        return no_stage(stopped[0])
    unsure = ("request", "if", "modal", "ready")
    asked = [c for c in clause.of(*unsure) if c.start < stopped[0].start]
    asked += [c for c in clause.of("request") if 0 < c.order - stopped[0].order <= ASKED_WORDS]
    return _still_there(clause, stopped[0]) if asked else Stage("suspended", stopped[0])


def _still_there(clause: Clause, stopped: Cue) -> Stage:
    """Return "completed" for what is to go: "demands the removal of the X stationed in Y"."""
    there = None
    if asked := clause.of("request"):
        there = stands_after(clause, stopped) or to_leave(clause, asked[0])
    return Stage("completed", there) if there else no_stage(stopped)


def _as_it_stays(clause: Clause, stopped: Cue) -> Stage:
    """Return "completed" for a withdrawal that is denied or did not come, else no stage."""
    gone = any(stopped.start <= c.start < stopped.end for c in clause.of("withdraw"))
    gone = gone or bool(stands_after(clause, stopped))
    if gone and clause.systems and clause.has("place") and not clause.has("request", "if"):
        return Stage("completed", stopped)
    return no_stage(stopped)


def _is_of_something_else(clause: Clause, stopped: Cue) -> bool:
    """Say whether a drill or an article is what stops: "the firing of X was put off"."""
    if clause.has("deploy", "done"):
        return False
    if any(0 < c.order - stopped.order <= 2 for c in clause.of("block")):
        return True
    blocks = [c for c in clause.of("block", "use") if c.start < stopped.start]
    return any(
        0 <= max(m.start - c.end, c.start - m.end) <= OF_CHARS
        for c in blocks
        for m in clause.systems
    )
