"""A stretch without the verb of the clause before it: "in Poland, but not in Belarus"; pure.

It names another ground or another weapon, says "not" or a time of its own, and nothing else.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipelines.claims.sentences.clause import PREDICATES

if TYPE_CHECKING:
    from pipelines.claims.sentences.clause import Clause
    from pipelines.claims.sentences.sentence import Sentence

SPARE_WORDS = 2
"""Words of it that mean nothing here: an article, "either"."""

OTHER_WORDS = 2
"""As many tell of something else: a subject and its verb."""

PREPOSITION_WORDS = 2
"""Words from "in" to the country, an article between."""

_WORD = re.compile(r"[^\W_]{2,}")
_GROUNDS = frozenset(("place", "region"))
_NEGATIONS = frozenset(("not", "absent"))
_OPEN = _NEGATIONS | {"deny", "request", "suspend", "leave", "withdraw", "use", "block", "if"}
"""Kinds before it that leave open what "not" takes back."""

_ELLIPTIC = frozenset(
    (
        "and",
        "loc",
        "already",
        "since",
        "until",
        "weapon",
        "by",
        "same",
        "body",
        "there",
        "passive",
        "from",
    )
)
"""Kinds that may stand beside its ground, weapon, time and "not"."""

_KINDS = _GROUNDS | _NEGATIONS | _ELLIPTIC

_OF_WEAPON = frozenset(("weapon", "it", "for_it", "there", "this", "partial", "deploy", "that"))
"""Kinds that go on with the weapon."""

_FINITE = frozenset(("modal", "future", "will", "present"))
VERB_CHARS = 2
"""From a comma to the verb behind it."""


def behind_verbs(sentence: Sentence, breaks: set[int]) -> set[int]:
    """Return the breaks at a "but" that stands behind the verb it opens: German "könnte aber"."""
    finite = {c.order + 1: c.start for c in sentence.cues if c.kind in _FINITE}
    return {
        c.start
        for c in sentence.of("and")
        if c.order in finite
        and any(0 < finite[c.order] - at <= VERB_CHARS for at in breaks if at < c.start)
    }


def shares_verb(text: str, before: Clause, piece: Clause) -> bool:
    """Say whether ``piece`` leaves out the verb of ``before``, which names a weapon."""
    if not before.systems or not piece.cues or not before.has_any(PREDICATES):
        return False
    is_denied = piece.has("not", "absent")
    if before.has_any(_OPEN) or not (is_denied or piece.times or piece.systems):
        return False
    named = {c.start for c in piece.of("place")}
    kinds = {c.kind for c in piece.cues if c.kind != "adjective" or c.start not in named}
    if not kinds <= _KINDS:
        return False
    if not _is_other(before, piece, is_denied=is_denied):
        return False
    return _spare_words(text, piece) <= (SPARE_WORDS if is_denied else OTHER_WORDS - 1)


def _is_other(before: Clause, piece: Clause, *, is_denied: bool) -> bool:
    """Say whether it names another ground, with "in", or another weapon, there or not here."""
    here = {c.value for c in piece.cues if c.kind in _GROUNDS}
    there = {c.value for c in before.cues if c.kind in _GROUNDS}
    if not there or not here.isdisjoint(there):
        return False
    if piece.systems:
        known = {m.subject for m in before.systems}
        if not known.isdisjoint(m.subject for m in piece.systems):
            return False
        return _is_placed(piece) if here else is_denied
    return piece.cues[0].kind == "and" and _is_placed(piece)


def _is_placed(piece: Clause) -> bool:
    """Say whether it names a ground, and "in" stands before each one."""
    grounds = [c for c in piece.cues if c.kind in _GROUNDS]
    return bool(grounds) and all(
        any(0 < g.order - c.order <= PREPOSITION_WORDS or c.end == g.end for c in piece.of("loc"))
        for g in grounds
    )


def is_of_others(text: str, before: Clause, piece: Clause) -> bool:
    """Say whether it tells of something else elsewhere: "…, and in Belarus people are worried"."""
    if piece.systems or not piece.cues or piece.cues[0].kind != "and":
        return False
    if not before.systems or not piece.has("place", "region") or not _is_placed(piece):
        return False
    if piece.has_any(_OF_WEAPON) or not before.has("place", "region"):
        return False
    here = {c.value for c in piece.cues if c.kind in _GROUNDS}
    there = {c.value for c in before.cues if c.kind in _GROUNDS}
    if not here.isdisjoint(there):
        return False
    return piece.has("public") or _spare_words(text, piece) >= OTHER_WORDS


def _spare_words(text: str, piece: Clause) -> int:
    """Return how many words have no meaning that is known."""
    spans = [(cue.start, cue.end) for cue in piece.cues]
    spans += [(mention.start, mention.end) for mention in piece.systems]
    spans += [(time.start, time.end) for time in piece.times]
    return sum(
        not any(begin < word.end() and word.start() < end for begin, end in spans)
        for word in _WORD.finditer(text, piece.start, piece.end)
    )
