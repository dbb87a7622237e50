"""What a clause denies: "not there", "refused", "no X in Y", "not before May"; pure decisions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.claims.sentences.silence import no_refusal
from pipelines.claims.sentences.stages import (
    EVENTS,
    NEGATION_REACH_WORDS,
    WHERE,
    Stage,
    is_negated,
    no_stage,
)
from pipelines.claims.status.parted import stands_beside, told_first
from pipelines.claims.status.refusing import is_such_a_possibility
from pipelines.claims.status.withdrawing import kept

if TYPE_CHECKING:
    from pipelines.claims.sentences.clause import Clause
    from pipelines.claims.words.vocabulary import Cue


CONDITION_WORDS = 4
"""Words from an "if" that opens its clause to what is not."""

OPENING_CHARS = 3
"""From the beginning of a clause to its first word, a comma between."""

DRILL_WORDS = 1
"""Words from "at the drill" to "there is no"."""

LACK_CHARS = 25
"""From "without" to the weapon."""


STATE_WORDS = 2
"""Words from "stand" to "not", a "still" between."""

GROUND_WORDS = 2
"""Words from "not" to the country, its preposition between: no "only" has room there."""

_NOT_AT_LAST = frozenset(("said", "block", "use", "suspend", "modal"))
"""Kinds beside which a "not" at the end is of something else."""

_BEFORE_NOT = frozenset(("done", "deploy", "present", "will"))

_MISSED = ("weapon", "it", "deploy", "done", "place", "region", "own", "there")
"""Kinds of which one tells what is missing, or where."""

BEGIN_WORDS = 2
"""Words from "not" to "begun"."""


def denied(clause: Clause) -> Stage | None:
    """Return "denied" for what is refused, absent or negated, else None."""
    events = clause.of(*EVENTS)
    refused = [c for c in clause.of("deny") if not _is_condition(clause, c)]
    missing = [c for c in clause.of("absent") if not _is_condition(clause, c)]
    if told := (
        kept(clause)
        or _given_up(clause, refused)
        or told_first(clause)
        or (stands_beside(clause) if clause.has("and") else None)
    ):
        return told
    unsaid = no_refusal(clause, refused) or (None if refused or missing else _demanded(clause))
    if unsaid:
        return no_stage(unsaid)
    if refused and missing and missing[0].start < refused[0].start:
        return Stage("denied", missing[0])
    located = bool(clause.systems) and clause.has(*WHERE)
    if refused and (
        events
        or located
        or clause.has("plan", "request")
        or (clause.has("modal") and is_such_a_possibility(clause, refused[0]))
    ):
        return _refused(clause, refused[0])
    if missing and _is_missed(clause, missing[0]):
        return Stage("denied", missing[0])
    told = _unbegun(clause) or _negated_event(clause, events)
    return told or _not_at_last(clause) or _stands_not(clause)


def _is_missed(clause: Clause, absent: Cue) -> bool:
    """Say whether it is the weapon that is not there, nor only at a drill."""
    if any(0 < abs(absent.order - c.order) <= DRILL_WORDS for c in clause.of("block")):
        return False
    is_of_plan = clause.has("this") and clause.has("plan")
    return is_of_plan or bool(clause.systems) or clause.has(*_MISSED)


def _refused(clause: Clause, refusal: Cue) -> Stage:
    """Return "denied", also where "nobody" doubles the "not": "ніхто не збіраецца"."""
    if not is_negated(clause, refusal) or _holds_its_not(clause, refusal):
        return Stage("denied", refusal)
    if not any(c.start == refusal.start for c in clause.of("not")):
        return Stage("possible", refusal)
    return Stage("denied", refusal) if clause.systems else no_stage(refusal)


def _holds_its_not(clause: Clause, refused: Cue) -> bool:
    """Say whether "not" is part of the verb: Czech "ani nedostane" refuses, as "nedostane" does."""
    return any(c.start == refused.start for c in clause.of("absent"))


def _given_up(clause: Clause, refused: list[Cue]) -> Stage | None:
    """Return "suspended" for what somebody desists "from": "От размещения X отказались"."""
    froms = {c.order + 1 for c in clause.of("since", "from")} if refused else set()
    if not froms or is_negated(clause, refused[0]):
        return None
    stop = refused[0].start
    said = any(c.start == stop for c in clause.of("said"))
    left = said and any(c.order in froms and c.end <= stop for c in clause.of("deploy"))
    return Stage("suspended", refused[0]) if left else None


def _unbegun(clause: Clause) -> Stage | None:
    """Return "denied" for a deployment that has not begun: "The transfer has not yet begun"."""
    if not clause.has("deploy") or clause.has("future", "will", "block", "site"):
        return None
    for begun in clause.of("begin"):
        for negation in clause.of("not"):
            if 0 < begun.order - negation.order <= BEGIN_WORDS:
                return Stage("denied", negation)
    return None


def empty_handed(clause: Clause) -> Stage | None:
    """Return "denied" for who leaves "without X": a person or state heads the clause."""
    for lack in clause.of("without"):
        near = any(0 < m.start - lack.end <= LACK_CHARS for m in clause.systems)
        if near and any(c.order <= 1 for c in clause.of("person", "capital", "place", "head")):
            return Stage("denied", lack)
    return None


def _is_condition(clause: Clause, refusal: Cue) -> bool:
    """Say whether "if" stands right before the refusal, after what it bears on.

    One that opens a clause without a system may stand further off: "if the war is not settled".
    """
    before = min((m.start for m in clause.systems), default=0)
    far = 1 if clause.systems else CONDITION_WORDS
    return any(
        0 < refusal.order - c.order <= (far if c.start - clause.start <= OPENING_CHARS else 1)
        for c in clause.of("if")
        if c.start >= before
    )


def _not_at_last(clause: Clause) -> Stage | None:
    """Return "denied" for a "not" that ends its clause: "Die Polen bekommen ihre B61 nicht".

    So does one before a comma and who says it: "stehen in Belarus nicht, sagte Kos".
    """
    stop = clause.tail or clause.end
    own = [c for c in clause.cues if c.start < stop]
    last = own[-1] if own else None
    if last is None or last.kind != "not" or stop - last.end > 1:
        return None
    if not clause.systems and not clause.has("weapon"):
        return None
    kinds = {c.kind for c in own}
    if not kinds.isdisjoint(_NOT_AT_LAST) or kinds.isdisjoint(WHERE):
        return None
    found = [c for c in own if c.kind in _BEFORE_NOT]
    return Stage("denied", last) if found else None


def _stands_not(clause: Clause) -> Stage | None:
    """Return "denied" where "not" parts a state from its place: Dutch "staan niet in Polen"."""
    for negation in clause.of("not"):
        state = any(0 < negation.order - c.order <= STATE_WORDS for c in clause.of("present"))
        ground = any(
            0 < c.order - negation.order <= GROUND_WORDS for c in clause.of("place", "region")
        )
        if state and ground:
            return Stage("denied", negation)
    return None


def _negated_event(clause: Clause, events: list[Cue]) -> Stage | None:
    for negation in clause.of("not"):
        is_of_it = not clause.has("nobody") and (events or clause.has(*WHERE))
        if is_of_it and _negates_system(clause, negation):
            return Stage("denied", negation)
        following = [
            c
            for c in clause.cues
            if 0 <= c.order - negation.order <= NEGATION_REACH_WORDS
            and c.kind in {*EVENTS, "said", "plan", "request", "deny", "modal", "future", "block"}
            and c.start > negation.start
        ]
        if not following or _is_of_leaving(clause, negation):
            continue
        first = following[0]
        if first.kind == "request" and clause.has("withdraw"):
            return no_stage(negation)
        if first.kind in {"said", "deny", "block"} and not any(
            c.kind in EVENTS and c.start == first.start for c in following
        ):
            ahead = any(c.start > negation.start for c in events)
            if first.kind == "said" and not ahead and not clause.has("question"):
                continue
            return no_stage(negation) if first.kind == "said" else None
        if first.kind == "plan" and (
            clause.has("modal")
            or not events
            or _is_asked_first(clause)
            or _stood_before(events, negation)
        ):
            continue
        if not events and not clause.systems:
            continue
        if any(c.kind in {*EVENTS, "plan", "request"} for c in following):
            return Stage("denied", negation)
    return None


def _demanded(clause: Clause) -> Cue | None:
    return next((n for n in clause.of("not") if _is_of_a_demand(clause, n)), None)


def _is_of_a_demand(clause: Clause, negation: Cue) -> bool:
    """Say whether it is asked that nothing be sent: "demanded that Japan not deploy X"."""
    thats = [c for c in clause.of("that") if c.start < negation.start]
    asked = [c for c in clause.of("request") if thats and c.start < thats[-1].start]
    if not asked or thats[-1].order - asked[-1].order > BEGIN_WORDS:
        return False
    return any(0 < c.order - negation.order <= BEGIN_WORDS for c in clause.of("deploy", "done"))


def _stood_before(events: list[Cue], negation: Cue) -> bool:
    """Say whether what stands there heads it: "Deployed in X, the Y changes no plans of Z"."""
    return (
        events[0].kind in {"attr", "done"}
        and events[-1].start < negation.start
        and any(c.kind == "attr" and not c.order for c in events)
    )


def _is_of_leaving(clause: Clause, negation: Cue) -> bool:
    """Say whether a withdrawal is negated, no deployment: "nobody talks of taking it away"."""
    if clause.systems:
        return False
    return any(c.start > negation.start for c in clause.of("withdraw"))


def _is_asked_first(clause: Clause) -> bool:
    """Say whether a request is the subject: "the request for X was not agreed with Y"."""
    return any(c.order <= 1 for c in clause.of("request"))


def _negates_system(clause: Clause, negation: Cue) -> bool:
    """Say whether "no" stands right before the system: "no Oreshniks", "aucun missile X"."""
    ends = [m.start for m in clause.systems]
    ends += [c.start for c in clause.of("weapon") if not clause.systems]
    near = [end for end in ends if 0 < end - negation.end <= 30]
    if negation.start < clause.tail:
        near = [end for end in near if end < clause.tail]
    between = clause.of("said", "deny", "that", "done", "deploy", "modal")
    return any(not any(negation.end <= c.start < end for c in between) for end in near)
