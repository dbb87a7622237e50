"""Words beside a name or office that tell who does not speak: looked for only when one may; pure.

They are too common to be cues: an "a" or "with" stands in every sentence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

KINDS = (
    "some",
    "told",
    "with",
    "by",
    "near",
    "source",
    "reported",
    "assent",
    "dissent",
    "perhaps",
    "whether",
    "report",
    "decided",
    "put_off",
    "duty",
    "past",
)
"""Kinds of ``predicates/`` that are read here and yield no cue."""

REPLY_CHARS = 80
"""How far into an answer "perhaps" may stand."""

BEFORE_CHARS = 60
"""How far back the word stands that belongs to a name or office."""

AROUND_CHARS = 90
"""How far back those stand who are near somebody."""

_WORD = r"[^\W\d_][\w’'.-]*"
_NO_RELATIVE = (
    r"(?!któr|котор|яко|яки|якім|kter[oéý]|ktor[oéý]|whom |which |qu[ei] |lequel|cui |koj|кој)"
)
"""Whom somebody is with stands apart from "with which the minister Jan Kos …"."""
_OPENING = r"\W*(?:\w{1,9}(?:[.:]\s+|：))?\W*"
"""Before an answer: a dash, a mark of quotation, or whose turn it is ("A.", "R:")."""
_BEGINS, _ENDS = r"(?:(?<!\w)|(?<=[\u3040-\ud7a3]))", r"(?:(?!\w)|(?=[\u3040-\ud7a3]))"
"""Where a word begins and ends; between two signs of Chinese, Japanese or Korean it may."""
_ANSWERED = r"(?=\s*(?:[^\w\s]|$))"
_WITH_SIGNS = frozenset("与與同跟向對对")
"""Chinese for "with" and "to", right before a name."""

_NEVER = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asides:
    """The patterns of one language."""

    some: re.Pattern[str] = _NEVER
    told: re.Pattern[str] = _NEVER
    accompanied: re.Pattern[str] = _NEVER
    agent: re.Pattern[str] = _NEVER
    near: re.Pattern[str] = _NEVER
    reported: re.Pattern[str] = _NEVER
    assent: re.Pattern[str] = _NEVER
    dissent: re.Pattern[str] = _NEVER
    perhaps: re.Pattern[str] = _NEVER
    whether: re.Pattern[str] = _NEVER
    report: re.Pattern[str] = _NEVER
    """The words for what was told: "the report", "these claims"."""
    decided: re.Pattern[str] = _NEVER
    put_off: re.Pattern[str] = _NEVER
    duty: re.Pattern[str] = _NEVER
    past: re.Pattern[str] = _NEVER
    """Endings of past verbs, and words before or among them: "was withdrawn", "вывели"."""

    def is_anybody(self, text: str, start: int, end: int) -> bool:
        """Say whether the office at ``text[start:end]`` is anybody's: "a spokesman", "one of …"."""
        return bool(self.some.search(text[max(0, start - BEFORE_CHARS) : end]))

    def is_with(self, text: str, start: int, *, since: int = 0) -> bool:
        """Say whether the name at ``start`` is of whom somebody was with: "after talks with X".

        Words before ``since`` are of another: "nach dem Treffen mit Putin bat Kos".
        """
        if text[start - 1 : start] in _WITH_SIGNS:
            return True
        return bool(self.accompanied.search(text[max(since, start - BEFORE_CHARS) : start]))

    def is_beside_others(self, text: str, start: int, *, since: int = 0) -> bool:
        """Say whether the name at ``start`` tells of others who speak: "people close to X".

        Words before ``since`` are of another sentence: "Reports say so. Jan Kos denied it".
        """
        return bool(self.near.search(text[max(since, start - AROUND_CHARS) : start]))

    def is_by(self, text: str, start: int) -> bool:
        """Say whether the name at ``start`` is of who did it: "was requested by President X"."""
        return bool(self.agent.search(text[max(0, start - BEFORE_CHARS) : start]))

    def is_reported(self, text: str, start: int, end: int) -> bool:
        """Say whether a verb there is in the mood of others' words: German "sei", "werde"."""
        return self.reported.search(text, start, end) is not None

    def tells_back(self, text: str, start: int, end: int) -> bool:
        """Say whether what begins there stands for the sentence before: "This was said by"."""
        return self.told.match(text, start, end) is not None

    def is_yes_or_no(self, text: str, start: int, end: int) -> bool:
        """Say whether a question opens with the word for "whether": Polish "czy"."""
        return self.whether.match(text, start, end) is not None

    def answers(self, text: str, start: int, end: int, *, that: int | None = None) -> str | None:
        """Return what the words from ``start`` or ``that`` answer: "says no", "dit que non"."""
        for at in {start, start if that is None else that}:
            if self.assent.match(text, at, end):
                return "completed"
            if self.dissent.match(text, at, end):
                return "denied"
        return None

    def reply(self, text: str, start: int, end: int) -> str | None:
        """Return the status that an answer gives to what was asked, or None."""
        if self.perhaps.search(text, start, min(end, start + REPLY_CHARS)):
            return "possible"
        if self.assent.match(text, start, end):
            return "completed"
        return "denied" if self.dissent.match(text, start, end) else None


