"""Who says it: the person beside a verb of speech, by a Latin surname."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Protocol

from pipelines.claims.beside import CUT, nearest_name, nearest_person
from pipelines.claims.distance import further_off
from pipelines.claims.heading import heading, is_headed_by_office
from pipelines.claims.pronouns import is_described, is_pronoun, without_pronouns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.claims.sentence import Sentence
    from pipelines.claims.vocabulary import Cue

SUBJECT_WORDS = 3
"""Words before the name that is the subject of a sentence."""

OFFICE_WORDS = 2
"""Words from an office to the name of whose it is, with a given name or adjective between."""

_APOSTROPHES = frozenset("'’")

_OTHER_CASES = ("а", "я", "у", "ю", "го", "га", "ого", "му", "ым", "им", "ом", "ем", "ой")
"""How a Slavic surname does not end in its first case."""

OF_CHARS = 25
"""From "announcement" to the surname of whose it is."""

_OF = re.compile(r" (?:de|di|of|von|do|van|by) |e? d[’']")


class Carried(Protocol):
    """Gives who spoke before."""

    def __call__(self, *, is_near: bool = False) -> str | None:
        """Return the last speaker; with ``is_near`` only of the two sentences before."""


def speaker_of(
    text: str, sentence: Sentence, *, anchor: int, status: str, carried: Carried
) -> str | None:
    """Return the surname of the one whose words the sentence gives, or None.

    Args:
        text: The article's text.
        sentence: The sentence that carries the claim.
        anchor: Offset of the claim's predicate.
        status: "requested": the one who asks is meant, who stands before the verb.
        carried: Gives the speaker before, whom "he said" means.
    """
    people = [p for p in sentence.of("person") if not _is_of_an_office(text, sentence, p)]
    if status == "requested":
        asking = _who_asks(text, sentence, people, anchor, carried)
        if asking is not None:
            return asking
    if len(people) > 1:
        people = [p for p in people if not sentence.asides.is_with(text, p.start)] or people
    speech = [c for c in _speech(sentence, status) if not _is_a_noun(text, sentence, c)]
    if first := heading(text, sentence, people, speech):
        return first
    speech = without_pronouns(text, sentence, people, speech)
    named = min(
        filter(
            None,
            (nearest_person(text, people, speech), nearest_name(text, sentence, people, speech)),
        ),
        default=None,
    )
    if is_pronoun(text, sentence, speech, named) and (earlier := carried()):
        return earlier
    if (
        named is None
        and (is_described(text, sentence, speech) or is_headed_by_office(text, sentence, speech))
        and (earlier := carried(is_near=True))
    ):
        return earlier
    if named is not None:
        return named.name
    return further_off(text, sentence, people, speech, anchor=anchor, status=status)


def _who_asks(
    text: str,
    sentence: Sentence,
    people: Sequence[Cue],
    anchor: int,
    carried: Carried,
) -> str | None:
    """Return who asks for what the verb at ``anchor`` asks: a person who stands before it."""
    before = [p for p in people if p.start < anchor and not _is_asked(text, sentence, p)]
    if not before and (asker := _asks_last(text, people, sentence, anchor)):
        return asker
    if not before:
        return carried() if _opens(sentence, anchor) else None
    first = before[0]
    if first.order <= SUBJECT_WORDS and not CUT.search(text, first.end, anchor):
        return first.value
    beside = [p for p in before if _is_beside(sentence, p, anchor)]
    if beside:
        return beside[-1].value
    return first.value if len(before) == 1 else _asking(before, sentence).value


def _is_asked(text: str, sentence: Sentence, person: Cue) -> bool:
    """Say whether a preposition stands before a name: what is asked is asked of them."""
    for cue in sentence.of("loc", "since", "toward"):
        gap = person.order - cue.order
        between = text[cue.end : person.start].strip()
        if gap == 1 and not between:
            return True
        if 0 < gap <= OFFICE_WORDS and between.istitle() and " " not in between:
            return True
    return False


def _asks_last(text: str, people: Sequence[Cue], sentence: Sentence, anchor: int) -> str | None:
    """Return the person right after the verb, in the first case: "В мае о них просил Кос"."""
    end = next((c.end for c in sentence.of("request") if c.start == anchor), anchor)
    for person in people:
        if person.start < end or CUT.search(text, end, person.start):
            continue
        if text.count(" ", end, person.start) > OFFICE_WORDS + 1:
            continue
        printed = text[person.start : person.end].casefold()
        if "\u0400" <= printed[0] <= "\u04ff" and not printed.endswith(_OTHER_CASES):
            return person.value
    return None


def _opens(sentence: Sentence, anchor: int) -> bool:
    """Say whether the request opens its sentence, its subject left out: "Había pedido …"."""
    return any(c.start == anchor and c.order <= 1 for c in sentence.of("request"))


def _is_beside(sentence: Sentence, person: Cue, anchor: int) -> bool:
    asked = next((c for c in sentence.of("request") if c.start == anchor), None)
    return asked is not None and 0 < asked.order - person.order <= 2


def _asking(people: Sequence[Cue], sentence: Sentence) -> Cue:
    """Return who asks: the first person of the last clause of speech before the verb."""
    first = people[0]
    for one, other in pairwise(people):
        if any(one.end <= c.start < other.start for c in sentence.of("said", "that", "and")):
            first = other
    return first


def _speech(sentence: Sentence, status: str) -> list[Cue]:
    """Return the verbs of speech; one that asks gives words to no statement of fact."""
    speech = sentence.of("said", "according", "said_pronoun")
    if status not in {"used", "completed"}:
        return speech
    asked = {c.start for c in sentence.of("request")}
    return [c for c in speech if c.start not in asked]


def _is_a_noun(text: str, sentence: Sentence, verb: Cue) -> bool:
    """Say whether it is "the announcement of X": that tells what follows in nobody's words."""
    if sentence.has("that") or not any(c.start == verb.start for c in sentence.of("plan")):
        return False
    people = [p for p in sentence.of("person") if 0 < p.start - verb.end <= OF_CHARS]
    return any(_OF.match(text, verb.end, p.start) for p in people)


def _is_of_an_office(text: str, sentence: Sentence, person: Cue) -> bool:
    """Say whether the name only tells whose office or spokesman it is."""
    voices = {c.start for c in sentence.of("voice")}
    for office in sentence.of("office"):
        if office.end <= person.start:
            between = text[office.end : person.start]
            if between.count(" ") <= _reach(sentence, office, person) and "," not in between:
                return person.start not in voices and not _is_nominative(between)
        elif 0 < office.order - person.order <= OFFICE_WORDS and (
            text[person.end : person.end + 1] in _APOSTROPHES
            or (text[person.end : office.start] == " " and text[person.end - 1] == "s")
        ):
            return True
    return False


def _reach(sentence: Sentence, office: Cue, person: Cue) -> int:
    """Return how many words may stand between: one more if one is an office of its own."""
    heads = sentence.of("head", "title")
    return OFFICE_WORDS + any(office.end < c.start < person.start for c in heads)


def _is_nominative(given: str) -> bool:
    """Say whether ``given`` is a given name that does not end as a Slavic genitive does."""
    words = given.split()
    return bool(words) and given.istitle() and words[-1][-1] not in "aаяя"
