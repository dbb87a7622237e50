"""What a clause asks for; a pure decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.claims.stages import Stage

if TYPE_CHECKING:
    from connectors.records import Mention
    from pipelines.claims.clauses import Clause
    from pipelines.claims.vocabulary import Cue

ASKED_REACH_CHARS = 60
"""How far "asked" may stand from what is wanted."""

CONDITION_WORDS = 4
"""Words from "if" to what demands it."""


def requested(clause: Clause, *, is_anaphoric: bool = False) -> Stage | None:
    """Return "requested" for a request of a weapon, a deployment or a place for it, else None."""
    for asked in clause.of("request"):
        if any(0 < c.order - asked.order <= 5 for c in clause.of("question")):
            continue
        if _is_beside(clause, asked) or _is_if_needed(clause, asked):
            continue
        wanted = [c for c in clause.of("deploy", "attr", "done", "place", "own") if c != asked]
        if clause.has("block") and not clause.has("deploy", "own"):
            continue
        things: list[Mention | Cue] = [*clause.systems]
        if is_anaphoric:
            things += clause.of("weapon")
        if wanted or any(_is_asked_for(asked, thing) for thing in things):
            return Stage("requested", asked)
    return None


def _is_if_needed(clause: Clause, asked: Cue) -> bool:
    """Say whether it is a condition: "if the situation demands it"."""
    return any(0 < asked.order - c.order <= CONDITION_WORDS for c in clause.of("if"))


def _is_beside(clause: Clause, asked: Cue) -> bool:
    """Say whether a promise outweighs the request: "what Minsk asked for will arrive"."""
    promised = [c for c in clause.of("will") if c.order - asked.order > 2]
    if not promised:
        return False
    return not any(asked.start < c.start < promised[0].start for c in clause.of("that", "said"))


def _is_asked_for(asked: Cue, system: Mention | Cue) -> bool:
    """Say whether the system is what is asked for: after the verb, or right before "requested"."""
    if system.start >= asked.end and not asked.order:
        return True
    if system.start >= asked.end:
        return system.start - asked.end <= ASKED_REACH_CHARS
    return asked.start - system.end <= ASKED_REACH_CHARS // 2
