"""Who speaks where nobody stands right beside a verb of speech; pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipelines.claims.sentences.tags import NAME_WORDS, tag_of, told_as
from pipelines.claims.speaker.beside import CUT, REACH_CHARS, is_oblique
from pipelines.claims.speaker.naming import ARTICLES, names_of, surname_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.claims.sentences.sentence import Sentence
    from pipelines.claims.words.vocabulary import Cue

CLOSING_CHARS = 160
"""From a verb of speech to the name at the end of the sentence, its offices in between."""

HEADING_CHARS = 110
"""How far into a sentence the colon stands before which somebody is named."""

SUBJECT_CHARS = 40
"""How far into a sentence its subject begins, after an office."""

HEAD_WORDS = 3
"""Words before the person that heads a sentence: an office, a given name."""

REFUSED_WORDS = 8
"""Words from who refuses to the verb."""

_MARKED = frozenset((",", "»", "”", '"', "“", "—", "–", "’"))
_AUXILIARY = re.compile(r"\b[^\W\d_]{1,4} $")
"""What may stand between the comma and a participle: French "a confirmé"."""

_OUTLET = re.compile(r"[«„“\"][^«»„“”\"]{1,40}[»”“\"]")
"""A paper's name between marks of quotation."""

_DENIES = re.compile(r",? (?:[^\W\d_]{1,4} )?")
"""Between the name of who denies and the verb."""

_NEW_CLAUSE = frozenset(("that", "and", "if"))
_OFFICES = frozenset(("title", "head", "office"))
_SUBJECTS = _OFFICES | {"body", "capital", "supplier"}

_VERB = re.compile(r"\s[^\W\d_A-ZÄÖÜ]{3,}[\s.,]*$")
"""The verb that ends "wie Minister Jan Kos am Montag sagte"."""

_STOP = re.compile('[;:!?«»„“”"]')


def further_off(  # noqa: PLR0913 - what is known of one sentence
    text: str,
    sentence: Sentence,
    people: Sequence[Cue],
    speech: Sequence[Cue],
    *,
    anchor: int,
    status: str,
) -> str | None:
    """Return who speaks by the order of words, nobody being named beside a verb of speech.

    Args:
        text: The article's text.
        sentence: The sentence that carries the claim.
        people: Its people that tables know and that may speak.
        speech: Its verbs of speech.
        anchor: Offset of the claim's predicate.
        status: The claim's.
    """
    return (
        _denying(text, sentence, people, status)
        or _refusing(text, sentence, people, status)
        or _leading(text, sentence, people, speech)
        or _tagged(text, sentence, people)
        or _closing(text, sentence, people, speech)
        or _inverted(text, sentence, people, speech)
        or _before_colon(text, sentence, people, anchor)
    )


def _closing(
    text: str, sentence: Sentence, people: Sequence[Cue], speech: Sequence[Cue]
) -> str | None:
    """Return whom the end of a sentence names, far behind ", said": "…, said on Friday in …"."""
    start, end, name = max(_named(text, sentence, people), default=(0, 0, ""))
    if not name or text[end : sentence.end].strip(" .…)»”\"'\n") or is_oblique(text, start, end):
        return None
    for verb in speech:
        before = _AUXILIARY.sub("", text[sentence.start : verb.start]).rstrip()
        gap = text[verb.end : start]
        if (
            verb.kind == "said"
            and before[-1:] in _MARKED
            and 0 < len(gap) <= CLOSING_CHARS
            and not _STOP.search(gap)
        ):
            return name
    return None


def _inverted(
    text: str, sentence: Sentence, people: Sequence[Cue], speech: Sequence[Cue]
) -> str | None:
    """Return whom ", said" gives the words to, though addressees, titles or a tail are there.

    ", revealed in an interview with „Dnes“ the minister Jan Kos during a visit" names Kos; a
    ministry or capital right after the verb speaks for itself.
    """
    named = sorted(_named(text, sentence, people))
    for verb in speech:
        before = _AUXILIARY.sub("", text[sentence.start : verb.start]).rstrip()
        if verb.kind != "said" or before[-1:] not in _MARKED:
            continue
        for start, end, name in named:
            if start < verb.end or _is_no_subject(text, sentence, start, end):
                continue
            outlets = [m.span() for m in _OUTLET.finditer(text, verb.end, start)]
            gap = _OUTLET.sub("", text[verb.end : start])
            if len(gap) > CLOSING_CHARS or _STOP.search(gap):
                break
            between = [
                c
                for c in sentence.cues
                if verb.end <= c.start < start and not any(a <= c.start < b for a, b in outlets)
            ]
            if any(c.kind in _NEW_CLAUSE for c in between):
                break
            first = next((c.kind for c in between if c.kind in _SUBJECTS), "title")
            return name if first in _OFFICES else None
    return None


