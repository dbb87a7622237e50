"""Who says it: the person beside a verb of speech, by a Latin surname."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from pipelines.claims.latin import latin_surname, nominative
from pipelines.claims.tags import NAME_WORDS, tag_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pipelines.claims.sentence import Sentence
    from pipelines.claims.vocabulary import Cue

REACH_CHARS = 70
"""How far a name may stand from its verb of speech."""

_NO_PEOPLE = frozenset(("place", "region", "capital", "supplier", "adjective", "person", "body"))
_UPPER = "[A-ZÀ-ÖØ-ÞĀ-ŽЀ-ЯҐΑ-Ω]"
_REST = r"[\w’'\u0301\u00ad-]+"
_CAPITAL = _UPPER + _REST
_PARTICLE = r"(?:(?:de|del|della|di|da|du|von|van|der|den|zu|al|el|bin|la|le|dos) )*"
NAME = rf"{_CAPITAL}(?: {_PARTICLE}{_CAPITAL}){{1,5}}"
_NAME = re.compile(
    # One class to begin with: a search skips what is not in it.
    rf"{_UPPER}(?<![^\W_].){_REST}(?: {_PARTICLE}{_CAPITAL}){{1,5}}"
)
_SURNAME = re.compile(rf"\.?[ \u00a0]({_CAPITAL})(?![\w’'-])(?! {_CAPITAL})")
_ALONE = re.compile(r"[\s]*(?:[.,!?…;]|$)")

_OF = re.compile(r" (?:de|di|of|von|do|van|by) |e? d[’']")

OF_CHARS = 25
"""From "announcement" to the surname of whose it is."""

_ARTICLE_WORDS = """
The Die Der Das Den Dem Ein Eine Einen Le La Les Un Une El Los Las Una Il Lo Gli I
"""
_ARTICLES = frozenset(_ARTICLE_WORDS.split())
_Named = tuple[int, int, str]
"""Where a name stands, and the surname as it is printed."""


def speaker_of(
    text: str, sentence: Sentence, *, anchor: int, status: str, carried: Callable[[], str | None]
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
        before = [p for p in people if p.start < anchor]
        beside = [p for p in before if _is_beside(sentence, p, anchor)]
        if beside:
            return beside[-1].value
        if not before and _opens(sentence, anchor) and (earlier := carried()):
            return earlier
        if before:
            return before[0].value if len(before) == 1 else _asking(before, sentence).value
    speech = [c for c in _speech(sentence, status) if not _is_a_noun(text, sentence, c)]
    named = _nearest(people, speech)
    unknown = _unknown(text, sentence, speech)
    if unknown is not None and (named is None or unknown[0] < named[0]):
        named = unknown
    if _is_pronoun(text, sentence, speech, named) and (earlier := carried()):
        return earlier
    if named is not None:
        return named[1]
    return (
        _denying(sentence, people, status)
        or _leading(text, sentence, people, speech)
        or _tagged(text, sentence, people)
    )


def _opens(sentence: Sentence, anchor: int) -> bool:
    """Say whether the request opens its sentence, its subject left out: "Había pedido …"."""
    return any(c.start == anchor and c.order <= 1 for c in sentence.of("request"))


def _is_beside(sentence: Sentence, person: Cue, anchor: int) -> bool:
    asked = next((c for c in sentence.of("request") if c.start == anchor), None)
    return asked is not None and 0 < asked.order - person.order <= 2


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


def _is_pronoun(
    text: str, sentence: Sentence, speech: Sequence[Cue], named: tuple[int, str] | None
) -> bool:
    """Say whether "he said" stands there, or a verb of speech with nobody beside it."""
    if sentence.of("said_pronoun"):
        return True
    verbs = [c for c in speech if c.kind == "said"] + sentence.of("request")
    if any(-1 <= v.order - h.order <= 2 for v in verbs for h in sentence.of("he")):
        return named is None or named[0] > 2
    if named is not None:
        return False
    thats = sentence.of("that")
    if any(v.order <= 1 and any(0 < c.order - v.order <= 2 for c in thats) for v in verbs):
        return True
    return any(
        text[max(0, v.start - 2) : v.start].strip(' "') in _CLOSING and _ALONE.match(text, v.end)
        for v in verbs
    )


_CLOSING = frozenset((",", "»", "”", "“", "—", "–", "»,", "”,", "“,"))


def _denying(sentence: Sentence, people: Sequence[Cue], status: str) -> str | None:
    """Return who denies or refuses: the person right before the verb."""
    if status != "denied":
        return None
    for verb in sentence.of("deny"):
        for person in people:
            if person.end <= verb.start and verb.order - person.order <= 2:
                return person.value
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
    tag = tag_of(text, sentence)
    if tag is None:
        return None
    begin, end = tag
    named = [(p.start, p.value) for p in people if begin <= p.start < end]
    named += [
        (s, latin_surname(name)) for s, _, name in _names_of(text, sentence) if begin <= s < end
    ]
    if not named:
        return None
    start, name = min(named)
    return name if text.count(" ", begin, start) <= NAME_WORDS else None


def _is_of_an_office(text: str, sentence: Sentence, person: Cue) -> bool:
    """Say whether the name only tells whose office or spokesman it is."""
    for office in sentence.of("office"):
        if 0 < person.order - office.order <= 2 and office.end <= person.start:
            return "," not in text[office.end : person.start]
        after = text[person.end : person.end + 2]
        if 0 < office.order - person.order <= 2 and after in {"'s", "’s"}:
            return True
    return False


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
        if verb.kind == "said_pronoun":
            continue
        for person in people:
            gap = person.start - verb.end if person.start >= verb.end else verb.start - person.end
            if verb.kind == "according" and person.start < verb.start:
                continue
            if 0 <= gap <= REACH_CHARS and (best is None or gap < best[0]):
                best = gap, person.value
    return best


def _unknown(text: str, sentence: Sentence, speech: Sequence[Cue]) -> tuple[int, str] | None:
    """Return the nearest name beside a verb of speech that is no place, body or system."""
    if not speech:
        return None
    best: tuple[int, str] | None = None
    is_of_it = False
    for start, end, printed in _names_of(text, sentence):
        for verb in speech:
            after, before = start - verb.end, verb.start - end
            if start < verb.end <= end:
                after = 0
            gap = after if after >= 0 else before
            if verb.kind == "said_pronoun" or (verb.kind == "according" and after < 0):
                continue
            if 0 <= gap <= REACH_CHARS and (best is None or gap < best[0]):
                best = gap, printed
                is_of_it = verb.kind == "according"
    if best is None:
        return None
    gap, name = best
    return gap, latin_surname(nominative(name) if is_of_it and sentence.is_inflected else name)


def _has_particle(words: Sequence[str]) -> bool:
    """Say whether a name holds "de": then any word of it can show that it is an institution."""
    return any(word[0].islower() for word in words)


def names_in(text: str, sentence: Sentence) -> list[str]:
    """Return the people that a stretch names, known or not, in order."""
    found = [(p.start, p.value) for p in sentence.of("person")]
    found += [(start, latin_surname(name)) for start, _, name in _names_of(text, sentence)]
    return [name for _, name in sorted(found)]


def _names_of(text: str, sentence: Sentence) -> list[_Named]:
    """Return what :func:`_names` yields, looked for once a sentence."""
    if sentence.names is None:
        sentence.names = list(_names(text, sentence))
    return sentence.names


def _names(text: str, sentence: Sentence) -> Iterator[_Named]:
    """Yield each "First Last", and each surname after a title, that no table knows."""
    taken = [(c.start, c.end) for c in sentence.cues if c.kind in _NO_PEOPLE]
    taken += [(m.start, m.end) for m in sentence.systems]
    taken += [(t.start, t.end) for t in sentence.times]
    known = [(p.start, p.end) for p in sentence.of("person")]
    for match in _NAME.finditer(text, sentence.start, sentence.end):
        words = match.group().split()
        if words[0] in _ARTICLES:
            continue
        if any(match.start() < stop < match.end() for _, stop in known):
            continue
        first = match.start() if _has_particle(words) else match.end() - len(words[-1])
        if not any(begin < match.end() and first < stop for begin, stop in taken):
            yield match.start(), match.end(), words[-1]
    for title in sentence.of("title"):
        alone = _SURNAME.match(text, title.end, sentence.end)
        if (
            alone
            and not alone[1].isupper()
            and not any(begin < alone.end() and alone.start(1) < stop for begin, stop in taken)
        ):
            yield alone.start(1), alone.end(), alone[1]
