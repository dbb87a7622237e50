"""Where a sentence parts: at its marks, dashes and conjunctions; pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipelines.claims.sentences.clause import PREDICATES
from pipelines.claims.sentences.gapping import behind_verbs
from pipelines.claims.sentences.participles import set_apart
from pipelines.claims.sentences.pieces import of_lists

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connectors.records import Mention
    from pipelines.claims.sentences.sentence import Sentence

_PREFIXED = re.compile(r"\sو(?=\w)")
_OPENING = PREDICATES | {"place", "weapon", "not", "deny", "modal", "request", "plan", "future"}
"""Kinds of a word that "and" clings to where it opens a statement."""

STOPS = frozenset(";；؛·\u0387")
"""Semicolons of all scripts: the Greek one is a raised dot, the Arabic one turned."""
_DASHES = frozenset("-—–")
_BREAK = re.compile(r"[;:,()，；：、،؛—–-]|[·\u0387](?=\s)")


def breaks(text: str, sentence: Sentence, ends: Mapping[int, Mention]) -> list[int]:
    """Return where the pieces after the first begin; ``ends`` are the weapons described."""
    found = {cue.start for cue in sentence.of("and")} | {*ends}
    for match in _BREAK.finditer(text, sentence.start, sentence.end):
        at = match.start()
        if text[at] in _DASHES:
            at = _break_at(text, at)
        if at >= 0:
            found.add(at)
    if sentence.has("which"):
        found |= {c.start for c in sentence.of("which")}
    if sentence.language == "ar":
        found |= _prefixed(text, sentence)
    found.discard(sentence.start)
    if len(found) > 1:
        found -= behind_verbs(sentence, found)
    found -= of_lists(sentence, found) | set_apart(found, ends)
    if not found:
        return []
    first, last = min(found), max(found)
    spans = [(c.start, c.end) for c in sentence.cues if c.start < last and c.end > first]
    spans += [(m.start, m.end) for m in sentence.systems]
    spans += [(t.start, t.end) for t in sentence.times]
    inside = {
        at for start, end in spans for at in found if start < at < end and text[at] not in STOPS
    }
    return sorted(at for at in found - inside if at > sentence.start)


def _prefixed(text: str, sentence: Sentence) -> set[int]:
    """Return where the Arabic "and", which has no blank behind it, opens a piece."""
    opening = {c.start for c in sentence.cues if c.kind in _OPENING}
    opening |= {m.start for m in sentence.systems}
    blanks = (m.start() + 1 for m in _PREFIXED.finditer(text, sentence.start, sentence.end))
    return {at for at in blanks if at in opening or at + 1 in opening}


def _break_at(text: str, at: int) -> int:
    """Return where the dash at ``at`` parts two pieces; -1 for a hyphen within a word."""
    if text[at - 1 : at].isspace() and text[at + 1 : at + 2].isspace():
        return at - 1
    return -1 if text[at] == "-" else at
