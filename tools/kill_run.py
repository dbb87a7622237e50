"""Kill the job at random moments, start it again, and count what is there in the end.

    python tools/kill_run.py --kills 100 --entries 2000 [--elasticsearch] [--endless 0.5]

Serves a growing news site and a receiver of alerts on loopback, runs ``vigie run`` over it, sends
SIGKILL to the whole job at a random moment, again and again, then lets passes end in peace. Each
life is forked from a process that has loaded the code. Some kills come while the job starts, most
while it works. Prints one JSON object. Exit code 1 if a document or an alert is lost or doubled,
or if a repeated alert came under another id.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

sys.path[:0] = [
    str(Path(__file__).parents[1] / "tests" / "services"),
    str(Path(__file__).parents[1]),
]

import elasticsearch_server  # noqa: E402 - found on the path that the line above adds
import newsroom  # noqa: E402
import preloaded  # noqa: E402

from connectors.backends import open_index  # noqa: E402
from connectors.index import IndexSettings  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable

STARTUP_SHARE = 0.15
"""Kills that come before the job has asked the site for anything."""

WRITING_SHARE = 0.45
"""Kills that come soon after a life has stored its first document: so a life makes progress."""

WRITING_SECS = 2.0

PRISM_SHARE = 0.1
"""Kills in the endless run that hit the runner's process first, and the job a moment later."""

START_SECS = 120


@dataclass
class Trial:
    """Lives and deaths of one job; ``work_secs`` bounds how long a life works."""

    vigie: newsroom.Vigie
    chance: random.Random
    work_secs: float
    kills: Counter[str] = field(default_factory=Counter)
    ended: int = 0
    startup_secs: float = 3.0

    def live_and_die(self, *, endless: bool) -> bool:
        """Start the job and kill it at a random moment; return False if it ended before."""
        asked, shown = self.vigie.newsroom.asked, self.vigie.newsroom.shown
        goal = min(newsroom.indexed(self.vigie.index), shown - 1)
        began = time.monotonic()
        process = self.vigie.start(*(() if endless else ("--once",)))
        roll = self.chance.random()
        kind = "endless" if endless else "once"
        if roll < STARTUP_SHARE:
            kind, life_secs = "starting", self.chance.uniform(0, self.startup_secs)
        else:
            self._await(process, lambda: self.vigie.newsroom.asked > asked)
            self.startup_secs = time.monotonic() - began
            life_secs = self.chance.uniform(0, self.work_secs)
        if roll > 1 - WRITING_SHARE:
            kind, life_secs = f"{kind}, writing", self.chance.uniform(0, WRITING_SECS)
            self._await(process, lambda: newsroom.indexed(self.vigie.index) > goal)
        try:
            process.wait(life_secs)
        except subprocess.TimeoutExpired:
            if kind == "endless" and self.chance.random() < PRISM_SHARE / (1 - WRITING_SHARE):
                kind = "prism, then the job" if self._kill_prism(process.pid) else kind
                time.sleep(self.chance.uniform(0, self.work_secs))
            newsroom.kill(process)
            self.kills[kind] += 1
            return True
        newsroom.kill(process)
        if process.returncode:
            raise RuntimeError(f"a run failed with exit code {process.returncode}") from None
        self.ended += 1
        return False

    def _await(self, process: preloaded.Life, condition: Callable[[], bool]) -> None:
        newsroom.wait_for(lambda: process.poll() is not None or condition(), within_secs=START_SECS)

    def _kill_prism(self, leader: int) -> bool:
        for pid in newsroom.processes_of(leader):
            try:
                words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
                if pid != leader and b"prism" in Path(os.fsdecode(words[0])).name.encode():
                    os.kill(pid, signal.SIGKILL)
                    return True
            except OSError:
                continue
        return False


def break_often(trial: Trial, kills: int, endless_share: float) -> None:
    """Publish the entries bit by bit, and kill the job ``kills`` times while it reads them."""
    site = trial.vigie.newsroom
    while trial.kills.total() < kills:
        done = (trial.kills.total() + 1) / kills
        site.shown = max(site.shown, min(site.entries, round(1.05 * done * site.entries)))
        trial.live_and_die(endless=trial.chance.random() < endless_share)
        print(
            f"kills={dict(trial.kills)} ended={trial.ended} shown={site.shown} "
            f"indexed={newsroom.indexed(trial.vigie.index)} alerts={len(site.received)}",
            file=sys.stderr,
            flush=True,
        )
    site.shown = site.entries


def compare(trial: Trial, secs: float) -> dict:
    """Return the figures of the run."""
    site = trial.vigie.newsroom
    found = newsroom.held(trial.vigie.index)
    told = set(site.received)
    wanted = {f"{site.base}/a/{number}" for number in range(site.entries)}
    return {
        "index": trial.vigie.index.location.partition(":")[0],
        "kills": trial.kills.total(),
        "kills_while": dict(trial.kills),
        "runs_that_ended_first": trial.ended,
        "entries": site.entries + site.repeats,
        "documents": len(wanted),
        "documents_lost": len(wanted - found.documents.keys()),
        "documents_doubled": sum(number - 1 for number in found.documents.values()),
        "alerts": len(site.developments),
        "alerts_lost": len(site.developments - found.developments.keys()),
        "alerts_doubled": sum(number - 1 for number in found.developments.values()),
        "alerts_not_delivered": len(found.alerts - told) + found.undelivered,
        "deliveries_of_unknown_id": len(told - found.alerts),
        "deliveries_repeated": sum(site.received.values()) - len(told),
        "ledger": found.entries,
        "ledger_wrong": int(found.entries != {"indexed": site.entries, "duplicate": site.repeats}),
        "secs": round(secs),
    }


FAULTS = (
    "documents_lost", "documents_doubled", "alerts_lost", "alerts_doubled",
    "alerts_not_delivered", "deliveries_of_unknown_id", "ledger_wrong",
)  # fmt: skip


def run(args: argparse.Namespace, folder: Path, location: str) -> dict:
    with newsroom.Newsroom(args.entries, shown=0) as site:
        index = IndexSettings(location=location, prefix=args.prefix)
        opened = open_index(index)
        opened.setup()
        opened.close()
        began = time.monotonic()
        chance = random.Random(args.seed)
        origin = preloaded.Preloaded()
        vigie = newsroom.Vigie(site, index, folder, origin)
        trial = Trial(vigie, chance, args.work_secs)
        break_often(trial, args.kills, args.endless)
        trial.vigie.run_until_done()
        origin.close()
        return compare(trial, time.monotonic() - began)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--entries", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--work-secs", type=float, default=6.0, help="longest working life")
    parser.add_argument(
        "--endless", type=float, default=0.0, help="share of lives without --once (0 to 1)"
    )
    parser.add_argument("--index", help="an empty index (default: a new embedded one)")
    parser.add_argument("--prefix", default="vigie", help="of the indices in Elasticsearch")
    parser.add_argument("--elasticsearch", action="store_true", help="start a server for the run")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if not args.elasticsearch:
            report = run(args, Path(folder), args.index or f"sqlite:{folder}/killed.db")
        else:
            server = elasticsearch_server.ElasticsearchServer(
                java_options=elasticsearch_server.QUICK_START
            )
            try:
                server.start()
                report = run(args, Path(folder), server.url)
            finally:
                server.close()
    print(json.dumps(report))
    return int(any(report[key] for key in FAULTS))


if __name__ == "__main__":
    sys.exit(main())
