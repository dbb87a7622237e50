"""Score claims on labelled items: strict, without `when`, and each slot alone, by language.

Run: python tools/score_claims.py ../shared/data/detection-dev.jsonl [--detected] [--wrong]
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter, defaultdict
from datetime import datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from connectors.records import Claim, Mention
from pipelines.claims import find_claims
from pipelines.times import find_times

SLOTS = ("place", "status", "when", "speaker")


def gold_mentions(item: dict[str, Any]) -> tuple[Mention, ...]:
    found = []
    reached: dict[tuple[str, str], int] = {}
    for labelled in item["mentions"]:
        field = item[labelled["field"]]
        start = field.find(
            labelled["quote"], reached.get((labelled["field"], labelled["quote"]), 0)
        )
        if start >= 0:
            quote = labelled["quote"]
            reached[labelled["field"], quote] = start + len(quote)
            found.append(
                Mention(
                    subject=labelled["subject"],
                    field=labelled["field"],
                    start=start,
                    end=start + len(quote),
                    quote=quote,
                )
            )
    return tuple(found)


def detected_mentions(item: dict[str, Any]) -> tuple[Mention, ...]:
    from pipelines.detection import load_detector  # noqa: PLC0415 - only when asked for

    return load_detector().detect(
        title=item["title"],
        text=item["text"],
        language=item["lang"],
        published_at=datetime.fromisoformat(item["published_at"].replace("Z", "+00:00")),
    )


def claims_of(item: dict[str, Any], *, detected: bool) -> tuple[Claim, ...]:
    at = datetime.fromisoformat(item["published_at"].replace("Z", "+00:00"))
    mentions = detected_mentions(item) if detected else gold_mentions(item)
    return find_claims(
        title=item["title"],
        text=item["text"],
        language=item["lang"],
        published_at=at,
        mentions=mentions,
        times=find_times(item["text"], item["lang"], at),
    )


def keys(claims: list[dict[str, Any]], *slots: str) -> Counter[tuple[Any, ...]]:
    return Counter(tuple(claim[slot] for slot in slots) for claim in claims)


def figures(right: int, found: int, labelled: int) -> str:
    precision = right / found if found else 1.0
    recall = right / labelled if labelled else 1.0
    total = precision + recall
    return (
        f"P {precision:.3f} R {recall:.3f} F1 {2 * precision * recall / total if total else 0:.3f}"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("items", type=Path)
    parser.add_argument("--detected", action="store_true", help="mentions by the detector")
    parser.add_argument("--wrong", action="store_true", help="print the items that differ")
    options = parser.parse_args()
    items = [json.loads(line) for line in options.items.read_text("utf-8").splitlines()]
    totals: dict[str, Counter[str]] = defaultdict(Counter)
    slots: Counter[str] = Counter()
    for item in items:
        score(item, totals, slots, options)
    for name in sorted(totals):
        c = totals[name]
        bare, strict = (
            figures(c[f"{k} right"], c["found"], c["labelled"]) for k in ("bare", "strict")
        )
        print(f"{name:4} labelled {c['labelled']:3}  bare {bare}  strict {strict}")
    for slot in SLOTS:
        print(f"slot {slot}: precision {slots[slot] / max(1, slots[f'{slot} filled']):.3f}")
    return 0


def score(
    item: dict[str, Any],
    totals: dict[str, Counter[str]],
    slots: Counter[str],
    options: argparse.Namespace,
) -> None:
    found = [
        {name: getattr(c, name) for name in ("system", *SLOTS)}
        for c in claims_of(item, detected=options.detected)
    ]
    gold = item["claims"]
    bare = keys(found, "system", "place", "status") & keys(gold, "system", "place", "status")
    strict = keys(found, "system", "place", "status", "when") & keys(
        gold, "system", "place", "status", "when"
    )
    for name in ("all", item["lang"]):
        totals[name]["found"] += len(found)
        totals[name]["labelled"] += len(gold)
        totals[name]["bare right"] += bare.total()
        totals[name]["strict right"] += strict.total()
    for slot in SLOTS:
        filled = [c for c in found if c[slot] is not None]
        right = keys(filled, "system", slot) & keys(gold, "system", slot)
        slots[f"{slot} filled"] += len(filled)
        slots[slot] += right.total()
    if options.wrong and strict.total() != max(len(found), len(gold)):
        text = " ".join(item["text"].split())
        print(f"## {item['id']} {item['published_at'][:10]} {item['title']} | {text}")
        print("   gold ", [tuple(c[k] for k in ("system", *SLOTS)) for c in gold])
        print("   found", [tuple(c.values()) for c in found])


if __name__ == "__main__":
    sys.exit(main())
