"""Where: the country of a deployment among the places that a clause names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.claims.place.homeland import owners_ground
from pipelines.claims.place.origins import OWNERS, comes_from, origins_of
from pipelines.claims.place.speaking import is_where_one_spoke

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.claims.words.vocabulary import Cue

_GROUNDS = frozenset(("place", "region"))
_WEIGHTS = {"place": 3.0, "region": 3.0, "capital": 0.5, "adjective": 1.0, "supplier": -3.0}
"""A country's own name is better evidence than an adjective or its capital; a supplier's name
alone says who acts."""

_OFFICES = frozenset(("title", "office", "head"))
_OF_STATES = frozenset(("place", "capital"))

_STATED = frozenset(("completed", "underway", "used", "suspended"))
"""What stands or happens somewhere: there "the Polish analyst" tells of no place."""

_COME = frozenset(("completed", "underway"))
_MOVING = frozenset(("done", "moving"))
"""Kinds of verbs that tell what came from one country to another."""

_UNMOVED = frozenset(("suspended", "used"))
"""What goes away from a country, or strikes it: the others may come from one to another."""

PERSON_CHARS = 12
"""From a country to the person whose it is, with an office between."""

_AFTER_PREPOSITION = 3.0
_PER_CHARACTER = 0.004
_OF_A_SPEAKER = 5.0
"""How much weaker a country is in which only something is said."""

_OF_AN_OFFICE = 1.5
"""How much weaker a country is that only tells whose minister speaks."""

OWNER_CHARS = 4
"""From a country to "territory", with the ending of a case between."""

_BODIES = frozenset(("body", "other", "office", "title"))
BODY_WORDS = 2
"""Words from an adjective to the body that it describes, and from there to the verb of speech."""

SOURCE_WORDS = 3
"""Words from "according to" to the adjective, an article between."""

SAID_WORDS = 2
"""Words from a verb of speech to the country where it is said."""

ACTOR_WORDS = 3
"""Words from a country to the office that is its own."""

CASE_WORDS = 2
"""Words from a preposition to its country: "in neighbouring Belarus"."""

HEAD_WORDS = 1
"""Words before the country that heads a clause."""

BORDER_CHARS = 5
"""From "the border with" to the country behind it, an article between."""

BEHIND_CHARS = 3
"""From the country to "border" behind it: "Ukrayna sınırına", "Ukrajina-határ"."""

TOWARD_WORDS = 6
"""Words from "on the way to" to the country, a region of it between."""

_PLACING = frozenset((*_WEIGHTS, "own"))


def best_place(cues: Sequence[Cue], anchor: int, status: str, home: str | None) -> str | None:
    """Return the country that ``cues`` give for an event at offset ``anchor``, or None.

    Args:
        cues: The cues of a clause or sentence, in order.
        anchor: Offset of the predicate; nearer places win.
        status: The stage; a city that is struck counts as much as its country.
        home: The country of whoever speaks, for "on our territory".
    """
    best: tuple[float, str] | None = None
    for position, cue in [(n, c) for n, c in enumerate(cues) if c.kind in _PLACING]:
        if cue.kind == "own" and home and not _is_named_ground(cues, position):
            score, place = 4.0, _head_of(cues, position) or home
        elif (
            (status in _STATED and is_of_an_actor(cues, position))
            or (status not in _UNMOVED and _is_left(cues, position, status, anchor))
            or (status == "suspended" and _is_where_it_went(cues, position))
            or _is_of_a_source(cues, position)
            or (
                status == "requested"
                and home
                and _is_where_it_is_asked(cues, position, anchor, home)
            )
        ):
            continue
        elif cue.kind in _WEIGHTS and not _is_behind_a_border(cues, position):
            score, place = _WEIGHTS[cue.kind], cue.value
            if _follows_preposition(cues, position) or (
                status == "suspended" and cue.kind in _GROUNDS and comes_from(cues, cue)
            ):
                score += _AFTER_PREPOSITION
            score += _by_stage(cues, position, status)
            if _is_of_an_office(cues, position):
                score -= _OF_AN_OFFICE
            if cue.kind in _OF_STATES and (
                _is_where_it_is_said(cues, position) or is_where_one_spoke(cues, cue, anchor)
            ):
                score -= _OF_A_SPEAKER
        else:
            continue
        score -= abs(cue.start - anchor) * _PER_CHARACTER
        if score > 0 and (best is None or score > best[0]):
            best = score, place
    return best[1] if best else owners_ground(cues, anchor, status)


def _by_stage(cues: Sequence[Cue], position: int, status: str) -> float:
    """Return what a stage adds: where something goes, and a city that is struck."""
    if status == "underway" and _is_destination(cues, position):
        return _AFTER_PREPOSITION
    return 2.0 if status == "used" and cues[position].kind in {"capital", "adjective"} else 0.0


def _is_destination(cues: Sequence[Cue], position: int) -> bool:
    """Say whether "towards" stands before it: "at sea off Syria, on the way to eastern Libya"."""
    order = cues[position].order
    near = cues[max(0, position - 4) : position]
    return any(c.kind == "toward" and order - c.order <= TOWARD_WORDS for c in near)


def _is_named_ground(cues: Sequence[Cue], position: int) -> bool:
    """Say whether a country right before "territory" tells whose it is: ``白俄罗斯境内``.

    An ending may part them: "Belarus'un topraklarına".
    """
    start = cues[position].start
    near = cues[max(0, position - 4) : position]
    return any(c.kind in _GROUNDS and 0 <= start - c.end <= OWNER_CHARS for c in near)


def _head_of(cues: Sequence[Cue], position: int) -> str | None:
    """Return the country that heads the clause, whose "own" ground is meant: "Litwa … u siebie"."""
    head = cues[0]
    if head.kind != "place" or head.order > HEAD_WORDS or is_of_somebody(cues, 0):
        return None
    return None if _follows_preposition(cues, 0) or not position else head.value


def _is_behind_a_border(cues: Sequence[Cue], position: int) -> bool:
    """Say whether it only tells near whose border: "in Belarus, at the border with Ukraine"."""
    start = cues[position].start
    near = cues[max(0, position - 4) : position]
    if any(c.kind == "border" and 0 <= start - c.end <= BORDER_CHARS for c in near):
        return True
    end, following = cues[position].end, cues[position + 1 : position + 4]
    return any(c.kind == "border" and 0 <= c.start - end <= BEHIND_CHARS for c in following)


def _is_where_it_is_said(cues: Sequence[Cue], position: int) -> bool:
    """Say whether a country follows a verb of speech and a preposition, or the verb both of them.

    "They say in Lithuania", "在维尔纽斯说".
    """
    order, end = cues[position].order, cues[position].end
    near = cues[max(0, position - 4) : position]
    if any(c.kind == "said" and c.start == end for c in cues[position : position + 4]):
        return _follows_preposition(cues, position)
    return cues[position].kind == "place" and any(
        c.kind == "said" and any(c.order < p.order <= order for p in near if p.kind == "loc")
        for c in near
        if 0 < order - c.order <= SAID_WORDS
    )


def is_of_somebody(cues: Sequence[Cue], position: int) -> bool:
    """Say whether a country only tells whose man acts or speaks."""
    return is_of_an_actor(cues, position) or _is_of_an_office(cues, position)


def _is_of_an_office(cues: Sequence[Cue], position: int) -> bool:
    """Say whether a country follows the office that is its own: "the minister of Lithuania"."""
    cue = cues[position]
    if cue.kind != "place":
        return False
    if _is_of_a_body(cues, position):
        return True
    if _follows_preposition(cues, position):
        return False
    near = cues[max(0, position - 4) : position]
    named = max((c.start for c in near if c.kind == "person"), default=-1)
    return any(
        0 < cue.order - c.order <= ACTOR_WORDS and c.kind in _OFFICES and c.start >= named
        for c in near
    )


def _is_of_a_body(cues: Sequence[Cue], position: int) -> bool:
    """Say whether a country follows a body at once: "in the ministry of Lithuania they say"."""
    order = cues[position].order
    return any(
        c.kind == "body" and c.order == order - 1 for c in cues[max(0, position - 4) : position]
    )


def is_of_an_actor(cues: Sequence[Cue], position: int) -> bool:
    """Say whether it tells whose man acts: "l'analyste polonais", "Ukraine's spy chief"."""
    cue = cues[position]
    if cue.kind not in {"adjective", "place"} or _follows_preposition(cues, position):
        return False
    steps = range(-1, 2) if cue.kind == "adjective" else range(1, ACTOR_WORDS + 1)
    near = cues[max(0, position - 4) : position + 5]
    told = min((c.order for c in near if c.kind == "said" and c.order > cue.order), default=None)
    return any(
        c.order - cue.order in steps and c.kind in _OFFICES and (told is None or c.order < told)
        for c in near
    )


def _is_of_a_source(cues: Sequence[Cue], position: int) -> bool:
    """Say whether it tells whose body reports: "according to Lithuanian intelligence"."""
    cue = cues[position]
    if cue.kind != "adjective":
        return False
    near = cues[max(0, position - 4) : position + 8]
    bodies = [c.order for c in near if c.kind in _BODIES and 0 <= c.order - cue.order <= BODY_WORDS]
    if not bodies:
        return False
    if cue.order <= HEAD_WORDS:
        return any(c.kind == "said" and 0 < c.order - bodies[0] <= BODY_WORDS for c in near)
    return any(c.kind == "according" and 0 < cue.order - c.order <= SOURCE_WORDS for c in near)


def _is_where_it_is_asked(cues: Sequence[Cue], position: int, anchor: int, home: str) -> bool:
    """Say whether it only tells where somebody asks: "In Paris, Zelensky appealed for X"."""
    cue = cues[position]
    if cue.kind not in _OF_STATES or cue.value == home or cue.order > HEAD_WORDS + 1:
        return False
    after = (c for c in cues if cue.end <= c.start < anchor)
    return _follows_preposition(cues, position) and any(c.kind == "person" for c in after)


def _is_left(cues: Sequence[Cue], position: int, status: str, anchor: int) -> bool:
    """Say whether another country is named and this is where it comes from, or whose man speaks."""
    cue = cues[position]
    if cue.kind not in _GROUNDS:
        return False
    grounds = [c for c in cues if c.kind in _GROUNDS]
    if not any(c.value != cue.value for c in grounds):
        return False
    moves = status not in _STATED and status != "denied"
    if status in _COME:
        moves = any(c.start == anchor and c.kind in _MOVING for c in cues)
    if moves and comes_from(cues, cue):
        return any(c.value != cue.value and not comes_from(cues, c) for c in grounds)
    after = [c for c in cues[position : position + 4] if c.start >= cue.end]
    first = after[0] if after else None
    if first is None or first.kind not in {"person", "title"}:
        return False
    return any(c.kind == "person" and c.start - cue.end <= PERSON_CHARS for c in after)


def _is_where_it_went(cues: Sequence[Cue], position: int) -> bool:
    """Say whether it is no country that was left: "withdrawn from Turkey to Aviano in Italy"."""
    cue = cues[position]
    if cue.kind not in _GROUNDS and cue.kind != "supplier":
        return False
    if origins := origins_of(cues):
        return cue.value not in {c.value for c in origins}
    if cue.value not in OWNERS or not any(c.kind == "back" for c in cues):
        return False
    others = (c for c in cues if c.kind in _GROUNDS and c.value not in OWNERS)
    return _follows_preposition(cues, position) and any(others)


def governs_place(preposition: Cue, place: Cue) -> bool:
    """Say whether a preposition stands before a country, or is its case: Finnish "Puolassa".

    Of a phrase like "in the region of" the last word counts.
    """
    if 1 <= place.order - preposition.order <= CASE_WORDS or preposition.end == place.end:
        return True
    return 0 < place.start - preposition.end <= 1


def _follows_preposition(cues: Sequence[Cue], position: int) -> bool:
    place = cues[position]
    near = cues[max(0, position - 6) : position + 3]
    return any(c.kind == "loc" and governs_place(c, place) for c in near)
