"""What is "not before" a time is planned for it; pure decisions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.claims.sentences.stages import Stage

if TYPE_CHECKING:
    from pipelines.claims.sentences.clause import Clause
    from pipelines.claims.words.vocabulary import Cue

UNTIL_CHARS = 4
"""From a time to "before"."""


def not_until(clause: Clause) -> Stage | None:
    """Return "planned" for what is "not before" a time: it will be there from then on."""
    for until in clause.of("until"):
        if any(0 <= until.start - t.end <= UNTIL_CHARS for t in clause.times):
            if (late := _not_before(clause, until)) is not None:
                return late
            continue
        if not any(
            t.start - until.end <= UNTIL_CHARS and t.end > until.start for t in clause.times
        ):
            continue
        negated = [
            c
            for c in clause.of("not")
            if c.start < until.start and not _is_of_a_main_clause(clause, c)
        ]
        coming = [
            c for c in clause.of("will", "deploy", "done", "present") if c.start < until.start
        ]
        if not negated or not coming or clause.has("request", "modal"):
            continue
        between = (c.start for c in clause.of("said", "plan"))
        if not any(negated[0].start < start < until.start for start in between):
            return Stage("planned", coming[-1])
    return None


def _is_of_a_main_clause(clause: Clause, negation: Cue) -> bool:
    """Say whether "not" denies all that "that" opens: "It is not true that X comes by May"."""
    return any(
        c.start <= negation.start < c.end and any(0 <= t.start - c.end <= 2 for t in thats)
        for thats in (clause.of("that"),)
        for c in clause.of("deny")
    )


def _not_before(clause: Clause, until: Cue) -> Stage | None:
    """Return "planned" where "before" follows its time: "mayıstan önce gelmeyecek"."""
    if clause.has("request", "modal", "done"):
        return None
    negated = next((c for c in clause.of("not", "absent") if c.start > until.start), None)
    return Stage("planned", negated) if negated else None
