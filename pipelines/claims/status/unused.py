"""What has not been fired says nothing of where it stands: "X, sent to Y, was not used"; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.claims.sentences.clause import Clause

if TYPE_CHECKING:
    from pipelines.claims.words.vocabulary import Cue

REACH_WORDS = 3
"""Words from "not" to "used", either first: "nie został dotąd użyty", "použitý nebol"."""


def without_unused(clause: Clause) -> Clause:
    """Return ``clause`` without a use that is negated, and without its negation."""
    fired, negations = clause.of("use"), clause.of("not", "absent")
    unused = [u for u in fired if any(_is_negated_by(u, n) for n in negations)]
    if len(unused) < len(fired):
        return clause
    words = {u.start for u in unused}
    words |= {n.start for n in negations if any(_is_negated_by(u, n) for u in unused)}
    cues = [c for c in clause.cues if c.start not in words]
    return Clause(clause.start, clause.end, cues, clause.systems, clause.times, clause.stops)


def _is_negated_by(use: Cue, negation: Cue) -> bool:
    return 0 < abs(use.order - negation.order) <= REACH_WORDS
