"""Contradiction, refinement or revision; and the timeline of a deployment."""

from collections import defaultdict
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from connectors.records import Claim
from pipelines.claims import SourcedClaim, contradictions, relation, timeline
from pipelines.claims.disagreement.compare import by_age, difference


def _said(
    document: str,
    status: str,
    when: str | None = None,
    *,
    day: str = "2024-12-06",
    speaker: str | None = None,
    source: str | None = None,
    place: str = "BY",
) -> SourcedClaim:
    claim = Claim(
        system="oreshnik",
        place=place,
        status=status,
        when=when,
        speaker=speaker,
        start=0,
        end=5,
        evidence=f"{document} says {when}",
    )
    at = datetime.fromisoformat(day).replace(tzinfo=timezone.utc)
    return SourcedClaim(
        document_id=document, source_id=source or document, claim=claim, published_at=at
    )


def test_disjoint_halves_of_a_year_contradict_and_both_are_quoted() -> None:
    [found] = contradictions(
        [
            _said("a", "possible", "2025-H1", speaker="Putin"),
            _said("b", "planned", "2025-H2", speaker="Putin", day="2024-12-07"),
            _said("c", "possible", "2025-H2", speaker="Putin", day="2024-12-07"),
        ]
    )
    assert (found.relation, found.kind, found.between) == (
        "contradiction",
        "time",
        ("2025-H1", "2025-H2"),
    )
    assert found.document_ids == ("a", "b", "c")
    assert found.quotes == ("a says 2025-H1", "b says 2025-H2")


def test_a_year_and_its_half_are_a_refinement() -> None:
    [found] = contradictions([_said("a", "planned", "2025"), _said("b", "planned", "2025-H2")])
    assert found.relation == "refinement"


def test_the_same_speaker_later_revises() -> None:
    [found] = contradictions(
        [
            _said("a", "planned", "2025-H1", speaker="Putin"),
            _said("b", "planned", "2025-12", speaker="Putin", day="2025-05-01"),
        ]
    )
    assert found.relation == "revision"


def test_a_plan_that_time_has_overtaken_is_revised_by_anyone() -> None:
    [found] = contradictions(
        [
            _said("a", "planned", "2025-H1", speaker="Putin"),
            _said("b", "planned", "2025-12", speaker="Khrenin", day="2025-10-01"),
        ]
    )
    assert found.relation == "revision"


def test_a_denial_contradicts_a_fact_reported_the_same_day() -> None:
    [found] = contradictions([_said("a", "completed"), _said("b", "denied")])
    assert (found.relation, found.kind) == ("contradiction", "polarity")


def test_a_fact_that_comes_after_a_denial_contradicts_nothing() -> None:
    claims = [_said("a", "denied"), _said("b", "completed", "2025-12-18", day="2025-12-19")]
    assert contradictions(claims) == ()


def test_a_stage_that_goes_backwards_contradicts_unless_it_was_withdrawn() -> None:
    back = [
        _said("a", "completed", day="2025-01-01"),
        _said("b", "planned", "2026", day="2025-06-01"),
    ]
    assert [d.kind for d in contradictions(back)] == ["backwards"]
    assert contradictions([*back, _said("c", "suspended", day="2025-03-01")]) == ()


def test_a_copy_does_not_contradict_and_counts_once() -> None:
    claims = [
        _said("a", "planned", "2025-H1"),
        _said("copy", "planned", "2025-H2", source="a", day="2024-12-08"),
    ]
    assert contradictions(claims) == ()
    assert timeline(claims)[0].stages[0].sources == 1


def test_other_places_and_strikes_on_other_days_do_not_contradict() -> None:
    assert (
        contradictions([_said("a", "planned", "2025"), _said("b", "planned", "2026", place="DE")])
        == ()
    )
    assert (
        contradictions([_said("a", "used", "2024-11-21"), _said("b", "used", "2026-01-09")]) == ()
    )


