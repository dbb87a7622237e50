"""What answers a request: a refusal, that it is weighed, or that it is feasible; pure decisions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.claims.sentences.silence import is_silent
from pipelines.claims.sentences.stages import Stage
from pipelines.claims.status.refuting import is_concerned, refutation

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from pipelines.claims.article.story import Frame, Story
    from pipelines.claims.sentences.clause import Clause
    from pipelines.claims.sentences.sentence import Sentence
    from pipelines.claims.words.vocabulary import Cue

DOUBLED_WORDS = 1
"""Words from "not" to the refusal that it denies: Czech "nic … nedorazí" is one negation."""

IMPOSSIBLE_WORDS = 3
"""Words from "kann" to "keine Rede"."""

SUCH_WORDS = 2
"""Words from "may" to "such a step"."""

REACH_SENTENCES = 2
"""From the weapon's name to the answer to a request of it."""

FALSE_WORDS = 3
"""Words before "false": "This claim is false"."""

FALSE_CHARS = 8
"""The same where no table knows these: "C'est faux"."""

_BESIDE_FALSE = frozenset(("it", "this", "that", "not", "absent", "deny", "neutral", "progressive"))
"""Kinds of the words before it."""

_OF_EVENTS = ("deploy", "weapon", "place", "request", "plan", "block", "modal", "if", "question")

TOLD_AS_FACT = frozenset(("completed", "underway", "used", "planned"))
"""Stages that a report may tell falsely."""

TOLD_AS_SO = frozenset(("completed", "underway", "planned", "possible"))
"""Stages that the one they are told of may deny."""

_WHO_ANSWERS = ("person", "capital", "supplier")
"""Kinds of whoever may answer a request in its own sentence."""

UNWEIGHED_WORDS = 4
"""Words between "not" and "considering"."""


def _refusal(clause: Clause) -> Cue | None:
    """Return the word by which a request is refused: "refused", "no decision", "not approved"."""
    if clause.has("block", "use", "if") or is_silent(clause):
        return None
    if (may := clause.of("modal")) and not _is_impossible(clause, may[0]):
        return None
    if refused := clause.of("deny"):
        first = refused[0]
        doubled = any(
            (c.start < first.start or c.end > first.end)
            and abs(first.order - c.order) <= DOUBLED_WORDS
            for c in clause.of("not")
        )
        return None if doubled else first
    undecided = clause.of("not")
    is_of_it = clause.has("plan") or (
        clause.has("done", "deploy", "will") and clause.has("it", "this", "there")
    )
    return undecided[0] if undecided and is_of_it and not clause.has("request") else None


def _is_impossible(clause: Clause, modal: Cue) -> bool:
    """Say whether what may not be is refused: "davon kann keine Rede sein"."""
    return any(0 < c.order - modal.order <= IMPOSSIBLE_WORDS for c in clause.of("deny"))


def _weighed(clause: Clause) -> Cue | None:
    """Return the word by which a request is weighed: "The Kremlin is considering the request"."""
    weighed = clause.of("modal")
    if not weighed or is_silent(clause):
        return None
    if not clause.has("request"):
        return weighed[0] if _is_of_such(clause, weighed[0]) else None
    if clause.has("deploy", "block", "if", "deny"):
        return None
    reach = range(-UNWEIGHED_WORDS, UNWEIGHED_WORDS + 1)
    undone = any(weighed[0].order - c.order in reach for c in clause.of("not"))
    return None if undone else weighed[0]


def _is_of_such(clause: Clause, modal: Cue) -> bool:
    """Say whether "such a step" is what may be: "Trump did not rule out such a decision"."""
    if clause.has("not", "deny", "deploy", "block", "weapon"):
        return False
    if any(c.start < modal.start for c in clause.of("if")):
        return False
    return any(0 < c.order - modal.order <= SUCH_WORDS for c in clause.of("this"))


