"""What a stretch of a sentence without a predicate is to the stretch after it; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipelines.claims.clauses import Clause

MAIN_CHARS = 60
"""A stretch without a predicate that is longer than this says something of its own."""

CONDITION_WORDS = 1
"""Words before the "if" that opens a sentence."""


def is_main(waiting: Clause, piece: Clause) -> bool:
    """Say whether what waits is a long clause of its own before "and": its time is not shared."""
    if waiting.end - waiting.start < MAIN_CHARS or waiting.systems or waiting.has("modal"):
        return False
    return any(c.kind == "and" and c.start == piece.start for c in piece.cues)


def is_fulfilled(waiting: Clause, piece: Clause) -> bool:
    """Say whether what waits is the condition of what may be: "If Kos agrees, X could come"."""
    if waiting.systems or not piece.has("modal"):
        return False
    points = piece.has("weapon", "partial", "there") or (piece.has("it") and piece.has("deploy"))
    if not piece.systems and not points:
        return False
    return any(c.order <= CONDITION_WORDS for c in waiting.of("if")) and not piece.has("if")


def is_fronted(waiting: Clause, piece: Clause) -> bool:
    """Say whether what waits tells of the past of the system after it: "Promised in May, X …"."""
    first = waiting.cues[0] if waiting.cues else None
    if first is None or first.order > 0 or waiting.systems or not waiting.times:
        return False
    opens = any(c.start == first.start for c in waiting.of("request", "plan"))
    return opens and bool(piece.systems)
