"""Measure the whole flow, from a loopback site to a real Elasticsearch, in one run.

    python tools/bench_flow.py [--quick] [--py-spy PATH] [--state-days 45] > var/flow.json
    python tools/write_performance.py var/flow.json

Per runner (``direct``: Prism on this machine; ``flink``: two Python workers in one TaskManager):

- throughput: a backlog is shown at once; documents a second until a search finds the last, and
  the processor time of every kind of process meanwhile. A first, smaller backlog is measured as
  well: it meets the compilers of the Java servers at work;
- lag: entries are shown at 10, 50 and 90 % of that rate; seconds until a search finds each, and
  until a webhook has its alert;
- recovery: from SIGKILL to the first document of what was shown afterwards;
- with ``--py-spy``: where the time of the Python that runs the flow goes, over another backlog.

With ``--state-days``: ``tools/bench_state.py`` afterwards.
Before all, the server is given pages of its own, as one that has run for a while has had: its
compiler takes 35 s of a processor over the first 8,000 (``--warm``).
Beside it, before and after: bare ``trafilatura.extract(fast=True)`` on the same pages, on one core.
Prints one JSON object. Needs no network.
"""

# ruff: noqa: S310 - loopback addresses only

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from contextlib import ExitStack
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests" / "services"), str(ROOT)]

import bench_site  # noqa: E402 - found on the path that the line above adds
import elasticsearch_server  # noqa: E402
import flink_cluster  # noqa: E402
import flink_trial  # noqa: E402

from connectors.addresses import address_key  # noqa: E402
from connectors.backends import open_index  # noqa: E402
from connectors.index import IndexSettings  # noqa: E402
from connectors.records import Article, Document, PollState, stable_id  # noqa: E402
from pipelines.steps.apply import entry_of  # noqa: E402

LOOK_SECS = 0.2
PATIENCE_SECS = 900
FEEDS = 20
POLL_SECS = 2
SHARES = (0.1, 0.5, 0.9)
QUANTILES = (0.5, 0.95, 0.99)
SAMPLES_A_SEC = 50
PROFILED_PAGES = 600
WARM_BATCH = 100
PLACES = 14
STAMPS = ("created", "ingested")
STAGES = ("shown to polled", "polled to fetched", "fetched to written", "written to found")
FLOW = ("workers", "vigie")
KINDS = (
    ("workers", "pipelines.flink_worker"),
    ("extraction and parsing", "connectors.sandbox_worker"),
    ("vigie", "pipelines.cli"),
    ("prism", "prism"),
    ("task manager", "TaskManagerRunner"),
    ("job manager", "StandaloneSessionCluster"),
    ("job server", "FlinkJobServerDriver"),
    ("elasticsearch", "org.elasticsearch"),
    ("site", "bench_site"),
)
COMPILED = ("elasticsearch", "task manager")
"""Kinds of process whose compiler is told apart: it rests in a server that has run for long."""


class Site:
    """The site's process: what it shows, and when."""

    def __init__(self, *, pages: int, filler: int) -> None:
        command = [sys.executable, str(ROOT / "tools" / "bench_site.py"), "--feeds", str(FEEDS)]
        command += ["--pages", str(pages), "--filler", str(filler)]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        told = self._read()
        self.feeds: list[str] = told["feeds"]
        self.every: int = told["alerting_every"]
        self.page_bytes: int = told["page_bytes"]
        self.left = pages
        self.shown_at: dict[str, float] = {}

    def show(self, count: int, rate: float = 0.0) -> list[str]:
        """Show ``count`` more entries at ``rate`` a second from now on; return their addresses."""
        first, start = len(self.shown_at), time.time() + 0.5
        if count > self.left:
            sys.exit(f"the site has {self.left} pages left, {count} are wanted: raise --pages")
        self.left -= count
        print(
            json.dumps({"count": count, "start": start, "rate": rate}),
            file=self._process.stdin,
            flush=True,
        )
        self._read()
        step = 1 / rate if rate else 0.0
        urls = [self.page(first + n) for n in range(count)]
        self.shown_at.update({url: start + n * step for n, url in enumerate(urls)})
        return urls

    def page(self, number: int) -> str:
        return f"{self.feeds[number % FEEDS].rpartition('/feed/')[0]}/a/{number}"

    def close(self) -> None:
        self._process.stdin.close()
        self._process.wait()

    def _read(self) -> dict:
        return json.loads(self._process.stdout.readline())


