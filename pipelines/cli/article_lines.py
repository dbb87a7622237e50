"""Articles as JSON Lines, the input of ``vigie detect`` and ``vigie stories``."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, BinaryIO

from connectors.records import utc
from pipelines.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MAX_LINE_BYTES = 16_000_000
"""A longer line is refused without being held; the longest real articles are some 200 kB."""


class LineError(ValueError):
    """A line that is no article; the message says why, ``id`` whose it is when that is known."""

    def __init__(self, message: str, line_id: str | None = None) -> None:
        super().__init__(message)
        self.id = line_id


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleLine:
    """One line of input, checked."""

    id: str
    title: str
    text: str
    language: str | None
    published_at: datetime | None
    url: str | None
    outlet: str | None


def answer_lines(name: str | None, answer: Callable[[int, bytes], dict[str, Any] | None]) -> int:
    """Print what ``answer`` makes of each line and its number; return the exit code.

    Lines that are blank or have no answer are passed over. One line is held at a time, whatever
    the length of the stream; each answer is out before the next line is awaited.

    Args:
        name: of a file; standard input when it is None or ``-``.
        answer: takes the number of a line, from 1, and the line.

    Raises:
        pipelines.errors.UserError: the file cannot be read.
    """
    if name is None or name == "-":
        return _answer_all(sys.stdin.buffer, answer)
    try:
        with open(name, "rb") as lines:  # noqa: PTH123 - a name as the user gave it
            return _answer_all(lines, answer)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise UserError(f"{name}: {error.strerror or error}") from None


def _answer_all(lines: BinaryIO, answer: Callable[[int, bytes], dict[str, Any] | None]) -> int:
    for number, line in _numbered(lines):
        found = answer(number, line) if line.strip() else None
        if found is not None:
            sys.stdout.write(json.dumps(found, ensure_ascii=True) + "\n")
            sys.stdout.flush()
    return 0


def _numbered(lines: BinaryIO) -> Iterator[tuple[int, bytes]]:
    number = 0
    while line := lines.readline(MAX_LINE_BYTES + 1):
        number += 1
        rest = line
        while len(rest) > MAX_LINE_BYTES and not rest.endswith(b"\n"):
            rest = lines.readline(MAX_LINE_BYTES + 1)
        yield number, line


def parse_line(raw: bytes) -> ArticleLine:
    """Return the article on a line: ``id`` and ``text``, the rest if it is known.

    Raises:
        LineError: it is none.

    >>> parse_line(b'{"id": "a", "text": "words", "lang": "fr"}').language
    'fr'
    """
    if len(raw) > MAX_LINE_BYTES:
        raise LineError(f"line of more than {MAX_LINE_BYTES} bytes")
    try:
        value = json.loads(raw.decode("utf-8"))
    except UnicodeDecodeError:
        raise LineError("not UTF-8") from None
    except (ValueError, RecursionError):
        raise LineError("not JSON") from None
    if not isinstance(value, dict):
        raise LineError("expected an object")
    line_id = value.get("id")
    if isinstance(line_id, int) and not isinstance(line_id, bool):
        line_id = str(line_id)
    if not isinstance(line_id, str) or not line_id:
        raise LineError("id: expected a string")
    if not isinstance(value.get("text"), str):
        raise LineError("text: expected a string", line_id)
    return ArticleLine(
        id=line_id,
        title=_string(value, "title", line_id) or "",
        text=value["text"],
        language=_string(value, "lang", line_id),
        published_at=_instant(_string(value, "published_at", line_id), line_id),
        url=_string(value, "url", line_id),
        outlet=_string(value, "outlet", line_id),
    )


def _string(value: dict[str, Any], key: str, line_id: str) -> str | None:
    found = value.get(key)
    if found is not None and not isinstance(found, str):
        raise LineError(f"{key}: expected a string, got {type(found).__name__}", line_id)
    return found or None


def _instant(text: str | None, line_id: str) -> datetime | None:
    if text is None:
        return None
    try:
        return utc(datetime.fromisoformat(text.replace("Z", "+00:00")))
    except (ValueError, OverflowError):
        message = f"published_at: expected an ISO 8601 time, got {text[:40]!r}"
        raise LineError(message, line_id) from None
