"""``vigie backfill``: read archives, or read what is stored with today's subjects."""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path

from connectors import metrics
from pipelines.cli.options import add_run_options, new_command
from pipelines.cli.run import prepare, print_summary
from pipelines.errors import UserError
from pipelines.progress import follow_progress
from pipelines.settings import load_settings


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = new_command(
        subparsers,
        "backfill",
        "Read JSON Lines, lists of addresses or WARC files into the index; no alerts.",
        "vigie backfill archive.jsonl.gz crawl.warc.gz --index sqlite:var/vigie.db",
    )
    add_run_options(parser)
    parser.add_argument(
        "files", metavar="FILE", nargs="*", help=".jsonl[.gz], .warc[.gz], or addresses"
    )
    parser.add_argument(
        "--from-index", action="store_true", help="read the stored articles with today's subjects"
    )
    parser.add_argument("--alerts", action="store_true", help="alert as if the articles were news")
    parser.add_argument("--json", action="store_true", help="end with one JSON summary")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run the backfill and return the exit code."""
    settings = load_settings(args)
    if bool(args.files) == args.from_index:
        raise UserError("give the files to read, or --from-index")
    unreadable = [name for name in args.files if not Path(name).is_file()]
    if unreadable:
        raise UserError("\n".join(f"{name}: no such file" for name in unreadable))
    prepare(settings)
    metrics.serve_metrics(settings.metrics.port, settings.metrics.address)
    from pipelines.replaying import build_backfill, build_reanalysis  # noqa: PLC0415 - Beam
    from pipelines.runtime import run_bounded  # noqa: PLC0415

    files = tuple(str(Path(name).resolve()) for name in args.files)
    build = build_reanalysis if args.from_index else partial(build_backfill, files)
    with follow_progress(enabled=not args.json):
        summary = run_bounded(settings, build, alerting="all" if args.alerts else "none")
    print_summary(summary, as_json=args.json)
    return 0
