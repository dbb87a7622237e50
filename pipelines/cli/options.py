"""Options that several commands share."""

from __future__ import annotations

import argparse
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from connectors.records import utc
from pipelines.logs import FORMATS, LEVELS

if TYPE_CHECKING:
    from collections.abc import Callable

NO_FEEDS = "no feeds: give --config FILE (such as config/monitor.yaml) or --feed URL"
MAX_PORT = 65_535
MAX_LISTED = 1_000_000
"""More rows than anybody reads; what lists them holds them."""


def new_command(
    subparsers: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    summary: str,
    example: str,
) -> argparse.ArgumentParser:
    """Return the parser of the command ``name``, with an example that works in its help."""
    parser = subparsers.add_parser(
        name,
        help=summary,
        description=summary,
        epilog=f"example:\n  {example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_log_options(parser)
    return parser


def add_log_options(parser: argparse.ArgumentParser) -> None:
    """Add how much is logged and in which format; not given, the configuration decides."""
    parser.add_argument(
        "--log-level",
        choices=LEVELS,
        default=argparse.SUPPRESS,
        help="default: WARNING, or logs.level of --config",
    )
    parser.add_argument(
        "--log-format",
        choices=FORMATS,
        default=argparse.SUPPRESS,
        help="default: text, or logs.format of --config",
    )


def add_index_options(parser: argparse.ArgumentParser) -> None:
    """Add what every command that reads or writes the index takes."""
    parser.add_argument(
        "--config", metavar="FILE", help="configuration, such as config/monitor.yaml"
    )
    parser.add_argument(
        "--index",
        metavar="WHERE",
        help="sqlite:PATH or http(s)://HOST:PORT (default: sqlite:var/vigie.db)",
    )


def add_run_options(parser: argparse.ArgumentParser) -> None:
    """Add what every command that runs the pipeline takes."""
    add_index_options(parser)
    parser.add_argument(
        "--feed", metavar="URL", action="append", help="a feed to poll (repeatable)"
    )
    parser.add_argument(
        "--subjects",
        metavar="PATH",
        action="append",
        help="subject file or folder (default: those shipped)",
    )
    parser.add_argument(
        "--allow-address",
        metavar="CIDR",
        action="append",
        help="let feeds and pages be on this network, such as 127.0.0.0/8 (repeatable)",
    )
    parser.add_argument(
        "--metrics-port",
        metavar="N",
        type=whole_number(0, MAX_PORT),
        help="port of /metrics (default: 9464; 0 = any)",
    )


def whole_number(least: int, most: int) -> Callable[[str], int]:
    """Return what reads an option's number from ``least`` to ``most``.

    >>> whole_number(1, 9)("7")
    7
    """

    def read(text: str) -> int:
        # Longer ones are no numbers to Python either.
        if text.isdecimal() and len(text) < 20 and least <= int(text) <= most:
            return int(text)
        raise argparse.ArgumentTypeError(f"expected a number from {least} to {most}, got {text!r}")

    return read


def parse_instant(text: str) -> datetime:
    """Return the aware instant in ``text``: a date, a date with time, or ``7d``, ``12h`` ago.

    Raises:
        argparse.ArgumentTypeError: it is none of these.
    """
    unit = {"m": "minutes", "h": "hours", "d": "days"}.get(text[-1:])
    try:
        if unit and text[:-1].isdecimal():
            return datetime.now(timezone.utc) - timedelta(**{unit: int(text[:-1])})
        return utc(datetime.fromisoformat(text.replace("Z", "+00:00")))
    except (ValueError, OverflowError):
        raise argparse.ArgumentTypeError(
            f"expected a date such as 2025-01-31, a time, or 7d, 12h, 30m ago; got {text!r}"
        ) from None


def parse_until(text: str) -> datetime:
    """Return the instant before which something is wanted: a bare date includes its day.

    >>> parse_until("2025-01-31").isoformat()
    '2025-02-01T00:00:00+00:00'
    """
    moment = parse_instant(text)
    bare_date = len(text) == len("2025-01-31") and text.count("-") == 2
    return moment + timedelta(days=1) if bare_date else moment
