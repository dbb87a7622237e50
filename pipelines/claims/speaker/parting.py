"""Two voices in one sentence: "Kos said that X is in Y, but Nowak said that Z will come"; pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pipelines.claims.speaker.beside import CUT, nearest_name, nearest_person

if TYPE_CHECKING:
    from pipelines.claims.sentences.sentence import Sentence

LEAST_VERBS = 2
"""Verbs of speech of a sentence that two tell."""

MOST_CUTS = 20
"""Where a sentence may part: one with more is a list, and each costs a look at all its words."""

BODY_WORDS = 2
"""Words from a ministry to its verb of speech."""

_SPEECH = ("said", "according")


def part_at(text: str, sentence: Sentence, anchor: int) -> Sentence:
    """Return the part of ``sentence`` around ``anchor`` that has a voice of its own, else all.

    It is parted before an "and" or behind a semicolon on both sides of which another person
    stands beside a verb of speech.
    """
    if len({c.start for c in sentence.of(*_SPEECH)}) < LEAST_VERBS:
        return sentence
    cuts = {c.start for c in sentence.of("and")}
    cuts |= {at for at in range(sentence.start, sentence.end) if text[at] == ";"}
    if len(cuts) > MOST_CUTS:
        return sentence
    begin, part = sentence.start, sentence
    for cut in sorted(cuts):
        before, after = _between(sentence, begin, cut), _between(sentence, cut, sentence.end)
        who, other = _voice(text, before), _voice(text, after)
        if who is None or other is None or who == other:
            continue
        if anchor < cut:
            return before
        begin, part = cut, after
    return part


def _between(sentence: Sentence, begin: int, end: int) -> Sentence:
    return replace(
        sentence,
        start=begin,
        end=end,
        cues=[c for c in sentence.cues if begin <= c.start < end],
        systems=[m for m in sentence.systems if begin <= m.start < end],
        times=[t for t in sentence.times if begin <= t.start < end],
        names=None,
        _kinds=None,
        _clauses=None,
    )


def _voice(text: str, part: Sentence) -> str | None:
    """Return who stands beside a verb of speech in ``part``, known or not; "" is a ministry."""
    people, speech = part.of("person"), part.of(*_SPEECH)
    if not speech:
        return None
    named = nearest_person(text, people, speech), nearest_name(text, part, people, speech)
    if any(named):
        return min(filter(None, named)).name
    weapons = {c.start for c in part.of("weapon")}
    bodies = [c for c in part.of("body", "capital") if c.start not in weapons]
    is_said = any(
        0 < verb.order - body.order <= BODY_WORDS
        and not CUT.search(text, body.end, verb.start)
        and not any(body.end <= c.start < verb.start for c in part.of("he"))
        for verb in speech
        for body in bodies
    )
    return "" if is_said and not part.has("title", "head") else None
