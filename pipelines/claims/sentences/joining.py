"""How a stretch without a predicate is joined to the clause before it."""

from __future__ import annotations

from pipelines.claims.sentences.clause import PREDICATES, Clause
from pipelines.claims.sentences.gapping import is_of_others, shares_verb
from pipelines.claims.sentences.pieces import is_remark
from pipelines.claims.sentences.silence import is_silent

TAIL_CHARS = 2
"""From a denial to the end of the clause that it ends."""

_WHO = ("person", "body", "capital", "supplier", "title", "head")
"""Kinds of whoever denies what another says."""


def trails(text: str, clauses: list[Clause], piece: Clause) -> bool:
    """Join a piece without a predicate to the clause before it; say whether that was done."""
    source = clauses[-1].verb_of or clauses[-1]
    if shares_verb(text, source, piece):
        piece.verb_of = source
        return False
    if _takes(clauses[-1], piece) and not is_of_others(text, clauses[-1], piece):
        clauses[-1] = _trailed(text, clauses[-1], piece)
        return True
    return False


def _takes(before: Clause, piece: Clause) -> bool:
    """Say whether a piece without a predicate belongs to the clause before it."""
    if not has_predicate(before) or before.stops or is_silent(piece):
        return False
    return not _is_countering(piece)


def _is_countering(piece: Clause) -> bool:
    """Say whether somebody else denies what stands before "but": "…, but the Kremlin denied it"."""
    denials = piece.of("deny")
    if not denials or not piece.has("and") or piece.systems or piece.has("plan", "request", "not"):
        return False
    first = piece.cues[0]
    is_told = any(c.end == denials[0].end for c in piece.of("said"))
    is_bare = piece.has("it", "this") or piece.end - denials[-1].end <= TAIL_CHARS
    if not (is_told and is_bare) or piece.has("he", "that"):
        return False
    return first.kind == "and" and piece.has(*_WHO)


def _trailed(text: str, one: Clause, two: Clause) -> Clause:
    return one if is_remark(text, one, two) else joined(one, two, trailing=True)


def joined(one: Clause, two: Clause, *, trailing: bool = False) -> Clause:
    """Return one clause of two; ``trailing`` says that the second has no verb of its own."""
    hidden = trailing and one.has("able")
    return Clause(
        one.start,
        two.end,
        one.cues + two.cues,
        one.systems if hidden else one.systems + two.systems,
        one.times + two.times,
        two.stops,
        one.tail or (two.start if trailing else two.tail),
        is_whole=one.is_whole or two.is_whole,
    )


def has_predicate(clause: Clause) -> bool:
    """Say whether a word in it can carry a status by itself."""
    for cue in clause.cues:  # noqa: SIM110 - a generator costs more
        if cue.kind in PREDICATES:
            return True
    return False
