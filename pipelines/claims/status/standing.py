"""What stands where it is said to be: done, "X in Minsk", "already", "since"; pure decisions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.claims.sentences.clause import OPERATORS
from pipelines.claims.sentences.insets import TOLD
from pipelines.claims.sentences.pointing import ONE
from pipelines.claims.sentences.stages import WHERE, Stage

if TYPE_CHECKING:
    from pipelines.claims.sentences.clause import Clause
    from pipelines.claims.words.vocabulary import Cue

ENDED_WORDS = 1
"""Words before the verb that heads a clause."""

WITH_CHARS = 14
"""From "equipped" to the weapon."""

OF_WORDS = 3
"""Words from "the clause on" or "the training for" to the deployment that it is about."""

GROUND_WORDS = 3
"""From "stored" or "gelagerten" to the place."""

ATTR_CHARS = 30
"""From "stored" to the weapon before or after it."""

HAD_CHARS = 3
"""From "has" to the system, and from it to "already"."""

_UNCAME = ("plan", "deny", "request", "modal", "will", "future", "question", "if", "begin")
"""Kinds beside which an arrival is no fact; "after" it, something else may be planned."""

ABOARD_CHARS = 60
"""From a ship to the weapon that it carries."""

_LANDED = frozenset(("done", "moving", "deploy", "loc", "place", "region"))
"""Kinds between the two that tell what the ship brought, or where it is."""

COUNTED_CHARS = 30
"""From "how many" to the weapon, an adjective between."""

_UNCOUNTED = (
    "will",
    "future",
    "modal",
    "plan",
    "if",
    "request",
    "use",
    "suspend",
    "block",
    "leave",
)
"""Kinds beside which what is counted is not there, or not yet."""

HEAD_WORDS = 2
"""Words before the arrival that heads a clause."""

_STATING = frozenset(("done", "attr", "present", "already", "since"))


def completed(clause: Clause, *, is_placed: bool) -> Stage | None:
    """Return "completed" for what a clause says is there, else None.

    Args:
        clause: A clause of which no other stage was decided.
        is_placed: Another clause of its sentence names the one country that it can be about.
    """
    if not clause.has_any(_STATING) or (clause.has("ship") and is_aboard(clause)):
        return None
    found = clause.of("done", "attr")
    if not found and clause.has(*WHERE) and not _is_open(clause):
        found = clause.of("present") or _stands_already(clause) or _stands_since(clause)
    elif not found and is_placed and not clause.has(*OPERATORS, "if", "block"):
        found = clause.of("present")
    if not found or any(c.start < found[0].start for c in clause.of("if")):
        return None
    blocks = clause.of("block")
    near = (c for c in blocks if 0 < found[0].order - c.order <= OF_WORDS)
    if any(c.end != found[0].start for c in near):
        return None
    found = [c for c in found if not _is_of_what_ended(clause, c)]
    if clause.has("weapon") and clause.has("plan", "future"):
        found = [c for c in found if not _is_of_a_unit(clause, c)]
    if not found:
        return None
    return Stage("completed", _main(clause, found))


def is_aboard(clause: Clause) -> bool:
    """Say whether a warship carries it, which comes and goes: "A destroyer with X is in Y".

    The ship heads the clause, and only what carries stands between the two.
    """
    if not clause.systems:
        return False
    ship, first = clause.of("ship")[0], clause.systems[0].start
    if not ship.end <= first <= ship.end + ABOARD_CHARS:
        return False
    return not any(ship.end <= c.start < first and c.kind in _LANDED for c in clause.cues)


def _main(clause: Clause, found: list[Cue]) -> Cue:
    """Return what was done at a time, not the participle before it: "the X kept in Y were …"."""
    first = found[0]
    if first.kind != "attr" or not clause.times:
        return first
    return next((c for c in found if c.kind == "done" and c.order > first.order), first)


def had(clause: Clause) -> Stage | None:
    """Return "completed" for "X has Y already" where "has" is "is to" too: Czech "má Y už"."""
    if clause.has("deploy", "will", "done", "if", "block") or not clause.has(*WHERE):
        return None
    for verb in clause.of("future"):
        for system in clause.systems:
            if 0 < system.start - verb.end <= HAD_CHARS and any(
                0 < c.start - system.end <= HAD_CHARS for c in clause.of("already")
            ):
                return Stage("completed", verb)
    return None


def _is_of_what_ended(clause: Clause, ended: Cue) -> bool:
    """Say whether a drill follows the verb that heads the clause: "Ended in X the course on Y"."""
    if ended.order > ENDED_WORDS:
        return False
    system = min((m.start for m in clause.systems), default=0)
    return any(ended.start < c.start < system for c in clause.of("block"))


def _is_of_a_unit(clause: Clause, equipped: Cue) -> bool:
    """Say whether it only tells what a unit has: "a battalion equipped with X is awaited"."""
    is_unit = any(equipped.order - c.order == 1 for c in clause.of("weapon"))
    return is_unit and any(0 < m.start - equipped.end <= WITH_CHARS for m in clause.systems)


def _is_open(clause: Clause) -> bool:
    """Say whether "if" stands before a place: "it remains to be seen if X in Minsk …"."""
    doubts = clause.of("if")
    return bool(doubts) and any(doubts[0].start < c.start for c in clause.of(*WHERE))


def _stands_already(clause: Clause) -> list[Cue]:
    """Return the "already" of "X is already in Belarus": a place follows it at once."""
    places = clause.of(*WHERE)
    return [
        cue
        for cue in clause.of("already")
        if (clause.systems or cue.order <= 1 or any(c.start < cue.start for c in clause.of("it")))
        and not clause.has("deploy", "begin", "modal", "future", "plan", "block")
        and any(0 < place.order - cue.order <= 3 for place in places)
    ]


def _stands_since(clause: Clause) -> list[Cue]:
    """Return the "since" of "X has been in Belarus since Friday": no verb need be known."""
    if clause.has(*OPERATORS, "deploy", "block", "suspend", "use", "site"):
        return []
    ones = any(c.value == ONE for c in clause.of("weapon"))
    if not clause.systems and not ones and not clause.has("this", "it"):
        return []
    return [
        cue
        for cue in clause.of("since")
        if any(0 <= time.start - cue.end <= 4 for time in clause.times)
    ]


def counted(clause: Clause) -> Stage | None:
    """Return "completed" for what only the number of is not told: "how many X are kept in Y".

    Who does not say it takes for granted that some are there; not "how many will come".
    """
    many = clause.of("how_many")[0]
    if not clause.systems or not 0 <= clause.systems[0].start - many.end <= COUNTED_CHARS:
        return None
    if not clause.has(*WHERE) or any(c.start > many.start for c in clause.of(*_UNCOUNTED)):
        return None
    found = next((c for c in clause.of("attr", "present", "done") if c.start > many.start), None)
    if found is None or any(many.start < c.start < found.start for c in clause.of("if")):
        return None
    return Stage("completed", found)


def presupposed(clause: Clause) -> Stage | None:
    """Return "completed" for what something came after: "nach der Stationierung von X in Y"."""
    return next((Stage("completed", c) for c in clause.of("after") if c.value == TOLD), None)


def stands_there(clause: Clause) -> Stage | None:
    """Return "completed" for a participle that tells where the weapon is of which more will be.

    "Die in Büchel gelagerten B61 werden modernisiert"; not "X will be based in Y".
    """
    if not clause.has("future", "will", "plan"):
        return None
    grounds, operators = clause.of("place", "region", "own"), clause.of("future", "will", "plan")
    for told in clause.of("attr"):
        if any(abs(c.order - told.order) > GROUND_WORDS for c in grounds) or not grounds:
            continue
        if any(c.order <= told.order + 1 for c in operators):
            continue
        if any(-ATTR_CHARS <= m.start - told.end <= ATTR_CHARS for m in clause.systems):
            return Stage("completed", told)
    return None


def came(clause: Clause) -> bool:
    """Say whether it takes for granted that the weapon came: "The arrival of X in Y worried Z"."""
    arrivals = clause.of("arrival")
    if not arrivals or not clause.systems:
        return False
    heads = [c for c in arrivals if c.order - clause.cues[0].order <= HEAD_WORDS]
    if any(is_past(clause, c) for c in clause.of("deploy")):
        return bool(heads) and not clause.has(*_UNCAME[1:])
    return bool(heads) and not clause.has(*_UNCAME)


def is_past(clause: Clause, event: Cue) -> bool:
    """Say whether "after" makes an event what has been: "After the deployment of X, Kos plans"."""
    return any(c.start < event.start < c.end for c in clause.of("arrival"))
