"""Break a job on a real Flink cluster again and again, and compare with an undisturbed pass.

    python tools/flink_run.py --feeds 300 --entries 6000 --task-manager-kills 10 \
        [--index http://127.0.0.1:9200]

Starts JobManager, TaskManager and Beam's job server, serves a site on loopback that publishes
its entries bit by bit, and between the bits kills what it was told to kill. Prints one JSON
object. Exit code 1 if a document or an alert is lost, doubled or different.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

sys.path[:0] = [
    str(Path(__file__).parents[1] / "tests" / "services"),
    str(Path(__file__).parents[1]),
]

import flink_cluster  # noqa: E402 - found on the path that the line above adds
import flink_jobs  # noqa: E402

WORKER = "pipelines.flink_worker"


@dataclass
class Trial:
    """One run over the site: what was broken, and how long recovery took."""

    cluster: flink_cluster.FlinkCluster
    vigie: flink_jobs.Vigie
    index: str
    parallelism: int = 1
    recoveries: dict[str, list[float]] = field(default_factory=dict)

    def indexed(self) -> int:
        return self.vigie.entries(self.index).get("indexed", 0)

    def break_and_recover(self, kind: str, show: int) -> None:
        """Publish ``show`` more entries, break ``kind`` while they are under way, await one."""
        site = self.vigie.site
        before = self.indexed()
        site.shown = min(site.entries, site.shown + show)
        self.vigie.wait_until(lambda: self.indexed() > before)
        began = time.monotonic()
        getattr(self, f"break_{kind}")()
        before = self.indexed()
        if before < site.shown:
            self.vigie.wait_until(lambda: self.indexed() > before)
        self.recoveries.setdefault(kind, []).append(round(time.monotonic() - began, 1))
        print(f"{kind}: {self.recoveries[kind][-1]} s, {self.indexed()} indexed", file=sys.stderr)

    def break_task_manager(self) -> None:
        name = self.cluster.task_managers()[0]
        orphans = worker_pids(self.cluster.pid(name))
        self.cluster.kill(name)
        # What they still write is no recovery.
        self.vigie.wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in orphans))
        self.cluster.start_task_manager()

    def break_job_manager(self) -> None:
        self.cluster.kill("job_manager")
        self.cluster.start_job_manager()

    def break_job_server(self) -> None:
        self.cluster.kill("job_server")
        self.cluster.start_job_server()

    def break_worker(self) -> None:
        for pid in worker_pids(self.cluster.pid(self.cluster.task_managers()[0])):
            os.kill(pid, signal.SIGKILL)

    def break_rescale(self) -> None:
        self.parallelism = {1: 4, 4: 2, 2: 1}[self.parallelism]
        savepoint = self.vigie.flink("stop")["savepoint"]
        more = ("--from-savepoint", savepoint, "--parallelism", str(self.parallelism))
        self.vigie.submit(self.index, *more)


def worker_pids(parent: int) -> list[int]:
    """Return the SDK workers that the TaskManager ``parent`` started."""
    found = []
    for directory in Path("/proc").iterdir():
        if not directory.name.isdecimal():
            continue
        try:
            words = (directory / "cmdline").read_bytes().decode(errors="replace")
            fields = (directory / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if WORKER in words and int(fields[1]) == parent:
            found.append(int(directory.name))
    return found


def plan(args: argparse.Namespace) -> list[str]:
    """Return what is broken, in a random order that ``--seed`` fixes."""
    kinds = ["task_manager"] * args.task_manager_kills + ["worker"] * args.worker_kills
    kinds += ["job_server"] * args.job_server_kills + ["rescale"] * args.rescales
    kinds += ["job_manager"] * args.job_manager_kills
    random.Random(args.seed).shuffle(kinds)
    return kinds


def report(trial: Trial, reference: str, pass_secs: float, job_secs: float) -> dict:
    expected, told = trial.vigie.documents(reference), trial.vigie.alerts(reference)
    found = trial.vigie.documents(trial.index)
    every = [secs for times in trial.recoveries.values() for secs in times]
    return {
        "index": trial.index.partition(":")[0],
        "feeds": trial.vigie.site.feeds,
        "entries": trial.vigie.site.entries,
        "broken": {kind: len(times) for kind, times in trial.recoveries.items()},
        "documents": len(expected),
        "lost": len(expected.keys() - found.keys()),
        "extra": len(found.keys() - expected.keys()),
        "different": sum(found[url] != expected[url] for url in expected.keys() & found.keys()),
        "alerts": len(told),
        "alerts_lost": len(told - trial.vigie.alerts(trial.index)),
        "alerts_extra": len(trial.vigie.alerts(trial.index) - told),
        "ledger": trial.vigie.entries(trial.index),
        "recovery_secs": trial.recoveries,
        "recovery_median_secs": statistics.median(every) if every else None,
        "undisturbed_pass_secs": round(pass_secs, 1),
        "job_secs": round(job_secs, 1),
    }


def run(args: argparse.Namespace, folder: Path, site: flink_jobs.NewsSite) -> dict:
    cluster = flink_cluster.FlinkCluster(slots=4, keeper=args.job_manager_kills > 0)
    try:
        vigie = flink_jobs.Vigie(cluster, site, folder, interval_secs=args.interval_secs)
        reference = f"sqlite:{folder}/reference.db"
        began = time.monotonic()
        vigie.run_once(reference)
        pass_secs = time.monotonic() - began
        cluster.start()
        trial = Trial(cluster, vigie, args.index or f"sqlite:{folder}/flink.db")
        if args.index:
            vigie.set_up(trial.index)
        kinds = plan(args)
        share = site.entries // (len(kinds) + 1)
        site.shown = share
        began = time.monotonic()
        vigie.submit(trial.index, *(f"--beam-option={one}" for one in args.beam_option))
        vigie.wait_until(lambda: trial.indexed() > 0)
        for kind in kinds:
            trial.break_and_recover(kind, share)
        site.shown = site.entries
        vigie.wait_until(lambda: not vigie.entries(trial.index).get("pending"))
        vigie.wait_until_indexed(trial.index, site.entries)
        return report(trial, reference, pass_secs, time.monotonic() - began)
    finally:
        cluster.close()


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--feeds", type=int, default=300)
    parser.add_argument("--entries", type=int, default=6000)
    parser.add_argument("--hosts", type=int, default=30)
    parser.add_argument("--interval-secs", type=int, default=10)
    parser.add_argument("--task-manager-kills", type=int, default=10)
    parser.add_argument("--worker-kills", type=int, default=2)
    parser.add_argument("--job-server-kills", type=int, default=1)
    parser.add_argument("--job-manager-kills", type=int, default=0)
    parser.add_argument("--rescales", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--index", help="an Elasticsearch (default: a new embedded index)")
    parser.add_argument("--beam-option", action="append", default=[], metavar="NAME=VALUE")
    args = parser.parse_args()
    site = flink_jobs.NewsSite(feeds=args.feeds, entries=args.entries, hosts=args.hosts)
    with tempfile.TemporaryDirectory() as folder, site:
        found = run(args, Path(folder), site)
    print(json.dumps(found))
    return int(any(found[key] for key in ("lost", "extra", "different", "alerts_lost")))


if __name__ == "__main__":
    sys.exit(main())