def called_false(sentence: Sentence, clause: Clause) -> Cue | None:
    """Return the word by which all that was told before is false: "This is false"; else None."""
    if clause.start != sentence.start or sentence.systems or clause.has(*_OF_EVENTS):
        return None
    denial = next((c for c in clause.of("deny") if c.order <= FALSE_WORDS), None)
    if denial is None:
        return None
    before = [c for c in clause.cues if c.order <= denial.order]
    is_headed = not before[0].order or denial.start - clause.start <= FALSE_CHARS
    return denial if is_headed and all(c.kind in _BESIDE_FALSE for c in before) else None


def _of_a_report(story: Story, systems: tuple[str, ...]) -> bool:
    """Say whether the sentence before tells, as others say, what one of ``systems`` does."""
    before = story.before
    if before is None or not before.has("said", "according"):
        return False
    return any(
        c.system in systems and c.status in TOLD_AS_FACT and before.start <= c.start < before.end
        for c in story.claims
    )


def _is_next_told(story: Story, sentence: Sentence, systems: tuple[str, ...]) -> bool:
    """Say whether the sentence before tells what one of ``systems`` does, may or will do."""
    before = story.before
    if before is None or sentence.systems or sentence.index - before.index != 1:
        return False
    return any(
        c.system in systems and c.status in TOLD_AS_SO and before.start <= c.start < before.end
        for c in story.claims
    )


def _is_told_here(clause: Clause, systems: tuple[str, ...], frames: Sequence[Frame]) -> bool:
    """Say whether it was told before "but" in the same sentence: "…, but the Kremlin denied it"."""
    if not clause.has("and"):
        return False
    return any(f.system in systems and f.stage.status in TOLD_AS_SO for f in frames)


def may_answer(clause: Clause) -> bool:
    """Say whether a clause without the name tells of somebody who refuses or denies."""
    if clause.systems:
        return False
    return clause.has(*_WHO_ANSWERS) or (clause.has("deny") and clause.has("said"))


def answer(
    story: Story,
    sentence: Sentence,
    clause: Clause,
    systems: tuple[str, ...],
    frames: Sequence[Frame],
) -> Stage | None:
    """Return what answers a request: "Next year is feasible, Putin said", "Trump refused".

    It may be told in the same sentence, as ``frames`` tell: "asked in May; in June came a no".
    """
    asked = {c.system for c in story.claims if c.status == "requested"}
    asked |= {f.system for f in frames if f.stage.status == "requested"}
    is_near = bool(sentence.systems) or sentence.index - story.named_at <= REACH_SENTENCES
    if systems and asked.issuperset(systems) and is_near:
        refused = _refusal(clause)
        if refused is not None:
            return Stage("denied", refused)
        if (weighed := _weighed(clause)) is not None:
            return Stage("possible", weighed)
    if clause.has("deny"):
        if (denial := called_false(sentence, clause)) is not None:
            return Stage("denied", denial) if _of_a_report(story, systems) else None
        if _is_next_told(story, sentence, systems) or _is_told_here(clause, systems, frames):
            grounds = {c.place for c in story.claims if c.place and c.system in systems}
            grounds |= {c.value for c in sentence.of("place", "region") if c.start < clause.start}
            denial = refutation(story.text, sentence, clause)
            if denial is None or not is_concerned(story, clause, systems, grounds):
                return None
            return Stage("denied", denial)
    return _feasible(story, sentence, clause, asked.intersection(systems))


def _feasible(
    story: Story, sentence: Sentence, clause: Clause, asked: Collection[str]
) -> Stage | None:
    """Return "possible" where the next sentence tells when what was asked for may come."""
    can = clause.of("modal")
    if not (can and sentence.times and asked):
        return None
    if sentence.index - story.named_at != 1 or not sentence.of("said", "according"):
        return None
    if any(c.start < can[0].start for c in clause.of("block")):
        return None
    return None if clause.has("use", "not", "deny", "if") else Stage("possible", can[0])
