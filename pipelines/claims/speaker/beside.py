"""The name that stands nearest to a verb of speech; pure."""

from __future__ import annotations

import re
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from pipelines.claims.speaker.naming import names_of, surname_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.claims.sentences.sentence import Sentence
    from pipelines.claims.words.vocabulary import Cue

REACH_CHARS = 70
"""How far a name may stand from its verb of speech."""

ALONE_CHARS = 45
"""A surname alone after a title counts as so much further off than a full name."""

AFTER_CHARS = 5
"""From a name to the "according to" of languages that put it last, with a title between."""

APPOSED_CHARS = 25
"""From a word of an office to the full name of who holds it."""

_BESIDE = re.compile(r", (?:[^\W\d_][\w’'.-]* ){0,2}$")
"""What stands before a name that a comma sets apart: "the minister, Viktor …"."""

_WIDE_COMMAS = ("，", "：")
"""What a Chinese verb of speech has after it when what is said follows."""

_APART = re.compile(r"[^\w\s]|\w\s+\w")
"""More than one word, or a mark."""

_AS = re.compile("(?:как|як|jak) ", re.IGNORECASE)
"""Before a verb whose subject is in its first case: "jak podał Kos"."""

CASE_CHARS = 6
_CASE = re.compile(r"(?<=[^\W\d_]{3})['’][a-zıöüğşç]{1,4}(?!\w)")

CUT = re.compile('[,.;:!?«»„“”"(—–，、。「」]')
"""What parts a name from the verb that it would be the subject of."""


class Named(NamedTuple):
    """Who stands beside a verb of speech."""

    gap: int
    start: int
    name: str


def nearest_person(text: str, people: Sequence[Cue], speech: Sequence[Cue]) -> Named | None:
    """Return the known person nearest to a verb of speech."""
    best: Named | None = None
    for verb in speech:
        for person in people:
            gap = _gap(text, verb, person.start, person.end)
            if gap is not None and (best is None or gap < best.gap):
                best = Named(gap, person.start, person.value)
    return best


def nearest_name(
    text: str, sentence: Sentence, people: Sequence[Cue], speech: Sequence[Cue]
) -> Named | None:
    """Return the nearest name beside a verb of speech that is no place, body or system."""
    verbs = [verb for verb in speech if verb.kind != "said_pronoun"]
    if not verbs:
        return None
    names = names_of(text, sentence)
    if len(names) + len(people) > 1:
        names = [n for n in names if not sentence.asides.is_with(text, n[0])]
    of_it = {
        c.start for c in verbs if c.kind == "according" and not _AS.match(text, c.start, c.end)
    }
    found = []
    for name in names:
        further = 0 if name[1] - name[0] > len(name[2]) else ALONE_CHARS
        gaps = [(_gap(text, verb, name[0], name[1]), verb.start in of_it) for verb in verbs]
        found += [(gap + further, name, is_of) for gap, is_of in gaps if gap is not None]
    best = min(found, key=itemgetter(0), default=None)
    if best is None:
        return None
    gap, name, is_of_it = best
    if gap:
        end, is_alone = name[1], name[1] - name[0] == len(name[2])
        for person in people:
            if _is_apposed(text, end, person.start, is_alone=is_alone):
                return Named(gap, person.start, person.value)
        full = [n for n in names if n[1] - n[0] > len(n[2])]
        name = next((n for n in full if _is_apposed(text, end, n[0], is_alone=is_alone)), name)
        name = next((n for n in full if _is_of(text, sentence, end, n[0])), name)
    return Named(gap, name[0], surname_of(sentence, name, is_of_it=is_of_it))


def _is_of(text: str, sentence: Sentence, end: int, start: int) -> bool:
    """Say whether what ends at ``end`` is whose expert stands at ``start``: "centro analitikė"."""
    if not 0 < start - end <= REACH_CHARS or CUT.search(text, end, start):
        return False
    return any(end <= c.start and c.end + 1 == start for c in sentence.of("title"))


def is_oblique(text: str, start: int, end: int) -> bool:
    """Say whether an apostrophe sets an ending apart from a name: Turkish "Trump'a"."""
    return _CASE.search(text, max(start, end - CASE_CHARS), end + CASE_CHARS) is not None


def _gap(text: str, verb: Cue, start: int, end: int) -> int | None:
    """Return how far the name at ``text[start:end]`` is from ``verb``, None where it is not its."""
    if verb.kind == "said_pronoun":
        return None
    if start < verb.end <= end:
        return 0
    if start >= verb.end:
        gap = start - verb.end
        if text[verb.end : verb.end + 1] in _WIDE_COMMAS:
            return None
    else:
        if verb.kind == "according" and (ending := _CASE.match(text, end)):
            end = ending.end()
        gap = verb.start - end
        is_far = gap > AFTER_CHARS or _APART.search(text, end, verb.start)
        if (verb.kind == "according" and is_far) or (
            gap <= REACH_CHARS and _closes(text[end : verb.start])
        ):
            return None
        if text[end : verb.start] == ", " and not _BESIDE.search(text, max(0, start - 40), start):
            return None
    return gap if 0 <= gap <= REACH_CHARS else None


def _closes(between: str) -> bool:
    """Say whether a quotation that a name stands in ends before the verb: "… Kos", she said."""
    closed = between.count("»") > between.count("«") or between.count("”") > between.count("“")
    return closed or between.count('"') == 1


def _is_apposed(text: str, end: int, start: int, *, is_alone: bool) -> bool:
    """Say whether what ends at ``end`` was the office of who is named at ``start``."""
    between = text[end : max(end, start)]
    if between == ", ":
        return True
    return is_alone and 0 < len(between) <= APPOSED_CHARS and not CUT.search(between)
