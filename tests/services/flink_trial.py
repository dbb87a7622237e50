"""Ways to break a job on a Flink cluster, one method each; and what recovery took.

Used by ``tests/flink`` and ``tools/flink_run.py``. Whatever is broken comes back: a killed
process is started again, a stopped job is submitted again.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from elasticsearch_server import ElasticsearchServer
    from flink_cluster import FlinkCluster
    from flink_jobs import Vigie

ROOT = Path(__file__).parents[2]
WORKER = "pipelines.flink_worker"
KINDS = (
    "task_manager", "job_manager", "worker", "job_server", "elasticsearch", "rescale", "upgrade",
)  # fmt: skip
SCALES = {1: 4, 4: 2, 2: 1}
STEP_BEFORE = "    articles = pages.out |"
STEP_ADDED = "    _ = fresh.out | beam.ParDo(NoteUpgrade())\n"
CLASS_ADDED = '''

class NoteUpgrade(beam.DoFn):
    """What a later version might add: a step of its own."""

    def process(self, element):
        del element
'''
FIELD_BEFORE = "    etag: str | None = None\n"
FIELD_ADDED = '    newly_remembered: str = "nothing"\n'


@dataclass
class Trial:
    """One job over a site: what is broken, and how long it took until new documents came."""

    cluster: FlinkCluster
    vigie: Vigie
    index: str
    elasticsearch: ElasticsearchServer | None = None
    parallelism: int = 1
    outage_secs: float = 60.0
    options: tuple[str, ...] = ()
    chance: random.Random = field(default_factory=lambda: random.Random(1))
    recoveries: dict[str, list[float]] = field(default_factory=dict)

    def submit(self, *more: str) -> str:
        """Submit the job, detached, and return its id."""
        return self.vigie.submit(
            self.index, "--parallelism", str(self.parallelism), *self.options, *more
        )

    def checkpoints(self) -> int:
        """Return how many checkpoints the living job has completed."""
        return int(self.vigie.flink("status")["checkpoints"])

    def indexed(self) -> int:
        return self.vigie.entries(self.index).get("indexed", 0)

    def break_and_recover(self, show: int, *kinds: str) -> float:
        """Publish ``show`` more entries, break ``kinds`` while they are under way, await one."""
        site = self.vigie.site
        before = self.indexed()
        site.shown = min(site.entries, site.shown + show)
        self.vigie.wait_until(lambda: self.indexed() > before)
        began = time.monotonic()
        for kind in kinds:
            getattr(self, f"break_{kind}")()
        before = self.indexed()
        if before < site.shown:
            self.vigie.wait_until(lambda: self.indexed() > before)
        took = round(time.monotonic() - began, 1)
        self.recoveries.setdefault("+".join(kinds), []).append(took)
        return took

    def break_task_manager(self) -> None:
        name = self.chance.choice(self.cluster.task_managers())
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
        pids = [
            pid
            for name in self.cluster.task_managers()
            for pid in worker_pids(self.cluster.pid(name))
        ]
        os.kill(self.chance.choice(pids), signal.SIGKILL)

    def break_elasticsearch(self) -> None:
        if self.elasticsearch is None:
            raise ValueError("the index of this trial is no Elasticsearch")
        self.elasticsearch.stop(kill=True)
        time.sleep(self.outage_secs)
        self.elasticsearch.start()

    def break_rescale(self) -> None:
        self.parallelism = SCALES[self.parallelism]
        self._resume()

    def break_upgrade(self) -> None:
        """Stop with a savepoint, change the package, and go on from the savepoint."""
        root = self.vigie.folder / "upgraded"
        if not root.exists():
            change_package(root)
        savepoint = self.vigie.flink("stop")["savepoint"]
        self.vigie.root = root
        self.submit("--from-savepoint", savepoint)

    def _resume(self) -> None:
        savepoint = self.vigie.flink("stop")["savepoint"]
        self.submit("--from-savepoint", savepoint)


def change_package(root: Path) -> None:
    """Lay into ``root`` a copy of Vigie as a later version might be.

    It has a step more, and remembers one thing more of each feed in Flink's state.

    Raises:
        ValueError: the sources have changed, so that the change does not apply.
    """
    for name in ("pipelines", "connectors", "config"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, root / name, ignore=ignored, dirs_exist_ok=True)
    monitor, records = root / "pipelines" / "monitor.py", root / "connectors" / "records.py"
    for file, before, added in (
        (monitor, STEP_BEFORE, STEP_ADDED + STEP_BEFORE),
        (records, FIELD_BEFORE, FIELD_BEFORE + FIELD_ADDED),
    ):
        text = file.read_text()
        if before not in text:
            raise ValueError(f"{file.name}: {before!r} is not there any more")
        file.write_text(text.replace(before, added, 1))
    monitor.write_text(monitor.read_text() + CLASS_ADDED)


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


def compare(trial: Trial, reference: str) -> dict[str, object]:
    """Return how what the job made differs from what the pass into ``reference`` made."""
    vigie = trial.vigie
    expected, told = vigie.documents(reference), vigie.alerts(reference)
    found, alerts = vigie.documents(trial.index), vigie.alerts(trial.index)
    return {
        "documents": len(expected),
        "lost": len(expected.keys() - found.keys()),
        "extra": len(found.keys() - expected.keys()),
        "different": sum(found[url] != expected[url] for url in expected.keys() & found.keys()),
        "alerts": len(told),
        "alerts_lost": len(told - alerts),
        "alerts_extra": len(alerts - told),
        "ledger": vigie.entries(trial.index),
    }


FAULTS = ("lost", "extra", "different", "alerts_lost", "alerts_extra")
