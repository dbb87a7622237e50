"""A stage, and the kinds of words that all rules about stages look at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipelines.claims.sentences.clause import Clause
    from pipelines.claims.words.vocabulary import Cue

NEGATION_REACH_WORDS = 6
"""Words between a negation and the predicate that it denies; measured on the written items."""

WHERE = ("place", "region", "capital", "adjective", "own", "there")
"""Kinds that say where."""

STRUCK = WHERE[:4]
"""Kinds that say what country was struck."""

EVENTS = ("done", "attr", "deploy", "will", "moving", "present", "ready", "absent")
"""Kinds that name what happens to a weapon."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A status and the cue that states it."""

    status: str
    anchor: Cue


def no_stage(anchor: Cue) -> Stage:
    """Return what stands for "no stage, and look no further"."""
    return Stage("none", anchor)


def is_negated(clause: Clause, cue: Cue) -> bool:
    """Say whether "not" stands right before the cue."""
    return any(0 < cue.order - c.order <= 2 and c.end <= cue.start for c in clause.of("not"))
