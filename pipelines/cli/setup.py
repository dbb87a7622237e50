"""``vigie setup``: create or upgrade the index."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.backends import open_index

from pipelines.cli.options import add_index_options, new_command
from pipelines.settings import load_settings

if TYPE_CHECKING:
    import argparse


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = new_command(
        subparsers,
        "setup",
        "Create or upgrade the index; safe to run again.",
        "vigie setup --index http://localhost:9200 --dry-run",
    )
    add_index_options(parser)
    parser.add_argument("--dry-run", action="store_true", help="only say what would change")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Set the index up and return the exit code."""
    settings = load_settings(args)
    index = open_index(settings.index)
    try:
        changes = index.setup(dry_run=args.dry_run)
    finally:
        index.close()
    verb = "would change" if args.dry_run else "changed"
    for change in changes:
        print(f"{verb}: {change}")
    if not changes:
        print(f"{settings.index.location}: nothing to change")
    return 0
