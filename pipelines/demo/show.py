"""What the demo prints: progress while it works, then tables."""

from __future__ import annotations

import math
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from connectors.channels import printable
from connectors.metrics import LAG_BUCKETS_SECS
from pipelines.accounting import QUANTILES, quantile_secs

if TYPE_CHECKING:
    from connectors.index import StoredDeadLetter
    from connectors.records import Alert, Document
    from pipelines.runtime import Summary

QUOTE_CHARS = 60
TITLE_CHARS = 64
PIPE_WIDTH = 120
"""Columns when standard output is no terminal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoResult:
    """What a run of the demo left behind."""

    summary: Summary
    documents: tuple[Document, ...]
    alerts: tuple[Alert, ...]
    dead_letters: tuple[StoredDeadLetter, ...]
    briefing: Path
    metrics_url: str
    metrics_file: Path


def print_result(result: DemoResult) -> None:
    """Print the tables, where things are, and what to try next."""
    console = Console(width=None if sys.stdout.isatty() else PIPE_WIDTH)
    console.print(_articles(result))
    console.print(_alerts(result))
    console.print(_steps(result))
    console.print(_lags(result))
    for letter in result.dead_letters:
        name = letter.entry.title or letter.entry.url or letter.id
        console.print(f"Dead letter: {escape(name)}: {letter.step}, {letter.reason}")
    console.print(_next(result), highlight=False)


def _articles(result: DemoResult) -> Table:
    table = Table("lang", "article", "subjects", "quotes", title="Articles", title_justify="left")
    by_id = {one.article.id: one.article for one in result.documents}
    for one in result.documents:
        quotes = list(dict.fromkeys(mention.quote for mention in one.mentions))
        title = _cut(one.article.title, TITLE_CHARS)
        if one.copy_of:
            original = by_id.get(one.copy_of)
            title += f"\n  copy of {original.outlet or original.url}" if original else "\n  copy"
        table.add_row(
            one.article.language,
            escape(title),
            ", ".join(one.subjects) or "–",
            escape(" | ".join(_cut(quote, QUOTE_CHARS) for quote in quotes[:3])),
        )
    return table


def _alerts(result: DemoResult) -> Table:
    table = Table("subject", "development", "outlet", "quote", title="Alerts", title_justify="left")
    for one in sorted(result.alerts, key=lambda alert: (alert.subject, alert.created_at, alert.id)):
        kind = one.development.replace("_", " ")
        claims = "; ".join(
            " ".join(part for part in (c.status, c.place, c.when) if part) for c in one.new_claims
        )
        table.add_row(
            one.subject,
            f"{kind}: {claims}" if claims else kind,
            escape(one.outlet or ""),
            escape(_cut(one.quote, QUOTE_CHARS)),
        )
    return table


def _steps(result: DemoResult) -> Table:
    table = Table("step", "what became of its inputs", title="Steps", title_justify="left")
    for step, outcomes in result.summary.steps.items():
        shown = ", ".join(f"{number} {outcome}" for outcome, number in sorted(outcomes.items()))
        table.add_row(step, shown)
    return table


def _lags(result: DemoResult) -> Table:
    table = Table(
        "lag", *(f"p{round(q * 100)} ≤ s" for q in QUANTILES), title="Lag", title_justify="left"
    )
    for kind, buckets in result.summary.lags.items():
        values = (quantile_secs(buckets, q) for q in QUANTILES)
        table.add_row(kind, *(_bound(value) for value in values))
    return table


def _bound(secs: float | None) -> str:
    if secs is None:
        return "–"
    return f"{secs:g}" if math.isfinite(secs) else f"over {LAG_BUCKETS_SECS[-1]}"


def _program() -> str:
    """Return the command as the user called it, so that what is printed can be pasted."""
    called = Path(sys.argv[0])
    if called.name != "vigie":
        return "vigie"
    near = Path(os.path.relpath(called))
    return str(near) if len(str(near)) < len(str(called)) else str(called)


def _next(result: DemoResult) -> str:
    index, vigie = result.summary.index, _program()
    return f"""
Index      {escape(index)}
Briefing   {result.briefing}   (open it in a browser)
Metrics    {result.metrics_url} while this runs; kept in {result.metrics_file}

Try next
  {vigie} search 'Орешник' --index {escape(index)}
  {vigie} brief --index {escape(index)} --output briefing.html
  {vigie} subjects explain 'Лукашенко попросил разместить «Орешник»'
  {vigie} run --once --feed https://news.example.org/feed.xml"""


def _cut(text: str, most: int) -> str:
    clean = printable(text)
    return clean if len(clean) <= most else clean[: most - 1].rstrip() + "…"
