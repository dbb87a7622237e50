"""What hangs on an "if" or a doubt: "X will come if Kos agrees" is possible; pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipelines.claims.sentences.stages import EVENTS, Stage

if TYPE_CHECKING:
    from collections.abc import Collection

    from pipelines.claims.sentences.clause import Clause
    from pipelines.claims.sentences.sentence import Sentence
    from pipelines.claims.words.vocabulary import Cue

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

_COMMA = re.compile("[,،，]")

OPENING_CHARS = 12
"""From the beginning of a sentence to the "if" that opens it."""

BEHIND_CHARS = 3
"""From the end of a clause to the "if" right behind it."""

DESCRIBED_CHARS = 4
"""From the weapon's name to the participle that describes it."""

DOUBT_LETTERS = 4
"""Letters of a word of doubt; shorter ones are conjunctions."""

TAIL_CHARS = 45
"""From "is doubted" to the end of its sentence, whoever doubts between."""

_OPENINGS = frozenset(("question", "that"))

_THEN = ("future", "will", "modal", "deploy", "plan", "delivers", "present", "suspend", "deny")
"""Kinds of verbs of which a result has one, where it is told what would follow."""

AGREED_WORDS = 3
"""Words from who decides to the verb."""

_DECIDING = ("capital", "supplier", "place", "person", "body", "title", "head")

CONDITION_REACH_WORDS = 3
"""Words between "if" and its verb."""

UNKNOWN_WORDS = 3
"""Words from "nobody" to its "if", the verb between."""

DOUBT_CHARS = 5
"""From "doubt" to its "that", a comma or a preposition between."""


def hangs_on_if(text: str, sentence: Sentence, stage: Stage) -> bool:
    """Say whether a stage stands between the "if" that opens the sentence and its result.

    "Si los X son instalados en Y, Moscú responderá": nothing is told of X. What describes the
    weapon, another verb behind it, is: "If the X deployed in Y are fired, …".
    """
    opening = next((c for c in sentence.of("if", "condition") if c.order <= HEAD_WORDS), None)
    if opening is None or opening.start > sentence.start + OPENING_CHARS:
        return False
    comma, anchor = _COMMA.search(text, opening.end, sentence.end), stage.anchor
    if comma is None or anchor.start < opening.end:
        return False
    at = comma.start()
    if anchor.start > at:
        ruled = sentence.of("future", "will") if stage.status == "requested" else ()
        return any(at < c.start < anchor.start for c in ruled)
    if not any(c.start > at for c in sentence.of(*_THEN)):
        return False
    is_described = any(0 <= anchor.start - m.end <= DESCRIBED_CHARS for m in sentence.systems)
    return not is_described or not any(anchor.end < c.start < at for c in sentence.of(*EVENTS))


def is_supposed_shot(sentence: Sentence) -> bool:
    """Say whether a shot is only thought of: "Launched from X, the missile would reach Y"."""
    first = sentence.clauses[0] if sentence.clauses else None
    if first is None or first.times or not first.has("use") or not first.has("from"):
        return False
    opens = any(not c.order for c in first.of("use"))
    return opens and sentence.has("future", "will", "modal", "able")


def is_left_open(text: str, sentence: Sentence) -> bool:
    """Say whether a sentence opens with what it ends by doubting: "When X will come is unclear".

    A condition at its end doubts nothing: "Насколько я знаю, X придёт, если …".
    """
    first = sentence.cues[0]
    opens = any(c.start == first.start and c.kind in _OPENINGS for c in sentence.cues)
    if not opens or first.order > HEAD_WORDS or not sentence.systems:
        return False
    if sentence.has("how_many") and not sentence.has("will", "future", "modal", "plan"):
        return False  # Some are there.
    last = sentence.systems[-1].end
    conditions = {c.start for c in sentence.of("condition")}
    doubts = [
        c
        for c in sentence.of("if", "comment")
        if c.start > last and c.end - c.start >= DOUBT_LETTERS and c.start not in conditions
    ]
    if not doubts or sentence.end - doubts[-1].end > TAIL_CHARS:
        return False
    return (
        not any(c.start > doubts[0].start for c in sentence.of(*EVENTS))
        and "?" not in text[sentence.start : sentence.end]
    )


def on_condition(sentence: Sentence, clause: Clause, stage: Stage) -> Stage:
    """Return "possible" for a plan with an "if" behind it, or at the head of clause or sentence.

    An "if" between is that of a question: "asked if X would come".
    """
    if stage.status != "planned":
        return stage
    anchor = stage.anchor
    ifs = clause.of("condition")
    is_so = any(c.start > anchor.start or c.order <= HEAD_WORDS for c in ifs)
    is_so = is_so or any(
        (c.order <= HEAD_WORDS and c.start < clause.start)
        or 0 <= c.start - clause.end <= BEHIND_CHARS
        for c in sentence.of("condition")
    )
    is_so = is_so or _is_agreed(sentence, clause)
    return Stage("possible", anchor) if is_so else stage


def _is_agreed(sentence: Sentence, clause: Clause) -> bool:
    """Say whether it hangs on what somebody decides before it: "Wenn Warschau zustimmt, …"."""
    ifs = [c for c in sentence.of("if") if c.order <= HEAD_WORDS and c.end < clause.start]
    return bool(ifs) and any(
        ifs[0].end < c.start < clause.start
        and any(0 < c.order - who.order <= AGREED_WORDS for who in sentence.of(*_DECIDING))
        for c in sentence.of("plan")
    )


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


def not_supposed(clause: Clause, stage: Stage, systems: tuple[str, ...]) -> tuple[str, ...]:
    """Leave out what only the "if" behind a stage names: "X may go to Y if Z is put in Germany"."""
    ifs = [c.start for c in clause.of("if", "condition") if c.start > stage.anchor.start]
    before = {m.subject for m in clause.systems if ifs and m.start < ifs[0]}
    return tuple(s for s in systems if s in before) if before else systems


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
    """Say whether a doubt rules its "that" or "when": "doubts that X will come"."""
    conditions = {c.start for c in clause.of("condition")}
    doubts = [c for c in clause.of("if") if c.start not in conditions]
    thats = [
        c.start
        for c in clause.of("that", "question")
        if any(doubt.start < c.start <= doubt.end + DOUBT_CHARS for doubt in doubts)
    ]
    return bool(thats) and not any(c.start < thats[0] for c in clause.of(*EVENTS))


def is_unknown(clause: Clause) -> bool:
    """Say whether nobody knows whether: "Nobody knows if X will come", "No está claro si"."""
    ifs, nobody = clause.of("if"), clause.of("nobody")
    doubts = [
        c
        for c in ifs
        if any(0 < c.order - n.order <= UNKNOWN_WORDS for n in nobody)
        or any(c.start < part.start and c.end == part.end for part in ifs)
    ]
    if not doubts or any(c.end <= doubts[0].start for c in clause.of(*EVENTS)):
        return False
    return bool(clause.systems) and clause.systems[0].start >= doubts[0].end


def is_condition(clause: Clause, event: Cue) -> bool:
    """Say whether "if" opens the very clause: "if Tokyo hosts them, …"."""
    return any(0 < event.order - c.order <= CONDITION_REACH_WORDS for c in clause.of("if"))
