"""Who is named as the speaker only in the sentence after; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.claims.pronouns import is_office
from pipelines.claims.speakers import speaker_of

if TYPE_CHECKING:
    from pipelines.claims.sentence import Sentence

TOLD_WORDS = 7
"""Words before the verb of a sentence that only tells who said the one before."""

TOLD_CHARS = 130
"""How long such a sentence is at most."""

BODY_WORDS = 3
"""Words before a body that is the subject, and from it to its verb."""

_OPENING = frozenset('"«“„「‘”–—')


def named_in(text: str, sentence: Sentence, following: Sentence) -> str | None:
    """Return whom ``following`` gives the words of ``sentence`` to, or None.

    "This was said by Kos" does; so does a quotation, or "according to Kos", right after a sentence
    that gives its words to an office alone.
    """
    verbs = following.of("said", "according")
    if not verbs:
        return _teller(text, sentence, following)
    opening = [following.start, *(c.end for c in following.of("said") if c.order == 0)]
    if any(sentence.asides.tells_back(text, start, following.end) for start in opening):
        is_short = following.end - following.start <= TOLD_CHARS
        if following.systems or not is_short or verbs[0].order > TOLD_WORDS:
            return None
        if following.of("deny") and not sentence.of("deny", "not"):
            return None
    elif not (_goes_on(text, following) and (is_office(text, sentence) or _is_of_a_body(sentence))):
        return None
    return speaker_of(text, following, anchor=following.end, status="", carried=_nobody)


def _teller(text: str, sentence: Sentence, following: Sentence) -> str | None:
    """Return the one person of a short sentence like "The news came from Kos", or None."""
    people = {p.value for p in following.of("person")}
    if len(people) != 1 or following.systems or following.end - following.start > TOLD_CHARS:
        return None
    is_told = sentence.asides.tells_back(text, following.start, following.end)
    return people.pop() if is_told and following.of("person")[0].order <= TOLD_WORDS else None


def _is_of_a_body(sentence: Sentence) -> bool:
    """Say whether a government or ministry denies something: "The Kremlin denied it"."""
    if sentence.of("person", "according"):
        return False
    bodies = sentence.of("body", "capital", "supplier")
    return any(
        0 < verb.order - body.order <= BODY_WORDS and body.order <= BODY_WORDS
        for verb in sentence.of("deny")
        for body in bodies
    )


def _goes_on(text: str, sentence: Sentence) -> bool:
    """Say whether a sentence opens with a quotation, or with "according to"."""
    if text[sentence.start : sentence.end].lstrip()[:1] in _OPENING:
        return True
    return any(c.order <= 1 for c in sentence.of("according"))


def _nobody(*, is_near: bool = False) -> None:
    """Give no earlier speaker; takes what :class:`~pipelines.claims.speakers.Carried` takes."""
    del is_near
