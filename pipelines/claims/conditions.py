"""What is planned on a condition is possible: "X will come if Kos agrees"; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.claims.stages import Stage

if TYPE_CHECKING:
    from pipelines.claims.clauses import Clause

HEAD_WORDS = 1
"""Words before the "if" that opens a clause."""


def on_condition(clause: Clause, stage: Stage) -> Stage:
    """Return "possible" for a plan with an "if" after it or at the head of the clause.

    An "if" between is that of a question: "asked if X would come".
    """
    if stage.status != "planned":
        return stage
    anchor = stage.anchor
    is_so = any(c.start > anchor.start or c.order <= HEAD_WORDS for c in clause.of("condition"))
    return Stage("possible", anchor) if is_so else stage
