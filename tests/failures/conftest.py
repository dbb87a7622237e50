"""Newsrooms, indices of both kinds, and a job over an Elasticsearch that breaks."""

from __future__ import annotations

import os

import broken_elasticsearch
import faulty_proxy
import newsroom
import preloaded
import pytest

from connectors.index import IndexSettings


@pytest.fixture(scope="session")
def newsrooms(prism):
    """The module of the news site and of Vigie's commands over it."""
    return newsroom


@pytest.fixture(scope="session")
def origin():
    """A process that has loaded Vigie, from which the commands are forked."""
    process = preloaded.Preloaded()
    yield process
    process.close()


@pytest.fixture(scope="session")
def faults():
    """The module of the proxy that answers badly."""
    return faulty_proxy


@pytest.fixture
def elastic_index(fresh_indices):
    """Fresh indices on the shared server, removed at the end."""
    with fresh_indices() as settings:
        yield settings


@pytest.fixture(params=["embedded", pytest.param("elastic", marks=pytest.mark.service)])
def index(request, tmp_path):
    """Where an empty index is, of either kind."""
    if request.param == "embedded":
        return IndexSettings(location=f"sqlite:{tmp_path}/vigie.db")
    return request.getfixturevalue("elastic_index")


@pytest.fixture(scope="module")
def broken(tmp_path_factory, elasticsearch_services, origin, prism):
    """An endless job over an Elasticsearch of its own, which has read what is shown."""
    try:
        folder = tmp_path_factory.mktemp("broken")
        trial = broken_elasticsearch.Broken(folder, entries=1000, shown=20, origin=origin)
    except elasticsearch_services.Unavailable as error:
        if os.environ.get("CI") == "true":
            pytest.fail(str(error), pytrace=False)
        pytest.skip(str(error))
    try:
        trial.set_up()
        trial.start_job()
        yield trial
    finally:
        trial.close()
