"""From a stage that a clause states to its claims: where, when, in whose words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.records import Claim
from pipelines.claims.article.answers import TOLD_AS_FACT, called_false
from pipelines.claims.article.attacks import day_of_attack
from pipelines.claims.article.dating import counted_on
from pipelines.claims.article.placing import countries_of, place_of, struck_at
from pipelines.claims.article.volleys import as_fired, attacked_at, evidence_of
from pipelines.claims.sentences.clause import PREDICATES
from pipelines.claims.speaker.speakers import speaker_of
from pipelines.claims.status.settling import SETTLED_BY_TIME, as_reported, is_told_already, settled
from pipelines.claims.status.struck import is_struck
from pipelines.claims.when.chronicle import happened_then
from pipelines.claims.when.deciding import tied_to
from pipelines.claims.when.whens import best_time, loose_times

if TYPE_CHECKING:
    from pipelines.claims.article.story import Frame, Story
    from pipelines.claims.sentences.sentence import Sentence

_PLACED = frozenset(("done", "presence"))
"""Kinds that tell of nothing where no country is known."""


def add_claims(story: Story, sentence: Sentence, frame: Frame) -> None:
    """Add to ``story`` what ``frame`` claims: one claim a country, none if it tells of nothing."""
    status = frame.stage.status
    speaker = _speaker(story, sentence, frame)
    if _was_struck(story, sentence, frame):
        return
    place = place_of(story, sentence, frame, speaker)
    status = as_fired(story, sentence, frame, place)
    if _is_of_no_place(story, frame, place, status):
        return
    status = as_reported(story, frame, status)
    times = frame.clause.times or loose_times(sentence, frame)
    times = tied_to(story, sentence, frame, times)
    when = best_time(times, frame.stage.anchor, status, sentence.cues, story.published, story.text)
    if is_told_already(story, frame, status, when):
        return
    if status in SETTLED_BY_TIME:
        status, when = settled(story, sentence, frame, status, when)
    when = counted_on(story, sentence, frame, when) if status == "suspended" else when
    if status == "used" and when is None:
        when = (
            struck_at(story, sentence, frame, place)
            or attacked_at(story, sentence, place)
            or day_of_attack(story, sentence, frame, place)
        )
    when = happened_then(sentence, frame, status, when)
    start, end = evidence_of(story.text, sentence)
    if status == "denied" and story.before and called_false(sentence, frame.clause):
        start = story.before.start  # What is false stands in the sentence before.
        story.take_back(frame.system, TOLD_AS_FACT, speaker)
    for country in countries_of(story, frame, place, status):
        claim = Claim(
            system=frame.system,
            place=country,
            status=status,
            when=when,
            speaker=speaker,
            start=start,
            end=end,
            evidence=story.text[start:end],
            negated=status == "denied",
            hypothetical=status == "possible",
        )
        story.keep(
            claim,
            is_anaphoric=frame.is_anaphoric and frame.stage.anchor.kind != "thence",
            is_earlier=bool(when) and frame.clause.has("earlier"),
        )
        if status == "completed" and frame.stage.anchor.kind == "suspend":
            story.supposed.add((frame.system, country, status))
    if status == "used":
        story.struck = (sentence.index, place, when)


def _is_of_no_place(story: Story, frame: Frame, place: str | None, status: str) -> bool:
    """Say whether nothing tells where, or where it only may be fired: "could strike Kyiv"."""
    if place is None:
        return status == "used" or frame.stage.anchor.kind in _PLACED
    return status == "possible" and place == story.lexicons.systems[frame.system].target


def _speaker(story: Story, sentence: Sentence, frame: Frame) -> str | None:
    """Return in whose voice a stage is told: here, before, or in the sentence after."""
    status, anchor = frame.stage.status, frame.stage.anchor.start
    voiced = frame.answer or sentence
    speaker = speaker_of(
        story.text, voiced, anchor=anchor, status=status, carried=story.carried(voiced)
    ) or story.voices.at(voiced, story.carried(voiced))
    speaker = speaker or story.goes_on(sentence, frame)
    if speaker is None:
        speaker = story.named_next(sentence, is_told_back=status == "requested")
    return speaker


def _was_struck(story: Story, sentence: Sentence, frame: Frame) -> bool:
    """Say whether it was the weapon that was hit, and note where."""
    stage = frame.stage
    if stage.status != "used" and (stage.status != "completed" or stage.anchor.kind in PREDICATES):
        return False
    home = story.lexicons.systems[frame.system].home
    was_struck = sentence.index - story.hit_at <= 1
    if is_struck(sentence, frame, home, was_struck=was_struck):
        story.hit_at = sentence.index
        return True
    return False
