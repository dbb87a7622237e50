"""What a clause tells in passing: "the X that Minsk asked for came", "after the deployment of X".

Such a part is a clause of its own beside the one around it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pipelines.claims.sentences.clause import PREDICATES, Clause
from pipelines.claims.sentences.granted import state_granted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connectors.records import Mention
    from pipelines.claims.sentences.sentence import Sentence
    from pipelines.claims.words.vocabulary import Cue

ASKED_CHARS = 60
"""From the weapon to the request of which a relative clause tells."""

OBJECT_WORDS = 3
"""Words from "demands" to "their withdrawal"."""

AGENT_CHARS = 20
"""From "requested" or "que pidió" to who asks, and from the weapon to such a verb."""

DEPLOYED_CHARS = 40
"""From "after the deployment of" to the weapon."""

GROUND_CHARS = 12
"""From a verb to its place, where "after" ends what happened: "抵达白俄罗斯后"."""

DATED_CHARS = 15
"""From its place to its time."""

TOLD = "told"
"""Value of an "after the deployment" that stands with its weapon and place."""

_ASKERS = frozenset(("capital", "place", "person", "head", "he", "body"))
_MARKS = frozenset((*_ASKERS, "that"))
_BEFORE_AGENT = frozenset(("loc", "title", "adjective", "given", "since", "from"))
"""Kinds between "requested" and who asks: Italian "da" is "since" too."""

_MAIN = PREDICATES | {"future", "modal", "not", "deny", "plan", "begin"}
"""Kinds of which one opens the predicate around what is told in passing."""

_PARTING = PREDICATES | {"and", "not", "deny", "if"}
_GROUNDS = ("place", "region", "own")
_OF_IT = ("it", "weapon", "suspend", "leave", "back")
"""Kinds of which one goes on about the weapon after its deployment."""

_AFTER = frozenset(("after", "upon"))
_OPEN = ("will", "future", "modal", "plan", "if", "request")


class _Inset(NamedTuple):
    """Where it stands in its clause, and the weapon that it is about."""

    start: int
    stop: int
    heads: Sequence[Mention | Cue]


def with_insets(text: str, sentence: Sentence, clauses: list[Clause]) -> list[Clause]:
    """Return ``clauses``, each parted from what it tells in passing."""
    if not sentence.has("request", "after", "upon", "granted"):
        return clauses
    found: list[Clause] = []
    for position, clause in enumerate(clauses):
        if inset := _request(text, clause):
            if inset.stop < clause.end:
                found += _parted(clause, inset)
                continue
            found.append(clause)
            following = clauses[position + 1 : position + 2]
            if following and _goes_on(following[0]):
                following[0].systems = [m for m in clause.systems if m in inset.heads]
        elif inset := _deployment(clause) or _deployed_first(clause) or _granted(text, clause):
            inner, outer = _parted(clause, inset)
            found += [inner, outer] if outer.systems or outer.has(*_OF_IT) else [inner]
        else:
            found.append(clause)
    return found


def _parted(clause: Clause, inset: _Inset) -> list[Clause]:
    """Return the inset with its weapon, and what is left of the clause."""
    start, stop, heads = inset
    kept = {h.start for h in heads}
    inner = Clause(
        clause.start,
        stop,
        [_told(c) for c in clause.cues if start <= c.start < stop or c.start in kept],
        [m for m in clause.systems if start <= m.start < stop or m.start in kept],
        [t for t in clause.times if start <= t.start < stop],
        is_inset=True,
    )
    outer = Clause(
        stop,
        clause.end,
        [c for c in clause.cues if not start <= c.start < stop],
        [m for m in clause.systems if not start <= m.start < stop],
        [t for t in clause.times if not start <= t.start < stop],
        clause.stops,
    )
    return [inner, outer]


def _goes_on(clause: Clause) -> bool:
    """Say whether a clause opens with its verb: what was asked for is its subject."""
    first = next((c for c in clause.cues if c.kind not in {"loc", "since"}), None)
    return not clause.systems and first is not None and first.kind in _MAIN


def _told(cue: Cue) -> Cue:
    return cue._replace(kind="after", value=TOLD) if cue.kind in _AFTER else cue


def _request(text: str, clause: Clause) -> _Inset | None:
    """Return the request told of the weapon before it: "die Raketen, um die Kiew gebeten hatte"."""
    for asked in clause.of("request"):
        things: Sequence[Mention | Cue] = clause.systems or clause.of("weapon")
        heads = [t for t in things if 0 < asked.start - t.end <= ASKED_CHARS]
        if not heads or text[asked.start - 2 : asked.start] == ", ":
            continue
        if any(c.start < heads[-1].start for c in clause.of(*_GROUNDS)):
            continue
        if any(0 < c.order - asked.order <= OBJECT_WORDS for c in clause.of("withdraw")):
            continue  # "…, which demands their withdrawal".
        between = [c for c in clause.cues if heads[-1].end <= c.start < asked.start]
        if any(c.kind in _PARTING for c in between):
            continue
        after = [c for c in clause.cues if c.start >= asked.end]
        agent = _agent(heads[-1], asked, after)
        if not agent and not any(c.kind in _MARKS for c in between):
            continue
        main = next((c.start for c in after if c.kind in _MAIN), None)
        if main is None:
            return _Inset(heads[-1].end, clause.end, heads[-1:])
        stop = _end(text, clause, max(asked.end, agent.end if agent else 0), main)
        return _Inset(heads[-1].end, stop, heads[-1:])
    return None


def _agent(head: Mention | Cue, asked: Cue, after: Sequence[Cue]) -> Cue | None:
    """Return who asks, right after the verb: "requested by Warsaw", "que había pedido Kiev"."""
    if asked.start - head.end > AGENT_CHARS:
        return None
    near = (c for c in after if c.start - asked.end <= AGENT_CHARS)
    first = next((c for c in near if c.kind not in _BEFORE_AGENT), None)
    return first if first and first.kind in _ASKERS else None


def _end(text: str, clause: Clause, told: int, main: int) -> int:
    """Return where the request ends: at a comma before the main verb, else after its time."""
    comma = text.find(",", told, main)
    if comma >= 0:
        return comma
    times = [t.end for t in clause.times if told <= t.start < main]
    return max([told, *times])


def _deployment(clause: Clause) -> _Inset | None:
    """Return the deployment that something came after: "nach der Stationierung von X in Y"."""
    for cue in clause.of("after"):
        heads = [m for m in clause.systems if 0 <= m.start - cue.end <= DEPLOYED_CHARS]
        if not heads:
            continue
        last = heads[-1].end
        main = next((c.start for c in clause.cues if c.start >= last and c.kind in _MAIN), None)
        grounds = [c for c in clause.of(*_GROUNDS) if cue.end <= c.start < (main or clause.end)]
        if not grounds:
            continue
        stop = max(last, grounds[0].end)
        for time in clause.times:
            stop = time.end if 0 <= time.start - stop <= DATED_CHARS else stop
        is_dated = any(cue.end <= t.start < stop for t in clause.times)
        if is_dated or not any(not cue.start <= c.start < stop for c in clause.of(*_OPEN)):
            return _Inset(cue.start, stop, heads)
    return None


def _granted(text: str, clause: Clause) -> _Inset | None:
    """Return the state that a conjunction takes for granted: "as long as X stands in Y"."""
    bounds = state_granted(text, clause)
    return _Inset(*bounds, ()) if bounds else None


def _deployed_first(clause: Clause) -> _Inset | None:
    """Return the deployment that "after" follows: "X'in Belarus'a varmasının ardından".

    Chinese has the weapon between its verb and "after": ``在白俄罗斯部署“榛树”后``.
    """
    for cue in clause.of("upon"):
        heads = [m for m in clause.systems if 0 <= cue.start - m.end <= DEPLOYED_CHARS]
        heads = heads or [m for m in clause.systems if 0 <= m.start - cue.end <= GROUND_CHARS]
        near = [c for c in clause.of(*_GROUNDS) if 0 <= c.start - cue.end <= GROUND_CHARS]
        grounds = [c for c in clause.of(*_GROUNDS) if c.end <= cue.start] or near[:1]
        if not heads or not grounds:
            continue
        between = [c for c in clause.cues if heads[-1].end <= c.start and c.end <= cue.start]
        if any(c.kind in _PARTING for c in between):
            continue
        placed = [c.end for c in grounds if c.end <= cue.start or c in near]
        stop = max(cue.end, heads[-1].end, *placed)
        return _Inset(clause.start, stop, heads)
    return None
