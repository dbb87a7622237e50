"""The grammar of time: shapes of tagged tokens, the same for every language.

Every combination of categories that a word can have is one private-use character; a text
becomes a string of them, and a shape is a regular expression over that string. So the tables
say what words mean, and the shapes below say, once, how they combine.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from pipelines.times.firsts import first_tags
from pipelines.times.lexicon import Lexicon, load_lexicon

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pipelines.times.tokens import Token

_FIRST_CHARACTER = 0xE000
_TAG = re.compile(r"<(\w+)>")

_F = r"[<prep><fill><until><in><after>]{0,3}"
_YEAR = (
    rf"(?:<rel>{_F}<year><dot>?<yearw>?|<year><dot>?{_F}<yearw><dot>?|<year>"
    rf"|<yearw><dot>?{_F}<year>|<rel>{_F}<yearw>|<yearw>{_F}<rel>|<kyear>)"
)
_ANY_YEAR = rf"(?:{_YEAR}|<yearw>)"
_MONTH = r"[<month><wmonth>]"
_DAY = r"(?:[<num><nord>]<dot>?(?:<dom>|<unit>)?)"
_DAY_MONTH = rf"(?:[<num><nord>]<dot>?{_F}|<ord><dot>?<fill>{{0,3}}){_MONTH}<dot>?"
"""A word for "first" takes no preposition: "the first since April" is no day."""
_NTH = r"(?:[<ord><nord><roman><olast>]|<num><dot>)"
_C = r"<comma>?"
_DOTTED = rf"<dot><year>(?:<dot>?{_F}<yearw><dot>?)?"
"""Behind a month a stop and a year in digits: "Sept. 2024", not "in May. Next year"."""
_MONTH_YEAR = rf"(?:{_MONTH}(?:{_DOTTED}|(?:<comma>|{_F}){_YEAR})|{_YEAR}{_C}{_F}{_MONTH})"
"""A comma and another word part two times: "in May, and next year"."""
_HALF = (
    rf"(?:(?:{_YEAR}{_F})?{_NTH}{_F}<semester>(?:{_F}{_ANY_YEAR})?"
    rf"|{_NTH}{_F}{_ANY_YEAR}{_F}<semester>|<semester>{_F}{_NTH}(?:{_F}{_YEAR})?)"
)
_GENERIC_HALF = (
    rf"(?:{_ANY_YEAR}{_F}{_NTH}{_F}<half>"
    rf"|{_NTH}{_F}<half>{_F}(?:{_MONTH_YEAR}|{_ANY_YEAR}|{_MONTH}))"
)
_QUARTER = (
    rf"(?:(?:{_YEAR}{_F})?{_NTH}{_F}<quarter>(?:{_F}{_ANY_YEAR})?"
    rf"|{_NTH}{_F}{_ANY_YEAR}{_F}<quarter>|<quarter>{_F}{_NTH}(?:{_F}{_YEAR})?)"
)
_PERIOD = rf"(?:{_YEAR}{_F}<dash>?<period>|<period>[<comma><dash>]?{_F}{_ANY_YEAR}|<period>)"
_SEASON = (
    rf"(?:<season>{_F}{_YEAR}|<seasona>{_F}{_YEAR}|{_YEAR}{_F}[<season><seasona>]"
    rf"|(?:<rel>{_F})+[<season><seasona>]|<season>{_F}<rel>|[<prep><until>]<fill>?[<season><seasona>](?:{_F}{_YEAR})?|<seasona>)"
)
_RELATIVE = r"(?:<rel>FILL[<unit><quarter><semester>]|<unit>FILL<rel>)".replace("FILL", _F)
_SPAN = (
    rf"(?:{_HALF}|{_GENERIC_HALF}|{_QUARTER}|{_PERIOD}|{_SEASON}|(?:<rel>{_F})?{_MONTH_YEAR}"
    rf"|{_YEAR}|(?:<rel>{_F})?{_MONTH}(?:{_F}<rel>)?|{_RELATIVE}|<yearw>|<unit>)"
)
_EDGE = r"[<end><begin><mid><early><late>]"
_AMOUNT = rf"[<card><num>]{_F}[<units><unit><yearw>]"
_BY = r"(?:[<until>][<until><prep><fill>]{0,3})"

SHAPES: tuple[tuple[str, str], ...] = (
    ("numeric", r"<date>"),
    ("spaced", r"<num><dot><num><dot><year>"),
    (
        "date",
        rf"(?:(?:<rel>{_F})?<weekday>{_C}{_F})?(?:<rel>{_F})?{_DAY_MONTH}(?:{_C}{_F}{_YEAR}|{_F}<rel>)?",
    ),
    ("date", rf"(?:<weekday>{_C}{_F})?{_MONTH}<dot>?{_F}{_DAY}(?:{_C}{_F}{_YEAR})?"),
    ("date", rf"{_YEAR}[<dot><comma>]?{_F}{_MONTH}<dot>?{_F}{_DAY}"),
    (
        "dates",
        rf"[<num><nord>]<dot>?(?:<dash>|{_F}){_DAY_MONTH}(?:{_C}{_F}{_YEAR})?",
    ),
    ("dates", rf"{_MONTH}<dot>?{_F}[<num><nord>]<dash>[<num><nord>](?:{_C}{_F}{_YEAR})?"),
    ("monthday", rf"(?:<kmonth>{_F})?[<num><nord>]<dom>"),
    ("month", rf"<same><yearw>?{_F}<month>|<month>{_F}<same>{_F}<yearw>"),
    ("month", rf"(?:<rel>{_F})?{_MONTH_YEAR}"),
    ("month", rf"<rel>{_F}{_MONTH}|{_MONTH}{_F}<rel>|<month>"),
    ("month", rf"[<prep><until><in><after>]<fill>?(?:{_MONTH_YEAR}|{_MONTH}(?:{_F}<rel>)?)"),
    ("half", _HALF),
    ("half", _GENERIC_HALF),
    ("quarter", _QUARTER),
    ("period", _PERIOD),
    ("season", _SEASON),
    ("relative", _RELATIVE),
    ("edge", rf"{_BY}?{_EDGE}{_F}<dash>?{_F}{_SPAN}"),
    ("edge", rf"{_BY}{_F}[<yearw><unit>]{_F}<dash>?<end>"),
    ("edge", rf"{_BY}?<yearw><dash><end>(?:{_F}{_YEAR})?"),
    ("edge", rf"(?:{_YEAR}|{_MONTH_YEAR})<dot>?{_F}<dash>?{_EDGE}<fill>?<until>?"),
    ("edge", rf"(?:{_YEAR}|{_MONTH_YEAR}|<yearw>){_F}<dend>|<yearw>{_F}{_EDGE}<fill>?<until>?"),
    ("edge", rf"{_BY}?(?:<rel>{_F})?(?:{_YEAR}{_F})?<yend>(?:{_F}(?:{_YEAR}|<rel>))?<until>?"),
    ("ahead", rf"[<in><after>]{_F}{_AMOUNT}|<after>[<unit><yearw>]|{_AMOUNT}<posta>"),
    (
        "behind",
        rf"<agob>{_F}{_AMOUNT}|<agob>[<unit><yearw>]|{_AMOUNT}{_F}<agoa>|[<unit><yearw>]<agoa>",
    ),
    ("kmonth", r"<kmonth>"),
    ("day", r"<day>"),
    ("said", r"<sday>|<same>[<yearw><unit>]|<yearw><follow>|<follow><yearw>"),
    ("weekday", rf"(?:<rel>{_F})?<weekday>(?:{_F}<rel>)?"),
    ("night", rf"<weekday>{_F}<dash>?{_F}<weekday>"),
    ("daypart", r"<rel><daypart>"),
    ("year", rf"<year><dot>?{_F}<yearw><dot>?|<yearw>{_F}<year>|<sure>|<rel>{_F}<year>"),
    ("year", rf"<rel>{_F}<yearw>|<yearw>{_F}<rel>|<kyear>"),
    ("years", r"<year><dash><year><dot>?<yearw>?"),
    ("bareyear", rf"[<prep><until><in><after>]{_F}<year>"),
    ("weakyear", r"<fill><year>"),
)
"""(shape, regular expression over the categories); the longest match at a place wins."""


GENITIVE_FIRST: tuple[tuple[str, str], ...] = (
    ("date", rf"<year><dot>?<yearw>{_F}{_DAY_MONTH}"),
    ("edge", rf"{_BY}(?:{_YEAR}|{_MONTH_YEAR}){_F}{_EDGE}"),
    ("edge", rf"{_BY}?(?:<rel>{_F})?(?:<unit>|{_MONTH}){_F}{_EDGE}<fill>?<until>?"),
    ("season", r"[<season><seasona>]<fill>?<until>"),
    ("half", rf"<ord>{_F}(?:<rel>{_F})?<yearw>{_F}<half>"),
    ("bareyear", r"<year><dash>?<sfx>"),
)
"""Shapes of languages that say "of the year the end" and "2026'da"."""

LONE_YEAR = ("loneyear", r"<year>")
"""The shape of languages that set no word before a year: "wurde 2024 beendet"."""

OUTER = frozenset(("prep", "fill", "in", "after", "until", "dot", "comma"))
"""Categories that stand around a time and are no part of what is quoted."""

_WHOLE = frozenset(("edge", "ahead"))
"""Shapes of which a preposition is part: "by the end of May"."""

MAX_RUN = 48
"""Tokens of the longest expression."""

MAX_KNOWN_RUNS = 10_000
"""Runs of categories whose longest shape is remembered, per language; about 3 MB."""


class Candidate(NamedTuple):
    """Tokens ``[start, end)`` that have a shape; without one the next may only begin at ``end``."""

    start: int
    end: int
    shape: str
    first: int
    """The first token that is quoted: "in 2025" is quoted as "2025"."""
    by: bool
    """Whether "by" or "until" stands before or in it."""


def _nothing_known() -> dict[tuple[str, ...], str]:
    return {(): "#"}


@dataclass(frozen=True, slots=True)
class Grammar:
    """The shapes over the characters that one language's categories have."""

    characters: dict[frozenset[str], str]
    shapes: dict[str, tuple[tuple[str, re.Pattern[str]], ...]]
    known: dict[tuple[str, ...], str] = field(default_factory=_nothing_known)
    runs: dict[str, tuple[str, int]] = field(default_factory=dict)
    plans: dict[str, tuple[Candidate, ...]] = field(default_factory=dict)
    outer: frozenset[str] = frozenset()
    """Characters of words that have no category but those of :data:`OUTER`."""
    until: frozenset[str] = frozenset()
    """Characters of words that may set a deadline."""

    def encode(self, tokens: Iterable[Token]) -> str:
        """Return one character per token."""
        known = self.known
        found = []
        for token in tokens:
            key = tuple(token.senses)
            if key not in known:
                known[key] = self.characters.get(frozenset(key), "#")
            found.append(known[key])
        return "".join(found)

    def candidates(self, encoded: str) -> tuple[Candidate, ...]:
        """Return the longest shape at each place where one begins, in order."""
        plan = self.plans.get(encoded)
        if plan is None:
            plan = tuple(self._candidates(encoded))
            if len(encoded) <= MAX_RUN and len(self.plans) < MAX_KNOWN_RUNS:
                self.plans[encoded] = plan
        return plan

    def _candidates(self, encoded: str) -> Iterator[Candidate]:
        for position, character in enumerate(encoded):
            shape, end = ("", 0) if character == "#" else self.longest(encoded, position)
            if not shape:
                continue
            first = position
            while first < end and encoded[first] in self.outer:
                first += 1
            if position < first < end and self.longest(encoded, first)[1] > end:
                yield Candidate(position, first, "", first, by=False)
                continue
            quoted = position if shape in _WHOLE else min(first, end - 1)
            by = not self.until.isdisjoint(encoded[max(0, position - 2) : position + 1])
            yield Candidate(position, end, shape, quoted, by)

    def longest(self, encoded: str, position: int) -> tuple[str, int]:
        """Return the shape that reaches furthest from ``position`` and its end; else ``""``."""
        run = encoded[position : position + MAX_RUN].partition("#")[0]
        try:
            shape, length = self.runs[run]
        except KeyError:
            shape, length = self._longest(run)
            if len(self.runs) < MAX_KNOWN_RUNS:
                self.runs[run] = shape, length
        return shape, position + length

    def _longest(self, run: str) -> tuple[str, int]:
        best, reach = "", 0
        for name, pattern in self.shapes.get(run[:1], ()):
            match = pattern.match(run)
            if match and match.end() > reach:
                best, reach = name, match.end()
        return best, reach


