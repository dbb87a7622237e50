"""When the stories of each subject began: which earlier story a new one continues."""

from __future__ import annotations

from bisect import bisect_left, insort
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime


@dataclass(slots=True, kw_only=True)
class _Subject:
    """The stories of one subject: their beginnings by id, and in order of time."""

    began_at: dict[str, datetime] = field(default_factory=dict)
    in_order: list[tuple[datetime, str]] = field(default_factory=list)

    def set(self, story_id: str, at: datetime | None) -> None:
        """Let the story begin at ``at``, or leave it out."""
        known = self.began_at.pop(story_id, None)
        if known is not None:
            del self.in_order[bisect_left(self.in_order, (known, story_id))]
        if at is not None:
            self.began_at[story_id] = at
            insort(self.in_order, (at, story_id))


@dataclass(slots=True, kw_only=True)
class Beginnings:
    """The beginnings of all stories that are remembered, by subject."""

    subjects: dict[str, _Subject] = field(default_factory=dict)

    def note(self, story_id: str, subjects: Iterable[str], at: datetime) -> None:
        """Remember that a story told of ``subjects`` at ``at``, if not earlier."""
        for name in subjects:
            subject = self.subjects.setdefault(name, _Subject())
            began_at = subject.began_at.get(story_id)
            if began_at is None or at < began_at:
                subject.set(story_id, at)

    def latest(self, subjects: Iterable[str], before: datetime) -> str | None:
        """Return the story of one of ``subjects`` that began last of those before ``before``."""
        found: tuple[datetime, str] | None = None
        for name in subjects:
            stories = self.subjects[name].in_order if name in self.subjects else []
            place = bisect_left(stories, (before, ""))
            if place and (found is None or stories[place - 1] > found):
                found = stories[place - 1]
        return None if found is None else found[1]

    def drop(self, story_id: str) -> None:
        """Forget a story."""
        for subject in self.subjects.values():
            if story_id in subject.began_at:
                subject.set(story_id, None)
