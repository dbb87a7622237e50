"""``vigie status``: what the index holds, what waits, how the feeds are."""

from __future__ import annotations

import argparse
import json
import time
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.live import Live
from rich.table import Table

from connectors.backends import open_index
from connectors.records import to_json
from pipelines.cli.options import add_index_options, new_command
from pipelines.settings import load_settings

if TYPE_CHECKING:
    from connectors.index import Index

WATCH_SECS = 2.0


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = new_command(
        subparsers,
        "status",
        "Show the accounting of all entries, the feeds' health and what waits.",
        "vigie status --index sqlite:var/vigie.db --json",
    )
    add_index_options(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument(
        "--watch", action="store_true", help="refresh every two seconds until Ctrl-C"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the status and return the exit code."""
    settings = load_settings(args)
    index = open_index(settings.index, read_only=True)
    try:
        status = read_status(index)
        if args.json:
            print(json.dumps(status, ensure_ascii=False))
        elif args.watch:
            _watch(index)
        else:
            Console().print(_table(status))
    finally:
        index.close()
    return 0


def read_status(index: Index) -> dict[str, Any]:
    """Return the status as ``--json`` prints it: an interface."""
    totals = index.totals()
    newest = index.alerts(limit=1)
    states = index.poll_states()
    successes = [state.last_success_at for state in states.values() if state.last_success_at]
    return {
        "index": index.location,
        "at": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "entries_seen": sum(totals.entries.values()),
        "entries": totals.entries,
        **{key: value for key, value in to_json(totals).items() if key not in {"entries", "feeds"}},
        "feeds": totals.feeds,
        "failing_feeds": [
            {"url": one.url, "outcome": one.outcome, "failures": one.failures, "error": one.error}
            for one in sorted(states.values(), key=lambda state: -state.failures)
            if one.failures
        ],
        "last_poll_success_at": to_json(max(successes)) if successes else None,
        "last_alert_at": to_json(newest[0].created_at) if newest else None,
    }


def _table(status: dict[str, Any]) -> Table:
    table = Table(show_header=False, title=f"{status['index']} at {status['at']}")
    parts = " + ".join(f"{number} {name}" for name, number in sorted(status["entries"].items()))
    table.add_row("entries seen", f"{status['entries_seen']} = {parts or 0}")
    for key in ("documents", "mentions", "claims", "alerts", "alerts_undelivered", "dead_letters"):
        table.add_row(key.replace("_", " "), str(status[key]))
    feeds = ", ".join(f"{number} {health}" for health, number in sorted(status["feeds"].items()))
    table.add_row("feeds", feeds or "none polled yet")
    table.add_row("last good poll", status["last_poll_success_at"] or "–")
    table.add_row("last alert", status["last_alert_at"] or "–")
    for one in status["failing_feeds"][:10]:
        table.add_row("failing feed", f"{one['url']}: {one['outcome']} × {one['failures']}")
    return table


def _watch(index: Index) -> None:
    try:
        with Live(_table(read_status(index)), auto_refresh=False) as live:
            while True:
                time.sleep(WATCH_SECS)
                live.update(_table(read_status(index)), refresh=True)
    except KeyboardInterrupt:
        return
