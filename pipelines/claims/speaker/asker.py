"""Who asks: the one who is no addressee, no companion and no bystander of a request; pure."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from pipelines.claims.speaker.beside import CUT, is_oblique
from pipelines.claims.speaker.naming import names_of, surname_of
from pipelines.claims.words.vocabulary import Cue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.claims.sentences.sentence import Sentence
    from pipelines.claims.speaker.speakers import Carried

SUBJECT_WORDS = 3
"""Words before the name that is the subject of a sentence."""

OFFICE_WORDS = 2
"""Words of an office or given name between a preposition and a name."""

OPENING_WORDS = 2
"""Words before a request that opens its sentence: "С просьбой", "The plea"."""

HE_WORDS = 2
"""Words from a request to the "he" behind it who asks: "Gebeten hatte er Putin darum"."""

AFTER_WORDS = 6
"""Words from a request to the subject behind it, its office in between."""

_OTHER_CASES = ("а", "я", "у", "ю", "го", "га", "ого", "му", "ым", "им", "ом", "ем", "ой")
"""How a Slavic surname does not end in its first case."""

_STATES = ("capital", "place", "supplier")

RELATIVE = re.compile(
    r",? (?:who|qui|que|quien|che|die|som|car[ei]|joka|kes|kuris|kuri|kurš|kura|aki"
    r"|któr[ya]|kter[ýá]|ktor[ýá]|koj[ia]|котор\w+|який|яка|які|як[іа]я|кој[аи]|ко[йя]то"
    r"|ο οποίος|η οποία|που) "
)
"""What makes the one just named the subject of what follows: "his guest Jan Kos, who asked"."""

_DECLINED = frozenset("cs sk pl lt lv ru uk be sr sl".split())  # noqa: SIM905
"""Languages in which a name that ends in a consonant has a vowel last in no first case."""

_VOWELS = frozenset("aeiouyąęėįųūáéíóúůāēīūауоеиіыюяёєї")

_OF_WHOM = {
    "fi": re.compile("(?:lt[aä]|lle|st[aä])$"),
    "et": re.compile("(?:lt|le)$"),
    "hu": re.compile("(?:t[óő]l|t|n[ae]k|h[eoö]z)$"),
}
"""How the names of those end who are asked."""


def who_asks(
    text: str, sentence: Sentence, known: Sequence[Cue], anchor: int, carried: Carried
) -> str | None:
    """Return who asks for what the request at ``anchor`` asks, or None.

    Args:
        text: The article's text.
        sentence: The sentence that holds the request.
        known: Its people that tables know and that may speak.
        anchor: Offset of the request.
        carried: Gives the last speaker, who asks where the verb has no subject.
    """
    asked = next((c for c in sentence.of("request", "want") if c.start == anchor), None)
    order, end = (asked.order, asked.end) if asked else (0, anchor)
    people = sorted([*known, *_unknown(text, sentence, order, anchor)])
    for person in people:
        if (person.start > end or sentence.language == "de") and sentence.asides.is_by(
            text, person.start
        ):
            return person.value
    people = [p for p in people if not _is_beside_the_point(text, sentence, p, end)]
    before = [p for p in people if p.start < anchor]
    if before:
        return _of_those_before(text, sentence, before, anchor)
    after = [p for p in people if p.start >= end]
    if asked and after and is_addressed(sentence, after[0], anchor):
        return carried()
    if asked is None or not after or _is_he(sentence, asked, after[0]):
        return carried() if _opens(sentence, anchor) else None
    return _first_after(text, sentence, after, asked, carried)


def is_addressed(sentence: Sentence, person: Cue, anchor: int) -> bool:
    """Say whether a name right behind the request is of whom it is asked: "I asked Kos for X"."""
    if sentence.language != "en":
        return False
    return any(c.start == anchor and person.start - c.end == 1 for c in sentence.of("request"))


def _unknown(text: str, sentence: Sentence, order: int, anchor: int) -> list[Cue]:
    """Return the people that no table knows as cues, their words counted from the request."""
    found = []
    for name in names_of(text, sentence):
        start, end, _ = name
        if start < anchor:
            at = order - text.count(" ", end, anchor)
        else:
            at = order + text.count(" ", anchor, start)
        is_of_it = any(
            start <= c.start < end or 0 <= start - c.end <= 1 for c in sentence.of("according")
        )
        surname = surname_of(sentence, name, is_of_it=is_of_it)
        found.append(Cue(start, end, "person", surname, max(at, 0)))
    return found


def _is_beside_the_point(text: str, sentence: Sentence, person: Cue, end: int) -> bool:
    """Say whether it is of whom something is asked, or with whom somebody is."""
    if RELATIVE.match(text, person.end):
        return False
    return (
        sentence.asides.is_with(text, person.start, since=end if end <= person.start else 0)
        or _is_asked(text, sentence, person)
        or _is_of_whom(text, sentence.language, person)
    )


def _is_of_whom(text: str, language: str, person: Cue) -> bool:
    """Say whether the case of a name is that of who is asked: Turkish "Putin'den"."""
    if language == "tr":
        return is_oblique(text, person.start, person.end)
    if language in _DECLINED and person.value[-1:].lower() not in _VOWELS:
        return text[person.end - 1].lower() in _VOWELS
    ending = _OF_WHOM.get(language)
    return ending is not None and ending.search(text, person.start, person.end) is not None


def _is_asked(text: str, sentence: Sentence, person: Cue) -> bool:
    """Say whether a preposition stands before a name: what is asked is asked of them."""
    for cue in sentence.of("loc", "since", "toward"):
        gap = person.order - cue.order
        between = text[cue.end : person.start].strip()
        if gap == 1 and not between:
            return True
        if 0 < gap <= OFFICE_WORDS and between.istitle() and between.isalpha():
            return True
    return False


def _of_those_before(text: str, sentence: Sentence, before: Sequence[Cue], anchor: int) -> str:
    """Return who asks of the people named before the verb."""
    first = before[0]
    if first.order <= SUBJECT_WORDS and not CUT.search(text, first.end, anchor):
        return first.value
    beside = [p for p in before if _is_beside(sentence, p, anchor)]
    if beside:
        return beside[-1].value
    return first.value if len(before) == 1 else _asking(before, sentence).value


def _is_beside(sentence: Sentence, person: Cue, anchor: int) -> bool:
    asked = next((c for c in sentence.of("request") if c.start == anchor), None)
    return asked is not None and 0 < asked.order - person.order <= OFFICE_WORDS


def _asking(people: Sequence[Cue], sentence: Sentence) -> Cue:
    """Return who asks: the first person of the last clause of speech before the verb."""
    first = people[0]
    for one, other in pairwise(people):
        if any(one.end <= c.start < other.start for c in sentence.of("said", "that", "and")):
            first = other
    return first


def _is_he(sentence: Sentence, asked: Cue, person: Cue) -> bool:
    """Say whether "he" behind the request asks: "Gebeten hatte er den Kremlchef Putin darum"."""
    return any(
        asked.end <= c.start < person.start and c.order - asked.order <= HE_WORDS
        for c in sentence.of("he")
    )


def _first_after(
    text: str, sentence: Sentence, after: Sequence[Cue], asked: Cue, carried: Carried
) -> str | None:
    """Return who stands behind the request as its subject: "В мае о них просил Кос"."""
    person = after[0]
    is_apart = any(asked.end <= c.start < person.start for c in sentence.of("and", "that"))
    is_his = any(c.start < asked.start for c in sentence.of("he"))
    if asked.order <= OPENING_WORDS and not is_apart and not is_his:
        return person.value
    if _opens(sentence, asked.start):
        return carried()
    if is_his or is_apart or CUT.search(text, asked.end, person.start):
        return None
    if text.count(" ", asked.end, person.start) > AFTER_WORDS:
        return None
    printed = text[person.start : person.end].casefold()
    if "\u0400" <= printed[0] <= "\u04ff":
        is_first = person.value.endswith("a") and printed.endswith(("а", "я"))
        return person.value if is_first or not printed.endswith(_OTHER_CASES) else None
    heads = sentence.of(*_STATES)
    is_headed = any(c.start < asked.start and not _is_asked(text, sentence, c) for c in heads)
    return None if is_headed else person.value


def _opens(sentence: Sentence, anchor: int) -> bool:
    """Say whether the request opens its sentence, its subject left out: "Había pedido …"."""
    return any(c.start == anchor and c.order <= 1 for c in sentence.of("request"))
