"""What a briefing shows, worked out from documents before any HTML is written.

Pure: stories with their copies folded, facets, the columns of the timeline, and the words each
document can be searched by.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from pipelines.brief.markup import folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from connectors.records import Document

MAX_COLUMNS = 24
"""Columns of the timeline: what fits beside the subject names on a laptop."""

STEPS = tuple(timedelta(hours=h) for h in (1, 2, 3, 6, 12, 24, 48, 168, 336, 720, 2160, 8760))
EARLY_SHARE = 0.1
"""Share of the articles that may fall into the first, open column ("earlier")."""

SEARCH_BUDGET_CHARS = 6_000_000
"""Words of full text carried along; beyond it only titles, quotes and names are searched."""

_WORD = re.compile(r"\w{2,}")
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """The reports of one development, oldest first, and the copies of each of them."""

    id: str
    reports: tuple[Document, ...]
    copies: dict[str, tuple[Document, ...]]
    subjects: tuple[str, ...]

    @property
    def documents(self) -> tuple[Document, ...]:
        """All documents of the story, copies after their original."""
        return tuple(
            one for report in self.reports for one in (report, *self.copies[report.article.id])
        )

    @property
    def last_at(self) -> datetime:
        """When the story last moved."""
        return max(told_at(one) for one in self.reports)


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """The time axis: ``starts`` of equal columns; earlier documents fall into column 0."""

    starts: tuple[datetime, ...]
    step: timedelta
    open_start: bool

    def column_of(self, moment: datetime) -> int:
        """Return the column of ``moment``."""
        past = int((moment - self.starts[0]) / self.step)
        return max(0, min(past, len(self.starts) - 1))


def told_at(document: Document) -> datetime:
    """Return when the article was published, or first seen when its date is not known."""
    return document.article.published_at or document.article.first_seen_at


def outlet_of(document: Document) -> str:
    """Return the name of the outlet, or the host when the outlet gives none."""
    if document.article.outlet:
        return document.article.outlet
    rest = document.article.url.partition("://")[2]
    return rest.split("/", 1)[0] or "unknown"


def group_stories(documents: Iterable[Document]) -> tuple[Story, ...]:
    """Return the stories, the one that moved last first.

    A document without a story is one of its own; a copy whose original is not here stands as a
    report, so nothing is hidden by what is missing.
    """
    groups: dict[str, dict[str, Document]] = {}
    for document in sorted(documents, key=_oldest_first):
        groups.setdefault(document.story_id or document.article.id, {})[document.article.id] = (
            document
        )
    stories = [_story(key, group) for key, group in groups.items()]
    return tuple(sorted(stories, key=_last_first, reverse=True))


def _oldest_first(document: Document) -> tuple[datetime, str]:
    return told_at(document), document.article.id


def _last_first(story: Story) -> tuple[datetime, str]:
    return story.last_at, story.id


def _story(key: str, group: dict[str, Document]) -> Story:
    copies: dict[str, list[Document]] = {}
    reports = []
    for document in group.values():
        original = _original(document, group)
        if original is None:
            reports.append(document)
        else:
            copies.setdefault(original, []).append(document)
    subjects = Counter(subject for document in group.values() for subject in document.subjects)
    return Story(
        id=key,
        reports=tuple(reports),
        copies={one.article.id: tuple(copies.get(one.article.id, ())) for one in reports},
        subjects=tuple(sorted(subjects, key=lambda name: (-subjects[name], name))),
    )


def _original(document: Document, group: dict[str, Document]) -> str | None:
    """Return the id of the report that ``document`` copies, through chains of copies."""
    visited = {document.article.id}
    current = document
    while current.copy_of in group and current.copy_of not in visited:
        visited.add(current.copy_of)
        current = group[current.copy_of]
    if current is document or current.copy_of in visited:
        return None
    return current.article.id


def plan_columns(moments: Sequence[datetime]) -> Columns | None:
    """Return the time axis for documents told at ``moments``, or None when there are none.

    A few old articles do not squeeze the rest into one column: they share the first one.
    """
    if not moments:
        return None
    ordered = sorted(moments)
    early = ordered[int(len(ordered) * EARLY_SHARE)]
    latest = ordered[-1]
    for step in STEPS:
        start = _floor(early, step)
        count = int((latest - start) / step) + 1
        if count <= MAX_COLUMNS:
            break
    else:
        count = MAX_COLUMNS
        start = _floor(latest, step) - step * (count - 1)
    starts = tuple(start + step * number for number in range(count))
    return Columns(starts=starts, step=step, open_start=ordered[0] < start)


def _floor(moment: datetime, step: timedelta) -> datetime:
    return moment - (moment - _EPOCH) % step


def search_words(documents: Sequence[Document], names: Mapping[str, str]) -> list[str]:
    """Return for each document what it is searched by, folded.

    That is its title, outlet, quotes and the names of its subjects; and, while the budget
    lasts, each word of its text once.
    """
    left = SEARCH_BUDGET_CHARS
    found = []
    for document in documents:
        words = " ".join(dict.fromkeys(_WORD.findall(folded(document.article.text))))
        words = words if len(words) <= left else ""
        left -= len(words)
        told = (
            document.article.title,
            outlet_of(document),
            *dict.fromkeys(mention.quote for mention in document.mentions),
            *(names.get(subject, subject) for subject in document.subjects),
        )
        found.append(f"{folded(' '.join(told))} {words}")
    return found
