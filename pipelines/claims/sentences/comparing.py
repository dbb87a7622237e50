"""Weapons that only are compared with another, or that another came for: they do nothing; pure.

"Unlike the Iskander, the Oreshnik is not in Belarus", "instead of Kinzhals drones struck Kyiv".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from connectors.records import Mention
    from pipelines.claims.words.vocabulary import Cue

AFTER_CHARS = 40
"""From "unlike" to the weapon's name."""

AFTER_WORDS = 3
"""Words between: "unlike the American Typhon"."""

BEFORE_CHARS = 14
"""From the name to what follows it in its stead: "Tayfun'un aksine", ``タイフォンとは異なり``."""

_BEHIND = frozenset(("ja", "ko", "tr", "ka"))
_EITHER = frozenset(("zh", "hu", "fi", "et", "lv", "hy"))
"""Languages in which such a word follows the name, or may."""

_PARTING = frozenset(",;:.!?、，。；：")
_WORD = re.compile(r"[^\W\d_]+")
_WEAPON = frozenset(("weapon", "body"))


def not_compared(
    text: str,
    systems: list[Mention],
    cues: Sequence[Cue],
    kinds: Collection[str],
    language: str,
) -> list[Mention]:
    """Return ``systems`` but those that stand beside "unlike" or "instead of"."""
    if "unlike" not in kinds or not systems:
        return systems
    found = list(systems)
    for cue in cues:
        if cue.kind == "unlike":
            other = None
            if language not in _BEHIND:
                other = next((m for m in found if _stands_after(text, cue, m, cues)), None)
            if other is None and (language in _BEHIND or language in _EITHER):
                other = next((m for m in found if _stands_before(text, cue, m)), None)
            if other is not None:
                found.remove(other)
    return found


def _stands_after(text: str, unlike: Cue, named: Mention, cues: Iterable[Cue]) -> bool:
    if not 0 <= named.start - unlike.end <= AFTER_CHARS:
        return False
    between = text[unlike.end : named.start]
    if not _PARTING.isdisjoint(between):
        return False
    weapons = sum(unlike.end <= c.start < named.start and c.kind in _WEAPON for c in cues)
    return len(_WORD.findall(between)) - min(weapons, 2) <= AFTER_WORDS


def _stands_before(text: str, unlike: Cue, named: Mention) -> bool:
    if not 0 <= unlike.start - named.end <= BEFORE_CHARS:
        return False
    return _PARTING.isdisjoint(text[named.end : unlike.start])
