"""Whose voice speaks beyond one sentence: long quotations, "Name: …", and interviews."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pipelines.claims.naming import NAME, names_in
from pipelines.claims.sentence import analyse
from pipelines.claims.speakers import Carried, speaker_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.claims.sentence import Sentence
    from pipelines.claims.vocabulary import Vocabulary

MAX_QUOTE_CHARS = 2_000
"""A quotation longer than this was never closed."""

BESIDE_CHARS = 110
"""How far from its marks the one who is quoted is looked for."""

BEFORE_CHARS = 600
"""How far back "he" may have been named."""

LEAD_CHARS = 400
"""Where an interview says whom it is with."""

LEAST_QUESTIONS = 2

_QUOTE = re.compile(
    r"«[^«»]*»|“[^“”]*”|„[^„“”]*[“”]|\"[^\"\n]*\"|「[^「」]*」|”[^“”\n]*”"
    r"|(?<!\w)‘[^‘\n]*?’(?!\w)"
)
_LABEL = re.compile(rf"[ \t]*(?:[—–-][ \t]*)?({NAME})(?:[ \t]*\([^)\n]*\))?:[ \t]")

_ASKING = re.compile(r"[?？؟;][”»“\"]?[ ]*\n")
"""The end of a line that asks; a Greek question mark looks like a semicolon."""

_SPOKEN = re.compile(r"\n[—–-][ \u00a0]")
"""A line of a dialogue."""


@dataclass(slots=True)
class Voices:
    """Who speaks where in one text; worked out when a claim without a speaker first asks."""

    title: str
    text: str
    vocabulary: Vocabulary
    _quotes: list[tuple[int, int]] | None = None
    _labels: list[tuple[int, int, str]] = field(default_factory=list)
    _guest: str | None = None

    def at(self, sentence: Sentence, carried: Carried) -> str | None:
        """Return who speaks the whole of ``sentence``, or None.

        Args:
            sentence: One that says itself of nobody that they speak.
            carried: Gives the last speaker before it, whom "he said" beside a quotation means.
        """
        if self._quotes is None:
            self._look()
        for begin, end, name in self._labels:
            if begin <= sentence.start < end:
                return name
        for begin, end in self._quotes or ():
            inside = begin < sentence.start < end or begin < sentence.end - 1 < end
            if inside and min(end, sentence.end) - max(begin, sentence.start) > 20:
                return self._beside(begin, end, carried) or carried(is_near=True)
        if self._guest and not self.text[sentence.start : sentence.end].endswith("?"):
            return self._guest
        return None

    def before(self, place: int) -> str | None:
        """Return who spoke last in the few sentences before ``place`` that were not read."""
        start = self.text.rfind("\n\n", 0, place) + 1
        start = max(start, place - BEFORE_CHARS)
        earlier = self._cut(start, place)
        said = earlier.of("said", "according")
        spoke = next(
            (
                person.value
                for person in reversed(earlier.of("person"))
                if any(abs(person.start - verb.start) <= BESIDE_CHARS for verb in said)
            ),
            None,
        )
        named = () if spoke else dict.fromkeys(names_in(self.text, earlier))
        return next(iter(named)) if len(named) == 1 else spoke

    def _look(self) -> None:
        self._quotes = [
            m.span() for m in _QUOTE.finditer(self.text) if len(m.group()) <= MAX_QUOTE_CHARS
        ]
        for line, end in self._lines():
            if match := _LABEL.match(self.text, line):
                for name in names_in(self.text, self._cut(match.start(1), match.end(1))):
                    self._labels.append((match.start(1), end, name))
        questions = self.text.count("?")
        if questions >= LEAST_QUESTIONS:
            self._guest = self._guest_of(self.title, self.text[:LEAD_CHARS])
        if questions and self._guest is None:
            self._guest = self._of_dialogue() or self._of_questions()

    def _lines(self) -> Iterator[tuple[int, int]]:
        """Yield where each line begins and ends."""
        begin = 0
        while (end := self.text.find("\n", begin)) >= 0:
            yield begin, end
            begin = end + 1
        yield begin, len(self.text)

    def _guest_of(self, title: str, lead: str) -> str | None:
        """Return who is interviewed: named after the word "interview", else first in the text."""
        text = f"{title}\n{lead}"
        sentence = analyse(
            text, 0, (0, len(text)), vocabulary=self.vocabulary, mentions=(), times=()
        )
        for word in sentence.of("interview"):
            stop = text.find("\n", word.end) if word.end < len(title) else len(text)
            for start, end in ((word.start, stop), (len(title) + 1, len(text))):
                if found := names_in(text, _within(sentence, start, end)):
                    return found[0]
        return None

    def _of_dialogue(self) -> str | None:
        """Return the one person named before lines that begin with a dash: who is asked."""
        first = _SPOKEN.search(self.text)
        if (
            first is None
            or first.start() > LEAD_CHARS
            or not _SPOKEN.search(self.text, first.end())
        ):
            return None
        found = dict.fromkeys(names_in(self.text, self._cut(0, first.start())))
        return next(iter(found)) if len(found) == 1 else None

    def _of_questions(self) -> str | None:
        """Return the one person named before the first of several lines that ask."""
        first = _ASKING.search(self.text)
        if first is None or not _ASKING.search(self.text, first.end()):
            return None
        text = f"{self.title}\n{self.text[: first.end()][:LEAD_CHARS]}"
        whole = analyse(text, 0, (0, len(text)), vocabulary=self.vocabulary, mentions=(), times=())
        found = dict.fromkeys(names_in(text, whole))
        return next(iter(found)) if len(found) == 1 else None

    def _cut(self, start: int, end: int) -> Sentence:
        return analyse(
            self.text, 0, (start, end), vocabulary=self.vocabulary, mentions=(), times=()
        )

    def _beside(self, begin: int, end: int, carried: Carried) -> str | None:
        """Return who is said to speak just after a quotation, else just before it."""
        stop = self.text.find("\n", end, end + BESIDE_CHARS)
        after = self._cut(end, stop if stop >= 0 else min(len(self.text), end + BESIDE_CHARS))
        found = speaker_of(self.text, after, anchor=end, status="", carried=carried)
        if found:
            return found
        start = max(self.text.rfind("\n", 0, begin) + 1, begin - BESIDE_CHARS)
        before = self._cut(start, begin)
        return speaker_of(self.text, before, anchor=begin, status="", carried=carried)


def _within(sentence: Sentence, start: int, end: int) -> Sentence:
    cues = [c for c in sentence.cues if start <= c.start < end]
    return replace(
        sentence, start=start, end=end, cues=cues, _kinds=None, names=None, _clauses=None
    )
