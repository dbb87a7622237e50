"""What the words around a verb make of it: a perfect in Chinese, speech before a name; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

    from pipelines.claims.vocabulary import Cue

PERFECT_REACH_CHARS = 24
"""From the word of the perfect to its verb: a time or place may stand between."""

_STATES = frozenset(("done", "use", "will", "moving", "suspend", "deploy", "present", "leave"))
"""Kinds that a verb of speech may also be: Polish "przekazał" is said and handed over."""


def with_perfect(text: str, cues: list[Cue], kinds: Collection[str]) -> list[Cue]:
    """Return ``cues`` with the verb that a word of the perfect rules as done: ``已于5日交付``."""
    if "perfect" not in kinds:
        return cues
    ruled = set()
    for cue in cues:
        if cue.kind != "perfect":
            continue
        stop = cue.end + PERFECT_REACH_CHARS
        after = [c for c in cues if c.start >= cue.end and c.kind not in {"loc", "since"}]
        verb = next((c for c in after if c.kind not in {"place", "region", "weapon"}), None)
        if verb is not None and verb.kind == "deploy" and verb.start < stop:
            between = text[cue.end : verb.start]
            if not any(mark in between for mark in "，。；、"):
                ruled.add((verb.start, verb.end))
    return [
        c._replace(kind="done") if c.kind == "deploy" and (c.start, c.end) in ruled else c
        for c in cues
        if c.kind != "perfect"
    ]


def without_spoken(cues: list[Cue], tag: tuple[int, int], kinds: Collection[str]) -> list[Cue]:
    """Return ``cues`` without the stages that the verb of speech at ``tag`` could also mean.

    Args:
        cues: The cues of a sentence.
        tag: Where the words after that verb stand, which begins right before them.
        kinds: The kinds that are there.
    """
    if _STATES.isdisjoint(kinds):
        return cues
    spoken = {c.start for c in cues if c.kind == "said" and 0 <= tag[0] - c.end <= 4}
    return [c for c in cues if c.start not in spoken or c.kind not in _STATES]
