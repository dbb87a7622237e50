"""Stretches that state all by themselves: they name a weapon, where, and say something; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.claims.sentences.clause import OPERATORS, PREDICATES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connectors.records import Mention
    from pipelines.claims.sentences.clause import Clause
    from pipelines.claims.sentences.sentence import Sentence

_GROUNDS = ("place", "region", "capital")
_STATING = PREDICATES | OPERATORS


def is_whole(piece: Clause, pieces: Sequence[Clause]) -> bool:
    """Say whether a stretch states all by itself, as another one does of another weapon or place.

    "X is not in Poland, but Y is in Belarus": each names its weapon and where, and says something.
    The later one may go on with "it": "X is not in Poland, but it could come to Belarus".
    """
    if not (piece.has(*_GROUNDS) and (piece.has_any(_STATING) or _names_all(piece))):
        return False
    return any(_are_two(piece, other) for other in pieces if other is not piece)


def _are_two(one: Clause, other: Clause) -> bool:
    is_elsewhere = _grounds_of(one).isdisjoint(_grounds_of(other))
    if _names_all(one) and _names_all(other):
        return is_elsewhere or _subjects_of(one).isdisjoint(_subjects_of(other))
    first, second = (one, other) if one.start < other.start else (other, one)
    return is_elsewhere and _names_all(first) and _goes_on_elsewhere(first, second)


def _goes_on_elsewhere(one: Clause, piece: Clause) -> bool:
    """Say whether ``piece`` tells further of the weapon of ``one``: "it", or its verb opens it."""
    if piece.start < one.end or piece.systems or not piece.has("place", "region"):
        return False
    if not piece.has_any(_STATING):
        return False
    if piece.has("it", "for_it"):
        return True
    return next(c.kind for c in piece.cues if c.kind != "and") in _STATING - {"not", "deny"}


def _names_all(piece: Clause) -> bool:
    if not piece.systems or not piece.has(*_GROUNDS):
        return False
    return bool(piece.times) or piece.has_any(_STATING)


def _subjects_of(piece: Clause) -> set[str]:
    return {m.subject for m in piece.systems}


def _grounds_of(piece: Clause) -> set[str]:
    return {c.value for c in piece.of(*_GROUNDS)}


def are_two_statements(sentence: Sentence, breaks: set[int], one: Mention, two: Mention) -> bool:
    """Say whether what stands before one weapon and behind the next both say what is where."""
    begin = max((at for at in breaks if at < one.start), default=sentence.start)
    end = min((at for at in breaks if at > two.end), default=sentence.end)
    before = [c for c in sentence.cues if begin <= c.start < one.start]
    after = [c for c in sentence.cues if two.end <= c.start < end]
    grounds = [{c.value for c in part if c.kind in _GROUNDS} for part in (before, after)]
    return (
        all(grounds)
        and grounds[0].isdisjoint(grounds[1])
        and all(any(c.kind in _STATING for c in part) for part in (before, after))
    )
