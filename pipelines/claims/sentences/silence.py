"""Who says nothing about it, and whose lorries are told of: neither denies or plans the weapon."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.claims.sentences.stages import EVENTS

if TYPE_CHECKING:
    from pipelines.claims.sentences.clause import Clause
    from pipelines.claims.words.vocabulary import Cue

COMMENT_WORDS = 3
"""Words from "declined" to "comment"."""

OBJECT_WORDS = 5
"""Words from "hand over" to what is handed over."""

HEAD_WORDS = 2
"""Words before what heads a sentence: "seventy-two flats"."""

UNANSWERED_WORDS = 4
"""Words from what is refused or not known to its "whether"."""

PEOPLE_WORDS = 3
"""Words from "residents" to their "oppose" where somebody else may be who refuses."""


def is_silent(clause: Clause) -> bool:
    """Say whether a comment is refused, no weapon: "declined to comment on the deployment"."""
    spoken = clause.of("comment")
    if not spoken:
        return False
    last = clause.cues[-1].order
    placed = clause.of("loc")
    refusals = clause.of("deny", "not", "suspend")
    for said in spoken:
        gaps = [said.order - refused.order for refused in refusals]
        if any(0 <= gap <= COMMENT_WORDS for gap in gaps):
            return True
        if any(0 < said.order - c.order <= 2 for c in placed):
            continue
        if any(-COMMENT_WORDS <= gap < 0 or said.order == last for gap in gaps):
            return True
    return False


def is_unanswered(clause: Clause, refusal: Cue) -> bool:
    """Say whether an answer is refused, or unknown: "declined to say whether", "not known when"."""
    grounds = {c.start for c in clause.of("loc")}
    asked = [c for c in clause.of("question") if c.start >= refusal.end and c.start not in grounds]
    if not asked or asked[0].order - refusal.order > UNANSWERED_WORDS:
        return False
    return refusal.kind == "deny" or any(c.start > asked[0].start for c in clause.of(*EVENTS))


def is_of_another_thing(clause: Clause, anchor: Cue) -> bool:
    """Say whether lorries, documents or whoever orders it are what the stage is of."""
    others = clause.of("other")
    starts = {c.start for c in others}
    if any(c.start < anchor.start for c in others):
        return True
    if not any(0 < c.order - anchor.order <= OBJECT_WORDS for c in others):
        return False
    things = (c for c in clause.of("weapon", "it") if c.start not in starts)
    people = {c.start for c in clause.of("he")}
    return not any(c.start < anchor.start and c.start not in people for c in things)


def is_of_others_first(sentence: Clause) -> bool:
    """Say whether lorries or flats head a sentence, the weapon after them: "Flats for X crews"."""
    first = min(m.start for m in sentence.systems)
    return any(c.order <= HEAD_WORDS and c.end <= first for c in sentence.of("other"))


def no_refusal(clause: Clause, refused: list[Cue]) -> Cue | None:
    """Return what shows that nothing is refused: the people are against it, or nobody answers."""
    if refused and clause.has("public") and (people := _by_the_people(clause, refused[0])):
        return people
    doubtful = (*refused[:1], *clause.of("not"))
    return next((c for c in doubtful if is_unanswered(clause, c)), None)


def _by_the_people(clause: Clause, refusal: Cue) -> Cue | None:
    """Return who refuses, if it is no state: residents, or those whom a poll asked."""
    people = clause.of("public")
    if clause.has("person", "office", "head", "capital", "he"):
        people = [c for c in people if 0 < refusal.order - c.order <= PEOPLE_WORDS]
    return people[0] if people else None
