"""Run the monitor on Apache Flink: options, submission, and watching over the job.

The pipeline is the one of every other runner (``pipelines/monitor.py``). Flink keeps its state
in checkpoints and starts it again after failures; savepoints carry it over upgrades and changes
of parallelism. The index stays the memory: losing all of Flink's state costs work only.
"""

from __future__ import annotations

import json
import logging
import os
import shlex
import socket
import stat
import sys
import threading
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import apache_beam as beam
import grpc
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.runner import PipelineState

from connectors import metrics
from connectors.records import stable_id
from pipelines.endless import watch_outbox
from pipelines.errors import ServiceError, UserError
from pipelines.flink_rest import FlinkJob, FlinkRest
from pipelines.flink_runner import StableRunner
from pipelines.flink_watch import GONE, JobWatch
from pipelines.flink_worker import METRICS_ADDRESS, METRICS_PORT
from pipelines.logs import LogPlan, level_overrides, worker_experiment
from pipelines.monitor import build_monitor
from pipelines.runtime import listening, opened_index, plan_of

if TYPE_CHECKING:
    from pipelines.config_models import MetricsSettings
    from pipelines.endless import Stop
    from pipelines.plan import Plan
    from pipelines.settings import Settings

log = logging.getLogger(__name__)

FLINK_VERSION = "1.19"
JOB_NAME = "vigie"
CHECKPOINT_SECS = 10
BUNDLE_MS = 200
"""Longest wait of a bundle for more elements: three shuffles lie between feed and index."""

MAX_PARALLELISM = 128
"""Number of key groups: fixed once a savepoint exists, so the ceiling of every later rescale."""

SUBMIT_SECS = 120
LOOK_SECS = 2.0
CONNECT_SECS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class FlinkPlan:
    """Where the cluster is and how the job runs there.

    Args:
        rest_url: the JobManager's REST address.
        job_endpoint: HOST:PORT of Beam's job server.
        job_name: the job's name on the cluster; at most one living job has it.
        parallelism: number of parallel parts of each step.
        workers: Python processes per TaskManager.
        checkpoint_secs: interval of the checkpoints.
        from_savepoint: path of the savepoint to resume from, as the cluster sees it.
        savepoint_dir: where a savepoint at the end goes; the cluster's default if None.
        environment_type: PROCESS, EXTERNAL, LOOPBACK or DOCKER.
        environment_config: PROCESS: the command (default: a generated script); EXTERNAL:
            HOST:PORT of the worker pool; DOCKER: the image.
        adopt: whether an attached run takes over a living job of that name, as it was submitted,
            instead of refusing; for supervisors that start this process again.
        beam_options: further ``name=value`` options of Beam or its Flink runner; they win.
    """

    rest_url: str
    job_endpoint: str
    job_name: str = JOB_NAME
    parallelism: int = 1
    workers: int = 1
    checkpoint_secs: int = CHECKPOINT_SECS
    from_savepoint: str | None = None
    savepoint_dir: str | None = None
    environment_type: str = "PROCESS"
    environment_config: str | None = None
    adopt: bool = False
    beam_options: tuple[str, ...] = ()


def log_options(logs: LogPlan) -> list[str]:
    """Return the Beam options that make the workers log as this process does.

    The job server, written in Java, refuses a job that names a level it does not know.

    >>> log_options(LogPlan(level="WARNING"))[0]
    '--default_sdk_harness_log_level=WARN'
    """
    overrides = {name: _java_level(level) for name, level in level_overrides(logs.level).items()}
    return [
        f"--default_sdk_harness_log_level={_java_level(logs.level)}",
        f"--sdk_harness_log_level_overrides={json.dumps(overrides)}",
        f"--experiments={worker_experiment(logs)}",
    ]


def _java_level(level: str) -> str:
    """Return the level's name in Beam's Java SDK, which Python's logging knows as well."""
    return "WARN" if level == "WARNING" else level


