"""A news site that publishes on request, a receiver of alerts, and Vigie's jobs over both.

Used by ``tests/failures``, ``tools/kill_run.py`` and ``tools/outage_run.py``; everything goes
through the command line, as a user would do it.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

from connectors.backends import open_index

if TYPE_CHECKING:
    from collections.abc import Callable

    from preloaded import Preloaded

    from connectors.index import IndexSettings

ROOT = Path(__file__).parents[2]
PYTHON_WORDS = 3
"""``python -m pipelines.cli``, before the words that are Vigie's."""

FEEDS = 10
SUBJECTS = ("Oreshnik", "Iskander-M", "Typhon", "Tomahawk", "Kinzhal missile")
WORDS = (
    "summit", "garrison", "railway", "minister", "harvest", "river", "budget", "winter", "bridge",
    "parliament", "signal", "market", "forest", "station", "border", "engine", "school", "port",
)  # fmt: skip
MENTION_EVERY = 5
TWICE_EVERY = 7
FIRST_AT = datetime(2020, 1, 6, 12, tzinfo=timezone.utc)
DEVELOPMENT_DAYS = 21
"""Longer than the window of a story, so that every pair of reports is a development."""

LONG_LINES = 600
LOOK_SECS = 0.05


def is_mention(number: int) -> bool:
    """Every fifth article names a tracked system; two in a row report one development."""
    return number % MENTION_EVERY == 0


def development(number: int) -> int:
    """Return the number of the development that article ``number`` reports."""
    return number // MENTION_EVERY // 2


