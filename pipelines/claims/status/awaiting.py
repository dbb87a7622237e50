"""What a state or its head awaits by a time: "Minsk expects X by December"; a pure decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.claims.sentences.stages import Stage
from pipelines.times import interval

if TYPE_CHECKING:
    from pipelines.claims.article.story import Story
    from pipelines.claims.sentences.clause import Clause
    from pipelines.claims.words.vocabulary import Cue

HEAD_WORDS = 1
"""Words before the capital or person that heads the clause."""

RECIPIENT_WORDS = 2
"""Words from "promised" over "to" to the capital."""

RECIPIENT_CHARS = 60
"""From the capital to what is promised to it."""

_OTHERWISE = (
    "not", "deny", "use", "request", "suspend", "block", "if", "question", "modal", "place",
    "region", "site", "leave", "done",
)  # fmt: skip


def awaited(story: Story, clause: Clause) -> Stage | None:
    """Return "planned" for what the head of a clause plans, promises or expects by a time."""
    if not clause.systems or not clause.times or story.published is None:
        return None
    if not clause.has("plan", "future") or clause.has(*_OTHERWISE):
        return None
    if not any(interval(t.value)[1] > story.published for t in clause.times):
        return None
    for cue in clause.of("capital", "person"):
        if cue.order > HEAD_WORDS:
            break
        person = story.lexicons.people.get(cue.value) if cue.kind == "person" else None
        state = person.country if person else cue.value
        place = story.lexicons.places.get(state or "")
        if place is not None and not place.supplier:
            return Stage("planned", cue)
    return None


def awaiting_capital(clause: Clause) -> Cue | None:
    """Return the capital that is the subject: "Minsk counts on having X by December"."""
    if clause.has("person", "body", "deploy", "place", "region", "own"):
        return None
    return next((c for c in clause.of("capital") if c.order == 0), None)


def recipient(clause: Clause) -> Cue | None:
    """Return the capital to which a weapon is promised: "promised Minsk a second X"."""
    return next(
        (
            cue
            for cue in clause.of("capital")
            if any(0 < cue.order - c.order <= RECIPIENT_WORDS for c in clause.of("plan"))
            and any(0 < m.start - cue.end <= RECIPIENT_CHARS for m in clause.systems)
        ),
        None,
    )
