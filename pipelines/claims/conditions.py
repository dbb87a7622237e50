"""What hangs on an "if" or a doubt: "X will come if Kos agrees" is possible; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.claims.stages import EVENTS, Stage

if TYPE_CHECKING:
    from collections.abc import Collection

    from pipelines.claims.clause import Clause
    from pipelines.claims.sentence import Sentence
    from pipelines.claims.vocabulary import Cue

HEAD_WORDS = 1
"""Words before the "if" that opens a clause."""

VERB_FIRST = frozenset(("de", "nl", "sv"))
"""Languages where a verb that opens a sentence, no question, opens a condition."""

_FINITE = frozenset(("deploy", "delivers", "will", "future", "modal", "present"))
"""Kinds of verbs that open a condition: "Gelangen Raketen nach Polen, werde Moskau …"."""

_RESULT = frozenset(("delivers", "future", "modal", "will"))
"""Kinds of verbs that tell what follows from it, right after its comma."""

THEN_WORDS = 1
"""Words between the comma and that verb: "dann", "so", "dan"."""

IF_WORDS = 8
"""Words from "if" to the event that is its condition."""

CONDITION_REACH_WORDS = 3
"""Words between "if" and its verb."""

DOUBT_CHARS = 5
"""From "doubt" to its "that", a comma or a preposition between."""


def on_condition(sentence: Sentence, clause: Clause, stage: Stage) -> Stage:
    """Return "possible" for a plan with an "if" after it or at the head of clause or sentence.

    An "if" between is that of a question: "asked if X would come".
    """
    if stage.status != "planned":
        return stage
    anchor = stage.anchor
    ifs = clause.of("condition")
    is_so = any(c.start > anchor.start or c.order <= HEAD_WORDS for c in ifs)
    is_so = is_so or any(
        c.order <= HEAD_WORDS and c.start < clause.start for c in sentence.of("condition")
    )
    return Stage("possible", anchor) if is_so else stage


def with_inverted(
    text: str, span: tuple[int, int], cues: list[Cue], kinds: Collection[str], language: str
) -> list[Cue]:
    """Return ``cues`` with the verb that opens a condition as an "if": "Sollte X kommen, werde Y".

    So does "Komt er geen X, dan …", where "no" denies nothing; any other word of the table is
    left out.
    """
    if not cues or not ("inverted" in kinds or _may_open(cues[0], language)):
        return cues
    first = cues[0]
    comma = text.find(",", first.end, span[1])
    is_first = not first.order and comma >= 0 and text[span[1] - 1] != "?"
    heads = [c for c in cues if c.start == first.start] if is_first else []
    is_condition = any(c.kind == "inverted" for c in heads) or (
        bool(heads) and _follows(text, comma, cues)
    )
    cues = [c for c in cues if c.kind != "inverted"]
    if not is_condition:
        return cues
    rest = [c for c in cues if c.start > (comma if c.kind == "not" else first.start)]
    return [first._replace(kind="if", value=""), first._replace(kind="condition", value=""), *rest]


def _may_open(first: Cue, language: str) -> bool:
    return language in VERB_FIRST and not first.order and first.kind in _FINITE


def _follows(text: str, comma: int, cues: list[Cue]) -> bool:
    """Say whether a verb that tells a result stands right behind the comma: ", könnte Moskau"."""
    return any(
        c.start > comma
        and c.kind in _RESULT
        and text.count(" ", comma, c.start) <= THEN_WORDS + 1
        and text[c.start].islower()
        for c in cues
    )


def is_fulfilled(clause: Clause, operator: Cue, event: Cue) -> bool:
    """Say whether "would" tells what follows from the event: "If X left, Y would be glad"."""
    if event.start > operator.start or not clause.has("if"):
        return False
    return any(0 <= event.order - c.order <= IF_WORDS for c in clause.of("if"))


def is_supposed(clause: Clause, event: Cue) -> bool:
    """Say whether "if" parts "would" from the event: "NATO would answer if X were put in Y"."""
    ifs = [c.start for c in clause.of("if") if c.start < event.start]
    return bool(ifs) and any(c.end <= ifs[-1] for c in clause.of("future"))


def is_doubted(clause: Clause) -> bool:
    """Say whether a doubt rules its "that", and all behind it: "doubts that X will come"."""
    thats = [
        c.start
        for c in clause.of("that")
        if any(doubt.start < c.start <= doubt.end + DOUBT_CHARS for doubt in clause.of("if"))
    ]
    return bool(thats) and not any(c.start < thats[0] for c in clause.of(*EVENTS))


def is_condition(clause: Clause, event: Cue) -> bool:
    """Say whether "if" opens the very clause: "if Tokyo hosts them, …"."""
    return any(0 < event.order - c.order <= CONDITION_REACH_WORDS for c in clause.of("if"))
