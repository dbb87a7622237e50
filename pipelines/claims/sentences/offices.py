"""Who is meant by an office: "the Belarusian president", "der Staatschef von Belarus"; pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipelines.claims.words.vocabulary import Cue

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_STATES = frozenset(("place", "supplier"))
_NATIONS = frozenset(("adjective", "nation"))
_NO_NAMES = frozenset(("place", "supplier", "capital", "body", "region"))

_NAMES = re.compile(r"(,?) ([^\W\d_][\w’'-]+) ([^\W\d_][\w’'-]+)")
"""Two words after an office, a comma before them or not."""

_VICE = re.compile(
    r"(?:-|(?<!\w)(?:vice|deputy|first|former|adjunct|adjoint|ancien|stellvertretende\w*|frühere\w*"
    r"|ehemalige\w*|экс|бывш\w+|перв\w+|колишн\w+|перш\w+|был\w+|був\w+|były|byłego|bývalý"
    r"|bývalého|voormalig\w*|tidigare|entinen|endine|bijušais|buvęs|fost\w+|bivši|бивши|eski|volt"
    r"|exministro|viceministro|前|元|副) ?)$",
    re.IGNORECASE,
)
"""What stands before the office of another: "vice-", "former"."""

VICE_CHARS = 20
"""How much before an office is read for that."""

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


def is_of_another(text: str, cue: Cue, cues: Sequence[Cue]) -> bool:
    """Say whether words for somebody are another's: "vice-ministre …", or a name follows.

    Args:
        text: The article's text.
        cue: An epithet, which stands for who holds the office.
        cues: All of the sentence.
    """
    if _VICE.search(text, max(0, cue.start - VICE_CHARS), cue.start):
        return True
    end = _end_of_name(text, cue.end)
    inside = [c for c in cues if cue.end < c.start < end]
    if not end:
        return False
    return not any(c.kind in _NO_NAMES for c in inside) and not any(
        c.kind == "person" and c.value == cue.value for c in inside
    )


def _state_of(text: str, office: Cue, cues: Sequence[Cue]) -> Cue | None:
    for cue in cues:
        gap = cue.order - office.order
        if cue.kind in _NATIONS and abs(gap) == 1:
            return _whole(cue, cues)
        if cue.kind in _STATES and -2 <= gap < 0 and _is_owner(text, cue, office, cues):
            return cue
        if cue.kind in _STATES and 0 < gap <= REACH_WORDS:
            between = {c.kind for c in cues if office.order < c.order < cue.order}
            if between <= {"loc", "since"}:
                return cue
    return None


def _whole(nation: Cue, cues: Sequence[Cue]) -> Cue:
    """Return the longer nation that a word ends: the "Wit-Russische" of "Russische"."""
    return next((c for c in cues if c.kind in _NATIONS and c.start < nation.start < c.end), nation)


def _is_another(text: str, end: int, office: Cue, cues: Sequence[Cue]) -> bool:
    """Say whether it is a vice-president or a former one, or a name follows, who is meant."""
    if text[office.start - 1 : office.start] == "-" or _end_of_name(
        text, end, is_after_comma=False
    ):
        return True
    return any(
        c.kind == "person"
        and 0 < c.start - end <= NAME_CHARS
        and _GIVEN.fullmatch(text, end, c.start)
        for c in cues
    )


def _end_of_name(text: str, start: int, *, is_after_comma: bool = True) -> int:
    """Return where two words with capitals right after an office end, 0 if there are none.

    After a comma they are a name if they are set apart: "the minister, Jan Kos, said".
    """
    named = _NAMES.match(text, start)
    if named is None or not (named[2][0].isupper() and named[3][0].isupper()):
        return 0
    if named[1]:
        after = text[named.end() : named.end() + 2].lstrip()
        if not is_after_comma or after[:1].isupper():
            return 0
    return named.end()


def _is_owner(text: str, state: Cue, office: Cue, cues: Sequence[Cue]) -> bool:
    """Say whether the state's name right before the office owns it: "Rysslands president"."""
    if text[state.end : office.start].strip(" '’s"):
        return False
    return not any(c.kind == "person" and 0 < c.order - office.order <= 2 for c in cues)


def _place_of(cue: Cue) -> tuple[int, int]:
    return cue.order, cue.start
