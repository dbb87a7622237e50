"""Which year or week is meant where a time names none, and what it tells of earlier; pure."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from pipelines.times import granularity, interval

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from connectors.records import TimeExpression
    from pipelines.claims.words.vocabulary import Cue

DAYS = 7
"""Of a week."""

_YEAR = re.compile(r"\d{4}|[去今明昨来來本]年|前年|작년|지난해|올해|내년")
_OF_A_YEAR = re.compile(r"[^\W\d_]+(?: [^\W\d_]+){2}(?<! bu)")
"""Three words that tell which month of which year: "July last year", not Turkish "since July"."""

AHEAD = frozenset(("planned", "possible"))
_BEHIND = frozenset(("completed", "used", "requested"))

_YEARLESS = frozenset(("day", "month", "quarter", "season"))
"""What may be named without its year: "in March", "this autumn"."""

_GRACE_DAYS = {"day": 31, "month": 31}
"""How long past a day or month may be that is still told as a plan."""

SINCE_CHARS, FIRST_WORDS = 5, 3
"""From "since" to its time, and words from "first time" to "since"."""

AUXILIARY_CHARS = 60
"""From "was" to what was withdrawn, the weapon and its place between: "wurde … abgezogen"."""

PASSIVE_CHARS = 12
"""Before a participle, of "has been" or "został"."""

_WAS = (
    r"\b(?:was|were|has been|have been|had been|wurden?|a été|ont été|fue|fueron|foi|foram"
    r"|è stat[oa]|sono stat[ie]|został[aoy]?|zostali|był[aoy]?|byl[aoiy]?|bol[aoi]?|был[аои]?|був"
    r"|була|було|були|быў|была|werd|blev|a fost|au fost|беше|бяха|tika)\b"
)
"""What makes a participle past, where the present and the future have other words."""

_PAST = re.compile(_WAS + r"(?! to\b)[^.;]*$")
_PASSIVE = re.compile(_WAS + " $")

_DID = re.compile("withdrew|pulled|took|removed|retired|brought")


def names_year(time: TimeExpression) -> bool:
    """Say whether the words themselves tell which year: "in 2008", "last year"."""
    return _YEAR.search(time.quote) is not None


def tensed(
    time: TimeExpression, status: str, published: date | None, *, is_to_come: bool
) -> str | None:
    """Move a yearless month or day to the side of the article that its tense asks for.

    ``is_to_come`` says that a future stands before it: "will be withdrawn in May".
    """
    value = time.value
    year = _YEAR.search(time.quote) or (time.modifier is None and _OF_A_YEAR.fullmatch(time.quote))
    if published is None or year or granularity(value) not in _YEARLESS:
        return value
    first, last = interval(value)
    if granularity(value) == "day" and not any(c.isdigit() for c in time.quote):
        if status not in AHEAD or last > published:
            return value
        return _next_week(first, published) if is_to_come and status == "planned" else None
    if status == "suspended" and is_to_come and granularity(value) != "day":
        status = "planned"
    if status in AHEAD and (published - last).days > _GRACE_DAYS.get(granularity(value), 0):
        return f"{int(value[:4]) + 1:04d}{value[4:]}"
    if status in _BEHIND and first > published:
        return f"{int(value[:4]) - 1:04d}{value[4:]}"
    return value


def _next_week(day: date, published: date) -> str | None:
    """Return the weekday to come: "will arrive on Wednesday"; today's and yesterday's are none."""
    back = (published - day).days
    return (day + timedelta(days=DAYS)).isoformat() if 1 < back < DAYS else None


def was_ended(time: TimeExpression, predicate: Cue, text: str) -> bool:
    """Say whether the verb tells of the past: "was withdrawn in November", no future before it."""
    if granularity(time.value) not in {"month", "season"}:
        return False
    told = text[max(0, predicate.start - AUXILIARY_CHARS) : predicate.end]
    return _PAST.search(told) is not None or _DID.match(text, predicate.start) is not None


def is_passive(participle: Cue, text: str) -> bool:
    """Say whether "was" stands right before a participle, which so tells what was done."""
    before = text[max(0, participle.start - PASSIVE_CHARS) : participle.start]
    return _PASSIVE.search(before) is not None


def _is_first_since(time: TimeExpression, cues: Sequence[Cue]) -> bool:
    """Say whether it tells when it last was so: "back for the first time since 2008"."""
    firsts = [c.order for c in cues if c.kind == "first_time" and c.start < time.start]
    if not firsts:
        return False
    since = [c for c in cues if c.kind == "since" and 0 <= time.start - c.end <= SINCE_CHARS]
    return any(0 < c.order - order <= FIRST_WORDS for c in since for order in firsts)


def is_of_before(
    time: TimeExpression, status: str, cues: Sequence[Cue], published: date | None
) -> bool:
    """Say whether it tells of an earlier stay: "first time since 2008", "stored until 2008"."""
    if _is_first_since(time, cues):
        return True
    if status != "completed" or published is None or interval(time.value)[1] >= published:
        return False
    return any(c.kind == "until" and 0 <= time.start - c.end <= SINCE_CHARS for c in cues)
