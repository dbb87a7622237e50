"""Words that stand for the weapon where no noun follows: "The first, delivered in May"; pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from pipelines.claims.words.vocabulary import Cue

ONE = "one"
"""Value of a cue that stands for a weapon by itself."""

VERB_CHARS = 7
"""From such a word to its verb: "se", "n'a" or "ya" may stand between."""

APPOSED_CHARS = 16
"""From such a word over a comma to the participle: ", dit-on, livrée"."""

_VERBS = frozenset((
    "done", "attr", "will", "moving", "modal", "future", "present", "use", "not", "suspend",
    "leave", "absent", "plan", "already",
))  # fmt: skip
_BEFORE = re.compile(r"(?:^|[,;:.!?—–«“\"(\n-]|\w\.)\s*(?:[^\W\d_]{1,5} )?$")
"""What stands before such a word at the head of a clause: a mark, and an "and" or "but"."""

_WHERE = re.compile(
    r"\s[^,.;:]{2,30}, (?:where|où|wo|dove|donde|onde|где|де|дзе|където|gdzie|kde|gde|gdje"
    r"|unde|kur|kus|missä|ahol|όπου|waar|där)\b"
)
"""What tells of the land behind a border: "its border with Belarus, where X is stationed"."""

BEFORE_CHARS = 12

ASIDE_CHARS = 40
"""The length of an aside between such a word and its verb: ", as Minsk says,"."""

DESCRIBED_CHARS = 80
"""The length of an aside between such a word and its verb that tells how it came."""

_SOURCES = frozenset(("said", "according", "said_pronoun"))


def with_pointers(text: str, cues: list[Cue], kinds: Collection[str]) -> list[Cue]:
    """Return ``cues`` with each "the next" that heads a clause as a weapon, and no other."""
    if "which" in kinds:
        cues = _with_relatives(cues)
    if "border" in kinds:
        cues = [c for c in cues if c.kind != "border" or not _WHERE.match(text, c.end)]
    if "frontier" in kinds and "adjective" in kinds and "use" not in kinds:
        cues = _without_frontiers(cues)
    if "one" not in kinds:
        return cues
    return [
        cue._replace(kind="weapon", value=ONE) if cue.kind == "one" else cue
        for cue in cues
        if cue.kind != "one" or _is_head(text, cue, cues)
    ]


def _without_frontiers(cues: list[Cue]) -> list[Cue]:
    """Leave out whose border it only is near: "near the Polish border", "la frontera polaca"."""
    borders = {c.order for c in cues if c.kind == "frontier"}
    return [
        c for c in cues if c.kind != "adjective" or borders.isdisjoint((c.order - 1, c.order + 1))
    ]


def _with_relatives(cues: list[Cue]) -> list[Cue]:
    """Return ``cues`` with each "the one that" before a verb as a weapon too, and no other."""
    found: list[Cue] = []
    for cue in cues:
        if cue.kind != "which":
            found.append(cue)
        elif _has_verb(cue.end, VERB_CHARS, cues, _VERBS):
            found += [cue, cue._replace(kind="weapon", value=ONE)]
    return found


def _has_verb(start: int, reach: int, cues: Sequence[Cue], kinds: Collection[str]) -> bool:
    return any(start <= c.start < start + reach and c.kind in kinds for c in cues)


def _is_head(text: str, one: Cue, cues: Sequence[Cue]) -> bool:
    if not _BEFORE.search(text, max(0, one.start - BEFORE_CHARS), one.start):
        return False
    is_apposed = text[one.end : one.end + 1] == ","
    if is_apposed and (after := _after_source(text, one, cues)):
        return any(after <= c.start < after + VERB_CHARS and c.kind in _VERBS for c in cues)
    if is_apposed:
        return _has_verb(one.end, APPOSED_CHARS, cues, ("done", "attr")) or _is_described(
            text, one, cues
        )
    return _has_verb(one.end, VERB_CHARS, cues, _VERBS)


def _is_described(text: str, one: Cue, cues: Sequence[Cue]) -> bool:
    """Say whether an aside tells how it came: "Die erste, im Mai an X übergeben, ist im Dienst"."""
    comma = text.find(",", one.end + 1, one.end + DESCRIBED_CHARS)
    if not any(one.end < c.start < comma and c.kind in {"done", "attr"} for c in cues):
        return False
    return _has_verb(comma, VERB_CHARS, cues, _VERBS)


def _after_source(text: str, one: Cue, cues: Sequence[Cue]) -> int:
    """Return where an aside ends that only tells who says so: "The second, says Minsk, will"."""
    comma = text.find(",", one.end + 1, one.end + ASIDE_CHARS)
    told = any(c.kind in _SOURCES and one.end < c.start < comma for c in cues)
    return comma + 1 if told else 0
