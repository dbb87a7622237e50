"""Contradiction, refinement or revision; and the timeline of a deployment."""

from datetime import datetime, timezone

from connectors.records import Claim
from pipelines.claims import SourcedClaim, contradictions, timeline


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
