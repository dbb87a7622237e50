"""What a clause without a verb of its own states: "in Poland, but not in Belarus"; pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pipelines.claims.sentences.stages import Stage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.claims.article.story import Frame
    from pipelines.claims.sentences.clause import Clause
    from pipelines.claims.words.vocabulary import Cue

_GROUNDS = ("place", "region", "loc")

_DENIABLE = frozenset(("completed", "underway", "planned", "possible"))


def gapped(clauses: Sequence[Clause], frames: Sequence[Frame]) -> list[Frame]:
    """Return what those of a sentence's ``clauses`` state that leave out their verb.

    Args:
        clauses: The clauses of the sentence.
        frames: What those with a verb state.
    """
    return [f for c in clauses if c.verb_of is not None for f in _told(c, c.verb_of, frames)]


def _told(clause: Clause, source: Clause, frames: Sequence[Frame]) -> list[Frame]:
    """Return the stages of ``source``, told of the ground or weapon of ``clause``, or denied."""
    told = [f for f in frames if f.clause is source]
    if not told:
        return []
    systems: tuple[str, ...] = ()
    if clause.systems:  # Another weapon on the same ground.
        systems = tuple(dict.fromkeys(m.subject for m in clause.systems))
        grounds = [] if clause.has("place", "region") else source.of(*_GROUNDS)
        whole = replace(clause, cues=[*grounds, *clause.cues], verb_of=None, _kinds=None)
        told = told[:1]
    else:
        whole = replace(clause, systems=[*source.systems], verb_of=None, _kinds=None)
    negation = next(iter(clause.of("not", "absent")), None)
    found: list[Frame] = []
    for frame in told:
        stage = _denied(frame.stage, negation) if negation else frame.stage
        if stage is not None:
            named = systems or (frame.system,)
            found += [replace(frame, clause=whole, stage=stage, system=name) for name in named]
    return found


def _denied(stage: Stage, negation: Cue) -> Stage | None:
    """Return what "not" makes of a stage: none of a request."""
    return Stage("denied", negation) if stage.status in _DENIABLE else None
