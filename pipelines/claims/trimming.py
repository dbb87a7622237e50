"""What of a clause is looked at: without a comment at its end, without a condition; pure."""

from __future__ import annotations

from pipelines.claims.clause import Clause


def without_tail(text: str, clause: Clause) -> Clause:
    """Return the clause up to a comma after which only drills or doubts are added: ", Kos said"."""
    if not clause.systems or not clause.times or not clause.has("block"):
        return clause
    last = max(*(m.end for m in clause.systems), *(t.end for t in clause.times))
    comma = text.find(",", last, clause.end)
    if comma < 0 or any(c.start < comma for c in clause.of("block")):
        return clause
    return _until(clause, comma)


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
