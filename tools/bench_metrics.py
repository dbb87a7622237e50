"""What the metrics cost: paired passes with and without them, and a scrape with 1,000 feeds.

``--write`` puts the figures into docs/metrics.md. Processor time, not wall time, so that other
work on the machine matters less; the passes leave out fetching and extraction, which would make
the share of the metrics smaller.
"""

from __future__ import annotations

import argparse
import gzip
import json
import platform
import random
import statistics
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING

import apache_beam as beam
from prometheus_client import Counter, Gauge, Histogram

from connectors import metrics
from connectors.backends import open_index
from connectors.index import IndexSettings
from connectors.net import FetchPolicy
from connectors.records import Article, Feed, PollState, stable_id
from pipelines.gauges import LOOK_SECS, show_index
from pipelines.monitor import report_articles
from pipelines.plan import Plan
from pipelines.runners import bounded_pipeline
from pipelines.steps.stories import StoryPlan, forget_books

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).parents[1]
TEXTS = ROOT / "tests" / "data" / "stories" / "stories.jsonl"
DOCS = ROOT / "docs" / "metrics.md"
FEEDS = 1000
CALLS = 20_000


def read_articles(number: int) -> list[Article]:
    lines = [json.loads(line) for line in TEXTS.read_text(encoding="utf-8").splitlines()]
    now = datetime.now(timezone.utc)
    found = []
    for place in range(number):
        line = lines[place % len(lines)]
        url = f"https://outlet.example/{place}"
        found.append(
            Article(
                id=stable_id(url),
                entry_id=f"e{place}",
                feed_id="f",
                url=url,
                canonical_url=url,
                title=line.get("title") or "",
                text=line["text"],
                language=line.get("lang") or "en",
                outlet=f"outlet {place % 40}",
                author=None,
                published_at=now,
                date_source="feed",
                text_source="page",
                first_seen_at=now,
                fetched_at=now,
                content_hash=stable_id(url, line["text"]),
            )
        )
    return found


class _Nothing:
    """Takes every call of a metric and does nothing but count those that change something."""

    calls = 0

    def __call__(self, *_: object, **__: object) -> _Nothing:
        return self

    def __getattr__(self, name: str) -> _Nothing:
        if name in {"inc", "observe", "set"}:
            _Nothing.calls += 1
        return self


def _count_call(*_: object, **__: object) -> None:
    _Nothing.calls += 1


@contextmanager
def without_metrics() -> Iterator[None]:
    """Replace what the steps call in the façade by calls that do nothing."""
    names = [
        name
        for name, value in vars(metrics).items()
        if isinstance(value, (Counter, Gauge, Histogram, metrics.BoundedCounter))
    ] + ["count", "observe_lag"]
    kept = {name: getattr(metrics, name) for name in names}
    _Nothing.calls = 0
    for name in names:
        plain = name in {"count", "observe_lag"}
        setattr(metrics, name, _count_call if plain else _Nothing())
    try:
        yield
    finally:
        for name, value in kept.items():
            setattr(metrics, name, value)


