"""Whether a refusal without a name is of the weapon: "no plans to base them in X"; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipelines.claims.sentences.clause import Clause
    from pipelines.claims.words.vocabulary import Cue

SUCH_WORDS = 4
"""Words from a denial to "such a deployment"."""

GROUND_WORDS = 2
"""Words from "it" to the country."""

THEM_WORDS = 1
"""Words from "base" to "them"."""

HEAD_WORDS = 2
"""Words before the deployment that heads a clause."""

REFUSED_WORDS = 4
"""The same where it is refused: "Von einer dauerhaften Stationierung könne keine Rede sein"."""

UNSAID_WORDS = 3
"""From "not", or what is not said, to the refusal: "non è stato smentito"."""


def is_such(clause: Clause, denial: Cue) -> bool:
    """Say whether "this deployment", or "host them", is refused or not planned.

    So is "such a plan", which may stand before its verb: "böyle bir planın olmadığını".
    """
    plans = [p for p in clause.of("plan") if abs(p.order - denial.order) <= SUCH_WORDS]
    if any(0 < p.order - t.order <= 2 for p in plans for t in clause.of("this")):
        return True
    if clause.has("modal") and is_such_a_possibility(clause, denial):
        return True
    last = max(c.order for c in clause.cues if denial.start <= c.start < denial.end)
    wanted = [d for d in clause.of("deploy", "will") if 0 < d.order - last <= SUCH_WORDS]
    if any(0 < d.order - t.order <= 2 for d in wanted for t in clause.of("this")):
        return True
    return _is_ruled_out_there(clause, last) or any(
        (0 <= p.order - d.order <= THEM_WORDS or p.start - d.end == 1)
        and p.start >= d.start
        and d.order - last < SUCH_WORDS
        for d in wanted
        for p in clause.of("it")
    )


def is_nothing_such(clause: Clause, anchor: Cue) -> bool:
    """Say whether nothing of the kind is where: "Nothing of the sort will be stationed in X"."""
    if anchor.order or clause.has("block", "request", "said", "person", "question"):
        return False
    end = max((c.end for c in clause.of("deny") if c.start == anchor.start), default=0)
    is_none = any(c.start == anchor.start and c.end < end for c in clause.of("not"))
    return (
        is_none
        and clause.has("place", "region")
        and clause.has("done", "deploy", "present", "will")
    )


def is_such_a_possibility(clause: Clause, denial: Cue) -> bool:
    """Say whether what may be is refused: "A week before he had ruled out that possibility"."""
    return any(
        0 < may.order - this.order <= THEM_WORDS and 0 < may.order - denial.order <= SUCH_WORDS
        for may in clause.of("modal")
        for this in clause.of("this")
    )


def _is_ruled_out_there(clause: Clause, last: int) -> bool:
    """Say whether "it" in a country is refused: "There is no thought of keeping it in X"."""
    if clause.has("back", "withdraw", "leave", "suspend", "block"):
        return False
    relative = {c.start for c in clause.of("that", "this")}
    grounds = clause.of("place", "adjective", "region", "own")
    return any(
        0 < p.order - last <= SUCH_WORDS
        and any(0 < g.order - p.order <= GROUND_WORDS for g in grounds)
        for p in clause.of("it")
        if p.start not in relative
    )


def is_not_planned(clause: Clause, denial: Cue) -> bool:
    """Say whether a deployment heads the clause and is not planned: "A return is not planned".

    So does "A permanent deployment was ruled out".
    """
    is_refused = denial.kind == "deny"
    if not (is_refused or clause.has("plan")) or clause.has("block", "if", "site"):
        return False
    if any(c.order < denial.order for c in clause.of("request")):
        return False
    if is_refused and any(
        0 < denial.order - c.order <= UNSAID_WORDS and c.end <= denial.start
        for c in clause.of("not", "said", "he")
    ):
        return False
    reach = REFUSED_WORDS if is_refused else HEAD_WORDS
    heads = [c for c in clause.of("deploy") if c.order <= reach]
    return any(denial.order - c.order > 0 for c in heads)


def is_planned_nowhere(clause: Clause) -> bool:
    """Say whether nothing is planned for a country: "In Pskov none are planned"."""
    if not clause.has("plan") or not clause.has("place", "region"):
        return False
    return not clause.has("person", "body", "block", "site", "request", "said", "if")
