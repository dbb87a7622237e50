"""The ground that "there" and "the base" mean: the last one that the paragraph names.

"Kaliningrad was spoken of briefly. Most soldiers have left. The X has been there since 2018": the
sentence between names no ground, so "there" still is Kaliningrad.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.claims.place.places import governs_place, is_of_somebody

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.claims.article.story import Frame, Story
    from pipelines.claims.sentences.sentence import Sentence
    from pipelines.claims.words.vocabulary import Cue

THING_WORDS = 5
"""Words from a verb to the adjective that tells on whose ground, not whose things."""

BACK_SENTENCES = 3
"""How far back in its paragraph the ground may be named."""

_GROUNDS = ("place", "region", "capital", "adjective", "own")

_OF_GROUND = frozenset(("place", "region", "adjective"))


def grounds_of(sentence: Sentence) -> set[str]:
    """Return the countries whose ground the sentence names, not those of who acts or speaks."""
    if sentence.kinds().isdisjoint(_OF_GROUND):
        return set()
    cues = sentence.cues
    if not sentence.has("place", "region"):
        return {c.value for c in sentence.of("adjective") if _is_within(cues, c)}
    return {
        c.value
        for position, c in enumerate(cues)
        if c.kind in {"place", "region"} and not is_of_somebody(cues, position)
    }


def _is_within(cues: Sequence[Cue], adjective: Cue) -> bool:
    """Say whether a preposition of place stands right before: "in Belarusian forests"."""
    return any(c.kind == "loc" and adjective.order - c.order == 1 for c in cues)


def ground_of(story: Story, sentence: Sentence) -> str | None:
    """Return the country of "there": the one that the sentence before names.

    Where that one names none, the sentence before it in the same paragraph counts, and so on.
    """
    reach = BACK_SENTENCES if sentence.has("there", "thence", "site") else 1
    if story.ground[0] != (sentence.index, reach):
        story.ground = (sentence.index, reach), _ground_before(story, sentence, reach)
    return story.ground[1]


def is_near_ground(frame: Frame) -> bool:
    """Say whether a ground is told, not only whose things burned: "hit a depot with Czech buses".

    The adjective of such things stands far behind the verb.
    """
    anchor = frame.stage.anchor.order
    return any(
        c.kind != "adjective" or c.order - anchor <= THING_WORDS for c in frame.clause.of(*_GROUNDS)
    )


def _ground_before(story: Story, sentence: Sentence, reach: int) -> str | None:
    for gap in range(1, reach + 1):
        before = story.at(sentence.index - gap)
        if before is None or (gap > 1 and "\n" in story.text[before.start : sentence.start]):
            return None
        if named := grounds_of(before):
            return named.pop() if len(named) == 1 else None
        if _is_elsewhere(before):
            return None
    return None


def _is_elsewhere(sentence: Sentence) -> bool:
    """Say whether a sentence tells of what is in a capital: "In Warsaw people are afraid"."""
    places = sentence.of("loc")
    return any(governs_place(c, capital) for capital in sentence.of("capital") for c in places)


def is_work_for_it(frame: Frame) -> bool:
    """Say whether a site "for the missile" is built: where that stands or is to stand."""
    clause = frame.clause
    if frame.stage.status != "underway" or not (clause.has("site") and clause.has("weapon")):
        return False
    return not clause.has("there", "thence", "he", "land")
