"""What a clause asks for; a pure decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.claims.sentences.stages import Stage
from pipelines.claims.status.leaving import to_leave

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connectors.records import Mention
    from pipelines.claims.sentences.clause import Clause
    from pipelines.claims.words.vocabulary import Cue

ASKED_REACH_CHARS = 60
"""How far "asked" may stand from what is wanted."""

FINAL_CHARS = 8
"""From a verb of asking to the end of its clause: "gebeten hatte"."""

SUBJECT_WORDS = 3
"""Words from who wants to the verb."""

CLITIC_WORDS = 2
"""Words between "asked" and "them"."""

WANTED_CHARS = 35
"""From "wants" to the weapon."""

HEAD_WORDS = 2
"""Words before the request that heads a clause."""

FROM_WORDS = 6
"""Words from a request to whose it is."""

QUESTION_WORDS = 5
"""Words from "asked" to "when" or "whether"."""

NOT_WORDS = 3
"""Words from "that" to "not", the weapon between."""

BACK_WORDS = 3
"""Words from "send" to "back"."""

TELLING_WORDS = 3
"""Words from "according to" to the name."""

CONDITION_WORDS = 4
"""Words from "if" to what demands it."""


_ASKERS = ("capital", "place", "supplier", "person", "body", "title")
"""Kinds of who asks for a weapon."""


def requested(clause: Clause, *, is_anaphoric: bool = False) -> Stage | None:
    """Return "requested" for a request of a weapon, a deployment or a place for it, else None."""
    for asked in clause.of("request"):
        if _is_question(clause, asked) or _is_of_nobody(clause, asked):
            continue
        if clause.systems and (leaving := to_leave(clause, asked)):
            return Stage("completed", leaving)
        if _is_beside(clause, asked) or _is_if_needed(clause, asked) or _is_to_go(clause, asked):
            continue
        if (
            is_anaphoric
            and clause.has("not")
            and (_is_asked_not_to(clause, asked) or _is_unasked(clause, asked))
        ):
            continue
        wanted = [c for c in clause.of("deploy", "attr", "done", "place", "own") if c != asked]
        things: list[Mention | Cue] = [*clause.systems]
        if is_anaphoric:
            things += [*clause.of("weapon", "for_it"), *_clitics(clause, asked)]
        if not clause.has("deploy", "own") and _is_blocked(clause, [*things, *clause.of("it")]):
            continue
        if is_anaphoric and (is_from(clause, asked) or is_such(clause, asked)):
            return Stage("requested", asked)
        if wanted or any(_is_asked_for(asked, thing, clause.end) for thing in things):
            return Stage("requested", asked)
    return _wanted(clause)


def _is_to_go(clause: Clause, asked: Cue) -> bool:
    """Say whether it is to be taken away: "urged Manila to remove the X from the Philippines".

    So is "the launcher", of what was named before: "asked for the launcher to leave".
    """
    leaving = ("withdraw",) if clause.systems else ("withdraw", "leave", "back")
    gone = next((c for c in clause.of(*leaving) if c.start >= asked.end), None)
    if gone is None or any(_is_apart(c, gone) for c in clause.of("deploy")):
        return False
    if clause.systems:
        return any(m.start >= gone.end for m in clause.systems)
    return any(c.start >= asked.end for c in clause.of("weapon", "it"))


def _is_apart(deployed: Cue, gone: Cue) -> bool:
    """Say whether a deployment is no part of the leaving, as in "send it back"."""
    if gone.kind == "back" and 0 < gone.order - deployed.order <= BACK_WORDS:
        return False
    return deployed.end <= gone.start or gone.end <= deployed.start


def _is_of_nobody(clause: Clause, asked: Cue) -> bool:
    """Say whether nobody was asked: "We asked nobody for the X"."""
    return any(0 < c.start - asked.end <= 1 for c in clause.of("not"))


def is_such(clause: Clause, asked: Cue) -> bool:
    """Say whether it is told that "such a request" was made, of what was told of before."""
    if clause.has("modal", "will", "future", "plan", "if", "not", "deny", "suspend", "question"):
        return False
    return any(asked.order - c.order == 1 for c in clause.of("this"))


def _wanted(clause: Clause) -> Stage | None:
    """Return "requested" for a state or person that wants the weapon itself: "Kyiv wants X"."""
    wants = clause.of("want")
    if not wants or clause.has("not", "deny", "deploy", "done", "will", "block", "use", "site"):
        return None
    want, heads = wants[0], clause.of("capital", "place", "person", "he")
    before = [c for c in heads if c.start < want.start and not _tells(clause, c, want)]
    subject = before or [c for c in heads if c.order - want.order == 1]
    grounds = clause.of("place", "region", "own", "that")
    if any(c.start > want.end and c not in subject for c in grounds):
        return None
    if any(0 < m.start - want.end <= WANTED_CHARS for m in clause.systems):
        is_headed = any(want.order - c.order <= SUBJECT_WORDS for c in subject)
    else:
        is_headed = any(_is_wanted_last(clause, want, m, before) for m in clause.systems)
    return Stage("requested", want) if is_headed else None


def _tells(clause: Clause, person: Cue, want: Cue) -> bool:
    """Say whether somebody before the verb only says so: "Nach Angaben von Kos will Polen"."""
    if person.kind != "person":
        return False
    if any(person.end <= c.start and c.end <= want.start for c in clause.of("said")):
        return not any(person.end <= c.start < want.start for c in clause.of("that", "he"))
    return any(0 < person.order - c.order <= TELLING_WORDS for c in clause.of("according"))


def _is_wanted_last(clause: Clause, want: Cue, system: Mention, before: Sequence[Cue]) -> bool:
    """Say whether the verb ends its clause: "dass Warschau die X haben will"."""
    stop = clause.tail or clause.end
    if not 0 < want.start - system.end <= WANTED_CHARS or stop - want.end > FINAL_CHARS:
        return False
    return any(c.end <= system.start for c in before)


def is_from(clause: Clause, asked: Cue) -> bool:
    """Say whether it tells only whose request it is: "The request came from Kos"."""
    if asked.order > HEAD_WORDS or clause.times:
        return False
    if clause.has("modal", "not", "deny", "if", "future", "will", "plan", "deploy", "this"):
        return False
    return any(0 < c.order - asked.order <= FROM_WORDS for c in clause.of("person"))


def is_of_an_interview(clause: Clause, asked: Cue) -> bool:
    """Say whether nobody named asks when somebody is asked: "When asked about the weapons"."""
    if not any(not c.order for c in clause.of("question")):
        return False
    return not any(c.start < asked.start for c in clause.of(*_ASKERS))


def weighed(clause: Clause) -> Cue | None:
    """Return the modal of a request that heads its clause: "The request is being considered"."""
    if clause.systems or clause.has("not", "deny", "if", "use", "suspend", "done", "deploy"):
        return None
    heads = [c for c in clause.of("request") if c.order <= HEAD_WORDS]
    modals = clause.of("modal")
    return next((m for m in modals if any(0 < m.order - c.order <= 4 for c in heads)), None)


def _is_blocked(clause: Clause, things: Sequence[Mention | Cue]) -> bool:
    """Say whether a drill or shot is asked for: not "asked for X so as to hit Y"."""
    blocks = clause.of("block")
    return bool(blocks) and not any(blocks[0].start - t.end > 3 for t in things)


def _clitics(clause: Clause, asked: Cue) -> list[Cue]:
    """Return the "them" beside a request that is not also the "he" who asks: "li ha chiesti"."""
    asking = {c.start for c in clause.of("he")}
    beside = (c for c in clause.of("it") if 0 <= asked.order - c.order <= CLITIC_WORDS)
    return [c for c in beside if c.start not in asking]


def _is_question(clause: Clause, asked: Cue) -> bool:
    """Say whether it is asked when or whether: not "a request for X when they met".

    "Why" with a subjunctive is "so that": Italian "ha chiesto perché fosse schierato".
    """
    questions = [c for c in clause.of("question") if 0 < c.order - asked.order <= QUESTION_WORDS]
    things: list[Mention | Cue] = [*clause.systems, *clause.of("for_it")]
    named = [thing.start for thing in things if thing.start > asked.end]
    if any(c.start > q.start for q in questions[:1] for c in clause.of("subjunctive")):
        return False
    return bool(questions) and not any(start < questions[0].start for start in named)


def _is_asked_not_to(clause: Clause, asked: Cue) -> bool:
    """Say whether it is asked that something be not: "demanded that the launcher not stay"."""
    thats = [c for c in clause.of("that") if c.start > asked.start]
    return (
        any(0 < c.order - that.order <= NOT_WORDS for that in thats for c in clause.of("not"))
        and not clause.systems
    )


def _is_unasked(clause: Clause, asked: Cue) -> bool:
    """Say whether it is told that nothing was asked for: "We have not asked for them"."""
    if any(c.start > asked.start for c in clause.of("weapon", "deploy")):
        return False
    return any(0 < asked.order - c.order <= NOT_WORDS for c in clause.of("not"))


def _is_if_needed(clause: Clause, asked: Cue) -> bool:
    """Say whether it is a condition: "if the situation demands it"."""
    return any(0 < asked.order - c.order <= CONDITION_WORDS for c in clause.of("if"))


def _is_beside(clause: Clause, asked: Cue) -> bool:
    """Say whether a promise outweighs the request: "what Minsk asked for will arrive"."""
    promised = [c for c in clause.of("will") if c.order - asked.order > 2]
    if not promised:
        return False
    return not any(asked.start < c.start < promised[0].start for c in clause.of("that", "said"))


def _is_asked_for(asked: Cue, system: Mention | Cue, end: int) -> bool:
    """Say whether the system is what is asked for: after the verb, or right before "requested".

    A verb that ends its clause, at ``end``, may stand further off.
    """
    if system.start >= asked.end and not asked.order:
        return True
    if system.start >= asked.end:
        return system.start - asked.end <= ASKED_REACH_CHARS
    reach = ASKED_REACH_CHARS if end - asked.end <= FINAL_CHARS else ASKED_REACH_CHARS // 2
    return asked.start - system.end <= reach
