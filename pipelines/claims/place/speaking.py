"""Where somebody only spoke: "In Vienna, Kos said that X is in Poland"; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.claims.words.vocabulary import Cue

SOURCE_WORDS = 16
"""Words of who spoke and where: "said Jan Kos at a press conference in Vienna"."""

_GROUNDS = frozenset(("place", "region"))
_STATING = frozenset(("done", "will", "deploy", "moving", "attr", "present", "that", "and", "if"))
"""Kinds that open or hold a statement of their own between the country and the speech."""


def is_where_one_spoke(cues: Sequence[Cue], ground: Cue, anchor: int) -> bool:
    """Say whether ``ground`` stands with a verb of speech, apart from what is told to be elsewhere.

    Args:
        cues: The cues of a clause or sentence, in order.
        ground: A country or capital among them.
        anchor: Offset of the predicate.
    """
    said = [c for c in cues if c.kind == "said" and abs(c.order - ground.order) <= SOURCE_WORDS]
    if not said:
        return False
    others = [c for c in cues if c.kind in _GROUNDS and c.value != ground.value]
    if ground.start < anchor:
        return _is_told_there(cues, ground, said, others, anchor)
    return any(
        anchor < verb.start < ground.start
        and any(c.start < verb.start for c in others)
        and not any(verb.end <= c.start < ground.start and c.kind in _STATING for c in cues)
        for verb in said
    )


def _is_told_there(
    cues: Sequence[Cue], ground: Cue, said: Sequence[Cue], others: Sequence[Cue], anchor: int
) -> bool:
    """Say whether the verb of speech after it has a "that" before the event."""
    that = next((c for c in cues if c.kind == "that" and ground.end <= c.start <= anchor), None)
    if that is None or not any(c.start >= that.end for c in others):
        return False
    between = {c.kind for c in cues if ground.end <= c.start < that.start}
    return _STATING.isdisjoint(between) and any(
        ground.end <= verb.start < that.start for verb in said
    )
