"""One sentence taken apart: its cues, clauses, systems and times."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.claims.sentences.announcing import without_announcing
from pipelines.claims.sentences.aspects import (
    with_aspects,
    without_ending,
    without_nouns,
    without_purpose,
)
from pipelines.claims.sentences.clause import Clause
from pipelines.claims.sentences.clauses import clauses_of
from pipelines.claims.sentences.comparing import not_compared
from pipelines.claims.sentences.conditions import with_inverted
from pipelines.claims.sentences.insets import with_insets
from pipelines.claims.sentences.offices import is_of_another, with_heads
from pipelines.claims.sentences.particles import without_particles
from pipelines.claims.sentences.pointing import with_pointers
from pipelines.claims.sentences.tags import as_told
from pipelines.claims.words.asides import NONE, Asides

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from connectors.records import Mention, TimeExpression
    from pipelines.claims.words.eastern import Surnames
    from pipelines.claims.words.vocabulary import Cue, Vocabulary

_NAMES = frozenset(("person", "place", "capital", "supplier"))
"""Kinds whose words have a capital, unless the whole sentence has none."""

SUBJECT_WORDS = 3
"""Words before the name or pronoun that is the subject of a sentence."""

_SPOKEN_BY = frozenset(("title", "head", "office", "person", "given", "voice"))

_PARTS = {
    "if": frozenset(
        "present done will deploy modal according plan request deny that said".split()  # noqa: SIM905
    ),
    "modal": frozenset(("able", "deny", "done", "said")),
    "request": frozenset(("said", "said_pronoun", "present")),
    "want": frozenset(("present",)),
    "block": frozenset(("request", "modal")),
    "begin": frozenset(("present",)),
    "it": frozenset(("said_pronoun",)),
    "future": frozenset(("begin", "stay")),
    "will": frozenset(("stay", "according")),
    "place": frozenset(("place",)),
    "supplier": frozenset(("place",)),
    "suspend": frozenset(("present", "done", "said", "said_pronoun", "deny", "begin")),
    "leave": frozenset(("done", "said")),
    "present": frozenset(("said",)),
    "attr": frozenset(("said",)),
    "not": frozenset(("modal", "if", "present", "suspend", "begin")),
    "question": frozenset(("that",)),
    "neutral": frozenset(("if",)),
    "plan": frozenset(("modal", "present", "begin", "done")),
    "said": frozenset(("if", "supplier")),
    "deny": frozenset(("modal", "if", "said", "present", "stay")),
    "done": frozenset(("said",)),
    "deploy": frozenset(("said",)),
    "absent": frozenset(("modal", "deny", "present", "if")),
    "use": frozenset(
        (
            "said",
            "weapon",
            "able",
            "suspend",
            "deny",
            "begin",
            "plan",
            "moving",
            "modal",
            "request",
            "done",
            "present",
            "launcher",
            "site",
        )
    ),
}
"""Kinds whose word says nothing by itself within a longer word of these kinds."""

_BARE_DAY = re.compile(r"\d{1,2}[日일]")


@dataclass(slots=True)
class Sentence(Clause):
    """The cues and clauses of ``text[start:end]``."""

    text: str = ""
    """The whole text that it stands in."""
    index: int = 0
    language: str = ""
    """Its language, in two letters; empty where no table is for it."""
    asides: Asides = NONE
    surnames: Surnames | None = None
    """The words of its language that tell who does not speak."""
    names: list[tuple[int, int, str]] | None = None
    """Where names stand that no table knows, once :mod:`naming` has looked for them."""
    entry: str | None = None
    """When the entry of a chronicle is that it stands in."""
    _clauses: list[Clause] | None = None

    @property
    def clauses(self) -> list[Clause]:
        """The clauses, cut when they are first asked for: many a sentence states nothing."""
        if self._clauses is None:
            self._clauses = with_insets(self.text, self, clauses_of(self.text, self))
        return self._clauses


def analyse(  # noqa: PLR0913 - a sentence and all that is known of it
    text: str,
    index: int,
    span: tuple[int, int],
    *,
    vocabulary: Vocabulary,
    mentions: Iterable[Mention],
    times: Iterable[TimeExpression],
) -> Sentence:
    """Return ``text[start:end]`` taken apart; a "launched" after a quotation is speech."""
    start, end = span
    systems = [m for m in mentions if start <= m.start < end]
    inside = [t for t in times if start <= t.start < end]
    cues = vocabulary.cues(text, start, end)
    kinds = {c.kind for c in cues}
    systems = not_compared(text, systems, cues, kinds, vocabulary.language)
    if vocabulary.scanner is not None and "said" in kinds:
        inside = [t for t in inside if not _heads_statement(text, t)]
    if not kinds.isdisjoint(_NAMES) and not text[start:end].islower():
        cues = [c for c in cues if c.kind not in _NAMES or not _is_small(text[c.start])]
    if "epithet" in kinds:
        cues = [
            _as_person(c, vocabulary) if c.kind == "epithet" else c
            for c in cues
            if c.kind != "epithet" or not is_of_another(text, c, cues)
        ]
    cues = with_inverted(text, span, cues, kinds, vocabulary.language)
    if "head" in kinds:
        cues = with_heads(text, cues, vocabulary.heads)
    cues = _without_parts(_without_clitics(text, cues, kinds), kinds)
    cues = without_particles(text, span, cues, kinds, vocabulary)
    if inside:
        cues = _without_dates(cues, inside)
    if "neutral" in kinds:
        neutral = [c for c in cues if c.kind == "neutral"]
        cues = [
            c
            for c in cues
            if not any(n.start <= c.start < n.end or n.start < c.end < n.end for n in neutral)
        ]
    if "use" in kinds and "said" in kinds:
        spoken = {cue.end for cue in cues if cue.kind == "said"}
        cues = [
            c
            for c in cues
            if c.kind != "use"
            or c.end not in spoken
            or not (_speaks(text, c) or _is_inverted(text, c, cues))
        ]
    if "plan" in kinds and "said" in kinds:
        cues = without_announcing(text, start, cues, vocabulary.language)
    cues = without_ending(text, with_pointers(text, cues, kinds), kinds)
    cues = with_aspects(text, cues, kinds, vocabulary.language, is_dated=bool(inside))
    cues = without_purpose(text, without_nouns(cues, kinds, vocabulary.language), kinds)
    sentence = Sentence(start, end, cues, systems, inside, text=text, index=index)
    sentence.language = vocabulary.language
    if "said" in kinds:
        sentence.cues = as_told(text, sentence, kinds)
    sentence.asides = vocabulary.asides
    sentence.surnames = vocabulary.surnames
    return sentence


def _is_small(letter: str) -> bool:
    """Say whether it is a small letter where names have capitals: Georgian ones have none."""
    return letter.islower() and not "\u10d0" <= letter <= "\u10ff"


def _without_dates(cues: list[Cue], times: list[TimeExpression]) -> list[Cue]:
    """Leave out words that only are part of a time, but "until"."""
    dated = [(t.start, t.end) for t in times]
    first, last = dated[0][0], max(end for _, end in dated)
    return [
        c
        for c in cues
        if c.start < first
        or c.end > last
        or c.kind == "until"
        or not any([s <= c.start and c.end <= e for s, e in dated])  # noqa: C419 - as quick
    ]


def _as_person(epithet: Cue, vocabulary: Vocabulary) -> Cue:
    name = vocabulary.holders.get(epithet.value, epithet.value)
    return epithet._replace(kind="person", value=name)


def _without_clitics(text: str, cues: list[Cue], kinds: Collection[str]) -> list[Cue]:
    """Leave out the Portuguese "-se" that clings to a verb: it is no "if"."""
    if "if" not in kinds and "condition" not in kinds:
        return cues
    return [
        c for c in cues if c.kind not in {"if", "condition"} or text[c.start - 1 : c.start] != "-"
    ]


def _without_parts(cues: list[Cue], kinds: Collection[str]) -> list[Cue]:
    """Leave out words that only are part of a longer one: the "if" of Portuguese "se encontra"."""
    for part, wholes in _PARTS.items():
        if part in kinds and not wholes.isdisjoint(kinds):
            least = min((c.end - c.start for c in cues if c.kind == part), default=0)
            whole = [c for c in cues if c.kind in wholes and c.end - c.start > least]
            if whole:
                cues = [c for c in cues if c.kind != part or not _is_within(c, whole)]
    if "noted" in kinds and "arrival" not in kinds:
        cues = [c for c in cues if c.kind != "noted"]
    if "will" in kinds and "modal" in kinds:
        may = {(c.start, c.end) for c in cues if c.kind == "modal"}
        cues = [c for c in cues if c.kind != "will" or (c.start, c.end) not in may]
    if "able" in kinds and "modal" in kinds:
        can = {(c.start, c.end) for c in cues if c.kind == "able"}
        cues = [c for c in cues if c.kind != "modal" or (c.start, c.end) not in can]
    return cues


def _is_within(part: Cue, wholes: Iterable[Cue]) -> bool:
    return any(_is_part(part, whole) for whole in wholes)


def _is_part(part: Cue, whole: Cue) -> bool:
    longer = whole.end - whole.start > part.end - part.start
    if part.kind == "use":
        return longer and part.start < whole.end and whole.start < part.end
    return longer and whole.start <= part.start and part.end <= whole.end


def _heads_statement(text: str, time: TimeExpression) -> bool:
    """Say whether a bare day stands apart before what is said: ``6日、…と述べた``."""
    return bool(_BARE_DAY.fullmatch(time.quote)) and text[time.end : time.end + 1] in "、，"


def _is_inverted(text: str, verb: Cue, cues: Iterable[Cue]) -> bool:
    """Say whether who speaks follows a verb behind a comma: ", a lancé le député Jan Kos"."""
    if text[verb.start - 2 : verb.start] != ", ":
        return False
    first = next((c for c in cues if c.start >= verb.end), None)
    return first is not None and first.kind in _SPOKEN_BY


def _speaks(text: str, cue: Cue) -> bool:
    return any(mark in text[max(0, cue.start - 12) : cue.start] for mark in '»”“"')