_NUMBER_SETS = tuple(
    frozenset(names.split())
    for names in (
        "year",
        "year sure",
        "num",
        "nord",
        "date",
        "roman",
        "period",
        "period year",
        "dash",
        "dot",
        "comma",
        "dom",
    )
)


@functools.cache
def load_grammar(language: str) -> Grammar:
    """Return the grammar for ``language``, compiled once a process."""
    lexicon = load_lexicon(language)
    words = list(lexicon.sense_sets())
    romans = [frozenset((*lexicon.exact.get(word, ()), "roman")) for word in ("i", "і")]
    sets = dict.fromkeys([*_NUMBER_SETS, *words, *romans])
    characters = {names: chr(_FIRST_CHARACTER + i) for i, names in enumerate(sets)}
    shapes: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
    for name, shape in _usable(lexicon):
        flat = _flatten(shape)
        pattern = re.compile(_TAG.sub(functools.partial(_class_of, characters), flat))
        starts, _ = first_tags(flat, 0)
        for names, character in characters.items():
            if names & starts:
                shapes.setdefault(character, []).append((name, pattern))
    return Grammar(
        characters=characters,
        shapes={c: tuple(s) for c, s in shapes.items()},
        outer=frozenset(c for names, c in characters.items() if names and names <= OUTER),
        until=frozenset(c for names, c in characters.items() if "until" in names),
    )


def _usable(lexicon: Lexicon) -> list[tuple[str, str]]:
    month_day = "month_day" in lexicon.flags or "unspaced" in lexicon.flags
    usable = [s for i, s in enumerate(SHAPES) if month_day or i not in {3, 6}]
    if "lone_year" in lexicon.flags:
        usable = [*usable, LONE_YEAR]
    return [*usable, *GENITIVE_FIRST] if "genitive_first" in lexicon.flags else usable


def _flatten(shape: str) -> str:
    """Write classes of categories as alternatives: ``[<a><b>]`` becomes ``(?:<a>|<b>)``."""
    return re.sub(r"\[((?:<\w+>)+)\]", _alternatives, shape)


def _alternatives(match: re.Match[str]) -> str:
    return "<" + "__".join(_TAG.findall(match[1])) + ">"


def _class_of(characters: dict[frozenset[str], str], match: re.Match[str]) -> str:
    wanted = frozenset(match[1].split("__"))
    members = "".join(c for names, c in characters.items() if names & wanted)
    return f"[{members}]" if members else "(?!)"
