"""What is announced says itself whether it is a plan: "announced that", "as Kos announced"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.claims.sentences.tags import end_of_as

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pipelines.claims.words.vocabulary import Cue

ANNOUNCED_CHARS = 40
"""From "announced" to the colon before what is announced."""

TOLD_WORDS = 14
"""Words from "announced" to "that", the name and office of who speaks between."""

BEGUN_WORDS = 3
"""Words from "announced" to the start: "ha annunciato l'inizio"."""

DATE_WORDS = 5
"""The same where only a date stands between."""

_SPEAKERS = frozenset((
    "person", "title", "head", "office", "voice", "given", "body", "place", "capital", "nation",
    "adjective", "supplier", "loc", "from", "there",
))  # fmt: skip

_NORDIC = frozenset(("sv", "da", "no"))
"""Languages whose "that" stands before an infinitive too: Swedish "lovade att leverera"."""


def without_announcing(text: str, start: int, cues: list[Cue], language: str) -> list[Cue]:
    """Leave only speech in "announced that/: …": what is announced says itself if it is a plan.

    So it is in "as Kos announced, …", which opens the sentence at ``start``.
    """
    said = {c.start: c.order for c in cues if c.kind == "said"}
    thats = [c.order for c in cues if c.kind == "that"]
    if language in _NORDIC:
        deeds = {c.order - 1 for c in cues if c.kind == "deploy"}
        thats = [order for order in thats if order not in deeds]
    told = {
        at
        for at, order in said.items()
        if any(0 < that - order <= 2 or _is_told_late(cues, order, that) for that in thats)
        or any(c.kind == "begin" and 0 < c.order - order <= BEGUN_WORDS for c in cues)
        or ": " in text[at : at + ANNOUNCED_CHARS]
    }
    told |= {c.start for c in cues if c.kind == "said" and text[c.end : c.end + 1] == "，"}
    stop = end_of_as(text, start)
    told |= {at for at in said if at < stop}
    return [c for c in cues if c.kind != "plan" or c.start not in told]


def _is_told_late(cues: Iterable[Cue], said: int, that: int) -> bool:
    """Say whether only who speaks stands before "that": "announced Kos, the deputy head, that".

    Or only when: "announced in December that".
    """
    if not 0 < that - said <= TOLD_WORDS:
        return False
    between = {c.kind for c in cues if said < c.order < that}
    if that - said <= DATE_WORDS and between <= {"loc"}:
        return True
    return "person" in between and between <= _SPEAKERS
