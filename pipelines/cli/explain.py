"""``vigie explain``: the story of one address, step by step."""

from __future__ import annotations

import argparse
import json
import sys

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from connectors.backends import open_index
from pipelines.cli.options import add_index_options, new_command
from pipelines.errors import UserError
from pipelines.explaining import NEWEST_DOCUMENTS, Explanation, gather
from pipelines.settings import load_settings
from pipelines.telling import explanation_json, tell

PIPE_WIDTH = 160
"""Columns when standard output is no terminal: addresses stay whole more often."""

LISTED_DOCUMENTS = 10


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = new_command(
        subparsers,
        "explain",
        "Tell the story of one address: when its feed showed it, each step, how it ended.",
        "vigie explain https://example.org/article --index sqlite:var/vigie.db",
    )
    parser.add_argument(
        "address", metavar="URL|ID", help="an address, or a document's or entry's id"
    )
    add_index_options(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the story; return 1 when the index does not know the address."""
    if not args.address.strip():
        raise UserError("explain: expected an address or an id, got nothing")
    settings = load_settings(args)
    index = open_index(settings.index, read_only=True)
    try:
        told = gather(index, args.address)
    finally:
        index.close()
    if args.json:
        print(json.dumps(explanation_json(told), ensure_ascii=False))
    elif told.found:
        _print(told)
    else:
        print(_unknown(told, settings.index.location), file=sys.stderr)
    return 0 if told.found else 1


def _print(told: Explanation) -> None:
    console = Console(width=None if sys.stdout.isatty() else PIPE_WIDTH)
    table = Table("when (UTC)", "step", "outcome", "what", title=escape(told.wanted))
    for event in tell(told):
        moment = f"{event.at:%Y-%m-%d %H:%M:%S}" if event.at else ""
        table.add_row(moment, event.step, event.outcome, escape(event.text))
    console.print(table)
    for name, documents in (("copy", told.copies), ("same story", told.story)):
        for one in documents[:LISTED_DOCUMENTS]:
            outlet = one.article.outlet or "unknown outlet"
            console.print(f"{name}: {one.article.canonical_url} ({outlet})", markup=False)


def _unknown(told: Explanation, location: str) -> str:
    return (
        f"{told.wanted}: not known to {location}. No document, nothing pending, no dead letter has "
        f"this address or id (id looked for: {told.key}; also looked through the newest "
        f"{NEWEST_DOCUMENTS} documents). Either no watched feed showed it, or its entry, whose "
        "guid is not this address, was a duplicate of another address: vigie status counts those."
    )
