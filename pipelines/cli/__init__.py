"""The command ``vigie``: one module per command, errors as messages, never a traceback.

Exit codes: 0 done, 1 done but something is not right (a failed check), 2 the user's input is
at fault, 3 a service cannot be reached.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from connectors.channels import ChannelError
from connectors.index import IndexUnavailable
from connectors.masking import mask
from pipelines.errors import ServiceError, UserError
from pipelines.logs import DEFAULT_FORMAT, DEFAULT_LEVEL, LogPlan, set_up_logging

if TYPE_CHECKING:
    from collections.abc import Sequence

COMMANDS = (
    "demo", "run", "check", "setup", "extract", "detect", "subjects", "stories", "search",
    "brief", "alerts", "backfill", "replay", "status", "explain", "feeds", "flink",
)  # fmt: skip
"""In the order a newcomer meets them; each is a module of this package."""

EPILOG = """\
start with:
  vigie demo

exit codes:
  0 done, 1 done but something is not right, 2 your input is at fault, 3 a service cannot be
  reached or refuses, 130 ended by Ctrl-C
"""


def vigie_version() -> str:
    """Return the installed version of the distribution."""
    try:
        return version("vigie")
    except PackageNotFoundError:
        return "unknown"


def build_parser(only: str | None = None) -> argparse.ArgumentParser:
    """Return the parser of all commands; loads just the command ``only`` if it is one.

    Loading them all costs seconds (Beam, trafilatura), so ``vigie detect`` loads its own.
    """
    parser = argparse.ArgumentParser(
        prog="vigie",
        description="Watches news feeds for tracked agreements and deployments, and tells once.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"vigie {vigie_version()}")
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name in (only,) if only in COMMANDS else COMMANDS:
        module = importlib.import_module(f"pipelines.cli.{name}")
        module.add_parser(subparsers)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line ``argv`` and return its exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    parser = build_parser(arguments[0] if arguments else None)
    args = parser.parse_args(arguments)
    set_up_logging(_log_plan(args))
    try:
        return int(args.run(args))
    except UserError as error:
        return _complain(str(error), UserError.exit_code)
    except (ServiceError, IndexUnavailable) as error:
        return _complain(str(error), ServiceError.exit_code)
    except ChannelError as error:
        return _complain(str(error), UserError.exit_code)
    except BrokenPipeError:
        # The reader of our output has gone (`vigie search … | head`): not an error of ours.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130


def _log_plan(args: argparse.Namespace) -> LogPlan:
    if getattr(args, "config", None):
        from pipelines.settings import load_log_plan  # noqa: PLC0415 - pydantic loads slowly

        return load_log_plan(args)
    return LogPlan(
        level=getattr(args, "log_level", DEFAULT_LEVEL),
        format=getattr(args, "log_format", DEFAULT_FORMAT),
    )


def _complain(message: str, code: int) -> int:
    for line in mask(message).splitlines():
        print(f"vigie: {line}", file=sys.stderr)
    return code
