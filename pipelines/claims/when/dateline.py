"""Whether a time dates what is said of an event, and not the event: "Kos said in 2023"; pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipelines.times import granularity, interval

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from connectors.records import TimeExpression
    from pipelines.claims.words.vocabulary import Cue

DATELINE_CHARS = 60
"""From the beginning of a report to the day of its dateline."""

_DATELINE = re.compile(
    r"[^\W\d_][^.;:!?\n«»“”\"]{0,60}?\.?\s?"
    r"(?:(?:\([^()\n]{2,30}\)|/[^/\n]{2,20}/)\s?(?:\.\s?)?[-–—.:]|\d[^.;:!?\n]{0,12}\.?\s[-–—]\s)"
)
"""The place, day and agency before a report: "MINSK, Aug 1 (AFP) -", which date no event."""

SAID_CHARS = 25
"""From the day of a statement to its verb: "14日在马尼拉对记者说"."""

SAID_IN_CHARS = 4
"""From a verb of speech behind the event to the year of the statement: "Kos said in 2023"."""

SPEAKER_WORDS = 2
"""From there to who speaks, with a given name between."""

_DAY_SIGNS = "日號号일"
_LEADING = ("，", "：", ":", "“", "「")
"""What stands between a Chinese verb of speech and what is said."""

OFFICE_CHARS = 4
"""From the time of a statement over an article to the office of who made it."""

TAG_CHARS = 30
TAG_WORDS = 3
"""From the comma over an unknown verb of speech to its time."""

_TOLD = frozenset(("said", "request", "site"))
"""Kinds before "that": someone said, or a picture of a site shows."""


def dates_the_statement(
    time: TimeExpression, anchor: int, cues: Sequence[Cue], published: date | None, text: str
) -> bool:
    """Say whether a time belongs to the verb of speech, not to the event.

    "In June he announced that …" dates the announcement; so does a weekday beside "said".
    """
    speech = [c for c in cues if c.kind in {"said", "request"}]
    that = [c.start for c in cues if c.kind == "that" and time.end <= c.start < anchor]
    is_told = that and any(s.start < max(that) for s in cues if s.kind in _TOLD)
    is_told = is_told or any(anchor < c.start and _is_said_in(time, c, cues) for c in speech)
    if is_told or _stands_in_a_tag(time, anchor, cues, text):
        return True
    if any(c.isdigit() for c in time.quote):
        told = time.quote[-1] in _DAY_SIGNS and any(
            _is_said_then(time, anchor, c, text) for c in speech
        )
        return told or _heads_speech(time, anchor, speech, text)
    if granularity(time.value) != "day":
        return any(0 < time.start - c.end <= 1 and c.start > anchor for c in speech)
    if published and abs((interval(time.value)[0] - published).days) > 7:
        return False
    if any(c.kind == "since" and 0 <= time.start - c.end <= 4 for c in cues):
        return False
    thats = [c for c in cues if c.kind == "that" and c.end <= time.start < anchor]
    speech = [c for c in speech if not any(c.end <= t.start for t in thats)]
    speech = [c for c in speech if not _is_parted(time, anchor, c, text)]
    middle = (time.start + time.end) // 2
    gaps = [min(abs(middle - c.start), abs(middle - c.end)) for c in speech]
    is_nearer = bool(gaps) and min(gaps) < abs(middle - anchor)
    return is_nearer or _heads_speech(time, anchor, speech, text)


def _heads_speech(time: TimeExpression, anchor: int, speech: Sequence[Cue], text: str) -> bool:
    """Say whether a comma parts it from the event only: "is being built, on Friday X told Y"."""
    if not anchor < time.start or text[max(anchor, time.start - 2) : time.start] != ", ":
        return False
    stop = text.find(",", time.end)
    return any(time.end <= c.start and (stop < 0 or c.start < stop) for c in speech)


def _is_said_in(time: TimeExpression, verb: Cue, cues: Sequence[Cue]) -> bool:
    """Say whether only who speaks stands between a verb of speech and the year or month."""
    if granularity(time.value) not in {"year", "month"}:
        return False
    people = [c for c in cues if c.kind == "person" and 0 < c.order - verb.order <= SPEAKER_WORDS]
    ends = (verb.end, *(c.end for c in people))
    return any(0 < time.start - end <= SAID_IN_CHARS for end in ends)


def _is_said_then(time: TimeExpression, anchor: int, verb: Cue, text: str) -> bool:
    """Say whether a day stands before the verb that tells the event: "14日在马尼拉说，"."""
    gap = verb.start - time.end
    if gap in {0, 1}:
        return True
    if time.start > anchor and 0 < gap <= SAID_CHARS:
        return text[time.end - 1] == "일"
    is_between = 0 < gap <= SAID_CHARS and verb.end <= anchor
    if not is_between or text[verb.end : verb.end + 1] not in _LEADING:
        return False
    return not any(mark in text[time.end : verb.start] for mark in "，、。")


def _stands_in_a_tag(time: TimeExpression, anchor: int, cues: Sequence[Cue], text: str) -> bool:
    """Say whether an office follows the time, and a comma and one verb stand before it."""
    if not any(c.kind == "title" and 0 <= c.start - time.end <= OFFICE_CHARS for c in cues):
        return False
    comma = text.rfind(", ", max(anchor, time.start - TAG_CHARS), time.start)
    return comma >= 0 and text.count(" ", comma + 2, time.start) <= TAG_WORDS


def _is_parted(time: TimeExpression, anchor: int, verb: Cue, text: str) -> bool:
    """Say whether a comma stands between what happened at the time and a verb of speech."""
    if verb.end <= time.start:
        marks = "，：," if time.start < anchor else "，："
        return any(mark in text[verb.end : time.start] for mark in marks)
    if not anchor < verb.start or time.end > verb.start:
        return False
    return "," in text[time.end : verb.start]


def without_dateline(text: str, dated: list[TimeExpression]) -> list[TimeExpression]:
    """Leave out the day of a dateline: "MINSK, Aug 1 (AFP) -" dates no event."""
    if not dated or dated[0].start >= DATELINE_CHARS:
        return dated
    opening = _DATELINE.match(text)
    return [t for t in dated if t.start >= opening.end()] if opening else dated
