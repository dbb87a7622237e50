"""The same metrics on a real Flink cluster, from two worker processes, beside Flink's own."""

import json
import os
import urllib.request

import flink_cluster
import flink_jobs
import pytest

from connectors import metrics

ENTRIES = 20
REPORTER_PORTS = 10
REPORTER = {
    "metrics.reporters": "prom",
    "metrics.reporter.prom.factory.class": (
        "org.apache.flink.metrics.prometheus.PrometheusReporterFactory"
    ),
}
STEPS = {
    "PollFeeds", "DropSeen", "FetchPages", "ExtractArticles", "DetectMentions", "ExtractClaims",
    "GroupStories", "IndexDocuments", "SendAlerts",
}  # fmt: skip

pytestmark = [pytest.mark.service, pytest.mark.slow, pytest.mark.timeout(600)]


def read(port, path="/metrics"):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as reply:
            return reply.read().decode()
    except OSError:
        return ""


def names(text):
    return {line.split()[2] for line in text.splitlines() if line.startswith("# TYPE ")}


@pytest.fixture(scope="module")
def cluster():
    port = flink_cluster.free_port()
    # The JobManager's reporter and the TaskManager's each take one of them.
    ports = f"{port}-{min(port + REPORTER_PORTS, 65535)}"
    try:
        made = flink_cluster.FlinkCluster(
            slots=2, settings={**REPORTER, "metrics.reporter.prom.port": ports}
        )
        made.start()
    except flink_cluster.Unavailable as error:
        if os.environ.get("CI") == "true":
            pytest.fail(str(error), pytrace=False)
        pytest.skip(str(error))
    yield made
    made.close()


@pytest.fixture(scope="module")
def base_port():
    """The first port of the workers, with the next ones free as well."""
    return flink_cluster.free_port()


@pytest.fixture(scope="module")
def job(cluster, base_port, tmp_path_factory):
    """A detached job with two worker processes that has indexed all entries and goes on idly."""
    with flink_jobs.NewsSite(feeds=3, entries=ENTRIES, hosts=2) as site:
        vigie = flink_jobs.Vigie(cluster, site, tmp_path_factory.mktemp("flink"))
        index = f"sqlite:{vigie.folder}/vigie.db"
        vigie.submit(
            index, "--parallelism", "2", "--workers", "2", "--metrics-port", str(base_port),
            "--log-level", "INFO", "--log-format", "json",
        )  # fmt: skip
        vigie.wait_until(lambda: vigie.entries(index).get("indexed", 0) == ENTRIES)
        yield vigie
        vigie.flink("cancel")


@pytest.fixture(scope="module")
def ports(job, base_port):
    """The ports that Prometheus's service discovery would be told."""
    (group,) = json.loads(read(base_port, "/targets"))
    return [int(target.rpartition(":")[2]) for target in group["targets"]]


def test_every_worker_process_serves_every_metric_under_the_same_name(ports):
    served_here = names_of_this_process()
    assert len(ports) == 2
    for port in ports:
        ours = {name for name in names(read(port)) if name.startswith("vigie_")}
        assert ours == served_here


def names_of_this_process():
    families = (family for family in metrics.REGISTRY.collect() if family.name.startswith("vigie_"))
    return {
        f"{family.name}_total" if family.type == "counter" else family.name for family in families
    }


def test_a_real_prometheus_finds_the_workers_and_their_counters_add_up(
    ports, start_prometheus, await_true
):
    server = start_prometheus(*ports)
    counted = 'sum by (step) (vigie_step_inputs_total{{step="{}"}})'
    await_true(
        lambda: (
            server.query('sum(vigie_step_inputs_total{step="IndexDocuments",outcome="ok"})')
            and server.query('count(up{job="vigie"} == 1)')[0]["value"][1] == "2"
        ),
        "both workers",
    )
    (indexed,) = server.query('sum(vigie_step_inputs_total{step="IndexDocuments",outcome="ok"})')
    assert int(indexed["value"][1]) == ENTRIES
    for step in STEPS:
        (found,) = server.query(counted.format(step))
        assert float(found["value"][1]) >= ENTRIES, step
    (lag,) = server.query('sum(vigie_lag_seconds_count{kind="processing"})')
    assert int(lag["value"][1]) == ENTRIES
    await_true(
        lambda: (
            server.query('max(vigie_entries{outcome="indexed"})')[0]["value"][1] == str(ENTRIES)
        ),
        "the gauges of the index, which the job reads by itself",
    )
    (unaccounted,) = server.query("max(vigie_entries_unaccounted)")
    assert unaccounted["value"][1] == "0"
    (rule,) = server.query("max(vigie_index_up)")
    assert rule["value"][1] == "1"


def test_the_watermark_goes_on_while_no_feed_has_news(ports, await_true):
    def watermark():
        lines = [line for port in ports for line in read(port).splitlines()]
        values = [line.split()[1] for line in lines if line.startswith("vigie_watermark")]
        return max((float(one) for one in values if one != "NaN"), default=0)

    first = await_true(watermark, "a watermark")
    await_true(lambda: watermark() > first + 5, "its progress")


def test_flinks_own_reporter_has_no_word_of_ours_but_the_watermark_of_each_step(
    cluster, job, await_true
):
    first, last = map(int, cluster.settings["metrics.reporter.prom.port"].split("-"))

    def told():
        return "".join(read(port) for port in range(first, last + 1))

    await_true(
        lambda: "flink_taskmanager_job_task_operator_currentOutputWatermark" in names(told()),
        "Flink's watermarks",
    )
    assert not [line for line in told().splitlines() if "vigie_" in line.split("{")[0]]


def test_the_workers_logs_reach_flinks_log_as_json(cluster, job, ports):
    lines = [
        json.loads(line[line.index('{"@timestamp"') :])
        for line in cluster.log("task_manager_1").splitlines()
        if '{"@timestamp"' in line
    ]
    assert lines
    assert all({"log.level", "log.logger", "message", "process.pid"} <= set(one) for one in lines)
