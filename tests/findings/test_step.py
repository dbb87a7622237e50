"""CompareClaims in a pipeline: the index ends with the findings, on either of Beam's runners."""

from __future__ import annotations

from dataclasses import replace

import apache_beam as beam
import pytest

from connectors.backends import open_index
from connectors.index import FindingQuery, IndexSettings
from connectors.metrics import STEP_INPUTS
from pipelines.findings import update_findings
from pipelines.runners import bounded_pipeline, streaming_pipeline
from pipelines.steps.findings import CompareClaims, ids_of_told
from pipelines.steps.indexing import IndexDocuments


@pytest.fixture
def sqlite(tmp_path):
    settings = IndexSettings(location=f"sqlite:{tmp_path / 'vigie.db'}")
    open_index(settings).close()
    return settings


@pytest.fixture
def news(make):
    """Two papers that differ, a copy, and one without a claim."""
    first = make.document("Phare", make.claim("planned", "2025-H1", "Putin"))
    second = make.document("Wire", make.claim("planned", "2025-H2", "Putin"), hours=5)
    copy = make.document("Echo", *second.claims, hours=6, copy_of=second)
    return [first, second, copy, make.document("Silent", hours=1)]


def run(pipeline, documents, settings):
    indexed = pipeline | beam.Create(documents) | IndexDocuments(settings)
    _ = indexed.out | CompareClaims(settings)
    pipeline.run().wait_until_finish()


def told(settings):
    index = open_index(settings)
    try:
        left = update_findings(index)
        found = index.findings(FindingQuery(kinds=("contradiction",)))
        return [(one.values, one.sources, one.resolution) for one in found], left
    finally:
        index.close()


def inputs():
    return {
        outcome: STEP_INPUTS.labels("CompareClaims", outcome)._value.get()
        for outcome in ("ok", "no_claims")
    }


def test_a_bounded_pass_ends_with_the_findings_and_counts_every_document(sqlite, news):
    before = inputs()
    run(bounded_pipeline(), news, sqlite)
    assert told(sqlite) == ([(("2025-H1", "2025-H2"), (1, 1), "")], 0)
    after = inputs()
    assert {key: after[key] - before[key] for key in after} == {"ok": 3, "no_claims": 1}


def test_only_documents_that_may_change_findings_are_told_of(make, news):
    assert [ids_of_told(one) for one in news] == [[one.article.id] for one in news[:3]] + [[]]
    revised = make.revised(news[0])
    assert ids_of_told(replace(revised, claims=(), revision=2)) == [revised.article.id]


def test_a_revision_that_takes_a_claim_away_resolves_in_the_next_pass(sqlite, news, make):
    run(bounded_pipeline(), news, sqlite)
    run(bounded_pipeline(), [make.revised(news[0])], sqlite)
    assert told(sqlite)[0] == [(("2025-H1", "2025-H2"), (1, 1), "revised")]


def test_many_documents_in_one_bundle_compare_their_deployment_once(sqlite, make):
    documents = [
        make.document(f"p{n}", make.claim("planned", f"2025-H{n % 2 + 1}"), hours=n % 40)
        for n in range(60)
    ]
    run(bounded_pipeline(), documents, sqlite)
    assert told(sqlite)[0] == [(("2025-H1", "2025-H2"), (30, 30), "")]
    index = open_index(sqlite)
    (stage,) = index.findings(FindingQuery(kinds=("stage",)))
    index.close()
    assert stage.sources == (60,)
    assert len(stage.sides[0]) == 5


@pytest.mark.slow
def test_prism_gives_the_same(sqlite, news, prism):
    with streaming_pipeline(prism) as pipeline:
        run(pipeline, news, sqlite)
    assert told(sqlite)[0] == [(("2025-H1", "2025-H2"), (1, 1), "")]
