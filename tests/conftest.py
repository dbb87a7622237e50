"""Real services for the tests, started once a session and ended by their process ids."""

from __future__ import annotations

import os
import secrets
from contextlib import contextmanager
from typing import TYPE_CHECKING

import elasticsearch_server
import pytest
import small_site
from alone import alone
from hypothesis import settings as properties

from pipelines.prism import obtain_prism

properties.register_profile("vigie", deadline=None)
properties.load_profile("vigie")
"""These machines are noisy: no property is about time."""

if TYPE_CHECKING:
    from types import ModuleType


TOGETHER = ("flink", "kibana")
"""What is slow to start: one process runs all tests whose folder or file is called so."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give each process whole files, or whole folders, so that fixtures are made once."""
    for item in items:
        called = item.path.parent.name, item.path.stem.removeprefix("test_")
        shared = next((name for name in TOGETHER if name in called), str(item.path))
        item.add_marker(pytest.mark.xdist_group(shared))


def skip_or_fail(reason: str) -> None:
    """A service that is missing is a gap on a laptop and a failure in CI."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


site, settings, policy = small_site.site, small_site.settings, small_site.policy
"""For every folder that has no fixtures of these names of its own."""


@pytest.fixture(scope="session")
def prism() -> str:
    """The path of Prism, built with Go where there is none: no test's deadline is for that."""
    with alone("prism"):
        found = obtain_prism()
    if found is None:
        skip_or_fail("no Prism binary: install Go, or put prism on the PATH")
    return str(found)


@pytest.fixture(scope="session")
def elasticsearch_services() -> ModuleType:
    """The module that starts servers, for tests that stop and restart one of their own."""
    return elasticsearch_server


@pytest.fixture(scope="session")
def elasticsearch_url(elasticsearch_services):
    """The address of a running Elasticsearch: ``ELASTICSEARCH_URL`` or one of our own."""
    given = os.environ.get("ELASTICSEARCH_URL")
    if given:
        if elasticsearch_services.ping(given) is None:
            skip_or_fail(f"nothing answers at ELASTICSEARCH_URL={given}")
        yield given
        return
    try:
        quick = elasticsearch_services.QUICK_START
        server = elasticsearch_services.ElasticsearchServer(java_options=quick)
        server.start()
    except elasticsearch_services.Unavailable as error:
        skip_or_fail(str(error))
    yield server.url
    server.close()


@pytest.fixture(scope="session")
def fresh_indices(elasticsearch_url):
    """A context manager: settings of empty indices on the shared server, gone at its end."""
    from elasticsearch import Elasticsearch

    from connectors.backends import open_index
    from connectors.index import IndexSettings

    @contextmanager
    def made():
        settings = IndexSettings(location=elasticsearch_url, prefix=f"t{secrets.token_hex(5)}")
        index = open_index(settings)
        index.setup()
        index.close()
        try:
            yield settings
        finally:
            with Elasticsearch(elasticsearch_url, request_timeout=60) as client:
                for name in client.indices.get(index=f"{settings.prefix}-*"):
                    client.indices.delete(index=name)
                client.indices.delete_index_template(name=f"{settings.prefix}-*")
                client.cluster.delete_component_template(name=f"{settings.prefix}-*")
                client.ingest.delete_pipeline(id=f"{settings.prefix}-*")

    return made
