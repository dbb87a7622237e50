"""Whether a verb of speech points back: "he said", "added the general", a verb alone; pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipelines.claims.speaker.beside import CUT, REACH_CHARS
from pipelines.claims.speaker.naming import names_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.claims.sentences.sentence import Sentence
    from pipelines.claims.speaker.beside import Named
    from pipelines.claims.words.vocabulary import Cue

OWN_CHARS = 8
"""How near a name is to a verb of its own beside a "he said"."""

BODY_CHARS = 30
"""From a verb to the ministry or capital that is its subject."""

DESCRIBED_WORDS = 5
"""Words between a verb of speech and the office that speaks: "recordó este lunes el mandatario"."""

OWNER_WORDS = 4
"""Words from an office to the nation that it is of."""

DROPPING = frozenset("es pt it ro el pl cs sk sl sr bg hu lt lv tr".split())  # noqa: SIM905
"""Languages that leave out who or what is known."""

UNSPACED = frozenset(("zh", "ja", "ko"))
"""Languages where an office within a sentence is part of a longer word."""

OPENING_WORDS = 3
"""Words set apart by a comma before a verb that has no subject: "En cambio, negó que"."""

_ALONE = re.compile(r"(?: (?:je|је|si|sa|se))?\s*(?:[.,!?…;]|$)")

_STATED = frozenset(("de", "en", "fr", "nl", "sv"))
"""Languages that never leave out who speaks."""

SNAPPED_CHARS = 45
"""From the end of a quotation to the office behind it."""

_NO_VERBS = ("that", "if", "loc", "and", "since", "question", "not", "toward", "according")
_OWNING = frozenset("'’")
_SNAPPED = re.compile(
    r"[”“»\"’],?\s+(?:[—–-]\s+)?(?:[^\W\d_A-Z]{1,3} )?"
    r"([^\W\d_A-ZÀ-ÞА-ЯІЇЄҐЎ]{4,}) (?:[^\W\d_A-Z]{1,3} ){0,2}$"
)
"""A quotation that ended, a verb, an article or reflexive."""

_AUXILIARY = re.compile(r",? (?:(?:ha|je|е|си|si|sa|a) )?")
_THEY = re.compile("(?:n|ram|li|ly|ły|ли|лі|ха|nt)$")
"""How verbs of several people end."""

_CLOSING = frozenset((",", "»", "”", "“", "—", "–", "»,", "”,", "“,"))

_SINGULAR_IN_S = frozenset(("lt", "lv"))
"""Languages whose offices end in -s."""

_PLURAL = re.compile("[ыиі]$|s$|ů$|ów$|[оеі]в$|[ао]ў$|ų$")


def is_pronoun(text: str, sentence: Sentence, speech: Sequence[Cue], named: Named | None) -> bool:
    """Say whether "he said" stands there, or a verb of speech with nobody beside it."""
    pronouns = [c for c in speech if c.kind == "said_pronoun"]
    if pronouns:
        first = pronouns[0].start
        return named is None or (named.start > first and named.gap > OWN_CHARS)
    verbs = [c for c in speech if c.kind == "said"] + sentence.of("request")
    wavers = [m for m in sentence.of("modal") if " " in text[m.start : m.end]]
    for he in sentence.of("he"):
        if any(-1 <= v.order - he.order <= 2 for v in verbs) or (
            any(m.order - he.order == 1 for m in wavers) and sentence.has("that")
        ):
            return named is None or (named.gap > 2 and named.start > he.start)
    if named is not None:
        return False
    thats = sentence.of("that")
    subjects = sentence.of("capital", "place", "supplier")
    if any(
        (v.order <= 1 or (v.order <= OPENING_WORDS and text[: v.start].rstrip()[-1:] == ","))
        and any(0 < c.order - v.order <= 2 for c in thats)
        and not any(s.order < v.order for s in subjects)
        and not (v.order == 1 and _has_subject(text, sentence, v))
        for v in verbs
    ):
        return True
    if any(_is_behind_time(text, sentence, v) for v in verbs if v.order):
        return True
    return any(
        text[max(0, v.start - 2) : v.start].strip(' "') in _CLOSING and _ALONE.match(text, v.end)
        for v in verbs
    )


def _has_subject(text: str, sentence: Sentence, verb: Cue) -> bool:
    """Say whether the word that opens the sentence speaks: "Officials said that"."""
    if sentence.language in _STATED:
        return not any(c.order == 0 for c in sentence.of("he", "not", "and"))
    return _THEY.search(text, verb.start, verb.end) is not None


def _is_behind_time(text: str, sentence: Sentence, verb: Cue) -> bool:
    """Say whether only a time stands before a verb without a subject: "En agosto repitió que"."""
    if sentence.language not in DROPPING or _THEY.search(text, verb.start, verb.end):
        return False
    if not any(c.order - verb.order == 1 for c in sentence.of("that")):
        return False
    times = [t for t in sentence.times if t.end <= verb.start]
    if not times or not _AUXILIARY.fullmatch(text, times[-1].end, verb.start):
        return False
    front = text[sentence.start : times[0].start].split()
    return len(front) <= 1 and text[times[0].end : times[-1].start].count(" ") <= 1 + len(times)


def without_pronouns(
    text: str, sentence: Sentence, people: Sequence[Cue], speech: Sequence[Cue]
) -> list[Cue]:
    """Return ``speech`` without the "he said" beside which stands who that is: "ha detto Kos"."""
    pronouns = [c for c in speech if c.kind == "said_pronoun"]
    if not pronouns:
        return [*speech]
    names = [(p.start, p.end) for p in people]
    names += [(start, end) for start, end, _ in names_of(text, sentence)]
    verbs = [c for c in speech if c.kind == "said"]
    he = sentence.of("he")
    bodies = sentence.of("body", "capital")
    named = set()
    for cue in pronouns:
        if any(cue.start <= c.start < cue.end for c in he):
            continue
        if any(
            0 < body.start - cue.end <= BODY_CHARS and not CUT.search(text, cue.end, body.start)
            for body in bodies
        ):
            named.add(cue)
        is_verb = any(cue.start <= c.start and c.end <= cue.end for c in verbs)
        for start, end in names:
            if 0 <= cue.start - end <= 1 or (
                is_verb
                and 0 < start - cue.end <= REACH_CHARS
                and not CUT.search(text, cue.end, start)
            ):
                named.add(cue)
    return [c for c in speech if c not in named]


def is_office(text: str, sentence: Sentence) -> bool:
    """Say whether a sentence gives its words to an office alone: "the secretary said"."""
    verbs = sentence.of("said", "according")
    return bool(verbs) and not sentence.of("person") and bool(_offices(text, sentence, verbs))


def is_described(text: str, sentence: Sentence, speech: Sequence[Cue]) -> bool:
    """Say whether an office that was named stands beside a verb of speech: "added the general"."""
    verbs = [c for c in speech if c.kind in {"said", "according"}]
    if sentence.of("person") or names_of(text, sentence):
        return False
    if not verbs:
        return _is_snapped(text, sentence)
    voices = {c.start for c in sentence.of("office")}
    return any(
        not sentence.asides.is_anybody(text, office.start, office.end)
        and not _is_of_others(text, sentence, office)
        and not (office.start in voices and text[office.end + 1 : office.end + 2].isupper())
        for office in _offices(text, sentence, verbs)
    )


def _is_snapped(text: str, sentence: Sentence) -> bool:
    """Say whether a word unknown gives a quotation to an office: "“…”, blaffte der Minister"."""
    if sentence.language in UNSPACED:
        return False
    others = {c.start for c in sentence.of(*_NO_VERBS)}
    return any(
        (
            at := _SNAPPED.search(
                text, max(sentence.start, office.start - SNAPPED_CHARS), office.start
            )
        )
        and at.start(1) not in others
        and text[office.end : office.end + 1] not in _OWNING
        and not sentence.asides.is_anybody(text, office.start, office.end)
        and not _is_plural(text, sentence, office)
        and not _is_of_others(text, sentence, office)
        and not text[office.end + 1 : office.end + 2].isupper()
        for office in sentence.of("title", "head")
    )


def _offices(text: str, sentence: Sentence, verbs: Sequence[Cue]) -> list[Cue]:
    """Return the offices of one person that stand beside a verb of speech."""
    found = []
    for office in sentence.of("title", "head"):
        if sentence.language in UNSPACED and office.start > sentence.start:
            continue
        if _is_plural(text, sentence, office):
            continue
        if office.order <= 1 and text[office.end : office.end + 1] == ",":
            found += (
                [office] if any(v.kind == "said" and v.start > office.end for v in verbs) else []
            )
            continue
        if office.order <= 1 and _goes_on_to_say(sentence, office, verbs):
            found.append(office)
            continue
        for verb in verbs:
            first, second = (verb, office) if verb.start < office.start else (office, verb)
            gap = second.order - first.order
            if 0 < gap <= DESCRIBED_WORDS and not CUT.search(text, first.end, second.start):
                found.append(office)
                break
    return found


def _goes_on_to_say(sentence: Sentence, office: Cue, verbs: Sequence[Cue]) -> bool:
    """Say whether who heads the sentence speaks in it later: "The minister paused, but added"."""
    ands = {c.order for c in sentence.of("and")}
    return any(v.kind == "said" and v.start > office.end and v.order - 1 in ands for v in verbs)


def _is_of_others(text: str, sentence: Sentence, office: Cue) -> bool:
    """Say whether it is told whose office it is: "the Chinese defence ministry spokesman"."""
    return any(
        0 < abs(c.order - office.order) <= OWNER_WORDS
        and not CUT.search(text, min(c.end, office.end), max(c.start, office.start))
        for c in sentence.of("adjective", "nation")
    )


def _is_plural(text: str, sentence: Sentence, office: Cue) -> bool:
    if sentence.language in _SINGULAR_IN_S and text[office.end - 1] == "s":
        return False
    return _PLURAL.search(text, office.start, office.end) is not None
