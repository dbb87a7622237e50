"""The one attack that a report is of: its day is that of a strike told without a time; pure.

"Kyiv was attacked in the night to Saturday. … The air force says that three X were fired at the
city": a report of one attack names its day in the lead, or with the first weapon, and no more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.claims.nights import is_before_its_day
from pipelines.claims.whens import best_time
from pipelines.times import granularity, interval

if TYPE_CHECKING:
    from pipelines.claims.sentence import Sentence
    from pipelines.claims.story import Frame, Story

RECENT_DAYS = 4
"""How old an attack is at most that a report is of."""

_GROUNDS = ("place", "region", "capital", "adjective")

_OTHERWISE = ("earlier", "again", "since", "until", "if", "modal", "future", "plan", "not")
"""Kinds beside which another strike is told, or none."""


def raided_at(story: Story, sentence: Sentence, frame: Frame, place: str | None) -> str | None:
    """Return the day of the one attack on ``place`` that the report is of, or None."""
    if not place or not frame.is_named or sentence.times or story.entries:
        return None
    if frame.clause.has(*_OTHERWISE):
        return None
    struck = {c.when for c in story.claims if c.status == "used" and c.when}
    if struck:
        where = {c.place for c in story.claims if c.status == "used"}
        when = struck.pop() if len(struck) == 1 and where == {place} else None
        return when if when and _is_recent(story, when) else None
    return next((w for s in story.lead() if (w := _attack_in(story, s, place))), None)


def _attack_in(story: Story, sentence: Sentence, place: str) -> str | None:
    """Return the one day of an attack on ``place`` that a sentence of the lead tells of."""
    blows = [] if sentence.has("if", "modal", "future", "not") else sentence.of("use")
    named = {c.value for c in sentence.of(*_GROUNDS)}
    if not blows or place not in named:
        return None
    told = [t for t in sentence.times if not is_before_its_day(t, sentence.times)]
    days = {t.value for t in told if granularity(t.value) == "day"}
    when = best_time(told, blows[0], "used", sentence.cues, story.published, story.text)
    return when if when and days == {when} and _is_recent(story, when) else None


def _is_recent(story: Story, when: str) -> bool:
    if story.published is None or granularity(when) != "day":
        return False
    return 0 <= (story.published - interval(when)[0]).days <= RECENT_DAYS
