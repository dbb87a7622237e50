"""Which story of its week a story is, for each subject: the first, the second, and so on.

An alert of "a subject is in the news" is named by (subject, week, turn), and a turn by nothing
that depends on who reported first: two stories in either order take the turns 0 and 1. A story
takes a turn of its own only when it is clearly another one than those that have theirs and leads
with the subject; one that merely might be another shares the turn of the story it is nearest to.
So the same reports in another order, which may part or join such neighbours otherwise, give the
same alerts (decision 0017).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipelines.stories.developments import WEEK_DAYS
from pipelines.stories.threads import points_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from pipelines.stories.member import Member

CLEARLY_OTHER = -0.5
"""Points with a story that stay under this make an article clearly none of it; above 0 it joins."""

ALIKE = 3
CLEARLY_OTHER_OF_ALIKE = -1.5
"""The same when both lead with so many subjects: one or two are in the news twice a week, three
together rarely, so that it takes as much more to be another story as a shared subject counts."""

MAX_TURN = 99
"""What comes after shares this turn: it bounds the state."""


@dataclass(slots=True, kw_only=True)
class Turns:
    """The turns of the stories, by subject and week."""

    taken: dict[tuple[str, int], dict[str, int]] = field(default_factory=dict)

    def find(
        self, member: Member, scores: Callable[[], Mapping[str, list[float]]]
    ) -> tuple[int, ...]:
        """Return the turns of the story of ``member``, one a subject; () when all are 0.

        Args:
            member: placed in its story.
            scores: gives the points of ``member`` with the members of other stories, by story.
        """
        known: Mapping[str, list[float]] | None = None
        turns: list[int] = []
        for place, subject in enumerate(member.subjects):
            taken = self.taken.get((subject, member.week))
            if not taken or member.story_id in taken:
                turns.append(taken[member.story_id] if taken else 0)
            elif not member.focus >> place & 1:
                turns.append(0)
            else:
                known = scores() if known is None else known
                turns.append(_next_turn(taken, known, self._shared(member, known)))
        return tuple(turns) if any(turns) else ()

    def _shared(self, member: Member, stories: Iterable[str]) -> Counter[str]:
        """Return of how many of the subjects that ``member`` leads with each story has a turn."""
        led = [
            self.taken.get((subject, member.week), {})
            for place, subject in enumerate(member.subjects)
            if member.focus >> place & 1
        ]
        return Counter({id_: sum([id_ in taken for taken in led]) for id_ in stories})

    def note(self, member: Member) -> None:
        """Remember the turns that ``member`` has; a subject in the background takes none."""
        for place, subject in enumerate(member.subjects):
            taken = self.taken.setdefault((subject, member.week), {})
            turn = member.turns[place] if member.turns else 0
            if turn or not taken or member.focus >> place & 1:
                taken.setdefault(member.story_id, turn)

    def forget(self, before: datetime) -> None:
        """Forget the weeks that ended a week before ``before``."""
        oldest = before.toordinal() // WEEK_DAYS - 2
        self.taken = {key: taken for key, taken in self.taken.items() if key[1] >= oldest}

    def reserve(self, subject: str, week: int, turn: int, story_id: str) -> None:
        """Keep ``turn`` for a story that was told but whose article is not stored yet."""
        self.taken.setdefault((subject, week), {}).setdefault(story_id, turn)


def _next_turn(
    taken: Mapping[str, int], scores: Mapping[str, list[float]], shared: Mapping[str, int]
) -> int:
    told = [(points_of(points), id_) for id_, points in scores.items() if id_ in taken]
    near = [(points, -taken[id_]) for points, id_ in told if points > _clearly_other(shared[id_])]
    if near:
        return -max(near)[1]
    return min(max(taken.values()) + 1, MAX_TURN)


def _clearly_other(shared: int) -> float:
    return CLEARLY_OTHER_OF_ALIKE if shared >= ALIKE else CLEARLY_OTHER