def test_a_timeline_has_the_earliest_source_of_each_stage_in_order() -> None:
    [line] = timeline(
        [
            _said("late", "completed", "2025-12-18", day="2025-12-19"),
            _said("first", "requested"),
            _said("second", "requested", day="2024-12-09"),
            _said("plan", "planned", "2025-H2", day="2024-12-07"),
        ]
    )
    assert [(s.status, s.earliest.document_id, s.sources) for s in line.stages] == [
        ("requested", "first", 2),
        ("planned", "plan", 1),
        ("completed", "late", 1),
    ]
    assert line.disagreements == ()


def test_a_disagreement_keeps_its_name_whatever_else_is_said() -> None:
    two = [_said("a", "planned", "2025-H1"), _said("b", "possible", "2025-H2")]
    more = [*two, _said("c", "planned", "2025-H2"), _said("d", "completed", "2024-12-01")]
    [alone] = contradictions(two)
    assert alone.id in {one.id for one in contradictions(more)}
    assert alone.stage == "planned"


def test_the_same_two_dates_of_a_plan_and_of_an_arrival_are_two_matters() -> None:
    claims = [
        _said("a", "planned", "2025-H1"),
        _said("b", "planned", "2025-H2"),
        _said("c", "completed", "2025-H1"),
        _said("d", "completed", "2025-H2"),
    ]
    assert [d.stage for d in contradictions(claims)] == ["completed", "planned"]
    assert len({d.id for d in contradictions(claims)}) == 2


def test_a_claim_without_a_date_or_with_an_unreadable_time_is_not_compared() -> None:
    known = _said("a", "planned", "2025-H1")
    undated = replace(_said("b", "planned", "2025-H2"), published_at=None)
    assert contradictions([known, undated, _said("c", "planned", "soon")]) == ()
    assert timeline([known, undated])[0].stages[0].sources == 2


_WHENS = (None, "2024", "2025", "2025-H1", "2025-H2", "2025-02-10", "2025-02-12", "2024-12-20")
_SAID = st.builds(
    lambda number, source, status, when, day, speaker: replace(
        _said(f"d{number}", status, when, speaker=speaker),
        source_id=source,
        published_at=datetime(2024, 12, 1, tzinfo=timezone.utc) + timedelta(days=day),
    ),
    number=st.integers(0, 12),
    source=st.sampled_from([f"d{n}" for n in range(13)]),
    status=st.sampled_from(
        ["possible", "planned", "underway", "completed", "denied", "suspended", "used"]
    ),
    when=st.sampled_from(_WHENS),
    day=st.sampled_from([0, 1, 2, 3, 10, 40, 80, 300, 500]),
    speaker=st.sampled_from([None, "Putin", "Lukashenko"]),
)


def _one_document_a_source(claims: list[SourcedClaim]) -> list[SourcedClaim]:
    """A document has one day; of a source only its earliest document counts."""
    days: dict[str, datetime | None] = {}
    told = [replace(c, published_at=days.setdefault(c.source_id, c.published_at)) for c in claims]
    return [replace(c, document_id=c.source_id) for c in told]


@given(st.lists(_SAID, max_size=14))
def test_the_search_finds_what_comparing_every_pair_finds(claims: list[SourcedClaim]) -> None:
    claims = _one_document_a_source(claims)
    found = {
        (d.relation, d.kind, d.stage, d.between): (
            {c.document_id for c in d.one},
            {c.document_id for c in d.other},
        )
        for d in contradictions(claims)
    }
    halts = [c.published_at for c in claims if c.claim.status == "suspended"]
    wanted: dict = defaultdict(lambda: (set(), set()))
    for one, other in combinations(sorted(claims, key=by_age), 2):
        days = [c.published_at.toordinal() for c in (one, other)]
        name = relation(one.claim, days[0], other.claim, days[1])
        if name is None or one.source_id == other.source_id:
            continue
        assert name == relation(other.claim, days[1], one.claim, days[0])
        told = difference(one.claim, other.claim)
        held = any(one.published_at <= at <= other.published_at for at in halts)
        if told.kind == "backwards" and held:
            continue
        sides = wanted[name, told.kind, told.stage, tuple(sorted(told.between))]
        turned = told.between[0] > told.between[1]
        sides[turned].add(one.document_id)
        sides[not turned].add(other.document_id)
    assert found == dict(wanted)
