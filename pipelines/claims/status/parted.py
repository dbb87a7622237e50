"""What a "not" beside it does not deny: "X stands in Y, and nobody talks of it"; pure.

"X has been in Y since May, and Minsk does not mean to part with it", "They do not show X, but it
stands in Y": what is denied on one side of the conjunction leaves
what the other side tells.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.claims.sentences.stages import Stage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.claims.sentences.clause import Clause
    from pipelines.claims.words.vocabulary import Cue

NOBODY_WORDS = 2
"""Words from "and" to "nobody"."""

IT_WORDS = 2
"""Words from "but" to "it", and from there to what it does."""

_STATES = ("present", "attr", "done")
_GROUNDS = ("place", "region", "own", "there")
_OPERATORS = frozenset(
    ("modal", "future", "plan", "request", "will", "if", "block", "use", "begin")
)
_EVENTS = frozenset((*_STATES, *_GROUNDS, "deploy", "will", "moving", "absent"))


def stands_beside(clause: Clause) -> Stage | None:
    """Return "completed" for a state from which "and" parts all that is denied, or None."""
    ands = clause.of("and")
    if not ands or not clause.systems:
        return None
    denials = clause.of("not", "deny", "absent")
    for conjunction in ands:
        before = [c for c in clause.cues if c.end <= conjunction.start]
        after = [c for c in clause.cues if c.start >= conjunction.end]
        if all(c.start >= conjunction.end for c in denials):
            state = _told_before(clause, before, after, conjunction)
        elif all(c.end <= conjunction.start for c in denials):
            state = _told_after(before, after, conjunction)
        else:
            continue
        if state is not None:
            return Stage("completed", state)
    return None


def told_first(clause: Clause) -> Stage | None:
    """Return "completed" for what was done before a "not".

    "The X that Kos sent to Y have never been seen"; not what "may arrive in Y".
    """
    negations = clause.of("not")
    if not negations or not clause.systems or not clause.has("done"):
        return None
    stop, head = negations[0].start, clause.systems[0].end
    if not any(head <= c.start < stop for c in clause.of("place", "region", "own", "there")):
        return None
    if any(head <= c.start < stop for c in clause.of("modal", "future", "will", "plan")):
        return None
    who = clause.of("person", "supplier", "that", "it")
    done = [c for c in clause.of("done") if head < c.start < stop]
    told = next((d for d in done if any(head <= c.start < d.start for c in who)), None)
    return Stage("completed", told) if told else None


def _told_before(
    clause: Clause, before: Sequence[Cue], after: Sequence[Cue], conjunction: Cue
) -> Cue | None:
    """Return the state that stands before "and nobody …", where nothing else happens."""
    heads = [c for c in after if c.kind == "nobody"]
    is_nobody = bool(heads) and heads[0].order - conjunction.order <= NOBODY_WORDS
    if not is_nobody and not _is_only_negated(after):
        return None
    if any(m.start > conjunction.start for m in clause.systems):
        return None
    if any(c.kind in _EVENTS for c in after) or any(c.kind in _OPERATORS for c in before):
        return None
    return _state(before)


def _is_only_negated(after: Sequence[Cue]) -> bool:
    """Say whether it is a verb of its own that is negated: "and Minsk does not intend to"."""
    negations = [c for c in after if c.kind == "not"]
    return bool(negations) and all(
        any(c.start < n.end and n.start < c.end for n in negations)
        for c in after
        if c.kind == "deny"
    )


def _told_after(before: Sequence[Cue], after: Sequence[Cue], conjunction: Cue) -> Cue | None:
    """Return the state of "it" behind "but", where only something else is denied before."""
    if any(c.kind in _EVENTS for c in before) or any(c.kind in _OPERATORS for c in after):
        return None
    state = _state(after)
    its = [c for c in after if c.kind == "it" and c.order - conjunction.order <= IT_WORDS]
    is_of_it = any(state and 0 <= state.order - it.order <= IT_WORDS for it in its)
    return state if is_of_it or (state and _opens(state, conjunction)) else None


def _opens(state: Cue, conjunction: Cue) -> bool:
    """Say whether a verb without a subject opens what follows: Spanish "pero está en"."""
    return state.kind == "present" and state.order - conjunction.order == 1


def _state(cues: Sequence[Cue]) -> Cue | None:
    kinds = {c.kind for c in cues}
    if kinds.isdisjoint(_GROUNDS) and not kinds.issuperset(("adjective", "since")):
        return None  # "The Polish X have been on duty since May" has no other ground.
    return next((c for c in cues if c.kind in _STATES), None)
