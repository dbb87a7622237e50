"""What a stretch of a sentence without a predicate is to the stretch after it; pure."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from pipelines.claims.sentences.wholes import are_two_statements

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pipelines.claims.sentences.clause import Clause
    from pipelines.claims.sentences.sentence import Sentence

ANSWER_CHARS = 12  # A "No," or "probably not," before what is said.
_ANSWERS = frozenset(("not", "deny", "modal"))

MAIN_CHARS = 60
"""A stretch without a predicate that is longer than this says something of its own."""

CONDITION_WORDS = 1
"""Words before the "if" that opens a sentence."""

LAST_CHARS = 3
"""From the first weapon of a list to the end of its piece."""

SECOND_CHARS = 20
"""From "and" to the second weapon of a list."""

_NOMINAL = frozenset(("deploy", "plan", "weapon", "supplier", "loc", "and", "it", "nation", "this"))
"""Kinds beside which a deployment is a noun, of which the verb is to come."""
LIST_CHARS = 30
"""From one weapon of a list to the next: "Tomahawk und von SM-6"."""

QUOTE_CHARS = 3
"""Within which a quotation opens after a comma."""


_QUOTES = frozenset('«“„"「『')
_POINTING = ("weapon", "it", "this", "there", "own", "place", "region")

_LISTED = frozenset(("and", "weapon", "loc", "nation", "from"))

ASIDE_CHARS = 45
"""Of words between two commas that part a verb from what it is about."""

_TOLD = frozenset(
    ("said", "according", "said_pronoun", "person", "title", "body", "since", "this", "loc")
)
"""Kinds of an aside that states nothing: "according to Kos", "for now"."""

_SPLIT = frozenset(("suspend", "modal", "deny", "request", "plan", "future"))
"""Kinds of the verb that an aside parts from its object."""

_DATING = frozenset(("loc", "since", "until", "from", "and"))
"""Kinds of what stands beside a time that heads a line of a chronicle."""

_SUBJECTS = ("person", "capital", "supplier", "place", "body", "title", "he", "said", "and")
"""Kinds before a verb that has another subject than what was asked for."""

_NEW = frozenset(("and", "that", "if", "person", "said", "done", "present", "will"))
"""Kinds that open a statement of their own."""


def is_answer(waiting: Clause, first: Clause, piece: Clause) -> bool:
    """Say whether the sentence opens with a bare "No," or "hardly,": that negates no verb.

    What is not true before "that" is what follows: Russian "Неправда, что X в Y".
    """
    if waiting.has("deny") and opens_with_that((piece,)):
        return False
    if (
        waiting.systems
        or waiting.start != first.start
        or waiting.end - waiting.start > ANSWER_CHARS
    ):
        return False
    return waiting.has("not", "deny") and all(c.kind in _ANSWERS for c in waiting.cues)


def is_main(waiting: Clause, piece: Clause) -> bool:
    """Say whether what waits is a long clause of its own before "and": its time is not shared."""
    if waiting.systems and _is_kept(waiting, piece):
        return True
    if waiting.end - waiting.start < MAIN_CHARS or waiting.systems or waiting.has("modal"):
        return False
    if waiting.has("request"):
        return False
    return any(c.kind == "and" and c.start == piece.start for c in piece.cues)


def _is_kept(waiting: Clause, piece: Clause) -> bool:
    """Say whether a promise was kept at a time of its own: "promised in May and came in June"."""
    if not (waiting.times and piece.times and waiting.has("plan")) or piece.systems:
        return False
    opens = bool(piece.cues) and piece.cues[0].kind == "and"
    return opens and piece.has("done", "leave") and not piece.has("modal", "future", "will")


def is_fulfilled(waiting: Clause, piece: Clause) -> bool:
    """Say whether what waits is the condition of what may be: "If Kos agrees, X could come".

    So it is of what will be, where it names a weapon of its own: "If X stands in Y, Z will come".
    """
    if waiting.systems and not piece.systems:
        return False
    coming = (waiting.systems or waiting.has("plan")) and piece.has("will", "future", "deploy")
    if not piece.has("modal") and not coming:
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


def is_listing(piece: Clause, after: Clause) -> bool:
    """Say whether a noun goes on with a second weapon: "the move of X and of Y to Z was halted"."""
    if not piece.systems or not after.systems or not piece.has("deploy"):
        return False
    if any(c.kind not in _NOMINAL for c in piece.cues):
        return False
    is_joined = any(c.kind == "and" and c.start - after.start <= 2 for c in after.cues[:2])
    is_last = piece.end - piece.systems[-1].end <= LAST_CHARS
    return is_joined and is_last and after.systems[0].start - after.start <= SECOND_CHARS


def around_asides(
    pieces: Sequence[Clause], join: Callable[[Clause, Clause], Clause]
) -> list[Clause]:
    """Join what an aside parts: "It gave up, at least for now, the move of X to Y"."""
    found: list[Clause] = []
    for position, piece in enumerate(pieces):
        if position > 1 and len(found) > 1 and _is_split(found[-2], found[-1], piece):
            found[-2:] = [join(join(found[-2], found[-1]), piece)]
        else:
            found.append(piece)
    return found


def _is_split(before: Clause, aside: Clause, after: Clause) -> bool:
    """Say whether ``aside`` parts a verb that names no weapon from a weapon that no verb has."""
    if aside.end - aside.start > ASIDE_CHARS or before.systems or before.times or aside.systems:
        return False
    if not after.systems or aside.stops or before.stops:
        return False
    if not before.has_any(_SPLIT) or before.cues[-1].kind not in _SPLIT:
        return False
    if not aside.kinds() <= _TOLD:
        return False
    return bool(after.cues) and after.cues[0].kind not in _NEW


def leave_out_rounds(pieces: Sequence[Clause]) -> None:
    """Leave out what a launcher can fire as well: "which can fire X and Y, has been in Z"."""
    for before, after in pairwise(pieces):
        is_more = before.has("able") and not before.systems
        if is_more and after.systems and not after.has("done", "present", "will", "deploy"):
            after.systems = []


def stands_since(clause: Clause) -> bool:
    """Say whether the piece says whole, without a verb: "X in Belarus since the 17th"."""
    stands = clause.systems or clause.has_one()
    if not stands or not clause.times or not clause.has("place", "own"):
        return False
    return any(0 <= t.start - c.end <= 4 for c in clause.of("since") for t in clause.times)


def opens_with_that(following: Sequence[Clause]) -> bool:
    """Say whether the piece that follows begins with "that"."""
    return any(
        c.kind == "that" and c.start - piece.start <= 3 for piece in following for c in piece.cues
    )


def of_lists(sentence: Sentence, breaks: set[int]) -> set[int]:
    """Return the breaks that only part the weapons of a list: "X and Y missiles"."""
    parted: set[int] = set()
    for one, two in pairwise(sentence.systems):
        if not 0 < two.start - one.end <= LIST_CHARS:
            continue
        inside = {at for at in breaks if one.end <= at < two.start}
        if inside and are_two_statements(sentence, breaks, one, two):
            continue
        if any(one.end <= t.start < two.start for t in sentence.times):
            continue  # "gets X by May, and Y …".
        if inside and not any(
            one.end <= c.start < two.start and c.kind not in _LISTED for c in sentence.cues
        ):
            parted |= inside
    return parted


def is_unsaid(before: Clause) -> bool:
    """Say whether it tells of silence only: "Nobody says so, but …"."""
    return before.has("not") and before.has("said") and not before.systems


def goes_on_with_it(piece: Clause) -> bool:
    """Say whether it tells what became of a request: "and today we have it in X", "we'll get it".

    So does a relative clause with a time: ", which will be delivered in autumn".
    """
    if not piece.cues or piece.has("request", "modal", "if", "not", "deny", "suspend", "question"):
        return False
    first = piece.cues[0]
    if first.kind != "and" or first.start - piece.start > QUOTE_CHARS:
        coming = piece.of("will", "future")
        if not coming or not piece.times or not piece.has("done", "deploy"):
            return False
        return not any(c.start < coming[0].start for c in piece.of(*_SUBJECTS))
    relative = {c.start for c in piece.of("that")}
    is_of_it = any(c.start not in relative for c in piece.of("it"))
    is_there = piece.has("present", "done") and piece.has("place", "region", "own", "there")
    return is_of_it and (is_there or piece.has("will", "future"))


def is_remark(text: str, before: Clause, piece: Clause) -> bool:
    """Say whether words in quotation marks only comment on what was done: "…, “no need”"."""
    if not piece.has("not", "deny") or piece.systems or piece.times or piece.has(*_POINTING):
        return False
    opens = text[piece.start : piece.start + QUOTE_CHARS].strip(" ,，、")[:1] in _QUOTES
    return opens and before.has("done", "attr")


def is_apart(before: Clause) -> bool:
    """Say whether what stands before a colon is no part of what follows: "It is late: X is here".

    What is asked for or planned, and where, may follow the colon; not what is true instead of what
    was denied: "No, Kos replied: X is here". A date before it is that of the line: "May 2024: …".
    """
    if not before.systems and before.has("deny") and before.has("said"):
        return True
    if before.times and before.kinds() <= _DATING:
        return False
    return not before.systems and not before.has("request", "plan", "modal", "place", "region")
