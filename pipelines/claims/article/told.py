"""A stage told in a clause that does not name the weapon: does it point back to it?; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pipelines.claims.sentences.pointing import ONE
from pipelines.claims.speaker.pronouns import DROPPING
from pipelines.claims.when.whens import is_since

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from pipelines.claims.article.story import Story
    from pipelines.claims.sentences.clause import Clause
    from pipelines.claims.sentences.stages import Stage
    from pipelines.claims.words.vocabulary import Cue

SUBJECT_WORDS = 3
"""Words from the weapons that head a clause to their verb."""

JOINED_WORDS = 4
"""Words from "and" to the verb that goes on with the subject before it."""

OPENING_WORDS = 1
"""Words before a verb whose subject is left out: its auxiliary."""

GROUND_WORDS = 5
"""Words from a verb to the adjective that tells on whose ground."""

_BESIDE = frozenset(("progressive", "already", "earlier", "present", "done", "passive", "hit"))
_OTHERS = ("person", "title", "block", "supplier", "capital", "request", "site")

_HEADS = ("person", "capital", "supplier", "body", "title", "he", "it", "weapon")
"""Kinds of what may be another subject."""

POINTERS = ("it", "weapon", "there")
GROUNDS = ("place", "region", "own")
STANDS = ("place", "region", "adjective", "capital", "own")


class Told(NamedTuple):
    """A stage that a clause without a system's name states, of the systems named before."""

    story: Story
    clause: Clause
    stage: Stage
    systems: tuple[str, ...]
    is_next: bool
    is_near: bool
    is_joined: bool = False
    """Whether the clause before "and" has the weapon as subject: "They came and were taken off"."""

    def points(self) -> bool:
        """Say whether a word points back."""
        return self.is_joined or self.clause.has("weapon", "there") or self.has_it()

    def has_it(self) -> bool:
        """Say whether "it" is there, and is no "that" before a clause: Dutch "vreest dat"."""
        thats = {c.start for c in self.clause.of("that")} if self.clause.has("it") else ()
        return any(not c.order or c.start not in thats for c in self.clause.of("it"))

    def has_been(self, statuses: Collection[str]) -> bool:
        """Say whether one of ``statuses`` was told of one of the systems."""
        return any(c.status in statuses and c.system in self.systems for c in self.story.claims)


def points_at_what_left(told: Told) -> bool:
    """Say whether a word for the weapon is what left, or is near what was halted.

    Not "in the brigade", where somebody else is, nor what "and" adds: "the power was cut for a
    week and *its* commander arrested", nor "that" before a clause.
    """
    if told.is_joined:
        return True
    clause, anchor = told.clause, told.stage.anchor
    ands = [c.start for c in clause.of("and") if c.start > anchor.end]
    units, placed = {c.start for c in clause.of("body")}, {c.order for c in clause.of("loc")}
    thats = {c.start for c in clause.of("that")}
    for cue in clause.of(*POINTERS):
        if cue.kind == "it" and (cue.start in thats or (ands and cue.start > ands[0])):
            continue
        if cue.start in units and cue.order - 1 in placed and cue.start < anchor.start:
            continue
        return True
    return False


def is_joined(clauses: Sequence[Clause], clause: Clause, anchor: int) -> bool:
    """Say whether "and" and a verb go on with the weapon that heads the clause before."""
    first = clause.cues[0]
    if first.kind != "and" or clause.has(*_HEADS):
        return False
    verb = next((c.order for c in clause.cues if c.start == anchor), 0)
    if not 0 < verb - first.order <= JOINED_WORDS:
        return False
    before = next((c for c in clauses if c.end == clause.start), None)
    return before is not None and any(c.order <= 1 for c in before.of("it", "weapon"))


def points_back(told: Told) -> bool:
    """Say whether "it", "there" or "this weapon" stands before the predicate."""
    clause, anchor, is_next = told.clause, told.stage.anchor.start, told.is_next
    pointers = [c for c in clause.of("it", "weapon") if c.kind == "it" or c.value == ONE]
    is_pointed = any(c.start < anchor for c in pointers) or _is_there(clause)
    if is_pointed or (is_next and _opens_with_it(told)):
        return True
    if is_next and (
        (clause.has("own") and clause.has("already"))
        or (_is_at_a_ground(clause, anchor) and not clause.has("person", "body"))
        or (clause.has("already") and clause.has("weapon") and _is_defined(told))
    ):
        return True
    is_placed = clause.has(*GROUNDS) or _has_home(told)
    weapons = [w for w in clause.of("weapon") if is_placed or w.start < anchor]
    if (
        any(w.start < anchor for w in weapons)
        and is_placed
        and any(c.start == anchor for c in clause.of("present", "done", "attr"))
    ):
        return True
    if (
        is_next
        and clause.has("person", "he", "that")
        and any(0 < gap <= SUBJECT_WORDS for gap in _gaps(clause, anchor))
    ):
        return True
    if told.is_near and clause.times and clause.has("since") and _stands_since(clause, anchor):
        return True
    return any(0 < w.order - t.order <= 2 for w in weapons for t in clause.of("this"))


def _is_at_a_ground(clause: Clause, anchor: int) -> bool:
    """Say whether a country is named, not only whose things are told of far behind the verb."""
    verb = next((c.order for c in clause.cues if c.start == anchor), 0)
    return any(c.kind != "adjective" or c.order - verb <= GROUND_WORDS for c in clause.of(*STANDS))


def _is_there(clause: Clause) -> bool:
    """Say whether "there" tells where, and not only that something is: "there are"."""
    states = [(c.start, c.end) for c in clause.of("present")]
    return any(
        not any(start == c.start and end > c.end for start, end in states)
        for c in clause.of("there")
    )


def _opens_with_it(told: Told) -> bool:
    clause, anchor = told.clause, told.stage.anchor
    language = told.story.voices.vocabulary.language
    return bool(clause.times) and anchor.kind == "done" and is_dropped(language, clause, anchor)


def is_dropped(language: str, clause: Clause, verb: Cue) -> bool:
    """Say whether a verb opens its sentence, "it" left out: "Había llegado en mayo"."""
    if language not in DROPPING or verb.order > OPENING_WORDS or clause.has(*_OTHERS):
        return False
    return all(c.kind in _BESIDE for c in clause.cues if c.start < verb.start)


def _stands_since(clause: Clause, anchor: int) -> bool:
    """Say whether it tells since when the weapon has been there: "The launcher, since June".

    The verb may stand first: "Seit Juni befindet sich der Werfer dort".
    """
    since = any(is_since(time, clause.cues) for time in clause.times)
    return since and any(0 < abs(gap) <= SUBJECT_WORDS for gap in _gaps(clause, anchor))


def _has_home(told: Told) -> bool:
    """Say whether the system is defined by a country: "the first planes were refitted in 2022"."""
    return bool(told.clause.times) and _is_defined(told)


def _is_defined(told: Told) -> bool:
    known = told.story.lexicons.systems
    return all(known[name].place for name in told.systems)


def _gaps(clause: Clause, anchor: int) -> list[int]:
    """Return how many words before the verb at ``anchor`` each weapon stands."""
    verbs = [c.order for c in clause.cues if c.start == anchor][:1]
    return [v - w.order for v in verbs for w in clause.of("weapon")]
