"""When came what stands there: "The first, delivered in May, stands in X"; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.claims.when.whens import best_time

if TYPE_CHECKING:
    from datetime import date

    from pipelines.claims.sentences.clause import Clause
    from pipelines.claims.sentences.sentence import Sentence

_PLACED = ("place", "region", "own", "capital", "there")


def apposed_time(sentence: Sentence, clause: Clause, published: date | None) -> str | None:
    """Return when what stands somewhere came there: "X, delivered in May, stands in Y"."""
    for before in sentence.clauses:
        if before.end > clause.start or not before.times or before.has(*_PLACED):
            continue
        came = before.of("done", "attr")
        if not came or (before.systems and clause.systems):
            continue
        if before.has("request", "plan", "said", "block", "person"):
            continue
        times = [t for t in before.times if t.start - came[0].end > 0]
        return best_time(times, came[0], "completed", sentence.cues, published)
    return None