def published_at(number: int) -> datetime:
    """Return when article ``number`` was published."""
    if not is_mention(number):
        return FIRST_AT + timedelta(hours=number)
    pair, second = divmod(number // MENTION_EVERY, 2)
    week = pair // len(SUBJECTS)
    return FIRST_AT + timedelta(days=DEVELOPMENT_DAYS * week, hours=2 * second, seconds=number)


def article_text(number: int, lines: int = 12) -> str:
    """Return an article that no other resembles, but the other report of its development.

    Those two are one story whichever comes first: what is alerted does not hang on the order.
    """
    about = f"development {development(number)}" if is_mention(number) else f"report {number}"
    chance = random.Random(about)
    sentences = [
        f"In {about}-{line} the {chance.choice(WORDS)} near the {chance.choice(WORDS)} "
        f"of district {chance.randrange(10_000)} met the {chance.choice(WORDS)} again."
        for line in range(lines)
    ]
    if is_mention(number):
        system = SUBJECTS[development(number) % len(SUBJECTS)]
        sentences.insert(3, f"The {system} missile system was talked of again on day {number}.")
    return "".join(f"<p>{sentence}</p>" for sentence in sentences)


class Newsroom(ThreadingHTTPServer):
    """``shown`` of ``entries`` articles in ten feeds, every seventh in two of them; a receiver.

    ``received`` counts the deliveries of each alert by its key; articles in ``long`` have 60 kB.
    """

    daemon_threads = True

    def __init__(self, entries: int, *, shown: int | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.entries = entries
        self.shown = entries if shown is None else shown
        self.asked = 0
        self.long: set[int] = set()
        self.received: Counter[str] = Counter()
        self.base = f"http://127.0.0.1:{self.server_port}"

    def __enter__(self):
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()

    @property
    def feed_urls(self) -> list[str]:
        return [f"{self.base}/feed/{number}" for number in range(FEEDS)]

    @property
    def developments(self) -> set[int]:
        """What is to be alerted, once each."""
        return {development(n) for n in range(0, self.entries, MENTION_EVERY)}

    @property
    def repeats(self) -> int:
        """How many entries are second ones of an article."""
        return len(range(0, self.entries, TWICE_EVERY))

    def feed(self, number: int) -> str:
        shown = [n for n in range(self.shown) if n % FEEDS == number]
        shown += [n for n in range(0, self.shown, TWICE_EVERY) if (n + 1) % FEEDS == number]
        items = "".join(
            f"<item><title>Report {n}</title><link>{self.base}/a/{n}</link>"
            f"<guid isPermaLink='false'>{number}-{n}</guid>"
            f"<pubDate>{format_datetime(published_at(n))}</pubDate></item>"
            for n in shown
        )
        return f"<rss version='2.0'><channel><title>F{number}</title>{items}</channel></rss>"


class _Handler(BaseHTTPRequestHandler):
    server: Newsroom

    def do_GET(self) -> None:
        self.server.asked += 1
        kind, _, number = self.path.strip("/").partition("/")
        if kind == "feed":
            self._answer(self.server.feed(int(number)), "application/rss+xml")
        elif kind == "a":
            title = f"Report {number}"
            lines = LONG_LINES if int(number) in self.server.long else 12
            text = article_text(int(number), lines)
            self._answer(
                f"<html lang='en'><head><title>{title}</title></head><body><article>"
                f"<h1>{title}</h1>{text}</article></body></html>",
                "text/html; charset=utf-8",
            )
        else:
            self.send_error(404)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.received[self.headers["Idempotency-Key"]] += 1
        self._answer("", "text/plain")

    def _answer(self, body: str, content_type: str) -> None:
        raw = body.encode()
        self.send_response(200)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        try:
            self.wfile.write(raw)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        pass


@dataclass
class Held:
    """What an index holds of a newsroom; ``developments`` are those that were alerted."""

    documents: Counter[str] = field(default_factory=Counter)
    alerts: set[str] = field(default_factory=set)
    developments: Counter[int] = field(default_factory=Counter)
    entries: dict[str, int] = field(default_factory=dict)
    undelivered: int = 0


def held(index: IndexSettings) -> Held:
    """Return what ``index`` holds: documents by address, alert ids, the ledger's account."""
    opened = open_index(index, read_only=True)
    try:
        totals, alerts = opened.totals(), opened.alerts(limit=100_000)
        return Held(
            documents=Counter(one.article.url for one in opened.documents()),
            alerts={one.id for one in alerts},
            developments=Counter(development(int(one.url.rpartition("/")[2])) for one in alerts),
            entries=totals.entries,
            undelivered=totals.alerts_undelivered,
        )
    finally:
        opened.close()


def indexed(index: IndexSettings) -> int:
    """Return how many documents ``index`` holds."""
    opened = open_index(index, read_only=True)
    try:
        return opened.totals().documents
    finally:
        opened.close()


class Vigie:
    """The commands that a user would give, over ``newsroom`` and into ``index``.

    Each is a process of its own, forked from ``origin`` where there is one.
    """

    def __init__(
        self,
        newsroom: Newsroom,
        index: IndexSettings,
        folder: Path,
        origin: Preloaded | None = None,
    ) -> None:
        self.newsroom = newsroom
        self.folder = folder
        self.origin = origin
        self.index = index
        self.config = folder / f"monitor-{abs(hash(index))}.yaml"
        self.config.write_text(json.dumps(self._settings()), encoding="utf-8")

    def _settings(self) -> dict:
        index = self.index
        login = {"username": index.username, "password": index.password}
        return {
            "index": {
                "location": index.location,
                "prefix": index.prefix,
                "timeout_secs": index.timeout_secs,
                **{name: value for name, value in login.items() if value},
            },
            "feeds": [{"url": url} for url in self.newsroom.feed_urls],
            "fetch": {
                "allow_addresses": ["127.0.0.0/8"], "min_delay_secs": 0, "obey_robots": False,
            },
            "alerts": {
                "late_articles": True,
                "channels": {"hook": {"type": "webhook", "url": f"{self.newsroom.base}/hook"}},
            },
            "interval_secs": 2,
        }  # fmt: skip

    def command(self, name: str, *arguments: str) -> list[str]:
        """Return the command line of ``vigie NAME``."""
        config = ("--config", str(self.config))
        return [sys.executable, "-m", "pipelines.cli", name, *arguments, *config]

    def start(
        self, *arguments: str, name: str = "run", metrics_port: int = 0, log: Path | None = None
    ):
        """Start ``vigie NAME`` with ``arguments`` in a session of its own."""
        sink = log or Path(os.devnull)
        port = ("--metrics-port", str(metrics_port))
        return self._launch(self.command(name, *arguments, *port), sink, sink)

    def _launch(self, command: list[str], out: Path, err: Path):
        if self.origin is not None:
            return self.origin.start(command[PYTHON_WORDS:], out, err)
        with out.open("ab") as output, err.open("ab") as errors:
            return subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=errors,
                start_new_session=True,
                cwd=ROOT,
            )

    def tell(self, name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run ``vigie NAME`` to its end and return what it said."""
        with tempfile.TemporaryDirectory(dir=self.folder) as folder:
            out, err = Path(folder) / "out", Path(folder) / "err"
            command = self.command(name, *arguments)
            code = self._launch(command, out, err).wait()
            return subprocess.CompletedProcess(command, code, out.read_text(), err.read_text())

    def run_until_done(self, passes: int = 4) -> None:
        """Make passes until nothing is pending or undelivered."""
        for _ in range(passes):
            done = self.tell("run", "--once", "--metrics-port", "0")
            if done.returncode:
                raise RuntimeError(done.stderr[-2000:])
            now = held(self.index)
            if not now.entries.get("pending") and not now.undelivered:
                return


def kill(process: subprocess.Popen[bytes]) -> None:
    """Kill the job and all that it started, as a power cut would."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def stop(process: subprocess.Popen[bytes], *, within_secs: float = 300) -> int:
    """Ask the job to end, as an operator would; return its exit code."""
    process.send_signal(signal.SIGTERM)
    try:
        return process.wait(within_secs)
    finally:
        kill(process)


def wait_for(condition: Callable[[], object], *, within_secs: float = 600) -> None:
    """Look until ``condition()`` holds.

    Raises:
        TimeoutError: it did not within ``within_secs``.
    """
    deadline = time.monotonic() + within_secs
    while time.monotonic() < deadline:
        if condition():
            return
        time.sleep(LOOK_SECS)
    raise TimeoutError(f"did not come true within {within_secs} s")


def processes_of(leader: int) -> list[int]:
    """Return the ids of the processes that ``leader`` started, and theirs, and ``leader``."""
    parents: dict[int, int] = {}
    for directory in Path("/proc").iterdir():
        if directory.name.isdecimal():
            try:
                words = (directory / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents[int(directory.name)] = int(words[1])
    found = [leader]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found


def resident_bytes(pid: int) -> int:
    """Return the memory that process ``pid`` has in RAM, 0 when it has ended.

    Its share of what it shares (PSS): a process that is just forked would count all again.
    """
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    found = re.search(r"^Pss:\s+(\d+) kB", rollup, re.MULTILINE)
    return 1024 * int(found[1]) if found else 0


def read_metrics(port: int) -> dict[str, float]:
    """Return the series that a job serves at ``port``, by name with labels."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as response:
        lines = response.read().decode().splitlines()
    pairs = (line.rpartition(" ") for line in lines if line and not line.startswith("#"))
    return {name: float(value) for name, _, value in pairs}
