"""Who is meant by an office: "the Belarusian president", "der Staatschef von Belarus"; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.claims.vocabulary import Cue

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_STATES = frozenset(("place", "supplier"))
_NATIONS = frozenset(("adjective", "nation"))

REACH_WORDS = 3
"""Words from an office to its state: "presidente de la …"."""


def with_heads(cues: list[Cue], heads: Mapping[str, str]) -> list[Cue]:
    """Return ``cues`` with a person for each head of state named by office and state.

    The nation stands right beside the office; the state follows it, with nothing but prepositions
    and articles between. "The leader of the Belarusian opposition" is thus nobody.
    """
    found = []
    for office in cues:
        if office.kind != "head":
            continue
        state = _state_of(office, cues)
        name = heads.get(state.value) if state else None
        if state is not None and name:
            start, end = min(office.start, state.start), max(office.end, state.end)
            found.append(Cue(start, end, "person", name, office.order))
    if not found:
        return cues
    return sorted([*cues, *found], key=_place_of)


def _state_of(office: Cue, cues: Sequence[Cue]) -> Cue | None:
    for cue in cues:
        gap = cue.order - office.order
        if cue.kind in _NATIONS and abs(gap) == 1:
            return cue
        if cue.kind in _STATES and 0 < gap <= REACH_WORDS:
            between = {c.kind for c in cues if office.order < c.order < cue.order}
            if between <= {"loc", "since"}:
                return cue
    return None


def _place_of(cue: Cue) -> tuple[int, int]:
    return cue.order, cue.start
