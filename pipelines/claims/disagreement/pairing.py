"""Find every pair of claims that disagrees without comparing every pair: pure.

Claims are put together by what they say (status and time). Two such values differ in one way, or
not at all; if they do, the days on which they contradict or revise each other are spans, and who
stands within one is looked up in sorted days. So 5,000 claims cost a look-up for each claim and
value, not 12 million comparisons. A property test holds this to comparing each pair.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import accumulate, combinations
from typing import TYPE_CHECKING

from connectors.records import stable_id
from pipelines.claims.disagreement.compare import (
    RELATIONS,
    Disagreement,
    by_age,
    by_deployment,
    day_of,
    difference,
    is_readable,
    spans,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from connectors.records import Claim, SourcedClaim
    from pipelines.claims.disagreement.compare import Difference, Spans


def contradictions(claims: Iterable[SourcedClaim]) -> tuple[Disagreement, ...]:
    """Return what the sources differ about, each pair of times or stages once.

    Contradictions, refinements and revisions come together: look at ``relation``. The claims of
    one document, and those of its copies, do not contradict each other. A claim without a date,
    or with a time that cannot be read, is not compared.
    """
    found: dict[tuple[str, ...], Disagreement] = {}
    for (system, place), group in by_deployment(claims).items():
        told = sorted(group, key=by_age)
        halts = sorted({day_of(c) for c in told if c.claim.status == "suspended"})
        sides: dict[tuple[str, ...], tuple[set[int], set[int]]] = {}
        for one, other in combinations(_values(told), 2):
            _compare(one, other, halts, sides)
        for key, (left, right) in sides.items():
            whole = (system, place, *key)
            name, kind, stage, *between = key
            found[whole] = Disagreement(
                id=stable_id(*whole),
                relation=name,
                kind=kind,
                stage=stage,
                system=system,
                place=place or None,
                between=(between[0], between[1]),
                one=tuple(told[at] for at in sorted(left)),
                other=tuple(told[at] for at in sorted(right)),
            )
    return tuple(one for _, one in sorted(found.items()))


@dataclass(slots=True)
class _Row:
    """Claims by their day, the earliest first; ``places`` are where they stand in the group."""

    days: list[int] = field(default_factory=list)
    places: list[int] = field(default_factory=list)


@dataclass(slots=True)
class _Value:
    """The claims of one status and time: all, by speaker, by speaker and day, by source."""

    claim: Claim
    all: _Row = field(default_factory=_Row)
    rows: dict[str, _Row] = field(default_factory=lambda: defaultdict(_Row))
    groups: dict[tuple[int, str], list[tuple[str, int]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    speakers: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def add(self, place: int, day: int, said: SourcedClaim) -> None:
        """Take a claim in, unless its source has said so in that speaker's name."""
        speaker = said.claim.speaker or ""
        if speaker in self.speakers[said.source_id]:
            return
        self.speakers[said.source_id].append(speaker)
        for row in (self.all, self.rows[speaker]):
            row.days.append(day)
            row.places.append(place)
        self.groups[day, speaker].append((said.source_id, place))


def _values(told: Sequence[SourcedClaim]) -> list[_Value]:
    values: dict[tuple[str, str], _Value] = {}
    for place, one in enumerate(told):
        if one.published_at is not None and is_readable(one):
            claim = one.claim
            key = (claim.status, claim.when or "")
            values.setdefault(key, _Value(claim=claim)).add(place, day_of(one), one)
    return [value for _, value in sorted(values.items(), key=_key)]


def _key(value: tuple[tuple[str, str], _Value]) -> tuple[str, str]:
    return value[0]


def _compare(
    one: _Value,
    other: _Value,
    halts: Sequence[int],
    sides: dict[tuple[str, ...], tuple[set[int], set[int]]],
) -> None:
    """Add to ``sides`` the claims of both values that stand in each relation."""
    told = difference(one.claim, other.claim)
    if told is None:
        return
    first, second = (other, one) if told.swapped else (one, other)
    for at, relation in enumerate(RELATIONS):
        name = "refinement" if told.refines else relation
        left, right = _Search(told, halts, at, second).run(first)
        if not left:
            continue
        if told.swapped:
            left, right = right, left
        if told.between[0] > told.between[1]:
            left, right = right, left
        known = sides.setdefault(
            (name, told.kind, told.stage, *sorted(told.between)), (set(), set())
        )
        known[0].update(left)
        known[1].update(right)


class _Search:
    """One relation of two values: who of the first has a partner in the second, and who of it."""

    def __init__(self, told: Difference, halts: Sequence[int], at: int, second: _Value) -> None:
        self._told, self._halts, self._at, self._second = told, halts, at, second
        self._marks = [0] * (len(second.all.days) + 1)
        self._row_marks = {name: [0] * (len(row.days) + 1) for name, row in second.rows.items()}

    def _days(self, day: int, speaker: str, other: str) -> Spans:
        apart, same = spans(self._told, day, self._halts)
        return (same if speaker and speaker == other else apart)[self._at]

    def run(self, first: _Value) -> tuple[set[int], set[int]]:
        """Return the places of both sides' claims that have a partner of another source."""
        left = set()
        for (day, speaker), members in first.groups.items():
            partners = self._mark(day, speaker, len(members))
            for source, place in members if partners else ():
                if partners > self._own(day, speaker, self._second.speakers.get(source, ())):
                    left.add(place)
        return left, self._marked(first) if left else set()

    def _mark(self, day: int, speaker: str, amount: int) -> int:
        """Mark who of the second stands by ``amount`` claims of that day; return how many."""
        apart, same = spans(self._told, day, self._halts)
        found = _mark(self._second.all.days, apart[self._at], self._marks, amount)
        row = self._second.rows.get(speaker) if speaker else None
        if row is not None:
            marks = self._row_marks[speaker]
            found -= _mark(row.days, apart[self._at], marks, -amount)
            found += _mark(row.days, same[self._at], marks, amount)
        return found

    def _own(self, day: int, speaker: str, others: Iterable[str]) -> int:
        """Count what the same source, on its one day, says itself."""
        return sum(
            any(low <= day <= high for low, high in self._days(day, speaker, other))
            for other in others
        )

    def _marked(self, first: _Value) -> set[int]:
        """Return the claims of the second that another source of the first stands by."""
        covered = dict(zip(self._second.all.places, accumulate(self._marks), strict=False))
        for name, row in self._second.rows.items():
            for place, more in zip(row.places, accumulate(self._row_marks[name]), strict=False):
                covered[place] += more
        right = set()
        for (day, speaker), members in self._second.groups.items():
            for source, place in members:
                own = sum(
                    self._own(day, other, (speaker,)) for other in first.speakers.get(source, ())
                )
                if covered[place] > own:
                    right.add(place)
        return right


def _mark(days: Sequence[int], windows: Spans, marks: list[int], amount: int) -> int:
    """Add ``amount`` where a window begins and take it away where it ends; count who is within."""
    found = 0
    for low, high in windows:
        start, end = bisect_left(days, low), bisect_right(days, high)
        if start < end:
            marks[start] += amount
            marks[end] -= amount
            found += end - start
    return found
