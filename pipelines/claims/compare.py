"""Where sources disagree, and how a deployment went: pure functions over claims of many documents.

Copies count once. Of the claims about one (system, place):

- *contradiction*: disjoint times for one stage, a denial against a fact, or a stage that goes
  back without a withdrawal;
- *refinement*: one time lies within the other ("2025" against "2025-H2");
- *revision*: the same speaker later, or a time that had passed when the next was named.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import combinations
from typing import TYPE_CHECKING

from connectors.records import Claim, stable_id
from pipelines.times import interval

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

SAME_EVENT_DAYS = 2
"""Reports of one utterance come out within two days; what the speaker says later is a revision."""

TOLERANCE_DAYS = 3
"""Arrival, hand-over and first day of duty are told of as one fact."""

STAGES = ("requested", "possible", "planned", "underway", "completed")
"""The stages in their order; ``denied``, ``suspended`` and ``used`` stand outside it."""

_AHEAD = frozenset(("possible", "planned"))
_DONE = frozenset(("underway", "completed"))


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcedClaim:
    """A claim and the document that makes it; copies share one ``source_id``."""

    document_id: str
    source_id: str
    claim: Claim
    story_id: str | None = None
    outlet: str | None = None
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """Two sides that differ about one (system, place), each with its quotes.

    ``relation`` is ``contradiction``, ``refinement`` or ``revision``; ``kind`` is ``time``,
    ``polarity`` or ``backwards``; ``between`` holds the two times or stages that differ.
    """

    id: str
    relation: str
    kind: str
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


@dataclass(frozen=True, slots=True, kw_only=True)
class StageReport:
    """One stage of a timeline: who said it first, how many sources, with which times."""

    status: str
    earliest: SourcedClaim
    sources: int
    times: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """How the deployment of ``system`` in ``place`` went, as the sources tell it."""

    system: str
    place: str | None
    stages: tuple[StageReport, ...]
    revisions: tuple[Disagreement, ...]
    disagreements: tuple[Disagreement, ...]


def contradictions(claims: Iterable[SourcedClaim]) -> tuple[Disagreement, ...]:
    """Return what the sources differ about, each pair of times or stages once.

    Contradictions, refinements and revisions come together: look at ``relation``. The claims of
    one document, and those of its copies, do not contradict each other.
    """
    found: dict[tuple[str, ...], tuple[str, str, list[SourcedClaim], list[SourcedClaim]]] = {}
    known = list(claims)
    for one, other in _pairs(known):
        told = _relation(one, other)
        if told is None or (told[1] == "backwards" and _is_withdrawn(known, one, other)):
            continue
        relation, kind, left, right = told
        first, second = (one, other) if left <= right else (other, one)
        key = (one.claim.system, one.claim.place or "", relation, kind, *sorted((left, right)))
        sides = found.setdefault(key, (relation, kind, [], []))
        for side, claim in ((sides[2], first), (sides[3], second)):
            if claim not in side:
                side.append(claim)
    return tuple(_disagreement(key, *sides) for key, sides in sorted(found.items()))


def _disagreement(
    key: tuple[str, ...],
    relation: str,
    kind: str,
    one: list[SourcedClaim],
    other: list[SourcedClaim],
) -> Disagreement:
    return Disagreement(
        id=stable_id(*key),
        relation=relation,
        kind=kind,
        system=key[0],
        place=key[1] or None,
        between=(key[4], key[5]),
        one=tuple(sorted(one, key=_by_age)),
        other=tuple(sorted(other, key=_by_age)),
    )


def _by_age(claim: SourcedClaim) -> tuple[bool, float, str, int]:
    published = claim.published_at
    age = published.timestamp() if published else 0.0
    return published is None, age, claim.document_id, claim.claim.start


def _pairs(claims: Iterable[SourcedClaim]) -> Iterator[tuple[SourcedClaim, SourcedClaim]]:
    """Yield pairs of different sources about one system and place, the earlier first."""
    for group in _by_deployment(claims).values():
        for one, other in combinations(sorted(group, key=_by_age), 2):
            if one.source_id != other.source_id:
                yield one, other


def _by_deployment(
    claims: Iterable[SourcedClaim],
) -> dict[tuple[str, str], list[SourcedClaim]]:
    """Group by system and place; of copies only the earliest document counts."""
    ordered = sorted(claims, key=_by_age)
    first: dict[str, str] = {}
    groups: dict[tuple[str, str], list[SourcedClaim]] = defaultdict(list)
    for claim in ordered:
        if first.setdefault(claim.source_id, claim.document_id) == claim.document_id:
            groups[claim.claim.system, claim.claim.place or ""].append(claim)
    return groups


def _relation(one: SourcedClaim, other: SourcedClaim) -> tuple[str, str, str, str] | None:
    """Return (relation, kind, what one says, what the other says), ``one`` being earlier."""
    statuses = {one.claim.status, other.claim.status}
    if "denied" in statuses:
        return _polarity(one, other) if statuses & _DONE else None
    if len(statuses) == 1 or statuses <= _AHEAD:
        return _times(one, other)
    return _backwards(one, other)


def _is_withdrawn(claims: Sequence[SourcedClaim], one: SourcedClaim, other: SourcedClaim) -> bool:
    """Say whether a halt or withdrawal was told of between the two."""
    return any(
        c.claim.status == "suspended"
        and (c.claim.system, c.claim.place) == (one.claim.system, one.claim.place)
        and _by_age(one) <= _by_age(c) <= _by_age(other)
        for c in claims
    )


def _is_later(one: SourcedClaim, other: SourcedClaim) -> bool:
    if one.published_at is None or other.published_at is None:
        return False
    return other.published_at - one.published_at > timedelta(days=SAME_EVENT_DAYS)


def _is_same_speaker(one: SourcedClaim, other: SourcedClaim) -> bool:
    return one.claim.speaker is not None and one.claim.speaker == other.claim.speaker


def _times(one: SourcedClaim, other: SourcedClaim) -> tuple[str, str, str, str] | None:
    left, right = one.claim.when, other.claim.when
    if left is None or right is None or left == right or one.claim.status == "used":
        return None
    first, second = interval(left), interval(right)
    if _holds(first, second) or _holds(second, first):
        return "refinement", "time", left, right
    if first[0] <= second[1] and second[0] <= first[1]:
        return None
    if one.claim.status in _DONE and _days_apart(first, second) <= TOLERANCE_DAYS:
        return None
    if _is_later(one, other) and (_is_same_speaker(one, other) or _is_overtaken(first, other)):
        return "revision", "time", left, right
    return "contradiction", "time", left, right


def _holds(outer: tuple[date, date], inner: tuple[date, date]) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def _days_apart(one: tuple[date, date], other: tuple[date, date]) -> int:
    return max((other[0] - one[1]).days, (one[0] - other[1]).days)


def _is_overtaken(span: tuple[date, date], later: SourcedClaim) -> bool:
    return later.published_at is not None and span[1] < later.published_at.date()


def _polarity(one: SourcedClaim, other: SourcedClaim) -> tuple[str, str, str, str] | None:
    """Tell a denial against a fact from a fact that came after the denial."""
    sides = one.claim.status, other.claim.status
    if one.claim.status == "denied" and _is_later(one, other):
        when, denied_at = other.claim.when, one.published_at
        if when is None or denied_at is None or interval(when)[1] >= denied_at.date():
            return None
    if _is_later(one, other) and _is_same_speaker(one, other):
        return ("revision", "polarity", *sides)
    return ("contradiction", "polarity", *sides)


def _backwards(one: SourcedClaim, other: SourcedClaim) -> tuple[str, str, str, str] | None:
    """Tell a plan for what was said to be done before; a plan already past is only retold."""
    if one.claim.status not in _DONE or other.claim.status not in _AHEAD:
        return None
    when, published = other.claim.when, other.published_at
    if when is None or published is None or interval(when)[1] <= published.date():
        return None
    relation = "revision" if _is_same_speaker(one, other) else "contradiction"
    return relation, "backwards", one.claim.status, other.claim.status


def timeline(claims: Sequence[SourcedClaim]) -> tuple[Timeline, ...]:
    """Return one timeline for each (system, place), stages in order, earliest source first."""
    told = contradictions(claims)
    lines = []
    for (system, place), group in sorted(_by_deployment(claims).items()):
        stages = [_stage(status, group) for status in (*STAGES, "denied", "suspended", "used")]
        about = [d for d in told if (d.system, d.place or "") == (system, place)]
        lines.append(
            Timeline(
                system=system,
                place=place or None,
                stages=tuple(stage for stage in stages if stage is not None),
                revisions=tuple(d for d in about if d.relation == "revision"),
                disagreements=tuple(d for d in about if d.relation == "contradiction"),
            )
        )
    return tuple(lines)


def _stage(status: str, group: Sequence[SourcedClaim]) -> StageReport | None:
    said = sorted((c for c in group if c.claim.status == status), key=_by_age)
    if not said:
        return None
    return StageReport(
        status=status,
        earliest=said[0],
        sources=len({c.source_id for c in said}),
        times=tuple(dict.fromkeys(c.claim.when for c in said if c.claim.when)),
    )
