"""Who is named as the speaker only in the sentence after; pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipelines.claims.speaker.naming import names_of, surname_of
from pipelines.claims.speaker.pronouns import is_office
from pipelines.claims.speaker.speakers import speaker_of

if TYPE_CHECKING:
    from pipelines.claims.sentences.sentence import Sentence

TOLD_WORDS = 7
"""Words before the verb of a sentence that only tells who said the one before."""

TOLD_CHARS = 180
"""How long such a sentence is at most."""

BODY_WORDS = 3
"""Words before a body that is the subject, and from it to its verb."""

_SHORT = re.compile(r"(?<=\s)(\w{2,5})(?=\s)")
"""A word that may stand for what was said: "to", "lo", "dies"."""

_OPENING = frozenset('"«“„「‘”–—')


def named_in(
    text: str, sentence: Sentence, following: Sentence, *, is_told_back: bool = False
) -> str | None:
    """Return whom ``following`` gives the words of ``sentence`` to, or None.

    "This was said by Kos" does; so does a quotation, or "according to Kos", right after a sentence
    that gives its words to an office alone, unless ``is_told_back`` wants the former.
    """
    verbs = following.of("said", "according")
    if not verbs:
        return _teller(text, sentence, following)
    opening = [following.start, *(c.end for c in following.of("said") if c.order == 0)]
    opening += _words_before(text, following, verbs[0].start)
    if any(sentence.asides.tells_back(text, start, following.end) for start in opening):
        is_short = following.end - following.start <= TOLD_CHARS
        if following.systems or not is_short or verbs[0].order > TOLD_WORDS:
            return None
        if following.of("deny") and not sentence.of("deny", "not"):
            return None
    elif is_told_back or not _is_continued(text, sentence, following):
        return None
    return speaker_of(text, following, anchor=following.end, status="", carried=_nobody)


def _words_before(text: str, following: Sentence, verb: int) -> list[int]:
    """Return where the short words before the verb start: "Novinářům to řekl Kos".

    Who stands before the verb only comments on it: "Kos tai pavadino gąsdinimu".
    """
    people = [p.start for p in following.of("person")]
    people += [name[0] for name in names_of(text, following)]
    if any(start < verb for start in people):
        return []
    words = _SHORT.finditer(text, following.start, verb)
    return [match.start(1) for match in words]


def _teller(text: str, sentence: Sentence, following: Sentence) -> str | None:
    """Return the one person of a short sentence like "The news came from Kos", or None."""
    if following.systems or following.end - following.start > TOLD_CHARS:
        return None
    if not sentence.asides.tells_back(text, following.start, following.end):
        return None
    named = [(p.start, p.value) for p in following.of("person")]
    named += [
        (name[0], surname_of(following, name, is_of_it=False)) for name in names_of(text, following)
    ]
    if not named or len({name for _, name in named}) != 1:
        return None
    start, name = min(named)
    return name if text.count(" ", following.start, start) <= TOLD_WORDS else None


def _is_continued(text: str, sentence: Sentence, following: Sentence) -> bool:
    """Say whether a quotation follows what an office alone, or a ministry, is said to say."""
    if not _goes_on(text, following):
        return False
    return is_office(text, sentence) or _is_of_a_body(sentence)


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
    """Give no earlier speaker; takes what :class:`.speakers.Carried` takes."""
    del is_near
