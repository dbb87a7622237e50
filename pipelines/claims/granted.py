"""What a subordinate clause takes for granted: "as long as X stands in Y, Z will not …".

The state in it is a fact, whatever the clause around it denies, plans or thinks possible.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipelines.claims.clause import Clause
    from pipelines.claims.vocabulary import Cue

SINCE_CHARS = 3
"""From a "since" to the time that it dates: no subordinate clause."""

_STATES = ("present", "done", "attr")
_GROUNDS = ("place", "region", "own")
_RULED_BY = frozenset(("not", "deny", "absent", "will", "future", "modal", "plan", "request"))
"""Kinds of which one around the clause would rule the state in it."""

_OPEN = _RULED_BY | {"if", "use", "block", "suspend", "leave", "back", "able", "question"}
"""Kinds of which one within it leaves the state open."""


def state_granted(text: str, clause: Clause) -> tuple[int, int] | None:
    """Return where a clause stands that "because" or "as long as" opens and that tells a fact."""
    for cue in clause.of("granted"):
        if any(0 <= t.start - cue.end <= SINCE_CHARS for t in clause.times):
            continue
        stop = _end(text, clause, cue)
        inside = [c for c in clause.cues if cue.end <= c.start < stop]
        kinds = {c.kind for c in inside}
        if not kinds.isdisjoint(_OPEN) or kinds.isdisjoint(_STATES) or kinds.isdisjoint(_GROUNDS):
            continue
        if not any(cue.end <= m.start < stop for m in clause.systems):
            continue
        if any(c.kind in _RULED_BY and not cue.start <= c.start < stop for c in clause.cues):
            return cue.start, stop
    return None


def _end(text: str, clause: Clause, opening: Cue) -> int:
    """Return where it ends: at the comma behind its state, else with the clause around it."""
    states = [c.end for c in clause.of(*_STATES) if c.start >= opening.end]
    comma = text.find(",", states[0], clause.end) if states else -1
    return comma if comma >= 0 else clause.end
