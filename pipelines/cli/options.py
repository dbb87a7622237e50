"""Options that several commands share."""

from __future__ import annotations

import argparse
from datetime import datetime, timedelta, timezone

from connectors.records import utc
from pipelines.logs import FORMATS, LEVELS


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
        "--metrics-port", metavar="N", type=_port, help="port of /metrics (default: 9464; 0 = any)"
    )


def parse_instant(text: str) -> datetime:
    """Return the aware instant in ``text``: a date, a date with time, or ``7d``, ``12h`` ago.

    Raises:
        argparse.ArgumentTypeError: it is none of these.
    """
    unit = {"m": "minutes", "h": "hours", "d": "days"}.get(text[-1:])
    if unit and text[:-1].isdecimal():
        return datetime.now(timezone.utc) - timedelta(**{unit: int(text[:-1])})
    try:
        return utc(datetime.fromisoformat(text.replace("Z", "+00:00")))
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"expected a date such as 2025-01-31, a time, or 7d, 12h, 30m ago; got {text!r}"
        ) from None


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"expected a port from 0 to 65535, got {text!r}")
    return int(text)
