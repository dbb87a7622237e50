"""Whether a clause tells of a strike; a pure decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.claims.sentences.stages import (
    EVENTS,
    NEGATION_REACH_WORDS,
    STRUCK,
    Stage,
    is_negated,
    no_stage,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.claims.sentences.clause import Clause
    from pipelines.claims.words.vocabulary import Cue

PLAN_WORDS = 2
"""Words from "planned" to "strikes"."""

CAN_WORDS = 2
"""Words between "able to" and "launch"."""

BESIDE_WORDS = 2
"""Words from a training ground to the town that it is near."""

OF_CHARS = 12
"""From "the firing of the" to the weapon."""

THING_WORDS = 5
"""Words from a hit, the weapon not named, to the adjective of what was hit."""

_DRILLING = frozenset(("RU", "US", "BY"))
"""Where a missile that hits a target is tested or drilled with."""


def used(clause: Clause) -> Stage | None:
    """Return "used" for what a clause says was fired at a country, else None."""
    fired = clause.of("use")
    if not fired:
        return None
    if _is_report_denied(clause, fired[0]) or _is_put_off(clause, fired[0]):
        return no_stage(fired[0])
    return _used(clause, fired)


def _used(clause: Clause, fired: list[Cue]) -> Stage | None:
    unsure = [c for c in clause.of("modal") if c.start < fired[0].start]
    unsure += [c for c in clause.of("plan") if 0 < fired[0].order - c.order <= PLAN_WORDS]
    able = [c for c in clause.of("able") if 0 <= fired[0].order - c.order <= CAN_WORDS]
    if unsure or able or clause.has("future", "if", "will") or is_negated(clause, fired[0]):
        return None
    asked = [c.start for c in clause.of("request")]
    if (
        asked
        and clause.has("deploy")
        and any(asked[0] < m.start < fired[0].start for m in clause.systems)
    ):
        return None
    whole = max(c.end for c in fired if c.start == fired[0].start)
    if clause.times and clause.has("earlier"):
        whole = clause.end
    blocks = [c for c in clause.of("block") if c.start != fired[0].start or c.end >= whole]
    blocks = [c for c in blocks if not _is_word_of(c, fired)]
    blocks = _without_ships(clause, blocks, fired[0])
    blocks = _without_struck(clause, blocks, fired[0])
    if any(c.order - fired[0].order <= NEGATION_REACH_WORDS for c in blocks):
        return None
    struck = [c for c in clause.of(*STRUCK) if not _is_of_a_thing(clause, c, fired[0])]
    if not struck and clause.has("request"):
        return None
    return Stage("used", fired[0]) if struck or not clause.has(*EVENTS) else None


def _is_put_off(clause: Clause, fired: Cue) -> bool:
    """Say whether a shot that heads its clause was put off: "The firing of X was cancelled"."""
    if fired is not clause.cues[0] or not clause.has("suspend"):
        return False
    stopped = clause.of("suspend")[-1].start
    if clause.has("hit", "person", "weapon") or any(c.start > stopped for c in clause.of(*STRUCK)):
        return False
    return any(0 < m.start - fired.end <= OF_CHARS for m in clause.systems)


def _is_of_a_thing(clause: Clause, ground: Cue, fired: Cue) -> bool:
    """Say whether an adjective far off tells whose a thing is: "hit a depot with Czech buses"."""
    if ground.kind != "adjective" or clause.systems:
        return False
    return ground.order - fired.order > THING_WORDS


def _is_report_denied(clause: Clause, fired: Cue) -> bool:
    """Say whether reports of a strike are denied: "denied reports of a strike with X on Y"."""
    told = [c for c in clause.of("said", "hearsay") if c.end <= fired.start]
    return any(
        d.start < t.start and 0 < t.order - d.order <= PLAN_WORDS
        for d in clause.of("deny")
        for t in told
    )


def _without_ships(clause: Clause, blocks: list[Cue], fired: Cue) -> list[Cue]:
    """Leave out who fires at a place on land: "destroyers launched X at militants in Nigeria".

    In Chinese who is fired at stands before the verb: "军舰向尼日利亚发射", elsewhere
    behind "towards"; so may it where who fires is last: "X по целям в Нигерии выпустил корабль".
    """
    toward = [c.end for c in clause.of("toward") if c.start < fired.start]
    aims = {*toward, *(end + 1 for end in toward)}
    struck = clause.of(*STRUCK)
    is_last = bool(blocks) and all(b.start > fired.start for b in blocks)
    if not blocks or not any(is_last or c.start > fired.start or c.start in aims for c in struck):
        return blocks
    ships = {c.start for c in clause.of("ship")}
    return [c for c in blocks if c.start not in ships]


def _without_struck(clause: Clause, blocks: list[Cue], fired: Cue) -> list[Cue]:
    """Leave out what was hit: "X hit a training ground near Sumy", "… a plant producing drones".

    Not where it stands in a country that holds drills with the weapon, and not what makes it.
    """
    grounds = clause.of(*STRUCK)
    if (
        not blocks
        or not clause.systems
        or not any(c.start == fired.start for c in clause.of("hit"))
    ):
        return blocks
    if not grounds or any(c.value in _DRILLING for c in grounds):
        return blocks
    first = clause.systems[0].start
    return [c for c in blocks if not _is_target(c, fired, grounds, first)]


def _is_target(block: Cue, fired: Cue, grounds: Sequence[Cue], first: int) -> bool:
    """Say whether a word of drills or making names what was hit, the weapon before it."""
    if block.start < first or block.start == fired.start:
        return False
    if block.start > fired.start:
        return True
    return any(0 < g.order - block.order <= BESIDE_WORDS for g in grounds)


def _is_word_of(cue: Cue, phrases: Sequence[Cue]) -> bool:
    """Say whether a longer phrase holds the word: the "fire" of "acaba de disparar"."""
    return any(p.start < cue.start and cue.end <= p.end for p in phrases)
