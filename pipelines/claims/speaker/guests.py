"""Whose answers an interview prints, by its form: lines that ask and lines that answer; pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipelines.claims.speaker.naming import names_of, surname_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.claims.sentences.sentence import Sentence
    from pipelines.claims.words.eastern import Surnames

LEAST_QUESTIONS = 2
"""Questions of an interview."""

QUESTION_MARKS = ("?", "？", "؟", "՞")
_GREEK = re.compile("[\u0370-\u03ff]")
"""Letters of a script whose question mark looks like a semicolon."""

_HAN = re.compile("[：:\\s]?([一-鿿]{2,3})")

_TURN = re.compile(r"[—–-]\s*|([^\W\d_]{1,10})[.:]\s")
"""What shows whose turn a line is: a dash, or "Q.", "A:", "Frage:"."""


@dataclass(frozen=True, slots=True)
class Dialogue:
    """Where the questions of an interview stand."""

    start: int
    """Where the first question begins: what stands before it is the paper's."""
    asked: tuple[tuple[int, int], ...]
    """The lines of who asks."""
    is_marked: bool
    """Whether dashes or letters show whose turn it is; else it may be a list of questions."""

    def answers(self, start: int, end: int) -> bool:
        """Say whether a sentence that ends at ``end`` belongs to who answers."""
        if end <= self.start:
            return False
        return not any(begin <= start and end <= stop for begin, stop in self.asked)


def lines_of(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each line begins and ends."""
    begin = 0
    while (end := text.find("\n", begin)) >= 0:
        yield begin, end
        begin = end + 1
    yield begin, len(text)


def asks(text: str, least: int) -> bool:
    """Say whether a text asks ``least`` questions."""
    found = sum(text.count(mark) for mark in QUESTION_MARKS)
    return found >= least or (";\n" in text and _GREEK.search(text) is not None)


def dialogue_of(text: str) -> Dialogue | None:
    r"""Return the dialogue that the lines of ``text`` are, or None.

    >>> found = dialogue_of("He knows.\nQ: Is it there?\nA: It is.\nQ: And in Minsk?\nA: No.")
    >>> found.is_marked, found.answers(26, 34), found.answers(0, 9)
    (True, True, False)
    """
    lines = [(begin, end) for begin, end in lines_of(text) if text[begin:end].strip()]
    asking = [i for i, (begin, end) in enumerate(lines) if _asks(text[begin:end])]
    replied = [i for i in asking if i + 1 < len(lines) and i + 1 not in asking]
    if len(replied) < LEAST_QUESTIONS - 1 or not asking:
        return None
    turns = [_TURN.match(text, begin, end) for begin, end in lines]
    first = asking[0]
    is_marked = turns[first] is not None and first + 1 < len(lines) and turns[first + 1] is not None
    if not is_marked and len(replied) < LEAST_QUESTIONS:
        return None
    asked = set(asking)
    if is_marked:
        marked = [i for i in range(first, len(lines)) if turns[i]]
        asked = max(set(marked[::2]), asked)
    return Dialogue(lines[first][0], tuple(lines[i] for i in sorted(asked)), is_marked)


def first_named(text: str, sentence: Sentence) -> str | None:
    """Return the first person whom a stretch names, in the case of "we spoke with" too."""
    found = [(p.start, p.value) for p in sentence.of("person")]
    found += [(name[0], _named(text, sentence, name)) for name in names_of(text, sentence)]
    return min(found)[1] if found else None


def _named(text: str, sentence: Sentence, name: tuple[int, int, str]) -> str:
    return surname_of(sentence, name, is_of_it=sentence.asides.is_with(text, name[0]))


def guest_in(text: str, sentence: Sentence, *, is_marked: bool) -> str | None:
    """Return the one person whom a lead names, in the case of "we spoke with" too.

    Args:
        text: The text that ``sentence`` is cut of.
        sentence: The lead, or the headline.
        is_marked: Whether one whom tables know will do: a list of questions names a president.
    """
    unknown = {_named(text, sentence, name) for name in names_of(text, sentence)}
    if len(unknown) == 1:
        return unknown.pop()
    known = {person.value for person in sentence.of("person")}
    return known.pop() if is_marked and not unknown and len(known) == 1 else None


def eastern_guest(text: str, start: int, surnames: Surnames | None) -> str | None:
    """Return the surname of whom an interview is with: two or three Chinese characters.

    They begin with a surname, and the text prints them again: "专访郑维岳：…", "郑维岳是…".
    """
    if surnames is None or not (named := _HAN.match(text, start)):
        return None
    for length in (3, 2):
        name = named[1][:length]
        if len(name) == length and name in text[named.end() :] and surnames.within(name):
            return surnames.within(name)
    return None


def within(sentence: Sentence, start: int, end: int) -> Sentence:
    """Return the stretch of ``sentence`` between two offsets."""
    cues = [c for c in sentence.cues if start <= c.start < end]
    return replace(
        sentence, start=start, end=end, cues=cues, _kinds=None, names=None, _clauses=None
    )


def is_greek_question(line: str) -> bool:
    """Say whether it ends as Greek questions do, which a semicolon ends."""
    return line[-1:] == "\u037e" or (line[-1:] == ";" and _GREEK.search(line) is not None)


def _asks(line: str) -> bool:
    line = line.rstrip(" \t»”“\"'’")
    return line.endswith(QUESTION_MARKS) or is_greek_question(line)
