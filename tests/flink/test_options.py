"""What is told to Beam, to the workers and to people, without a cluster."""

import argparse
import json
import logging
import os
import socket
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import apache_beam as beam
import pytest
from apache_beam.portability.api import beam_provision_api_pb2, endpoints_pb2
from google.protobuf import struct_pb2, text_format

from connectors.feed_shards import FeedShard, begins_here, round_done
from pipelines.cli import main
from pipelines.config_models import MetricsSettings
from pipelines.errors import ServiceError, UserError
from pipelines.flink import (
    FlinkPlan,
    environment_config,
    flink_options,
    log_options,
    worker_script,
)
from pipelines.flink_rest import FlinkRest
from pipelines.flink_runner import renamed
from pipelines.flink_watch import GONE, MISSING_SECS, JobWatch
from pipelines.flink_worker import worker_environment
from pipelines.logs import LEVELS, LogPlan

PLAN = FlinkPlan(rest_url="http://127.0.0.1:1", job_endpoint="localhost:1")


class FakeFlink(ThreadingHTTPServer):
    """Answers what a test put under (method, path); remembers what it was sent."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers, self.sent = {}, []

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/"


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.sent.append((self.command, self.path, json.loads(body) if body else None))
        status, answer = self.server.answers.get((self.command, self.path), (404, {}))
        raw = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    do_POST = do_PATCH = do_GET  # noqa: N815 - the names that http.server asks for

    def log_message(self, *args):
        pass


@pytest.fixture
def fake():
    with FakeFlink() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def overview(*jobs):
    keys = ("jid", "name", "state", "start-time")
    return (200, {"jobs": [dict(zip(keys, job, strict=True)) for job in jobs]})


def test_a_job_is_found_by_name_the_living_before_the_dead(fake):
    fake.answers["GET", "/jobs/overview"] = overview(
        ("a", "vigie", "RUNNING", 1), ("b", "vigie", "FAILED", 2), ("c", "other", "RUNNING", 3)
    )
    rest = FlinkRest(fake.url)
    assert rest.job("vigie").id == "a"
    assert rest.job("b").state == "FAILED"
    assert rest.job("none") is None


def test_a_job_that_the_cluster_forgot_counts_as_gone_after_a_minute(fake):
    now = [0.0]
    watch = JobWatch(FlinkRest(fake.url), "a", clock=lambda: now[0])
    running = overview(("a", "vigie", "RUNNING", 1))
    fake.answers["GET", "/jobs/a/metrics?get=numRestarts"] = (200, [{"value": "2"}])
    fake.answers["GET", "/jobs/overview"] = running
    assert watch.look() is None
    fake.answers["GET", "/jobs/overview"] = overview()
    assert watch.look() is None
    now[0] = MISSING_SECS - 1
    assert watch.look() is None
    fake.answers["GET", "/jobs/overview"] = running
    assert watch.look() is None
    fake.answers["GET", "/jobs/overview"] = overview()
    assert watch.look() is None
    now[0] += MISSING_SECS
    assert watch.look() == GONE


def test_a_silent_cluster_says_nothing_about_the_job(fake):
    now = [0.0]
    watch = JobWatch(FlinkRest(fake.url), "a", clock=lambda: now[0])
    fake.answers["GET", "/jobs/overview"] = (503, {})
    assert watch.look() is None
    now[0] = 10 * MISSING_SECS
    assert watch.look() is None


def test_a_job_that_failed_ends_the_watch(fake):
    fake.answers["GET", "/jobs/overview"] = overview(("a", "vigie", "FAILED", 1))
    assert JobWatch(FlinkRest(fake.url), "a").look() == "FAILED"


def test_a_savepoint_that_fails_says_why(fake):
    fake.answers["POST", "/jobs/a/savepoints"] = (202, {"request-id": "t"})
    failure = {"failure-cause": {"stack-trace": "IOException: disk is full\n\tat x"}}
    fake.answers["GET", "/jobs/a/savepoints/t"] = (
        200,
        {"status": {"id": "COMPLETED"}, "operation": failure},
    )
    with pytest.raises(ServiceError, match=r"no savepoint: IOException: disk is full$"):
        FlinkRest(fake.url).savepoint("a", "file:///s", cancel=True)
    body = {"cancel-job": True, "target-directory": "file:///s"}
    assert ("POST", "/jobs/a/savepoints", body) in fake.sent


def test_a_savepoint_that_ends_the_job_waits_for_its_end(fake):
    fake.answers["POST", "/jobs/a/savepoints"] = (202, {"request-id": "t"})
    fake.answers["GET", "/jobs/a/savepoints/t"] = (
        200,
        {"status": {"id": "COMPLETED"}, "operation": {"location": "file:/s/1"}},
    )
    fake.answers["GET", "/jobs/overview"] = overview(("a", "vigie", "CANCELED", 1))
    assert FlinkRest(fake.url).savepoint("a", cancel=True) == "file:/s/1"
    assert fake.sent[-1][1] == "/jobs/overview"


def failed(cause):
    failure = {"failure-cause": {"stack-trace": cause}}
    return (200, {"status": {"id": "COMPLETED"}, "operation": failure})


STARTING = (
    "java.util.concurrent.CompletionException: CheckpointException: Checkpoint triggering task [8] "
    "is not being executed at the moment. Failure reason: Not all required tasks are currently "
    "running.\n\tat x"
)


def test_a_savepoint_waits_for_tasks_that_are_starting(fake, monkeypatch):
    fake.answers["POST", "/jobs/a/savepoints"] = (202, {"request-id": "t"})
    fake.answers["GET", "/jobs/a/savepoints/t"] = failed(STARTING)
    waited = []

    def start_them(secs):
        waited.append(secs)
        if len(waited) == 3:
            fake.answers["GET", "/jobs/a/savepoints/t"] = (
                200,
                {"status": {"id": "COMPLETED"}, "operation": {"location": "file:/s/2"}},
            )

    monkeypatch.setattr("pipelines.flink_rest.time.sleep", start_them)
    assert FlinkRest(fake.url).savepoint("a") == "file:/s/2"
    assert [path for method, path, _ in fake.sent if method == "POST"] == 4 * ["/jobs/a/savepoints"]


def test_a_savepoint_of_tasks_that_never_start_says_so(fake, monkeypatch):
    fake.answers["POST", "/jobs/a/savepoints"] = (202, {"request-id": "t"})
    fake.answers["GET", "/jobs/a/savepoints/t"] = failed(STARTING)
    monkeypatch.setattr("pipelines.flink_rest.START_SECS", 0.02)
    monkeypatch.setattr("pipelines.flink_rest.LOOK_SECS", 0.01)
    with pytest.raises(ServiceError, match="Not all required tasks are currently running"):
        FlinkRest(fake.url).savepoint("a")


def test_an_answer_that_is_no_answer_names_the_address(fake):
    with pytest.raises(ServiceError, match=r"127\.0\.0\.1:\d+: 404"):
        FlinkRest(fake.url).version()


def test_status_of_a_cluster_without_the_job_ends_with_one(fake, capsys):
    fake.answers["GET", "/jobs/overview"] = overview()
    fake.answers["GET", "/config"] = (200, {"flink-version": "1.19.3"})
    assert main(["flink", "status", "--flink-rest-url", fake.url]) == 1
    assert json.loads(capsys.readouterr().out) == {"flink": "1.19.3", "job": None}


def test_stopping_a_job_that_is_not_there_is_the_users_error(fake, capsys):
    fake.answers["GET", "/jobs/overview"] = overview(("a", "vigie", "FAILED", 1))
    assert main(["flink", "stop", "--flink-rest-url", fake.url]) == 2
    assert "no living job 'vigie'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (["--once"], 2, "--once runs in this process"),
        (["--detach", "--environment-type", "LOOPBACK"], 2, "LOOPBACK"),
        (["--flink-rest-url", "localhost:8081"], 2, "--flink-rest-url: expected http"),
        (["--detach", "--parallelism", "129"], 2, "--parallelism: at most 128, got 129"),
        ([], 3, "does not answer"),
    ],
)
def test_a_run_that_cannot_be_says_so(options, code, said, tmp_path, capsys):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{taken.getsockname()[1]}"
        command = [
            "run", "--runner", "flink", "--flink-rest-url", nobody, "--metrics-port", "0",
            "--feed", "http://127.0.0.1/f", "--index", f"sqlite:{tmp_path}/v.db", *options,
        ]  # fmt: skip
        assert main(command) == code
    assert said in capsys.readouterr().err


def test_a_job_server_that_is_away_is_named(fake, tmp_path, capsys):
    fake.answers["GET", "/jobs/overview"] = overview()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        nobody = f"127.0.0.1:{taken.getsockname()[1]}"
        command = [
            "run", "--runner", "FlinkRunner", "--flink-rest-url", fake.url, "--job-endpoint",
            nobody, "--feed", "http://127.0.0.1/f", "--index", f"sqlite:{tmp_path}/v.db",
            "--metrics-port", "0", "--detach",
        ]  # fmt: skip
        assert main(command) == 3
    assert f"job server {nobody} does not answer" in capsys.readouterr().err


def test_an_address_of_a_job_server_that_cannot_be_is_refused(fake, tmp_path, capsys):
    fake.answers["GET", "/jobs/overview"] = overview()
    command = [
        "run", "--runner", "FlinkRunner", "--flink-rest-url", fake.url, "--job-endpoint",
        "localhost:99999", "--feed", "http://127.0.0.1/f", "--index", f"sqlite:{tmp_path}/v.db",
        "--metrics-port", "0", "--detach",
    ]  # fmt: skip
    assert main(command) == 2
    assert "--job-endpoint: expected HOST:PORT" in capsys.readouterr().err


@pytest.mark.parametrize("wrong", [["--parallelism", "0"], ["--beam-option", "--x=1"]])
def test_a_wrong_option_value_is_refused(wrong, capsys):
    with pytest.raises(SystemExit, match="2"):
        main(["run", "--feed", "http://127.0.0.1/f", *wrong])
    assert "expected" in capsys.readouterr().err


def test_checkpoints_end_bundles_first_and_the_users_options_come_last():
    plan = FlinkPlan(
        rest_url="http://jm:1", job_endpoint="js:1", checkpoint_secs=7, from_savepoint="s3://b/1",
        beam_options=("max_bundle_size=10",),
    )  # fmt: skip
    options = flink_options(plan, "localhost:50000")
    assert "--finish_bundle_before_checkpointing" in options
    assert "--checkpointing_interval=7000" in options
    assert "--savepoint_path=s3://b/1" in options
    assert "--environment_config=localhost:50000" in options
    assert options[-1] == "--max_bundle_size=10"


def test_a_worker_pool_needs_an_address():
    plan = FlinkPlan(rest_url="http://jm:1", job_endpoint="js:1", environment_type="EXTERNAL")
    with pytest.raises(UserError, match="--environment-config"):
        environment_config(plan, MetricsSettings())


def test_process_workers_get_a_script_and_a_port_for_metrics(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    config = json.loads(environment_config(PLAN, MetricsSettings(port=1234)))
    assert config["env"]["VIGIE_METRICS_PORT"] == "1234"
    assert os.access(config["command"], os.X_OK)


def test_the_worker_script_starts_this_python_in_this_folder(tmp_path, monkeypatch):
    folder = tmp_path / "it's here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    script = worker_script()
    assert script == worker_script()
    done = subprocess.run([script, "--help"], capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert "provision_endpoint" in done.stdout


def test_a_step_keeps_its_name_when_others_are_added():
    def names(*labels):
        pipeline = beam.Pipeline()
        values = pipeline | beam.Create([1])
        for label in labels:
            _ = values | label >> beam.Map(str)
        made = renamed(pipeline.to_runner_api())
        steps = made.components.transforms
        for one in steps.values():
            assert set(one.subtransforms) <= set(steps)
        assert set(made.root_transform_ids) <= set(steps)
        return {step.unique_name: name for name, step in steps.items()}

    before, after = names("Kept"), names("Added", "Kept")
    assert len(set(after.values())) == len(after)
    assert {label: after.get(label) for label in before if "/" in label or label == "Kept"} == {
        label: name for label, name in before.items() if "/" in label or label == "Kept"
    }


@pytest.mark.parametrize("level", LEVELS)
def test_the_job_server_knows_every_level_that_it_is_told(level):
    default, overrides, _ = (one.partition("=")[2] for one in log_options(LogPlan(level=level)))
    told = {default, *json.loads(overrides).values()}
    assert told <= {"OFF", "ERROR", "WARN", "INFO", "DEBUG", "TRACE"}
    assert all(isinstance(logging.getLevelName(one), int) for one in told)


def test_a_worker_is_told_what_the_runner_provides():
    options = struct_pb2.Struct()
    options.update({"beam:option:streaming:v1": True})
    info = beam_provision_api_pb2.ProvisionInfo(
        pipeline_options=options,
        logging_endpoint=endpoints_pb2.ApiServiceDescriptor(url="localhost:1"),
        control_endpoint=endpoints_pb2.ApiServiceDescriptor(url="localhost:2"),
        runner_capabilities=["a", "b"],
    )
    args = argparse.Namespace(
        id="1-1", logging_endpoint="", control_endpoint="localhost:3", semi_persist_dir="d"
    )
    variables = worker_environment(args, info)
    assert json.loads(variables["PIPELINE_OPTIONS"]) == {"beam:option:streaming:v1": True}
    assert variables["RUNNER_CAPABILITIES"] == "a b"
    urls = [
        text_format.Parse(variables[f"{name}_API_SERVICE_DESCRIPTOR"],
                          endpoints_pb2.ApiServiceDescriptor()).url
        for name in ("LOGGING", "CONTROL")
    ]  # fmt: skip
    assert urls == ["localhost:1", "localhost:3"]
    assert "STATUS_API_SERVICE_DESCRIPTOR" not in variables


def test_a_process_takes_up_what_is_pending_of_a_shard_when_it_did_not_finish_the_round_before():
    shard = FeedShard(key="3/1000003", feeds=())
    assert begins_here(shard, 0)  # the first round of a job
    round_done(shard, 1)
    assert not begins_here(shard, 1)
    round_done(shard, 2)
    assert not begins_here(shard, 2)
    assert begins_here(shard, 2)  # the round failed and is made again
    round_done(shard, 3)
    assert begins_here(shard, 2)  # the job goes on from an older checkpoint
