"""Which of the stages that the clauses of one sentence state are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.claims.sentences.clause import PREDICATES
from pipelines.claims.sentences.pieces import goes_on_with_it

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.claims.article.story import Frame

_PRIORITY = (
    "used",
    "suspended",
    "denied",
    "requested",
    "possible",
    "planned",
    "underway",
    "completed",
)
"""Which stage of a sentence wins: a fact in passing is weaker than what is announced."""


_OVERRIDING = frozenset(("suspended", "denied"))

_EXCHANGED = frozenset(("requested", "denied", "possible"))
"""What several people say in turn of one weapon: one asks, another refuses, a third wavers."""


_MOVES = frozenset(("completed", "underway", "suspended"))
"""What happens to people and trains after a strike as well."""

_OF_WEAPON = ("weapon", "it", "there", "partial", "place", "region", "own")
"""Kinds of which one tells that a clause beside a strike is of a weapon."""

_REFUTED = frozenset(("completed", "underway", "planned"))
"""What one tells and another denies."""

ASIDE_WORDS = 2
"""Words before a bare participle: "and then withdrawn"."""

TARGETS = ("place", "region", "capital", "adjective")
"""Kinds of cues that name a country."""


def strongest(frames: Sequence[Frame]) -> list[Frame]:
    """Keep one stage a system and sentence, unless each clause names the system itself.

    A clause that names the system outweighs one that does not, but for a later denial or halt.
    """
    if len(frames) < 2:
        return list(frames)
    frames = [frame for frame in frames if not _is_aside(frame, frames)]
    frames = [frame for frame in frames if not _is_what_left(frame, frames)]
    kept = [frame for frame in frames if frame.stage.status == "used"]
    for frame in frames:
        rivals = [f for f in frames if f.system == frame.system and f.stage.status != "used"]
        rivals = [f for f in rivals if not _is_elsewhere(f, frame)]
        rivals = [f for f in rivals if f.clause.is_inset == frame.clause.is_inset]
        if frame.stage.status == "used":
            continue
        if kept and (_is_of_what_was_hit(frame, kept) or _is_of_the_struck(frame, kept)):
            continue
        if any(f.is_named for f in rivals):
            rivals = [f for f in rivals if f.is_named or _is_further(f)]
        best = min(rivals, key=_rank)
        pair = frame.stage.status, best.stage.status
        is_beside = _is_fulfilled(frame, best) or _is_work(frame, best)
        if frame not in rivals and pair[0] != pair[1] and not is_beside:
            continue
        both = frame.is_named and best.is_named and frame.clause is not best.clause
        if frame.stage.status == best.stage.status or both or _stands_beside(frame, best):
            kept.append(frame)
    return kept


def _is_aside(frame: Frame, frames: Sequence[Frame]) -> bool:
    """Say whether a bare participle tells of what was before, or will be after, what is told.

    "Withdrawn in 2008, X is back in Y", "X will be sent to Y and then withdrawn".
    """
    clause = frame.clause
    if frame.stage.status != "suspended" or frame.is_named or clause.has("place", "will", "future"):
        return False
    first = frame.stage.anchor.order - clause.cues[0].order
    is_joined = clause.cues[0].kind == "and" and not clause.times
    return first <= ASIDE_WORDS and any(
        f.system == frame.system
        and f.is_named
        and (
            (f.stage.status == "completed" and clause.end <= f.clause.start)
            or (f.stage.status == "planned" and f.clause.end <= clause.start and is_joined)
        )
        for f in frames
    )


def _is_what_left(frame: Frame, frames: Sequence[Frame]) -> bool:
    """Say whether it only tells where stood what left: ``存放在比歇尔的B61已运回``.

    That is cut in two clauses right behind the weapon.
    """
    clause = frame.clause
    if frame.stage.status != "completed" or clause.times or not clause.systems:
        return False
    shared = clause.systems[-1].start
    return any(
        f.stage.status == "suspended"
        and f.clause.start == clause.end
        and any(m.start == shared for m in f.clause.systems)
        for f in frames
    )


def _is_of_what_was_hit(frame: Frame, struck: Sequence[Frame]) -> bool:
    """Say whether a participle describes the target: "the depot, located near Y, was hit"."""
    if frame.stage.status != "completed" or frame.is_named or frame.stage.anchor.kind != "attr":
        return False
    return any(f.stage.status == "used" and f.system == frame.system for f in struck)


def _is_of_the_struck(frame: Frame, struck: Sequence[Frame]) -> bool:
    """Say whether others came or left beside a strike: "X hit Kharkiv and patients were moved"."""
    if frame.is_named or frame.stage.status not in _MOVES or frame.clause.has(*_OF_WEAPON):
        return False
    return any(
        f.stage.status == "used"
        and f.system == frame.system
        and f.clause.start < frame.clause.start
        for f in struck
    )


def _is_further(frame: Frame) -> bool:
    """Say whether it counts without the name: a denial, a halt, "and it will be over by May"."""
    if frame.stage.status in _OVERRIDING:
        return frame.clause.cues[0].kind != "question"
    is_ahead = frame.stage.status == "planned" and bool(frame.clause.times)
    return is_ahead and frame.clause.has("it", "weapon", "there", "partial")


def _begin_of_clause(frame: Frame) -> int:
    return frame.clause.start


def _is_elsewhere(one: Frame, other: Frame) -> bool:
    """Say whether two clauses name countries, and none in common: they do not compete."""
    places = {cue.value for cue in one.clause.of("place", "region")}
    others = {cue.value for cue in other.clause.of("place", "region")}
    first = min(one, other, key=_begin_of_clause)
    return bool(places and others) and places.isdisjoint(others) and first.is_named


def _stands_beside(frame: Frame, best: Frame) -> bool:
    """Say whether a weaker stage stays: "asked but was refused", "goes on and ends in May"."""
    pair = frame.stage.status, best.stage.status
    unnamed = frame.stage.status == "underway" or pair == ("planned", "denied")
    if _is_fulfilled(frame, best) or _came_and_left(frame, best) or _is_by_another(frame, best):
        return True
    if _is_refuted(frame, best):
        return True
    if frame.clause is best.clause or not (frame.is_named or unnamed):
        return False
    if pair[0] in {"underway", "completed"} and pair[1] == "planned":
        is_placed = pair[0] == "underway" or frame.clause.has(*TARGETS, "own")
        return is_placed and bool(best.clause.times)
    if pair == ("planned", "denied"):
        return bool(frame.clause.times) and frame.clause.start > best.clause.start
    return pair == ("requested", "denied")


def _is_refuted(frame: Frame, denial: Frame) -> bool:
    """Say whether somebody else only denies what was told: "…, but the Kremlin denied it"."""
    clause = denial.clause
    if denial.stage.anchor.kind != "deny" or clause.cues[0].kind != "and":
        return False
    if clause.systems or clause.has_any(PREDICATES) or not clause.has("said"):
        return False
    return frame.is_named and frame.stage.status in _REFUTED and frame.clause.end <= clause.start


def _is_by_another(frame: Frame, best: Frame) -> bool:
    """Say whether each clause has its own voice: "Kos asked in May, in June Lee said no"."""
    if frame.clause is best.clause or frame.is_named or best.is_named:
        return False
    if not {frame.stage.status, best.stage.status} <= _EXCHANGED:
        return False
    one = {c.value for c in frame.clause.of("person")}
    other = {c.value for c in best.clause.of("person")}
    return bool(one and other) and one.isdisjoint(other)


def _is_fulfilled(frame: Frame, asked: Frame) -> bool:
    """Say whether what was asked for came: "the X that Minsk requested in June, arrived in May".

    Or will come: "We asked for it and we will get it".
    """
    if asked.stage.status != "requested" or frame.clause.start <= asked.clause.start:
        return False
    if frame.stage.status in {"completed", "planned"} and goes_on_with_it(frame.clause):
        return True
    return (
        frame.stage.status == "completed"
        and frame.stage.anchor.kind == "done"
        and bool(frame.clause.times)
    )


def _is_work(frame: Frame, best: Frame) -> bool:
    """Say whether it is the work at a site for what the other clause tells will come."""
    is_built = frame.stage.status == "underway" and frame.clause.has("site")
    return is_built and best.stage.status == "planned" and frame.stage.anchor.kind == "begin"


def _came_and_left(frame: Frame, gone: Frame) -> bool:
    """Say whether it is told when it came: "X was deployed in May and withdrawn (in June)"."""
    if frame.stage.status != "completed" or gone.stage.status != "suspended":
        return False
    is_dated = bool(frame.clause.times) and frame.clause is not gone.clause
    is_dated = is_dated and (bool(gone.clause.times) or frame.stage.anchor.kind == "done")
    is_before = frame.clause.start < gone.clause.start
    return is_dated and is_before and frame.stage.anchor.kind in {"done", "present", "attr"}


def _rank(frame: Frame) -> int:
    return _PRIORITY.index(frame.stage.status)
