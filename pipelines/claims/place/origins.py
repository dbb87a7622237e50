"""The countries that something comes from: "moved from Japan", "from the Turkish base"; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.claims.words.vocabulary import Cue

OWNERS = frozenset(("RU", "US"))
"""Whose weapons stand in other countries."""

ORIGIN_WORDS = 3
"""Words from "from" to the country, "the territory of" or an adjective between."""

_ORIGINS = frozenset(("place", "region", "adjective"))


def origins_of(cues: Sequence[Cue]) -> list[Cue]:
    """Return the countries that something comes from: "from Japan", "from the Turkish base"."""
    froms = [c for c in cues if c.kind == "from"]
    if not froms:
        return []
    grounds = [c for c in cues if c.kind in _ORIGINS]
    inner = [c for c in cues if c.kind == "loc"]
    return [
        ground
        for ground in grounds
        if comes_from(cues, ground)
        or any(
            0 < ground.order - f.order <= ORIGIN_WORDS
            and not any(f.order < c.order < ground.order for c in inner)
            for f in froms
        )
    ]


def comes_from(cues: Sequence[Cue], place: Cue) -> bool:
    """Say whether "from" stands right before the country, or right after it."""
    return any(
        c.kind == "from"
        and (0 <= place.start - c.end <= 1 or 0 <= c.start - place.end <= 1 or c.end == place.end)
        for c in cues
    )
