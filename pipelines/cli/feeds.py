"""``vigie feeds``: the watch list and how its feeds are doing."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from connectors.backends import open_index
from connectors.channels import printable
from connectors.index import SearchQuery
from connectors.records import PollState, to_json
from pipelines.accounting import document_lags, exact_quantiles
from pipelines.cli.options import add_index_options, add_log_options, new_command
from pipelines.config_models import FeedSettings
from pipelines.errors import UserError
from pipelines.gauges import feed_health
from pipelines.settings import load_settings
from pipelines.watchlist import (
    append_feeds,
    plain_language,
    read_opml,
    read_watchlist,
    write_opml,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connectors.index import Index
    from connectors.records import Document, Feed
    from pipelines.trying import TriedFeed

SHOWN_TITLES = 3
NEWEST_DOCUMENTS = 500
"""A feed's lag is the median over its documents among the newest ones, as in ``vigie status``."""

DEFAULT_FILE = Path("config/feeds.yaml")


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command and its actions."""
    parser = new_command(
        subparsers,
        "feeds",
        "List the feeds with their health; add, import and export feeds.",
        "vigie feeds list --config config/monitor.yaml",
    )
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    listing = actions.add_parser("list", help="every feed: health, last success, lag, yield")
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
    for one in (listing, adding, importing, exporting):
        add_log_options(one)


def _add_file_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--feeds-file",
        type=Path,
        default=DEFAULT_FILE,
        metavar="FILE",
        help=f"default: {DEFAULT_FILE}",
    )


def run_list(args: argparse.Namespace) -> int:
    """Print the poll state of every feed, the failing ones first.

    With ``--config`` these are the feeds of the watch list, those never polled included;
    without it, every feed that was ever polled.
    """
    settings = load_settings(args)
    index = open_index(settings.index, read_only=True)
    try:
        states = _watched(index, settings.feeds)
        lags = _discovery_lags(index)
    finally:
        index.close()
    ordered = sorted(states, key=lambda state: (-state.failures, state.url))
    if args.json:
        for state in ordered:
            lag = lags.get(state.feed_id)
            print(json.dumps({**_as_json(state), "lag_p50_secs": lag}, ensure_ascii=False))
        return 0
    Console().print(_table(ordered, lags))
    return 0


def _watched(index: Index, feeds: Sequence[Feed]) -> list[PollState]:
    states = index.poll_states()
    if not feeds:
        return list(states.values())
    return [states.get(one.id) or PollState(feed_id=one.id, url=one.url) for one in feeds]


def _discovery_lags(index: Index) -> dict[str, float]:
    """Return the median seconds from publication to first sight, by feed id."""
    page = index.search(SearchQuery(text="*", sort="indexed", limit=NEWEST_DOCUMENTS))
    by_feed: dict[str, list[Document]] = {}
    for found in page.found:
        by_feed.setdefault(found.document.article.feed_id, []).append(found.document)
    lags = {}
    for feed_id, documents in by_feed.items():
        quantiles = exact_quantiles(document_lags(documents, ())["discovery"])
        if quantiles:
            lags[feed_id] = quantiles["p50"]
    return lags


def _table(states: Sequence[PollState], lags: dict[str, float]) -> Table:
    table = Table()
    table.add_column("feed", overflow="fold")
    for name in ("health", "last success", "next poll", "lag", "entries seen / new"):
        table.add_column(name)
    for state in states:
        lag = lags.get(state.feed_id)
        table.add_row(
            escape(printable(state.url)),
            _health(state),
            _minute(state.last_success_at),
            _minute(state.next_poll_at),
            f"{lag / 60:.0f} min" if lag is not None else "–",
            f"{state.entries_seen} / {state.entries_new}",
        )
    return table


def _health(state: PollState) -> str:
    health = feed_health(state)
    times = f" × {state.failures}" if state.failures else ""
    return health if state.outcome in {"ok", health} else f"{health}: {state.outcome}{times}"


def _as_json(state: PollState) -> dict[str, Any]:
    hidden = {"newest_entry_ids", "tellings", "body_hash"}
    shown = {key: value for key, value in to_json(state).items() if key not in hidden}
    return {**shown, "health": feed_health(state)}


def _minute(moment: Any) -> str:  # noqa: ANN401 - an instant or None
    return moment.isoformat(timespec="minutes") if moment else "–"


def run_add(args: argparse.Namespace) -> int:
    """Try an address, show what it gives, and append the feeds that gave entries.

    Raises:
        UserError: it is no address, gives no feed with entries, or the list cannot be written.
    """
    settings = load_settings(args)
    _check_address(args.url)
    from pipelines.trying import try_address  # noqa: PLC0415 - the parsers load slowly

    tried = try_address(args.url, settings.fetch)
    for one in tried:
        _show(one)
    good = [one for one in tried if not one.problem]
    if not good:
        raise UserError(f"{args.url}: gives no feed with entries")
    if args.dry_run:
        return 0
    feeds = [
        FeedSettings(url=one.url, outlet=one.title, language=plain_language(one.language))
        for one in good
    ]
    added = append_feeds(args.feeds_file, feeds)
    print(_tell(len(added), len(feeds), args.feeds_file))
    return 0


def _check_address(url: str) -> None:
    try:
        FeedSettings(url=url).to_feed()
    except ValueError:
        message = f"expected an address that starts with http:// or https://, got {url!r}"
        raise UserError(message) from None


def _show(tried: TriedFeed) -> None:
    """Print what an address gave; strangers wrote it, so only what is printable."""
    if tried.problem:
        print(printable(f"{tried.url}: {tried.problem}"))
        return
    language = tried.language or "language not said"
    print(printable(f"{tried.url}: {len(tried.titles)} entries"))
    print(
        printable(f"  {tried.title or 'no title'}, {language}, newest {_minute(tried.newest_at)}")
    )
    for title in tried.titles[:SHOWN_TITLES]:
        print(f"  - {printable(title)}")


def _tell(added: int, found: int, path: Path) -> str:
    feeds = "feed" if added == 1 else "feeds"
    return f"{added} {feeds} added to {path}, {found - added} known already"


def run_import(args: argparse.Namespace) -> int:
    """Append the feeds of an OPML file to the watch list.

    Raises:
        UserError: the file is no OPML or names no feed, or the list cannot be written.
    """
    found = read_opml(args.opml)
    if not found:
        raise UserError(f"{args.opml}: names no feed: no outline has an http(s) xmlUrl")
    added = append_feeds(args.feeds_file, found)
    print(_tell(len(added), len(found), args.feeds_file))
    return 0


def run_export(args: argparse.Namespace) -> int:
    """Print the watch list as OPML.

    Raises:
        UserError: there is no such list, or it is wrong.
    """
    if not args.feeds_file.exists():
        raise UserError(f"{args.feeds_file}: no such file")
    print(write_opml(read_watchlist(args.feeds_file)), end="")
    return 0
