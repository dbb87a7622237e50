"""``vigie run --runner FlinkRunner``: its options and what it does with them."""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from typing import TYPE_CHECKING

from pipelines.cli.flink import JOB_NAME, REST_URL
from pipelines.cli.options import whole_number
from pipelines.errors import UserError

if TYPE_CHECKING:
    from pipelines.settings import Settings

FLINK_RUNNERS = ("FlinkRunner", "flink")
JOB_ENDPOINT = "localhost:8099"
MAX_PARTS = 32_767
"""Flink's highest parallelism; nobody wants more of the others either."""


def add_flink_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that only a cluster reads."""
    group = parser.add_argument_group("on a Flink cluster (--runner FlinkRunner)")
    group.add_argument(
        "--flink-rest-url",
        metavar="URL",
        default=os.environ.get("FLINK_REST_URL", REST_URL),
        help=f"the JobManager (default: FLINK_REST_URL or {REST_URL})",
    )
    group.add_argument(
        "--job-endpoint",
        metavar="HOST:PORT",
        default=os.environ.get("BEAM_JOB_ENDPOINT", JOB_ENDPOINT),
        help=f"Beam's job server (default: BEAM_JOB_ENDPOINT or {JOB_ENDPOINT})",
    )
    group.add_argument(
        "--detach",
        action="store_true",
        help="end once the job runs; else stay, watch over it, and end it with a savepoint",
    )
    group.add_argument(
        "--adopt",
        action="store_true",
        help="a job of that name that lives already is watched over as it is, not refused",
    )
    group.add_argument(
        "--job-name", metavar="NAME", default=JOB_NAME, help="default: vigie; one living job each"
    )
    group.add_argument(
        "--parallelism",
        metavar="N",
        type=whole_number(1, MAX_PARTS),
        default=1,
        help="parts of each step",
    )
    group.add_argument(
        "--workers",
        metavar="N",
        type=whole_number(1, MAX_PARTS),
        default=1,
        help="processes per TaskManager",
    )
    group.add_argument(
        "--checkpoint-secs",
        metavar="N",
        type=whole_number(1, MAX_PARTS),
        default=10,
        help="default: 10",
    )
    group.add_argument(
        "--from-savepoint", metavar="PATH", help="resume from it; a path the cluster can read"
    )
    group.add_argument(
        "--savepoint-dir", metavar="DIR", help="default: the cluster's state.savepoints.dir"
    )
    group.add_argument(
        "--environment-type",
        choices=("PROCESS", "EXTERNAL", "LOOPBACK", "DOCKER"),
        default="PROCESS",
        help="how TaskManagers get Python (default: PROCESS, by a script for this machine)",
    )
    group.add_argument(
        "--environment-config",
        metavar="TEXT",
        help="PROCESS: the command there; EXTERNAL: the worker pool's HOST:PORT; DOCKER: an image",
    )
    group.add_argument(
        "--beam-option",
        metavar="NAME=VALUE",
        action="append",
        default=[],
        type=_beam_option,
        help="any option of Beam or its Flink runner (repeatable); wins over ours",
    )


def check_flink_options(args: argparse.Namespace) -> None:
    """Refuse what cannot work together.

    Raises:
        UserError: naming the two options.
    """
    if args.once:
        raise UserError("--once runs in this process: leave --runner out")
    if args.detach and args.environment_type == "LOOPBACK":
        raise UserError("--detach: LOOPBACK workers are this process, which must stay")


def run_on_flink(args: argparse.Namespace, settings: Settings) -> int:
    """Submit the job; stay with it unless detached; print one JSON object at the end."""
    from pipelines import endless, flink  # noqa: PLC0415 - loading Beam takes seconds

    if settings.index.location.startswith("sqlite:"):
        print(
            "vigie: an embedded index is a file: fit only for a cluster on this very machine",
            file=sys.stderr,
        )
    plan = flink.FlinkPlan(
        rest_url=args.flink_rest_url,
        job_endpoint=args.job_endpoint,
        job_name=args.job_name,
        parallelism=args.parallelism,
        workers=args.workers,
        checkpoint_secs=args.checkpoint_secs,
        from_savepoint=args.from_savepoint,
        savepoint_dir=args.savepoint_dir,
        adopt=args.adopt,
        environment_type=args.environment_type,
        environment_config=args.environment_config,
        beam_options=tuple(args.beam_option),
    )
    if args.detach:
        if settings.websub is not None:
            print(
                "vigie: websub needs a process that stays: nobody listens to hubs beside a "
                "detached job, feeds are polled only; vigie run --adopt would listen",
                file=sys.stderr,
            )
        job = flink.submit(settings, plan)
        print(json.dumps({"job_id": job.id, "job_name": job.name, "state": job.state}))
        return 0
    stop = endless.Stop()
    stop.install()
    print(
        f"vigie: watching {len(settings.feeds)} feeds on Flink {plan.rest_url}, index "
        f"{settings.index.location}; Ctrl-C ends the job with a savepoint",
        file=sys.stderr,
        flush=True,
    )
    savepoint = flink.run_attached(settings, plan, stop)
    print(json.dumps({"job_name": plan.job_name, "savepoint": savepoint}))
    return 0


def _beam_option(text: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_]*(=.*)?", text, re.DOTALL):
        raise argparse.ArgumentTypeError(
            f"expected NAME=VALUE, as in max_bundle_size=100: {text!r}"
        )
    return text