def flink_options(plan: FlinkPlan, environment_config: str | None) -> list[str]:
    """Return the Beam options for ``plan``.

    >>> plan = FlinkPlan(rest_url="http://jm:8081", job_endpoint="js:8099", parallelism=2)
    >>> "--parallelism=2" in flink_options(plan, None)
    True
    """
    options = [
        "--streaming",
        f"--job_name={plan.job_name}",
        f"--job_endpoint={plan.job_endpoint}",
        f"--job_server_timeout={SUBMIT_SECS}",
        f"--flink_version={FLINK_VERSION}",
        f"--parallelism={plan.parallelism}",
        f"--max_parallelism={MAX_PARALLELISM}",
        f"--sdk_worker_parallelism={plan.workers}",
        f"--checkpointing_interval={plan.checkpoint_secs * 1000}",
        # Without it a checkpoint can wait for a bundle that waits for the checkpoint: 5 of 8
        # starts hung.
        "--finish_bundle_before_checkpointing",
        f"--max_bundle_time_mills={BUNDLE_MS}",
        # The flag turns chaining off: Beam's Impulse has no uid, and Flink's own name for it
        # depends on what is chained to it, so on the parallelism. A savepoint must fit any.
        "--operator_chaining",
        f"--environment_type={plan.environment_type}",
    ]
    if environment_config:
        options.append(f"--environment_config={environment_config}")
    if plan.from_savepoint:
        options.append(f"--savepoint_path={plan.from_savepoint}")
    return options + [f"--{option}" for option in plan.beam_options]


def environment_config(plan: FlinkPlan, settings: MetricsSettings) -> str | None:
    """Return Beam's ``environment_config`` for ``plan``, or None when there is nothing to say.

    Raises:
        UserError: the environment type needs a value that is missing.
    """
    if plan.environment_type == "PROCESS":
        variables = {METRICS_PORT: str(settings.port), METRICS_ADDRESS: settings.address}
        command = plan.environment_config or str(worker_script())
        return json.dumps({"command": command, "env": variables})
    if plan.environment_type == "EXTERNAL" and not plan.environment_config:
        raise UserError("--environment-config: EXTERNAL needs HOST:PORT of the worker pool")
    return plan.environment_config


def worker_script() -> Path:
    """Return a script that starts a worker with this Python: for TaskManagers on this machine."""
    root = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    folder = Path(root) / "vigie"
    folder.mkdir(parents=True, exist_ok=True)
    text = (
        "#!/bin/sh\n"
        f"cd {shlex.quote(str(Path.cwd()))} || exit 1\n"
        f'exec {shlex.quote(sys.executable)} -m pipelines.flink_worker "$@"\n'
    )
    script = folder / f"vigie-worker-{stable_id(text)[:12]}.sh"
    written = script.with_suffix(f".{os.getpid()}")
    written.write_text(text, encoding="utf-8")
    written.chmod(written.stat().st_mode | stat.S_IXUSR)
    written.replace(script)
    return script


def submit(settings: Settings, plan: FlinkPlan) -> FlinkJob:
    """Submit the endless monitor and return the job once the cluster runs it.

    The job goes on when this process ends (but for LOOPBACK workers, which are this process).

    Raises:
        UserError: a job of that name lives already, or an option is wrong.
        ServiceError: cluster or job server do not answer, or the job did not start.
    """
    if plan.parallelism > MAX_PARALLELISM:
        raise UserError(f"--parallelism: at most {MAX_PARALLELISM}, got {plan.parallelism}")
    rest = FlinkRest(plan.rest_url)
    living = rest.job(plan.job_name)
    if living is not None and living.lives:
        raise UserError(
            f"job {plan.job_name!r} runs already on {rest.url} (id {living.id}): stop it by "
            f"vigie flink stop --flink-rest-url {rest.url}, or choose another --job-name"
        )
    _check_job_server(plan.job_endpoint)
    known = {job.id for job in rest.jobs()}
    options = log_options(settings.logs)
    options += flink_options(plan, environment_config(plan, settings.metrics))
    pipeline = beam.Pipeline(runner=StableRunner(), options=PipelineOptions(options))
    build_monitor(pipeline, distributed_plan(settings))
    try:
        result = pipeline.run()
        return _await_start(rest, plan.job_name, known, result)
    except (grpc.RpcError, RuntimeError) as error:
        raise ServiceError(f"job server {plan.job_endpoint}: {error}") from error


