"""Strikes with several weapons: what the next sentence only lists was used there too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.records import Claim
from pipelines.claims.place.places import best_place
from pipelines.claims.sentences.clause import OPERATORS
from pipelines.claims.status.rivals import TARGETS
from pipelines.claims.status.status import STATING, stage_of
from pipelines.claims.when.nights import is_before_its_day
from pipelines.claims.when.whens import best_time, is_since
from pipelines.times import granularity

if TYPE_CHECKING:
    from pipelines.claims.article.story import Frame, Story
    from pipelines.claims.sentences.sentence import Sentence

HEADING_CHARS = 30
"""Of a sentence that only tells when: "Today, 4:12."."""

_GROUNDS = ("place", "region", "capital", "adjective")

_SAYING = STATING | {"if", "block", *TARGETS}


def evidence_of(text: str, sentence: Sentence) -> tuple[int, int]:
    """Return where the words of the sentence begin and end, without the spaces around."""
    start, end = sentence.start, sentence.end
    while end > start and text[end - 1].isspace():
        end -= 1
    while start < end and text[start].isspace():
        start += 1
    return start, end


def add_listed(story: Story, sentence: Sentence, named: tuple[str, ...]) -> None:
    """Add what a sentence without a verb lists right after a strike: "Among them three X"."""
    index, place, when = story.volley
    if place is None or sentence.index - index != 1:
        return
    if sentence.has_any(_SAYING):
        return
    start, end = evidence_of(story.text, sentence)
    for system in named:
        claim = Claim(
            system=system,
            place=place,
            status="used",
            when=when,
            speaker=None,
            start=start,
            end=end,
            evidence=story.text[start:end],
        )
        story.keep(claim, is_anaphoric=False)


def note_volley(story: Story, sentence: Sentence) -> None:
    """Note a strike with weapons that the sentence does not name: the next may list them."""
    if sentence.systems or not (sentence.has("use") and sentence.has("weapon", *TARGETS)):
        return
    for clause in sentence.clauses:
        if not clause.has("use") or not clause.has("weapon", *TARGETS):
            continue
        stage = stage_of(clause)
        if stage is None or stage.status != "used":
            continue
        place = best_place(sentence.cues, stage.anchor.start, "used", None)
        when = best_time(clause.times, stage.anchor, "used", sentence.cues, story.published)
        story.volley = sentence.index, place, when
        if place:
            story.struck = story.volley


def as_fired(story: Story, sentence: Sentence, frame: Frame, place: str | None) -> str:
    """Return the status of a frame: what came fell beside a strike, what is used may serve."""
    if is_of_the_strike(story, sentence, frame):
        return "used"
    status = frame.stage.status
    return "completed" if status == "used" and _serves(story, sentence, frame, place) else status


def is_of_the_strike(story: Story, sentence: Sentence, frame: Frame) -> bool:
    """Say whether what "came" beside a strike, with no place of its own, fell there as well."""
    if frame.stage.status not in {"completed", "underway"} or frame.stage.anchor.kind == "attr":
        return False
    index, struck, _ = story.struck
    if (
        not struck
        or sentence.index - index > 1
        or struck != story.lexicons.systems[frame.system].target
    ):
        return False
    return frame.is_named and not frame.clause.has("deploy", "site", "own", "present", *OPERATORS)


def _serves(story: Story, sentence: Sentence, frame: Frame, place: str | None) -> bool:
    """Say whether "used" tells of service: "used by Belarusian troops since 2023"."""
    if place is None or place == story.lexicons.systems[frame.system].target:
        return False
    return any(is_since(time, sentence.cues) for time in frame.clause.times)


def attacked_at(story: Story, sentence: Sentence, place: str | None) -> str | None:
    """Return the one day of the attack on ``place`` that the sentence before tells of, or None.

    "Five people died in strikes on Ukraine overnight. Russia fired three X."
    """
    before = next((s for s in story.read if s.index == sentence.index - 1), None)
    if before is None or not before.times or before.systems:
        return None
    blow = before.of("use") or [c for c in before.of(*_GROUNDS) if c.value == place]
    if not blow:
        is_heading = before.end - before.start <= HEADING_CHARS
        return before.times[0].value if is_heading and not before.of("said") else None
    when = best_time(before.times, blow[0], "used", before.cues, story.published, story.text)
    told = [t for t in before.times if not is_before_its_day(t, before.times)]
    days = {t.value for t in told if granularity(t.value) == "day"}
    return when if when in days and len(days) == 1 else None
