"""Whether a clause without a system's name still speaks of the one named before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.claims.article.otherwise import is_contrast, is_instead, is_of_something_else
from pipelines.claims.article.referring import is_of_troops
from pipelines.claims.article.told import (
    GROUNDS,
    POINTERS,
    STANDS,
    Told,
    is_joined,
    points_at_what_left,
    points_back,
)
from pipelines.claims.sentences.spans import SOLE_REACH_SENTENCES
from pipelines.claims.status.refusing import (
    is_not_planned,
    is_nothing_such,
    is_planned_nowhere,
    is_such,
)
from pipelines.claims.status.requesting import is_from, is_of_an_interview
from pipelines.claims.status.requesting import is_such as is_such_request
from pipelines.claims.status.withdrawing import is_asked_about, is_withdrawal, is_work, opens

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipelines.claims.article.story import Story
    from pipelines.claims.sentences.clause import Clause
    from pipelines.claims.sentences.sentence import Sentence
    from pipelines.claims.sentences.stages import Stage
    from pipelines.claims.words.vocabulary import Cue

WANTED_REACH_WORDS = 8
"""Words from "asked" to the weapons that are asked for."""

NEAR_SENTENCES = 2
"""From the weapon's name to what is told of its request, or since when it has been there."""

HEAD_WORDS = 2
"""Words before the deployment that heads a clause."""


PURPOSE_WORDS = 2
"""Words from "for" to the drill that something came for."""

_FAR = frozenset(("used", "completed"))
"""What an entry of a chronicle tells of a weapon named long before."""

_SETTLED = frozenset(("completed", "denied", "suspended"))


def may_carry(
    story: Story, sentence: Sentence, clause: Clause, stage: Stage, systems: tuple[str, ...]
) -> bool:
    """Say whether a clause without a system's name still speaks of the one named before."""
    anchor = stage.anchor.start
    gap = sentence.index - story.named_at
    is_next, is_near = gap <= 1, gap <= NEAR_SENTENCES
    if sentence.entry and gap > SOLE_REACH_SENTENCES and stage.status not in _FAR:
        return False
    if stage.status != "suspended" and any(
        _is_open(c, anchor) and not _is_purpose(clause, c) for c in clause.of("block")
    ):
        return False
    if is_of_troops(story, clause, systems, stage.anchor.order) or is_of_something_else(
        story, sentence, clause, stage, systems
    ):
        return False
    if stage.status == "planned" and is_instead(clause, anchor):
        return False
    is_open = stage.anchor.kind == "done" or (stage.anchor.kind == "will" and not clause.times)
    if is_open and any(c.start < anchor for c in clause.of("question")):
        return False
    joined = (
        clause.has("withdraw")
        and stage.status == "suspended"
        and is_joined(sentence.clauses, clause, anchor)
    )
    return _CARRIES[stage.status](Told(story, clause, stage, systems, is_next, is_near, joined))


def _is_open(block: Cue, anchor: int) -> bool:
    """Say whether a drill before the verb leaves it open: not ``为演习运抵``, no blank between."""
    return block.start < anchor and block.end != anchor


def _is_purpose(clause: Clause, block: Cue) -> bool:
    """Say whether it tells what the weapon came for: "Der Werfer war für Manöver eingetroffen"."""
    if not any(c.start < block.start for c in clause.of("weapon")):
        return False
    return any(0 < block.order - c.order <= PURPOSE_WORDS for c in clause.of("loc"))


def _possible(told: Told) -> bool:
    clause = told.clause
    if clause.has("request") and told.is_near and told.has_been(("requested",)):
        return True
    return told.points() or clause.has("deploy") or (clause.has("said") and bool(clause.times))


def _requested(told: Told) -> bool:
    if told.clause.has("modal") and not told.clause.has("weapon") and told.has_been(("requested",)):
        return False
    if is_of_an_interview(told.clause, told.stage.anchor):
        return False
    stop = told.stage.anchor.order + WANTED_REACH_WORDS
    is_known = told.is_next and told.has_been(("possible", "planned"))
    if is_known and is_from(told.clause, told.stage.anchor):
        return True
    if len(told.systems) == 1 and is_such_request(told.clause, told.stage.anchor):
        return True
    return any(c.order <= stop for c in told.clause.of("weapon", "it", "for_it"))


def _denied(told: Told) -> bool:
    clause, anchor = told.clause, told.stage.anchor
    if anchor.kind == "not" and is_contrast(told.story.text, clause, anchor):
        return False
    if (clause.has("weapon") and _is_of_event(clause)) or (
        clause.has("absent") and clause.has("there")
    ):
        return True
    if told.is_next and (
        is_such(clause, anchor)
        or is_nothing_such(clause, anchor)
        or is_not_planned(clause, anchor)
        or is_planned_nowhere(clause)
    ):
        return True
    if told.is_next and anchor.kind == "absent" and _heads(clause, anchor):
        return True
    drops_subjects = told.story.voices.vocabulary.scanner is not None
    if drops_subjects and told.is_next and _is_missing(clause, anchor):
        return True
    return clause.has("deny") and clause.has("it") and clause.has("done") and _is_placed(clause)


