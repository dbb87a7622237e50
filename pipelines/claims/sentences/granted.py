"""What a subordinate clause takes for granted: "as long as X stands in Y, Z will not …".

The state in it is a fact, whatever the clause around it denies, plans or thinks possible.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.claims.sentences.stages import Stage

if TYPE_CHECKING:
    from pipelines.claims.sentences.clause import Clause
    from pipelines.claims.words.vocabulary import Cue

SINCE_CHARS = 3
"""From a "since" to the time that it dates: no subordinate clause."""

NOTED_WORDS = 3
"""Words from "reports" to the arrival."""

ENDED_WORDS = 5
"""Words from "the completion" to the deployment, the weapon between."""

HEAD_WORDS = 1
"""Words before the arrival that heads a clause."""

FINISHED_WORDS = 9
"""Words between a deployment and its end, the weapon and country between."""

OF_CHARS = 40
"""From "the presence of" to the weapon."""

_UNSURE = ("not", "deny", "absent", "if", "modal", "will", "future", "request", "withdraw", "use")
"""Kinds of which one may rule the noun."""

_OPEN_NOUN = frozenset(("suspend", "block", "question", "not", "deny"))
"""Kinds of which one before the noun leaves it open."""

_STATES = ("present", "done", "attr")
_GROUNDS = ("place", "region", "own")
_RULED_BY = frozenset(("not", "deny", "absent", "will", "future", "modal", "plan", "request", "if"))
"""Kinds of which one around the clause would rule the state in it."""

_OPEN = _RULED_BY | {"use", "block", "suspend", "leave", "back", "able"}
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


def noun_granted(clause: Clause) -> Stage | None:
    """Return "completed" for "the presence of X in Y", or its arrival that is told as a fact.

    "The presence of X in Y angers Z"; "Kos reports the arrival of X in Y"; not "Kos denied the
    presence of X", "the arrival of X in Y is expected".
    """
    if not clause.systems or (clause.has(*_UNSURE) and not clause.has("nobody")):
        return None
    if _is_planned(clause):
        return None
    for noun in clause.of("presence", "arrival"):
        if noun.kind == "arrival" and not _is_fact(clause, noun):
            continue
        if not _is_of_weapon(clause, noun) or any(
            c.kind in _OPEN_NOUN for c in clause.cues if c.start < noun.start
        ):
            continue
        if clause.has(*_GROUNDS):
            anchor = noun._replace(kind="done") if noun.kind == "arrival" else noun
            return Stage("completed", anchor)
    return None


def deployed_at_last(clause: Clause) -> Stage | None:
    """Return "completed" for a deployment that is told to be finished: "the completion of it"."""
    if not clause.systems or clause.has(*_UNSURE, "block", "matter", "site", "suspend"):
        return None
    if _is_planned(clause) or not clause.has(*_GROUNDS):
        return None
    deployed = clause.of("deploy")
    for end in clause.of("finished"):
        if any(0 < abs(c.order - end.order) <= FINISHED_WORDS for c in deployed):
            return Stage("completed", end._replace(kind="done"))
    return None


def _is_planned(clause: Clause) -> bool:
    """Say whether a plan rules it that is no mere "announced"."""
    spoken = {c.start for c in clause.of("said")}
    return any(c.start not in spoken for c in clause.of("plan"))


def _is_fact(clause: Clause, arrival: Cue) -> bool:
    """Say whether somebody reports an arrival, or whether it heads the clause and does a thing.

    What is "announced" may be to come, but not "the completion of the deployment".
    """
    told = clause.of("noted")
    if any(0 < c.order - arrival.order <= ENDED_WORDS for c in clause.of("deploy")):
        told = clause.of("noted", "said")
    if any(0 < arrival.order - c.order <= NOTED_WORDS for c in told):
        return True
    return arrival.order <= HEAD_WORDS and not clause.has("plan", "said", "begin")


def _is_of_weapon(clause: Clause, noun: Cue) -> bool:
    """Say whether it is the weapon that is there: "of X" behind the noun, Turkish "X'in" before."""
    return any(
        0 < m.start - noun.end <= OF_CHARS or 0 <= noun.start - m.end <= OF_CHARS // 2
        for m in clause.systems
    )
