"""``vigie stories``: articles as JSON Lines in, their originals and stories out, as they come."""

from __future__ import annotations

import json
import sys
from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from functools import partial
from typing import TYPE_CHECKING, Any

from connectors.addresses import canonical_url
from connectors.records import Article, Document, stable_id, utc
from pipelines.cli.options import new_command
from pipelines.errors import UserError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator

    from pipelines.stories import StoryBook

MAX_LINE_BYTES = 16_000_000
"""A longer line is refused without being held; the longest real articles are some 200 kB."""

MAX_REMEMBERED_IDS = 100_000
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


class LineError(ValueError):
    """A line that is no article; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InputLine:
    """One line of input, checked."""

    id: str
    text: str
    title: str
    language: str | None
    published_at: datetime | None
    url: str | None
    outlet: str | None


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = new_command(
        subparsers,
        "stories",
        "Group articles (JSON Lines, in order of arrival) into stories and find copies.",
        """echo '{"id":"a","text":"Minsk asks for Oreshnik.","url":"https://example.org/a"}' """
        "| vigie stories",
    )
    parser.add_argument("file", nargs="?", help="JSON Lines (default: standard input)")
    parser.add_argument(
        "--subjects",
        metavar="PATH",
        action="append",
        help="subject file or folder (default: those shipped)",
    )
    parser.add_argument(
        "--window-days", type=int, default=14, metavar="N", help="how long copies are looked for"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Place every article and print one JSON line for each; return the exit code.

    A line that is no article gives ``{"id"|"line", "error"}`` and the stream goes on.
    """
    if args.window_days < 1:
        raise UserError(f"--window-days: expected 1 or more, got {args.window_days}")
    from pipelines.stories import StoryBook  # noqa: PLC0415 - other commands start without it

    book = StoryBook(window=timedelta(days=args.window_days), late_after=None)
    placer = Placer(book, load_reader(args.subjects))
    if args.file is None:
        return _stream(sys.stdin.buffer, placer)
    try:
        with open(args.file, "rb") as lines:  # noqa: PTH123 - a name as the user gave it
            return _stream(lines, placer)
    except OSError as error:
        raise UserError(f"{args.file}: {error.strerror or error}") from None


def _stream(lines: Any, placer: Placer) -> int:  # noqa: ANN401 - any binary stream
    for number, line in _numbered(lines):
        answer = placer.answer(number, line)
        if answer is not None:
            print(json.dumps(answer), flush=True)
    return 0


def _numbered(lines: Any) -> Iterator[tuple[int, bytes]]:  # noqa: ANN401 - any binary stream
    number = 0
    while line := lines.readline(MAX_LINE_BYTES + 1):
        number += 1
        rest = line
        while len(rest) > MAX_LINE_BYTES and not rest.endswith(b"\n"):
            rest = lines.readline(MAX_LINE_BYTES + 1)
        yield number, line


class Placer:
    """Turns lines into answers, with the ids of the input."""

    def __init__(self, book: StoryBook, read: Callable[[Article], Document]) -> None:
        self._book = book
        self._read = read
        self._input_ids: OrderedDict[str, str] = OrderedDict()
        self._article_ids: OrderedDict[str, str] = OrderedDict()
        self._newest_at = EPOCH

    def answer(self, number: int, line: bytes) -> dict[str, Any] | None:
        """Return the answer to one line; None to an empty one."""
        if not line.strip():
            return None
        try:
            given = parse_line(line)
        except LineError as error:
            return {"line": number, "error": str(error)}
        try:
            return self._place(given)
        except (ArithmeticError, LookupError, TypeError, ValueError, RecursionError) as error:
            return {"id": given.id, "error": f"cannot be placed: {type(error).__name__}"}

    def _place(self, given: InputLine) -> dict[str, Any]:
        at = given.published_at
        self._newest_at = max(self._newest_at, at or EPOCH)
        address = _address(given.url) if given.url else None
        article_id = self._article_ids.get(given.id) or stable_id(address or f"input:{given.id}")
        _keep(self._article_ids, given.id, article_id)
        _keep(self._input_ids, article_id, self._input_ids.get(article_id, given.id))
        article = Article(
            id=article_id,
            entry_id=article_id,
            feed_id="input",
            url=given.url or "",
            canonical_url=address or "",
            title=given.title,
            text=given.text,
            language=given.language or "",
            outlet=given.outlet,
            author=None,
            published_at=at,
            date_source="feed" if at else "none",
            text_source="page",
            first_seen_at=at or self._newest_at,
            fetched_at=at or self._newest_at,
            content_hash=stable_id(given.title, given.text),
        )
        placement = self._book.place(self._read(article))
        original = placement.copy_of
        return {
            "id": given.id,
            "story_id": placement.story_id,
            "copy_of": None if original is None else self._input_ids.get(original, original),
            "similarity": placement.similarity,
        }


