"""Measure what times and claims cost an article with a mention and one without.

    python tools/bench_claims.py [--chars 3000]
    git worktree add /somewhere/base COMMIT
    python tools/bench_claims.py --base /somewhere/base

Prints milliseconds of processor time per article by language, the least of each article over the
rounds: the others measure what else runs. An article is a labelled text with claims, and after it
others without a mention up to ``--chars``, no text twice unless a language has too few. "First
time" forgets before each article which stretches of text were read, as for articles that share
no expression of time; tables are compiled and words have been met, as in a process that runs.

Processors differ, and one swings by half within seconds: so in each round bare trafilatura extracts
the pages of ``tools/bench_flow.py`` too, and the share of that is what can be told to others.

With ``--base`` this tree and another are measured by turns, a language at a time, so that both have
the same machine; the ratio of the times is what counts. Asserts nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections import defaultdict
from datetime import datetime, timezone
from pathlib import Path
from statistics import mean
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parents[1]
CODE = Path(os.environ.get("VIGIE_BENCH_CODE", ROOT))
"""The tree whose code is measured; the texts are always those of this one."""
if str(CODE) not in sys.path:
    sys.path.insert(0, str(CODE))

from bench_site import frame, page  # noqa: E402
from trafilatura import extract  # noqa: E402
from turns import ask, start_worker  # noqa: E402

from connectors.records import Mention, TimeExpression  # noqa: E402
from pipelines.claims import find_claims  # noqa: E402
from pipelines.times import find_times, reading  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Sequence

AT = datetime(2025, 6, 1, tzinfo=timezone.utc)
ROUNDS = 20
BARE = 100
"""An article without a mention costs less than looking at the clock."""

PAGES, FILLER = 8, 85
"""Pages of ``tools/bench_site.py`` extracted in each round, as heavy as those of bench_flow."""

SHARED = ROOT.parent / "shared" / "data" / "detection-dev.jsonl"
KINDS = ("again", "first", "bare")

Articles = dict[str, list[tuple[str, list[Mention]]]]


def articles(path: Path, chars: int) -> Articles:
    """Return, by language, each item's text followed by others' texts up to ``chars``."""
    items = _items(path)
    fillers: dict[str, list[str]] = defaultdict(list)
    for item in items + [i for one in _further() for i in _items(one)]:
        if not item.get("mentions", True):
            fillers[item["lang"]].append(item["text"])
    found: Articles = defaultdict(list)
    for item in items:
        if item["claims"] and (others := fillers[item["lang"]]):
            begin = len(found[item["lang"]]) % len(others)
            text, position = item["text"], begin
            while len(text) < chars:
                text += " " + others[position % len(others)]
                position += 1
            found[item["lang"]].append((text[:chars], mentions(item, text[:chars])))
    return found


def _further() -> list[Path]:
    return sorted((ROOT / "tests" / "data").glob("*/*.jsonl"))


def _items(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def mentions(item: dict[str, Any], text: str) -> list[Mention]:
    """Return the labelled mentions of ``item`` that stand in ``text``."""
    found = []
    for labelled in item["mentions"]:
        start = text.find(labelled["quote"])
        if labelled["field"] == "text" and start >= 0:
            end = start + len(labelled["quote"])
            found.append(
                Mention(
                    subject=labelled["subject"],
                    field="text",
                    start=start,
                    end=end,
                    quote=labelled["quote"],
                )
            )
    return found


def cost(text: str, language: str, named: list[Mention], kind: str) -> float:
    """Return the seconds of processor time that an article takes."""
    if kind == "first":
        getattr(reading, "REMEMBERED", {}).clear()
    begun = time.process_time()
    if kind == "bare":
        for _ in range(BARE):
            _claims(text, language, (), ())
        return (time.process_time() - begun) / BARE
    _claims(text, language, named, find_times(text, language, AT))
    return time.process_time() - begun


def _claims(
    text: str, language: str, named: Sequence[Mention], times: Sequence[TimeExpression]
) -> None:
    find_claims(
        title="", text=text, language=language, published_at=AT, mentions=named, times=times
    )


def work(found: Articles) -> None:
    """Answer each ``language kind`` on standard input with the seconds that each article took."""
    print("ready", flush=True)
    for line in sys.stdin:
        language, kind = line.split()
        taken = [cost(text, language, named, kind) for text, named in found[language]]
        print(json.dumps(taken), flush=True)


def compare(found: Articles, options: argparse.Namespace) -> None:
    """Print what this tree takes, and its share of what the tree at ``base`` takes."""
    texts_of = ("--items", str(options.items.resolve()), "--chars", str(options.chars))
    workers = [start_worker(Path(__file__), tree, *texts_of) for tree in (options.base, ROOT)]
    for language, texts in sorted(found.items()):
        shown = []
        for kind in KINDS[:2]:
            rounds: tuple[list[list[float]], ...] = ([], [])
            for _ in range(options.rounds):
                for taken, worker in zip(rounds, workers, strict=True):
                    taken.append(json.loads(ask(worker, f"{language} {kind}")))
            other, own = (1000 * sum(map(min, zip(*r, strict=True))) / len(texts) for r in rounds)
            shown.append(f"{kind} {other:.2f} -> {own:.2f} ms ({own / other:.2f})")
        print(f"{language}: {', '.join(shown)}", flush=True)
    for worker in workers:
        worker.communicate()


def alone(found: Articles, rounds: int) -> None:
    """Print what this tree takes by language, and in all beside the extraction of a page."""
    pages = [page(n, [frame(n, FILLER)]).decode() for n in range(PAGES)]
    [extract(one, fast=True) for one in pages]
    takes: dict[str, list[list[float]]] = defaultdict(list)
    for _ in range(rounds):
        for language, texts in found.items():
            for kind in KINDS:
                takes[f"{language} {kind}"].append([cost(t, language, m, kind) for t, m in texts])
        takes["extraction"].append([extraction(one) for one in pages])
    least = {key: 1000 * mean(map(min, zip(*r, strict=True))) for key, r in takes.items()}
    for language in sorted(found):
        again, first, bare = (least[f"{language} {kind}"] for kind in KINDS)
        print(
            f"{language}: {again:.2f} ms with a mention, {first:.2f} first time, {bare:.4f} without"
        )
    again, first = (mean(least[f"{language} {kind}"] for language in found) for kind in KINDS[:2])
    beside = least["extraction"]
    print(f"mean: {again:.2f} ms with a mention, {first:.2f} first time")
    print(
        f"extraction of a page of {mean(map(len, pages)):.0f} characters: {beside:.1f} ms; "
        f"claims and times take {again / beside:.2f} of it, {first / beside:.2f} first time"
    )


def extraction(html: str) -> float:
    """Return the seconds of processor time that bare trafilatura takes for a page."""
    begun = time.process_time()
    extract(html, fast=True)
    return time.process_time() - begun


def main() -> int:
    """Print a line for each language."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--items", type=Path, default=SHARED)
    parser.add_argument("--chars", type=int, default=3000)
    parser.add_argument("--base", type=Path, help="compare with the tree there, by turns")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="rounds of each article")
    parser.add_argument("--work", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    found = articles(options.items, options.chars)
    if options.work:
        work(found)
        return 0
    if options.base:
        compare(found, options)
        return 0
    alone(found, options.rounds)
    return 0


if __name__ == "__main__":
    sys.exit(main())
