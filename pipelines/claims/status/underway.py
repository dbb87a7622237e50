"""What is under way: a first part that came, what is moving, what is begun; pure decisions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.claims.sentences.stages import NEGATION_REACH_WORDS, Stage
from pipelines.claims.when.whens import is_since

if TYPE_CHECKING:
    from connectors.records import Mention
    from pipelines.claims.sentences.clause import Clause
    from pipelines.claims.words.vocabulary import Cue

PARTIAL_REACH_WORDS = 12
"""Words between "the first batch" and what became of it."""

FIRST_REACH_CHARS = 15
"""From "the first" to the weapon."""

SITE_WORDS = 6
"""Words between the work that has begun and its site."""

FUTURE_WORDS = 2
"""Words from a verb to the site that it describes, where verbs stand before nouns."""

SUBJECT_REACH_WORDS = 2
"""Words from "it" to what it does."""

STAY_WORDS = 2
"""Words from "continue" to what goes on as it is: "continue to be stored"."""

_OF_WORK = frozenset(("begin", "loc"))
"""Kinds before the site that is worked on."""

MOVING_REACH_CHARS = 70
BEGIN_REACH_CHARS = 80
"""How far "under way" and "begun" may stand from what is moved or built."""


def underway(clause: Clause) -> Stage | None:
    """Return "underway" for what is on its way, in part there, or begun, else None."""
    for part in (*clause.of("partial"), *_first_ones(clause)):
        if any(0 < c.order - part.order <= NEGATION_REACH_WORDS for c in clause.of("block")):
            continue
        events = clause.of("done", "moving", "begin", "present", "already")
        if _has_stood(clause):
            continue
        if any(abs(e.order - part.order) <= PARTIAL_REACH_WORDS for e in events):
            return Stage("underway", part)
    return _moving(clause) or _begun(clause)


def going_on(clause: Clause) -> Stage | None:
    """Return "underway" for what is being done: "werden seit Montag aufgestellt".

    "Wordt momenteel uitgeladen" is under way as well, and a passive that the table of `moving`
    holds, with no time: "worden overgebracht".
    """
    if clause.has("plan", "modal", "request", "if", "block", "not", "deny"):
        return None
    passive = clause.of("passive")[0]
    moving = next((c for c in clause.of("moving") if c.start == passive.start), None)
    if moving is not None and not clause.times:
        return Stage("underway", moving)
    is_now = clause.has("going") and not clause.has("present")
    if not is_now and not any(is_since(time, clause.cues) for time in clause.times):
        return None
    return next((Stage("underway", c) for c in clause.of("done") if c.start > passive.start), None)


def _has_stood(clause: Clause) -> bool:
    """Say whether it is told since when the part has been there: "the first one since May"."""
    if not clause.has("since") or clause.has("moving", "begin"):
        return False
    return any(is_since(time, clause.cues) for time in clause.times)


def is_being_built(clause: Clause) -> bool:
    """Say whether work goes on at a site for what will come: no time tells when it comes."""
    coming = min((c.start for c in clause.of("will", "future")), default=0)
    if clause.times and not _is_work_dated(clause, coming):
        return False
    if coming and clause.has("begin") and is_site_first(clause):
        return True
    if coming and clause.has("begin", "site") and _is_where_it_comes(clause):
        return True
    begun = [c for c in clause.of("begin", "moving") if c.start < coming]
    return any(abs(s.order - b.order) <= SITE_WORDS for b in begun for s in clause.of("site"))


def _is_work_dated(clause: Clause, coming: int) -> bool:
    """Say whether the time is that of the work: "Work began in May on a base that will hold X"."""
    begun = [c.start for c in clause.of("begin") if c.start < coming]
    return bool(begun) and all(begun[0] < t.start and t.end <= coming for t in clause.times)


def _is_where_it_comes(clause: Clause) -> bool:
    """Say whether the future tells of a site being built: "konuşlandırılacağı alanda inşaat"."""
    sites = [
        s
        for s in clause.of("site")
        if any(0 < s.order - c.order <= FUTURE_WORDS for c in clause.of("will"))
    ]
    return any(0 < b.order - s.order <= SITE_WORDS for b in clause.of("begin") for s in sites)


def begun_for(clause: Clause) -> Stage | None:
    """Return "underway" for work begun for what will come: "Work on a base to host X began"."""
    begun = clause.of("begin")
    if not clause.systems or not clause.times or clause.has("not", "deny", "if"):
        return None
    last, system = begun[-1], clause.systems[-1]
    ground = next((c for c in clause.cues if c.kind not in _OF_WORK), None)
    coming = [c for c in clause.of("will", "future", "plan", "deploy") if c.start < last.start]
    if ground is None or ground.kind != "site" or not coming:
        return None
    is_purpose = ground.end <= coming[0].start and ground.end <= system.start < last.start
    return Stage("underway", last) if is_purpose and coming[-1].end <= last.start else None


def is_of_what_began(clause: Clause, planned: Cue, event: Cue) -> bool:
    """Say whether a participle only describes what began: "has begun the announced deployment"."""
    if event.kind != "deploy" or event.order - planned.order != 1 or clause.times:
        return False
    if not any(c.start != planned.start for c in clause.of("begin")):
        return False
    return not clause.has("not", "deny", "if", "modal", "will", "future")


def is_site_first(clause: Clause) -> bool:
    """Say whether the depot is the subject: "The depot that will hold X is being built"."""
    return any(c is clause.cues[0] for c in clause.of("site"))


def _moving(clause: Clause) -> Stage | None:
    if clause.has("ship") and not clause.has("place", "region", "capital", "own", "there"):
        return None
    for moving in clause.of("moving"):
        things: list[Cue | Mention] = [*clause.of("deploy", "weapon", "site")]
        things += clause.systems
        if any(_gap(moving, thing) <= MOVING_REACH_CHARS for thing in things):
            return Stage("underway", moving)
        if any(0 < moving.order - c.order <= SUBJECT_REACH_WORDS for c in clause.of("it")):
            return Stage("underway", moving)
        if moving is clause.cues[0] and clause.has("place", "region", "own", "there"):
            return Stage("underway", moving)
    return None


def _begun(clause: Clause) -> Stage | None:
    for begun in clause.of("begin"):
        if any(0 < c.order - begun.order <= NEGATION_REACH_WORDS for c in clause.of("block")):
            continue
        if any(0 < c.order - begun.order <= STAY_WORDS for c in clause.of("present")):
            continue
        for event in clause.of("deploy", "site"):
            if event.start != begun.start and _gap(begun, event) <= BEGIN_REACH_CHARS:
                return Stage("underway", begun)
        if not clause.systems and _is_subject(clause, begun):
            return Stage("underway", begun)
    return None


def _is_subject(clause: Clause, begun: Cue) -> bool:
    """Say whether "it" is all that has begun: "It only began in May", nothing after it."""
    if any(c.start > begun.start for c in clause.cues):
        return False
    return any(0 < begun.order - c.order <= SUBJECT_REACH_WORDS for c in clause.of("it"))


def _first_ones(clause: Clause) -> list[Cue]:
    """Return the "first" that stands right before the weapon: "les premiers X sont arrivés"."""
    things = [m.start for m in clause.systems] + [c.start for c in clause.of("weapon")]
    return [
        cue
        for cue in clause.of("first")
        if any(0 < start - cue.end <= FIRST_REACH_CHARS for start in things)
    ]


def _gap(one: Cue, other: Cue | Mention) -> int:
    return max(one.start - other.end, other.start - one.end)
