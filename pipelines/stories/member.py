"""What a book keeps of each article: at most a kilobyte, as JSON and in memory."""

from __future__ import annotations

import base64
from array import array
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import numpy as np

from connectors.records import Claim, utc
from pipelines.stories.common import count_rare
from pipelines.stories.developments import news_week
from pipelines.stories.evidence import find_names, find_numbers, has_capitals
from pipelines.stories.focus import REMINDER_BITS, find_focus, past_places
from pipelines.stories.model import ClaimKey, short_key
from pipelines.stories.words import Hashes, Sketch, encode_words, hash_encoded, hash_runs, sketch_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from connectors.records import Document

RUN_WORDS = 5
PAIR_WORDS = 2
RUN_SKETCH = 96
PAIR_SKETCH = 48
"""Hashes kept of the word 5-grams and of the word pairs: standard error .051 and .072 at .5."""

MAX_SUBJECTS = 12
MAX_CLAIMS = 8
"""Kept of each article; what alerts comes first, the hashes share what room is left."""

STATE_BYTES = 1000
FIXED_BYTES = 335
HASH_CHARS = 3.75
"""The state of an article, of it keys, ids and instants, and the base-85 size of one hash."""

MAX_FIELD_CHARS = 24
SHORT_WORDS = 12
"""A shorter text takes its title in: "Read more" under two titles is no copy."""

_HASH_BYTES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """All hashes of a text's word runs and word pairs; lives only while it is placed."""

    runs: Hashes
    pairs: Hashes


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """An article as a book remembers it. A copy has no sketches: its original stands for it.

    ``exact`` marks a copy in full, as against a near-copy; ``week`` is that of the news in it.
    ``focus`` has a bit for each subject and claim that is the news of the article and not its
    background (see :mod:`pipelines.stories.focus`). ``rare`` counts the names and numbers that
    not every article is full of, or 0 where a script does not tell names from words. ``turns``
    say for each subject which of its stories of the week this one is, 0 for all if empty.
    """

    id: str
    seq: int
    story_id: str
    copy_of: str | None
    similarity: float | None
    published_at: datetime
    outlet: str
    language: str
    subjects: tuple[str, ...]
    claims: tuple[ClaimKey, ...]
    names: Sequence[int]
    numbers: Sequence[int]
    runs: Sketch
    pairs: Sketch
    week: int
    seen_at: datetime
    focus: int = 0
    rare: int = 0
    exact: bool = False
    late: bool = False
    deleted: bool = False
    follows: str | None = None
    turns: tuple[int, ...] = ()

    @property
    def told_claims(self) -> tuple[ClaimKey, ...]:
        """The claims that the article tells, without those that only remind."""
        reminders = self.focus >> REMINDER_BITS
        if not reminders:
            return self.claims
        return tuple(key for place, key in enumerate(self.claims) if not reminders >> place & 1)


_NOTHING = Sketch(hashes=np.empty(0, dtype=np.uint32), count=0)


def fingerprint(title: str, text: str) -> Fingerprint:
    """Return the fingerprint of ``text`` (with ``title`` when the text is a few words)."""
    words = encode_words(text)
    if len(words) < SHORT_WORDS:
        words = encode_words(f"{title} {text}")
    pairs, runs = hash_runs(hash_encoded(words), (PAIR_WORDS, RUN_WORDS))
    return Fingerprint(runs=runs, pairs=pairs)


def event_time(document: Document) -> datetime:
    """Return when the article came out: its date, never later than the first sight of it."""
    article = document.article
    seen_at = utc(article.first_seen_at)
    return min(utc(article.published_at), seen_at) if article.published_at else seen_at


def outlet_of(document: Document) -> str:
    """Return the outlet's name, or the host of the address."""
    article = document.article
    name = article.outlet or urlsplit(article.canonical_url or article.url).hostname or ""
    return name[:MAX_FIELD_CHARS]


def usable_claims(document: Document) -> tuple[Claim, ...]:
    """Return the claims that state something: a negated one only when it says ``denied``."""
    return tuple(c for c in document.claims if not c.negated or c.status == "denied")


