"""What the words around a verb make of it: an aspect in Chinese, speech before a name; pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipelines.claims.sentences.presents import VERB_SECOND, with_presents

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from pipelines.claims.words.vocabulary import Cue

ASPECT_REACH_CHARS = 30
"""From the word of the aspect to its verb: a time or place may stand between."""

UNREAL_WORDS = 3
"""Words from a plan or doubt to "for the first time"."""

NOUN_WORDS = 3
"""Words from a verb to the noun that it rules: "باشرت يوم الأحد نقل"."""

_SERVED = frozenset(("use", "deploy", "done", "present", "attr"))
_MARKS = frozenset("，。；、")

PROGRESSIVE_WORDS = 3
"""Words from "is" to its verb: "is reportedly delivering"."""

_PROGRESSIVE = ("ing", "ndo")
"""How a verb ends that goes on after "is": English, Spanish, Italian, Portuguese."""

_PARTICIPLE_LAST = frozenset(("de", "nl"))
"""Languages where only "werden" tells what goes on: "sind derzeit in Belarus stationiert"."""

_PARTED = frozenset((", ", "» ", "” ", '" '))
"""What stands before a verb that only tells who spoke."""

_ASPECTS = {"perfect": "done", "going": "moving"}
_DEPLOYED = frozenset(("deploy", "done"))
_BETWEEN = frozenset(
    ("loc", "toward", "since", "place", "region", "weapon", "capital", "own", "there")
)
_ADVERBS = frozenset(("already", "again", "present", "partial"))
_UNREAL = frozenset(("will", "future", "modal", "plan", "request", "deny", "not", "absent", "if"))
_RULING = frozenset(("begin", "plan", "future", "will", "modal", "request", "deny", "suspend"))

_RULED = frozenset((
    "deploy", "done", "attr", "will", "moving", "leave", "back", "withdraw", "ready", "begin",
    "use", "suspend", "request", "plan", "hit",
))  # fmt: skip
"""Kinds of which one makes "has" a verb that rules another: "má dostat"."""

_INFINITIVE = re.compile(r"\b\w{2,}[tťć]\b")
"""What may be the infinitive of any verb: Czech in -t, Slovak in -ť, Polish in -ć."""

RULED_CHARS = 120
"""From "has" to the infinitive that it rules."""

RULED_WORDS = 12
"""Words from "has" to the verb that it rules."""

_STATES = frozenset(("done", "use", "will", "moving", "suspend", "deploy", "present", "leave"))
"""Kinds that a verb of speech may also be: Polish "przekazał" is said and handed over."""


def without_ending(text: str, cues: list[Cue], kinds: Collection[str]) -> list[Cue]:
    """Leave out what was done where a verb between commas only ends a speech: ", ha concluso,"."""
    if "done" not in kinds or "said" not in kinds:
        return cues
    spoken = {
        (c.start, c.end)
        for c in cues
        if c.kind == "said" and text[c.start - 2 : c.start] in _PARTED
        if " " in text[c.start : c.end]
    }
    if not spoken:
        return cues
    return [
        c
        for c in cues
        if c.kind != "done" or not any(s <= c.start and c.end <= e for s, e in spoken)
    ]


def with_aspects(
    text: str,
    cues: list[Cue],
    kinds: Collection[str],
    language: str = "",
    *,
    is_dated: bool = False,
) -> list[Cue]:
    """Return ``cues`` with the verb that a word of aspect rules as done or moving.

    ``已于5日交付`` is done, ``正通过海路运送`` goes on; so does Turkish ``şu sıralar taşındığını``.
    """
    if "has" in kinds:
        cues = _without_having(text, cues)
    if language in VERB_SECOND and not is_dated:
        cues = with_presents(text, cues, kinds)
    if "delivers" in kinds:
        cues = _with_deliveries(cues, is_going="going" in kinds)
    for aspect, kind in _ASPECTS.items():
        if aspect in kinds:
            if aspect == "going" and language in _PARTICIPLE_LAST and "passive" not in kinds:
                continue
            ruled = {
                span for cue in cues if cue.kind == aspect if (span := _ruled(text, cue, cues))
            }
            cues = [
                c._replace(kind=kind) if c.kind in _DEPLOYED and (c.start, c.end) in ruled else c
                for c in cues
                if c.kind != aspect or "passive" in kinds
            ]
    return _with_progressives(text, cues) if "progressive" in kinds else cues


def _without_having(text: str, cues: list[Cue]) -> list[Cue]:
    """Return ``cues`` with a "has" that rules no verb as what is there, not as "is to".

    "Bělorusko má rakety", not "Bělorusko má dostat rakety".
    """
    starts = {c.start: c.order for c in cues if c.kind == "has"}
    alone = {
        start
        for start, order in starts.items()
        if not any(0 < c.order - order <= RULED_WORDS for c in cues if c.kind in _RULED)
        and not _INFINITIVE.search(text, start, start + RULED_CHARS)
    }
    return [
        c._replace(kind="present") if c.kind == "future" and c.start in alone else c
        for c in cues
        if c.kind != "has"
    ]


def _with_deliveries(cues: list[Cue], *, is_going: bool) -> list[Cue]:
    """Return ``cues`` with what somebody "liefert derzeit" as moving; alone it tells nothing."""
    return [
        c._replace(kind="moving") if c.kind == "delivers" else c
        for c in cues
        if is_going or c.kind != "delivers"
    ]


def _with_progressives(text: str, cues: list[Cue]) -> list[Cue]:
    """Return ``cues`` with what somebody "is delivering" as moving."""
    going: set[int] = set()
    last: Cue | None = None
    for cue in cues:
        if cue.kind == "progressive":
            last = cue
        elif last is None or cue.kind in _BETWEEN or cue.kind in _ADVERBS:
            continue
        elif cue.kind == "deploy" and cue.order - last.order <= PROGRESSIVE_WORDS:
            word = text[cue.start : cue.end].split(" ", 1)[0]
            if word.endswith(_PROGRESSIVE):
                going.add(cue.start)
            last = None
        else:
            last = None
    return [
        c._replace(kind="moving") if c.kind == "deploy" and c.start in going else c
        for c in cues
        if c.kind != "progressive"
    ]


def without_purpose(text: str, cues: list[Cue], kinds: Collection[str]) -> list[Cue]:
    """Return ``cues`` without the verb that tells what a site is for: ``供“榛树”使用的阵地``."""
    if "serving" not in kinds:
        return cues
    told: set[int] = set()
    for cue in cues:
        if cue.kind == "serving":
            verb = next((c for c in cues if c.start >= cue.end and c.kind in _SERVED), None)
            if verb is not None and _MARKS.isdisjoint(text[cue.end : verb.start]):
                told.add(verb.start)
    return [c for c in cues if c.kind != "serving" and c.start not in told]


def _ruled(text: str, aspect: Cue, cues: Sequence[Cue]) -> tuple[int, int] | None:
    """Return where the deployment stands that a word of aspect rules, or None."""
    if _is_unreal(aspect, cues):
        return None
    after = [c for c in cues if c.start >= aspect.end and c.kind not in _BETWEEN]
    if not after or after[0].start >= aspect.end + ASPECT_REACH_CHARS:
        return None
    verb = after[0]
    between = text[aspect.end : verb.start]
    if not _MARKS.isdisjoint(between):
        return None
    is_deployment = any(c.kind == "deploy" and c.start == verb.start for c in after[:3])
    return (verb.start, verb.end) if is_deployment else None


def _is_unreal(first: Cue, cues: Iterable[Cue]) -> bool:
    """Say whether "for the first time" stands after a plan or doubt: ``计划首次部署``."""
    if not any(c.kind == "earlier" and c.start == first.start for c in cues):
        return False
    return any(0 < first.order - c.order <= UNREAL_WORDS for c in cues if c.kind in _UNREAL)


def without_nouns(cues: list[Cue], kinds: Collection[str], language: str) -> list[Cue]:
    """Return Arabic ``cues`` without the verb that is the noun of the one before it.

    Unvowelled, ``نشر`` is "deployed" and "the deployment of": after "began", "plans" or "that" it
    is the noun.
    """
    if language != "ar" or "done" not in kinds or "deploy" not in kinds:
        return cues
    nouns = {(c.start, c.end) for c in cues if c.kind == "deploy"}
    return [
        c
        for c in cues
        if c.kind != "done" or (c.start, c.end) not in nouns or not _is_governed(c, cues)
    ]


def _is_governed(noun: Cue, cues: Sequence[Cue]) -> bool:
    said = {c.start for c in cues if c.kind == "said"}
    for cue in cues:
        gap = noun.order - cue.order
        if 0 < gap <= NOUN_WORDS and cue.kind in _RULING and cue.start not in said:
            return True
        if gap == 1 and cue.kind in {"that", "loc", "from"}:
            return True
    return False


def without_spoken(cues: list[Cue], tag: tuple[int, int], kinds: Collection[str]) -> list[Cue]:
    """Return ``cues`` without the stages that the verb of speech at ``tag`` could also mean.

    Args:
        cues: The cues of a sentence.
        tag: Where the words after that verb stand, which begins right before them.
        kinds: The kinds that are there.
    """
    if _STATES.isdisjoint(kinds):
        return cues
    spoken = {c.start for c in cues if c.kind == "said" and 0 <= tag[0] - c.end <= 4}
    return [c for c in cues if c.start not in spoken or c.kind not in _STATES]
