"""Which stage a clause states, from the order of its cues; a pure decision."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pipelines.claims.sentences.clause import OPERATORS, PREDICATES
from pipelines.claims.sentences.conditions import (
    is_condition,
    is_doubted,
    is_fulfilled,
    is_supposed,
    is_unknown,
)
from pipelines.claims.sentences.governing import governor, governs, has_it, is_wished
from pipelines.claims.sentences.granted import deployed_at_last, noun_granted
from pipelines.claims.sentences.silence import is_silent
from pipelines.claims.sentences.stages import (
    EVENTS,
    Stage,
    no_stage,
)
from pipelines.claims.status.denials import denied, empty_handed
from pipelines.claims.status.halting import suspended
from pipelines.claims.status.leaving import gone, taken_home
from pipelines.claims.status.requesting import requested, weighed
from pipelines.claims.status.standing import (
    completed,
    counted,
    had,
    is_past,
    presupposed,
    stands_there,
)
from pipelines.claims.status.striking import used
from pipelines.claims.status.underway import (
    begun_for,
    going_on,
    is_being_built,
    is_of_what_began,
    is_site_first,
    underway,
)
from pipelines.claims.status.until import not_until
from pipelines.claims.status.unused import without_unused
from pipelines.claims.status.withdrawing import still_there

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from pipelines.claims.sentences.clause import Clause
    from pipelines.claims.words.vocabulary import Cue

WEAPON_WORDS = 4
"""Words from the weapon to what it may do by a time."""

ASIDE_WORDS = 4
"""Words from "where" to the doubt that bears on something else."""

_OTHERS = (
    "partial", "already", "since", "until", "without", "after", "presence", "arrival", "finished",
)  # fmt: skip
STATING = frozenset((*PREDICATES, *OPERATORS, *_OTHERS))
"""Kinds of which one must be there for a clause to state anything."""

_NAMED = ("place", "region", "own", "there")


def stage_of(
    clause: Clause, *, is_anaphoric: bool = False, is_placed: bool = False
) -> Stage | None:
    """Return the stage that ``clause`` states, or None; doubt is None.

    Args:
        clause: A clause of a sentence about one or several systems.
        is_anaphoric: The system is named before; then a bare "possible" is enough.
        is_placed: Another clause of its sentence names the one country that it can be about.
    """
    there = clause.kinds()
    if "use" in there and ("not" in there or "absent" in there):
        clause = without_unused(clause)
        there = clause.kinds()
    if "how_many" in there and (known := counted(clause)):
        return known
    if _is_open(clause, there):
        return None
    for kinds, decide in _DECISIONS[is_anaphoric]:
        if not there.isdisjoint(kinds) and (found := decide(clause)) is not None:
            return None if found.status == "none" else found
    if is_anaphoric and clause.times and (expected := _expected(clause)):
        return expected
    return completed(clause, is_placed=is_placed)


def _expected(clause: Clause) -> Stage | None:
    """Return what a clause without a name tells of by a time, no verb known: it may, or will."""
    if bare := clause.of("modal"):
        before = bare[0].order
        named = any(c.order < before for c in clause.of("it")) or _is_of_weapon(clause, bare[0])
        if bare[0] is clause.cues[0]:
            named = any(0 < c.order - before <= 2 for c in clause.of("it"))
        unnamed = any(0 < before - c.order <= 3 for c in clause.of("that"))
        if named or (unnamed and not clause.has("weapon", "use")):
            return Stage("possible", bare[0])
    return _awaited(clause)


def _is_open(clause: Clause, there: Collection[str]) -> bool:
    """Say whether nothing is told: a comment is refused, it is doubted, or nobody knows."""
    if "comment" in there and is_silent(clause):
        return True
    if "if" not in there:
        return False
    if ("that" in there or "question" in there) and is_doubted(clause):
        return True
    return is_unknown(clause)


def _awaited(clause: Clause) -> Stage | None:
    """Return "planned" for what heads a clause and is to come: "The second is expected in May"."""
    if clause.has(*EVENTS, "not", "deny", "if", "block", "use", "question", "suspend", "request"):
        return None
    heads = [c for c in clause.of("weapon") if c.order <= 1]
    coming = [
        c
        for c in clause.of("future", "plan")
        if any(0 < c.order - head.order <= WEAPON_WORDS for head in heads)
    ]
    return Stage("planned", coming[0]) if coming else None


def _is_of_weapon(clause: Clause, modal: Cue) -> bool:
    """Say whether a weapon is the subject of what may be: "A second battery might in March"."""
    if clause.has("use", "block", "able", "not", "if"):
        return False
    return any(0 < modal.order - c.order <= WEAPON_WORDS for c in clause.of("weapon", "partial"))


def _possible(clause: Clause, *, is_anaphoric: bool) -> Stage | None:
    ruled = governor(clause, "modal") or _fused(clause, is_anaphoric=is_anaphoric)
    ruled = ruled or _bare(clause, "modal")
    if ruled is None and is_anaphoric and clause.has("request"):
        ruled = weighed(clause)
    if ruled is None:
        return None
    if _is_afterthought(clause, ruled) or _is_settled_before(clause, ruled):
        return None
    if any(0 < c.order - ruled.order <= WEAPON_WORDS for c in clause.of("use")):
        return no_stage(ruled)
    settled = {c.order for c in clause.of("plan")}
    doubted = any(
        0 < c.order - ruled.order <= 2 and settled.isdisjoint(range(c.order + 1, c.order + 4))
        for c in clause.of("not")
        if not ruled.start < clause.tail <= c.start
    )
    if doubted or any(c.start < ruled.start for c in clause.of("if")):
        return no_stage(ruled)
    return Stage("possible", ruled)


def _fused(clause: Clause, *, is_anaphoric: bool) -> Cue | None:
    """Return the modal that begins the deployment: Turkish "gönderebileceğini", "could place"."""
    is_of_it = bool(clause.systems) or (is_anaphoric and clause.has("weapon", "it"))
    if not is_of_it or not clause.has(*_NAMED):
        return None
    deployed = {c.start for c in clause.of("deploy")}
    return next((c for c in clause.of("modal") if c.start in deployed), None)


def _is_afterthought(clause: Clause, modal: Cue) -> bool:
    """Say whether a time is told before what may be: "will be done by May, perhaps sooner"."""
    coming = [c.start for c in clause.of("future", "will") if c.start < modal.start]
    if not coming or any(c.start > modal.start for c in clause.of(*EVENTS)):
        return False
    return any(coming[0] < t.start < modal.start for t in clause.times)


def _is_settled_before(clause: Clause, modal: Cue) -> bool:
    """Say whether it is planned before the doubt: "X will be sent to Y, where talks go on"."""
    operators = [c for c in clause.of("future", "plan") if c.start < modal.start]
    events = [c for c in clause.of("deploy") if c.start < modal.start]
    if not events or any(c.start > modal.start for c in clause.of(*EVENTS)):
        return False
    if not any(
        c.kind == "question" and 0 < modal.order - c.order <= ASIDE_WORDS for c in clause.cues
    ):
        return False
    return any(0 < e.order - o.order <= 2 for o in operators for e in events)


def _planned(clause: Clause) -> Stage | None:
    if is_being_built(clause):
        works = clause.of("begin")
        return Stage("underway", works[0]) if works and is_site_first(clause) else None
    begun = {c.order + 1 for c in clause.of("begin")}
    if will := [c for c in clause.of("will") if c.order not in begun]:
        if any(0 < c.order - will[0].order <= 2 for c in clause.of("not")):
            return Stage("denied", will[0])
        return no_stage(will[0]) if is_condition(clause, will[0]) else Stage("planned", will[0])
    states = clause.of("present", "done")
    for operator in clause.of("future", "plan"):
        for event in _to_come(clause):
            if not _rules(clause, operator, event):
                continue
            settled = [c for c in states if not event.start < c.start < event.end]
            if _is_settled(settled, operator, event) or is_fulfilled(clause, operator, event):
                continue
            if operator.kind == "plan" and is_of_what_began(clause, operator, event):
                continue
            return no_stage(event) if is_supposed(clause, event) else Stage("planned", event)
    bare = _bare(clause, "future") or _ready_to(clause)
    return Stage("planned", bare) if bare else None


def _rules(clause: Clause, operator: Cue, event: Cue) -> bool:
    """Say whether a future or plan is that of the event, and no verb of speech behind it."""
    if event.start == operator.start or not governs(clause, operator, event):
        return False
    if _is_idle(clause, operator, event):
        return False
    return not event.start < operator.start in {c.start for c in clause.of("said")}


def _is_idle(clause: Clause, operator: Cue, event: Cue) -> bool:
    """Say whether a plan does not rule what is told, or "is to" is "has" before a state."""
    if operator.kind == "plan":
        return _is_told(clause, event)
    return has_it(clause, operator, event)


def _is_told(clause: Clause, event: Cue) -> bool:
    """Say whether a plan does not rule the event: a state, or a deed in no subjunctive."""
    if event.kind not in {"done", "present", "attr"}:
        return False
    return not (clause.systems and event.kind == "done" and is_wished(clause, event))


def _ready_to(clause: Clause) -> Cue | None:
    """Return the deployment that somebody is ready for: Russian "готова разместить"."""
    ready = {c.order + 1 for c in clause.of("ready")}
    return next((c for c in clause.of("deploy") if c.order in ready), None) if ready else None


def _to_come(clause: Clause) -> list[Cue]:
    """Return what may be planned: not a deployment after which something else is."""
    events = clause.of("deploy", "done", "present", "ready", "attr", "moving")
    return [e for e in events if not is_past(clause, e)] if clause.has("arrival") else events


def _is_settled(settled: Sequence[Cue], operator: Cue, event: Cue) -> bool:
    """Say whether a state told before is no part of the plan: not "ready is it to be by May"."""
    if not settled or settled[0].start >= operator.start or event.kind == "done":
        return False
    return event is not settled[0] or event.order > 0


def _bare(clause: Clause, kind: str) -> Cue | None:
    """Return a modal or future beside a system and a named place whose verb no table knows."""
    if not clause.systems or clause.has(*EVENTS, "site", "begin", "not", "deny", "block", "able"):
        return None
    if clause.has("use", "suspend", "if", "question", "neutral", "without"):
        return None
    if not clause.has(*_NAMED):
        return None
    return next(iter(clause.of(kind)), None)


_Decisions = tuple[tuple[frozenset[str], "Callable[[Clause], Stage | None]"], ...]


def _decisions(*, is_anaphoric: bool) -> _Decisions:
    return (
        (frozenset(("after",)), presupposed),
        (frozenset(("presence", "arrival")), noun_granted),
        (frozenset(("finished",)), deployed_at_last),
        (frozenset(("use",)), used),
        (frozenset(("withdraw",)), still_there),
        (frozenset(("leave", "back", "thence")), gone),
        (frozenset(("from",)), taken_home),
        (frozenset(("without",)), empty_handed),
        (frozenset(("suspend",)), suspended),
        (frozenset(("until",)), not_until),
        (frozenset(("deny", "absent", "not")), denied),
        (frozenset(("request", "want")), partial(requested, is_anaphoric=is_anaphoric)),
        (frozenset(("passive",)), going_on),
        (frozenset(("modal",)), partial(_possible, is_anaphoric=is_anaphoric)),
        (frozenset(("already",)), had),
        (frozenset(("begin",)), begun_for),
        (frozenset(("attr",)), stands_there),
        (frozenset(("will", "future", "plan", "ready")), _planned),
        (frozenset(("partial", "first", "moving", "begin")), underway),
    )


_DECISIONS = {is_named: _decisions(is_anaphoric=is_named) for is_named in (False, True)}
"""What is asked in order, each only where a word stands without which it decides nothing."""
