"""``vigie replay``: send dead letters through the same steps again."""

from __future__ import annotations

import argparse
from datetime import timezone

from connectors import metrics
from connectors.backends import open_index
from pipelines.cli.options import (
    MAX_LISTED,
    add_run_options,
    new_command,
    parse_instant,
    whole_number,
)
from pipelines.cli.run import print_summary
from pipelines.settings import load_settings

DEFAULT_LIMIT = 10_000


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = new_command(
        subparsers,
        "replay",
        "Send dead letters through the same steps again.",
        "vigie replay --index sqlite:var/vigie.db --step ExtractArticles --dry-run",
    )
    add_run_options(parser)
    parser.add_argument("--step", help="only those that ended at this step")
    parser.add_argument("--reason", help="only those with this reason")
    parser.add_argument("--since", type=parse_instant, metavar="TIME", help="only since then")
    parser.add_argument(
        "--limit",
        metavar="N",
        type=whole_number(1, MAX_LISTED),
        default=DEFAULT_LIMIT,
        help=f"default: {DEFAULT_LIMIT}",
    )
    parser.add_argument("--dry-run", action="store_true", help="only list them")
    parser.add_argument("--json", action="store_true", help="end with one JSON summary")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """List or replay the dead letters and return the exit code."""
    settings = load_settings(args)
    index = open_index(settings.index)
    try:
        letters = index.dead_letters(
            step=args.step, reason=args.reason, since=args.since, limit=args.limit
        )
        if args.dry_run:
            for one in letters:
                name = one.entry.url or one.entry.title or one.id
                when = one.last_at.astimezone(timezone.utc).isoformat(timespec="seconds")
                print(f"{when}  {one.step}  {one.reason}  attempts={one.attempts}  {name}")
        reopened = 0 if args.dry_run else index.reopen(letter.id for letter in letters)
    finally:
        index.close()
    if args.dry_run:
        print(f"{len(letters)} dead letters would be replayed")
        return 0
    if not reopened:
        print("no dead letters to replay")
        return 0
    metrics.serve_metrics(settings.metrics.port, settings.metrics.address)
    from pipelines.replaying import build_replay  # noqa: PLC0415 - loading Beam takes seconds
    from pipelines.runtime import run_bounded  # noqa: PLC0415

    print_summary(run_bounded(settings, build_replay), as_json=args.json)
    return 0
