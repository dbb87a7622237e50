"""Where sources disagree: the one definition, as pure functions over claims of many documents.

Copies count once. Of the claims about one (system, place):

- *contradiction*: disjoint times for one stage, a denial against a fact, or a stage that goes
  back without a withdrawal;
- *refinement*: one time lies within the other ("2025" against "2025-H2");
- *revision*: the same speaker later, or a time that had passed when the next was named.

What two statements differ in depends on their statuses and times alone; which relation that is,
on the days they were published and on the speakers. Briefing, findings and alerts all ask here.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

from connectors.records import SourcedClaim, utc
from pipelines.times import interval

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

SAME_EVENT_DAYS = 2
"""Reports of one utterance come out within two days; what the speaker says later is a revision."""

TOLERANCE_DAYS = 3
"""Arrival, hand-over and first day of duty are told of as one fact."""

WEEK_DAYS = 7

RELATIONS = ("contradiction", "revision")
AHEAD = frozenset(("possible", "planned"))
DONE = frozenset(("underway", "completed"))
_ALWAYS, _NEVER = 1 << 30, -(1 << 30)


class Statement(Protocol):
    """What is said of a deployment; what is not said is None or empty."""

    @property
    def status(self) -> str:
        """The stage, or ``denied``, ``suspended``, ``used``."""

    @property
    def when(self) -> str | None:
        """The time, TIMEX3-like."""

    @property
    def speaker(self) -> str | None:
        """Whose words they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What two statements differ in, whoever made them on whichever day.

    ``kind`` is ``time``, ``polarity`` or ``backwards``; ``stage`` what the times are about;
    ``between`` what the one and the other say. With ``swapped`` the rules of the days look at
    the other first: the fact before the denial, what was done before the plan. ``ends`` are the
    last days of the times, in that order.
    """

    kind: str
    stage: str
    between: tuple[str, str]
    refines: bool = False
    swapped: bool = False
    ends: tuple[int | None, int | None] = (None, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """Two sides that differ about one (system, place), each with its quotes.

    ``relation`` is ``contradiction``, ``refinement`` or ``revision``; ``kind`` is ``time``,
    ``polarity`` or ``backwards``; ``between`` holds the two times or stages that differ.
    """

    id: str
    relation: str
    kind: str
    stage: str
    system: str
    place: str | None
    between: tuple[str, str]
    one: tuple[SourcedClaim, ...]
    other: tuple[SourcedClaim, ...]

    @property
    def quotes(self) -> tuple[str, str]:
        """The words of the earliest source on each side."""
        return self.one[0].claim.evidence, self.other[0].claim.evidence

    @property
    def document_ids(self) -> tuple[str, ...]:
        """Every document on either side, sorted."""
        return tuple(sorted({c.document_id for c in (*self.one, *self.other)}))


def difference(one: Statement, other: Statement) -> Difference | None:
    """Return what two statements about one deployment differ in, or None."""
    return _difference(one.status, one.when or None, other.status, other.when or None)


def relation(one: Statement, one_day: int, other: Statement, other_day: int) -> str | None:
    """Return how statements published on two days (as ordinals) relate, or None.

    A stage that goes back is a contradiction only if nobody told of a withdrawal in between,
    which the caller has to know; :func:`~pipelines.claims.contradictions` does.
    """
    found = difference(one, other)
    if found is None:
        return None
    if found.refines:
        return "refinement"
    first, second = (other_day, one_day) if found.swapped else (one_day, other_day)
    same = bool(one.speaker) and one.speaker == other.speaker
    for name, days in zip(RELATIONS, _spans(found, first, same=same), strict=True):
        if any(low <= second <= high for low, high in days):
            return name
    return None


@lru_cache(maxsize=1 << 14)
def _difference(
    status: str, when: str | None, other_status: str, other_when: str | None
) -> Difference | None:
    statuses = {status, other_status}
    ends = (_end(when), _end(other_when))
    if "denied" in statuses:
        if not statuses & DONE:
            return None
        swapped = status == "denied"
        return Difference(
            kind="polarity",
            stage="presence",
            between=(status, other_status),
            swapped=swapped,
            ends=ends[::-1] if swapped else ends,
        )
    if len(statuses) == 1 or statuses <= AHEAD:
        return _time_difference(status, when, other_when)
    if not (statuses & DONE and statuses & AHEAD):
        return None
    swapped = status in AHEAD
    return Difference(
        kind="backwards",
        stage="order",
        between=(status, other_status),
        swapped=swapped,
        ends=ends[::-1] if swapped else ends,
    )


def _time_difference(status: str, when: str | None, other: str | None) -> Difference | None:
    if when is None or other is None or when == other or status == "used":
        return None
    first, second = interval(when), interval(other)
    stage = "planned" if status in AHEAD else status
    if _holds(first, second) or _holds(second, first):
        return Difference(kind="time", stage=stage, between=(when, other), refines=True)
    if first[0] <= second[1] and second[0] <= first[1]:
        return None
    if status in DONE and _is_one_fact(first, second):
        return None
    ends = (first[1].toordinal(), second[1].toordinal())
    return Difference(kind="time", stage=stage, between=(when, other), ends=ends)


def _end(when: str | None) -> int | None:
    return None if when is None else interval(when)[1].toordinal()


def _holds(outer: tuple[date, date], inner: tuple[date, date]) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def _is_one_fact(one: tuple[date, date], other: tuple[date, date]) -> bool:
    """A day and what lies next to it; the halves of a year, side by side, are two times."""
    apart = max((other[0] - one[1]).days, (one[0] - other[1]).days)
    shorter = min((last - first).days for first, last in (one, other))
    return apart <= TOLERANCE_DAYS and shorter < WEEK_DAYS


Spans = tuple[tuple[int, int], ...]
Both = tuple[Spans, Spans]
"""The days of a contradiction, and those of a revision."""

_ANY_DAY: Both = (((_NEVER, _ALWAYS),), ())


def _spans(found: Difference, day: int, *, same: bool) -> Both:
    """Return the days of the second on which the two contradict, and on which one revises.

    ``day`` is that of the first statement, ``same`` says that both have one speaker.
    """
    near = (day - SAME_EVENT_DAYS, day + SAME_EVENT_DAYS)
    before, after = (_NEVER, near[0] - 1), (near[1] + 1, _ALWAYS)
    end, other_end = found.ends
    if found.kind == "time":
        if not same:
            # Before: overtaken if the second's time had passed on the first's day; and after.
            low = _NEVER if other_end is None or day <= other_end else near[0]
            high = near[1] if end is None else max(near[1], end)
            near, before, after = (low, high), (_NEVER, low - 1), (high + 1, _ALWAYS)
        return (near,), (before, after)
    if found.kind == "polarity":
        # A fact after the denial contradicts it only if it is told to have been before.
        past = () if end is None else ((end + 1, near[0] - 1),)
        return ((near,), (after, *past)) if same else ((near, after, *past), ())
    # A plan for what was done: one whose time is over by its day is only retold.
    back = ((day + 1, (other_end or _NEVER) - 1),)
    return ((), back) if same else (back, ())


def spans(found: Difference, day: int, halts: Sequence[int] = ()) -> tuple[Both, Both]:
    """Return :func:`_spans` of two speakers and of one; a halt ends what may go backwards."""
    if found.refines:
        return _ANY_DAY, _ANY_DAY
    other, same = _spans(found, day, same=False), _spans(found, day, same=True)
    at = bisect_left(halts, day) if found.kind == "backwards" else len(halts)
    if at == len(halts):
        return other, same
    return _until(other, halts[at] - 1), _until(same, halts[at] - 1)


def _until(both: Both, last: int) -> Both:
    contradicting, revising = (tuple((low, min(high, last)) for low, high in one) for one in both)
    return contradicting, revising


def is_readable(one: SourcedClaim) -> bool:
    """Say whether the time of a claim can be read; an older or newer version wrote it."""
    try:
        return one.claim.when is None or bool(interval(one.claim.when))
    except ValueError:
        return False


def by_age(claim: SourcedClaim) -> tuple[bool, float, str, int]:
    """Return what sorts claims from the earliest; those without a date come last."""
    published = claim.published_at
    age = published.timestamp() if published else 0.0
    return published is None, age, claim.document_id, claim.claim.start


def by_deployment(claims: Iterable[SourcedClaim]) -> dict[tuple[str, str], list[SourcedClaim]]:
    """Group by system and place; of copies only the earliest document counts."""
    first: dict[str, str] = {}
    groups: dict[tuple[str, str], list[SourcedClaim]] = defaultdict(list)
    for claim in sorted(claims, key=by_age):
        if first.setdefault(claim.source_id, claim.document_id) == claim.document_id:
            groups[claim.claim.system, claim.claim.place or ""].append(claim)
    return groups


def day_of(claim: SourcedClaim) -> int:
    """Return the day of publication as an ordinal, in UTC."""
    return utc(claim.published_at).toordinal() if claim.published_at else _NEVER
