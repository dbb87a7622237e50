"""The countries of one list: "in Belgium, Italy and Turkey"; pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipelines.claims.place.origins import comes_from, origins_of
from pipelines.claims.place.places import governs_place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.claims.sentences.clause import Clause
    from pipelines.claims.words.vocabulary import Cue

_WORD = re.compile(r"[^\W\d_]+")
_REST = re.compile(r"^[\w’'-]+")

_JOINING = frozenset(("and", "loc"))
_BETWEEN = frozenset(("loc", "and", "adjective"))
_ALSO = frozenset(("not", "same", "already"))
"""Kinds of "neither in … nor in", "not only … but also"."""

_LIST_MARKS = frozenset(",،、，;；/&(-–和与與及")
"""What stands between the countries of a list."""

_PAUSES = frozenset(",،，")
"""Marks that also end a clause, before whoever acts in the next one."""

_OR_WORDS = """
or ou o oder of eller nebo alebo lub albo или або ці або sau vagy veya tai või arba vai ή ili
"""
_OR = frozenset(_OR_WORDS.split())
"""The "or" between two countries, of which both may be meant: "in Cuba or Venezuela"."""

ARTICLE_CHARS = 5
"""Of a comma and the article behind it: ", la Lituanie"."""

HEAD_WORDS = 3
"""Words before the first country of a clause: "not only the"."""

_PLACED = frozenset(("region", "own", "there", "supplier", "person", "body"))
"""Kinds beside which countries that head a clause act together, or are somebody's."""

LIST_STEP_WORDS = 4
"""Words from one country of a list to the next: "in Italian Ghedi and in Belgian Kleine-Brogel"."""

COPULA_WORDS = 2
"""Words between a weapon and the list of where it is: "are in"."""

SPEAKER_WORDS = 4
"""Words from a country to the verb of speech whose subject is its man or office."""


def listed_with(text: str, cues: Sequence[Cue], place: str) -> tuple[str, ...]:
    """Return the countries that one list names with ``place``: "in Belgium, Italy and Turkey"."""
    named = [cue for cue in cues if cue.kind == "place"]
    lists: list[list[Cue]] = []
    left = {c.value for c in origins_of(cues)} if len(named) > 1 else set()
    for cue in named:
        near = lists and cue.order - lists[-1][-1].order <= LIST_STEP_WORDS
        if near and left and lists[-1][-1].value in left and cue.value not in left:
            near = not any(c.kind == "loc" and governs_place(c, cue) for c in cues)
        if near and _goes_on(text, cues, lists[-1][-1], cue):
            lists[-1].append(cue)
        elif any(c.kind == "loc" and governs_place(c, cue) for c in cues) or _heads(cues, cue):
            lists.append([cue])
    for one in lists:
        listed = one[:1] if _is_a_pause(text, cues, one) else one
        countries = tuple(dict.fromkeys(cue.value for cue in listed))
        if place in countries:
            return countries
    return (place,)


def _heads(cues: Sequence[Cue], place: Cue) -> bool:
    """Say whether a country heads a clause that names no ground: "Poland and Latvia received X"."""
    if place.order > HEAD_WORDS or any(c.kind in _PLACED for c in cues):
        return False
    asked = {c.end for c in cues if c.kind == "request"}
    if any(c.kind == "said" and c.end not in asked for c in cues):
        return False
    named = [c for c in cues if c.kind == "place"]
    return not any(governs_place(p, c) for p in cues if p.kind == "loc" for c in named)


def list_behind(text: str, clause: Clause) -> Cue | None:
    """Return the first country of a list right behind the weapon: "The X are in Italy and Turkey".

    No verb need be known; not "The X worry people in Italy and Turkey".
    """
    named = clause.of("place")
    if len(named) < 2 or not clause.systems or clause.has("supplier", "from", "toward"):
        return None
    stop = named[0].start
    ends = [c.end for c in clause.of("weapon") if c.end <= stop]
    between = _REST.sub("", text[max(clause.systems[-1].end, *ends, 0) : stop])
    if clause.systems[-1].end > stop or len(_WORD.findall(between)) > COPULA_WORDS:
        return None
    listed = listed_with(text, clause.cues, named[0].value)
    return named[0] if len(listed) > 1 and {c.value for c in named} == {*listed} else None


def _is_a_pause(text: str, cues: Sequence[Cue], one: Sequence[Cue]) -> bool:
    """Say whether a mere comma parts two countries, the second of which acts.

    "As long as X stands in Belarus, Lithuania will not open the border."
    """
    if len(one) != 2:
        return False
    here, acting = one
    between = text[here.end : acting.start].strip()
    if between[:1] not in _PAUSES or len(between) > ARTICLE_CHARS:
        return False
    return not any(c.kind in _JOINING and here.end <= c.start < acting.end for c in cues)


def _goes_on(text: str, cues: Sequence[Cue], one: Cue, other: Cue) -> bool:
    """Say whether a list goes on with ``other``, who neither is "reached from" it nor speaks.

    Not so "In Osipovichi, Ukraine's border guard said", "those in Kaliningrad reach Karlskrona".
    """
    if _says_something(cues, one, other) or (_has_case(cues, one) and not _has_case(cues, other)):
        return False
    if comes_from(cues, one) and not comes_from(cues, other):
        return False
    if any(c.kind in _JOINING | _ALSO and one.end <= c.start < other.end for c in cues):
        return True
    between = text[one.end : other.start]
    if between.strip() in _OR:
        return True
    if _LIST_MARKS.isdisjoint(between):
        return False
    spoken = [c for c in cues if c.kind == "said" and 0 < c.order - other.order <= SPEAKER_WORDS]
    return not any("," not in text[other.end : c.start] for c in spoken)


def _has_case(cues: Sequence[Cue], place: Cue) -> bool:
    """Say whether a country's name stands in a local case: Finnish "Puolassa"."""
    return any(c.kind == "loc" and c.end == place.end for c in cues)


def _says_something(cues: Sequence[Cue], one: Cue, other: Cue) -> bool:
    said = [c for c in cues if one.end <= c.start < other.start and c.kind not in _BETWEEN]
    if not said:
        return False
    if any(c.kind == "not" and c.end <= one.start for c in cues):
        return any(c.kind not in _ALSO for c in said)
    return any(c.kind not in _ALSO or c.kind == "not" for c in said)
