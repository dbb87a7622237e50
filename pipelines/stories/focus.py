"""What of an article is its news, and what only its background.

News stands in the title or the lead and is dated near the publication or ahead of it. The
sentence that reminds readers what a system is, where it stood last year and when it was first
used is shared by every article on the system, so it says little about which event is told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.claims.words.lexicons import load_lexicons
from pipelines.stories.evidence import BACKGROUND_AFTER
from pipelines.stories.model import ClaimKey, short_key
from pipelines.stories.spans import span_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from connectors.records import Document

LEAD_MIN = 160
LEAD_MAX = 400
"""Characters of the lead: the first paragraph within these bounds."""

CLAIM_BITS = 16
"""Bits of the claims in ``focus`` begin here; those of the subjects at 0."""

SUBJECT_BITS = (1 << CLAIM_BITS) - 1
"""What leaves the bits of the subjects."""

REMINDER_BITS = 24
"""Bits of the claims that only remind begin here."""


_WHERE = frozenset(("place", "capital", "region", "adjective"))


def find_focus(
    document: Document, subjects: Sequence[str], claims: Sequence[ClaimKey], published_on: date
) -> int:
    """Return the bits of the ``subjects`` and ``claims`` that are the news of ``document``.

    With them the bits of the claims that only remind of what is known: behind the lead, and long
    past or a state without a date ("the first ones are there since last year").
    """
    end = _lead_end(document.article.text)
    led = {m.subject for m in document.mentions if m.field == "title" or m.start < end}
    told = {short_key(claim) for claim in document.claims if claim.start < end}
    bits = sum(1 << place for place, subject in enumerate(subjects) if subject in led)
    for place, key in enumerate(claims):
        if key in told and not is_past(key.when, published_on):
            bits |= 1 << (CLAIM_BITS + place)
        elif key not in told and (is_past(key.when, published_on) or _is_state(key)):
            bits |= 1 << (REMINDER_BITS + place)
    return bits


def past_places(document: Document, published_on: date) -> list[str]:
    """Return the words for where a strike was long ago, if no new one there is told of.

    "The missile that fell on Dnipro in November 2024" reminds readers of the missile in every
    article on it, as the date does.
    """
    strikes = [c for c in document.claims if c.status == "used" and c.place]
    news = {c.place for c in strikes if not is_past(c.when or "", published_on)}
    past = [c for c in strikes if c.place not in news]
    if not past:
        return []
    text, words = document.article.text, load_lexicons().vocabulary(document.article.language)
    return [
        text[cue.start : cue.end]
        for claim in past
        for cue in words.cues(text, claim.start, claim.end)
        if cue.value == claim.place and cue.kind in _WHERE
    ]


def _lead_end(text: str) -> int:
    paragraph = text.find("\n", LEAD_MIN, LEAD_MAX)
    return paragraph if paragraph >= 0 else LEAD_MAX


def _is_state(key: ClaimKey) -> bool:
    return key.status == "completed" and not key.when


def is_past(when: str, published_on: date) -> bool:
    """Return whether ``when`` lies further back than news does."""
    span = span_of(when)
    return span is not None and span[1] < published_on - BACKGROUND_AFTER
