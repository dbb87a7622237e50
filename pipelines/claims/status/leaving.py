"""What left a country was withdrawn, what never left it is there; a pure decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.claims.place.origins import OWNERS, origins_of
from pipelines.claims.place.places import governs_place
from pipelines.claims.sentences.stages import Stage, no_stage

if TYPE_CHECKING:
    from pipelines.claims.sentences.clause import Clause
    from pipelines.claims.words.vocabulary import Cue

REACH_WORDS = 5
"""Words between "left" and what was left."""

NOT_REACH_WORDS = 4
"""Words between "not" and "left": "n'a plus jamais quitté"."""

OF_CHARS = 12
"""From "the firing of" to the weapon."""

LEAVE_CHARS = 25
"""From the weapon to what it is asked to leave."""

AFTER_WORDS = 2
"""Words from "left" to a "never" after it: Swedish "lämnade aldrig"."""

MOVED_WORDS = 8
"""Words from "moved" to the country it was moved from, or back to the verb."""

_OPEN = ("modal", "if", "request", "not", "deny", "use", "block", "able", "attr", "plan")
"""Kinds beside which nothing is told to have gone."""

_GOING_ON = frozenset(("and", "already", "leave"))
"""Kinds that open a clause whose subject is named before: "X, which came in May, has left Y"."""

_LEFT = ("place", "region", "own", "site", "capital", "there", "adjective")


def gone(clause: Clause) -> Stage | None:
    """Return "suspended" for a weapon that left a place, "completed" for one that did not."""
    if taken := _taken_from(clause):
        return taken
    for verb in clause.of("leave"):
        if not _is_of_the_weapon(clause, verb):
            continue
        if not _has_left(clause, verb) and not _is_subject(clause, verb):
            continue
        kept = [p for p in clause.of("present") if p.start <= verb.start < p.end]
        if kept and not _leaves_it(clause, verb, kept):
            return Stage("completed", verb)
        if any(-AFTER_WORDS <= verb.order - c.order <= NOT_REACH_WORDS for c in clause.of("not")):
            return None if clause.has("modal", "if") else Stage("completed", verb)
        if not clause.has("modal", "if", "request"):
            return Stage("suspended", verb)
    return _stays(clause) or _sent_back(clause) or _given_back(clause)


def taken_home(clause: Clause) -> Stage | None:
    """Return "suspended" for what went from one country to its owner's: "moved from X to Kursk"."""
    if not clause.systems or clause.has(*_OPEN):
        return None
    if any(not _leads_home(clause, c) for c in clause.of("present")):
        return None
    origins = [c for c in origins_of(clause.cues) if c.value not in OWNERS]
    if not origins:
        return None
    left, locs = {c.value for c in origins}, clause.of("loc", "toward")
    homes = clause.of("place", "region", "supplier")
    gone_to = [c for c in homes if c.value not in left and any(governs_place(p, c) for p in locs)]
    if not gone_to or any(c.value not in OWNERS for c in gone_to):
        return None
    verbs = clause.of("done", "moving", "deploy")
    stop, first = origins[0], clause.systems[0].start
    near = (v for v in verbs if abs(v.order - stop.order) <= MOVED_WORDS)
    near = (v for v in near if first < max(v.start, stop.start))
    return next((Stage("suspended", v) for v in near), None)


def _leads_home(clause: Clause, state: Cue) -> bool:
    """Say whether "home to" is where it went, and no state: "moved from X home to Russia"."""
    return any(c.start - state.end == 1 for c in clause.of("supplier"))


def _has_left(clause: Clause, verb: Cue) -> bool:
    """Say whether a place is left: near the verb, or behind "from" and a date."""
    if any(0 < abs(c.order - verb.order) <= REACH_WORDS for c in clause.of(*_LEFT)):
        return True
    origins = [c for c in clause.of("from") if 0 < c.order - verb.order <= REACH_WORDS]
    return any(
        0 < c.order - origin.order <= REACH_WORDS
        for origin in origins
        for c in clause.of("place", "region", "site")
    )


def _is_subject(clause: Clause, verb: Cue) -> bool:
    """Say whether a weapon named before is all that left: "The battery left in November"."""
    if clause.systems or not clause.times or clause.has("person", "deploy", "block"):
        return False
    first = clause.cues[0]
    if first.kind == "and" and verb.order - first.order == 1:
        return True  # "X came in May and left in June".
    return any(verb.order - c.order == 1 for c in clause.of("weapon"))


def _leaves_it(clause: Clause, verb: Cue, kept: list[Cue]) -> bool:
    """Say whether a verb that is "keep" too has the country as object: "залишили Білорусь"."""
    if any((p.start, p.end) != (verb.start, verb.end) for p in kept):
        return False
    if any(c.start == verb.start and c.end > verb.end for c in clause.of("suspend")):
        return True
    return any(c.order - verb.order == 1 for c in clause.of("place", "region", "own"))


