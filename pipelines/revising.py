"""What the second reading of a document means, and its next revision; pure."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from connectors.records import stable_id

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from connectors.records import Article, Document

_WORD = re.compile(r"\w+|[^\w\s]")


def answer_meaning(document: Document, outcome: str) -> str:
    """Return what a fetch that brought no page says of ``document``.

    ``unchanged`` (304), ``gone`` (404 or 410 where there was a page), else ``unreadable``.
    """
    if outcome == "not_modified":
        return "unchanged"
    if outcome in {"gone", "not_found"} and document.article.text_source == "page":
        return "gone"
    return "unreadable"


def judge_revision(
    document: Document, article: Article | None, *, is_told_anew: bool = False
) -> str:
    """Return what a second reading means for the stored ``document``.

    ``updated``: another title or text. ``unchanged``. ``moved``: the address now shows another
    article. ``kept``: the page gives less than what is stored (an error page, a consent dialog, a
    teaser, nothing), so the stored text stays. With ``is_told_anew`` the feed tells its own text
    otherwise: that may replace a text that was the feed's too.
    """
    if article is None:
        return "kept"
    if article.text_source != "page":
        is_of_the_feed = is_told_anew and document.article.text_source == "feed"
        if not is_of_the_feed or article.id != document.article.id:
            return "kept"
        return "unchanged" if article.content_hash == document.article.content_hash else "updated"
    if article.page_outcome != "ok" and document.article.text_source == "page":
        return "kept"
    if article.id != document.article.id:
        return "moved"
    return "unchanged" if article.content_hash == document.article.content_hash else "updated"


def revised_article(document: Document, article: Article) -> Article:
    """Return ``article`` as the next revision of ``document``: its origin and date stay."""
    stored = document.article
    dated = stored if stored.published_at is not None else article
    return replace(
        article,
        entry_id=stored.entry_id,
        feed_id=stored.feed_id,
        first_seen_at=stored.first_seen_at,
        published_at=dated.published_at,
        date_source=dated.date_source,
    )


def diff_size(before: str, after: str) -> tuple[int, int]:
    """Return how many characters of words came in and how many went; linear in the lengths.

    Words are counted, not placed: a paragraph that moves is no change of size.

    >>> diff_size("It will be there in 2025.", "It may be there in 2025.")
    (3, 4)
    """
    old, new = Counter(_WORD.findall(before)), Counter(_WORD.findall(after))
    return _chars((new - old).items()), _chars((old - new).items())


def _chars(words: Iterable[tuple[str, int]]) -> int:
    return sum(len(word) * number for word, number in words)


def deleted_article(document: Document, now: datetime) -> Article:
    """Return the next revision of ``document`` whose page was deleted: its text stays.

    The content hash is another one, so that the index takes it, and takes the page back too.
    """
    article = document.article
    return replace(
        article,
        page_outcome="deleted",
        deleted_at=now,
        fetched_at=now,
        content_hash=stable_id("deleted", article.content_hash),
    )
