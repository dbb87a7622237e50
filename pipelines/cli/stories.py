"""``vigie stories``: articles as JSON Lines in, their originals and stories out, as they come."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from functools import partial
from typing import TYPE_CHECKING, Any

from connectors.addresses import canonical_url
from connectors.records import Article, Document, stable_id
from pipelines.cli.article_lines import ArticleLine, LineError, answer_lines, parse_line
from pipelines.cli.options import new_command, whole_number

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from pipelines.stories import StoryBook

MAX_WINDOW_DAYS = 3650
MAX_REMEMBERED_IDS = 100_000
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


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
        "--window-days",
        type=whole_number(1, MAX_WINDOW_DAYS),
        default=14,
        metavar="N",
        help="how long copies are looked for (default: 14)",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Place every article and print one JSON line for each; return the exit code.

    A line that is no article gives ``{"id"|"line", "error"}`` and the stream goes on.
    """
    from pipelines.stories import StoryBook  # noqa: PLC0415 - other commands start without it

    book = StoryBook(window=timedelta(days=args.window_days), late_after=None)
    placer = Placer(book, load_reader(args.subjects))
    return answer_lines(args.file, placer.answer)


class Placer:
    """Turns lines into answers, with the ids of the input."""

    def __init__(self, book: StoryBook, read: Callable[[Article], Document]) -> None:
        self._book = book
        self._read = read
        self._input_ids: OrderedDict[str, str] = OrderedDict()
        self._article_ids: OrderedDict[str, str] = OrderedDict()
        self._newest_at = EPOCH

    def answer(self, number: int, line: bytes) -> dict[str, Any]:
        """Return the answer to one line."""
        try:
            given = parse_line(line)
        except LineError as error:
            where = {"line": number} if error.id is None else {"id": error.id}
            return {**where, "error": str(error)}
        try:
            return self._place(given)
        except (ArithmeticError, LookupError, TypeError, ValueError, RecursionError) as error:
            return {"id": given.id, "error": f"cannot be placed: {type(error).__name__}"}

    def _place(self, given: ArticleLine) -> dict[str, Any]:
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
    mentions = detector.detect(
        title=article.title,
        text=article.text,
        language=article.language,
        published_at=article.published_at,
    )
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
