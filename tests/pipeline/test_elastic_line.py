"""The same line over the real Elasticsearch: the same documents, alerts and account."""

from dataclasses import replace

import pytest

from connectors.backends import open_index
from pipelines.demo.server import DemoSite
from pipelines.runtime import run_bounded
from pipelines.steps.stories import forget_books

pytestmark = pytest.mark.service


@pytest.fixture
def elastic_settings(settings_for, fresh_indices):
    """Settings whose index is a fresh set of indices on the real server, removed at the end."""
    with fresh_indices() as fresh:
        settings = settings_for(index=fresh.location)
        yield replace(settings, index=replace(settings.index, prefix=fresh.prefix))


def findings(settings):
    index = open_index(settings.index, read_only=True)
    try:
        documents = {
            one.article.id: (
                one.article.title,
                one.subjects,
                one.mentions,
                one.claims,
                one.copy_of,
                one.story_id,
            )
            for one in index.documents()
        }
        return documents, {one.id for one in index.alerts()}, index.totals().entries
    finally:
        index.close()


def test_elasticsearch_holds_what_the_embedded_index_holds(elastic_settings, settings_for):
    with DemoSite() as site:
        elastic = replace(elastic_settings, feeds=site.feeds)
        embedded = replace(settings_for(), feeds=site.feeds)
        run_bounded(embedded)
        forget_books()
        run_bounded(elastic)
        index = open_index(elastic.index, read_only=True)
        assert [(one.step, one.detail) for one in index.dead_letters()] == []
        index.close()
        found, wanted = findings(elastic), findings(embedded)
        for key, document in wanted[0].items():
            assert found[0][key] == document
        assert found == wanted
        again = run_bounded(elastic)
        assert "IndexDocuments" not in again.steps
