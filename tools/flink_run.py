"""Break a job on a real Flink cluster again and again, and compare with an undisturbed pass.

    python tools/flink_run.py --feeds 300 --entries 6000 --task-manager-kills 10 \
        --task-managers 2 --parallelism 4 --elasticsearch --elasticsearch-outages 1

Starts JobManager, TaskManagers and Beam's job server (a ZooKeeper too, if JobManagers are to be
killed, and an Elasticsearch if asked for), serves a site on loopback that publishes its entries
bit by bit, and between the bits breaks what it was told to break. Prints one JSON object. Exit
code 1 if a document or an alert is lost, doubled or different.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

sys.path[:0] = [
    str(Path(__file__).parents[1] / "tests" / "services"),
    str(Path(__file__).parents[1]),
]

import elasticsearch_server  # noqa: E402 - found on the path that the line above adds
import flink_cluster  # noqa: E402
import flink_jobs  # noqa: E402
import flink_trial  # noqa: E402

OPTIONS = {
    "task_manager": ("--task-manager-kills", 10),
    "worker": ("--worker-kills", 2),
    "job_server": ("--job-server-kills", 1),
    "job_manager": ("--job-manager-kills", 0),
    "elasticsearch": ("--elasticsearch-outages", 0),
    "rescale": ("--rescales", 0),
    "upgrade": ("--upgrades", 0),
}


def plan(args: argparse.Namespace) -> list[str]:
    """Return what is broken, in a random order that ``--seed`` fixes; the upgrade comes last."""
    numbers = {kind: getattr(args, option[2:].replace("-", "_")) for kind, (option, _) in
               OPTIONS.items()}  # fmt: skip
    kinds = [kind for kind, number in numbers.items() for _ in range(number) if kind != "upgrade"]
    random.Random(args.seed).shuffle(kinds)
    return kinds + ["upgrade"] * numbers["upgrade"]


def start_trial(
    args: argparse.Namespace, vigie: flink_jobs.Vigie, stack: ExitStack
) -> flink_trial.Trial:
    """Start what the job needs and return the trial."""
    server = None
    index = args.index or f"sqlite:{vigie.folder}/flink.db"
    if args.elasticsearch:
        server = elasticsearch_server.ElasticsearchServer()
        stack.callback(server.close)
        server.start()
        index = server.url
    if not index.startswith("sqlite:"):
        vigie.set_up(index)
    return flink_trial.Trial(
        vigie.cluster,
        vigie,
        index,
        elasticsearch=server,
        parallelism=args.parallelism,
        outage_secs=args.outage_secs,
        options=tuple(f"--beam-option={one}" for one in args.beam_option),
        chance=random.Random(args.seed),
    )


def run(args: argparse.Namespace, folder: Path, site: flink_jobs.NewsSite) -> dict:
    with ExitStack() as stack:
        cluster = flink_cluster.FlinkCluster(slots=args.slots, keeper=args.job_manager_kills > 0)
        stack.callback(cluster.close)
        vigie = flink_jobs.Vigie(cluster, site, folder, interval_secs=args.interval_secs)
        reference = f"sqlite:{folder}/reference.db"
        began = time.monotonic()
        vigie.run_once(reference)
        pass_secs = time.monotonic() - began
        cluster.start(task_managers=args.task_managers)
        trial = start_trial(args, vigie, stack)
        kinds = plan(args)
        share = site.entries // (len(kinds) + 1)
        site.shown = share
        began = time.monotonic()
        trial.submit()
        vigie.wait_until(lambda: trial.indexed() > 0)
        for kind in kinds:
            secs = trial.break_and_recover(share, kind)
            shown = f"{time.strftime('%H:%M:%S')} {kind}: {secs} s, {trial.indexed()} indexed"
            print(shown, file=sys.stderr, flush=True)
        site.shown = site.entries
        vigie.wait_until_indexed(trial.index, site.entries)
        vigie.wait_until(lambda: not vigie.entries(trial.index).get("pending"))
        every = [secs for times in trial.recoveries.values() for secs in times]
        return {
            "index": "elasticsearch" if args.elasticsearch else trial.index.partition(":")[0],
            "feeds": site.feeds,
            "entries": site.entries,
            "task_managers": args.task_managers,
            "broken": {kind: len(times) for kind, times in trial.recoveries.items()},
            **flink_trial.compare(trial, reference),
            "recovery_secs": trial.recoveries,
            "recovery_median_secs": statistics.median(every) if every else None,
            "undisturbed_pass_secs": round(pass_secs, 1),
            "job_secs": round(time.monotonic() - began, 1),
        }


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--feeds", type=int, default=300)
    parser.add_argument("--entries", type=int, default=6000)
    parser.add_argument("--hosts", type=int, default=30)
    parser.add_argument("--interval-secs", type=int, default=10)
    parser.add_argument("--task-managers", type=int, default=1)
    parser.add_argument("--slots", type=int, default=4, help="of one TaskManager")
    parser.add_argument("--parallelism", type=int, default=1, choices=(1, 2, 4))
    for option, default in OPTIONS.values():
        parser.add_argument(option, type=int, default=default)
    parser.add_argument("--outage-secs", type=float, default=60, help="of an Elasticsearch")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--elasticsearch", action="store_true", help="start one for the index")
    parser.add_argument("--index", help="an Elasticsearch (default: a new embedded index)")
    parser.add_argument("--beam-option", action="append", default=[], metavar="NAME=VALUE")
    args = parser.parse_args()
    if args.elasticsearch_outages and not args.elasticsearch:
        parser.error("--elasticsearch-outages needs --elasticsearch")
    site = flink_jobs.NewsSite(feeds=args.feeds, entries=args.entries, hosts=args.hosts)
    with tempfile.TemporaryDirectory() as folder, site:
        found = run(args, Path(folder), site)
    print(json.dumps(found))
    return int(any(found[key] for key in flink_trial.FAULTS))


if __name__ == "__main__":
    sys.exit(main())
