"""The book of stories: one article after the other finds its original and its story."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from connectors.records import stable_id
from pipelines.stories.alerts import turn_of
from pipelines.stories.beginnings import Beginnings
from pipelines.stories.copies import COPY_JACCARD, CopyIndex, as_copy, likeness
from pipelines.stories.corrections import deletion_of, revision_of
from pipelines.stories.developments import Ledger
from pipelines.stories.member import (
    Fingerprint,
    Member,
    fingerprint,
    from_state,
    new_member,
    to_state,
    without_evidence,
)
from pipelines.stories.model import Placement
from pipelines.stories.score import ReadingScorer, Scorer, score_pair
from pipelines.stories.threads import Thread, ThreadIndex, best_story
from pipelines.stories.turns import Turns

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from connectors.records import Alert, Document
    from pipelines.stories.model import Development

DEFAULT_WINDOW = timedelta(days=14)

MAX_ARTICLES = 50_000
"""Articles remembered at most: 50 MB. The ones placed first go first."""


class StoryBook:
    """Places articles into stories, online, in one pass.

    The same articles in the same order give the same placements, on every machine and across
    restarts (:meth:`state_of` of every article placed, given to :meth:`restore`). Articles are
    matched by their publication time: copies within ``window``, reports within five days.
    Memory is at most 1,000 bytes of state an article and ``MAX_ARTICLES`` articles; call
    :meth:`forget` to keep it to what a window holds.

    **Keys, when several books work in parallel.** One book (one key) is the simplest correct
    design and is enough for the measured rate (``docs/stories.md``). To split the work, give
    every article to one book by language for its copies, then, with ``copy_of`` known, to one
    book by subject family for its story; articles without a subject share a key. A family is a
    set of subjects that are told of together (a treaty and the weapons promised with it), as
    the subject files have them. Never key stories by language.

    Args:
        window: how far apart two copies, or two sides of a disagreement, may be published.
        late_after: articles seen this long after they were published are placed, but are no
            news (``Placement.late``); None accepts any age. As long as ``window`` by default.
        scorer: what says whether two articles report the same; the built-in evidence, or an
            embedding model behind the same signature.
        most_articles: remembered at once; the ones placed first go first.
    """

    def __init__(
        self,
        *,
        window: timedelta = DEFAULT_WINDOW,
        late_after: timedelta | None = DEFAULT_WINDOW,
        scorer: Scorer = score_pair,
        most_articles: int = MAX_ARTICLES,
    ) -> None:
        if window <= timedelta(0):
            raise ValueError(f"window must be positive, got {window}")
        if most_articles < 1:
            raise ValueError(f"most_articles must be at least 1, got {most_articles}")
        self._late_after = late_after
        self._most = most_articles
        self._members: dict[int, Member] = {}
        self._rows: dict[str, int] = {}
        self._threads: dict[str, Thread] = {}
        self._next_row = 1
        self._copies = CopyIndex(self._members, horizon=window)
        self._reports = ThreadIndex(self._members, self._threads, scorer=scorer)
        self._read = scorer.read if isinstance(scorer, ReadingScorer) else None
        self._ledger = Ledger(window=window)
        self._turns = Turns()
        self._beginnings = Beginnings()

    def __len__(self) -> int:
        return len(self._members)

    def place(self, document: Document) -> Placement:
        """Find the original and the story of ``document`` and remember it.

        A document placed before keeps its story: the same id again is a revision, never a copy.
        Nothing raises on odd input: an empty text is a story of its own.
        """
        if self._read is not None:
            self._read(document)
        text = fingerprint(document.article.title, document.article.text)
        member = self._judged(new_member(document, text))
        known_row = self._rows.get(member.id)
        if known_row is not None:
            return self._revise(document, member, known_row)
        member, new_story = self._join(text, member)
        developments = () if member.deleted else self._ledger.find(document, member)
        self._remember(member, developments)
        return self._placement(member, developments=developments, new_story=new_story)

    def _judged(self, member: Member) -> Member:
        if self._late_after is None:
            return member
        late = member.seen_at - member.published_at > self._late_after
        return replace(member, late=late) if late else member

    def _join(self, text: Fingerprint, member: Member) -> tuple[Member, bool]:
        found = self._copies.find(text, member)
        if found is not None:
            return self._in_turn(as_copy(member, *found)), False
        scores = self._reports.scores(member)
        story_id = best_story(scores)
        if story_id is not None:
            return self._in_turn(replace(member, story_id=story_id), scores), False
        story_id = stable_id("story", member.id)
        follows = self._beginnings.latest(member.subjects, member.published_at)
        return self._in_turn(replace(member, story_id=story_id, follows=follows), scores), True

    def _in_turn(self, member: Member, scores: dict[str, list[float]] | None = None) -> Member:
        turns = self._turns.find(
            member, lambda: self._reports.scores(member) if scores is None else scores
        )
        return replace(member, turns=turns) if turns else member

    def _revise(self, document: Document, member: Member, row: int) -> Placement:
        before = self._members[row]
        member = replace(
            member,
            seq=before.seq,
            story_id=before.story_id,
            copy_of=before.copy_of,
            similarity=before.similarity,
            exact=before.exact,
            follows=before.follows,
            published_at=before.published_at,
            week=before.week,
        )
        member = self._in_turn(member)
        developments = self._of_revision(document, member, before)
        self._members[row] = member if member.copy_of is None else without_evidence(member)
        self._threads[member.story_id].renew(self._members)
        self._post(row, member)
        if member.deleted != before.deleted:
            self._ledger.withdraw(before.claims, self._members.values())
        return self._placement(member, developments=developments, revised=True)

    def _of_revision(
        self, document: Document, member: Member, before: Member
    ) -> tuple[Development, ...]:
        if member.deleted:
            return deletion_of(document, member, sources=self._ledger.sources_of(before))
        if set(before.claims) - set(member.claims):  # what it takes back disagrees with nothing
            others = (one for one in self._members.values() if one.id != before.id)
            self._ledger.withdraw(before.claims, others)
        corrections = () if member.late else revision_of(document, member, before)
        return (*self._ledger.find(document, member), *corrections)

    def _placement(
        self,
        member: Member,
        *,
        developments: tuple[Development, ...],
        new_story: bool = False,
        revised: bool = False,
    ) -> Placement:
        thread = self._threads[member.story_id]
        return Placement(
            story_id=member.story_id,
            story=thread.story,
            copy_of=member.copy_of,
            similarity=member.similarity,
            new_story=new_story,
            follows=thread.follows,
            late=member.late,
            revised=revised,
            developments=developments,
        )

    def _remember(self, member: Member, found: tuple[Development, ...] | None = None) -> None:
        row = member.seq or self._next_row
        self._next_row = max(self._next_row, row) + 1
        member = replace(member, seq=row)
        self._members[row] = member if member.copy_of is None else without_evidence(member)
        self._rows[member.id] = row
        thread = self._threads.get(member.story_id)
        if thread is None:
            thread = Thread.opened_by(row, self._members[row])
            self._threads[member.story_id] = thread
        else:
            thread.add(row, self._members[row])
        self._beginnings.note(member.story_id, member.subjects, member.published_at)
        self._post(row, member, found)
        if len(self._members) > self._most:
            self._drop([next(iter(self._members))])

    def _post(self, row: int, member: Member, found: tuple[Development, ...] | None = None) -> None:
        self._ledger.note(member, found)
        if not member.late:
            self._turns.note(member)
        if member.copy_of is None:
            self._copies.add(row, member)
            self._reports.add(row, member)

    def forget(self, before: datetime) -> int:
        """Forget the articles published before ``before``; return how many they were."""
        old = [row for row, member in self._members.items() if member.published_at < before]
        self._drop(old)
        self._turns.forget(before)
        return len(old)

    def _drop(self, rows: list[int]) -> None:
        left: dict[str, set[int]] = {}
        for row in rows:
            member = self._members.pop(row)
            del self._rows[member.id]
            left.setdefault(member.story_id, set()).add(row)
        for story_id, gone in left.items():
            thread = self._threads[story_id]
            thread.drop(gone, self._members)
            if not thread.rows:
                del self._threads[story_id]
                self._beginnings.drop(story_id)

    def state_of(self, document_id: str) -> dict[str, Any]:
        """Return what is remembered of a placed document: a JSON value of at most 1,000 bytes.

        Raises:
            KeyError: the document was not placed, or is forgotten.
        """
        return to_state(self._members[self._rows[document_id]])

    def remember(self, document: Document) -> None:
        """Take a placed document back from the index, after those that were placed before it.

        Its ``story_id`` and ``copy_of`` are kept as they stand, and nothing in it is news. One
        that has no story yet is left out: it is still to be placed.
        """
        if document.story_id is None or document.article.id in self._rows:
            return
        if self._read is not None:
            self._read(document)
        text = fingerprint(document.article.title, document.article.text)
        member = replace(
            self._judged(new_member(document, text)),
            story_id=document.story_id,
            copy_of=document.copy_of,
            similarity=document.similarity,
        )
        original = self._rows.get(document.copy_of) if document.copy_of else None
        if original is not None:
            exact = likeness(text, self._members[original]).jaccard >= COPY_JACCARD
            member = replace(member, exact=exact, week=self._members[original].week)
        if member.story_id not in self._threads:
            follows = self._beginnings.latest(member.subjects, member.published_at)
            member = replace(member, follows=follows)
        self._remember(self._in_turn(member))

    def reserve(self, alert: Alert, state: dict[str, Any] | None = None) -> None:
        """Keep what ``alert`` told, though its article may not be stored: its worker died between.

        With the article's ``state`` (:meth:`state_of`) other reports of the same are no news.
        Without, or with one of another version, they are told again, under another name.
        """
        if alert.document_id in self._rows:
            return
        if state is not None:
            with suppress(KeyError, TypeError, ValueError):
                self._remember(replace(from_state(state), seq=0))
                return
        turn = turn_of(alert)
        if turn is not None:
            self._turns.reserve(alert.subject, *turn, alert.story_id)

    def restore(self, states: Iterable[dict[str, Any]]) -> int:
        """Warm the book from the states of all articles, in any order; return how many.

        The states are put into the order in which the articles were placed, so the book is as
        if it had never been closed.
        """
        ordered = sorted(states, key=lambda state: (state["q"], state["id"]))
        for state in ordered:
            member = from_state(state)
            if member.id not in self._rows:
                self._remember(member)
        return len(ordered)
