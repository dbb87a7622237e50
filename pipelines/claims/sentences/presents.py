"""A present that is spelt like the participle: "Russland verlegt X nach Belarus" goes on; pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

    from pipelines.claims.words.vocabulary import Cue

VERB_SECOND = frozenset(("de", "nl"))
"""Languages whose verb stands second, and last as a participle."""

HEAD_WORDS = 2
"""Words before the verb where the subject has an article: "Die USA verlegen"."""

PRESENTS = frozenset(("done", "deploy", "delivers"))
"""Kinds of verbs that may be such a present."""

_SUBJECTS = frozenset(("supplier", "capital", "place", "body"))
_PLACED = frozenset(("loc", "from", "by"))
_GROUNDS = frozenset(("place", "region", "own", "there"))

_UNREAL = frozenset(("modal", "plan", "future", "will", "if", "not", "deny", "request", "that"))
"""Kinds of which one makes it a plan, or nothing that goes on."""

_ARTICLE = re.compile(r" (?:(?:die|das|der|de|het) )?")
_PARTICIPLE = re.compile(
    r",? (?:w[uo]rden?|w[eé]rd(?:en)?|wordt|ist|sind|sein|seien|war(?:en)?|is|zijn|haben?|hat"
    r"|hatten?|heeft|hebben|had(?:den)?|und|en)\b"
)
"""What stands behind a participle, not behind the verb of the sentence."""


def with_presents(text: str, cues: list[Cue], kinds: Collection[str]) -> list[Cue]:
    """Return ``cues`` with what a state does now, and to where, as moving.

    Not behind "has" or "was", nor where a country only tells from or by where: the verb stands
    right behind the subject that heads the sentence, or right before one. "Stehen" tells a state.
    """
    there = frozenset(kinds)
    if there.isdisjoint(PRESENTS) or there.isdisjoint(_GROUNDS) or not there.isdisjoint(_UNREAL):
        return cues
    standing = {c.start for c in cues if c.kind == "present"}
    going = {
        c.start
        for position, c in enumerate(cues)
        if c.kind in PRESENTS and c.start not in standing and _is_second(text, cues, position)
    }
    if not going:
        return cues
    moved = (
        c._replace(kind="moving") if c.start in going and c.kind in PRESENTS else c for c in cues
    )
    return list(dict.fromkeys(moved))


def _is_second(text: str, cues: list[Cue], position: int) -> bool:
    """Say whether a verb stands beside its subject, with what moves and where to behind it."""
    verb = cues[position]
    if _PARTICIPLE.match(text, verb.end) or text[verb.end - 1] not in "tn":
        return False
    ahead = [c for c in cues if c.start >= verb.end]
    grounds = [c for c in ahead if c.kind in _GROUNDS]
    if not grounds or not any(c.kind == "loc" and c.end <= grounds[-1].start for c in ahead):
        return False
    before = [c for c in cues if c.end <= verb.start]
    if verb.order == 1:
        return not any(c.kind in _PLACED for c in before)
    if any(c.kind in _SUBJECTS and c.end + 1 == verb.start for c in before):
        return verb.order == HEAD_WORDS and not any(c.kind in _PLACED for c in before)
    subject = next((c for c in ahead if c.kind in _SUBJECTS), None)
    if subject is None or not _ARTICLE.fullmatch(text, verb.end, subject.start):
        return False
    return subject is not grounds[-1]
