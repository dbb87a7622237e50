"""Clauses that seem to state a stage but tell of a depot, a treaty or its article."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.claims.sentences.sentence import SUBJECT_WORDS
from pipelines.claims.sentences.silence import is_of_another_thing

if TYPE_CHECKING:
    from pipelines.claims.article.story import Story
    from pipelines.claims.sentences.clause import Clause
    from pipelines.claims.sentences.stages import Stage

_OPEN = frozenset(("planned", "possible", "completed", "underway"))
"""Stages that "whether" leaves open."""

DRILL_CHARS = 15
"""From "production of" or "a course on" to the weapon."""

HEAD_WORDS = 1
"""Words before the country whose navy it is: "The Netherlands will get X for their frigates"."""

COURSE_CHARS = 30
"""From "a course on the missile system" to its name."""

WHETHER_WORDS = 8
"""Words from "whether" to the verb."""

COMING = frozenset(("planned", "underway", "completed", "possible"))
"""Stages that are told of lorries or documents as well."""

_TAUGHT = frozenset(("planned", "underway", "completed", "suspended"))
"""Stages that a course on a weapon has as well."""

_FACTS = frozenset(("used", "requested", "suspended"))
"""Stages that no article of a treaty allows or foresees."""


def is_beside(story: Story, clause: Clause, stage: Stage, *, is_anaphoric: bool) -> bool:
    """Say whether the stage is of a depot, or only what a treaty or one of its articles allows."""
    if stage.status == "planned" and _is_of_depot(clause):
        return True
    is_unnamed = is_anaphoric or not clause.systems
    if is_unnamed and stage.status in COMING and is_of_another_thing(clause, stage.anchor):
        return True
    if stage.status == "possible" and is_anaphoric and _is_of_a_treaty(story, clause):
        return True
    if _is_of_a_drill(clause, stage) or _is_of_a_course(story, clause, stage):
        return True
    if clause.has("ship") and stage.status in COMING and _is_for_ships(clause):
        return True
    return _is_whether(clause, stage) or is_of_an_article(story, clause, stage)


def _is_of_a_drill(clause: Clause, stage: Stage) -> bool:
    """Say whether the making of the weapon, or a drill, heads the clause and is what begins."""
    if stage.status not in {"planned", "underway"}:
        return False
    heads = [c for c in clause.of("block") if c.order <= 1]
    return any(0 < m.start - c.end <= DRILL_CHARS for c in heads for m in clause.systems)


def _is_for_ships(clause: Clause) -> bool:
    """Say whether ships will carry it, no ground told: "The navy will get X for its frigates"."""
    if not clause.systems or clause.has("region", "own", "there", "site"):
        return False
    placed = {c.order + 1 for c in clause.of("loc")}
    return not any(c.order > HEAD_WORDS or c.order in placed for c in clause.of("place"))


def _is_of_a_course(story: Story, clause: Clause, stage: Stage) -> bool:
    """Say whether a course on the weapon, which stands nowhere, is what began or ended."""
    if stage.status not in _TAUGHT or clause.has("place", "region", "own", "there", "deploy"):
        return False
    blocks = [c for c in clause.of("block") if c.start != stage.anchor.start]
    known = story.lexicons.systems
    things = [m for m in clause.systems if known[m.subject].place is None]
    return any(0 < m.start - c.end <= COURSE_CHARS for c in blocks for m in things)


def _is_whether(clause: Clause, stage: Stage) -> bool:
    """Say whether it is only asked or left open: "Asked whether X would come, Kos laughed"."""
    if stage.status not in _OPEN or not clause.has("question") or not clause.has("that"):
        return False
    opening = {c.start for c in clause.of("that")}
    return any(
        c.start in opening and 0 < stage.anchor.order - c.order <= WHETHER_WORDS
        for c in clause.of("question")
    )


def _is_of_depot(clause: Clause) -> bool:
    """Say whether it is the depot that will be ready, not what comes into it."""
    if clause.systems or clause.has("deploy", "weapon", "begin", "place", "there"):
        return False
    first = clause.cues[0].order if clause.cues else 0
    return any(c.order - first <= SUBJECT_WORDS for c in clause.of("site"))


def _is_of_a_treaty(story: Story, clause: Clause) -> bool:
    """Say whether the clause tells what a treaty or doctrine allows: no deployment, and no day."""
    return not clause.times and any(clause.start <= at < clause.end for at in story.treaties)


def is_of_an_article(story: Story, clause: Clause, stage: Stage) -> bool:
    """Say whether an article of a treaty that the text names is what allows or foresees it."""
    if not story.treaties or stage.status in _FACTS:
        return False
    return any(c.start <= stage.anchor.start for c in clause.of("article"))
