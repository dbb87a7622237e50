"""What is new in an article, named so that it is the same news whoever brings it first.

An alert is sent at the first report, before the others are known. If the same reports in any
other order are to give the same alerts, the name of a development can depend on nothing but
what every single report of it says (decision 0008). So a development is one of

- *subject in the news*: (subject, week, which of its stories of that week). The week is that of
  the day the text names as the latest within three days before its publication, else of the
  publication day; which story it is, :mod:`pipelines.stories.turns` says;
- *claim*: (system, place, status, whether it is long past), once for as long as it is
  remembered. It is a changed status when another one is known for the system and place, a new
  claim otherwise. What only reminds (:mod:`pipelines.stories.focus`) is none;
- *disagreement*: (system, place, what is disputed, the two sides): dates that exclude each
  other for one stage, or "denied" against "there"; which, and whether it is a contradiction
  or a revision, :mod:`pipelines.claims.disagreement.compare` says;
- *correction* and *deletion* of a placed document: see :mod:`pipelines.stories.corrections`.

The memory of them only grows with the claims there are, not with the articles; it holds at
most ``MAX_OUTLETS`` outlets for each and is rebuilt from the articles' states.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from connectors.records import Claim, stable_id
from pipelines.claims.disagreement.compare import difference, relation
from pipelines.stories.focus import is_past
from pipelines.stories.model import ClaimKey, Development, short_key
from pipelines.stories.spans import same_half
from pipelines.times import interval

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from connectors.records import Document
    from pipelines.stories.member import Member

MAX_OUTLETS = 16
MAX_SIDES = 256
"""Distinct (status, when, speaker) remembered for one system and place."""

_NOBODY: frozenset[str] = frozenset()

MAX_DAYS = 32
"""Days remembered on which one of these was said."""

NAMED_DAY_WITHIN = timedelta(days=3)
WEEK_DAYS = 7


@dataclass(slots=True, kw_only=True)
class Ledger:
    """What was reported so far: outlets by development, claims by system and place."""

    window: timedelta
    outlets: dict[str, set[str]] = field(default_factory=dict)
    statuses: dict[tuple[str, str], dict[str, ClaimKey]] = field(default_factory=dict)
    sides: dict[tuple[str, str], dict[ClaimKey, list[int]]] = field(default_factory=dict)

    def find(self, document: Document, member: Member) -> tuple[Development, ...]:
        """Return the developments in ``document`` without remembering any."""
        quotes = {m.subject: m.quote for m in reversed(document.mentions)}
        claims = {short_key(claim): claim for claim in reversed(document.claims)}
        found: dict[str, Development] = {}
        if not member.exact:
            for subject, id_ in _news_ids(member):
                quote = quotes.get(subject, "")
                found[id_] = self._development(id_, subject, "new_story", member, quote=quote)
        for key in () if member.exact else member.told_claims:
            for one in self._claim_news(key, member, claims.get(key) or bare_claim(key)):
                found.setdefault(one.id, one)
        return tuple(found.values())

    def _claim_news(self, key: ClaimKey, member: Member, claim: Claim) -> Iterator[Development]:
        if not key.place:
            return
        known = self.statuses.get((key.system, key.place), {})
        others = tuple([bare_claim(old) for status, old in known.items() if status != key.status])
        kind = "changed_status" if others else "new_claim"
        published_on = member.published_at.date()
        id_ = _claim_id(key, past=is_past(key.when, published_on))
        yield self._development(id_, key.system, kind, member, claim=claim, old=others)
        today = published_on.toordinal()
        for side, days in self.sides.get((key.system, key.place), {}).items():
            dispute = _dispute(key, side)
            told = self._told(key, today, side, days) if dispute else None
            if dispute and told:
                yield self._development(
                    _dispute_id(key.system, key.place, dispute),
                    key.system,
                    told,
                    member,
                    claim=claim,
                    old=(bare_claim(side),),
                )

    def _told(self, key: ClaimKey, today: int, side: ClaimKey, days: list[int]) -> str | None:
        """Return whether ``key`` contradicts or else revises what ``side`` said on any near day."""
        kind = None
        for day in reversed(days):
            if abs(day - today) <= self.window.days:
                found = relation(key, today, side, day)
                if found == "contradiction":
                    return found
                kind = found if found == "revision" else kind
        return kind

    def _development(  # noqa: PLR0913 - what a development is made of
        self,
        id_: str,
        subject: str,
        kind: str,
        member: Member,
        *,
        quote: str = "",
        claim: Claim | None = None,
        old: tuple[Claim, ...] = (),
    ) -> Development:
        before = self.outlets.get(id_, _NOBODY)
        return Development(
            id=id_,
            subject=subject,
            kind=kind,
            sources_before=len(before),
            sources=len(before) + (member.outlet not in before),
            quote=quote if claim is None else claim.evidence,
            new_claims=() if claim is None else (claim,),
            old_claims=old,
        )

    def note(self, member: Member, found: Iterable[Development] | None = None) -> None:
        """Remember what ``member`` reported; a copy adds nothing, a near-copy what is only in it.

        ``found`` is what :meth:`find` said of it just now, if it was asked.
        """
        if member.exact or member.late:
            return
        for id_ in self._ids(member) if found is None else {one.id for one in found}:
            if id_ in self.outlets and member.copy_of is not None:
                continue
            outlets = self.outlets.setdefault(id_, set())
            if len(outlets) < MAX_OUTLETS:
                outlets.add(member.outlet)
        for key in member.told_claims:
            if key.place:
                self._note_claim(key, member)

    def sources_of(self, member: Member) -> int:
        """Return how many outlets told the best known development that ``member`` told."""
        return max((len(self.outlets.get(id_, ())) for id_ in self._ids(member)), default=0)

    def withdraw(self, keys: Iterable[ClaimKey], left: Iterable[Member]) -> None:
        """Forget who disagrees about ``keys``, and learn it anew from the members ``left``."""
        about = {(key.system, key.place) for key in keys}
        for pair in about:
            self.sides.pop(pair, None)
        for member in left:
            for key in member.told_claims:
                if (key.system, key.place) in about and key.place and not member.late:
                    self._note_claim(key, member)

    def _ids(self, member: Member) -> set[str]:
        ids = {
            one.id
            for key in member.told_claims
            for one in self._claim_news(key, member, bare_claim(key))
        }
        if not member.exact:
            ids |= {id_ for _, id_ in _news_ids(member)}
        return ids

    def _note_claim(self, key: ClaimKey, member: Member) -> None:
        known = self.statuses.setdefault((key.system, key.place), {})
        if key.status not in known:
            known = dict(sorted({**known, key.status: key}.items()))
            self.statuses[key.system, key.place] = known
        if member.deleted or member.exact:
            return
        sides = self.sides.setdefault((key.system, key.place), {})
        if key not in sides and len(sides) >= MAX_SIDES:
            return
        days = sides.setdefault(key, [])
        today = member.published_at.toordinal()
        if today not in days:
            days.append(today)
            del days[:-MAX_DAYS]


def news_week(document: Document, published_at: datetime) -> int:
    """Return the number of the week (from Monday) in which what is reported happened."""
    published_on = published_at.date()
    named = [day for time in document.times if (day := _day(time.value)) is not None]
    recent = [d for d in named if published_on - NAMED_DAY_WITHIN <= d <= published_on]
    return ((max(recent) if recent else published_on).toordinal() - 1) // WEEK_DAYS


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value) if len(value) == len("2024-12-06") else None
    except ValueError:
        return None


@lru_cache(maxsize=1 << 14)
def _dispute(one: ClaimKey, other: ClaimKey) -> tuple[str, str, str] | None:
    """Return (what, side, side) when the two claims may exclude each other, sides in order.

    Whether a stage went back hangs on what else was said in between: that is no development.
    """
    try:
        found = difference(one, other)
    except ValueError:
        return None
    if found is None or found.refines or found.kind == "backwards":
        return None
    if found.kind == "polarity":
        return "presence", "denied", "present"
    sides = sorted(same_half(interval(when)) for when in found.between)
    return (found.stage, sides[0], sides[1]) if sides[0] != sides[1] else None


def _news_ids(member: Member) -> Iterator[tuple[str, str]]:
    for place, subject in enumerate(member.subjects):
        yield subject, news_id(subject, member.week, member.turns[place] if member.turns else 0)


@lru_cache(maxsize=1 << 12)
def news_id(subject: str, week: int, turn: int) -> str:
    """Return the name of the ``turn``-th story (from 0) of ``subject`` in ``week``."""
    return stable_id("news", subject, str(week), *([str(turn)] if turn else []))


@lru_cache(maxsize=1 << 12)
def _dispute_id(system: str, place: str, dispute: tuple[str, str, str]) -> str:
    return stable_id("dispute", system, place, *dispute)


@lru_cache(maxsize=1 << 12)
def _claim_id(key: ClaimKey, *, past: bool = False) -> str:
    return stable_id("claim", key.system, key.place, key.status, *(["past"] if past else []))


@lru_cache(maxsize=1 << 12)
def bare_claim(key: ClaimKey) -> Claim:
    """Return the claim of ``key`` without the words it was made in."""
    return Claim(
        system=key.system,
        place=key.place or None,
        status=key.status,
        when=key.when or None,
        speaker=key.speaker or None,
        start=0,
        end=0,
        evidence="",
    )
