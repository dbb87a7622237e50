"""Which modal, future or negation rules which verb of a clause; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.claims.sentences.stages import EVENTS, WHERE

if TYPE_CHECKING:
    from pipelines.claims.sentences.clause import Clause
    from pipelines.claims.words.vocabulary import Cue

CAPABLE_REACH_WORDS = 5
"""Words between "can" and "carry"."""

THAT_WORDS = 5
"""Words from "may" to the "that" it rules."""

THAT_CHARS = 12
"""From what is possible to its "that"."""

WISHED_WORDS = 3
"""Words from "să", "sean" or "siano" to the participle."""

VERB_FINAL_WORDS = 14
"""Words between "will" and the participle at the end of a German clause."""


def governs(clause: Clause, operator: Cue, event: Cue) -> bool:
    """Say whether ``operator`` rules ``event``: a participle after a noun stands for itself."""
    if event.kind == "will" and operator.kind == "modal":
        is_told = any(c.order < event.order for c in _thats(clause, operator))
        return is_told or abs(operator.order - event.order) <= 2 or _opens(clause, operator)
    if operator.start > event.start and event.kind not in {"deploy", "site", "ready"}:
        return event.kind != "attr" and operator.order - event.order <= 3
    if event.kind not in {"done", "attr"}:
        return True
    between = [m for m in clause.systems if operator.start < m.start < event.start]
    between_words = event.order - operator.order
    doubted = operator.kind == "modal" and between and _is_doubted(clause, operator, event)
    if doubted or (between and is_wished(clause, event)):
        return True
    if between and event.kind == "done" and operator.kind in {"future", "modal"}:
        return between_words <= VERB_FINAL_WORDS and _is_final(clause, operator, event)
    return not between and between_words <= (4 if event.kind == "attr" else 9)


def _thats(clause: Clause, operator: Cue) -> list[Cue]:
    """Return the "that" right behind an operator of however many words: "sluit niet uit dat"."""
    return [
        c
        for c in clause.of("that")
        if c.start > operator.start
        and (c.order - operator.order <= THAT_WORDS or c.start - operator.end <= THAT_CHARS)
    ]


def _is_perhaps(clause: Clause, operator: Cue) -> bool:
    """Say whether the modal is a "perhaps" or an "it may be", no verb of somebody."""
    return any(c.start < operator.end and operator.start < c.end for c in clause.of("maybe"))


def _is_unexcluded(clause: Clause, operator: Cue) -> bool:
    """Say whether a negated verb of speech is what may be: "no descartó"."""
    return any(operator.start < c.start and c.end == operator.end for c in clause.of("said"))


def _opens(clause: Clause, operator: Cue) -> bool:
    """Say whether a "perhaps" opens the clause, all of which it doubts: "Forse X arriverà"."""
    return not operator.order and _is_perhaps(clause, operator)


def _is_doubted(clause: Clause, operator: Cue, event: Cue) -> bool:
    """Say whether "it may be that" stands before: "Es posible que los X sean enviados a Y".

    So does who "does not rule out that", in which the "rule out" is a verb of speech.
    """
    if not (_is_perhaps(clause, operator) or _is_unexcluded(clause, operator)):
        return False
    thats = _thats(clause, operator)
    return bool(thats) and not any(
        thats[0].end <= c.start < event.start for c in clause.of("said", "and", "that")
    )


def is_wished(clause: Clause, event: Cue) -> bool:
    """Say whether a participle is of a subjunctive: "posibil ca X să fie trimise"."""
    return any(0 < event.order - c.order <= WISHED_WORDS for c in clause.of("subjunctive"))


def _is_final(clause: Clause, operator: Cue, event: Cue) -> bool:
    """Say whether the verb ends its clause after the place: "werde X nach Y verlegt"."""
    places = clause.of(*WHERE, "site")
    if any(c.start > event.start for c in places):
        return False
    return any(operator.start < c.start for c in places)


def governor(clause: Clause, *operators: str) -> Cue | None:
    """Return the first operator of these kinds that rules an event of the clause, or None."""
    for operator in clause.of(*operators):
        if _is_capability(clause, operator):
            continue
        for event in clause.of(*EVENTS, "site"):
            if event.start == operator.start or not governs(clause, operator, event):
                continue
            if operator.kind == "future" and has_it(clause, operator, event):
                continue
            if not _is_plan_between(clause, operator, event):
                return operator
    return None


def has_it(clause: Clause, operator: Cue, event: Cue) -> bool:
    """Say whether "is to" is "has" before a state of some words: "мае X на ўзбраенні"."""
    if event.kind != "present" or event.start < operator.start:
        return False
    if not any(c.start == operator.start for c in clause.of("present")):
        return False
    return any(c.start == event.start for c in clause.of("loc"))


def _is_capability(clause: Clause, operator: Cue) -> bool:
    """Say whether the modal rules what a weapon can do: "so that they could carry"."""
    after = [c for c in clause.cues if 0 < c.order - operator.order <= CAPABLE_REACH_WORDS]
    first = next((c for c in after if c.kind in {"block", "able", *EVENTS}), None)
    return first is not None and first.kind in {"block", "able"}


def _is_plan_between(clause: Clause, operator: Cue, event: Cue) -> bool:
    """Say whether a plan governs the event: "probably an answer to the plan to deploy"."""
    return operator.kind == "modal" and any(
        c.order - operator.order > 3 and c.start < event.start for c in clause.of("plan")
    )
