"""Kill the job at random moments, start it again, and compare with an undisturbed run.

    python tools/kill_run.py --kills 100 --entries 2000 [--index http://127.0.0.1:9200]

Serves a site of its own on loopback, runs ``vigie run --once`` over it, sends SIGKILL after a
random time, again and again, then lets one run end. Prints one JSON object: documents and
alerts expected, lost and doubled. Exit code 1 if any is lost or doubled.
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
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from connectors.backends import open_index
from connectors.index import IndexSettings

FEEDS = 10
SUBJECTS = ("Oreshnik", "Iskander-M", "Typhon", "Tomahawk", "Kinzhal missile")
WORDS = (
    "summit", "garrison", "railway", "minister", "harvest", "river", "budget", "winter", "bridge",
    "parliament", "signal", "market", "forest", "station", "border", "engine", "school", "port",
)  # fmt: skip


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
        sentences.insert(3, f"The {system} missile system was shown in Belarus on day {number}.")
    return "".join(f"<p>{sentence}</p>" for sentence in sentences)


class Site(ThreadingHTTPServer):
    """``entries`` articles in ten feeds."""

    daemon_threads = True

    def __init__(self, entries: int) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.entries = entries
        self.base = f"http://127.0.0.1:{self.server_port}"

    def feed(self, number: int) -> str:
        items = "".join(
            f"<item><title>Report {n}</title><link>{self.base}/a/{n}</link>"
            f"<pubDate>Fri, 06 Dec 2024 12:00:{n % 60:02} GMT</pubDate></item>"
            for n in range(number, self.entries, FEEDS)
        )
        return f"<rss version='2.0'><channel><title>F{number}</title>{items}</channel></rss>"


class _Handler(BaseHTTPRequestHandler):
    server: Site

    def do_GET(self) -> None:
        kind, _, number = self.path.strip("/").partition("/")
        if kind == "feed":
            body, content_type = self.server.feed(int(number)), "application/rss+xml"
        elif kind == "a":
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
        self.send_response(200)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_: object) -> None:
        pass


def command(site: Site, index: str, receiver: str | None) -> list[str]:
    """Return the command that makes one pass over the site."""
    feeds = [part for n in range(FEEDS) for part in ("--feed", f"{site.base}/feed/{n}")]
    return [
        sys.executable, "-m", "pipelines.cli", "run", "--once", *feeds, "--index", index,
        "--allow-address", "127.0.0.0/8", "--metrics-port", "0",
        *(("--config", receiver) if receiver else ()),
    ]  # fmt: skip


def start(arguments: list[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        arguments,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        cwd=Path(__file__).parents[1],
    )


def kill(process: subprocess.Popen[bytes]) -> None:
    """Kill the job and all that it started, as a power cut would."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def held(index: str) -> tuple[dict[str, int], set[str], dict[str, int]]:
    """Return documents by address, alert ids, and the ledger's account."""
    opened = open_index(IndexSettings(location=index), read_only=True)
    documents: dict[str, int] = {}
    for one in opened.documents():
        documents[one.article.url] = documents.get(one.article.url, 0) + 1
    alerts = {one.id for one in opened.alerts(limit=100_000)}
    account = opened.totals().entries
    opened.close()
    return documents, alerts, account


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--entries", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--index", help="an empty index (default: a new embedded one)")
    args = parser.parse_args()
    chance = random.Random(args.seed)
    with tempfile.TemporaryDirectory() as folder, Site(args.entries) as site:
        threading.Thread(target=site.serve_forever, daemon=True).start()
        config = Path(folder) / "monitor.yaml"
        config.write_text("alerts: {late_articles: true}\nfetch: {min_delay_secs: 0}\n")
        reference = f"sqlite:{folder}/reference.db"
        began = time.monotonic()
        if start(command(site, reference, str(config))).wait():
            sys.exit("the undisturbed run failed")
        undisturbed_secs = time.monotonic() - began
        index = args.index or f"sqlite:{folder}/killed.db"
        ended = 0
        for _ in range(args.kills):
            process = start(command(site, index, str(config)))
            try:
                process.wait(chance.uniform(0.5, undisturbed_secs))
                ended += 1
            except subprocess.TimeoutExpired:
                kill(process)
        if start(command(site, index, str(config))).wait():
            sys.exit("the last run failed")
        wanted, wanted_alerts, _ = held(reference)
        found, found_alerts, account = held(index)
    report = {
        "kills": args.kills - ended,
        "runs_that_ended_first": ended,
        "undisturbed_secs": round(undisturbed_secs, 1),
        "documents": len(wanted),
        "documents_lost": len(set(wanted) - set(found)),
        "documents_doubled": sum(number - 1 for number in found.values()),
        "alerts": len(wanted_alerts),
        "alerts_lost": len(wanted_alerts - found_alerts),
        "alerts_extra": len(found_alerts - wanted_alerts),
        "ledger": account,
    }
    print(json.dumps(report))
    bad = ("documents_lost", "documents_doubled", "alerts_lost", "alerts_extra")
    return int(any(report[key] for key in bad))


if __name__ == "__main__":
    sys.exit(main())
