"""Measure what keeping findings costs: one article more about a deployment told of 5,000 times.

    python tools/bench_findings.py                            SQLite in a temporary file
    python tools/bench_findings.py --index http://HOST:PORT   Elasticsearch, indices of its own

Processor time of this process and wall clock, in milliseconds: writing the article, writing it and
updating the findings, and the parts of the update.
"""

from __future__ import annotations

import argparse
import random
import secrets
import statistics
import tempfile
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING

from connectors.backends import open_index
from connectors.index import DueDeployment, FindingQuery, Index, IndexSettings
from connectors.records import Article, Claim, Document, Mention, stable_id
from pipelines.findings import make_findings, update_findings

if TYPE_CHECKING:
    from collections.abc import Callable

START = datetime(2025, 1, 1, tzinfo=timezone.utc)
STATUSES = ("requested", "possible", "planned", "planned", "underway", "completed", "denied")
WHENS = (None, None, "2025", "2025-H1", "2025-H2", "2025-12", "2026", "2026-Q1", "2025-12-18")
SPEAKERS = (None, None, "Putin", "Lukashenko", "Khrenin", "Peskov")
BATCH = 250


def make_document(number: int, dice: random.Random) -> Document:
    """An article of about 3,000 characters with one claim, somewhere within two years."""
    words = f"The Oreshnik number {number} goes to Belarus."
    at = START + timedelta(minutes=dice.randrange(2 * 365 * 24 * 60))
    url = f"https://paper-{number % 150}.example/{number}"
    article = Article(
        id=stable_id(url), entry_id=stable_id("entry", url), feed_id="feed", url=url,
        canonical_url=url, title=f"Title {number}", text=f"{words} " + "Other words. " * 230,
        language="en", outlet=f"Paper {number % 150}", author=None, published_at=at,
        date_source="feed", text_source="page", first_seen_at=at, fetched_at=at,
        content_hash=stable_id(url, "text"),
    )  # fmt: skip
    claim = Claim(
        system="oreshnik", place="BY", status=dice.choice(STATUSES), when=dice.choice(WHENS),
        speaker=dice.choice(SPEAKERS), start=0, end=len(words), evidence=words,
    )  # fmt: skip
    mention = Mention(subject="oreshnik", field="text", start=4, end=12, quote="Oreshnik")
    return Document(article=article, mentions=(mention,), claims=(claim,), story_id="story")


def timed(function: Callable[[], object], rounds: int) -> str:
    """The median of ``rounds``: processor and wall time in milliseconds."""
    spent, waited = [], []
    for _ in range(rounds):
        cpu, wall = time.process_time(), time.perf_counter()
        function()
        spent.append(1000 * (time.process_time() - cpu))
        waited.append(1000 * (time.perf_counter() - wall))
    return f"{statistics.median(spent):8.1f} ms processor {statistics.median(waited):8.1f} ms wall"


def measure(index: Index, claims: int, rounds: int) -> None:
    """Fill the index, then print the cost of one article more."""
    dice = random.Random(7)
    fresh = (make_document(number, dice) for number in range(claims, claims + 10 * rounds + 10))
    for first in range(0, claims, BATCH):
        index.write([make_document(n, dice) for n in range(first, min(first + BATCH, claims))])
    update_findings(index)

    def write_one() -> None:
        index.write([next(fresh)])

    def one_more() -> None:
        write_one()
        update_findings(index)

    print(f"{claims} claims about one deployment, {rounds} rounds")
    print(f"  write an article              {timed(write_one, rounds)}")
    print(f"  write it, update the findings {timed(one_more, rounds)}")
    known = index.sourced_claims("oreshnik", "BY")
    due = DueDeployment(system="oreshnik", place="BY", version=1)
    read = timed(lambda: index.sourced_claims("oreshnik", "BY"), rounds)
    print(f"  read the claims               {read}")
    print(f"  compare them                  {timed(lambda: make_findings(due, known), rounds)}")
    print(f"  {len(index.findings(FindingQuery()))} findings")


def main() -> int:
    """Read the options and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--index", help="address of an Elasticsearch; default: SQLite")
    parser.add_argument("--claims", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=7)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        location = args.index or f"sqlite:{Path(folder) / 'bench.db'}"
        settings = IndexSettings(location=location, prefix=f"bench{secrets.token_hex(3)}")
        index = open_index(settings)
        try:
            index.setup()
            measure(index, args.claims, args.rounds)
        finally:
            index.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
