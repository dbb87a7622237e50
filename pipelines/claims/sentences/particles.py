"""Small words that change what another one says: "niet-", "wies … zurück", "trafen … ein"; pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipelines.claims.words.vocabulary import PARTED

if TYPE_CHECKING:
    from collections.abc import Collection

    from pipelines.claims.words.vocabulary import Cue, Vocabulary

FIRST_UNSPACED = "\u2e80"
"""Scripts without blanks start here."""

_UNSPACED_STOP = re.compile("[，。；：、]")

MATTER_WORDS = {"request": 6, "attr": 2, "present": 2, "done": 2}
"""From "demanded" to the debate or answer that is demanded, and from "held" to what is held."""

HEAD_WORDS = 2
"""Words before the debate that opens its sentence: "Un dibattito su X lo chiedono i Verdi"."""

NEGATION_CHARS = 10
"""From "nicht" over "mehr" or "länger" to the particle."""

_STOP = re.compile(r"[,;:!?()«»„“”–—]|(?<!\d)\.|\s(?:und|sowie|aber|doch|maar)\s")
"""Where a clause ends that has a particle last."""

_DUTCH_STOP = re.compile(rf"{_STOP.pattern}|\sen\s")
"""The same where "en" is no preposition."""


def without_particles(
    text: str,
    span: tuple[int, int],
    cues: list[Cue],
    kinds: Collection[str],
    vocabulary: Vocabulary,
) -> list[Cue]:
    """Return ``cues`` with the verbs whose particles stand apart, and no wrong "not" or "back".

    "Niet-strategisch" denies nothing; "Kos wies … zurück" denies and brings nothing back, "kehrte
    zurück" denies nothing; "trafen am Montag in Minsk ein" came and did not hit. Who demands a
    debate asks for no weapon.

    Args:
        text: The whole text.
        span: Where the sentence begins and ends.
        cues: The cues of the sentence.
        kinds: Their kinds.
        vocabulary: Of the language; it knows the verbs that are small where nouns have a capital.
    """
    start, end = span
    if vocabulary.verbs:
        cues = _without_capitals(text, start, cues, vocabulary.verbs)
    if "matter" in kinds:
        cues = _without_matters(cues)
    if "parted" in kinds:
        cues = _joined(text, end, cues, _DUTCH_STOP if vocabulary.language == "nl" else _STOP)
    if "not" in kinds:
        cues = [c for c in cues if c.kind != "not" or text[c.end : c.end + 1] != "-"]
    if "deny" not in kinds or "back" not in kinds:
        return cues
    denied = {(c.start, c.end) for c in cues if c.kind == "deny"}
    both = {(c.start, c.end) for c in cues if c.kind == "back"} & denied
    if not both:
        return cues
    wrong = "back" if denied - both else "deny"
    return [c for c in cues if c.kind != wrong or (c.start, c.end) not in both]


def _without_capitals(
    text: str, start: int, cues: list[Cue], verbs: frozenset[tuple[str, str]]
) -> list[Cue]:
    """Return ``cues`` without the nouns spelt as a verb: German "die Folgen", "das Treffen"."""
    return [
        c
        for c in cues
        if not text[c.start].isupper()
        or (text[c.start : c.end].lower(), c.kind) not in verbs
        or _is_first(text, start, c)
    ]


def _is_first(text: str, start: int, cue: Cue) -> bool:
    """Say whether a capital only tells that a sentence, a quotation or a part of them begins."""
    before = text[start : cue.start].rstrip()
    return (
        not before
        or not (before[-1].isalnum() or before[-1] == ",")
        or text[cue.start : cue.end].isupper()
    )


def _without_matters(cues: list[Cue]) -> list[Cue]:
    """Return ``cues`` without what is done of a debate, a vote or answers, and of no weapon."""
    matters = [c.order for c in cues if c.kind == "matter"]
    things = [c.order for c in cues if c.kind in {"weapon", "deploy"}]
    clitics = {c.order + step for c in cues if c.kind == "it" for step in (1, 2)}
    idle = {
        c.start
        for c in cues
        if c.kind == "request" and c.order in clitics and matters[0] <= HEAD_WORDS
        if not any(matters[0] < t < c.order for t in things)
    }
    idle |= {
        c.start
        for c in cues
        if c.kind in MATTER_WORDS
        for m in matters
        if 0 < m - c.order <= MATTER_WORDS[c.kind] and not any(c.order < t < m for t in things)
    }
    return [c for c in cues if c.kind not in MATTER_WORDS or c.start not in idle]


def _particle_in(text: str, start: int, end: int, particle: str) -> tuple[int, int] | None:
    """Return where the particle of a verb stands: last, or with "out …" anywhere."""
    stretch = text[start:end].rstrip().lower()
    if particle[0] >= FIRST_UNSPACED:
        stretch = _UNSPACED_STOP.split(stretch, maxsplit=1)[0]
        first = len(stretch) - len(particle)
        is_last = first > 0 and stretch.endswith(particle)
        return (start + first, start + len(stretch)) if is_last else None
    if not particle.endswith(PARTED):
        first = len(stretch) - len(particle)
        is_last = first > 0 and stretch.endswith(f" {particle}")
        return (start + first, start + len(stretch)) if is_last else None
    word = particle.removesuffix(PARTED).rstrip()
    first = f"{stretch} ".find(f" {word} ")
    return (start + first + 1, start + first + 1 + len(word)) if first >= 0 else None


def _negations(cues: list[Cue], verb: Cue, particle: int) -> list[tuple[int, int]]:
    """Return the "nicht mehr" right before the particle: "schließt … nicht mehr aus"."""
    stop = particle - NEGATION_CHARS
    return [
        (c.start, c.end)
        for c in cues
        if c.kind in {"not", "suspend"} and verb.end < c.start and stop <= c.end < particle
    ]


def _is_of_a_date(text: str, start: int, end: int) -> bool:
    """Say whether a particle belongs to a date: "regressaram à base em maio de 2025"."""
    return text[start - 2 : start - 1].isdigit() or text[end + 1 : end + 2].isdigit()


def _joined(text: str, end: int, cues: list[Cue], ends: re.Pattern[str]) -> list[Cue]:
    """Return ``cues`` with "trafen … ein" as what both say together, neither alone.

    "Schließt … nicht mehr aus" leaves it possible.
    """
    joined: dict[Cue, str] = {}
    spans: list[tuple[int, int]] = []
    for cue in cues:
        if cue.kind != "parted":
            continue
        kind, _, particle = cue.value.partition(":")
        is_unspaced = particle[:1] >= FIRST_UNSPACED
        stop = None if is_unspaced else ends.search(text, cue.end, end)
        found = _particle_in(text, cue.end, stop.start() if stop else end, particle)
        if found is not None and kind == "leave" and _is_of_a_date(text, *found):
            found = None
        if found is not None:
            negations = _negations(cues, cue, found[0]) if kind == "deny" else []
            joined[cue] = "modal" if negations else kind
            spans += [(cue.start, cue.end), found, *negations]
    return [
        c._replace(kind=joined[c], value="") if c in joined else c
        for c in cues
        if c in joined
        or c.kind == "said"
        or not (c.kind == "parted" or any(s <= c.start < e for s, e in spans))
    ]
