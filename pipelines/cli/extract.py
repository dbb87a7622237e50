"""``vigie extract``: pages in, articles out, one JSON line each, in order."""

from __future__ import annotations

import argparse
import logging
import os
import queue
import sys
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from connectors.sandbox import (
    SHARED_DEADLINE_SECS,
    SHARED_MEMORY_BYTES,
    Sandbox,
    SandboxError,
    SandboxUnavailable,
)
from pipelines.cli.options import new_command, whole_number
from pipelines.errors import ServiceError, UserError
from pipelines.page_lines import LINE_BYTES, PARSERS, answer_page_line

if TYPE_CHECKING:
    from collections.abc import Iterator

log = logging.getLogger(__name__)

READ_BYTES = 1 << 18
"""Read at once: a page is longer than the eight kilobytes that Python would take."""

MAX_JOBS = 256
AHEAD_PER_JOB = 4
"""Lines read ahead of the oldest unanswered one, for each job: bounds memory."""

EXAMPLE = (
    """echo '{"id": "1", "html": "<h1>Title</h1><p>A text.</p>"}' | vigie extract\n"""
    "  vigie extract --jobs 2 pages.jsonl > articles.jsonl"
)


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = new_command(
        subparsers,
        "extract",
        'Extract articles from pages: JSON Lines {"id", "url"?, "path" or "html"} in and out.',
        EXAMPLE,
    )
    parser.add_argument(
        "file", nargs="?", default="-", metavar="FILE", help="JSON Lines; - is standard input"
    )
    parser.add_argument(
        "--jobs",
        type=whole_number(1, MAX_JOBS),
        default=_cores(),
        metavar="N",
        help="pages at once (default: cores)",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Answer every line of the input; a bad line is answered with its error."""
    with ExitStack() as stack:
        source = _open(args.file, stack)
        sandbox = stack.enter_context(
            Sandbox(
                deadline_secs=SHARED_DEADLINE_SECS,
                memory_bytes=SHARED_MEMORY_BYTES,
                workers=args.jobs,
                preload=(PARSERS,),
            )
        )
        threading.Thread(
            target=_warm_up, args=(sandbox,), name="extract-warm-up", daemon=True
        ).start()
        try:
            for answer in answer_lines(source, sandbox, args.jobs):
                sys.stdout.buffer.write(answer)
                sys.stdout.buffer.flush()
        except SandboxUnavailable as error:
            raise ServiceError(f"no worker process: {error}; try fewer --jobs") from None
    return 0


def _warm_up(sandbox: Sandbox) -> None:
    """Start a worker; whoever needs one meets the fault if there is one, or it closed already."""
    with suppress(SandboxError):
        sandbox.warm_up()


def answer_lines(source: BinaryIO, sandbox: Sandbox, jobs: int) -> Iterator[bytes]:
    """Yield the answer to each line of ``source`` in order, ``jobs`` pages at once.

    Answers come as soon as they and those before them are ready, even while ``source`` is
    silent: a thread reads ahead, by a bounded number of lines. One more line than there are
    jobs is at work, so that no worker waits while another's answer is prepared.
    """
    pending: queue.Queue[Future[bytes] | None] = queue.Queue(jobs * AHEAD_PER_JOB)

    def read_ahead() -> None:
        try:
            for number, line in enumerate(_lines(source), 1):
                if line is None or line.strip():
                    pending.put(pool.submit(answer_page_line, number, line, sandbox))
        except RuntimeError as error:
            log.debug("reading ends, nobody takes the answers error=%s", error)
        finally:
            pending.put(None)

    with ThreadPoolExecutor(jobs + 1) as pool:
        reader = threading.Thread(target=read_ahead, name="extract-reader", daemon=True)
        reader.start()
        try:
            while (answer := pending.get()) is not None:
                yield answer.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            while reader.is_alive() and not pending.empty():
                pending.get_nowait()


def _lines(source: BinaryIO) -> Iterator[bytes | None]:
    """Yield the lines of ``source``; None for one that is too long, which is skipped."""
    while line := source.readline(LINE_BYTES):
        if len(line) < LINE_BYTES or line.endswith(b"\n"):
            yield line
            continue
        while line and not line.endswith(b"\n"):
            line = source.readline(LINE_BYTES)
        yield None


def _open(name: str, stack: ExitStack) -> BinaryIO:
    """Open the input; standard input is left open, a thread may still be waiting for a line."""
    if name == "-":
        return open(sys.stdin.fileno(), "rb", buffering=READ_BYTES, closefd=False)
    try:
        return stack.enter_context(Path(name).open("rb", buffering=READ_BYTES))
    except OSError as error:
        raise UserError(f"FILE: {error.strerror}: {name}") from None


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
