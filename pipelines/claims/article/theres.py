"""Whether "there" or "in the country" is the ground of a clause, and not a place it names; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.claims.place.places import governs_place, is_of_somebody

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.claims.article.story import Frame
    from pipelines.claims.words.vocabulary import Cue

THERE_WORDS = 5
"""Words between "there" and the verb that it goes with."""

EXISTENTIAL_CHARS = 12
"""From the beginning of a clause to a "there" that points nowhere: "and there is no X in Y"."""

THERE_PLACE_WORDS = 3
"""Words from "there" to the place that says where: "there, in Kant"."""

_NAMED = frozenset(("place", "region", "own", "capital"))


def is_there(frame: Frame) -> bool:
    """Say whether "there" is the only ground: the adjective beside it tells of somebody else."""
    clause = frame.clause
    if frame.stage.status == "used" or not clause.has("there"):
        return False
    cues = clause.cues
    named = [
        c
        for position, c in enumerate(cues)
        if c.kind in _NAMED and not (c.kind == "place" and is_of_somebody(cues, position))
    ]
    there = clause.of("there")[0]
    named = [c for c in named if not there.start < clause.tail <= c.start]
    if there.start - clause.start <= EXISTENTIAL_CHARS and any(
        governs_place(loc, c) for loc in clause.of("loc") for c in named
    ):
        return False
    return not named or _is_nearer(there, frame.stage.anchor, named)


def _is_nearer(there: Cue, anchor: Cue, named: Sequence[Cue]) -> bool:
    """Say whether "there" goes with the verb, and the places named tell how far it is to them."""
    gap = abs(there.order - anchor.order)
    return gap <= THERE_WORDS and all(
        abs(c.order - anchor.order) > gap and not 0 < c.order - there.order <= THERE_PLACE_WORDS
        for c in named
    )


def is_in_the_country(frame: Frame) -> bool:
    """Say whether "in the country" is the only ground: a capital tells where somebody spoke."""
    clause = frame.clause
    if frame.stage.status == "requested":
        return False
    return clause.has("own") and not clause.has("place", "region", "adjective")
