"""Who speaks by the order of words alone: ", oznajmił generał Jan Kos" needs no known verb."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipelines.claims.sentences.aspects import without_spoken

if TYPE_CHECKING:
    from collections.abc import Collection

    from pipelines.claims.sentences.sentence import Sentence
    from pipelines.claims.words.vocabulary import Cue

_RELATIVE = "(?:котор|які|яка|який|яку|kter|któr|ktor|kur|koj|кој|што)"
_ENDINGS = """
л ла ли ло лся лась лись в вся ў ўся ет ит ют ят ется ится є ить іць ае уе яе ао рди аза ече
ł ła li ły je l la lo il al io ao že i ė o a ia ou eu iu ó ò
"""
_VERB = rf"(?!{_RELATIVE})(?:[^\W\d_]{{2,}}(?:{'|'.join(_ENDINGS.split())})|[a-zäöü]{{4,}}te?)"
_AS = re.compile(r"(?:[Ww]ie|[Zz]oals|[Jj]ak|[Aa]ko|[Aa]hogy) (?=[^\W\d_])")
"""What opens a clause that only tells who says so: "wie Minister Jan Kos publik machte"."""

_AS_TOLD = re.compile(
    r"(?:as|comme|come|como|según|conforme|wie|zoals|как|як|jak|ako) [^,.;:!?]+,", re.IGNORECASE
)
"""A clause before the first comma that tells who says so: "As the minister announced,"."""

_NAME_TAIL = re.compile(r" (?:[^\W\d_a-z][\w’'-]+ ?){2,3}[.”“\"»]*\s*$")
"""A name set apart at the end: "pronostica el jefe del Ejército, Jan Kos."."""

_TAG = re.compile(
    rf"(?<=,)[“”»«’]?\s+(?:[—–-]\s+)?({_VERB})\s+(?:si |sa |se |је |je )?(?=[^\W\d_])"
)

_SO = re.compile(r",[“”»«’]?\s+so\s+(?=[A-ZÄÖÜ])")
"""The German ", so Kos": no verb at all."""

TAIL_CHARS = 110
"""From the verb to the end of its sentence; a longer tail says something else besides."""

NAME_WORDS = 6
"""Words of titles and offices between the verb and the name."""

HOW_CHARS = 8
"""Letters of the word that opens it, a blank behind it."""

_TELLING = frozenset((
    "said", "said_pronoun", "person", "title", "head", "office", "voice", "given", "body",
    "capital", "place", "supplier", "adjective", "nation", "loc", "he", "interview", "parted",
))  # fmt: skip
"""Kinds of the words of such a clause."""

_NO_VERBS = ("that", "if", "loc", "and", "since", "question", "same", "neutral", "not")


def tag_of(text: str, sentence: Sentence) -> tuple[int, int] | None:
    """Return where the words after an inverted verb at the end of a sentence stand, or None.

    Only a small letter begins the verb, no comma follows it, and it ends as a verb of the
    Slavic and Baltic languages does, which put "said the minister Jan Kos" last.

    >>> from pipelines.claims.sentences.sentence import Sentence
    >>> told = "Systém stojí, prohodil ministr Jan Kos."
    >>> begin, end = tag_of(told, Sentence(0, len(told)))
    >>> told[begin:end]
    'ministr Jan Kos.'
    """
    comma = text.rfind(",", sentence.start, sentence.end)
    if comma < 0 or sentence.end - comma > TAIL_CHARS:
        return None
    if _NAME_TAIL.match(text, comma + 1, sentence.end):
        earlier = text.rfind(",", sentence.start, comma)
        comma = earlier if earlier >= 0 else comma
    if sentence.language == "de" and (so := _SO.match(text, comma, sentence.end)):
        return so.end(), sentence.end
    verb = _TAG.match(text, comma + 1, sentence.end)
    if verb is None or not verb[1].islower():
        return None
    if any(verb.start(1) <= c.start < verb.end(1) and c.kind in _NO_VERBS for c in sentence.cues):
        return None
    return verb.end(), sentence.end


def end_of_as(text: str, start: int) -> int:
    """Return where the "as Kos announced," ends that begins at ``start``; ``start`` if none does.

    >>> end_of_as("Come ha annunciato Kos, X arriva.", 0)
    23
    """
    opening = _AS_TOLD.match(text, start)
    return opening.end() if opening else start


def told_as(text: str, sentence: Sentence) -> tuple[int, int] | None:
    """Return where the clause stands that only tells who says so: "wie Jan Kos erklärte"."""
    start = sentence.start
    while 0 <= start < sentence.end:
        if opening := _AS.match(text, start, sentence.end):
            stop = text.find(",", opening.end(), sentence.end)
            return opening.end(), stop if stop >= 0 else sentence.end
        comma = text.find(", ", start, sentence.end)
        start = comma + 2 if comma >= 0 else -1
    return None


def as_told(text: str, sentence: Sentence, kinds: Collection[str]) -> list[Cue]:
    """Return the cues without those of a clause that only tells who says so."""
    if tag := tag_of(text, sentence):
        return without_spoken(sentence.cues, tag, kinds)
    return _without_how(text, sentence) if "question" in kinds else sentence.cues


def _without_how(text: str, sentence: Sentence) -> list[Cue]:
    """Return the cues without the "wie" that asks nothing: "Wie Minister Kos bestätigte, …"."""
    told = told_as(text, sentence)
    if told is None:
        return sentence.cues
    begin, end = told
    inside = [c for c in sentence.cues if begin <= c.start < end]
    is_said = any(c.kind == "said" for c in inside)
    if not is_said or any(c.kind not in _TELLING for c in inside):
        return sentence.cues
    return [
        c for c in sentence.cues if c.kind != "question" or not begin - HOW_CHARS <= c.start < begin
    ]
