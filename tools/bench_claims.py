"""Measure what times and claims cost an article with a mention and one without.

Run: python tools/bench_claims.py [--items ../shared/data/detection-dev.jsonl] [--chars 3000]
Prints milliseconds of processor time per article by language, the best of the rounds: the others
measure what else runs. "First time" forgets which stretches of text were read before, as for
articles that share no expression of time. Asserts nothing.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import defaultdict
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from connectors.records import Mention
from pipelines.claims import find_claims
from pipelines.times import find_times, reading

AT = datetime(2025, 6, 1, tzinfo=timezone.utc)
ROUNDS = 20


def articles(path: Path, chars: int) -> dict[str, list[tuple[str, list[Mention]]]]:
    """Return, by language, each item's text followed by others' texts up to ``chars``."""
    items = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    fillers: dict[str, str] = defaultdict(str)
    for item in items:
        if not item["mentions"]:
            fillers[item["lang"]] += item["text"] + " "
    found: dict[str, list[tuple[str, list[Mention]]]] = defaultdict(list)
    for item in items:
        if item["claims"] and (filler := fillers[item["lang"]]):
            repeated = filler * (1 + chars // len(filler))
            text = (item["text"] + " " + repeated)[:chars]
            found[item["lang"]].append((text, mentions(item, text)))
    return found


def mentions(item: dict[str, Any], text: str) -> list[Mention]:
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


def work(text: str, language: str, named: list[Mention]) -> None:
    if not named:
        find_claims(title="", text=text, language=language, published_at=AT, mentions=(), times=())
        return
    times = find_times(text, language, AT)
    find_claims(
        title="", text=text, language=language, published_at=AT, mentions=named, times=times
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    default = Path(__file__).parents[1].parent / "shared" / "data" / "detection-dev.jsonl"
    parser.add_argument("--items", type=Path, default=default)
    parser.add_argument("--chars", type=int, default=3000)
    options = parser.parse_args()
    for language, texts in sorted(articles(options.items, options.chars).items()):
        again, first = (cost(texts, language, forget=forget) for forget in (False, True))
        bare = cost([(text, []) for text, _ in texts], language, forget=False)
        print(
            f"{language}: {again:.2f} ms with a mention, {first:.2f} first time, {bare:.4f} without"
        )
    return 0


def cost(texts: list[tuple[str, list[Mention]]], language: str, *, forget: bool) -> float:
    """Return the least milliseconds of processor time per text over the rounds."""
    rounds = []
    for _ in range(ROUNDS):
        begun = time.process_time()
        for text, named in texts:
            if forget:
                reading.REMEMBERED.clear()
            work(text, language, named)
        rounds.append(time.process_time() - begun)
    return 1000 * min(rounds) / len(texts)


if __name__ == "__main__":
    sys.exit(main())
