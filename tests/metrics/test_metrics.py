"""The façade: bounded series, what counts as late or wrong, and the small server."""

import json
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from datetime import datetime, timedelta, timezone
from http.server import HTTPServer, SimpleHTTPRequestHandler
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry, Counter

from connectors import metrics
from connectors.elastic.decisions import BLOCKED, refusal_reason
from connectors.metrics_bounded import (
    MOST_FEEDS,
    OTHER,
    BoundedCounter,
    FeedCollector,
    FeedFigures,
)
from connectors.metrics_http import make_app, start_server

ROOT = Path(__file__).parents[2]
NOW = datetime(2025, 3, 1, tzinfo=timezone.utc)

MANY = """
from datetime import datetime, timezone
from prometheus_client import generate_latest
from connectors import metrics
from connectors.records import Feed, PollState
from pipelines.gauges import judge_feeds, _show_feeds

now = datetime.now(timezone.utc)
feeds = [Feed(id=f"feed-{n}", url=f"https://o{n}.example/", language="ru") for n in range(10000)]
states = {
    feed.id: PollState(feed_id=feed.id, url=feed.url, entries_new=3, overflows=1, last_poll_at=now)
    for feed in feeds
}
_show_feeds(judge_feeds(feeds, states, now=now, watched_since=now))
for n in range(5000):
    metrics.MENTIONS.labels(f"subject-{n}").inc()
for step in range(12):
    for outcome in range(25):
        metrics.count(f"Step{step}", f"outcome-{outcome}")
    metrics.STEP_SECONDS.labels(f"Step{step}").observe(1)
for channel in range(10):
    metrics.ALERTS.labels(f"channel-{channel}", "sent").inc()
text = generate_latest().decode()
print(sum(not line.startswith("#") for line in text.splitlines()))
"""


def test_ten_thousand_feeds_make_at_most_two_thousand_series():
    done = subprocess.run(
        [sys.executable, "-c", MANY], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert 1000 < int(done.stdout) <= 2000


def test_what_comes_after_the_bound_counts_as_other():
    registry = CollectorRegistry()
    counter = Counter("things_total", "Things.", ["name"], registry=registry)
    bounded = BoundedCounter(counter, 2)
    for name in ("a", "b", "c", "d", "a"):
        bounded.labels(name).inc()
    assert registry.get_sample_value("things_total", {"name": "a"}) == 2
    assert registry.get_sample_value("things_total", {"name": OTHER}) == 2
    assert registry.get_sample_value("things_total", {"name": "c"}) is None


def test_feeds_beyond_the_bound_are_summed_and_none_is_lost():
    registry = CollectorRegistry()
    collector = FeedCollector()
    registry.register(collector)
    collector.show(
        FeedFigures(feed=f"{n:05}", language="fr", entries=2, overflows=1)
        for n in range(MOST_FEEDS + 7)
    )
    entries, overflows = collector.collect()
    assert len(entries.samples) == len(overflows.samples) == MOST_FEEDS + 1
    assert sum(one.value for one in entries.samples) == 2 * (MOST_FEEDS + 7)
    labels = {"feed": OTHER, "language": OTHER}
    assert registry.get_sample_value("vigie_feed_overflows_total", labels) == 7


def negative(kind):
    return metrics.REGISTRY.get_sample_value("vigie_lag_negative_total", {"kind": kind})


def test_a_date_in_the_future_counts_as_no_lag_and_as_a_wrong_clock():
    before = negative("discovery")
    metrics.observe_lag("discovery", NOW + timedelta(seconds=30), NOW)
    assert negative("discovery") == before
    metrics.observe_lag("discovery", NOW + timedelta(hours=2), NOW)
    assert negative("discovery") == before + 1


def last_success(step):
    return metrics.REGISTRY.get_sample_value("vigie_last_success_timestamp_seconds", {"step": step})


def test_a_step_succeeds_by_any_outcome_that_is_its_work_and_not_by_a_failure():
    metrics.count("OnlyFails", "timeout")
    assert last_success("OnlyFails") is None
    metrics.count("OnlyRepeats", "not_modified")
    assert last_success("OnlyRepeats") > 1_700_000_000


@pytest.mark.parametrize(
    ("age", "lateness", "number"), [(5.0, 0.0, 0), (None, 0.0, 1), (61.0, 0.0, 1), (61.0, 301.0, 2)]
)
def test_ready_is_who_knows_the_index_and_polls_in_time(age, lateness, number):
    assert len(metrics.readiness_faults(age, lateness)) == number


@pytest.fixture
def server():
    faults = []
    started = start_server(make_app(CollectorRegistry(), faults.copy), 0, "127.0.0.1")
    started.faults = faults
    yield started
    started.shutdown()
    started.server_close()


def ask(server, path, method="GET"):
    request = urllib.request.Request(f"http://127.0.0.1:{server.server_port}{path}", method=method)
    try:
        with urllib.request.urlopen(request, timeout=10) as reply:
            return reply.status, reply.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


def test_the_server_answers_its_paths_and_nothing_else(server):
    assert ask(server, "/healthz") == (200, b"ok\n")
    assert ask(server, "/metrics")[0] == 200
    assert ask(server, "/")[0] == 404
    assert ask(server, "/metrics", "POST")[0] == 405


def test_a_port_that_is_taken_is_passed_over_and_a_foreign_address_is_no_crash(server):
    port = metrics.serve_metrics(server.server_port)
    assert port is not None
    assert server.server_port < port < server.server_port + metrics.PORT_ATTEMPTS
    assert metrics.serve_metrics(0, "192.0.2.1") is None
    assert metrics.serve_metrics(0, "no such host") is None


def test_who_asks_one_process_learns_of_all_on_this_machine(server):
    port = metrics.serve_metrics(server.server_port)
    first = start_server(
        make_app(CollectorRegistry(), list, range(server.server_port, port + 1)), 0, "127.0.0.1"
    )
    (group,) = json.loads(ask(first, "/targets")[1])
    own = [f"127.0.0.1:{n}" for n in (server.server_port, port)]
    assert [one for one in group["targets"] if one in own] == own  # Others may run beside it.
    first.shutdown()
    first.server_close()
    assert json.loads(ask(server, "/targets")[1])[0]["targets"] == [
        f"127.0.0.1:{server.server_port}"
    ]


def test_another_service_on_a_port_of_the_range_is_no_target(server):
    foreign = HTTPServer(("127.0.0.1", 0), SimpleHTTPRequestHandler)
    threading.Thread(target=foreign.serve_forever, daemon=True).start()
    silent = socket.create_server(("127.0.0.1", 0))
    closed = socket.create_server(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in (foreign.socket, silent, closed)]
    closed.close()
    first = start_server(
        make_app(CollectorRegistry(), list, [server.server_port, *ports]), 0, "127.0.0.1"
    )
    try:
        (group,) = json.loads(ask(first, "/targets")[1])
    finally:
        for one in (first, foreign):
            one.shutdown()
            one.server_close()
        silent.close()
    # Who accepts and says nothing may be a worker of ours that computes.
    assert group["targets"] == [f"127.0.0.1:{n}" for n in (server.server_port, ports[1])]


def test_refusals_are_counted_by_what_the_server_said():
    assert {refusal_reason(status) for status in range(400, 600)} <= set(metrics.REFUSALS)
    assert refusal_reason(429, "es_rejected_execution_exception") == "busy"
    assert refusal_reason(403, BLOCKED) == "blocked"
    assert refusal_reason(401) == "forbidden"
