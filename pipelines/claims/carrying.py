"""Which systems a clause is about: those it names, or those that it points back to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.claims.spans import REACH_CHARS
from pipelines.claims.status import Stage

if TYPE_CHECKING:
    from pipelines.claims.sentence import Clause, Sentence
    from pipelines.claims.story import Story

_POINTERS = ("it", "weapon", "there")
_SETTLED = frozenset(("completed", "denied", "suspended"))


def systems_of(
    story: Story,
    sentence: Sentence,
    clause: Clause,
    named: tuple[str, ...],
    following: Sentence | None,
) -> tuple[tuple[str, ...], bool]:
    """Return the systems that ``clause`` is about and whether they are named before it."""
    recent = bool(story.systems) and sentence.index - story.named_at <= story.reach
    if recent and any(all(m.end <= c.start for m in clause.systems) for c in clause.of("again")):
        return story.systems, True
    own = tuple(dict.fromkeys(m.subject for m in clause.systems))
    if own:
        return own, False
    if named:
        return _neighbours(sentence, clause), False
    if recent:
        return story.systems, True
    if following is not None and following.systems and sentence.of("weapon"):
        return tuple(dict.fromkeys(m.subject for m in following.systems)), True
    return (), False


def _neighbours(sentence: Sentence, clause: Clause) -> tuple[str, ...]:
    """Return the systems of the clause before that names any, else of the one after."""
    before = [c for c in sentence.clauses if c.systems and c.end <= clause.start]
    after = [c for c in sentence.clauses if c.systems and c.start >= clause.end]
    nearest = before[-1] if before else (after[0] if after else None)
    if nearest is None or abs(nearest.start - clause.start) > REACH_CHARS:
        return ()
    return tuple(dict.fromkeys(m.subject for m in nearest.systems))


def may_carry(story: Story, clause: Clause, stage: Stage, systems: tuple[str, ...]) -> bool:
    """Say whether a clause without a system's name still speaks of the one named before."""
    anchor = stage.anchor.start
    if any(c.start < anchor for c in clause.of("block")):
        return False
    standing = {c.system for c in story.claims if c.status == "completed"}
    settled = {c.system for c in story.claims if c.status in _SETTLED}
    points = clause.has(*_POINTERS)
    carries = {
        "possible": points or clause.has("deploy") or (clause.has("said") and bool(clause.times)),
        "requested": clause.has("weapon") and clause.has("deploy", "done"),
        "denied": clause.has("weapon") and clause.has("deploy", "done"),
        "planned": not standing.intersection(systems)
        and (points or clause.has("ready") or bool(clause.times)),
        "underway": len(systems) == 1
        and not settled.intersection(systems)
        and (points or clause.has("site", "deploy")),
        "completed": len(systems) == 1 and _points_back(clause, anchor),
        "used": len(systems) == 1 and points,
        "suspended": len(systems) == 1 and points,
    }
    return carries.get(stage.status, False)


def _points_back(clause: Clause, anchor: int) -> bool:
    """Say whether "it", "there" or "this weapon" stands before the predicate at ``anchor``."""
    if any(c.start < anchor for c in clause.of("it")) or clause.has("there"):
        return True
    weapons = [w for w in clause.of("weapon") if w.start < anchor]
    if (
        weapons
        and clause.has("place", "region")
        and any(c.start == anchor for c in clause.of("present"))
    ):
        return True
    return any(0 < w.order - t.order <= 2 for w in weapons for t in clause.of("this"))


def answer(
    story: Story, sentence: Sentence, clause: Clause, systems: tuple[str, ...]
) -> Stage | None:
    """Return "possible" for the answer to a request: "Next year is feasible, Putin said"."""
    asked = {c.system for c in story.claims if c.status == "requested"}
    can = clause.of("modal")
    if not (can and sentence.times and asked.intersection(systems)):
        return None
    if sentence.index - story.named_at != 1 or not sentence.of("said", "according"):
        return None
    return None if clause.has("block", "use", "not", "deny", "if") else Stage("possible", can[0])