def _stays(clause: Clause) -> Stage | None:
    """Return "completed" for what is not sent back: "will not return the X stationed in Y"."""
    if clause.has("modal", "if", "request") or not clause.systems:
        return None
    for verb in clause.of("back"):
        if not any(0 < verb.order - c.order <= REACH_WORDS for c in clause.of("not", "deny")):
            continue
        if there := stands_after(clause, verb):
            return Stage("completed", there)
    return None


def stands_after(clause: Clause, verb: Cue) -> Cue | None:
    """Return what tells, after ``verb``, where the weapon stands: "the X stationed in Y"."""
    if not clause.systems:
        return None
    stop = max(verb.end, clause.systems[0].start)
    placed = clause.of("place", "region", "adjective", "own")
    there = (c for c in clause.of("attr", "present") if c.start > stop)
    return next((c for c in there if any(p.start >= c.end for p in placed)), None)


def _taken_from(clause: Clause) -> Stage | None:
    """Return "suspended" for what was brought away "from there", or back from a country."""
    if clause.has("not", "nobody") and clause.has("thence"):
        return no_stage(clause.of("thence")[0])
    if clause.has("modal", "if", "request", "not", "deny", "use"):
        return None
    states = {c.start for c in clause.of("present", "attr")}
    verbs = clause.of("done", "moving", "back", "leave", "suspend")
    verbs = [v for v in verbs if v.start not in states]  # "Far from here, X are stationed".
    for cue in clause.of("thence"):
        if any(0 < abs(v.order - cue.order) <= REACH_WORDS for v in verbs):
            return Stage("suspended", cue)
    if not clause.systems and not clause.has("weapon", "it"):
        return None
    for verb in clause.of("back"):
        for cue in clause.of("from"):
            if 0 < abs(cue.order - verb.order) <= REACH_WORDS and any(
                governs_place(cue, c) for c in clause.of("place", "region")
            ):
                return Stage("suspended", cue)
    return None


def _sent_back(clause: Clause) -> Stage | None:
    """Return "suspended" for what goes or will go "back to Russia", to whom it belongs."""
    if clause.has("modal", "if", "request", "not", "deny"):
        return None
    for verb in clause.of("back"):
        homes = [c for c in clause.of("supplier") if 0 < c.order - verb.order <= NOT_REACH_WORDS]
        homes += _homes_before(clause, verb)
        inside = any(verb.start < c.start <= h.start for c in clause.of("loc") for h in homes)
        inside = inside or any(h.start < verb.start or h.order - verb.order == 1 for h in homes)
        if inside or any(verb.start <= c.start < verb.end for c in clause.of("loc")):
            return Stage("suspended", verb) if homes else None
    return None


def _given_back(clause: Clause) -> Stage | None:
    """Return "completed" for what is there still: "would return the X, which stands in Y, if …"."""
    if clause.has("request"):
        return None
    for verb in clause.of("back"):
        if there := stands_after(clause, verb):
            return Stage("completed", there)
    return None


def _homes_before(clause: Clause, verb: Cue) -> list[Cue]:
    """Return the owner's country after a preposition before the verb: "in die USA verbracht"."""
    near = [c for c in clause.of("supplier") if 0 < verb.order - c.order <= NOT_REACH_WORDS]
    locs = clause.of("loc")
    return [home for home in near if any(governs_place(c, home) for c in locs)]


def to_leave(clause: Clause, asked: Cue) -> Cue | None:
    """Return what the weapon in a country is asked to do: "demands that the X leave Poland"."""
    grounds = [c.start for c in clause.of("place", "region", "own")]
    for system in clause.systems:
        if system.start < asked.end or not any(start > system.end for start in grounds):
            continue
        for verb in clause.of("leave"):
            is_last = clause.end - verb.end <= 1
            if 0 < verb.start - system.end <= LEAVE_CHARS and (is_last or verb.end < grounds[-1]):
                return verb
    return None


def _goes_on(clause: Clause, verb: Cue) -> bool:
    """Say whether the verb goes on with the subject before "and": "X came in May and left Y"."""
    heads = clause.of("capital", "supplier", "place", "body", "title")
    return not any(c.start < verb.start for c in heads)


def _is_of_the_weapon(clause: Clause, verb: Cue) -> bool:
    """Say whether the system, no drill with it nor person after it, stands before the verb."""
    if any(0 <= m.start - c.end <= OF_CHARS for c in clause.of("block") for m in clause.systems):
        return False
    relative = {c.start for c in clause.of("that")}
    things = [m.start for m in clause.systems]
    things += [c.start for c in clause.of("weapon", "it") if c.start not in relative]
    before = [start for start in things if start < verb.start]
    people = [c.start for c in clause.of("person", "he") if c.start < verb.start]
    if not before and clause.cues[0].kind in _GOING_ON:
        return not people and _goes_on(clause, verb)
    return bool(before) and (not people or max(people) <= max(before))
