"""``vigie flink``: look at the job on a Flink cluster, save it, end it."""

from __future__ import annotations

import argparse
import json
import os
from dataclasses import asdict
from typing import Any

from pipelines.cli.options import new_command
from pipelines.errors import UserError
from pipelines.flink_rest import FlinkRest

REST_URL = "http://localhost:8081"
JOB_NAME = "vigie"


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command with its three actions."""
    parser = new_command(
        subparsers,
        "flink",
        "Look at the job on a Flink cluster, take a savepoint, or end it with one.",
        "vigie flink stop --flink-rest-url http://localhost:8081 --job-name vigie",
    )
    parser.add_argument(
        "action",
        choices=("status", "savepoint", "stop", "cancel"),
        help="status: jobs and their health; savepoint: save and run on; stop: save and end; "
        "cancel: end without saving (the index remembers what matters)",
    )
    parser.add_argument(
        "--flink-rest-url",
        metavar="URL",
        default=os.environ.get("FLINK_REST_URL", REST_URL),
        help=f"the JobManager (default: FLINK_REST_URL or {REST_URL})",
    )
    parser.add_argument(
        "--job-name", metavar="NAME", default=JOB_NAME, help="name or id (default: vigie)"
    )
    parser.add_argument(
        "--savepoint-dir",
        metavar="DIR",
        help="where to, as the cluster sees it (default: its state.savepoints.dir)",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Do what was asked and print one JSON object; exit code 1 if no such job lives."""
    rest = FlinkRest(args.flink_rest_url)
    job = rest.job(args.job_name)
    alive = job is not None and job.lives
    if args.action == "status":
        report: dict[str, Any] = {"flink": rest.version(), "job": job and asdict(job)}
        if job is not None:
            report["restarts"] = rest.restarts(job.id) if alive else None
            report["checkpoints"] = rest.checkpoints(job.id)
            report["last_failure"] = rest.root_exception(job.id) or None
        print(json.dumps(report))
        return 0 if alive else 1
    if job is None or not alive:
        raise UserError(f"no living job {args.job_name!r} on {rest.url}: see vigie flink status")
    location = None
    if args.action == "cancel":
        rest.cancel(job.id)
    else:
        location = rest.savepoint(job.id, args.savepoint_dir, cancel=args.action == "stop")
    print(json.dumps({"job_id": job.id, "action": args.action, "savepoint": location}))
    return 0
