"""The one country that stands near a weapon where no table knows the verb; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.claims.place.places import governs_place

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from connectors.records import Mention
    from pipelines.claims.sentences.clause import Clause
    from pipelines.claims.words.vocabulary import Cue

_GROUNDS = ("place", "region", "own")

OF_CHARS = 3
"""From a state to the person whose state it is."""

GROUND_LETTERS = 4
"""A shorter word is a preposition: "soil" tells of ground, "in" does not."""

REACH_CHARS = 120
"""How far the country may stand from the system."""


def is_placed(clause: Clause, ground: Cue) -> bool:
    """Say whether a preposition of place stands before it."""
    return any(governs_place(c, ground) for c in clause.of("loc"))


def struck_ground(
    clause: Clause, things: Sequence[Cue | Mention], targets: Collection[str | None]
) -> Cue | None:
    """Return the cue of the only country that the systems were ever fired at, or None."""
    named = clause.of("place", "region", "capital")
    known = {"place", "region", "capital"} if clause.systems else {"place", "region"}
    here = [c for c in named if targets == {c.value} and c.kind in known and _is_near(c, things)]
    if not clause.systems:
        here = [c for c in here if not _is_of_a_person(clause, c)]
    others = any(c.value not in targets and c.kind != "capital" for c in named)
    return here[0] if here and not others else None


def _is_of_a_person(clause: Clause, state: Cue) -> bool:
    """Say whether a person's name follows at once: "ウクライナのゼレンスキー", "Ukraine's Kos"."""
    return any(0 <= p.start - state.end <= OF_CHARS for p in clause.of("person"))


def ground_beside(clause: Clause, things: Sequence[Cue | Mention]) -> Cue | None:
    """Return the one country's cue that stands near the system, or None."""
    grounds = [c for c in clause.of(*_GROUNDS) if c.kind == "own" or _is_near(c, things)]
    if not clause.systems:  # "The engines arrive from Poland" are those of something else.
        origins = {c.order + 1 for c in clause.of("from")}
        grounds = [c for c in grounds if c.order not in origins]
    if not any(c.kind != "own" for c in grounds):
        grounds = [c for c in clause.of("adjective") if _is_of_ground(clause, c)] or grounds
    if not clause.systems and grounds and grounds[-1].kind == "own":
        return grounds[-1]
    return grounds[0] if len({c.value for c in grounds}) == 1 else None


def _is_of_ground(clause: Clause, adjective: Cue) -> bool:
    """Say whether it tells whose ground: "on Danish soil", "sur le sol biélorusse"."""
    return any(
        c.start <= adjective.start < c.end or abs(c.order - adjective.order) == 1
        for c in clause.of("own", "loc", "site")
        if c.end - c.start >= GROUND_LETTERS
    )


def _is_near(ground: Cue, things: Sequence[Cue | Mention]) -> bool:
    return any(max(ground.start - t.end, t.start - ground.end) <= REACH_CHARS for t in things)
