"""A Flink cluster for the session, and Vigie over a site of sixty entries."""

import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import elasticsearch_server
import flink_cluster
import flink_jobs
import flink_trial
import pytest


@pytest.fixture(scope="session")
def flink():
    """ZooKeeper, a JobManager, two TaskManagers, Beam's job server; all must be there in CI."""
    try:
        cluster = flink_cluster.FlinkCluster(slots=2, keeper=True)
        cluster.start(task_managers=2)
    except flink_cluster.Unavailable as error:
        if os.environ.get("CI") == "true":
            pytest.fail(str(error), pytrace=False)
        pytest.skip(str(error))
    yield cluster
    cluster.close()


@pytest.fixture(scope="session")
def flink_site():
    with flink_jobs.NewsSite(feeds=6, entries=60, hosts=3) as site:
        yield site


@pytest.fixture(scope="session")
def reference(flink_site, tmp_path_factory):
    """The index of an undisturbed pass on the DirectRunner's engine over the sixty entries."""
    vigie = flink_jobs.Vigie(None, flink_site, tmp_path_factory.mktemp("reference"))
    index = f"sqlite:{vigie.folder}/vigie.db"
    vigie.run_once(index)
    return index


@pytest.fixture
def vigie(flink, flink_site, reference, tmp_path):
    """Vigie with no job on the cluster, before and after; the site shows what a test lets it."""
    made = flink_jobs.Vigie(flink, flink_site, tmp_path)
    yield made
    for job, state in flink.jobs().items():
        if state in {"CREATED", "RUNNING", "RESTARTING", "INITIALIZING"}:
            made.flink("cancel", "--job-name", job)
    flink_site.shown = flink_site.entries
    flink_site.opened.set()


@pytest.fixture
def trial(flink, flink_site, vigie, tmp_path):
    """A job at parallelism 4 over two TaskManagers with two slots each, not submitted yet."""
    flink_site.shown = 15
    index = f"sqlite:{tmp_path}/vigie.db"
    return flink_trial.Trial(flink, vigie, index, parallelism=4)


@pytest.fixture
def served_trial(trial, elasticsearch, receiver):
    """The same at parallelism 2, with an Elasticsearch of its own and a webhook for alerts."""
    trial.index, trial.elasticsearch, trial.outage_secs = elasticsearch.url, elasticsearch, 5
    trial.parallelism = 2
    url = f"http://127.0.0.1:{receiver.server_port}/"
    trial.vigie.channels = {"hook": {"type": "webhook", "url": url}}
    trial.vigie.set_up(trial.index)
    return trial


@pytest.fixture
def agree(reference):
    """Return a function that tells whether a trial made what the undisturbed pass made."""

    def compare(trial):
        faults = dict.fromkeys(flink_trial.FAULTS, 0)
        found = flink_trial.compare(trial, reference)
        assert {key: found[key] for key in faults} == faults
        assert found["alerts"] > 0
        return found["ledger"]

    return compare


@pytest.fixture
def elasticsearch():
    """A real Elasticsearch of this test's own, which it may kill."""
    quick = elasticsearch_server.QUICK_START
    try:
        server = elasticsearch_server.ElasticsearchServer(java_options=quick)
        server.start()
    except elasticsearch_server.Unavailable as error:
        if os.environ.get("CI") == "true":
            pytest.fail(str(error), pytrace=False)
        pytest.skip(str(error))
    yield server
    server.close()


class Receiver(ThreadingHTTPServer):
    """A webhook that refuses the first request and takes the others."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Hook)
        self.keys = []


class _Hook(BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.keys.append(self.headers["Idempotency-Key"])
        self.send_response(500 if len(self.server.keys) == 1 else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture
def receiver():
    with Receiver() as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.shutdown()
