"""The owner's own land as a ground: "X is stationed in Russia", not "Russia stations X"; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.claims.place.origins import comes_from

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.claims.words.vocabulary import Cue

_STAYS = frozenset(("completed", "underway", "planned", "possible"))
_STANDS = frozenset(("done", "attr", "present", "deploy", "will", "moving"))
"""Kinds of a verb that tells where something stands or comes."""

_ELSEWHERE = frozenset(("place", "region", "own", "adjective", "there", "area"))
"""Kinds of another ground: beside one the owner's land only tells who acts, or from where."""

_OF_OTHER_THINGS = frozenset(("block", "request", "matter", "leave", "back", "not", "deny"))
"""Kinds beside which "in Russia" is where something else happens: a drill, a debate."""

_PARTING = frozenset(("and", "said"))

PREPOSITION_WORDS = 2
"""Words from "in" to the country, an article between."""

STANDS_WORDS = 6
"""Words between the verb and the country, a time between."""

SAID_WORDS = 3
"""Words between the country and a verb of speech: "in Russia they said"."""


def owners_ground(cues: Sequence[Cue], anchor: int, status: str) -> str | None:
    """Return the owner's land in which something stands or comes, where no other is named.

    Args:
        cues: The cues of a clause or sentence, in order.
        anchor: Offset of the predicate.
        status: The stage.
    """
    named = [c for c in cues if c.kind == "supplier"] if status in _STAYS else ()
    if not named:
        return None
    kinds = {c.kind for c in cues}
    if not kinds.isdisjoint(_ELSEWHERE) or not kinds.isdisjoint(_OF_OTHER_THINGS):
        return None
    verbs = [c for c in cues if c.start == anchor and c.kind in _STANDS]
    grounds = [c for c in named if _is_a_ground(cues, c)]
    if not verbs or not grounds or len({c.value for c in named}) > 1:
        return None
    verb = verbs[0]
    if any(c.kind == "plan" and c.order < verb.order for c in cues):
        return None  # "The decision to deploy X was made in Russia."
    near = (c for c in grounds if abs(c.order - verb.order) <= STANDS_WORDS)
    return next((c.value for c in near if not _is_parted(cues, c, verb)), None)


def _is_parted(cues: Sequence[Cue], land: Cue, verb: Cue) -> bool:
    """Say whether another statement begins between: "paid for in Russia and delivered in May"."""
    first, last = sorted((land.order, verb.order))
    return any(c.kind in _PARTING and first < c.order < last for c in cues)


def stands_in_homeland(cues: Sequence[Cue]) -> bool:
    """Say whether a state may be one in its owner's land: a preposition of place is before it."""
    return any(c.kind == "supplier" and _is_a_ground(cues, c) for c in cues)


def _is_a_ground(cues: Sequence[Cue], land: Cue) -> bool:
    """Say whether "in" stands before it, and neither "from" nor a verb of speech beside it."""
    if comes_from(cues, land):
        return False
    if any(c.kind == "said" and abs(c.order - land.order) <= SAID_WORDS for c in cues):
        return False
    return any(
        c.kind == "loc" and (0 < land.order - c.order <= PREPOSITION_WORDS or c.end == land.end)
        for c in cues
    )
