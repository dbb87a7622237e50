"""Score alerts over a labelled week of news: ``python tools/score_newsday.py [FILE] [--orders N]``.

FILE holds JSON Lines as ``tests/data/newsday/README.md`` describes them. The articles are placed
one by one as they are published, then in ``--orders`` orders in which each is seen up to six
hours late; ``--share 0.5`` shows every second of them only. A message is what one article alerts,
however many alerts that is. Printed:

- told: developments that a message told, of which first: by the first article that tells them;
- silent: those that none told;
- again: messages of articles whose developments were all told before;
- nothing: messages of articles that tell nothing new (background, opinion);
- alerts: what a receiver gets that takes every alert by itself.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from connectors.records import Article, Document, stable_id  # noqa: E402
from pipelines.cli.article_lines import parse_line  # noqa: E402
from pipelines.cli.stories import load_reader  # noqa: E402
from pipelines.stories import AlertRule, StoryBook, decide_alerts  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from connectors.records import Alert

OWN = ROOT / "tests" / "data" / "newsday" / "articles.jsonl"
MOST_LATE_SECS = 6 * 3600


@dataclass(slots=True)
class Told:
    """What one order of arrival alerted; the lists name articles and what they alert."""

    told: dict[str, str] = field(default_factory=dict)
    first: list[str] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)
    again: list[str] = field(default_factory=list)
    nothing: list[str] = field(default_factory=list)
    alerts: int = 0

    def figures(self) -> dict[str, int]:
        """Return the numbers of each."""
        names = ("told", "first", "silent", "again", "nothing")
        return {name: len(getattr(self, name)) for name in names} | {"alerts": self.alerts}


def read_set(
    path: Path, reader: Callable[[Article], Document]
) -> tuple[list[dict[str, Any]], list[Document]]:
    """Return the rows of ``path`` and their documents, as the pipeline reads them."""
    rows = [json.loads(line) for line in path.read_bytes().splitlines() if line.strip()]
    return rows, [reader(_article(row)) for row in rows]


def _article(row: dict[str, Any]) -> Article:
    keys = ("id", "url", "title", "text", "lang", "outlet", "published_at")
    given = parse_line(json.dumps({key: row[key] for key in keys}).encode())
    at = given.published_at
    return Article(
        id=stable_id(row["url"]), entry_id=given.id, feed_id="set", url=row["url"],
        canonical_url=row["url"], title=given.title, text=given.text,
        language=given.language or "", outlet=given.outlet, author=None, published_at=at,
        date_source="feed", text_source="page", first_seen_at=at, fetched_at=at,
        content_hash=stable_id(given.title, given.text),
    )  # fmt: skip


def arrivals(rows: Sequence[dict[str, Any]], seed: int) -> list[tuple[datetime, int]]:
    """Return (when it is seen, place in ``rows``); seed 0: when it is published."""
    chance = random.Random(seed)
    seen: list[tuple[datetime, int]] = []
    last: dict[str, datetime] = {}
    for place, row in enumerate(rows):
        late = chance.uniform(0, MOST_LATE_SECS) if seed else 0.0
        at = datetime.fromisoformat(row["published_at"]) + timedelta(seconds=late)
        last[row["url"]] = at = max(at, last.get(row["url"], at))
        seen.append((at, place))
    return sorted(seen)


def replay(
    rows: Sequence[dict[str, Any]], documents: Sequence[Document], seed: int, share: float = 1.0
) -> Told:
    """Place ``share`` of the documents as they arrive and judge what they alert."""
    book, found = StoryBook(), Told()
    seen: set[str] = set()
    chance = random.Random(seed)
    shown = {url for url in dict.fromkeys(row["url"] for row in rows) if chance.random() < share}
    for at, place in arrivals(rows, seed):
        if seed and rows[place]["url"] not in shown:
            continue
        row, document = rows[place], documents[place]
        alerts = decide_alerts(document, book.place(document), rules=(AlertRule(),), now=at)
        if alerts:
            _judge(row, alerts, found, seen)
        seen.update(row["tells"])
    found.silent = sorted(seen - found.told.keys())
    return found


def _judge(row: dict[str, Any], alerts: Sequence[Alert], found: Told, seen: set[str]) -> None:
    line = f"{row['id']} ({', '.join(f'{one.development} {one.subject}' for one in alerts)})"
    found.alerts += len(alerts)
    new = [one for one in row["tells"] if one not in found.told]
    found.told.update(dict.fromkeys(new, line))
    found.first += [one for one in new if one not in seen]
    if not row["tells"]:
        found.nothing.append(line)
    elif not new:
        found.again.append(line)


def main() -> int:
    """Print the table; exit code 0: it is a report."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("file", nargs="?", type=Path, default=OWN)
    parser.add_argument("--orders", type=int, default=20)
    parser.add_argument("--share", type=float, default=1.0, help="of the articles in late orders")
    parser.add_argument("--verbose", action="store_true")
    args = parser.parse_args()
    rows, documents = read_set(args.file, load_reader(None))
    wanted = {one for row in rows for one in row["tells"]}
    print(f"{len(rows)} articles, {len(wanted)} developments")
    sums: Counter[str] = Counter()
    for seed in range(args.orders + 1):
        found = replay(rows, documents, seed, args.share)
        if seed:
            sums.update(found.figures())
        if not seed or args.verbose:
            print(f"order {seed}:" if seed else "in order:", found.figures())
            _show(found)
    if args.orders:
        means = {name: round(value / args.orders, 2) for name, value in sums.items()}
        print(f"mean of {args.orders} late orders:", means)
    return 0


def _show(found: Told) -> None:
    for name, line in found.told.items():
        print(f"   told {name}: {line}")
    print("   silent:", ", ".join(found.silent) or "none")
    for kind, lines in (("again", found.again), ("nothing", found.nothing)):
        for line in lines:
            print(f"   {kind}: {line}")


if __name__ == "__main__":
    sys.exit(main())
