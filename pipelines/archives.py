"""Read archives for the backfill: JSON Lines, lists of addresses, WARC. Pure generators.

Every reader yields :class:`~connectors.records.Entry` (its page is still to be fetched) or
:class:`~connectors.records.Page` (its page is in the file), and :class:`BadLine` for what it
cannot read, so that one bad line harms no other. Memory is bounded by one record.
"""

from __future__ import annotations

import gzip
import html
import json
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

from warcio.archiveiterator import ArchiveIterator

from connectors.records import BACKFILL_FEED, Entry, Page, stable_id, utc

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

MAX_LINE_BYTES = 5_000_000
"""A longer line is no article; trafilatura's own guard stops at 3 MB."""

HTML_TYPES = ("text/html", "application/xhtml+xml")
MAX_PAGE_BYTES = 3_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class BadLine:
    """Something in an archive that cannot be read; ``place`` is file and line or record."""

    place: str
    reason: str


Found = Entry | Page | BadLine


def read_archive(path: str, seen_at: datetime) -> Iterator[Found]:
    """Yield what the file at ``path`` holds; .warc[.gz], .jsonl[.gz], any other name: addresses."""
    name = path.lower()
    if name.endswith((".warc", ".warc.gz")):
        with Path(path).open("rb") as file:
            yield from read_warc(file, path, seen_at)
        return
    reader = _read_json_line if ".json" in name or ".ndjson" in name else _read_address
    try:
        with gzip.open(path, "rb") if name.endswith(".gz") else Path(path).open("rb") as file:
            for number, line in _lines(file):
                place = f"{path}:{number}"
                if line is None:
                    yield BadLine(place=place, reason="line too long")
                elif line.strip():
                    yield reader(line, place, seen_at)
    except (OSError, EOFError) as error:
        yield BadLine(place=path, reason=f"unreadable: {error}")


def _lines(file: Any) -> Iterator[tuple[int, bytes | None]]:  # noqa: ANN401 - a binary file
    number = 0
    while chunk := file.readline(MAX_LINE_BYTES):
        number += 1
        if len(chunk) < MAX_LINE_BYTES or chunk.endswith(b"\n"):
            yield number, chunk
            continue
        while chunk and not chunk.endswith(b"\n"):
            chunk = file.readline(MAX_LINE_BYTES)
        yield number, None


def _read_address(line: bytes, place: str, seen_at: datetime) -> Found:
    text = line.decode("utf-8", "replace").strip()
    if text.startswith("#"):
        return BadLine(place=place, reason="comment")
    if not text.startswith(("http://", "https://")):
        return BadLine(place=place, reason="not an http(s) address")
    return _entry(url=text, seen_at=seen_at)


def _read_json_line(line: bytes, place: str, seen_at: datetime) -> Found:  # noqa: PLR0911 - one return a kind of line
    """Return what one line holds: html, or text, or just an address."""
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        return BadLine(place=place, reason=f"not JSON: {type(error).__name__}")
    if not isinstance(value, dict):
        return BadLine(place=place, reason="expected a JSON object")
    url, title, text, markup = (_text(value, key) for key in ("url", "title", "text", "html"))
    if not (url or title or text or markup):
        return BadLine(place=place, reason="expected one of url, title, text, html")
    try:
        published_at = _instant(_text(value, "published_at"))
    except ValueError:
        return BadLine(place=place, reason="published_at: expected an ISO 8601 instant")
    paragraphs = "".join(f"<p>{html.escape(part)}</p>" for part in (text or "").split("\n") if part)
    entry = _entry(
        url=url,
        seen_at=seen_at,
        title=title,
        content_html=paragraphs or None,
        language=_text(value, "language") or _text(value, "lang"),
        outlet=_text(value, "outlet"),
        author=_text(value, "author"),
        published_at=published_at,
    )
    if markup:
        body = markup.encode("utf-8", "replace")
        return Page(
            entry=entry, outcome="ok", fetched_at=seen_at, url=url, status=200,
            content_type="text/html", charset="utf-8", body=body,
        )  # fmt: skip
    if text or title:
        return Page(entry=entry, outcome="not_fetched", fetched_at=seen_at, url=url)
    return entry


def _text(value: dict[str, Any], key: str) -> str | None:
    found = value.get(key)
    return found if isinstance(found, str) and found.strip() else None


def _instant(text: str | None) -> datetime | None:
    return utc(datetime.fromisoformat(text.replace("Z", "+00:00"))) if text else None


def _entry(*, url: str | None, seen_at: datetime, **rest: Any) -> Entry:  # noqa: ANN401 - Entry's fields
    key = url or "\n".join(str(rest.get(part) or "") for part in ("title", "content_html"))
    return Entry(
        id=stable_id(BACKFILL_FEED, key),
        feed_id=BACKFILL_FEED,
        feed_url="",
        first_seen_at=seen_at,
        url=url,
        **rest,
    )


def read_warc(file: BinaryIO, place: str, seen_at: datetime) -> Iterator[Found]:
    """Yield a page for every successful HTML response of a WARC file."""
    number = responses = 0
    try:
        for record in ArchiveIterator(file):
            number += 1
            address = record.rec_headers.get_header("WARC-Target-URI") or ""
            responses += record.rec_type == "response" and address.startswith("http")
            if record.rec_type != "response":
                continue
            found = _read_response(record, f"{place}#{number}", seen_at)
            if found is not None:
                yield found
    except Exception as error:  # noqa: BLE001 - warcio raises AttributeError and worse on cut files
        yield BadLine(place=f"{place}#{number + 1}", reason=f"unreadable: {type(error).__name__}")
    if not responses:
        yield BadLine(place=place, reason="holds no WARC response")


def _read_response(record: Any, place: str, seen_at: datetime) -> Found | None:  # noqa: ANN401 - warcio's record
    headers = record.http_headers
    url = record.rec_headers.get_header("WARC-Target-URI")
    if headers is None or not url or headers.get_statuscode() != "200":
        return None
    content_type = headers.get_header("Content-Type") or ""
    if not content_type.lower().startswith(HTML_TYPES):
        return None
    body = record.content_stream().read(MAX_PAGE_BYTES + 1)
    if len(body) > MAX_PAGE_BYTES:
        return BadLine(place=place, reason="page too big")
    crawled = _warc_date(record.rec_headers.get_header("WARC-Date")) or seen_at
    charset = content_type.lower().partition("charset=")[2].split(";")[0].strip(" \"'")
    return Page(
        entry=_entry(url=url, seen_at=crawled), outcome="ok", fetched_at=crawled, url=url,
        status=200, content_type=content_type, charset=charset or None, body=body,
    )  # fmt: skip


def _warc_date(text: str | None) -> datetime | None:
    try:
        return _instant(text)
    except ValueError:
        return None


def now() -> datetime:
    """Return this moment: when a backfill sees what it reads."""
    return datetime.now(timezone.utc)
