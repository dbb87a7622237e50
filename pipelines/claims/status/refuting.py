"""What the sentence before told is denied as a whole: "The Kremlin denied this"; pure.

"Reports say that X is in Minsk. Peskov rejected the claim": the sentence that refutes names neither
weapon nor place, only who denies and a word for what was told ("it", "the report"), or no object
at all ("Minsk zaprzeczył").
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipelines.claims.sentences.silence import is_silent
from pipelines.claims.speaker.pronouns import UNSPACED

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipelines.claims.article.story import Story
    from pipelines.claims.sentences.clause import Clause
    from pipelines.claims.sentences.sentence import Sentence
    from pipelines.claims.words.vocabulary import Cue

OBJECT_WORDS = 1
"""Words between "it" and what it is called: "nannte das eine Lüge"."""

OTHER_WORDS = 1
"""Words behind the verb that no table knows: "denied it categorically"."""

AUXILIARY_WORDS = 1
"""Words between who denies and a verb without an object: "hat dementiert"."""

BESIDE_CHARS = 3
"""Signs between "this" and the denial where no blank parts words."""

_WHO = (
    *("person", "title", "head", "office", "voice", "given", "body", "capital", "supplier"),
    *("nation", "place", "adjective", "region"),
)
"""Kinds of whoever denies."""

_STATES = ("capital", "place", "supplier", "adjective", "nation")
"""Kinds that name a state which denies."""

_BESIDE = frozenset((
    *_WHO, "deny", "said", "said_pronoun", "it", "this", "that", "he", "loc", "earlier", "again",
    "already", "progressive", "neutral", "matter", "and", "parted", "until", "same", "for_it",
    "passive",
))  # fmt: skip
"""Kinds that may stand in such a sentence."""

_STOP = re.compile("[,;:()!?。，；：—–]|[.](?!\\w)|$")
_WORD = re.compile(r"\w+")

_VERB_LAST = frozenset("tr hu fi et lt lv".split())  # noqa: SIM905
"""Languages whose object may stand between who denies and the verb."""


def refutation(text: str, sentence: Sentence, clause: Clause) -> Cue | None:
    """Return the word by which ``clause`` denies all that was told before it, or None."""
    refusals = clause.of("deny")
    if not refusals or clause.systems or is_silent(clause):
        return None
    first = refusals[0]
    stop = _STOP.search(text, first.end, clause.end)
    end = stop.start() if stop else clause.end
    cues = [c for c in clause.cues if c.start < end]
    if not _is_nothing_else(cues) or _is_by_him(cues):
        return None
    if sentence.language in UNSPACED:
        return first if _is_beside(text, sentence, cues, end) else None
    is_so = _is_of_a_report(text, sentence, cues, end) or _is_of_what_was_told(
        text, sentence, cues, end
    )
    return first if is_so else None


def is_concerned(story: Story, clause: Clause, systems: Iterable[str], grounds: set[str]) -> bool:
    """Say whether who denies has a say in it: who hosts the weapon or owns it.

    What Beijing rejects will still come to Japan.
    """
    known = story.lexicons
    people = (known.people.get(c.value) for c in clause.of("person"))
    who = {c.value for c in clause.of(*_STATES)} | {p.country for p in people if p and p.country}
    if not who:
        return True
    owners = {
        "RU" if known.systems[name].home or known.systems[name].place else "US" for name in systems
    }
    return not who.isdisjoint(grounds | owners)


def _is_nothing_else(cues: Sequence[Cue]) -> bool:
    """Say whether it tells only who denies: no weapon or deed, and nobody only fails to confirm."""
    spans = [(c.start, c.end) for c in cues if c.kind == "deny"]
    if any(
        start < c.end and c.start < end for c in cues if c.kind == "neutral" for start, end in spans
    ):
        return False
    for cue in cues:
        is_part = any(start <= cue.start and cue.end <= end for start, end in spans)
        if is_part and cue.kind == "said" and _is_negated(cues, cue):
            return False
        if not is_part and cue.kind not in _BESIDE:
            return False
    return True


def _is_by_him(cues: Sequence[Cue]) -> bool:
    """Say whether "he" denies, who may be the one who told of it."""
    kinds = {c.kind for c in cues}
    return "he" in kinds and kinds.isdisjoint(_WHO)


def _is_negated(cues: Sequence[Cue], said: Cue) -> bool:
    """Say whether "not" stands before the verb of speech: "цього не підтверджує"."""
    return any(c.kind == "not" and 0 < said.order - c.order <= 1 for c in cues)


def _is_beside(text: str, sentence: Sentence, cues: Sequence[Cue], end: int) -> bool:
    """Say whether a verb of denial that ends a sentence has "this" beside it: 否认了这一报道."""
    if text[end : end + 1] not in "。." or not any(c.kind == "said" for c in cues):
        return False
    told = [(c.start, c.end) for c in cues if c.kind in {"it", "this"}]
    if reported := sentence.asides.report.search(text, cues[0].start, end):
        told.append(reported.span())
    denial = next(c for c in cues if c.kind == "deny")
    return any(max(start - denial.end, denial.start - stop) <= BESIDE_CHARS for start, stop in told)


def _is_of_a_report(text: str, sentence: Sentence, cues: Sequence[Cue], end: int) -> bool:
    """Say whether a report is denied, and nothing follows: "dismissed the report as fake"."""
    refusals = [c for c in cues if c.kind == "deny"]
    reported = sentence.asides.report.search(text, sentence.start, end)
    if reported is None or any(
        c.start < reported.end() and reported.start() < c.end for c in refusals
    ):
        return False
    if _is_of_two(cues):
        return False
    last = max(reported.end(), refusals[0].end)
    return _words_left(text, sentence, cues, last, end) <= OTHER_WORDS


def _is_of_what_was_told(text: str, sentence: Sentence, cues: Sequence[Cue], end: int) -> bool:
    """Say whether "it" is denied, or only who denies stands before it: "Minsk dementierte"."""
    refusals = [c for c in cues if c.kind == "deny"]
    who = [c for c in cues if c.kind in _WHO]
    rest = _words_left(text, sentence, cues, refusals[0].end, end)
    if _is_of_two(cues) or rest > OTHER_WORDS:
        return False
    demonstratives = {c.start for c in cues if c.kind == "this"}
    for it in cues:
        if it.kind not in {"it", "this"}:
            continue
        if any(0 <= it.start - r.end <= 1 for r in refusals):
            return not (rest and it.start in demonstratives)
        is_object = who or (it.order > 0 and not rest)
        if is_object and any(
            it.end <= r.start and text.count(" ", it.end, r.start) <= OBJECT_WORDS + 1
            for r in refusals
        ):
            return True
    if rest or sentence.language in _VERB_LAST or not who or who[-1].start > refusals[0].start:
        return False
    return _words_left(text, sentence, cues, who[-1].end, refusals[0].start) <= AUXILIARY_WORDS


def _is_of_two(cues: Sequence[Cue]) -> bool:
    """Say whether another is told of behind the verb: "Minsk denied that to Warsaw"."""
    denial = next(c for c in cues if c.kind == "deny")
    who = [c for c in cues if c.kind in _WHO]
    return any(c.end <= denial.start for c in who) and any(c.start >= denial.end for c in who)


def _words_left(text: str, sentence: Sentence, cues: Sequence[Cue], start: int, end: int) -> int:
    """Count the words of ``text[start:end]`` that are no cue and no time."""
    spans = [(c.start, c.end) for c in cues] + [(t.start, t.end) for t in sentence.times]
    words = _WORD.finditer(text, start, max(start, end))
    return sum(not any(s < w.end() and w.start() < e for s, e in spans) for w in words)
