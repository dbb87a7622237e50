"""Clauses: the stretches of a sentence around its predicates, and where they part."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from pipelines.claims.sentences.breaks import STOPS, breaks
from pipelines.claims.sentences.clause import OPERATORS, Clause
from pipelines.claims.sentences.joining import has_predicate, joined, trails
from pipelines.claims.sentences.participles import as_done, described
from pipelines.claims.sentences.pieces import (
    around_asides,
    goes_on_with_it,
    is_answer,
    is_apart,
    is_fronted,
    is_fulfilled,
    is_listing,
    is_main,
    is_unsaid,
    leave_out_rounds,
    opens_with_that,
    stands_since,
)
from pipelines.claims.sentences.wholes import is_whole

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connectors.records import Mention
    from pipelines.claims.sentences.sentence import Sentence
    from pipelines.claims.words.vocabulary import Cue

ASKED_CHARS = 60
"""From "asked" to the weapon that is asked for."""

SITE_REACH_WORDS = 2
"""From a depot to what it was built for."""

_COLONS = frozenset(":：")


def clauses_of(text: str, sentence: Sentence) -> list[Clause]:
    """Return the clauses of ``sentence``, whose cues, systems and times are known."""
    ends = described(text, sentence)
    found = breaks(text, sentence, ends)
    if not found:
        systems = _subjects(sentence, sentence.cues, sentence.systems, sentence.end)
        return [sentence.undivided(systems)] if sentence.end > sentence.start else []
    bounds = [sentence.start, *found, sentence.end]
    pieces = [_piece(sentence, begin, stop) for begin, stop in pairwise(bounds) if stop > begin]
    if len(pieces) < 2:
        return pieces
    for piece in pieces:
        if piece.end in ends and not piece.systems:
            piece.systems = [ends[piece.end]]
            piece.cues = as_done(piece.cues)
        piece.stops = text[piece.end : piece.end + 1] in STOPS and piece.end < sentence.end
    ands = [cue.start for cue in sentence.of("and")]
    for position, (before, after) in enumerate(pairwise(pieces)):
        is_new = text[after.start] in _COLONS and (
            _is_statement(before, after) or _is_countered(before, pieces[position + 1 :])
        )
        opposed = ands and any(0 <= start - after.start <= 2 for start in ands)
        if is_new or (opposed and is_unsaid(before)):
            before.stops = True
    if sentence.has("able"):
        leave_out_rounds(pieces)
    if len(pieces) > 2 and sentence.systems:
        pieces = around_asides(pieces, joined)
    return _merge(text, _with_lists(pieces), has_that=sentence.has("that"))


def _is_statement(before: Clause, after: Clause) -> bool:
    """Say whether what follows a colon states something of its own."""
    if stands_since(after):
        return True
    return (has_predicate(after) or after.has("begin")) and is_apart(before)


def _is_countered(before: Clause, pieces: Sequence[Clause]) -> bool:
    """Say whether they state what is so: "Minsk dément : tous, dit-il, sont modifiés"."""
    if not before.has("deny") or not is_apart(before):
        return False
    if any(piece.has("not", "deny", "absent") for piece in pieces):
        return False
    return any(has_predicate(piece) or piece.has("already") for piece in pieces)


def _piece(sentence: Sentence, start: int, end: int) -> Clause:
    """Return one piece; what a system "can launch" is no subject of the sentence."""
    cues = [c for c in sentence.cues if start <= c.start < end]
    systems = [m for m in sentence.systems if start <= m.start < end]
    times = [t for t in sentence.times if start <= t.start < end]
    return Clause(start, end, cues, _subjects(sentence, cues, systems, end), times)


def _subjects(
    sentence: Sentence, cues: list[Cue], systems: list[Mention], end: int
) -> list[Mention]:
    """Return the systems that stand before what one of them "can launch"."""
    if not systems or not sentence.has("able"):
        return systems
    able = (c for c in cues if c.kind == "able" and not _is_of_a_site(sentence, c))
    first = min((c.start for c in able), default=end)
    return [m for m in systems if m.start < first]


def _is_of_a_site(sentence: Sentence, able: Cue) -> bool:
    """Say whether it tells what a depot is meant for: "a bunker built for X", no launcher."""
    launchers = {c.start for c in sentence.of("weapon")}
    return any(
        0 < able.order - c.order <= SITE_REACH_WORDS and c.start not in launchers
        for c in sentence.of("site")
    )


def _with_lists(pieces: Sequence[Clause]) -> list[Clause]:
    found: list[Clause] = []
    for piece in pieces:
        if found and (is_listing(found[-1], piece) or _lists_sites(found[-1], piece)):
            found[-1] = joined(found[-1], piece)
        else:
            found.append(piece)
    return found


def _merge(text: str, pieces: Sequence[Clause], *, has_that: bool) -> list[Clause]:
    """Join pieces until each clause has a predicate.

    A piece without one belongs to the clause before it; at the start of a sentence, or when
    "that" follows, to the clause after it.
    """
    clauses: list[Clause] = []
    waiting: Clause | None = None
    for position, piece in enumerate(pieces):
        is_one = is_whole(piece, pieces)
        waiting = _still_waiting(waiting, piece, clauses)
        if waiting and (is_answer(waiting, pieces[0], piece) or is_fulfilled(waiting, piece)):
            waiting = None
        elif waiting and has_predicate(piece) and is_fronted(waiting, piece):
            waiting.systems = piece.systems
            clauses += [waiting] if waiting.has("request") else []
            waiting = None
        current = joined(waiting, piece) if waiting else piece
        waiting = None
        leads = has_that and opens_with_that(pieces[position + 1 : position + 2])
        leads = leads and any(c.kind in OPERATORS or c.kind == "said" for c in current.cues)
        is_of_it = bool(current.systems) or current.has("for_it")
        asks = is_of_it and _asks_and(current, pieces[position + 1 :])
        if not (asks or is_one or stands_since(current) or has_predicate(current)):
            if leads or not clauses or clauses[-1].stops:
                waiting = current
                continue
            if trails(text, clauses, current):
                continue
        current.is_whole = is_one
        clauses.append(current)
    if waiting:
        clauses.append(waiting)
    return clauses


def _still_waiting(waiting: Clause | None, piece: Clause, clauses: list[Clause]) -> Clause | None:
    """Return what waits for ``piece``; what a semicolon ends becomes a clause."""
    if waiting is None:
        return None
    if is_main(waiting, piece):
        waiting.times.clear()
    if not waiting.stops:
        return waiting
    clauses.append(waiting)
    return None


def _lists_sites(piece: Clause, after: Clause) -> bool:
    """Say whether a list waits for its verb: "füzeler için mevziler, hangarlar inşa ediliyor"."""
    if piece.stops or not piece.has("site") or piece.has("begin"):
        return False
    return not (has_predicate(piece) or has_predicate(after))


def _asks_and(current: Clause, following: Sequence[Clause]) -> bool:
    """Say whether a request stands complete before "and": "asked for them but was refused"."""
    asked = current.of("request")
    if not asked:
        return False
    named = any(
        0 <= max(m.start - asked[0].end, asked[0].start - m.end) <= ASKED_CHARS
        for m in current.systems
    )
    if named and following and _is_answered(following[0]):
        return True
    if named and following and has_predicate(following[0]):
        if following[0].has("suspend", "deny"):
            return following[0].has("he", "person", "it", "capital", "supplier")
        return following[0].has("done") and bool(following[0].times)
    for position, piece in enumerate(following[:2]):
        if any(c.kind == "and" and c.start == piece.start for c in piece.cues):
            refused = any(p.has("deny", "not") for p in following[position:])
            return refused or piece.has("person")
    return False


def _is_answered(piece: Clause) -> bool:
    """Say whether it tells who refused, or what became of the request."""
    if piece.has("person") and piece.has("deny"):
        return True
    return has_predicate(piece) and goes_on_with_it(piece)
