"""A whole job meets all answers and pages of ill will: it ends, stays small, reads the rest."""

import contextlib
import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hostile_answers import BEHAVIOURS, page
from hostile_pages import BEYOND_THE_GUARD, WITHIN_THE_GUARD
from newsroom import article_text, processes_of
from raw_server import RawServer

from connectors.backends import open_index
from connectors.index import IndexSettings

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.skipif(sys.platform != "linux", reason="one server on many loopback addresses"),
]

REPOSITORY = Path(__file__).parents[2]
MOST_BYTES = 700_000_000
"""What the job and all its processes may have in memory at any moment.

Four runs had 552 to 636 MB (23 November 2026): 160 of it are tables of words in 38 languages, and
what two workers hold at their limit comes and goes.
"""

NEIGHBOURS = 40
PAGES = {**{name: body for name, (body, _) in BEYOND_THE_GUARD.items()}, **WITHIN_THE_GUARD}
HTML = b"Content-Type: text/html\r\n"
LOOK_SECS = 0.25


def host(kind, number):
    """A host for each: what one does to Vigie's patience must not help its neighbours."""
    return f"127.0.{kind}.{number + 1}"


@pytest.fixture
def site():
    """Feeds and pages of ill will and, among them, ordinary articles; and their addresses."""
    with RawServer(host="0.0.0.0").running() as server:
        server.feeds, server.bad, server.good = [], [], []

        def add(kind, number, handler):
            path = f"/{kind}/{number}"
            server.add(path, handler)
            return f"http://{host(kind, number)}:{server.port}{path}"

        for number, (make, _) in enumerate(BEHAVIOURS.values()):
            server.bad.append(add(1, number, make()))
            server.feeds.append(add(2, number, make()))
        for number, body in enumerate(PAGES.values()):
            server.bad.append(add(3, number, page(body, HTML)))
            server.feeds.append(add(4, number, page(body, b"Content-Type: text/xml\r\n")))
        for number in range(NEIGHBOURS):
            body = f"<html lang='en'><title>Report {number}</title>{article_text(number)}"
            server.good.append(add(5, number, page(body.encode(), HTML)))
        for number, links in enumerate((server.bad, server.good)):
            items = "".join(
                f"<item><title>No. {at}</title><link>{link}</link></item>"
                for at, link in enumerate(links)
            )
            feed = f"<rss version='2.0'><channel><title>F</title>{items}</channel></rss>"
            server.feeds.append(add(6, number, page(feed.encode())))
        yield server


@pytest.fixture
def index(tmp_path):
    return IndexSettings(location=f"sqlite:{tmp_path}/vigie.db")


@pytest.fixture
def config(site, index, tmp_path):
    settings = {
        "index": {"location": index.location},
        "feeds": [{"url": url} for url in site.feeds],
        "fetch": {
            "allow_addresses": ["127.0.0.0/8"],
            "min_delay_secs": 0,
            "timeout_secs": 8,
            "obey_robots": False,
        },
    }
    path = tmp_path / "monitor.yaml"
    path.write_text(json.dumps(settings), encoding="utf-8")
    return path


def memory_of(pid):
    """Return the bytes in RAM that are the process's, its share of what others use too."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0


@contextlib.contextmanager
def watched(pid):
    """Yield a list whose last item is the most memory that ``pid`` and its children had."""
    most, ended = [0], threading.Event()

    def look():
        while not ended.wait(LOOK_SECS):
            most.append(max(most[-1], sum(map(memory_of, processes_of(pid)))))

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield most
    finally:
        ended.set()
        thread.join()


def test_a_site_of_ill_will_is_read_to_its_end_in_bounded_memory(site, index, config, tmp_path):
    command = [sys.executable, "-m", "pipelines.cli", "run", "--once", "--metrics-port", "0"]
    log = tmp_path / "log"
    with log.open("wb") as sink:
        job = subprocess.Popen(
            [*command, "--config", str(config)], cwd=REPOSITORY, stdout=sink, stderr=sink
        )
        with watched(job.pid) as most:
            code = job.wait()
    assert code == 0, log.read_text()[-3000:]
    assert most[-1] < MOST_BYTES
    opened = open_index(index, read_only=True)
    try:
        indexed = {document.article.url for document in opened.documents()}
        entries = opened.totals().entries
    finally:
        opened.close()
    assert set(site.good) - indexed == set(), log.read_text()[-3000:]
    assert sum(entries.values()) == len(site.bad) + len(site.good)