def time_pass(articles: list[Article], folder: Path, name: str) -> float:
    """Return the processor seconds of one pass from articles to the index."""
    settings = IndexSettings(location=f"sqlite:{folder / name}.db")
    open_index(settings).close()
    forget_books()
    plan = Plan(
        feeds=(), index=settings, subjects=None, fetch=FetchPolicy(),
        stories=StoryPlan(window_days=14, rules=()), channels=(), interval_secs=60, once=True,
    )  # fmt: skip
    pipeline = bounded_pipeline()
    report_articles(pipeline | beam.Create(articles, reshuffle=False), plan)
    started = time.process_time()
    pipeline.run().wait_until_finish()
    return time.process_time() - started


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Paired passes: cost of each pair in per cent, speed with metrics, calls an article."""

    costs: list[float]
    articles_a_second: float
    calls_an_article: float


def compare(pairs: int, number: int) -> Compared:
    articles = read_articles(number)
    costs, speeds = [], []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        time_pass(articles, folder, "warm")
        for pair in range(pairs):
            secs: dict[bool, float] = {}
            for counted in (True, False) if pair % 2 else (False, True):
                if counted:
                    secs[counted] = time_pass(articles, folder, f"{pair}-with")
                else:
                    with without_metrics():
                        secs[counted] = time_pass(articles, folder, f"{pair}-without")
            costs.append(100 * (secs[True] - secs[False]) / secs[False])
            speeds.append(number / secs[True])
            print(f"pair {pair + 1}: {costs[-1]:+.2f} %", file=sys.stderr)
    return Compared(
        costs=costs,
        articles_a_second=statistics.median(speeds),
        calls_an_article=_Nothing.calls / number,
    )


def interval(costs: list[float]) -> tuple[float, float]:
    """Return the bootstrap interval, 95 %, of the median of ``costs``."""
    chance = random.Random(1)
    medians = sorted(statistics.median(chance.choices(costs, k=len(costs))) for _ in range(2000))
    return medians[50], medians[-51]


def time_calls(call: Callable[[], None]) -> float:
    """Return the processor microseconds of one call."""
    started = time.process_time()
    for _ in range(CALLS):
        call()
    return 1e6 * (time.process_time() - started) / CALLS


def count_one() -> None:
    metrics.count("BenchStep", "ok", entry="entry", document="document")


def observe_one() -> None:
    metrics.STEP_SECONDS.labels("BenchStep").observe(0.01)


def fill_index(folder: Path) -> tuple[IndexSettings, list[Feed]]:
    settings = IndexSettings(location=f"sqlite:{folder / 'feeds.db'}")
    feeds = [
        Feed(id=stable_id(str(n))[:16], url=f"https://o{n}.example/feed") for n in range(FEEDS)
    ]
    now = datetime.now(timezone.utc)
    index = open_index(settings)
    for feed in feeds:
        ids = tuple(stable_id(feed.id, str(n)) for n in range(20))
        state = PollState(
            feed_id=feed.id, url=feed.url, outcome="ok", last_poll_at=now, next_poll_at=now,
            entries_new=123, newest_entry_ids=ids,
        )  # fmt: skip
        index.save_poll_state(state)
    index.close()
    return settings, feeds


def measure_scrape() -> dict[str, float]:
    """Return time and size of a scrape, and time of the look into the index, for 1,000 feeds."""
    for subject in range(50):
        metrics.MENTIONS.labels(f"subject-{subject}").inc()
    with tempfile.TemporaryDirectory() as name:
        settings, feeds = fill_index(Path(name))
        index = open_index(settings)
        looks = []
        for _ in range(5):
            started = time.process_time()
            show_index(index, feeds, watched_since=datetime.now(timezone.utc))
            looks.append(time.process_time() - started)
        index.close()
    port = metrics.serve_metrics(0)
    request = urllib.request.Request(f"http://127.0.0.1:{port}/metrics")
    times, body = [], b""
    for _ in range(30):
        started = time.perf_counter()
        with urllib.request.urlopen(request) as reply:  # noqa: S310 - our own server
            body = reply.read()
        times.append(time.perf_counter() - started)
    return {
        "scrape_ms": 1000 * statistics.median(times),
        "scrape_max_ms": 1000 * max(times),
        "bytes": len(body),
        "gzip_bytes": len(gzip.compress(body)),
        "series": sum(not line.startswith(b"#") for line in body.splitlines()),
        "look_ms": 1000 * statistics.median(looks),
    }


def report(pairs: int, number: int) -> str:
    scrape = measure_scrape()
    call, observe = time_calls(count_one), time_calls(observe_one)
    passes = compare(pairs, number)
    low, high = interval(passes.costs)
    spread = f"95 %: {low:+.1f} to {high:+.1f}"
    share = passes.calls_an_article * max(call, observe) * passes.articles_a_second / 1e4
    return f"""
Measured by `tools/bench_metrics.py` on one core, Python {platform.python_version()}, {pairs} pairs
of passes over {number} articles (detection, claims, stories, embedded index; neither fetching nor
extraction), processor time. The second line is the surer one: other work on the machine does not
touch it.

| what | figure | budget |
|---|---|---|
| cost of the metrics, median of the pairs | {statistics.median(passes.costs):+.1f} % ({spread}) \
| 3 % |
| the same, from the calls: {passes.calls_an_article:.1f} an article × {max(call, observe):.1f} µs \
| {share:.2f} % | 3 % |
| articles a processor second, with metrics | {passes.articles_a_second:.0f} | – |
| one `count` | {call:.1f} µs | – |
| one observation of a step's time | {observe:.1f} µs | – |
| scrape with {FEEDS:,} feeds, median (longest of 30) | {scrape["scrape_ms"]:.0f} ms \
({scrape["scrape_max_ms"]:.0f} ms) | 50 ms |
| its size (compressed) | {scrape["bytes"] / 1000:.0f} kB ({scrape["gzip_bytes"] / 1000:.0f} kB) \
| 200 kB |
| its series | {scrape["series"]:.0f} | 2,000 |
| look into the index with {FEEDS:,} feeds, every {LOOK_SECS:.0f} s | {scrape["look_ms"]:.0f} ms \
({scrape["look_ms"] / LOOK_SECS / 10:.2f} % of a core) | – |
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=8)
    parser.add_argument("--articles", type=int, default=300)
    parser.add_argument("--write", action="store_true", help="put the figures into the docs")
    args = parser.parse_args()
    text = report(args.pairs, args.articles)
    print(text)
    if args.write:
        head, mark, _ = DOCS.read_text(encoding="utf-8").partition("## Figures\n")
        DOCS.write_text(head + mark + text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
