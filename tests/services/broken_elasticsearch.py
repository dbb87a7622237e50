"""An endless job over a real Elasticsearch of its own, and the ways to break that server.

Used by ``tests/failures`` and ``tools/outage_run.py``. Every fault comes while the job has work;
during it the job's metrics and ``vigie check`` are read, afterwards everything must be there.
"""

from __future__ import annotations

import json
import threading
import time
import urllib.request
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import elasticsearch_server
import faulty_proxy
import newsroom

from connectors.backends import open_index
from connectors.index import IndexSettings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from preloaded import Preloaded

SAMPLE_SECS = 0.5
CLIENT_TIMEOUT_SECS = 10.0
"""Short, so that a test sees what a production setting of 30 s shows later."""


@dataclass
class Sampled:
    """Resident memory of the job, in bytes: each process's most is in ``by_process``."""

    first: int = 0
    most: int = 0
    last: int = 0


@dataclass
class Found:
    """What one fault showed."""

    check_code: int = 0
    check_said: str = ""
    metrics: dict[str, float] = field(default_factory=dict)
    memory: Sampled = field(default_factory=Sampled)
    recovery_secs: float = 0.0
    lasted_secs: float = 0.0


class Broken:
    """A newsroom, a server behind a proxy, and one job that reads and writes through it.

    The commands are forked from ``origin`` where there is one.
    """

    def __init__(
        self, folder: Path, *, entries: int, shown: int, origin: Preloaded | None = None
    ) -> None:
        self.folder = folder
        self.server = elasticsearch_server.ElasticsearchServer(
            settings={"cluster.info.update.interval": "10s"},
            java_options=elasticsearch_server.QUICK_START,
        )
        self.server.start()
        self.proxy = faulty_proxy.FaultyProxy(self.server.url)
        self.newsroom = newsroom.Newsroom(entries, shown=shown)
        self.newsroom.__enter__()
        self.direct = IndexSettings(location=self.server.url)
        through = IndexSettings(location=self.proxy.url, timeout_secs=CLIENT_TIMEOUT_SECS)
        self.vigie = newsroom.Vigie(self.newsroom, through, folder, origin)
        self.port = elasticsearch_server._free_port()
        self.process = None

    def set_up(self) -> None:
        index = open_index(self.direct)
        index.setup()
        index.close()

    def start_job(self) -> None:
        """Start the endless job and wait until it has read what is shown."""
        log = self.folder / "job.log"
        self.process = self.vigie.start(metrics_port=self.port, log=log)
        self.await_all()

    def close(self) -> None:
        if self.process is not None:
            newsroom.kill(self.process)
        self.newsroom.__exit__()
        self.proxy.close()
        self.server.close()

    def publish(self, number: int) -> None:
        """Show ``number`` more articles."""
        self.newsroom.shown = min(self.newsroom.entries, self.newsroom.shown + number)

    def await_all(self, within_secs: float = 600) -> None:
        """Wait until every article that is shown is a document, and nothing is pending."""
        try:
            newsroom.wait_for(self.is_whole, within_secs=within_secs)
        except TimeoutError:
            raise TimeoutError(f"of {self.newsroom.shown} there are {self.account()}") from None

    def is_whole(self) -> bool:
        if self.process.poll() is not None:
            log = (self.folder / "job.log").read_text(errors="replace")
            raise RuntimeError(f"the job ended:\n{log[-2000:]}")
        entries = self.account()
        return entries.get("indexed") == self.newsroom.shown and not entries.get("pending")

    def account(self) -> dict[str, int]:
        """Return the ledger's account, read past the proxy."""
        index = open_index(self.direct, read_only=True)
        try:
            return index.totals().entries
        finally:
            index.close()

    def metrics(self) -> dict[str, float]:
        with suppress(OSError):
            return newsroom.read_metrics(self.port)
        return {}

    def memory_bytes(self) -> int:
        """Return what the job and all its processes have in RAM."""
        return sum(map(newsroom.resident_bytes, newsroom.processes_of(self.process.pid)))

    def suffer(
        self,
        break_it: Callable[[], object],
        mend_it: Callable[[], object],
        *,
        publish: int,
        shows: Callable[[dict[str, float]], object] | None = None,
        at_least_secs: float = 0.0,
    ) -> Found:
        """Break, publish, wait until the metrics show it, ask ``vigie check``, mend, recover.

        ``shows`` gets the job's series; None: the fault is not to be seen in them.
        """
        found = Found()
        found.memory.first = self.memory_bytes()
        began = time.monotonic()
        break_it()
        ended = threading.Event()
        sampler = threading.Thread(target=self._sample, args=(found.memory, ended), daemon=True)
        sampler.start()
        try:
            self._load(publish, at_least_secs)
            if shows is not None:
                newsroom.wait_for(lambda: shows(self.metrics()))
            found.metrics = self.metrics()
            checked = self.vigie.tell("check")
            found.check_code, found.check_said = checked.returncode, checked.stderr.strip()
            while time.monotonic() < began + at_least_secs:
                time.sleep(SAMPLE_SECS)
        finally:
            found.lasted_secs = round(time.monotonic() - began, 1)
            mend_it()
        mended = time.monotonic()
        self.await_all()
        found.recovery_secs = round(time.monotonic() - mended, 1)
        newsroom.wait_for(lambda: self.metrics().get("vigie_index_up") == 1)
        ended.set()
        sampler.join()
        found.memory.last = self.memory_bytes()
        return found

    def _load(self, publish: int, secs: float) -> None:
        """Publish at once, or spread over two thirds of ``secs``."""
        steps = max(1, min(publish, int(secs)))
        for step in range(steps):
            self.publish(publish * (step + 1) // steps - publish * step // steps)
            if steps > 1:
                time.sleep(secs * 2 / 3 / steps)

    def _sample(self, memory: Sampled, ended: threading.Event) -> None:
        while not ended.wait(SAMPLE_SECS):
            memory.most = max(memory.most, self.memory_bytes())

    # The faults. Each returns nothing and can be undone by its neighbour.

    def stop_server(self) -> None:
        self.server.stop()

    def kill_server(self) -> None:
        self.server.stop(kill=True)

    def start_server(self) -> None:
        self.server.start()

    def restart_in_bulk(self) -> None:
        """Kill the server while it works on a bulk request, and start it again."""
        seen = threading.Event()

        def watch(_method: str, path: str, _body: bytes) -> None:
            if path.endswith("/_bulk"):
                seen.set()

        self.proxy.policy = watch
        self.publish(20)
        if not seen.wait(60):
            raise TimeoutError("the job writes nothing")
        self.server.stop(kill=True)
        self.proxy.policy = faulty_proxy.pass_on
        self.server.start()

    def ask(self, method: str, path: str, body: dict | None = None) -> dict:
        """Send a request to the server itself."""
        request = urllib.request.Request(
            self.server.url + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as response:
            return json.load(response)

    def block_writes(self) -> None:
        self.ask("PUT", "/vigie-*/_settings", {"index.blocks.read_only": True})

    def allow_writes(self) -> None:
        self.ask("PUT", "/vigie-*/_settings", {"index.blocks.read_only": None})

    def fill_disk(self) -> None:
        """Demand more free space than any disk has; wait until the server blocks by itself."""
        marks = {"low": "993tb", "high": "992tb", "flood_stage": "991tb"}
        self._watermarks(marks, enabled=True)
        newsroom.wait_for(self.is_disk_blocked)

    def free_disk(self) -> None:
        """Take the demand back; wait until the server lifts its blocks by itself."""
        self._watermarks(dict.fromkeys(("low", "high", "flood_stage")), enabled=False)
        newsroom.wait_for(lambda: not self.is_disk_blocked())

    def _watermarks(self, marks: dict[str, str | None], *, enabled: bool) -> None:
        name = "cluster.routing.allocation.disk"
        settings: dict[str, object] = {f"{name}.watermark.{k}": v for k, v in marks.items()}
        self.ask(
            "PUT",
            "/_cluster/settings",
            {"persistent": settings | {f"{name}.threshold_enabled": enabled}},
        )

    def is_disk_blocked(self) -> bool:
        """Return whether the server has blocked its indices for want of disk space."""
        name = "index.blocks.read_only_allow_delete"
        answer = self.ask("GET", f"/vigie-*/_settings/{name}")
        return any(one["settings"] for one in answer.values())
