"""Who says it: the person beside a verb of speech, by a Latin surname."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Protocol

from pipelines.claims.speaker.asker import RELATIVE, is_addressed, who_asks
from pipelines.claims.speaker.beside import CUT, nearest_name, nearest_person
from pipelines.claims.speaker.distance import further_off
from pipelines.claims.speaker.heading import heading, is_headed_by_office
from pipelines.claims.speaker.naming import names_of, surname_of
from pipelines.claims.speaker.parting import part_at
from pipelines.claims.speaker.pronouns import is_described, is_pronoun, without_pronouns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.claims.sentences.sentence import Sentence
    from pipelines.claims.words.vocabulary import Cue

OFFICE_WORDS = 2
"""Words from an office to the name of whose it is, with a given name or adjective between."""

_APOSTROPHES = frozenset("'’")

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
    sentence = part_at(text, sentence, anchor)
    people = [
        p
        for p in sentence.of("person")
        if not (
            _is_of_an_office(text, sentence, p)
            or sentence.asides.is_beside_others(text, p.start, since=sentence.start)
        )
    ]
    if status == "requested":
        asking = who_asks(text, sentence, people, anchor, carried)
        if asking is not None:
            return asking
        people = [
            p for p in people if not (_refuses(sentence, p) or is_addressed(sentence, p, anchor))
        ]
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
        return _antecedent(text, sentence, people, named.start) or named.name
    return further_off(text, sentence, people, speech, anchor=anchor, status=status)


def _refuses(sentence: Sentence, person: Cue) -> bool:
    """Say whether a refusal is all that the person says: "but Kos refused"."""
    return any(0 < c.order - person.order <= OFFICE_WORDS for c in sentence.of("deny"))


def _antecedent(text: str, sentence: Sentence, people: Sequence[Cue], start: int) -> str | None:
    """Return who it is that a clause tells of which holds the name: "Kos, who met Putin, said"."""
    if len(people) + len(names_of(text, sentence)) < 2:
        return None
    who = RELATIVE.search(text, sentence.start, start)
    if who is None or "," not in who.group() or CUT.search(text, who.end(), start):
        return None
    for person in people:
        if person.end == who.start():
            return person.value
    return next(
        (
            surname_of(sentence, name, is_of_it=False)
            for name in names_of(text, sentence)
            if name[1] == who.start()
        ),
        None,
    )


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