def distributed_plan(settings: Settings) -> Plan:
    """Return the flow's plan for a cluster."""
    return replace(plan_of(settings, once=False), distributed=True)


def _await_start(rest: FlinkRest, name: str, known: set[str], result: Any) -> FlinkJob:  # noqa: ANN401 - Beam has no types
    deadline = time.monotonic() + SUBMIT_SECS
    while time.monotonic() < deadline:
        new = [job for job in rest.jobs() if job.name == name and job.id not in known]
        if new and new[0].state == "RUNNING":
            return new[0]
        if PipelineState.is_terminal(result.state):
            detail = rest.root_exception(new[0].id) if new else "see the job server's log"
            raise ServiceError(f"Flink at {rest.url}: job {name!r} did not start: {detail}")
        time.sleep(0.5)
    raise ServiceError(f"Flink at {rest.url}: job {name!r} did not start in {SUBMIT_SECS} s")


def _check_job_server(endpoint: str) -> None:
    host, _, port = endpoint.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) <= 65_535:
        raise UserError(f"--job-endpoint: expected HOST:PORT, got {endpoint!r}")
    try:
        socket.create_connection((host, int(port)), timeout=CONNECT_SECS).close()
    except OSError as error:
        raise ServiceError(
            f"job server {endpoint} does not answer ({error}): start Beam's Flink job server or "
            "name it by --job-endpoint"
        ) from error


def run_attached(settings: Settings, plan: FlinkPlan, stop: Stop) -> str:
    """Submit the job, watch over it, and end it with a savepoint when asked to stop.

    Beside the job this process shows the index's gauges and listens to the hubs of WebSub, whose
    pushes reach the job through the ledger. The job survives the death of this process;
    ``vigie flink stop`` then ends it.

    Returns:
        Where the savepoint lies.

    Raises:
        ServiceError: the job ended by itself, or no savepoint could be taken; then it runs on.
    """
    rest = FlinkRest(plan.rest_url)
    with opened_index(settings, runner=True), listening(settings):
        living = rest.job(plan.job_name) if plan.adopt else None
        job = living if living is not None and living.lives else submit(settings, plan)
        metrics.JOB_STARTED.set_to_current_time()
        log.info("watching over job=%s name=%s url=%s", job.id, job.name, plan.rest_url)
        watched = distributed_plan(settings)
        outbox = threading.Thread(target=watch_outbox, args=(settings, watched, stop), daemon=True)
        outbox.start()
        try:
            ended = _watch(JobWatch(rest, job.id), stop)
            if ended is None:
                return rest.savepoint(job.id, plan.savepoint_dir, cancel=True)
        finally:
            stop.event.set()
            outbox.join(LOOK_SECS)
    if ended == GONE:
        raise ServiceError(
            f"Flink at {rest.url} lost job {job.id}: a JobManager without high availability "
            "forgets its jobs when it dies; run it again, the index remembers what was done"
        )
    reason = rest.root_exception(job.id) or "no reason given"
    raise ServiceError(f"Flink at {rest.url}: job {job.id} ended {ended}: {reason}")


def _watch(watch: JobWatch, stop: Stop) -> str | None:
    """Return how the job ended by itself, or None when the stop was asked for."""
    while not stop.event.wait(LOOK_SECS):
        ended = watch.look()
        if ended is not None:
            return ended
    return None
