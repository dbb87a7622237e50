"""Where a clause that stands before its noun ends: "Belarus'ta konuşlu X taşınacak"; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from connectors.records import Mention
    from pipelines.claims.sentences.sentence import Sentence
    from pipelines.claims.words.vocabulary import Cue

NOUN_CHARS = 18
"""From the participle to the weapon's name: an adjective or "missile" may stand between."""

OF_CHARS = 16
"""From a Chinese verb to the particle that makes it describe a noun: a place may stand between."""

STOOD_CHARS = 60
"""From where or since when it stands to the participle."""

SUBJECT_CHARS = 12
"""From the weapon's name over "missiles" to the comma after a subject."""

_FINAL = frozenset(("tr", "ja", "ko"))
_PARTICLE = "的"
_DESCRIBING = {"zh": ("attr", "done", "present")}
_WHERE = ("place", "region", "own", "there", "since")
_MARKS = frozenset(",，、。;；:：")
"""What parts a participle from the next noun."""


def described(text: str, sentence: Sentence) -> dict[int, Mention]:
    """Return where each clause ends that describes the weapon after it, and that weapon.

    What is told of the weapon after it is a statement of its own.
    """
    language = sentence.language
    if language not in _FINAL and language not in _DESCRIBING:
        return {}
    systems = sentence.systems
    if not systems or not sentence.has("attr", "done", "present"):
        return {}
    return {
        end: system
        for cue in sentence.of(*_DESCRIBING.get(language, ("attr",)))
        if (end := _end_of(text, cue, language)) and _stands(sentence, cue, end)
        for system in systems
        if 0 <= system.start - end <= NOUN_CHARS
        and _MARKS.isdisjoint(text[end : system.start])
        and not any(end <= c.start < system.start for c in _ruling(sentence))
    }


def as_done(cues: list[Cue]) -> list[Cue]:
    """Return ``cues`` of such a clause with its participle as done: a time before it is its own."""
    return [c._replace(kind="done") if c.kind == "attr" else c for c in cues]


def set_apart(breaks: Collection[int], ends: Mapping[int, Mention]) -> set[int]:
    """Return the breaks at the comma after a described weapon, the subject of what follows."""
    return {
        at for at in breaks for weapon in ends.values() if 0 <= at - weapon.end <= SUBJECT_CHARS
    }


def _end_of(text: str, cue: Cue, language: str) -> int:
    """Return where the description ends that ``cue`` is the verb of; 0 if it is none."""
    if language in _FINAL:
        return cue.end
    at = text.find(_PARTICLE, cue.end, cue.end + OF_CHARS)
    if at < 0 or not _MARKS.isdisjoint(text[cue.end : at]):
        return 0
    return at + 1


def _stands(sentence: Sentence, verb: Cue, end: int) -> bool:
    """Say whether it is told where, or since when, before the description ends."""
    return any(
        0 <= verb.start - c.end <= STOOD_CHARS or verb.end <= c.start < end
        for c in sentence.of(*_WHERE)
    )


def _ruling(sentence: Sentence) -> Iterator[Cue]:
    """Yield what would make the noun another: a drill, a place, somebody."""
    yield from sentence.of("block", "place", "person", "site", "said")
