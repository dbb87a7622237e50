"""Who says it: the person beside a verb of speech, by a Latin surname."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from pipelines.claims.latin import latin_surname

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.claims.sentence import Sentence
    from pipelines.claims.vocabulary import Cue

REACH_CHARS = 70
"""How far a name may stand from its verb of speech."""

_NO_PEOPLE = frozenset(("place", "region", "capital", "supplier", "adjective", "person", "body"))
_CAPITAL = r"[A-ZÀ-ÖØ-ÞĀ-ŽЀ-ЯҐΑ-Ω][\w’'\u0301\u00ad-]+"
_NAME = re.compile(rf"(?<![^\W_]){_CAPITAL}(?: {_CAPITAL}){{1,3}}")


def speaker_of(text: str, sentence: Sentence, *, anchor: int, requested: bool) -> str | None:
    """Return the surname of the one whose words the sentence gives, or None.

    Args:
        text: The article's text.
        sentence: The sentence that carries the claim.
        anchor: Offset of the claim's predicate.
        requested: A request: the one who asks is meant, who stands before the verb.
    """
    people = sentence.of("person")
    if requested:
        before = [p for p in people if p.start < anchor]
        if before:
            return before[0].value if len(before) == 1 else _asking(before, sentence).value
    speech = sentence.of("said", "according")
    named = _nearest(people, speech)
    unknown = _unknown(text, sentence, speech)
    if named is None or (unknown is not None and unknown[0] < named[0]):
        return unknown[1] if unknown else None
    return named[1]


def _asking(people: Sequence[Cue], sentence: Sentence) -> Cue:
    """Return who asks: the first person of the last clause of speech before the verb."""
    first = people[0]
    for one, other in pairwise(people):
        if any(one.end <= c.start < other.start for c in sentence.of("said", "that", "and")):
            first = other
    return first


def _nearest(people: Sequence[Cue], speech: Sequence[Cue]) -> tuple[int, str] | None:
    best: tuple[int, str] | None = None
    for verb in speech:
        for person in people:
            gap = person.start - verb.end if person.start >= verb.end else verb.start - person.end
            if verb.kind == "according" and person.start < verb.start:
                continue
            if 0 <= gap <= REACH_CHARS and (best is None or gap < best[0]):
                best = gap, person.value
    return best


def _unknown(text: str, sentence: Sentence, speech: Sequence[Cue]) -> tuple[int, str] | None:
    """Return the nearest "First Last" beside a verb of speech that is no place or system."""
    best: tuple[int, str] | None = None
    taken = [(c.start, c.end) for c in sentence.cues if c.kind in _NO_PEOPLE]
    taken += [(m.start, m.end) for m in sentence.systems]
    for match in _NAME.finditer(text, sentence.start, sentence.end):
        last = match.end() - len(match.group().split()[-1])
        if any(begin < match.end() and last < stop for begin, stop in taken):
            continue
        for verb in speech:
            after = match.start() - verb.end
            before = verb.start - match.end()
            gap = after if after >= 0 else before
            if verb.kind == "according" and after < 0:
                continue
            if 0 <= gap <= REACH_CHARS and (best is None or gap < best[0]):
                name = latin_surname(match.group().split()[-1])
                best = gap, name
    return best
