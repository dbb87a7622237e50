"""Which systems a clause is about: those it names, or those named before or right after it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipelines.claims.article.placing import SUPPLIERS
from pipelines.claims.sentences.conditions import not_supposed
from pipelines.claims.sentences.paragraphs import is_parted
from pipelines.claims.sentences.pointing import ONE
from pipelines.claims.sentences.spans import REACH_CHARS, REACH_SENTENCES, SOLE_REACH_SENTENCES
from pipelines.claims.when.chronicle import is_of_chronicle

if TYPE_CHECKING:
    from pipelines.claims.article.story import Story
    from pipelines.claims.sentences.clause import Clause
    from pipelines.claims.sentences.sentence import Sentence
    from pipelines.claims.sentences.stages import Stage

PART_WORDS = 3
"""Words from "most of" to the soldiers."""

TROOPS_WORDS = 4
"""Words between "stationed" and "soldiers"."""


_FAR = ("weapon", "deploy", "there")
"""Kinds that tell far from its name that a sentence still speaks of the one weapon known."""


_DESIGNATION = r"[A-ZА-ЯЁІ][^\W\d_]{0,3}-?\d{1,3}(?!\d)[^\W\d_]{0,3}\b"
_TYPE = r"(?: [^\W\d_]{1,4})? (?:[Tt][iy]p|[Тт][иы]п)[^\W\d_]{0,2}"
"""“Of the type” in languages with Latin or Cyrillic letters: "vom Typ", "de type", "типа"."""

_NAMED_NEXT = re.compile(rf"(?:{_TYPE})? [«“\"„]?{_DESIGNATION}")
_NAMED_BEFORE = re.compile(rf"\b{_DESIGNATION}[»”\"]?[ -]$")
"""What a weapon that is no subject is called: "S-500 missiles", "Kampfjets vom Typ Su-30"."""

DESIGNATION_CHARS = 12
"""Its length, and the blank behind it."""


def systems_of(
    story: Story,
    sentence: Sentence,
    clause: Clause,
    named: tuple[str, ...],
    following: Sentence | None,
) -> tuple[tuple[str, ...], bool]:
    """Return the systems that ``clause`` is about and whether they are named before it."""
    recent = _is_recent(story, sentence)
    if recent and any(all(m.end <= c.start for m in clause.systems) for c in clause.of("again")):
        return story.systems, True
    own = tuple(dict.fromkeys(m.subject for m in clause.systems))
    if own:
        return own, False
    if named:
        return () if clause.has("rival") else _neighbours(sentence, clause), False
    if is_of_another_sort(story, clause, story.systems):
        return (), False
    return _carried(story, sentence, following, is_recent=recent)


def _is_recent(story: Story, sentence: Sentence) -> bool:
    """Say whether the system named last may still be meant: far on where it alone was named."""
    gap = sentence.index - story.named_at
    if not story.systems or gap > SOLE_REACH_SENTENCES:
        return bool(story.systems) and is_of_chronicle(story, sentence, gap)
    if gap > 0 and is_parted(story, sentence):
        return False
    return gap <= REACH_SENTENCES or (sentence.start < story.alone and _points_back(sentence))


def _points_back(sentence: Sentence) -> bool:
    """Say whether a word is of the weapon: a noun or "it", not "that" nor "both ministers"."""
    if sentence.has(*_FAR) or not sentence.has("it"):
        return sentence.has(*_FAR)
    relative = {c.start for c in sentence.of("that")}
    offices = {c.order for c in sentence.of("title")}
    return any(
        c.start not in relative and offices.isdisjoint((c.order - 1, c.order + 1))
        for c in sentence.of("it")
    )


def _carried(
    story: Story, sentence: Sentence, following: Sentence | None, *, is_recent: bool
) -> tuple[tuple[str, ...], bool]:
    """Return the systems that a sentence without a name goes on with; a rival weapon ends that."""
    if sentence.has("rival") or _is_designated(story.text, sentence):
        return (), False
    if is_of_another_weapon(story, sentence):
        return story.last_nuclear(sentence) or _nuclear_next(story, following), True
    if is_recent:
        return story.systems, True
    if following is not None and _is_named_next(story, sentence, following):
        return tuple(dict.fromkeys(m.subject for m in following.systems)), True
    return (), False


def _is_named_next(story: Story, sentence: Sentence, following: Sentence) -> bool:
    """Say whether "the missiles" are those that the next sentence names, the first of an article.

    Once one was named, or in another paragraph, other missiles are meant.
    """
    if story.systems or not following.systems or not sentence.of("weapon"):
        return False
    return "\n" not in story.text[sentence.start : following.start].lstrip()


def goes_on_with(story: Story, sentence: Sentence) -> str | None:
    """Return the one system named just before that a sentence without a name goes on with."""
    gap = sentence.index - story.named_at
    is_plan = sentence.has("weapon") and sentence.has("plan")
    is_next = gap == 1 or (gap > 0 and is_plan and _is_recent(story, sentence))
    if sentence.systems or not is_next or len(story.systems) != 1:
        return None
    if is_of_another_weapon(story, sentence):
        return None
    if sentence.has("other") and not sentence.has("weapon", "it"):
        return None
    return None if is_of_troops(story, sentence, story.systems) else story.systems[0]


def is_of_another_weapon(story: Story, sentence: Sentence) -> bool:
    """Say whether a sentence without a name is of no system told of before: "Patriot missiles"."""
    if sentence.has("rival") or _is_designated(story.text, sentence):
        return True
    if sentence.has("nuclear") and not story.is_nuclear(story.systems):
        return True
    return is_of_another_sort(story, sentence, story.systems)


def is_of_another_sort(story: Story, clause: Clause, systems: tuple[str, ...]) -> bool:
    """Say whether planes or bombs are told of, and no system that is one: "The first plane came".

    Not where another word stands for the weapon ("The planes and the launchers came"), a plane
    brings it ("The transport by plane is due in May") or somebody spoke "aboard his plane".
    """
    sorts = clause.of("plane", "bomb")
    if sorts and clause.has("said"):
        aboard = {c.start for c in clause.of("other")}
        sorts = [c for c in sorts if c.start not in aboard]
    if not sorts or clause.has("it", "for_it"):
        return False
    if any(c.start < sorts[0].start for c in clause.of("deploy")):
        return False
    known = story.lexicons.systems
    if not {c.kind for c in sorts}.isdisjoint(s for n in systems for s in known[n].sorts):
        return False
    return all(
        w.value == ONE or any(c.start < w.end and w.start < c.end for c in sorts)
        for w in clause.of("weapon")
    )


def _is_designated(text: str, sentence: Sentence) -> bool:
    """Say whether all its weapons have a name of letters and digits that is no subject's."""
    weapons = sentence.of("weapon")
    if not weapons or sentence.has("it"):
        return False
    return all(
        _NAMED_NEXT.match(text, w.end, sentence.end)
        or _NAMED_BEFORE.search(text, max(sentence.start, w.start - DESIGNATION_CHARS), w.start)
        for w in weapons
    )


