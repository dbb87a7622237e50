"""``vigie brief``: what was found, as one HTML file or live on this machine."""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from connectors.backends import open_index
from pipelines.brief import render_brief_of, subject_names
from pipelines.brief.live import LiveBriefing, make_server, version_of
from pipelines.cli.options import (
    MAX_PORT,
    add_index_options,
    new_command,
    parse_instant,
    parse_until,
    whole_number,
)
from pipelines.detection import SubjectsError
from pipelines.errors import UserError
from pipelines.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from connectors.index import Index
    from pipelines.settings import Settings

DEFAULT_OUTPUT = Path("vigie-brief.html")
DEFAULT_PORT = 8765


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = new_command(
        subparsers,
        "brief",
        "Write the briefing (one HTML file that needs no network), or serve it live.",
        "vigie brief --since 7d --output briefing.html",
    )
    add_index_options(parser)
    parser.add_argument(
        "--output",
        type=Path,
        default=DEFAULT_OUTPUT,
        metavar="FILE",
        help=f"where the briefing goes, - for standard output (default: {DEFAULT_OUTPUT})",
    )
    parser.add_argument(
        "--since", type=parse_instant, metavar="WHEN", help="only articles published from then on"
    )
    parser.add_argument(
        "--until",
        type=parse_until,
        metavar="WHEN",
        help="only articles published until then; a day counts whole",
    )
    parser.add_argument(
        "--subject",
        action="append",
        default=[],
        metavar="ID",
        help="only articles of this subject (repeatable)",
    )
    parser.add_argument(
        "--serve", action="store_true", help="serve it on this machine and keep it fresh"
    )
    parser.add_argument(
        "--port",
        type=whole_number(0, MAX_PORT),
        default=DEFAULT_PORT,
        metavar="N",
        help=f"port of --serve (default: {DEFAULT_PORT}; 0 = any)",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Write or serve the briefing and return the exit code."""
    settings = load_settings(args)
    names = _names(settings)
    if unknown := sorted(set(args.subject) - set(names)):
        known = ", ".join(sorted(names))
        raise UserError(f"--subject {unknown[0]}: no such subject; there are: {known}")
    if args.since and args.until and args.since >= args.until:
        raise UserError(f"--since {args.since:%Y-%m-%d %H:%M} is not before --until")
    if args.serve:
        return _serve(args, settings, names)
    index = open_index(settings.index, read_only=True)
    try:
        page = _render(index, args, names)
    finally:
        index.close()
    _write(args.output, page)
    return 0


def _names(settings: Settings) -> dict[str, str]:
    try:
        return subject_names(settings.subjects)
    except SubjectsError as error:
        raise UserError(str(error)) from None


def _render(
    index: Index, args: argparse.Namespace, names: dict[str, str], version: str | None = None
) -> str:
    return render_brief_of(
        index,
        since=args.since,
        until=args.until,
        subjects=args.subject,
        names=names,
        live_version=version,
    )


def _write(output: Path, page: str) -> None:
    """Write the page whole or not at all: a reader never opens half a briefing."""
    if str(output) == "-":
        sys.stdout.buffer.write(page.encode())
        return
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=output.parent, prefix=f".{output.name}.", delete=False
        ) as draft:
            try:
                draft.write(page)
                draft.close()
                Path(draft.name).chmod(0o644)
                Path(draft.name).replace(output)
            except OSError:
                Path(draft.name).unlink(missing_ok=True)
                raise
    except OSError as error:
        raise UserError(f"--output {output}: cannot be written: {error.strerror}") from None
    print(f"{output}: written, {output.stat().st_size // 1000} kB; open it in a browser")


def _serve(args: argparse.Namespace, settings: Settings, names: dict[str, str]) -> int:
    """Serve until SIGINT or SIGTERM asks for the end."""

    def read_version() -> str:
        index = open_index(settings.index, read_only=True)
        try:
            return version_of(index.totals())
        finally:
            index.close()

    def render(version: str) -> str:
        index = open_index(settings.index, read_only=True)
        try:
            return _render(index, args, names, version)
        finally:
            index.close()

    read_version()  # a missing index is told now, not to the browser
    try:
        server = make_server(LiveBriefing(read_version, render), args.port)
    except OSError as error:
        raise UserError(
            f"--port {args.port}: cannot be used: {error.strerror}; --port 0 takes a free one"
        ) from None
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _setter(ended))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    print(f"http://127.0.0.1:{server.server_address[1]}/  (Ctrl-C ends)", flush=True)
    ended.wait()
    server.shutdown()
    server.server_close()
    return 0


def _setter(event: threading.Event) -> Callable[[int, object], None]:
    def handle(_number: int, _frame: object) -> None:
        event.set()

    return handle
