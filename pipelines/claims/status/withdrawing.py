"""What is withdrawn or only asked to go, and whether an unnamed halt is the weapon's; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.claims.place.origins import OWNERS
from pipelines.claims.place.places import governs_place
from pipelines.claims.sentences.stages import STRUCK, Stage

if TYPE_CHECKING:
    from pipelines.claims.sentences.clause import Clause
    from pipelines.claims.sentences.sentence import Sentence
    from pipelines.claims.words.vocabulary import Cue

WORK_WORDS = 2
"""Words from a halt to the work or delivery that stops."""

WORK_CHARS = 25
"""From such a phrase to it: "a mis en veilleuse dès février leur transfert"."""

_LEADING = frozenset(("and", "future", "will", "already"))
"""Kinds that may stand before a withdrawal that opens its clause: "and will be withdrawn"."""

BASED_CHARS = 12
"""From a weapon to the participle that tells where it is: "X stationed in Y"."""

PLACED_WORDS = 4
"""Words between that participle and its place."""

RELATIVE_WORDS = 7
"""Words from a weapon to the verb that ends its relative clause, the place between."""

REFUSED_WORDS = 2
"""Words from "refused" to "return"."""

ASKED_WORDS = 4
"""Words from a withdrawal to the verb behind it that asks for it."""

ORIGIN_WORDS = 3
"""Words from "from" to the country, with an adjective or "the territory of" between."""

DUTY_CHARS, DUTY_BEHIND_CHARS = 45, 20
"""From "must" to "be withdrawn", and to what stands behind the verb: "çekilmesi gerekiyor"."""

OF_CHARS = 25
"""From the weapon that is to go to the country, where no "from" is known."""

KEPT_WORDS = 3
"""Words from "not" to "intend", and from there to "return"."""


def as_owed(sentence: Sentence, clause: Clause, stage: Stage) -> Stage | None:
    """Return what is told of what only "must go": it stands there; of a halt that is owed nothing.

    "X must leave Belarus", "X should be withdrawn from Y"; with a time it is a plan.
    """
    anchor = stage.anchor
    start = max(clause.start, anchor.start - DUTY_CHARS)
    stop = min(clause.end, anchor.end + DUTY_BEHIND_CHARS)
    if clause.times or not sentence.asides.duty.search(sentence.text, start, stop):
        return stage
    if clause.systems and clause.has("place", "region", "adjective") and _is_going(clause, anchor):
        return Stage("completed", anchor)
    return None


def _is_going(clause: Clause, anchor: Cue) -> bool:
    if anchor.kind != "suspend" or not clause.has("deploy", "plan", "begin", "moving", "site"):
        return True
    return any(c.start < anchor.end and anchor.start < c.end for c in clause.of("withdraw"))


def still_there(clause: Clause) -> Stage | None:
    """Return "completed" for what is asked to go: "demanded the removal of X stationed in Y"."""
    if not clause.has("request", "want") or clause.has("not", "deny", "if"):
        return None
    places = clause.of(*STRUCK)
    gone = {c.start for c in clause.of("withdraw", "suspend", "request")}
    for based in clause.of("attr", "done", "present"):
        if based.start in gone:
            continue
        named = any(
            -1 <= max(based.start - m.end, m.start - based.end) <= BASED_CHARS
            for m in clause.systems
        ) or any(_is_based(c, based, places) for c in clause.of("weapon"))
        if named and any(abs(c.order - based.order) <= PLACED_WORDS for c in places):
            return Stage("completed", based)
    return _is_asked_to_leave(clause)


def _is_asked_to_leave(clause: Clause) -> Stage | None:
    """Return "completed" for what is to go "from" where it stands: "demanded that X leave Y"."""
    if not clause.systems or clause.has("modal", "will", "use", "block"):
        return None
    for asked in clause.of("request"):
        for gone in clause.of("withdraw"):
            is_asked = gone.start > asked.start or 0 < asked.order - gone.order <= ASKED_WORDS
            if not is_asked or any(asked.end <= c.start < gone.start for c in clause.of("plan")):
                continue
            if (
                origin_of(clause, gone)
                or _is_told_of(clause, asked)
                or told_to(clause, asked, gone)
            ):
                return Stage("completed", gone)
    return None


def origin_of(clause: Clause, gone: Cue) -> Cue | None:
    """Return the country "from" which something is to go, or which stands right behind both.

    French "le retrait des X du Japon": the preposition is that of any noun.
    """
    grounds, origins = clause.of("place", "region"), clause.of("from")
    if placed := [p for p in grounds if any(_is_from(c, p) for c in origins)]:
        return placed[0]
    last = max([gone.end, *(m.end for m in clause.systems)])
    first = min([gone.start, *(m.start for m in clause.systems)])
    goals = clause.of("toward")
    behind = [p for p in grounds if last <= p.start <= last + OF_CHARS or first < p.start < last]
    return next((p for p in behind if not any(_is_from(c, p) for c in goals)), None)


def _is_told_of(clause: Clause, asked: Cue) -> bool:
    """Say whether it stands told before: "the X in Manila worry Beijing, which demands that"."""
    told = clause.systems[0].end
    locs = clause.of("loc")
    grounds = (c for c in clause.of("place", "region") if told <= c.start < asked.start)
    return any(any(governs_place(p, c) for p in locs) for c in grounds)


def told_to(clause: Clause, asked: Cue, gone: Cue) -> str | None:
    """Return the state that is asked, where it stands: "urged Manila to withdraw the X"."""
    between = [c for c in clause.of("place", "capital") if asked.end <= c.start < gone.start]
    named = {c.value for c in between}
    return named.pop() if len(named) == 1 and named.isdisjoint(OWNERS) else None


def _is_from(origin: Cue, place: Cue) -> bool:
    return 0 < place.order - origin.order <= ORIGIN_WORDS or origin.end == place.end


def _is_based(weapon: Cue, based: Cue, places: list[Cue]) -> bool:
    """Say whether it is the weapon that is based: "lanceerders die in Japan zijn gestationeerd"."""
    words = based.order - weapon.order
    if abs(words) == 1:
        return True
    between = (weapon.order < c.order < based.order for c in places)
    return 0 < words <= RELATIVE_WORDS and any(between)


def is_work(clause: Clause, halt: Cue) -> bool:
    """Say whether work is halted, or what stood in a country taken away: "took them from X"."""
    work = clause.of("deploy", "begin", "plan")
    if any(
        0 < c.order - halt.order <= WORK_WORDS or 0 < c.start - halt.end <= WORK_CHARS for c in work
    ):
        return True
    return clause.has("place", "own") and any(c.start == halt.start for c in clause.of("withdraw"))


def is_withdrawal(clause: Clause, anchor: Cue) -> bool:
    """Say whether a clause opens with what takes weapons only: "and two months later withdrawn"."""
    before = (c.kind for c in clause.cues if c.start < anchor.start)
    opens = bool(clause.times) and all(kind in _LEADING for kind in before)
    reach = anchor.start if anchor.order else anchor.end - 1  # "Verrà ritirato": nobody before it.
    return opens and any(anchor.start <= c.start <= reach for c in clause.of("withdraw"))


def opens(clause: Clause, stage: Stage) -> bool:
    """Say whether the verb opens its clause, the subject left out: "Were withdrawn in May"."""
    return bool(clause.cues) and stage.anchor.order <= 1 and clause.cues[0] is stage.anchor


def is_asked_about(clause: Clause, verb: Cue) -> bool:
    """Say whether a question word opens it: "how many units they had to withdraw"."""
    thats = {c.start for c in clause.of("that")}
    return any(c.start < verb.start and c.start not in thats for c in clause.of("question"))


def kept(clause: Clause) -> Stage | None:
    """Return "completed" where no giving back is intended: "does not intend to return the X".

    So where it is refused: "refused to return the X".
    """
    if clause.has("request", "if"):
        return None
    given = [c for c in clause.of("back", "withdraw") if clause.systems]
    for negation in clause.of("not", "deny") if given else ():
        back = next((g for g in given if 0 < g.order - negation.order <= REFUSED_WORDS), None)
        if back and negation.kind == "deny" and clause.systems[0].start >= back.end:
            return Stage("completed", back)
        planned = [c for c in clause.of("plan") if 0 <= c.order - negation.order <= KEPT_WORDS]
        for plan in planned:
            if back := next((g for g in given if 0 <= g.order - plan.order <= KEPT_WORDS), None):
                return Stage("completed", back)
    return None