def is_of_troops(
    story: Story, clause: Clause, systems: tuple[str, ...], order: int | None = None
) -> bool:
    """Say whether soldiers are what comes, or a unit of another state: "a German brigade".

    The word ``order`` tells what happens: soldiers stand near it.
    """
    if not clause.has("weapon", "it") and not _is_part_of_it(clause):
        near = (order is None or abs(c.order - order) <= TROOPS_WORDS for c in clause.of("troops"))
        if any(near):
            return True
    units = clause.of("weapon")
    beside = {u.start - 1 for u in units} | {-u.end - 1 for u in units}
    adjectives = (c for c in clause.of("adjective") if c.end in beside or -c.start in beside)
    others = {c.value for c in adjectives} - SUPPLIERS
    if not others or clause.has("it"):
        return False
    return others.isdisjoint({c.place for c in story.claims if c.system in systems})


def _is_part_of_it(clause: Clause) -> bool:
    """Say whether a part of the weapons is told of, not "most of the infantry"."""
    troops = clause.of("troops")
    return any(
        not any(0 < t.order - c.order <= PART_WORDS for t in troops) for c in clause.of("partial")
    )


def _nuclear_next(story: Story, following: Sentence | None) -> tuple[str, ...]:
    """Return the nuclear systems that the next sentence names: "He thinks of the X"."""
    named = dict.fromkeys(m.subject for m in following.systems) if following else {}
    return tuple(name for name in named if story.is_nuclear((name,)))


def _neighbours(sentence: Sentence, clause: Clause) -> tuple[str, ...]:
    """Return the systems of the clause before that names any, else of the one after."""
    before = [c for c in sentence.clauses if c.systems and c.end <= clause.start]
    after = [c for c in sentence.clauses if c.systems and c.start >= clause.end]
    nearest = before[-1] if before else (after[0] if after else None)
    if nearest is None or abs(nearest.start - clause.start) > REACH_CHARS:
        return ()
    return tuple(dict.fromkeys(m.subject for m in nearest.systems))


def described(clause: Clause, stage: Stage, systems: tuple[str, ...]) -> tuple[str, ...]:
    """Return the systems that the stage is about: "based in X" describes the nearest only."""
    if len(systems) > 1 and clause.has("if", "condition"):
        systems = not_supposed(clause, stage, systems)
    if stage.anchor.kind != "attr" or stage.status != "completed" or not clause.systems:
        return systems
    anchor = stage.anchor.start
    if any(c.start < anchor < c.end for c in clause.of("present")):
        return systems  # "X and Y are stationed": a state, no participle of the nearest.
    gaps = {m: min(abs(m.end - anchor), abs(m.start - anchor)) for m in clause.systems}
    inside = [m for m in clause.systems if m.start <= anchor < m.end]
    return ((inside[0] if inside else min(gaps, key=gaps.__getitem__)).subject,)
