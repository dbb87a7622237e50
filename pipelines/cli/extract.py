"""``vigie extract``: pages in, articles out, one JSON line each, in order."""

from __future__ import annotations

import argparse
import json
import logging
import os
import queue
import sys
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, suppress
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from connectors.extraction_call import PARSERS, extract_safely
from connectors.extraction_decoding import PAGE_BYTES
from connectors.extraction_outcomes import language_sample
from connectors.records import Entry, Page
from connectors.sandbox import (
    SHARED_DEADLINE_SECS,
    SHARED_MEMORY_BYTES,
    Sandbox,
    SandboxError,
    SandboxUnavailable,
)
from pipelines.cli.options import new_command
from pipelines.errors import ServiceError, UserError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

log = logging.getLogger(__name__)

LINE_BYTES = 32 << 20
"""A line: a page of 3 MiB with every character escaped, and room."""

AHEAD_PER_JOB = 4
"""Lines read ahead of the oldest unanswered one, for each job: bounds memory."""

EXAMPLE = (
    """echo '{"id": "1", "html": "<h1>Title</h1><p>A text.</p>"}' | vigie extract\n"""
    "  vigie extract --jobs 2 pages.jsonl > articles.jsonl"
)


class _BadLine(Exception):
    """A line that asks for nothing that can be done; the text says what was expected."""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = new_command(
        subparsers,
        "extract",
        'extract articles from pages: JSON Lines {"id", "url"?, "path" or "html"}',
        EXAMPLE,
    )
    parser.add_argument(
        "file", nargs="?", default="-", metavar="FILE", help="JSON Lines; - is standard input"
    )
    parser.add_argument(
        "--jobs", type=_jobs, default=_cores(), metavar="N", help="pages at once (default: cores)"
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
        from pipelines.detection import identify_language  # noqa: PLC0415 - meanwhile

        try:
            for answer in answer_lines(source, sandbox, identify_language, args.jobs):
                sys.stdout.buffer.write(_packed(answer))
                sys.stdout.buffer.flush()
        except SandboxUnavailable as error:
            raise ServiceError(f"no worker process: {error}; try fewer --jobs") from None
    return 0


def _warm_up(sandbox: Sandbox) -> None:
    """Start a worker; whoever needs one meets the fault if there is one, or it closed already."""
    with suppress(SandboxError):
        sandbox.warm_up()


def answer_lines(
    source: BinaryIO,
    sandbox: Sandbox,
    identify: Callable[[str, str | None], str],
    jobs: int,
) -> Iterator[dict[str, Any]]:
    """Yield the answer to each line of ``source`` in order, ``jobs`` pages at once.

    Answers come as soon as they and those before them are ready, even while ``source`` is
    silent: a thread reads ahead, by a bounded number of lines. One more line than there are
    jobs is at work, so that no worker waits while another's answer is prepared.
    """
    pending: queue.Queue[Future[dict[str, Any]] | None] = queue.Queue(jobs * AHEAD_PER_JOB)

    def read_ahead() -> None:
        try:
            for number, line in enumerate(_lines(source), 1):
                if line is None or line.strip():
                    pending.put(pool.submit(answer_line, number, line, sandbox, identify))
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


def answer_line(
    number: int,
    line: bytes | None,
    sandbox: Sandbox,
    identify: Callable[[str, str | None], str],
) -> dict[str, Any]:
    """Return what the page of one input line gives, or ``{"id" or "line", "error"}``."""
    name: dict[str, Any] = {"line": number}
    try:
        asked = _parse(line)
        if isinstance(asked.get("id"), (str, int)):
            name = {"id": asked["id"]}
        page = _page(asked)
    except _BadLine as error:
        return {**name, "error": str(error)}
    extraction, outcome, _ = extract_safely(page, sandbox)
    if extraction is None:
        return {**name, **_answer(None, outcome, None)}
    has_text = extraction.outcome in {"ok", "paywall"}
    language = (
        identify(language_sample(extraction.title, extraction.text), extraction.language)
        if extraction.text
        else extraction.language
    )
    return {**name, **_answer(extraction, extraction.outcome, language, has_text=has_text)}


def _answer(
    extraction: Any,  # noqa: ANN401 - an Extraction, or None
    outcome: str,
    language: str | None,
    *,
    has_text: bool = False,
) -> dict[str, Any]:
    published_at = extraction.published_at if extraction else None
    return {
        "title": extraction.title if extraction else "",
        "text": extraction.text if has_text else "",
        "language": language,
        "published_at": published_at.isoformat() if published_at else None,
        "date_source": extraction.date_source if extraction else "none",
        "author": extraction.author if extraction else None,
        "canonical_url": extraction.canonical_url if extraction else None,
        "outcome": outcome,
    }


def _packed(answer: dict[str, Any]) -> bytes:
    """Return one line of UTF-8; half a surrogate pair, which has no UTF-8, stays escaped."""
    try:
        return json.dumps(answer, ensure_ascii=False).encode() + b"\n"
    except UnicodeEncodeError:
        return json.dumps(answer).encode() + b"\n"


def _parse(line: bytes | None) -> dict[str, Any]:
    if line is None:
        raise _BadLine(f"expected a line of at most {LINE_BYTES} bytes")
    try:
        asked = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise _BadLine(f"expected a JSON object: {error}") from None
    if not isinstance(asked, dict):
        raise _BadLine(f"expected a JSON object, got {type(asked).__name__}")
    return asked


def _page(asked: dict[str, Any]) -> Page:
    if not isinstance(asked.get("id"), (str, int)):
        raise _BadLine("id: expected text or a whole number")
    url = asked.get("url")
    if url is not None and not isinstance(url, str):
        raise _BadLine(f"url: expected text, got {type(url).__name__}")
    if ("html" in asked) == ("path" in asked):
        raise _BadLine('expected one of "html" and "path"')
    key = "html" if "html" in asked else "path"
    if not isinstance(asked[key], str):
        raise _BadLine(f"{key}: expected text, got {type(asked[key]).__name__}")
    now = datetime.now(timezone.utc)
    is_text = key == "html"
    body = asked["html"].encode("utf-8", "replace") if is_text else _read(asked["path"])
    entry = Entry(id=str(asked["id"]), feed_id="", feed_url="", first_seen_at=now, url=url)
    return Page(
        entry=entry,
        outcome="ok",
        fetched_at=now,
        url=url,
        charset="utf-8" if is_text else None,
        body=body,
    )


def _read(name: str) -> bytes:
    try:
        path = Path(name)
        if not path.is_file():
            raise _BadLine(f"path: no such file: {name}")
        with path.open("rb") as stream:
            return stream.read(PAGE_BYTES + 1)
    except OSError as error:
        raise _BadLine(f"path: {error.strerror}: {name}") from None


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
    if name == "-":
        return sys.stdin.buffer
    try:
        return stack.enter_context(Path(name).open("rb"))
    except OSError as error:
        raise UserError(f"FILE: {error.strerror}: {name}") from None


def _jobs(value: str) -> int:
    if not value.isdecimal() or not 1 <= int(value) <= 256:
        raise argparse.ArgumentTypeError(f"expected a number from 1 to 256, got {value!r}")
    return int(value)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
