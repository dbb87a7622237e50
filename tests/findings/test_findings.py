"""Findings follow the claims, the same on every backend, whoever works at them in which order."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from itertools import chain

import pytest

from connectors.backends import open_index
from connectors.embedded.schema import UPGRADES
from connectors.index import (
    DueDeployment,
    FindingQuery,
    IndexMissing,
    IndexSettings,
    deployments_of,
)
from connectors.records import SourcedClaim
from pipelines.findings import (
    Pace,
    courses_of,
    current_findings,
    make_findings,
    update_findings,
)
from pipelines.findings.keeping import findings_of
from pipelines.rereading import DELETED_KIND

CONTRADICTIONS = FindingQuery(kinds=("contradiction",))


@pytest.fixture
def halves(make):
    """Two papers that differ about the half-year."""
    return (
        make.document("Phare", make.claim("planned", "2025-H1", "Putin"), language="fr"),
        make.document("Wire", make.claim("planned", "2025-H2", "Putin"), hours=5),
    )


def told(index, query=CONTRADICTIONS):
    return [(one.values, one.sources, one.resolution) for one in index.findings(query)]


def test_two_sources_that_differ_are_one_stored_contradiction_with_both_quotes(index, make, halves):
    index.write(halves)
    assert update_findings(index) == 1
    (found,) = index.findings(CONTRADICTIONS)
    assert (found.system, found.place, found.about) == ("oreshnik", "BY", "time")
    assert (found.values, found.sources) == (("2025-H1", "2025-H2"), (1, 1))
    one, other = found.sides[0][0], found.sides[1][0]
    assert (one.outlet, one.language, one.claim.speaker) == ("The Phare", "fr", "Putin")
    assert one.url == halves[0].article.url
    assert one.published_at == make.now
    assert one.claim == halves[0].claims[0]
    assert other.claim.evidence == "The Oreshnik is planned (2025-H2)."
    assert found.opened_at == make.now + timedelta(hours=5)
    assert found.resolved_at is None


def test_what_is_stored_is_what_the_pure_function_says_of_the_documents(index, halves):
    index.write(halves)
    update_findings(index)
    due = DueDeployment(system="oreshnik", place="BY", version=1)
    made = make_findings(due, index.sourced_claims("oreshnik", "BY"))
    stored = {one.id: replace(one, version=1) for one in index.findings(FindingQuery())}
    assert stored == {one.id: one for one in made}


def test_a_second_look_and_a_second_pass_change_nothing(index, halves):
    index.write(halves)
    update_findings(index)
    before = [replace(one, version=0) for one in index.findings(FindingQuery())]
    assert update_findings(index) == 0
    index.write(halves)
    update_findings(index)
    assert [replace(one, version=0) for one in index.findings(FindingQuery())] == before


def test_claims_of_copies_count_once(index, make, halves):
    copies = [
        make.document(f"Copy{n}", *halves[1].claims, hours=6 + n, copy_of=halves[1])
        for n in range(3)
    ]
    index.write([*halves, *copies])
    update_findings(index)
    assert told(index) == [(("2025-H1", "2025-H2"), (1, 1), "")]


def test_a_late_claim_joins_its_side(index, make, halves):
    index.write(halves)
    update_findings(index)
    index.write([make.document("Late", make.claim("possible", "2025-H2", "Putin"), hours=9)])
    update_findings(index)
    assert told(index) == [(("2025-H1", "2025-H2"), (1, 2), "")]
    (found,) = index.findings(CONTRADICTIONS)
    assert found.statuses == ("planned", "possible")


def test_a_revision_of_the_source_resolves_it_and_it_stays_known(index, make, halves):
    index.write(halves)
    update_findings(index)
    index.write([make.revised(halves[0], make.claim("planned", "2025-H2", "Putin"))])
    update_findings(index)
    assert told(index) == [(("2025-H1", "2025-H2"), (1, 1), "revised")]
    (found,) = index.findings(CONTRADICTIONS)
    assert found.resolved_at is not None
    assert found.sides[0][0].claim.when == "2025-H1"
    index.write([make.revised(halves[0], make.claim("planned", "2025-H1", "Putin"))])
    update_findings(index)
    assert told(index) == [(("2025-H1", "2025-H2"), (1, 1), "")]


def test_a_revision_that_takes_the_last_claim_away_resolves_all(index, make, halves):
    index.write(halves)
    update_findings(index)
    index.write([make.revised(one) for one in halves])
    update_findings(index)
    found = index.findings(FindingQuery())
    assert {one.kind for one in found} == {"contradiction", "stage"}
    assert {one.resolution for one in found} == {"revised"}
    assert courses_of(found) == ()


def test_a_deleted_page_resolves_it_and_its_return_opens_it_again(index, halves):
    index.write(halves)
    update_findings(index)
    for gone, resolution in ((True, "deleted"), (False, "")):
        index.put_memory(DELETED_KIND, halves[0].article.id, {"gone": gone})
        index.touch_deployments(deployments_of(halves[0]))
        update_findings(index)
        assert told(index) == [(("2025-H1", "2025-H2"), (1, 1), resolution)]


def test_a_withdrawal_told_of_late_explains_a_stage_that_went_back(index, make):
    index.write(
        [
            make.document("There", make.claim("completed")),
            make.document("Soon", make.claim("planned", "2026"), hours=24 * 90),
        ]
    )
    update_findings(index)
    assert told(index) == [(("completed", "planned"), (1, 1), "")]
    index.write([make.document("Left", make.claim("suspended"), hours=24 * 40)])
    update_findings(index)
    assert told(index) == [(("completed", "planned"), (1, 1), "explained")]


def test_what_the_index_keeps_no_more_expires(make, halves):
    due = DueDeployment(system="oreshnik", place="BY", version=2)
    index = _Forgetful(make_findings(due, [_sourced(one) for one in halves]))
    kept = findings_of(index, due, frozenset())
    assert {one.resolution for one in kept} == {"expired"}


class _Forgetful:
    """An index whose retention dropped the articles, not what was found in them."""

    def __init__(self, stored):
        self.stored = stored

    def sourced_claims(self, *_):
        return []

    def findings(self, _):
        return self.stored

    def get_document(self, _):
        return None


def _sourced(document):
    return SourcedClaim(
        document_id=document.article.id,
        source_id=document.article.id,
        claim=document.claims[0],
        published_at=document.article.published_at,
    )


def test_contradiction_refinement_and_revision_are_told_apart(index, make):
    index.write(
        [
            make.document("Year", make.claim("planned", "2025")),
            make.document("Half", make.claim("planned", "2025-H1", "Putin"), hours=2),
            make.document("Other", make.claim("planned", "2025-H2"), hours=3),
            make.document("Again", make.claim("planned", "2026", "Putin"), hours=24 * 30),
        ]
    )
    update_findings(index)
    kinds = {}
    for one in index.findings(FindingQuery()):
        if one.kind != "stage":
            kinds.setdefault(one.kind, set()).add(one.values)
    assert kinds == {
        "refinement": {("2025", "2025-H1"), ("2025", "2025-H2")},
        "contradiction": {
            ("2025-H1", "2025-H2"),
            ("2025", "2026"),
            ("2025-H2", "2026"),
        },
        "revision": {("2025-H1", "2026")},
    }


def test_a_timeline_has_each_stage_with_its_earliest_source(index, make):
    index.write(
        [
            make.document("Ask", make.claim("requested", speaker="Lukashenko")),
            make.document("Echo", make.claim("requested", speaker="Lukashenko"), hours=2),
            make.document("Duty", make.claim("completed", "2025-12-18"), hours=24 * 380),
            make.document("Plan", make.claim("planned", "2025-H2", "Putin"), hours=1),
            make.document("Else", make.claim("planned", "2026", place=None), hours=1),
        ]
    )
    assert update_findings(index) == 2
    nowhere, belarus = courses_of(index.findings(FindingQuery()))
    assert (nowhere.place, belarus.place) == (None, "BY")
    assert [(s.about, s.sides[0][0].outlet, s.sources, s.values) for s in belarus.stages] == [
        ("requested", "The Ask", (2,), ()),
        ("planned", "The Plan", (1,), ("2025-H2",)),
        ("completed", "The Duty", (1,), ("2025-12-18",)),
    ]


def test_filters_choose_by_kind_place_status_source_and_time(index, make, halves):
    index.write([*halves, make.document("There", make.claim("completed", place="DE"), hours=48)])
    update_findings(index)

    def count(**filters):
        return len(index.findings(FindingQuery(**filters)))

    assert count() == 3
    assert count(kinds=("contradiction",)) == 1
    assert count(kinds=("stage",), places=("DE",)) == 1
    assert count(systems=("typhon",)) == 0
    assert count(statuses=("completed", "denied")) == 1
    assert count(languages=("fr",)) == 2
    assert count(outlets=("The There",)) == 1
    assert count(story_id="story-Wire") == 2
    assert count(since=make.now + timedelta(hours=5)) == 3
    assert count(since=make.now + timedelta(hours=6)) == 1
    assert count(until=make.now) == 0
    assert count(until=make.now + timedelta(hours=1)) == 2
    newest = [one.place for one in index.findings(FindingQuery())]
    assert newest == ["DE", "BY", "BY"]


def test_a_slow_worker_never_replaces_what_a_later_one_found(settings, make, halves):
    slow, fast = open_index(settings), open_index(settings)
    try:
        slow.write(halves[:1])
        (old,) = slow.due_deployments()
        made = make_findings(old, slow.sourced_claims("oreshnik", "BY"))
        fast.write(halves[1:])
        update_findings(fast)
        slow.store_findings(old, made)
        update_findings(fast)
        assert told(fast) == [(("2025-H1", "2025-H2"), (1, 1), "")]
        (planned,) = fast.findings(FindingQuery(kinds=("stage",)))
        assert planned.sources == (2,)
        assert fast.due_deployments() == []
    finally:
        slow.close()
        fast.close()


def test_a_slow_worker_cannot_revive_what_was_revised_meanwhile(settings, make, halves):
    slow, fast = open_index(settings), open_index(settings)
    try:
        slow.write(halves)
        (old,) = slow.due_deployments()
        made = make_findings(old, slow.sourced_claims("oreshnik", "BY"))
        fast.write([make.revised(halves[0], make.claim("planned", "2025-H2", "Putin"))])
        (new,) = fast.due_deployments()
        fresh = make_findings(new, fast.sourced_claims("oreshnik", "BY"))
        slow.store_findings(old, made)
        fast.store_findings(new, fresh)
        update_findings(fast)
        assert [one for one in told(fast) if not one[2]] == []
        assert fast.due_deployments() == []
    finally:
        slow.close()
        fast.close()


def test_what_a_dead_worker_left_is_due_for_the_next(settings, halves):
    index = open_index(settings)
    index.write(halves)
    index.close()
    index = open_index(settings)
    assert [(one.system, one.place) for one in index.due_deployments()] == [("oreshnik", "BY")]
    assert [one.values for one in current_findings(index, CONTRADICTIONS)] == [
        ("2025-H1", "2025-H2")
    ]
    assert index.findings(CONTRADICTIONS) == []
    update_findings(index)
    assert current_findings(index) == index.findings(FindingQuery())
    index.close()


def test_a_claim_touched_while_findings_are_made_leaves_the_deployment_due(index, make, halves):
    index.write(halves)
    (due,) = index.due_deployments()
    index.write([make.document("Late", make.claim("planned", "2025-H2"), hours=7)])
    index.store_findings(due, make_findings(due, []))
    assert [one.version for one in index.due_deployments()] > [due.version]


def test_hostile_claims_are_kept_and_stop_nobody(index, make, halves):
    strange = make.claim("planned", "the day after", speaker="\ud83d'; DROP", evidence="\x00 <b>")
    index.write([make.document("Odd", strange, hours=1), *halves])
    assert update_findings(index) == 1
    assert told(index) == [(("2025-H1", "2025-H2"), (1, 1), "")]
    (planned,) = index.findings(FindingQuery(kinds=("stage",)))
    assert planned.sources == (3,)


def test_a_deployment_rests_nine_times_as_long_as_it_took():
    pace, key = Pace(), ("oreshnik", "BY")
    assert pace.allows(key, 100.0)
    pace.note(key, 100.0, 102.0)
    assert not pace.allows(key, 119.9)
    assert pace.allows(key, 120.0)
    assert pace.allows(("oreshnik", "DE"), 100.0)


def test_an_index_of_the_version_before_is_upgraded_and_its_claims_are_due(tmp_path, make, halves):
    settings = IndexSettings(location=f"sqlite:{tmp_path / 'old.db'}")
    index = open_index(settings)
    index.write(halves)
    index.close()
    made = re.findall(r"CREATE (INDEX|TABLE) (\w+)", " ".join(chain(*UPGRADES.values())))
    with closing(sqlite3.connect(tmp_path / "old.db")) as old:
        for kind, name in sorted(made):
            old.execute(f"DROP {kind} {name}")
        old.execute("PRAGMA user_version = 1")
    with pytest.raises(IndexMissing, match=r"older Vigie.*vigie setup"):
        open_index(settings, read_only=True)
    index = open_index(settings)
    assert index.setup() == [f"upgrade {settings.location}"]
    assert update_findings(index) == 1
    assert told(index) == [(("2025-H1", "2025-H2"), (1, 1), "")]
    index.close()
