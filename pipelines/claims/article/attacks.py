"""The day of the attack that an article reports, of each strike that it tells without a time; pure.

"In the night to Friday Kharkiv was shelled. Eight people died. Three X were fired at the city."
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.claims.status.rivals import TARGETS
from pipelines.claims.when.nights import is_before_its_day
from pipelines.claims.when.whens import best_time
from pipelines.times import granularity, interval

if TYPE_CHECKING:
    from datetime import date

    from pipelines.claims.article.story import Frame, Story
    from pipelines.claims.sentences.sentence import Sentence

REACH_SENTENCES = 6
"""From the sentence that dates the attack to a strike of it."""

NEWS_DAYS = 3
"""How long ago an attack is that is news."""

PAST_DAYS = 8
"""How long ago what is no part of the attack reported."""

_NO_NEWS = ("earlier", "again", "if", "modal", "future", "will", "request", "block")
"""Kinds beside which no attack of these days is told, or not when it was."""

_SUPPLIERS = frozenset(("RU", "US"))


def day_of_attack(story: Story, sentence: Sentence, frame: Frame, place: str | None) -> str | None:
    """Return the day of the attack on ``place`` that was told last, or None.

    Not for what itself tells of earlier days, nor past a sentence that does.
    """
    published = story.published
    if place is None or published is None or sentence.times or not frame.is_named:
        return None
    if sentence.has(*_NO_NEWS):
        return None
    for index in range(sentence.index - 1, sentence.index - 1 - REACH_SENTENCES, -1):
        before = story.at(index)
        if before is None or _is_of_the_past(before, published):
            return None
        if before.times and (day := _attacked(story, before, place, published)):
            return day
    return None


def _is_of_the_past(sentence: Sentence, published: date) -> bool:
    """Say whether a sentence tells of other days: "In May 2024 a bomb hit a supermarket"."""
    return any((published - interval(t.value)[1]).days > PAST_DAYS for t in sentence.times)


def _attacked(story: Story, before: Sentence, place: str, published: date) -> str | None:
    """Return the one day of these on which ``before`` tells of an attack on ``place``."""
    blows = before.of("use")
    if not blows or before.has("if", "modal", "will", "block"):
        return None
    struck = {c.value for c in before.of(*TARGETS)} - _SUPPLIERS
    if struck and place not in struck:
        return None
    told = [t for t in before.times if not is_before_its_day(t, before.times)]
    days = {t.value for t in told if granularity(t.value) == "day"}
    when = best_time(before.times, blows[0], "used", before.cues, published, story.text)
    if when not in days or len(days) > 1:
        return None
    return when if 0 <= (published - interval(when)[0]).days <= NEWS_DAYS else None