NONE = Asides()


def asides_of(words: Mapping[str, Iterable[str]]) -> Asides:
    """Return the patterns for the words of :data:`KINDS`; ``*`` ends a stem.

    >>> asides = asides_of({"with": ["mit"], "some": ["ein"]})
    >>> asides.is_with("nach Gesprächen mit Pete Hegseth", 26), asides.is_with("So Kühn", 3)
    (True, False)
    """
    patterns = {kind: _any(words.get(kind, ())) for kind in KINDS}
    some, told, accompanied, agent = (patterns[kind] for kind in ("some", "told", "with", "by"))
    near, source, reported = (patterns[kind] for kind in ("near", "source", "reported"))
    assent, dissent, perhaps = (patterns[kind] for kind in ("assent", "dissent", "perhaps"))
    whether, report = patterns["whether"], patterns["report"]
    return Asides(
        some=_compiled(
            some
            and rf"(?<!\w)(?:{some})(?: {_WORD})?$|(?<!\w)(?:{some}) {_WORD}"
            rf" {_WORD}$"
        ),
        told=_compiled(told and rf"\W*(?:{told})(?!\w)"),
        accompanied=_compiled(
            accompanied and rf"(?<!\w)(?:{accompanied})(?: {_NO_RELATIVE}{_WORD}){{0,3}} $"
        ),
        agent=_compiled(agent and rf"(?<!\w)(?:{agent})(?: {_WORD}){{0,4}},? $"),
        near=_compiled(
            near and rf"(?<!\w)(?:(?:{near})(?: {_WORD}){{0,4}}|(?:{source})(?: {_WORD}){{1,9}}) $"
        ),
        reported=_compiled(reported and rf"(?<!\w)(?:{reported})(?!\w)"),
        assent=_compiled(assent and rf"{_OPENING}(?:{assent}){_ANSWERED}"),
        dissent=_compiled(dissent and rf"{_OPENING}(?:{dissent}){_ANSWERED}"),
        perhaps=_compiled(perhaps and rf"(?<!\w)(?:{perhaps})(?!\w)"),
        whether=_compiled(whether and rf"{_OPENING}(?:{whether})(?!\w)"),
        report=_compiled(report and rf"{_BEGINS}(?:{report}){_ENDS}"),
        decided=_compiled(_within(patterns["decided"])),
        put_off=_compiled(_within(patterns["put_off"])),
        duty=_compiled(_within(patterns["duty"])),
        past=_compiled(_within(patterns["past"])),
    )


def _within(words: str) -> str:
    """Return the pattern of words within those of a cue, where no blanks part signs."""
    return words and (words if words >= "\u2e80" else rf"(?<!\w)(?:{words})(?!\w)")


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE) if pattern else _NEVER


def _any(words: Iterable[str]) -> str:
    longest = sorted(words, key=len, reverse=True)
    return "|".join(map(_pattern, longest)).replace("'", "['’]")


def _pattern(word: str) -> str:
    """Return the pattern of one word; ``* ли`` stands behind any other, ``*ли`` ends it."""
    if word.startswith("* "):
        return rf"\w+ {re.escape(word[2:])}"
    if word.startswith("*"):
        return rf"\w+{re.escape(word[1:])}"
    return rf"{re.escape(word.removesuffix('*'))}\w*" if word.endswith("*") else re.escape(word)