def _keep(ids: OrderedDict[str, str], key: str, value: str) -> None:
    ids[key] = value
    ids.move_to_end(key)
    if len(ids) > MAX_REMEMBERED_IDS:
        ids.popitem(last=False)


def _address(url: str) -> str:
    try:
        return canonical_url(url)
    except ValueError:
        return url


def parse_line(line: bytes) -> InputLine:
    """Return the article on a line.

    Raises:
        LineError: it is none.

    >>> parse_line(b'{"id": "a", "text": "words", "published_at": "2024-12-06"}').language is None
    True
    """
    if len(line) > MAX_LINE_BYTES:
        raise LineError(f"line of more than {MAX_LINE_BYTES} bytes")
    try:
        value = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        raise LineError("not UTF-8") from None
    except (ValueError, RecursionError):
        raise LineError("not JSON") from None
    if not isinstance(value, dict):
        raise LineError("expected an object")
    given_id = value.get("id")
    if isinstance(given_id, int) and not isinstance(given_id, bool):
        given_id = str(given_id)
    if not isinstance(given_id, str) or not given_id:
        raise LineError("id: expected a string")
    if not isinstance(value.get("text"), str):
        raise LineError("text: expected a string")
    return InputLine(
        id=given_id,
        text=value["text"],
        title=_string(value, "title") or "",
        language=_string(value, "lang"),
        published_at=_instant(_string(value, "published_at")),
        url=_string(value, "url"),
        outlet=_string(value, "outlet"),
    )


def _string(value: dict[str, Any], key: str) -> str | None:
    found = value.get(key)
    if found is not None and not isinstance(found, str):
        raise LineError(f"{key}: expected a string, got {type(found).__name__}")
    return found or None


def _instant(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        return utc(datetime.fromisoformat(text.replace("Z", "+00:00")))
    except (ValueError, OverflowError):
        raise LineError(f"published_at: expected an ISO 8601 time, got {text[:40]!r}") from None


def load_reader(subjects: list[str] | None) -> Callable[[Article], Document]:
    """Return what reads language, mentions, times and claims from an article."""
    from pipelines.detection import load_detector  # noqa: PLC0415 - other commands start without

    return partial(read_article, detector=load_detector(subjects))


def read_article(article: Article, *, detector: Any) -> Document:  # noqa: ANN401 - loaded lazily
    """Return ``article`` as a document: what is mentioned in it, when, and what is claimed."""
    from pipelines.claims import find_claims  # noqa: PLC0415
    from pipelines.detection import identify_language  # noqa: PLC0415
    from pipelines.times import find_times  # noqa: PLC0415

    if not article.language:
        article = replace(article, language=identify_language(f"{article.title}\n{article.text}"))
    mentions = detector.detect(title=article.title, text=article.text, language=article.language)
    if not mentions:
        return Document(article=article)
    times = find_times(article.text, article.language, article.published_at)
    claims = find_claims(
        title=article.title,
        text=article.text,
        language=article.language,
        published_at=article.published_at,
        mentions=mentions,
        times=times,
    )
    return Document(
        article=article, mentions=tuple(mentions), times=tuple(times), claims=tuple(claims)
    )
