"""Questions: what their answer makes of them, and "And in Poland?", which its answer completes."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from pipelines.claims.article.story import Frame
from pipelines.claims.sentences.clause import PREDICATES
from pipelines.claims.sentences.stages import Stage
from pipelines.claims.speaker.guests import QUESTION_MARKS, is_greek_question
from pipelines.claims.status.refuting import is_concerned, refutation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.claims.article.story import Story
    from pipelines.claims.sentences.sentence import Sentence
    from pipelines.claims.words.vocabulary import Vocabulary

_PARTICLES = ("か。", "까.")
"""How Japanese and Korean questions end that have no mark."""

BARE_CHARS = 60
"""A question that only names a weapon or place: "And in Poland?"."""

_ORDINALS = frozenset("de da no fi et cs sk hu lv sl sr hr pl tr is".split())  # noqa: SIM905
"""Languages that put a full stop after the number of a unit."""

_NUMBER = re.compile(r"(?<![\d.,])\d{1,3}\.$")
NUMBER_CHARS = 6
UNIT_CHARS = 40
"""Room for such a number, and for the name of the unit behind it."""

HEAD_WORDS = 1
"""Words before the "and" of such a question: a dash is none, a label "Q." is one."""

AGAIN_SENTENCES = 6
"""From a question to a short one that asks the same of another weapon: "And the X?"."""

TELLER_WORDS = 8
"""Words before the verb of who answers: his name and office."""

_TURN = re.compile(r"[^\W\d_][^.:?!«»“”\"]{1,80}:(?=\s)")
"""Whose turn it is: "Pentagon spokesman Sean Parnell: ..."."""

_TELLERS = frozenset((
    "person", "title", "head", "office", "voice", "given", "body", "capital", "supplier", "nation",
    "adjective", "place", "epithet", "question", "loc", "and", "said", "interview",
))  # fmt: skip
"""Kinds of the words that tell whose turn it is."""

_GROUNDS = ("place", "region", "own", "adjective")
_ASKED = frozenset(("completed", "planned", "underway", "denied"))
_GREEK_MARKS = (";", "\u037e")
_OPEN = ("block", "deny", "use", "suspend")


def asks(text: str, start: int, end: int) -> bool:
    """Say whether ``text[start:end]`` ends as a question."""
    tail = text[max(start, end - 2) : end]
    if tail[-1:].isspace():
        tail = text[start:end].rstrip()[-2:]
    if tail[-1:] in QUESTION_MARKS or tail in _PARTICLES:
        return True
    return tail[-1:] in _GREEK_MARKS and is_greek_question(text[start:end].rstrip())


def is_cut(vocabulary: Vocabulary, text: str, start: int, end: int) -> bool:
    """Say whether ``text[start:end]`` says nothing without the sentence after it.

    So does a question that only names a place, "And in Poland?", and what ends in the number of a
    unit: "Die dort beheimatete 465." before "Raketenbrigade".
    """
    return _is_bare(vocabulary, text, start, end) or _is_numbered(vocabulary, text, start, end)


def _is_numbered(vocabulary: Vocabulary, text: str, start: int, end: int) -> bool:
    if text[end - 1] != "." or vocabulary.language not in _ORDINALS:
        return False
    if not _NUMBER.search(text, max(start, end - NUMBER_CHARS), end):
        return False
    following = vocabulary.cues(text, end, min(len(text), end + UNIT_CHARS))
    return any(not c.order and c.kind in {"launcher", "weapon"} for c in following)


def _is_bare(vocabulary: Vocabulary, text: str, start: int, end: int) -> bool:
    if end - start > BARE_CHARS or not asks(text, start, end):
        return False
    cues = vocabulary.cues(text, start, end)
    if not any(c.kind == "and" and c.order <= HEAD_WORDS for c in cues):
        return False
    return not any(c.kind in PREDICATES for c in cues)


def answered(
    story: Story, sentence: Sentence, frames: list[Frame], following: Sentence | None
) -> list[Frame]:
    """Return what a question states once the next sentence says yes, no or perhaps.

    Without such an answer it states only what it takes for granted: "the B61 based in Italy".
    """
    reply = None
    if following is not None and following.index == sentence.index + 1:
        reply = _reply(story, sentence, following)
    is_yes_or_no = sentence.has("question") and sentence.asides.is_yes_or_no(
        story.text, sentence.start, sentence.end
    )
    asked = frames or _asked(sentence, is_yes_or_no=is_yes_or_no) or _of_another(story, sentence)
    story.asked = sentence.index, tuple(asked)
    if reply is None or following is None:
        is_open = is_yes_or_no or not sentence.has("question")
        return [f for f in frames if _is_given(f)] if is_open else frames
    return [
        replace(
            frame,
            clause=replace(frame.clause, times=frame.clause.times or following.times),
            stage=frame.stage if reply == "completed" else Stage(reply, frame.stage.anchor),
            answer=following,
        )
        for frame in asked
    ]


def _reply(story: Story, sentence: Sentence, following: Sentence) -> str | None:
    """Return the status that the next sentence gives to what was asked, or None.

    It may open with the answer or with who gives it: "Kos says no", "Jan Kos: No", "Kos denies it".
    """
    text = story.text
    reply = following.asides.reply(text, following.start, following.end)
    if reply is not None or following.systems:
        return reply
    for verb in following.of("said"):
        if verb.order > TELLER_WORDS:
            break
        that = next((c.end for c in following.of("that") if 0 < c.start - verb.end <= 1), verb.end)
        if found := following.asides.answers(text, verb.end, following.end, that=that):
            return found
    turn = _TURN.match(text, following.start, following.end)
    if turn and all(c.kind in _TELLERS for c in following.cues if c.end <= turn.end()):
        return following.asides.answers(text, turn.end(), following.end)
    first = following.clauses[0] if following.has("deny") else None
    if first is None or not refutation(text, following, first):
        return None
    grounds = {c.value for c in sentence.of(*_GROUNDS)}
    systems = {m.subject for m in sentence.systems}
    return "denied" if is_concerned(story, first, systems, grounds) else None


def _of_another(story: Story, sentence: Sentence) -> list[Frame]:
    """Return what the question before asked, of the weapon that this one only names."""
    index, asked = story.asked
    if not asked or sentence.index - index > AGAIN_SENTENCES or sentence.has_any(PREDICATES):
        return []
    named = dict.fromkeys(m.subject for m in sentence.systems)
    return [replace(asked[0], system=name, answer=None) for name in named]


def _is_given(frame: Frame) -> bool:
    """Say whether a question takes it for granted, or does not ask about what stands."""
    return frame.stage.anchor.kind == "attr" or frame.stage.status not in _ASKED


def _asked(sentence: Sentence, *, is_yes_or_no: bool) -> list[Frame]:
    """Return what a question that gave no stage asks: whether a system is or will be somewhere.

    "Есть ли X в Y?" has the word for "whether" in it.
    """
    frames: list[Frame] = []
    left_open = _OPEN if is_yes_or_no else (*_OPEN, "if", "question")
    for clause in sentence.clauses:
        grounds = clause.of(*_GROUNDS)
        if not clause.systems or not grounds or clause.has(*left_open):
            continue
        is_ahead = clause.has("will", "future", "modal", "plan")
        stage = Stage("planned" if is_ahead else "completed", grounds[0])
        named: Sequence[str] = list(dict.fromkeys(m.subject for m in clause.systems))
        frames += [Frame(clause, stage, system, is_anaphoric=False) for system in named]
    return frames