def new_member(document: Document, print_: Fingerprint) -> Member:
    """Return what is kept of ``document``, before it is placed."""
    article = document.article
    at = event_time(document).replace(microsecond=0)
    keys = dict.fromkeys(short_key(claim) for claim in usable_claims(document))
    claims, subjects = tuple(keys)[:MAX_CLAIMS], document.subjects[:MAX_SUBJECTS]
    outlet = outlet_of(document)
    known = [*(m.quote for m in document.mentions), *past_places(document, at.date())]
    names = find_names(article.title, article.text, known)
    numbers = find_numbers(article.title, article.text, document.times, at.date().isoformat())
    runs, pairs = len(print_.runs[:RUN_SKETCH]), len(print_.pairs[:PAIR_SKETCH])
    text = sum(map(len, (*subjects, *map(_written, claims)))) + len(subjects) + 3 * len(claims)
    room = (STATE_BYTES - FIXED_BYTES - len(outlet.encode()) - text) / HASH_CHARS
    share = min(1.0, room / max(1, runs + pairs + len(names) + len(numbers)))
    return Member(
        id=article.id,
        seq=0,
        story_id="",
        copy_of=None,
        similarity=None,
        published_at=at,
        outlet=outlet,
        language=article.language[:MAX_FIELD_CHARS],
        subjects=subjects,
        claims=claims,
        names=_packed(names[: int(share * len(names))]),
        rare=count_rare(names) + len(numbers) if has_capitals(article.text) else 0,
        numbers=_packed(numbers[: int(share * len(numbers))]),
        runs=sketch_of(print_.runs, int(share * runs)),
        pairs=sketch_of(print_.pairs, int(share * pairs)),
        week=news_week(document, at),
        focus=find_focus(document, subjects, claims, at.date()),
        seen_at=utc(article.first_seen_at).replace(microsecond=0),
        deleted=article.deleted_at is not None,
    )


def without_evidence(member: Member) -> Member:
    """Return ``member`` as a copy is kept: who printed it, and when."""
    return replace(member, names=(), numbers=(), runs=_NOTHING, pairs=_NOTHING)


def to_state(member: Member) -> dict[str, Any]:
    """Return ``member`` as a JSON value of at most 1,000 bytes (short keys, packed hashes)."""
    state: dict[str, Any] = {
        "id": member.id,
        "q": member.seq,
        "st": member.story_id,
        "at": int(member.published_at.timestamp()),
        "t": int(member.seen_at.timestamp()),
        "w": member.week,
        "k": member.focus,
        "r": member.rare,
        "o": member.outlet,
        "l": member.language,
        "s": " ".join(member.subjects),
        "c": [_written(key) for key in member.claims],
    }
    if member.copy_of is not None:
        state |= {"co": member.copy_of, "si": member.similarity}
    if member.follows is not None:
        state["f"] = member.follows
    flags = member.late + 2 * member.exact + 4 * member.deleted
    if flags:
        state["x"] = flags
    if any(member.turns):
        state["v"] = member.turns
    if member.copy_of is None:
        parts = (
            member.runs.hashes.tolist(),
            member.pairs.hashes.tolist(),
            member.names,
            member.numbers,
        )
        state["n"] = [member.runs.count, member.pairs.count, *map(len, parts)]
        packed = b"".join(value.to_bytes(_HASH_BYTES, "big") for part in parts for value in part)
        state["h"] = base64.b85encode(packed).decode("ascii")
    return state


def from_state(state: dict[str, Any]) -> Member:
    """Return the member that :func:`to_state` wrote.

    Raises:
        KeyError, TypeError, ValueError: the state was not written by it.
    """
    counts = state.get("n", [0, 0, 0, 0, 0, 0])
    packed = base64.b85decode(state.get("h", ""))
    values = [
        int.from_bytes(packed[at : at + _HASH_BYTES], "big")
        for at in range(0, len(packed), _HASH_BYTES)
    ]
    parts: list[list[int]] = []
    for length in counts[2:]:
        parts.append(values[:length])
        values = values[length:]
    runs, pairs, names, numbers = parts
    return Member(
        id=state["id"],
        seq=state["q"],
        story_id=state["st"],
        copy_of=state.get("co"),
        similarity=state.get("si"),
        published_at=_moment(state["at"]),
        outlet=state["o"],
        language=state["l"],
        subjects=tuple(state["s"].split()),
        claims=tuple(_read_claim(text) for text in state["c"]),
        names=_packed(names),
        rare=state["r"],
        numbers=_packed(numbers),
        runs=Sketch(hashes=np.array(runs, dtype=np.uint32), count=counts[0]),
        pairs=Sketch(hashes=np.array(pairs, dtype=np.uint32), count=counts[1]),
        week=state["w"],
        focus=state["k"],
        seen_at=_moment(state["t"]),
        late=bool(state.get("x", 0) & 1),
        exact=bool(state.get("x", 0) & 2),
        deleted=bool(state.get("x", 0) & 4),
        turns=tuple(state.get("v", ())),
        follows=state.get("f"),
    )


def _packed(hashes: Iterable[int]) -> Sequence[int]:
    return array("I", hashes)


def _moment(seconds: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(seconds=seconds)


def _written(key: ClaimKey) -> str:
    return f"{key.system}|{key.place}|{key.status}|{key.when}|{key.speaker}"


def _read_claim(text: str) -> ClaimKey:
    system, place, status, when, speaker = text.split("|")
    return ClaimKey(system=system, place=place, status=status, when=when, speaker=speaker)
