"""Score copies and stories by pairwise F1: ``python tools/score_stories.py FILE [--verbose]``.

FILE holds JSON Lines as ``vigie stories`` takes them, each with the labels ``story`` (any
string) and ``copy_of`` (id of the original, or null). A pair of articles is right when both
are together in the labels and in the result.

With ``--orders N`` the set is replayed in N random orders, the book closed and restored from
its states twice in each; the alert ids of every replay are compared.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import Counter, defaultdict
from datetime import datetime, timezone
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from connectors.records import Article, Document, stable_id
from pipelines.cli.article_lines import parse_line
from pipelines.cli.stories import load_reader
from pipelines.stories import AlertRule, StoryBook, decide_alerts

if TYPE_CHECKING:
    from collections.abc import Callable

Rows = list[dict[str, Any]]
Documents = list[Document]
NOW = datetime(2026, 1, 1, tzinfo=timezone.utc)


def read_documents(path: str, reader: Callable[[Article], Document]) -> tuple[Rows, Documents]:
    rows, documents = [], []
    for line in Path(path).read_bytes().splitlines():
        if not line.strip():
            continue
        given, row = parse_line(line), json.loads(line)
        at = given.published_at
        article = Article(
            id=stable_id(given.id), entry_id=given.id, feed_id="set", url=given.url or "",
            canonical_url=given.url or "", title=given.title, text=given.text,
            language=given.language or "", outlet=given.outlet, author=None, published_at=at,
            date_source="feed", text_source="page", first_seen_at=at, fetched_at=at,
            content_hash=stable_id(given.text),
        )  # fmt: skip
        rows.append(row)
        documents.append(reader(article))
    return rows, documents


def pairs_of(labels: dict[str, str]) -> set[tuple[str, str]]:
    groups = defaultdict(list)
    for name, label in labels.items():
        groups[label].append(name)
    return {pair for names in groups.values() for pair in combinations(sorted(names), 2)}


def f1(expected: set[Any], found: set[Any]) -> tuple[float, float, float]:
    right = len(expected & found)
    precision = right / len(found) if found else 1.0
    recall = right / len(expected) if expected else 1.0
    return 2 * precision * recall / (precision + recall) if right else 0.0, precision, recall


def root(copies: dict[str, str | None], name: str) -> str:
    seen = set()
    while copies.get(name) and name not in seen:
        seen.add(name)
        name = copies[name]
    return name


def score(rows: Rows, documents: Documents, *, verbose: bool) -> None:
    names = {document.article.id: row["id"] for row, document in zip(rows, documents, strict=True)}
    book = StoryBook(late_after=None)
    placements = [book.place(document) for document in documents]
    stories = {row["id"]: p.story_id for row, p in zip(rows, placements, strict=True)}
    copies = {
        row["id"]: names[p.copy_of] if p.copy_of else None
        for row, p in zip(rows, placements, strict=True)
    }
    expected_copies = {row["id"]: row.get("copy_of") for row in rows}
    for kind, expected, found in (
        (
            "copies",
            {row["id"]: root(expected_copies, row["id"]) for row in rows},
            {row["id"]: root(copies, row["id"]) for row in rows},
        ),
        ("stories", {row["id"]: row["story"] for row in rows}, stories),
    ):
        right, got = pairs_of(expected), pairs_of(found)
        value, precision, recall = f1(right, got)
        print(
            f"{kind:8} F1 {value:.3f}  precision {precision:.3f}  recall {recall:.3f}  "
            f"({len(right)} pairs)"
        )
        if verbose:
            for pair in sorted(got - right):
                print("  false ", *pair)
            for pair in sorted(right - got):
                print("  missed", *pair)


def replay(documents: Documents, seed: int) -> Counter[tuple[str, str]]:
    shuffled = documents[:]
    if seed:
        random.Random(seed).shuffle(shuffled)
    book, alerts = StoryBook(late_after=None), Counter()
    for number, document in enumerate(shuffled):
        if number and number % max(1, len(shuffled) // 3) == 0:
            states = [book.state_of(done.article.id) for done in shuffled[:number]]
            book = StoryBook(late_after=None)
            book.restore(json.loads(json.dumps(states)))
        placement = book.place(document)
        for alert in decide_alerts(document, placement, rules=(AlertRule(),), now=NOW):
            alerts[(alert.id, alert.subject)] += 1
    return alerts


def compare_orders(rows: Rows, documents: Documents, orders: int) -> None:
    first = replay(documents, 0)
    same = [replay(documents, seed) == first for seed in range(1, orders + 1)]
    developments = {
        (row["story"], s) for row, d in zip(rows, documents, strict=True) for s in d.subjects
    }
    print(
        f"alerts   {sum(first.values())} for {len(developments)} (story, subject) pairs; "
        f"repeated ids {sum(n - 1 for n in first.values())}; "
        f"identical in {sum(same)} of {orders} random orders with restarts"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file")
    parser.add_argument("--subjects", action="append")
    parser.add_argument("--orders", type=int, default=20)
    parser.add_argument("--verbose", action="store_true")
    args = parser.parse_args()
    rows, documents = read_documents(args.file, load_reader(args.subjects))
    print(
        f"{len(rows)} articles, {len({row['story'] for row in rows})} stories, "
        f"{len({row.get('lang') for row in rows})} languages, "
        f"{sum(bool(row.get('copy_of')) for row in rows)} copies; "
        f"{sum(bool(d.mentions) for d in documents)} with a mention, "
        f"{sum(bool(d.claims) for d in documents)} with a claim"
    )
    score(rows, documents, verbose=args.verbose)
    compare_orders(rows, documents, args.orders)


if __name__ == "__main__":
    main()
