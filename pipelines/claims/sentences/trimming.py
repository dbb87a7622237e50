"""What of a clause is looked at: without a comment at its end, without a condition; pure."""

from __future__ import annotations

import re

from pipelines.claims.sentences.clause import Clause

_CLOSING = re.compile(r"[”“»\"’]\s*,\s|[,.!][”“»\"’](?:\s|$)")
"""The end of a quotation, its comma within or behind."""

_OPERATORS = ("plan", "future", "modal", "request", "deny", "not", "begin")
"""Kinds that tell nothing of what is said before the words about who said it."""

_WHO = ("said", "person", "title", "head", "office", "he")


def without_tail(text: str, clause: Clause) -> Clause:
    """Return the clause up to what only is added: a drill or doubt behind a comma, who spoke.

    "The X are in Y," Kos said to a question about *planning*.
    """
    clause = _quoted(text, clause)
    if not clause.systems or not clause.times or not clause.has("block"):
        return clause
    last = max(*(m.end for m in clause.systems), *(t.end for t in clause.times))
    comma = text.find(",", last, clause.end)
    if comma < 0 or any(c.start < comma for c in clause.of("block")):
        return clause
    return _until(clause, comma)


def _quoted(text: str, clause: Clause) -> Clause:
    """Return the clause up to the end of the quotation that names the weapon."""
    if not clause.systems or not clause.has(*_WHO) or not clause.has(*_OPERATORS):
        return clause
    last = clause.systems[-1].end
    closing = _CLOSING.search(text, last + 1, clause.end)
    if closing is None or any(t.start > closing.start() for t in clause.times):
        return clause
    if not any(c.start > closing.start() for c in clause.of(*_WHO)):
        return clause
    return _until(clause, closing.start())


def without_condition(clause: Clause) -> Clause:
    """Return the clause up to the "if" on which what may be hangs: "may send X if Y goes on"."""
    if not clause.systems or not clause.has("if") or not clause.has("modal"):
        return clause
    begin = clause.of("if")[0].start
    if clause.of("modal")[0].start >= begin or clause.systems[0].start > begin:
        return clause
    return _until(clause, begin)


def _until(clause: Clause, end: int) -> Clause:
    return Clause(
        clause.start,
        end,
        [c for c in clause.cues if c.start < end],
        [m for m in clause.systems if m.start < end],
        [t for t in clause.times if t.start < end],
    )
