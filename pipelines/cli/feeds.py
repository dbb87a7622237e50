"""``vigie feeds``: the watch list and how its feeds are doing."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from connectors.backends import open_index
from connectors.channels import printable
from connectors.records import to_json
from pipelines.cli.options import add_index_options, new_command
from pipelines.errors import UserError
from pipelines.settings import FeedSettings, load_settings
from pipelines.watchlist import append_feeds, read_opml, read_watchlist, write_opml

if TYPE_CHECKING:
    from connectors.records import PollState

SHOWN_TITLES = 3
DEFAULT_FILE = Path("config/feeds.yaml")


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command and its actions."""
    parser = new_command(
        subparsers,
        "feeds",
        "List the feeds with their health; add, import and export feeds.",
        "vigie feeds list --index sqlite:var/vigie.db",
    )
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    listing = actions.add_parser("list", help="every polled feed: health, last success, yield")
    add_index_options(listing)
    listing.add_argument("--json", action="store_true", help="a JSON line a feed")
    listing.set_defaults(run=run_list)
    adding = actions.add_parser("add", help="try an address or page and append the feeds it gives")
    adding.add_argument("url", metavar="URL", help="a feed, or a page that names its feeds")
    adding.add_argument("--config", metavar="FILE", help="configuration, for its fetch settings")
    adding.add_argument(
        "--allow-address", metavar="CIDR", action="append", help="let it be on this network"
    )
    adding.add_argument("--dry-run", action="store_true", help="only show what it would give")
    _add_file_option(adding)
    adding.set_defaults(run=run_add)
    importing = actions.add_parser("import", help="append the feeds of an OPML file")
    importing.add_argument("opml", type=Path, metavar="FILE")
    _add_file_option(importing)
    importing.set_defaults(run=run_import)
    exporting = actions.add_parser("export", help="print the watch list as OPML")
    _add_file_option(exporting)
    exporting.set_defaults(run=run_export)


def _add_file_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--feeds-file",
        type=Path,
        default=DEFAULT_FILE,
        metavar="FILE",
        help=f"default: {DEFAULT_FILE}",
    )


def run_list(args: argparse.Namespace) -> int:
    """Print the poll state of every feed, the failing ones first."""
    settings = load_settings(args)
    index = open_index(settings.index, read_only=True)
    try:
        states = index.poll_states()
    finally:
        index.close()
    ordered = sorted(states.values(), key=lambda state: (-state.failures, state.url))
    if args.json:
        for state in ordered:
            print(json.dumps(_as_json(state), ensure_ascii=False))
        return 0
    table = Table("feed", "health", "last success", "next poll", "entries seen / new")
    for state in ordered:
        health = f"{state.outcome} × {state.failures}" if state.failures else state.outcome
        table.add_row(
            state.url,
            health,
            _minute(state.last_success_at),
            _minute(state.next_poll_at),
            f"{state.entries_seen} / {state.entries_new}",
        )
    Console().print(table)
    return 0


def _as_json(state: PollState) -> dict[str, Any]:
    hidden = {"newest_entry_ids", "body_hash"}
    return {key: value for key, value in to_json(state).items() if key not in hidden}


def _minute(moment: Any) -> str:  # noqa: ANN401 - an instant or None
    return moment.isoformat(timespec="minutes") if moment else "–"


def run_add(args: argparse.Namespace) -> int:
    """Try an address, show what it gives, and append the feeds that gave entries."""
    settings = load_settings(args)
    from pipelines.trying import try_address  # noqa: PLC0415 - the parsers load slowly

    tried = try_address(args.url, settings.fetch)
    good = [one for one in tried if not one.problem]
    for one in tried:
        print(f"{one.url}: {one.problem or f'{len(one.titles)} entries'}")
        if not one.problem:
            print(
                f"  {one.title or 'no title'}, {one.language or 'language not said'}, "
                f"newest {_minute(one.newest_at)}"
            )
        for title in one.titles[:SHOWN_TITLES]:
            print(f"  - {printable(title)}")
    if not good:
        raise UserError(f"{args.url}: gives no feed with entries")
    if args.dry_run:
        return 0
    feeds = [
        FeedSettings(url=one.url, outlet=one.title, language=_plain_language(one.language))
        for one in good
    ]
    added = append_feeds(args.feeds_file, feeds)
    print(f"{len(added)} feeds added to {args.feeds_file}")
    return 0


def _plain_language(language: str | None) -> str | None:
    """``fr-BE`` is ``fr`` in the watch list; what is no language is left out."""
    code = (language or "").partition("-")[0].lower()
    return code if code.isalpha() and code.isascii() and len(code) in {2, 3} else None


def run_import(args: argparse.Namespace) -> int:
    """Append the feeds of an OPML file to the watch list."""
    found = read_opml(args.opml)
    added = append_feeds(args.feeds_file, found)
    print(f"{len(added)} feeds added to {args.feeds_file}, {len(found) - len(added)} known already")
    return 0


def run_export(args: argparse.Namespace) -> int:
    """Print the watch list as OPML."""
    print(write_opml(read_watchlist(args.feeds_file)), end="")
    return 0