def _is_no_subject(text: str, sentence: Sentence, start: int, end: int) -> bool:
    """Say whether the name at ``text[start:end]`` is of an addressee or a companion."""
    if is_oblique(text, start, end) or sentence.asides.is_with(text, start):
        return True
    return any(c.end in {start, start - 1} for c in sentence.of("loc", "toward", "since"))


def _before_colon(text: str, sentence: Sentence, people: Sequence[Cue], anchor: int) -> str | None:
    """Return the one person whom the words before a colon tell of: "Kos was frank: X will …"."""
    colon = text.find(": ", sentence.start, min(anchor, sentence.start + HEADING_CHARS))
    if colon < 0 or (sentence.systems and sentence.systems[0].start < colon):
        return None
    before = [n for n in _named(text, sentence, people) if n[1] <= colon]
    if len({name for _, _, name in before}) != 1:
        return None
    is_head = any(
        start - sentence.start <= SUBJECT_CHARS and _heads(text, sentence, start)
        for start, _, _ in before
    )
    return before[0][2] if is_head else None


def _heads(text: str, sentence: Sentence, start: int) -> bool:
    """Say whether only an office or a given name stands before the name at ``start``."""
    if any(c.start < start for c in sentence.of("title", "head")):
        return not sentence.asides.is_with(text, start)
    words = [word for word in text[sentence.start : start].split() if word[0].isalpha()]
    return all(word[0].isupper() and word not in ARTICLES for word in words)


def _denying(text: str, sentence: Sentence, people: Sequence[Cue], status: str) -> str | None:
    """Return who denies or refuses: right before the verb, or after it with an office."""
    if status != "denied":
        return None
    verbs = sentence.of("deny")
    for verb in verbs:
        for person in people:
            if person.end <= verb.start and verb.order - person.order <= 2:
                return person.value
        if name := _named_before(text, sentence, verb):
            return name
    if sentence.of("capital", "supplier", "that"):
        return None
    offices = sentence.of("title", "head")
    for verb in verbs:
        for person in people:
            if any(verb.end < o.start < person.start for o in offices) and not CUT.search(
                text, verb.end, person.start
            ):
                return person.value
    return None


def _refusing(text: str, sentence: Sentence, people: Sequence[Cue], status: str) -> str | None:
    """Return the one person who heads the sentence that refuses: "Trump last week said no"."""
    if status != "denied" or len({p.value for p in people}) != 1:
        return None
    if sentence.has("that", "request") or names_of(text, sentence):
        return None
    person = people[0]
    if person.order > HEAD_WORDS or _is_no_subject(text, sentence, person.start, person.end):
        return None
    is_his = any(
        0 < verb.order - person.order <= REFUSED_WORDS
        and not CUT.search(text, person.end, verb.start)
        for verb in sentence.of("deny")
    )
    return person.value if is_his else None


def _named_before(text: str, sentence: Sentence, verb: Cue) -> str | None:
    """Return whom no table knows and who is named right before ``verb``: "Jan Kos denied"."""
    for start, end, name in _named(text, sentence, ()):
        is_beside = _DENIES.fullmatch(text, end, verb.start)
        if is_beside and not _is_no_subject(text, sentence, start, end):
            return name
    return None


def _leading(
    text: str, sentence: Sentence, people: Sequence[Cue], speech: Sequence[Cue]
) -> str | None:
    """Return the one person at the head of a sentence that says something, or "Name: …"."""
    if len({person.value for person in people}) != 1:
        return None
    person = people[0]
    if person.start - sentence.start > REACH_CHARS:
        return None
    says = any(verb.kind == "said" and verb.start > person.end for verb in speech)
    return person.value if says or text[person.end : person.end + 1] == ":" else None


def _tagged(text: str, sentence: Sentence, people: Sequence[Cue]) -> str | None:
    """Return whom an inverted verb at the end gives the words to, whatever the verb."""
    told = told_as(text, sentence)
    tag = told or tag_of(text, sentence)
    if tag is None:
        return None
    begin, end = tag
    named = [n for n in _named(text, sentence, people) if begin <= n[0] < end]
    if not named:
        return None
    start, stop, name = min(named)
    if told and not _VERB.search(text, stop, end):
        return None
    return name if text.count(" ", begin, start) <= NAME_WORDS else None


def _named(text: str, sentence: Sentence, people: Sequence[Cue]) -> list[tuple[int, int, str]]:
    """Return where a sentence names people, known or not, and their surnames."""
    return [
        *((p.start, p.end, p.value) for p in people),
        *(
            (name[0], name[1], surname_of(sentence, name, is_of_it=False))
            for name in names_of(text, sentence)
        ),
    ]
