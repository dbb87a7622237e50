"""A news site that publishes on request, and Vigie's jobs over it on a Flink cluster.

Used by ``tests/flink`` and ``tools/flink_run.py``; everything goes through the command line, as
a user would do it.
"""

from __future__ import annotations

import hashlib
import json
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

from connectors.backends import open_index
from connectors.index import IndexSettings, IndexUnavailable
from connectors.records import stable_id

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]
SUBJECTS = ("Oreshnik", "Iskander-M", "Typhon", "Tomahawk", "Kinzhal missile")
WORDS = (
    "summit", "garrison", "railway", "minister", "harvest", "river", "budget", "winter", "bridge",
    "parliament", "signal", "market", "forest", "station", "border", "engine", "school", "port",
)  # fmt: skip
LOOK_SECS = 0.5
WAIT_SECS = 600


def article_text(number: int) -> str:
    """Return an article that no other resembles; every fifth names a tracked system."""
    chance = random.Random(number)
    sentences = [
        f"In report {number}-{line} the {chance.choice(WORDS)} near the {chance.choice(WORDS)} "
        f"of district {chance.randrange(10_000)} met the {chance.choice(WORDS)} again."
        for line in range(12)
    ]
    if number % 5 == 0:
        system = SUBJECTS[number // 5 % len(SUBJECTS)]
        sentences.insert(3, f"The {system} missile system was talked of again on day {number}.")
    return "".join(f"<p>{sentence}</p>" for sentence in sentences)


class NewsSite:
    """``feeds`` feeds on ``hosts`` hosts (ports); shows ``shown`` of ``entries`` articles.

    While ``opened`` is not set, pages are asked for but not given.
    """

    def __init__(self, *, feeds: int, entries: int, hosts: int) -> None:
        self.feeds, self.entries = feeds, entries
        self.shown = entries
        self.opened = threading.Event()
        self.opened.set()
        self.requests: Counter[str] = Counter()
        self._servers = [
            ThreadingHTTPServer(("127.0.0.1", 0), self._handler()) for _ in range(hosts)
        ]

    def __enter__(self):
        for server in self._servers:
            server.daemon_threads = True
            threading.Thread(target=server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        for server in self._servers:
            server.shutdown()
            server.server_close()

    def base(self, feed: int) -> str:
        return f"http://127.0.0.1:{self._servers[feed % len(self._servers)].server_port}"

    def feed_urls(self) -> list[str]:
        return [f"{self.base(n)}/feed/{n}" for n in range(self.feeds)]

    def feed(self, number: int) -> str:
        base = self.base(number)
        items = "".join(
            f"<item><title>Report {n}</title><link>{base}/a/{n}</link>"
            f"<pubDate>Fri, 06 Dec 2024 12:00:{n % 60:02} GMT</pubDate></item>"
            for n in range(number, self.shown, self.feeds)
        )
        return f"<rss version='2.0'><channel><title>F{number}</title>{items}</channel></rss>"

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.requests[self.path] += 1
                kind, _, number = self.path.strip("/").partition("/")
                if kind == "feed":
                    body, content_type = site.feed(int(number)), "application/rss+xml"
                elif kind == "a":
                    site.opened.wait()
                    title, text = f"Report {number}", article_text(int(number))
                    body = (
                        f"<html lang='en'><head><title>{title}</title></head><body><article>"
                        f"<h1>{title}</h1>{text}</article></body></html>"
                    )
                    content_type = "text/html; charset=utf-8"
                else:
                    self.send_error(404)
                    return
                raw = body.encode()
                tag = f'"{hashlib.sha256(raw).hexdigest()[:16]}"'
                if self.headers.get("If-None-Match") == tag:
                    self.send_response(304)
                    self.end_headers()
                    return
                self.send_response(200)
                self.send_header("Content-Type", content_type)
                self.send_header("Content-Length", str(len(raw)))
                self.send_header("ETag", tag)
                self.end_headers()
                self.wfile.write(raw)

            def log_message(self, *_: object) -> None:
                pass

        return Handler


class Vigie:
    """Vigie over ``site``: passes on this machine, jobs on ``cluster``."""

    def __init__(self, cluster, site: NewsSite, folder: Path, *, interval_secs: int = 2) -> None:
        self.cluster = cluster
        self.site = site
        self.folder = folder
        self.interval_secs = interval_secs
        self.root = ROOT
        self.channels: dict[str, dict[str, str]] = {}

    def run_once(self, index: str) -> None:
        """Make one undisturbed pass on the DirectRunner's engine."""
        command = self._command(index, "--once")
        subprocess.run(command, check=True, cwd=self.root, capture_output=True)

    def submit(self, index: str, *more: str) -> str:
        """Submit a detached job and return its id.

        Raises:
            RuntimeError: it was refused; with what the command said.
        """
        command = self._command(index, "--detach", *self._runner(), *more)
        done = subprocess.run(command, cwd=self.root, capture_output=True, check=False)
        if done.returncode:
            raise RuntimeError(done.stderr.decode(errors="replace")[-2000:])
        return str(json.loads(done.stdout)["job_id"])

    def attach(self, index: str, *more: str) -> subprocess.Popen[bytes]:
        """Start ``vigie run`` that stays with its job."""
        command = self._command(index, *self._runner(), *more)
        return subprocess.Popen(
            command, cwd=self.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )

    def flink(self, action: str, *more: str) -> dict:
        """Run ``vigie flink ACTION`` and return what it printed."""
        command = [
            sys.executable, "-m", "pipelines.cli", "flink", action, "--flink-rest-url",
            self.cluster.rest_url, *more,
        ]  # fmt: skip
        done = subprocess.run(command, cwd=self.root, capture_output=True, check=False)
        if done.returncode > 1:
            raise RuntimeError(done.stderr.decode(errors="replace")[-2000:])
        return json.loads(done.stdout)

    def _runner(self) -> tuple[str, ...]:
        return (
            "--runner", "FlinkRunner", "--flink-rest-url", self.cluster.rest_url,
            "--job-endpoint", self.cluster.job_endpoint, "--checkpoint-secs", "3",
        )  # fmt: skip

    def _command(self, index: str, *more: str) -> list[str]:
        config = self.folder / f"monitor-{stable_id(index)[:8]}.yaml"
        prefix = f"v{stable_id(index, str(self.folder))[:8]}"
        values = {
            "index": {"location": index, "prefix": prefix},
            "feeds": [{"url": url} for url in self.site.feed_urls()],
            "interval_secs": self.interval_secs,
            "fetch": {"min_delay_secs": 0, "allow_addresses": ["127.0.0.0/8"]},
            "alerts": {"late_articles": True}
            | ({"channels": self.channels} if self.channels else {}),
            "metrics": {"port": 0},
        }
        config.write_text(json.dumps(values))
        return [sys.executable, "-m", "pipelines.cli", "run", "--config", str(config), *more]

    def settings(self, index: str) -> IndexSettings:
        return IndexSettings(location=index, prefix=f"v{stable_id(index, str(self.folder))[:8]}")

    def documents(self, index: str) -> dict[str, tuple[str, ...]]:
        """Return what each article became: text, mentions and claims by address.

        Raises:
            RuntimeError: an address is there twice.
        """
        opened = open_index(self.settings(index), read_only=True)
        found: dict[str, tuple[str, ...]] = {}
        for one in opened.documents():
            if one.article.url in found:
                raise RuntimeError(f"doubled: {one.article.url}")
            found[one.article.url] = (
                one.article.title,
                one.article.content_hash,
                *sorted(f"{m.subject} {m.field} {m.start} {m.end}" for m in one.mentions),
                *sorted(f"{c.system} {c.status} {c.start} {c.end}" for c in one.claims),
            )
        opened.close()
        return found

    def alerts(self, index: str) -> set[str]:
        """Return the ids of all alerts."""
        opened = open_index(self.settings(index), read_only=True)
        try:
            return {one.id for one in opened.alerts(limit=100_000)}
        finally:
            opened.close()

    def set_up(self, index: str) -> None:
        """Make the indices; an embedded index does so itself."""
        opened = open_index(self.settings(index))
        opened.setup()
        opened.close()

    def entries(self, index: str) -> dict[str, int]:
        """Return the ledger's account, empty while the index cannot be read."""
        try:
            opened = open_index(self.settings(index), read_only=True)
            try:
                return {key: n for key, n in opened.totals().entries.items() if n}
            finally:
                opened.close()
        except IndexUnavailable:
            return {}

    def wait_until_indexed(self, index: str, number: int) -> float:
        """Wait until ``number`` entries are indexed; return the seconds it took."""
        return self.wait_until(lambda: self.entries(index).get("indexed", 0) >= number)

    def wait_until(self, reached: Callable[[], bool]) -> float:
        """Wait for what ``reached`` tells; return the seconds it took.

        Raises:
            RuntimeError: it took too long; with the job's state.
        """
        began = time.monotonic()
        while not reached():
            if time.monotonic() - began > WAIT_SECS:
                raise RuntimeError(f"not reached in {WAIT_SECS} s: {self.flink('status')}")
            time.sleep(LOOK_SECS)
        return time.monotonic() - began
