"""One input line of ``vigie extract``: the page it asks for, and what the page gives.

:func:`read_page_line` runs in the sandbox, JSON included: a line travels once, as it came, and
what comes back is the answer. Importing this imports no parser: only the workers need them.
"""

from __future__ import annotations

import json
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

from connectors.extraction_call import reason_of
from connectors.extraction_decoding import PAGE_BYTES, guard
from connectors.extraction_outcomes import language_sample
from connectors.records import Entry, Page
from connectors.sandbox import SandboxUnavailable

if TYPE_CHECKING:
    from connectors.extraction_outcomes import Extraction
    from connectors.sandbox import Sandbox

PARSERS = "pipelines.page_parsers"
"""The module to ``prepare`` a sandbox with before its first line."""

LINE_BYTES = 32 << 20
"""A line: a page of 3 MiB with every character escaped, and room."""


class _BadLine(Exception):
    """A line that asks for nothing that can be done; the text says what was expected."""


def answer_page_line(number: int, line: bytes | None, sandbox: Sandbox) -> bytes:
    """Return what the page of an input line gives, as a line of JSON in UTF-8.

    That is ``{"id" or "line", "error"}`` for a line that is no request.

    Args:
        number: of the line, from 1: the name of a line without an ``id``.
        line: as it was read; None for one that was too long.
        sandbox: reads the page; what it has to stop is the answer's ``outcome``.

    Raises:
        SandboxUnavailable: no worker can be had; the page is not at fault.
    """
    if line is None:
        error = f"expected a line of at most {LINE_BYTES} bytes"
        return _packed({"line": number, "error": error})
    try:
        return sandbox.call(read_page_line, number, line)
    except SandboxUnavailable:
        raise
    except Exception as error:  # noqa: BLE001 - any fault of a parser is the page's
        return _packed({**_name(number, line), **_fields(None, reason_of(error)[0], None)})


def read_page_line(number: int, line: bytes) -> bytes:
    """Return the answer to ``line``; call it in the sandbox.

    What the guard stops meets no parser.
    """
    name: dict[str, Any] = {"line": number}
    try:
        asked = _parse(line)
        if isinstance(asked.get("id"), (str, int)):
            name = {"id": asked["id"]}
        page = _page(asked)
    except _BadLine as error:
        return _packed({**name, "error": str(error)})
    return _packed({**name, **_read_page(page)})


def _read_page(page: Page) -> dict[str, Any]:
    from pipelines.page_parsers import (  # noqa: PLC0415 - in the worker only
        extract_article,
        identify_language,
    )

    reason = guard(page.body)
    if reason is not None:
        return _fields(None, reason, None)
    found = extract_article(page, guarded=True)
    language = found.language
    if found.text:
        language = identify_language(language_sample(found.title, found.text), language)
    return _fields(found, found.outcome, language)


def _packed(answer: dict[str, Any]) -> bytes:
    """Return one line of UTF-8; half a surrogate pair, which has no UTF-8, stays escaped."""
    try:
        return json.dumps(answer, ensure_ascii=False).encode() + b"\n"
    except UnicodeEncodeError:
        return json.dumps(answer).encode() + b"\n"


def _name(number: int, line: bytes) -> dict[str, Any]:
    """Return how a line is named whose page had to be stopped."""
    try:
        asked = _parse(line)
    except (_BadLine, MemoryError):
        return {"line": number}
    return {"id": asked["id"]} if isinstance(asked.get("id"), (str, int)) else {"line": number}


def _fields(extraction: Extraction | None, outcome: str, language: str | None) -> dict[str, Any]:
    published_at = extraction.published_at if extraction else None
    has_text = extraction is not None and extraction.outcome in {"ok", "paywall"}
    return {
        "title": extraction.title if extraction else "",
        "text": extraction.text if extraction and has_text else "",
        "language": language,
        "published_at": published_at.isoformat() if published_at else None,
        "date_source": extraction.date_source if extraction else "none",
        "author": extraction.author if extraction else None,
        "canonical_url": extraction.canonical_url if extraction else None,
        "outcome": outcome,
    }


def _parse(line: bytes) -> dict[str, Any]:
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
