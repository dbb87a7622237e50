"""The seed site gives what its labels say, through the command and over real sockets."""

import json
from dataclasses import replace
from datetime import datetime

import pytest

from connectors.backends import open_index
from connectors.index import FindingQuery
from pipelines.runtime import run_bounded

SEED_BASE = b"http://127.0.0.1:8000"


@pytest.fixture(scope="module")
def labels_of():
    def read(seeds):
        return json.loads((seeds.parent / "seeds-labels.json").read_text(encoding="utf-8"))

    return read


@pytest.fixture
def feeds(site, seeds):
    """Serve the seed site on a free port, its own addresses put right; give its feeds."""
    types = {".xml": "application/xml", ".html": "text/html"}
    for path in seeds.rglob("*.*"):
        raw = path.read_bytes().replace(SEED_BASE, site.base.encode())
        site.page(f"/{path.relative_to(seeds)}", raw, types[path.suffix])
    return f"{site.base}/feed.xml", f"{site.base}/atom.xml"


@pytest.fixture
def run_over_seeds(feeds, settings_for):
    """Read the seed site into the embedded index."""
    settings = settings_for(*feeds)
    run_bounded(settings)
    index = open_index(settings.index, read_only=True)
    yield index
    index.close()


def test_titles_dates_outlets_and_copies_are_those_of_the_labels(run_over_seeds, seeds, labels_of):
    labels = labels_of(seeds)["documents"]
    documents = {one.article.title: one for one in run_over_seeds.documents()}
    assert set(documents) == {label["title"] for label in labels}
    paths = {label["path"]: label["title"] for label in labels}
    for label in labels:
        found = documents[label["title"]]
        assert found.article.language == label["language"]
        assert found.article.outlet == label["outlet"]
        assert found.article.published_at == datetime.fromisoformat(label["published_at"])
        original = label["copy_of"] and documents[paths[label["copy_of"]]].article.id
        assert found.copy_of == original


def test_every_subject_of_the_labels_is_found_and_no_furniture(run_over_seeds, seeds, labels_of):
    documents = {one.article.title: one for one in run_over_seeds.documents()}
    found = {
        (title, subject) for title, document in documents.items() for subject in document.subjects
    }
    wanted = {
        (label["title"], subject)
        for label in labels_of(seeds)["documents"]
        for subject in label["subjects"]
    }
    assert not found - wanted
    assert not wanted - found


def test_the_account_adds_up(run_over_seeds):
    totals = run_over_seeds.totals()
    assert totals.entries == {"indexed": 6, "duplicate": 3}
    assert totals.documents == 6


def check_contradiction(index):
    (found,) = index.findings(FindingQuery(kinds=("contradiction",)))
    assert (found.system, found.place, found.about) == ("oreshnik", "BY", "time")
    assert found.values == ("2025-H1", "2025-H2")
    assert found.resolved_at is None
    for side in found.sides:
        first = side[0]
        assert first.claim.evidence
        assert first.outlet
        assert first.published_at
        assert first.url.startswith("http")
    assert index.due_deployments() == []
    stages = index.findings(FindingQuery(kinds=("stage",), systems=("oreshnik",)))
    assert {one.place for one in stages} >= {"BY"}


def test_the_half_years_of_2025_are_the_one_contradiction_and_it_is_stored(run_over_seeds):
    check_contradiction(run_over_seeds)


@pytest.mark.service
def test_elasticsearch_stores_the_same_one_contradiction(feeds, settings_for, fresh_indices):
    with fresh_indices() as fresh:
        settings = settings_for(*feeds, index=fresh.location)
        settings = replace(settings, index=replace(settings.index, prefix=fresh.prefix))
        run_bounded(settings)
        index = open_index(settings.index, read_only=True)
        try:
            check_contradiction(index)
        finally:
            index.close()
