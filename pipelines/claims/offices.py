"""Who is meant by an office: "the Belarusian president", "der Staatschef von Belarus"; pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipelines.claims.vocabulary import Cue

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_STATES = frozenset(("place", "supplier"))
_NATIONS = frozenset(("adjective", "nation"))

_NAMES = re.compile(r" [^\W\d_a-zа-яёіїєўґ][\w’'-]+ [^\W\d_a-zа-яёіїєўґ][\w’'-]+")
"""Two words with capitals."""

_GIVEN = re.compile(r" (?:[^\W\d_a-zа-яёіїєўґ][\w’'.-]* ){0,2}")

NAME_CHARS = 25
"""From an office to the surname of who holds it."""

REACH_WORDS = 3
"""Words from an office to its state: "presidente de la …"."""


def with_heads(text: str, cues: list[Cue], heads: Mapping[str, str]) -> list[Cue]:
    """Return ``cues`` with a person for each head of state named by office and state.

    The nation stands right beside the office; the state right before it, or after it with nothing
    but prepositions and articles between. "The leader of the Belarusian opposition" is thus nobody.
    """
    found = []
    for office in cues:
        if office.kind != "head":
            continue
        state = _state_of(text, office, cues)
        name = heads.get(state.value) if state else None
        if state is not None and name:
            start, end = min(office.start, state.start), max(office.end, state.end)
            if _is_another(text, end, office, cues):
                continue
            found.append(Cue(start, end, "person", name, office.order))
    if not found:
        return cues
    return sorted([*cues, *found], key=_place_of)


def _state_of(text: str, office: Cue, cues: Sequence[Cue]) -> Cue | None:
    for cue in cues:
        gap = cue.order - office.order
        if cue.kind in _NATIONS and abs(gap) == 1:
            return cue
        if cue.kind in _STATES and -2 <= gap < 0 and _is_owner(text, cue, office, cues):
            return cue
        if cue.kind in _STATES and 0 < gap <= REACH_WORDS:
            between = {c.kind for c in cues if office.order < c.order < cue.order}
            if between <= {"loc", "since"}:
                return cue
    return None


def _is_another(text: str, end: int, office: Cue, cues: Sequence[Cue]) -> bool:
    """Say whether it is a vice-president or a former one, or a name follows, who is meant."""
    if text[office.start - 1 : office.start] == "-" or _NAMES.match(text, end):
        return True
    return any(
        c.kind == "person"
        and 0 < c.start - end <= NAME_CHARS
        and _GIVEN.fullmatch(text, end, c.start)
        for c in cues
    )


def _is_owner(text: str, state: Cue, office: Cue, cues: Sequence[Cue]) -> bool:
    """Say whether the state's name right before the office owns it: "Rysslands president"."""
    if text[state.end : office.start].strip(" '’s"):
        return False
    return not any(c.kind == "person" and 0 < c.order - office.order <= 2 for c in cues)


def _place_of(cue: Cue) -> tuple[int, int]:
    return cue.order, cue.start
