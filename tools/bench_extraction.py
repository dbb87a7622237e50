"""Measure `vigie extract` against bare trafilatura on the same pages in the same run.

Pages are generated (own words, fixed seed): articles of 300 to 1,500 words in a frame as news
sites have it, with scripts, JSON-LD, navigation, related boxes and comments; the seeds beside
the checkout join them if they are there. Rounds alternate, so that a busy machine hits both.

Figures: pages a second of wall clock; for the command from its first to its last answer (the
start of the interpreter is told apart); processor time a page, of all processes, which a busy
machine does not change; and how much of each article and of the furniture comes out.

Run: python tools/bench_extraction.py [--pages 400] [--rounds 3]
"""

# ruff: noqa: E501 - markup reads better unbroken

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import threading
import time
from datetime import datetime, timezone
from pathlib import Path
from typing import IO

from trafilatura import extract

from connectors.extraction_page import extract_article
from connectors.records import Entry, Page

SEEDS = Path(__file__).parents[1].parent / "shared" / "data" / "seeds-site" / "articles"
COMMAND = [sys.executable, "-c", "from pipelines.cli import main; raise SystemExit(main())"]
WORDS = """
the treaty minister capital border system announced signed second half year troops council said
that of and in to with for government region forces agreement security union state guarantees
deployment president officials Friday parliament neighbouring exercise statement
""".split()  # noqa: SIM905 - words read better as words


def sentence(dice: random.Random) -> str:
    words = dice.choices(WORDS, k=dice.randint(8, 26))
    return " ".join(words).capitalize() + "."


def paragraph(dice: random.Random) -> str:
    return " ".join(sentence(dice) for _ in range(dice.randint(2, 5)))


def generate(number: int) -> tuple[str, list[str], list[str]]:
    """Return a page, the paragraphs of its article and the sentences of its furniture."""
    dice = random.Random(number)
    title = sentence(dice)[:-1]
    article = [paragraph(dice) for _ in range(dice.randint(6, 25))]
    teasers = [f"Teaser {number}.{n}: {sentence(dice)}" for n in range(30)]
    comments = [f"Reader {number}.{n}: {sentence(dice)}" for n in range(15)]
    described = {
        "@type": "NewsArticle",
        "headline": title,
        "datePublished": "2024-12-07T10:00:00Z",
        "author": {"name": "Ana Ruiz"},
    }
    script = "window.a=" + json.dumps([dice.random() for _ in range(1500)]) + ";"
    menu = "".join(f'<li><a href="/s/{n}">Section {n}</a></li>' for n in range(60))
    related = "".join(
        f'<li class="card"><a href="/t/{n}"><img src="/{n}.jpg" alt=""><span>{text}</span></a></li>'
        for n, text in enumerate(teasers)
    )
    remarks = "".join(f'<div class="comment"><b>x</b><p>{text}</p></div>' for text in comments)
    body = "".join(f'<p class="p">{text}</p><div class="ad-slot"></div>' for text in article)
    html = (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title} | Courier</title>'
        f'<meta property="og:title" content="{title}"><meta property="og:site_name" content="Courier">'
        f'<link rel="canonical" href="https://example.org/{number}"><script>{script}</script>'
        f'<script type="application/ld+json">{json.dumps(described)}</script><style>{".a{color:red}" * 400}'
        f"</style></head><body><header><nav><ul>{menu}</ul></nav></header><main><article><h1>{title}</h1>"
        f'<p class="byline">By Ana Ruiz</p>{body}</article><aside class="related"><h2>Read also</h2>'
        f'<ul>{related}</ul></aside><section id="comments">{remarks}</section></main>'
        f"<footer><ul>{menu}</ul></footer></body></html>"
    )
    return html, article, [*teasers, *comments]


def time_bare(pages: list[str]) -> tuple[float, float]:
    """Return pages a second and processor milliseconds a page."""
    for page in pages[:10]:
        extract(page, fast=True)
    started, used = time.perf_counter(), time.process_time()
    for page in pages:
        extract(page, fast=True)
    took, spent = time.perf_counter() - started, time.process_time() - used
    return len(pages) / took, spent / len(pages) * 1000


