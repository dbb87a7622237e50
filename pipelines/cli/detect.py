"""``vigie detect``: articles as JSON Lines in, their mentions, times and claims out."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from connectors.records import to_json, utc
from pipelines.cli.options import new_command
from pipelines.errors import UserError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator

    from connectors.records import Claim, Mention, TimeExpression
    from pipelines.detection import Detector

MAX_LINE_BYTES = 16_000_000
"""A longer line is refused without being held; the longest real articles are some 200 kB."""

_EXAMPLE = (
    """echo '{"id":"a","text":"Moscow sends the Oreshnik missile to Minsk."}' | vigie detect"""
)
_CLAIM_KEYS = ("system", "place", "status", "when", "speaker", "start", "end", "evidence")


class LineError(ValueError):
    """A line that is no article; the message says why, ``id`` whose it is when that is known."""

    def __init__(self, message: str, line_id: str | None = None) -> None:
        super().__init__(message)
        self.id = line_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of input, checked."""

    id: str
    title: str
    text: str
    lang: str | None
    published_at: datetime | None


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = new_command(
        subparsers,
        "detect",
        "Find mentions, times and claims in texts (JSON Lines in, JSON Lines out).",
        _EXAMPLE,
    )
    parser.add_argument("file", nargs="?", help="JSON Lines (default: standard input)")
    parser.add_argument(
        "--subjects",
        metavar="PATH",
        action="append",
        help="subject file or folder (default: those shipped)",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Answer every line with one line, in order; return the exit code.

    A bad line gives ``{"id"|"line", "error"}`` and the stream goes on. One line is held at a
    time, whatever the length of the stream.

    Raises:
        pipelines.errors.UserError: the file cannot be read, or a subject file is wrong.
    """
    from pipelines.detection import load_detector  # noqa: PLC0415 - other commands start without

    detector = load_detector(args.subjects)
    if args.file is None or args.file == "-":
        return _stream(sys.stdin.buffer, detector)
    try:
        with open(args.file, "rb") as lines:  # noqa: PTH123 - a name as the user gave it
            return _stream(lines, detector)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise UserError(f"{args.file}: {error.strerror or error}") from None


def _stream(lines: Any, detector: Detector) -> int:  # noqa: ANN401 - any binary stream
    find_times, find_claims = _finders()
    out = sys.stdout
    for number, raw in _numbered(lines):
        if raw.strip():
            answer = _answer(number, raw, detector, find_times, find_claims)
            out.write(json.dumps(answer, ensure_ascii=True) + "\n")
    out.flush()
    return 0


def _numbered(lines: Any) -> Iterator[tuple[int, bytes]]:  # noqa: ANN401 - any binary stream
    number = 0
    while line := lines.readline(MAX_LINE_BYTES + 1):
        number += 1
        rest = line
        while len(rest) > MAX_LINE_BYTES and not rest.endswith(b"\n"):
            rest = lines.readline(MAX_LINE_BYTES + 1)
        yield number, line


def _answer(
    number: int,
    raw: bytes,
    detector: Detector,
    find_times: Callable[..., tuple[TimeExpression, ...]],
    find_claims: Callable[..., tuple[Claim, ...]],
) -> dict[str, Any]:
    from pipelines.detection import identify_language  # noqa: PLC0415 - loaded by run already

    try:
        line = parse_line(raw)
    except LineError as error:
        where = {"line": number} if error.id is None else {"id": error.id}
        return {**where, "error": str(error)}
    try:
        language = identify_language(f"{line.title}\n{line.text}", line.lang)
        mentions = detector.detect(title=line.title, text=line.text, language=language)
        times = find_times(line.text, language, line.published_at)
        claims = find_claims(
            title=line.title,
            text=line.text,
            language=language,
            published_at=line.published_at,
            mentions=mentions,
            times=times,
        )
    except (ArithmeticError, LookupError, TypeError, ValueError, RecursionError) as error:
        return {"id": line.id, "error": f"cannot be read: {type(error).__name__}"}
    return answer_of(line.id, language, mentions, times, claims)


def answer_of(
    line_id: str,
    language: str,
    mentions: tuple[Mention, ...],
    times: tuple[TimeExpression, ...],
    claims: tuple[Claim, ...],
) -> dict[str, Any]:
    """Return what is printed for one text."""
    return {
        "id": line_id,
        "language": language,
        "mentions": [to_json(one) for one in mentions],
        "times": [
            {"start": one.start, "end": one.end, "quote": one.quote, "value": one.value}
            for one in times
        ],
        "claims": [{key: getattr(one, key) for key in _CLAIM_KEYS} for one in claims],
    }


def _finders() -> tuple[Callable[..., Any], Callable[..., Any]]:
    try:
        from pipelines.claims import find_claims  # noqa: PLC0415 - other commands start without
        from pipelines.times import find_times  # noqa: PLC0415 - other commands start without
    except ImportError:
        return _nothing, _nothing
    return find_times, find_claims


def _nothing(*_: object, **__: object) -> tuple[()]:
    return ()


def parse_line(raw: bytes) -> Line:
    """Return the article on a line.

    Raises:
        LineError: it is none.

    >>> parse_line(b'{"id": "a", "text": "words", "lang": "fr"}').lang
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
    return Line(
        id=line_id,
        title=_string(value, "title", line_id) or "",
        text=value["text"],
        lang=_string(value, "lang", line_id),
        published_at=_instant(_string(value, "published_at", line_id), line_id),
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