class Receiver(ThreadingHTTPServer):
    """A webhook: when an alert about an address first came."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Hook)
        self.got_at: dict[str, float] = {}
        threading.Thread(target=self.serve_forever, daemon=True).start()


class _Hook(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.got_at.setdefault(told["url"], time.time())
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


class Searcher:
    """Asks Elasticsearch what a search finds, again and again; counts only while a backlog goes."""

    def __init__(self, url: str, prefix: str, shown_at: dict[str, float]) -> None:
        self._address = f"{url}/{prefix}-articles"
        self._shown_at = shown_at
        self.found_at: dict[str, float] = {}
        self._resumed = threading.Event()
        self._resumed.set()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Searcher:  # noqa: PYI034 - typing.Self needs Python 3.11
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._resumed.set()
        self._thread.join()

    def look(self) -> None:
        """Note what is found of what was shown since the oldest entry that is still missing."""
        missing = [at for url, at in list(self._shown_at.items()) if url not in self.found_at]
        if not missing:
            return
        since = datetime.fromtimestamp(min(missing) - 2, timezone.utc)
        query = {
            "size": 10_000,
            "_source": False,
            "docvalue_fields": ["url"],
            "query": {"range": {"event.created": {"gte": since.isoformat()}}},
        }
        hits = self._ask("_search", query)["hits"]["hits"]
        now = time.time()
        for hit in hits:
            self.found_at.setdefault(hit["fields"]["url"][0], now)

    def stages(self, urls: list[str]) -> dict[str, dict]:
        """Return the quantiles of the seconds from each stage to the next of what was found."""
        wanted, found = set(urls), []
        since = datetime.fromtimestamp(self._shown_at[urls[0]] - 2, timezone.utc)
        query = {
            "size": 10_000,
            "_source": ["record.article.fetched_at"],
            "docvalue_fields": ["url", "event.created", "event.ingested"],
            "query": {"range": {"event.created": {"gte": since.isoformat()}}},
        }
        for hit in self._ask("_search", query)["hits"]["hits"]:
            url = hit["fields"]["url"][0]
            if url in wanted:
                seen, written = (unix_secs(hit["fields"][f"event.{at}"][0]) for at in STAMPS)
                fetched = unix_secs(hit["_source"]["record"]["article"]["fetched_at"])
                moments = [self._shown_at[url], seen, fetched, written, self.found_at[url]]
                found.append([later - earlier for earlier, later in pairwise(moments)])
        return {
            name: quantiles(list(secs))
            for name, secs in zip(STAGES, zip(*found, strict=True), strict=True)
        }

    def count(self) -> int:
        return int(self._ask("_count", {})["count"])

    def count_to(self, number: int) -> int:
        """Wait until so many documents are found; return how many they are."""
        deadline = time.monotonic() + PATIENCE_SECS
        while (found := self.count()) < number:
            if time.monotonic() > deadline:
                raise RuntimeError(f"{found} of {number} found in {PATIENCE_SECS} s")
            time.sleep(LOOK_SECS)
        return found

    def pause(self) -> None:
        self._resumed.clear()

    def resume(self) -> None:
        self._resumed.set()

    def wait_for(self, urls: list[str]) -> None:
        deadline = time.monotonic() + PATIENCE_SECS
        while not self.found_at.keys() >= set(urls):
            if time.monotonic() > deadline:
                missing = len(set(urls) - self.found_at.keys())
                raise RuntimeError(f"{missing} of {len(urls)} not found in {PATIENCE_SECS} s")
            time.sleep(LOOK_SECS)

    def _watch(self) -> None:
        while not self._ended.wait(LOOK_SECS):
            self._resumed.wait()
            try:
                self.look()
            except (OSError, ValueError) as error:
                say(f"the search was not answered: {error}")

    def _ask(self, what: str, query: dict) -> dict:
        request = urllib.request.Request(
            f"{self._address}/{what}",
            data=json.dumps(query).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)


class Job:
    """Vigie over the site with one runner, writing to ``prefix``."""

    def __init__(
        self, runner: str, site: Site, receiver: Receiver, index: str, folder: Path
    ) -> None:
        self.runner, self.site = runner, site
        self.prefix = f"bench{runner}"
        values = {
            "index": {"location": index, "prefix": self.prefix},
            "feeds": [{"url": url, "interval_secs": POLL_SECS} for url in site.feeds],
            "interval_secs": POLL_SECS,
            "fetch": {"min_delay_secs": 0, "allow_addresses": ["127.0.0.0/8"]},
            "alerts": {
                "channels": {
                    "hook": {
                        "type": "webhook",
                        "url": f"http://127.0.0.1:{receiver.server_port}/",
                    },
                },
            },
            "metrics": {"port": 0},
        }
        self.config = folder / f"{runner}.yaml"
        self.config.write_text(json.dumps(values))
        self.log = (folder / f"{runner}.log").open("ab")
        self.process: subprocess.Popen[bytes] | None = None
        self.cluster: flink_cluster.FlinkCluster | None = None
        subprocess.run(self._vigie("setup"), check=True, cwd=ROOT, stdout=self.log)

    def start(self) -> None:
        if self.runner == "flink":
            self.cluster = flink_cluster.FlinkCluster(slots=2)
            self.cluster.start()
            command = self._vigie(
                "run", "--runner", "FlinkRunner", "--detach", "--parallelism", "2", "--workers",
                "2", "--flink-rest-url", self.cluster.rest_url, "--job-endpoint",
                self.cluster.job_endpoint,
            )  # fmt: skip
            subprocess.run(command, check=True, cwd=ROOT, stdout=self.log, stderr=self.log)
        else:
            self._start_vigie()

    def kill(self) -> None:
        """Kill what works with SIGKILL, and start it again: the whole process, or a TaskManager."""
        if self.cluster is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self._start_vigie()
            return
        (name,) = self.cluster.task_managers()
        orphans = flink_trial.worker_pids(self.cluster.pid(name))
        self.cluster.kill(name)
        while any(Path(f"/proc/{pid}").exists() for pid in orphans):
            time.sleep(LOOK_SECS)
        self.cluster.start_task_manager()

    def close(self) -> None:
        if self.cluster is not None:
            self.cluster.close()
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(90)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()
        self.log.close()

    def _start_vigie(self) -> None:
        self.process = subprocess.Popen(
            self._vigie("run"), cwd=ROOT, stdout=self.log, stderr=self.log, start_new_session=True
        )

    def _vigie(self, command: str, *more: str) -> list[str]:
        start = [sys.executable, "-m", "pipelines.cli", command, "--config", str(self.config)]
        return [*start, *more]


def our_processes() -> dict[int, tuple[str, float]]:
    """Return kind and processor seconds so far of every process that this one started."""
    tick = os.sysconf("SC_CLK_TCK")
    parents: dict[int, int] = {}
    found: dict[int, tuple[str, float]] = {}
    for directory in Path("/proc").iterdir():
        if not directory.name.isdecimal():
            continue
        try:
            words = (directory / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            fields = (directory / "stat").read_text().rpartition(")")[2].split()
        except (OSError, UnicodeDecodeError):
            continue
        pid = int(directory.name)
        parents[pid] = int(fields[1])
        kind = next((kind for kind, word in KINDS if word in words), "other")
        found[pid] = (kind, sum(map(int, fields[11:15])) / tick)
    return {
        pid: told for pid, told in found.items() if pid != os.getpid() and is_ours(pid, parents)
    }


def processor_secs() -> dict[str, float]:
    """Return processor seconds so far by kind of process, those of some compilers apart."""
    spent: dict[str, float] = {}
    for pid, (kind, secs) in our_processes().items():
        compiler = compiler_secs(pid) if kind in COMPILED else 0.0
        spent[kind] = spent.get(kind, 0.0) + secs - compiler
        if compiler:
            name = f"{kind}: compiler"
            spent[name] = spent.get(name, 0.0) + compiler
    return spent


def compiler_secs(pid: int) -> float:
    """Return the processor seconds of the threads that compile, of those that still live."""
    ticks = 0
    for one in Path(f"/proc/{pid}/task").glob("*/stat"):
        try:
            name, _, fields = one.read_text().rpartition(")")
        except OSError:
            continue
        if "Compiler" in name:
            ticks += sum(map(int, fields.split()[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK")


def warm_server(url: str, pages: int) -> float:
    """Write so many pages, as the flow does, into indices of their own; return the seconds."""
    began = time.monotonic()
    index = open_index(IndexSettings(location=url, prefix="benchwarm"))
    index.setup()
    for first in range(0, pages, WARM_BATCH):
        documents = [warm_document(number) for number in range(first, first + WARM_BATCH)]
        now = documents[-1].article.first_seen_at
        index.register_entries([entry_of(one.article) for one in documents], due_at=now)
        index.save_poll_states([PollState(feed_id=f"warm{n}", url="") for n in range(FEEDS)])
        index.heads(one.article.id for one in documents)
        index.write(documents)
        index.pending_entries(limit=WARM_BATCH, due_at=now)
        index.undelivered_alerts(limit=WARM_BATCH, due_at=now)
    index.close()
    return time.monotonic() - began


def warm_document(number: int) -> Document:
    """Return a document such as the flow makes of a page, without findings."""
    dice, now = random.Random(f"warm {number}"), datetime.now(timezone.utc)
    url = f"http://127.0.0.1/warm/{number}"
    article = Article(
        id=address_key(url), entry_id=stable_id(url), feed_id="warm", url=url, canonical_url=url,
        title=bench_site.sentence(dice), language="en", outlet=None, author=None,
        text="\n".join(bench_site.paragraph(dice) for _ in range(dice.randint(6, 25))),
        published_at=now, date_source="feed", text_source="page", first_seen_at=now,
        fetched_at=now, content_hash=stable_id(url),
    )  # fmt: skip
    return Document(article=article, story_id=stable_id("story", url))


def is_ours(pid: int, parents: dict[int, int]) -> bool:
    """Return whether this process started ``pid``, or one that did."""
    while pid not in {0, 1, os.getpid()}:
        pid = parents.get(pid, 0)
    return pid == os.getpid()


def bare(site: Site, pages: int) -> float:
    """Return pages a second of bare trafilatura on one core, by processor time."""
    script = (
        "import os, sys, time, urllib.request; os.sched_setaffinity(0, {0})\n"
        "from trafilatura import extract\n"
        "texts = [urllib.request.urlopen(u).read().decode() for u in sys.argv[1:]]\n"
        "[extract(t, fast=True) for t in texts[:20]]\n"
        "began = time.process_time(); [extract(t, fast=True) for t in texts]\n"
        "print(len(texts) / (time.process_time() - began))"
    )
    urls = [site.page(number) for number in range(pages)]
    done = subprocess.run(
        [sys.executable, "-c", script, *urls], check=True, capture_output=True, text=True
    )
    return float(done.stdout)


def throughput(site: Site, searcher: Searcher, pages: int) -> dict:
    """Show ``pages`` at once; return the rate from then until a search finds the last of them."""
    searcher.wait_for(site.show(2 * FEEDS))
    searcher.pause()
    before_all = searcher.count()
    before, began = processor_secs(), time.monotonic()
    urls = site.show(pages)
    searcher.count_to(before_all + pages)
    secs_taken, after = time.monotonic() - began, processor_secs()
    searcher.resume()
    searcher.wait_for(urls)
    spent = {kind: after[kind] - before.get(kind, 0.0) for kind in after}
    return {
        "pages": pages,
        "pages_per_sec": round(pages / secs_taken, 1),
        "processor_ms_a_page": {
            kind: round(1000 * secs / pages, 2)
            for kind, secs in sorted(spent.items(), key=lambda one: -one[1])
            if secs > 0
        },
        "processor_ms_a_page_in_all": round(1000 * sum(spent.values()) / pages, 2),
        "cores_used": round(sum(spent.values()) / secs_taken, 2),
    }


def profile(site: Site, searcher: Searcher, folder: Path, py_spy: str) -> dict[str, float]:
    """Show a backlog, sample the Python that runs the flow; return shares of its busy samples.

    A sample counts for the innermost function of ours, or for the innermost library without one.
    """
    watched = [pid for pid, (kind, _) in our_processes().items() if kind in FLOW]
    files = [folder / f"profile-{pid}" for pid in watched]
    samplers = [
        subprocess.Popen(
            [py_spy, "record", "--pid", str(pid), "--format", "raw", "--output", str(file),
             "--rate", str(SAMPLES_A_SEC), "--nonblocking", "--duration", "unlimited"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        for pid, file in zip(watched, files, strict=True)
    ]  # fmt: skip
    searcher.wait_for(site.show(PROFILED_PAGES))
    for one in samplers:
        one.send_signal(signal.SIGINT)
    for one in samplers:
        one.wait(60)
    found: Counter[str] = Counter()
    for file in files:
        for line in file.read_text().splitlines() if file.exists() else ():
            stack, _, number = line.rpartition(" ")
            found[place_of(stack)] += int(number)
    return {place: round(number / found.total(), 3) for place, number in found.most_common(PLACES)}


def place_of(stack: str) -> str:
    """Return what a sampled stack, outermost first, is to be counted for."""
    frames = stack.split(";")
    for frame in reversed(frames):
        ours = re.search(r"^(\S+) \(.*?((?:pipelines|connectors)/\S+?\.py)", frame)
        if ours:
            return f"{ours[2]} {ours[1]}"
    libraries = re.findall(r"\((?:\S*site-packages/)?(apache_beam|grpc|\w+)", frames[-1])
    return libraries[0] if libraries else "other"


def lag(site: Site, searcher: Searcher, receiver: Receiver, rate: float, secs: float) -> dict:
    """Show entries at ``rate`` a second for ``secs``; return the quantiles of both lags."""
    urls = site.show(max(20, int(rate * secs)), rate)
    searcher.wait_for(urls)
    deadline = time.monotonic() + 10
    told = [url for url in urls if int(url.rpartition("/")[2]) % site.every == 0]
    while not receiver.got_at.keys() >= set(told) and time.monotonic() < deadline:
        time.sleep(LOOK_SECS)
    searchable = [searcher.found_at[url] - site.shown_at[url] for url in urls]
    alerted = [receiver.got_at[url] - site.shown_at[url] for url in told if url in receiver.got_at]
    return {
        "entries_per_sec": round(rate, 1),
        "searchable_secs": quantiles(searchable),
        "alerted_secs": quantiles(alerted),
        "stages_secs": searcher.stages(urls),
    }


def unix_secs(moment: str) -> float:
    return datetime.fromisoformat(moment.replace("Z", "+00:00")).timestamp()


def quantiles(values: list[float]) -> dict:
    if len(values) < 2:
        return {"number": len(values)}
    cuts = statistics.quantiles(values, n=1000, method="inclusive")
    found = {f"p{round(100 * q)}": round(cuts[round(1000 * q) - 1], 2) for q in QUANTILES}
    return {"number": len(values), **found}


def recovery(site: Site, searcher: Searcher, job: Job) -> float:
    """Kill while entries keep coming; return the seconds to the first document of a later one."""
    urls = site.show(200, 4.0)
    time.sleep(3)
    killed_at = time.time()
    later = {url for url in urls if site.shown_at[url] > killed_at}
    job.kill()
    deadline = time.monotonic() + PATIENCE_SECS
    while not later & searcher.found_at.keys() and time.monotonic() < deadline:
        time.sleep(LOOK_SECS)
    return round(time.time() - killed_at, 1)


def measure(runner: str, index: str, args: argparse.Namespace, folder: Path) -> dict:
    with ExitStack() as stack:
        pages = int(args.first + args.backlog + PROFILED_PAGES + 7 * FEEDS + 200 + 120 * args.secs)
        site = Site(pages=pages, filler=args.filler)
        stack.callback(site.close)
        before = bare(site, args.bare)
        receiver = Receiver()
        stack.callback(receiver.shutdown)
        job = Job(runner, site, receiver, index, folder)
        stack.callback(job.close)
        began = time.monotonic()
        job.start()
        searcher = stack.enter_context(Searcher(index, job.prefix, site.shown_at))
        searcher.wait_for(site.show(FEEDS))
        start_secs = round(time.monotonic() - began, 1)
        say(f"{runner}: first documents after {start_secs} s")
        first = throughput(site, searcher, args.first)
        say(f"{runner}: first {first}")
        full = throughput(site, searcher, args.backlog)
        full["first"] = first
        full["page_bytes"] = site.page_bytes
        full["load_average"] = os.getloadavg()[0]
        full["bare_pages_per_sec_a_core"] = [round(before, 1), round(bare(site, args.bare), 1)]
        full["of_bare"] = round(
            full["pages_per_sec"] / statistics.mean(full["bare_pages_per_sec_a_core"]), 2
        )
        say(f"{runner}: {full}")
        if args.py_spy:
            full["profile"] = profile(site, searcher, folder, args.py_spy)
            say(f"{runner}: {full['profile']}")
        lags = []
        for share in SHARES:
            rate = share * full["pages_per_sec"]
            lags.append({"share": share} | lag(site, searcher, receiver, rate, args.secs))
            say(f"{runner}: {lags[-1]}")
        secs = recovery(site, searcher, job)
        say(f"{runner}: new documents {secs} s after SIGKILL")
        return {"start_secs": start_secs, "throughput": full, "lag": lags, "recovery_secs": secs}


def printed(command: list[str]) -> str:
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return done.stdout.strip().rpartition("\n")[2]


def say(words: str) -> None:
    print(time.strftime("%H:%M:%S"), words, file=sys.stderr, flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="fewer pages: about ten minutes")
    parser.add_argument("--runners", default="direct,flink")
    parser.add_argument("--filler", type=int, default=85, help="more of it: heavier pages")
    parser.add_argument("--backlog", type=int, help="pages of the throughput's backlog")
    parser.add_argument("--first", type=int, help="pages of a backlog before that one")
    parser.add_argument("--warm", type=int, help="pages that the server gets before all")
    parser.add_argument("--secs", type=float, help="of each load whose lag is measured")
    parser.add_argument("--py-spy", metavar="PATH", help="the sampler; without: no profile")
    parser.add_argument("--state-days", type=int, default=0, help="0: the state is not measured")
    args = parser.parse_args()
    args.backlog = args.backlog or (1200 if args.quick else 2800)
    args.first = args.first or (400 if args.quick else 1200)
    args.warm = args.warm if args.warm is not None else (3000 if args.quick else 8000)
    args.secs = args.secs or (30 if args.quick else 60)
    args.bare = 100 if args.quick else 300
    report: dict = {
        "at": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "command": " ".join(
            ["python", *("PATH" if one == args.py_spy else one for one in sys.argv)]
        ),
        "commit": printed(["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"]),
        "cores": os.cpu_count(),
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
        "load_before": os.getloadavg(),
        "filler": args.filler,
    }
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        server = elasticsearch_server.ElasticsearchServer()
        stack.callback(server.close)
        server.start()
        report["warm"] = {"pages": args.warm, "secs": round(warm_server(server.url, args.warm), 1)}
        say(f"server: {report['warm']}")
        for runner in args.runners.split(","):
            report[runner] = measure(runner, server.url, args, Path(folder))
    if args.state_days:
        command = [sys.executable, str(ROOT / "tools" / "bench_state.py")]
        report["state"] = json.loads(printed([*command, "--days", str(args.state_days)]))
    print(json.dumps(report))
    return 0


if __name__ == "__main__":
    sys.exit(main())
