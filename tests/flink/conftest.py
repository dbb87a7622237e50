"""A Flink cluster for the session, and Vigie over a site of sixty entries."""

import importlib.util
import os
import sys
from pathlib import Path

import pytest

SERVICES = Path(__file__).parents[1] / "services"


def load(name):
    """Import ``tests/services/NAME.py``, which is no package."""
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, SERVICES / f"{name}.py")
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


@pytest.fixture(scope="session")
def flink():
    """A JobManager, a TaskManager and Beam's job server; missing parts fail with CI=true."""
    module = load("flink_cluster")
    try:
        cluster = module.FlinkCluster(slots=2)
        cluster.start()
    except module.Unavailable as error:
        if os.environ.get("CI") == "true":
            pytest.fail(str(error), pytrace=False)
        pytest.skip(str(error))
    yield cluster
    cluster.close()


@pytest.fixture(scope="session")
def flink_site():
    module = load("flink_jobs")
    with module.NewsSite(feeds=6, entries=60, hosts=3) as site:
        yield site


@pytest.fixture(scope="session")
def expected(flink_site, tmp_path_factory):
    """What an undisturbed pass on the DirectRunner's engine makes of the sixty entries."""
    vigie = load("flink_jobs").Vigie(None, flink_site, tmp_path_factory.mktemp("reference"))
    index = f"sqlite:{vigie.folder}/vigie.db"
    vigie.run_once(index)
    return vigie.documents(index)


@pytest.fixture
def vigie(flink, flink_site, expected, tmp_path):
    """Vigie with no job on the cluster, before and after; the site shows what a test lets it."""
    module = load("flink_jobs")
    made = module.Vigie(flink, flink_site, tmp_path)
    yield made
    for job, state in flink.jobs().items():
        if state in {"CREATED", "RUNNING", "RESTARTING", "INITIALIZING"}:
            made.flink("cancel", "--job-name", job)
    flink_site.shown = flink_site.entries
    flink_site.opened.set()
