"""``vigie status``: what the index holds, what waits, how late it is, how the feeds are."""

from __future__ import annotations

import argparse
import json
import time
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.live import Live
from rich.markup import escape
from rich.table import Table

from connectors.backends import open_index
from connectors.index import SearchQuery
from connectors.records import Feed, to_json
from pipelines.accounting import document_lags, exact_quantiles, hourly_rate, unaccounted
from pipelines.cli.options import add_index_options, new_command
from pipelines.gauges import judge_feeds, missed_entries
from pipelines.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from connectors.index import Index
    from connectors.records import Alert, Document, PollState

WATCH_SECS = 2.0
NEWEST_DOCUMENTS = 500
"""Lags and throughput are those of the newest ones: a p99 of them is the fifth latest."""

LISTED_FEEDS = 10


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = new_command(
        subparsers,
        "status",
        "Show the accounting of all entries, lags, throughput, the feeds' health and what waits.",
        "vigie status --index sqlite:var/vigie.db --json",
    )
    add_index_options(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument(
        "--watch", action="store_true", help="refresh every two seconds until Ctrl-C"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the status; return 1 when the accounting does not hold, else 0."""
    settings = load_settings(args)
    index = open_index(settings.index, read_only=True)
    try:
        if args.watch:
            _watch(index, settings.feeds, as_json=args.json)
            return 0
        status = read_status(index, settings.feeds)
    finally:
        index.close()
    _show(status, Console(), as_json=args.json)
    return 1 if status["unaccounted"] else 0


def _show(status: Mapping[str, Any], console: Console, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(status, ensure_ascii=False), flush=True)
    else:
        console.print(_table(status))
        console.file.flush()


def read_status(index: Index, feeds: Sequence[Feed] = ()) -> dict[str, Any]:
    """Return the status as ``--json`` prints it: an interface.

    Args:
        index: what is read; nothing is written.
        feeds: the watch list, when it is known; else every feed that was ever polled counts.

    Raises:
        IndexUnavailable: the index does not answer.
    """
    started, now = time.monotonic(), datetime.now(timezone.utc)
    states = index.poll_states()
    totals = index.totals()
    health = index.health()
    answer_secs = round(time.monotonic() - started, 4)
    alerts = index.alerts(limit=NEWEST_DOCUMENTS)
    return {
        "index": index.location,
        "at": now.isoformat(timespec="seconds"),
        "index_answer_secs": answer_secs,
        "index_health": health,
        "entries_seen": sum(totals.entries.values()),
        "entries": totals.entries,
        "unaccounted": unaccounted(totals, brought=sum(s.entries_new for s in states.values())),
        **{key: value for key, value in to_json(totals).items() if key not in {"entries", "feeds"}},
        **_read_speed(_newest(index), alerts, now),
        "feeds": totals.feeds,
        **_read_feeds(feeds, states, now),
        "last_alert_at": to_json(alerts[0].created_at) if alerts else None,
    }


def _newest(index: Index) -> list[Document]:
    page = index.search(SearchQuery(text="*", sort="indexed", limit=NEWEST_DOCUMENTS))
    return [found.document for found in page.found]


def _read_speed(
    documents: Sequence[Document], alerts: Sequence[Alert], now: datetime
) -> dict[str, Any]:
    lags = document_lags(documents, alerts)
    indexed = [document.indexed_at for document in documents if document.indexed_at]
    return {
        "lag_secs": {kind: exact_quantiles(values) for kind, values in lags.items()},
        "lag_samples": {kind: len(values) for kind, values in lags.items()},
        "documents_per_hour": hourly_rate(indexed, now),
        "last_indexed_at": to_json(max(indexed)) if indexed else None,
    }


def _read_feeds(
    feeds: Sequence[Feed], states: Mapping[str, PollState], now: datetime
) -> dict[str, Any]:
    watched = feeds or tuple(Feed(id=one.feed_id, url=one.url) for one in states.values())
    health = judge_feeds(watched, states, now=now, watched_since=now)
    known = [states[feed.id] for feed in watched if feed.id in states]
    return {
        "feeds_health": health.by_health,
        "failing_feeds": [
            {
                "id": one.feed_id,
                "url": one.url,
                "outcome": one.outcome,
                "failures": one.failures,
                "error": one.error,
            }
            for one in sorted(known, key=_by_failures)
            if one.failures
        ],
        "overflowing_feeds": [
            {
                "id": one.feed_id,
                "url": one.url,
                "overflows": one.overflows,
                "missed_estimate": missed_entries(one),
            }
            for one in sorted(known, key=_by_overflows)
            if one.overflows
        ],
        "completeness": round(health.completeness, 4),
        "last_poll_success_at": to_json(health.last_success_at),
    }


def _by_failures(state: PollState) -> tuple[int, str]:
    return -state.failures, state.feed_id


def _by_overflows(state: PollState) -> tuple[int, str]:
    return -state.overflows, state.feed_id


def _table(status: Mapping[str, Any]) -> Table:
    table = Table(show_header=False, title=escape(f"{status['index']} at {status['at']}"))
    parts = " + ".join(f"{number} {name}" for name, number in sorted(status["entries"].items()))
    table.add_row("entries seen", f"{status['entries_seen']} = {parts or 0}")
    if status["unaccounted"]:
        table.add_row("UNACCOUNTED", f"{status['unaccounted']}: see docs/runbook.md")
    for key in ("documents", "mentions", "claims", "alerts", "alerts_undelivered", "dead_letters"):
        table.add_row(key.replace("_", " "), str(status[key]))
    for kind, lag in status["lag_secs"].items():
        if lag:
            shown = "  ".join(f"{name} {_span(secs)}" for name, secs in lag.items())
            table.add_row(f"{kind} lag", f"{shown}  (newest {status['lag_samples'][kind]})")
    table.add_row("documents an hour", f"{status['documents_per_hour']:g}")
    table.add_row("last indexed", status["last_indexed_at"] or "–")
    health = ", ".join(f"{number} {name}" for name, number in status["feeds_health"].items())
    table.add_row("feeds", health)
    table.add_row("completeness", f"{status['completeness']:.1%} (estimate)")
    table.add_row("last good poll", status["last_poll_success_at"] or "–")
    table.add_row("last alert", status["last_alert_at"] or "–")
    told = ", ".join(
        f"{value} {key.replace('_', ' ')}"
        for key, value in status["index_health"].items()
        if key != "status"
    )
    table.add_row(
        "index",
        f"{status['index_health']['status']}, answered in {status['index_answer_secs']:.3f} s"
        + (f", {told}" if told else ""),
    )
    for one in status["failing_feeds"][:LISTED_FEEDS]:
        row = f"{one['url']}: {one['outcome']} × {one['failures']}"
        table.add_row("failing feed", escape(row))
    for one in status["overflowing_feeds"][:LISTED_FEEDS]:
        row = f"{one['url']}: {one['overflows']} times, about {one['missed_estimate']} missed"
        table.add_row("overflowing feed", escape(row))
    return table


def _span(secs: float) -> str:
    """Return seconds as people say them.

    >>> _span(0.42), _span(75), _span(9000), _span(200_000)
    ('0.4 s', '75 s', '2.5 h', '2.3 d')
    """
    if secs < 600:
        return f"{secs:.1f} s" if secs < 10 else f"{secs:.0f} s"
    if secs < 5400:
        return f"{secs / 60:.0f} min"
    return f"{secs / 3600:.1f} h" if secs < 172_800 else f"{secs / 86_400:.1f} d"


def _watch(index: Index, feeds: Sequence[Feed], *, as_json: bool) -> None:
    """Show the status again and again: in place in a terminal, else one after the other."""
    console = Console()
    try:
        while as_json or not console.is_terminal:
            _show(read_status(index, feeds), console, as_json=as_json)
            time.sleep(WATCH_SECS)
        with Live(_table(read_status(index, feeds)), auto_refresh=False) as live:
            while True:
                time.sleep(WATCH_SECS)
                live.update(_table(read_status(index, feeds)), refresh=True)
    except KeyboardInterrupt:
        return
