"""What a clause without a system's name tells of something else than the weapon; pure.

"A deal may be reached in May", "instead of them mock-ups will come", "not the launchers count, but
the crews": nothing of that goes on with the weapon named before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipelines.claims.article.story import Story
    from pipelines.claims.sentences.clause import Clause
    from pipelines.claims.sentences.sentence import Sentence
    from pipelines.claims.sentences.stages import Stage
    from pipelines.claims.words.vocabulary import Cue

AFFAIR_WORDS = 6
"""Words between "the agreement" and what happens to it."""

INSTEAD_WORDS = 2
"""Words from "instead" to "them"."""

CONTRAST_WORDS = 3
"""Words from "not" to the noun that another is set against."""

PERSON_WORDS = 3
"""Words from who comes to the verb."""

_AFTER_STRIKES = frozenset(("planned", "suspended", "denied", "completed"))
"""What a report of strikes only tells with no word for the weapon: "No casualties are there"."""

_ARTICLED = frozenset("en de fr es it pt nl zh".split())  # noqa: SIM905
"""Languages without cases: there a country without a preposition acts."""

_ITS = ("weapon", "it", "for_it", "partial", "deploy", "site")
"""Kinds that tell of the weapon, beside whatever else a clause names."""


def is_of_something_else(
    story: Story, sentence: Sentence, clause: Clause, stage: Stage, systems: tuple[str, ...]
) -> bool:
    """Say whether what comes, is planned, asked for or put off is something or somebody else."""
    if stage.status == "used":
        return False
    if _is_of_an_affair(clause, stage) or _is_of_a_person(clause, stage):
        return True
    if stage.status in _AFTER_STRIKES and not clause.has("weapon", "it", "for_it", "partial"):
        told = {c.status for c in story.claims if c.system in systems}
        if told == {"used"}:
            return True
    if story.voices.vocabulary.language not in _ARTICLED:
        return False
    if ":" in story.text[sentence.start : stage.anchor.start]:
        return False
    return _is_of_an_actor(story, clause, stage, systems)


def _is_of_an_affair(clause: Clause, stage: Stage) -> bool:
    """Say whether something else is what comes or is planned: "A deal may be reached in May"."""
    affairs = clause.of("affair")
    if not affairs or clause.has("weapon", "partial", "deploy", "site"):
        return False
    heads = {c.order for c in affairs}
    if any(c.order + 1 not in heads for c in clause.of("it", "for_it")):
        return False  # Not so "its signing".
    return any(abs(c.order - stage.anchor.order) <= AFFAIR_WORDS for c in affairs)


def _is_of_a_person(clause: Clause, stage: Stage) -> bool:
    """Say whether somebody comes: "The prime minister will come to Warsaw on Monday"."""
    anchor = stage.anchor
    if stage.status != "planned" or anchor.kind != "will":
        return False
    if is_of_a_visitor(clause):
        return True
    if clause.has("weapon", "partial", "it", "for_it", "site", "there"):
        return False
    if any(c.start >= anchor.end or c.end <= anchor.start for c in clause.of("deploy")):
        return False
    people = clause.of("person", "title")
    return any(0 < anchor.order - c.order <= PERSON_WORDS for c in people)


def is_of_a_visitor(clause: Clause) -> bool:
    """Say whether somebody heads it and nothing stands for the weapon: "Kos will visit Warsaw".

    "This country" is no "it", nor the article of a language in which both are one word.
    """
    heads = [c for c in clause.of("title", "person", "head") if c.order <= 1]
    if not heads or clause.systems or clause.has("weapon", "partial", "for_it", "site", "said"):
        return False
    theres = clause.of("there")
    if any(
        c.end > heads[0].start and not any(t.start <= c.start < t.end for t in theres)
        for c in clause.of("it")
    ):
        return False
    comings, grounds = clause.of("will"), {c.start for c in clause.of("place", "region")}
    return all(
        c.end in grounds or any(w.start < c.end and c.start < w.end for w in comings)
        for c in clause.of("deploy")
    )


def _is_of_an_actor(story: Story, clause: Clause, stage: Stage, systems: tuple[str, ...]) -> bool:
    """Say whether another country does a thing of its own: "Latvia has built a fence"."""
    heads = [c for c in clause.of("place") if c.order <= 1 and c.start < stage.anchor.start]
    if not heads or clause.has("it", "for_it", "partial"):
        return False
    if any(heads[0].order - c.order == 1 for c in clause.of("loc", "from")):
        return False
    if any(c.start == heads[0].end for c in clause.of("loc", "own")):
        return False  # Chinese 德国境内: within it.
    if heads[0].value in {c.place for c in story.claims if c.system in systems}:
        return False
    things = {c.start for c in clause.of("body", "launcher")}
    return not any(c.start not in things for c in clause.of("weapon"))


def is_instead(clause: Clause, anchor: int) -> bool:
    """Say whether something else will come: "Instead of them mock-ups will be installed"."""
    return any(
        0 < it.order - c.order <= INSTEAD_WORDS
        for c in clause.of("unlike")
        for it in clause.of("it")
        if it.start < anchor
    )


def is_contrast(text: str, clause: Clause, denial: Cue) -> bool:
    """Say whether it is "not A but B" of two nouns: "Not the launchers count, but the crews"."""
    weapons = [w for w in clause.of("weapon") if 0 < w.order - denial.order <= CONTRAST_WORDS]
    return bool(weapons) and any(
        c.start >= weapons[0].end and text[clause.start : c.start].rstrip().endswith(",")
        for c in clause.of("and")
    )