def time_core(pages: list[str]) -> tuple[float, float]:
    """Return the same for the pure function of the sandbox, called in this process."""
    now = datetime.now(timezone.utc)
    entry = Entry(id="", feed_id="", feed_url="", first_seen_at=now)
    asked = [
        Page(entry=entry, outcome="ok", fetched_at=now, charset="utf-8", body=page.encode())
        for page in pages
    ]
    for page in asked[:10]:
        extract_article(page)
    started, used = time.perf_counter(), time.process_time()
    for page in asked:
        extract_article(page)
    took, spent = time.perf_counter() - started, time.process_time() - used
    return len(pages) / took, spent / len(pages) * 1000


def time_command(pages: list[str], jobs: int) -> tuple[float, float, list[str]]:
    """Return pages a second, processor milliseconds a page, and the texts; without the start."""
    warm = pages[: 10 * jobs]
    lines = [json.dumps({"id": n, "html": page}) + "\n" for n, page in enumerate(warm + pages)]
    command = [*COMMAND, "extract", "--jobs", str(jobs)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("no pipes")
        process.stdin.writelines(lines[: len(warm)])
        process.stdin.flush()
        for _ in warm:
            process.stdout.readline()
        feeder = threading.Thread(target=feed, args=(process.stdin, lines[len(warm) : -1]))
        begun, used = time.perf_counter(), processor_secs(process.pid)
        feeder.start()
        answers = [process.stdout.readline() for _ in pages[1:]]
        took, spent = time.perf_counter() - begun, processor_secs(process.pid) - used
        feeder.join()
        process.stdin.write(lines[-1])
        process.stdin.close()
        answers.append(process.stdout.readline())
    texts = [str(json.loads(answer)["text"]) for answer in answers]
    return (len(pages) - 1) / took, spent / (len(pages) - 1) * 1000, texts


def processor_secs(root: int) -> float:
    """Return what process ``root`` and its descendants, also those reaped, have used."""
    family, ticks = {root}, 0
    stats = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, rest = path.read_text().rpartition(")")
        except OSError:
            continue
        fields = rest.split()
        stats.append((int(name.split()[0]), int(fields[1]), sum(map(int, fields[11:15]))))
    for pid, parent, used in sorted(stats):
        if pid in family or parent in family:
            family.add(pid)
            ticks += used
    return ticks / os.sysconf("SC_CLK_TCK")


def feed(stream: IO[str], lines: list[str]) -> None:
    stream.writelines(lines)
    stream.flush()


def judge(truths: list[tuple[list[str], list[str]]], texts: list[str]) -> tuple[float, int]:
    """Return the share of paragraphs that came out whole, and how much furniture did."""
    found = sum(
        part in text for (parts, _), text in zip(truths, texts, strict=False) for part in parts
    )
    wanted = sum(len(parts) for parts, _ in truths)
    stray = sum(
        part in text for (_, parts), text in zip(truths, texts, strict=False) for part in parts
    )
    return found / wanted, stray


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pages", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    generated = [generate(number) for number in range(args.pages)]
    truths = [(article, furniture) for _, article, furniture in generated]
    pages = [html for html, _, _ in generated]
    pages += [path.read_text("utf-8", "replace") for path in sorted(SEEDS.glob("*.html"))]
    cores = len(os.sched_getaffinity(0))
    walls: dict[str, list[float]] = {"bare": [], "core": [], "1 job": [], f"{cores} jobs": []}
    costs: dict[str, list[float]] = {"bare": [], "core": [], "1 job": [], f"{cores} jobs": []}
    texts: list[str] = []
    for _ in range(args.rounds):
        for name, measure in (("bare", time_bare), ("core", time_core)):
            speed, cost = measure(pages)
            walls[name].append(speed)
            costs[name].append(cost)
        for jobs, name in ((1, "1 job"), (cores, f"{cores} jobs")):
            speed, cost, texts = time_command(pages, jobs)
            walls[name].append(speed)
            costs[name].append(cost)
    kilobytes = sum(map(len, pages)) / len(pages) / 1000
    print(f"{len(pages)} pages of {kilobytes:.0f} kB, {args.rounds} rounds, medians")
    for name, speeds in walls.items():
        speed, cost = statistics.median(speeds), statistics.median(costs[name])
        print(
            f"  {name:>7}: {speed:6.1f} pages/s ({speed / statistics.median(walls['bare']):.2f} of bare), "
            f"{cost:.2f} ms of processor a page ({statistics.median(costs['bare']) / cost:.2f})"
        )
    for name, found in (("vigie", texts), ("bare", [extract(p, fast=True) or "" for p in pages])):
        share, stray = judge(truths, found)
        print(f"  {name:>7}: {share:.3f} of the paragraphs, {stray} sentences of furniture")


if __name__ == "__main__":
    main()
