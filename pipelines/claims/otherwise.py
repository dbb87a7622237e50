"""What a clause without a system's name tells of something else than the weapon; pure.

"A deal may be reached in May", "instead of them mock-ups will come", "not the launchers count, but
the crews": nothing of that goes on with the weapon named before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipelines.claims.clause import Clause
    from pipelines.claims.stages import Stage
    from pipelines.claims.vocabulary import Cue

AFFAIR_WORDS = 6
"""Words between "the agreement" and what happens to it."""

INSTEAD_WORDS = 2
"""Words from "instead" to "them"."""

CONTRAST_WORDS = 3
"""Words from "not" to the noun that another is set against."""

_ITS = ("weapon", "it", "for_it", "partial", "deploy", "site")
"""Kinds that tell of the weapon, beside whatever else a clause names."""


def is_of_an_affair(clause: Clause, stage: Stage) -> bool:
    """Say whether something else is what comes or is planned: "A deal may be reached in May"."""
    if stage.status == "used" or not clause.has("affair") or clause.has(*_ITS):
        return False
    return any(abs(c.order - stage.anchor.order) <= AFFAIR_WORDS for c in clause.of("affair"))


def is_instead(clause: Clause, anchor: int) -> bool:
    """Say whether something else will come: "Instead of them mock-ups will be installed"."""
    return any(
        0 < it.order - c.order <= INSTEAD_WORDS
        for c in clause.of("unlike")
        for it in clause.of("it")
        if it.start < anchor
    )


def is_contrast(text: str, clause: Clause, denial: Cue) -> bool:
    """Say whether it is "not A but B" of two nouns: "Not the launchers count, but the crews"."""
    weapons = [w for w in clause.of("weapon") if 0 < w.order - denial.order <= CONTRAST_WORDS]
    return bool(weapons) and any(
        c.start >= weapons[0].end and text[clause.start : c.start].rstrip().endswith(",")
        for c in clause.of("and")
    )