def _heads(clause: Clause, anchor: Cue) -> bool:
    """Say whether "they" heads a clause of nothing else: "Elles n'existent pas"."""
    if clause.has("block", "site", "request", "person", "said") or anchor.order > HEAD_WORDS:
        return False
    return any(not c.order and c.end <= anchor.start for c in clause.of("it"))


def _is_missing(clause: Clause, anchor: Cue) -> bool:
    """Say whether a verb alone tells that it has not come, where the subject may be left out."""
    if anchor.kind != "absent" or clause.has("block", "site", "deploy", "request"):
        return False
    return not any(c.start == anchor.start for c in clause.of("not"))


def _planned(told: Told) -> bool:
    clause = told.clause
    if told.story.is_withdrawn(told.systems) and not _is_new(clause):
        return False
    if not told.has_been(("completed",)) and not _is_of_ground(clause):
        return told.points() or clause.has("ready") or bool(clause.times)
    if not (clause.times or clause.has("will") or _is_further(clause)):
        return False
    if clause.has("weapon", "partial") or _is_elsewhere(told):
        return True
    if clause.has("deploy", "it") and clause.has("plan") and clause.has("person"):
        return True
    return told.is_next and clause.has("it") and clause.has("will") and clause.has("said")


def _is_elsewhere(told: Told) -> bool:
    """Say whether the next sentence plans for another country: "To X they will go in May"."""
    grounds = {c.value for c in told.clause.of("place")}
    if len(told.systems) != 1 or len(grounds) != 1:
        return False
    if not told.is_next and not told.clause.has("it"):
        return False
    known = {c.place for c in told.story.claims if c.system in told.systems}
    return not grounds <= known and not told.clause.has("person", "body")


def _is_further(clause: Clause) -> bool:
    """Say whether more of it is to come: "Ten such engines should complete the arsenal"."""
    return clause.has("deploy") and clause.has("future") and clause.has("weapon")


def _underway(told: Told) -> bool:
    settled = _SETTLED
    if told.stage.anchor.kind == "begin" and told.clause.has("site"):
        settled -= {"completed"} if told.is_next or told.has_it() else set()
        settled -= {"denied"} if _is_placed(told.clause) else set()
    if len(told.systems) != 1 or (
        told.has_been(settled) and not _is_another(told.clause, told.stage)
    ):
        return False
    return told.points() or told.clause.has("site", "deploy", "partial")


def _completed(told: Told) -> bool:
    clause = told.clause
    if clause.has("there") and clause.has("site") and not clause.has("weapon", "it", "present"):
        return False
    if clause.has("from") and _sets_out(clause):
        return False
    return len(told.systems) == 1 and points_back(told)


def _sets_out(clause: Clause) -> bool:
    """Say whether the only country is where something came from: "From X came two trains"."""
    grounds = clause.of("place", "region")
    origins = {c.end for c in clause.of("from")}
    return bool(grounds) and not any(g.start - 1 not in origins for g in grounds)


def _used(told: Told) -> bool:
    if len(told.systems) != 1 or not told.points():
        return False
    relative = {c.start for c in told.clause.of("that")}
    if told.clause.has("other") and not told.clause.has("it"):
        return False  # "Attacked with drones and missiles": whose name is not told.
    if any(c.start not in relative for c in told.clause.of("it")):
        return True
    target = told.story.lexicons.systems[told.systems[0]].target
    if target is None:
        return told.has_been(("used",)) or told.clause.has("there")
    struck = {c.value for c in told.clause.of("place", "capital")}
    return not struck or target in struck


def _suspended(told: Told) -> bool:
    if len(told.systems) != 1:
        return False
    if told.clause.has("question") and is_asked_about(told.clause, told.stage.anchor):
        return False
    if points_at_what_left(told) or is_withdrawal(told.clause, told.stage.anchor):
        return True
    return told.is_next and (
        opens(told.clause, told.stage) or is_work(told.clause, told.stage.anchor)
    )


_CARRIES: dict[str, Callable[[Told], bool]] = {
    "possible": _possible,
    "requested": _requested,
    "denied": _denied,
    "planned": _planned,
    "underway": _underway,
    "completed": _completed,
    "used": _used,
    "suspended": _suspended,
}


def _is_another(clause: Clause, stage: Stage) -> bool:
    """Say whether a further weapon is what moves: "A second one is on its way"."""
    if stage.anchor.kind != "moving":
        return False
    return any(c.order < stage.anchor.order for c in clause.of("weapon"))


def _is_new(clause: Clause) -> bool:
    """Say whether a deployment is named, not the end of a halt: "It will take four months"."""
    return clause.has("weapon") or (clause.has("deploy") and not clause.has("it"))


def _is_of_event(clause: Clause) -> bool:
    """Say whether it tells of a deployment, or of what is or is not in a country."""
    if clause.has("deploy", "done", "there"):
        return True
    if clause.has("absent", "present") and clause.has(*STANDS):
        return True
    return clause.has("future", "will", "plan") and clause.has(*GROUNDS)


def _is_placed(clause: Clause) -> bool:
    return clause.has("place", "region")


def _is_of_ground(clause: Clause) -> bool:
    """Say whether it is the depot that will be ready, not what comes into it."""
    return clause.has("site") and not clause.has(*POINTERS, "deploy", "begin", "place", "adjective")
