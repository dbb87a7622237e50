"""Whose voice speaks beyond one sentence: long quotations, "Name: …", and interviews."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipelines.claims.sentences.sentence import analyse
from pipelines.claims.speaker.beside import CUT
from pipelines.claims.speaker.dashes import told_by_dashes
from pipelines.claims.speaker.guests import (
    LEAST_QUESTIONS,
    Dialogue,
    asks,
    dialogue_of,
    eastern_guest,
    first_named,
    guest_in,
    lines_of,
    within,
)
from pipelines.claims.speaker.naming import NAME, names_in, names_of, surname_of
from pipelines.claims.speaker.speakers import Carried, speaker_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connectors.records import Mention
    from pipelines.claims.sentences.sentence import Sentence
    from pipelines.claims.words.vocabulary import Vocabulary

MAX_QUOTE_CHARS = 2_000
"""A quotation longer than this was never closed."""

BESIDE_CHARS = 110
"""How far from its marks the one who is quoted is looked for."""

BEFORE_CHARS = 600
"""How far back "he" may have been named."""

LEAD_CHARS = 400
"""Where an interview says whom it is with."""

MAX_NAMED_CHARS = 6_000
"""How far into a text people are looked for whom it names in full."""

NAMED_CHARS = 60
"""How much before a surname is read to see whether it is a name."""

ECHO_CHARS = 40
"""From a surname alone to its verb of speech."""

MOST_QUOTES = 6
"""How many quotations back the one is looked for who still speaks."""

EASTERN_CHARS = 3
"""Characters of a Chinese or Korean name."""

LABEL_CHARS = 60
"""How long a name with its title is before the colon of whose turn it is."""

_QUOTE = re.compile(
    # One class to begin with: a search skips what is not in it.
    r"[«“„\"「”‘](?:(?<=«)[^«»]*»|(?<=“)[^“”]*”|(?<=„)[^„“”]*[“”]|(?<=\")[^\"\n]*\""
    r"|(?<=「)[^「」]*」|(?<=”)[^“”\n]*”|(?<=‘)(?<!\w‘)[^‘\n]*?’(?!\w))"
)
_LABEL = re.compile(rf"[ \t]*(?:[—–-][ \t]*)?({NAME})(?:[ \t]*\([^)\n]*\))?:[ \t]")

_WORD = re.compile(r"(?<![\w’'-])([^\W\d_a-zа-яёіїєўґ][\w-]{2,})")
_GIVEN = re.compile(r"[^\W\d_a-zа-яёіїєўґ][\w’'-]+ \Z")
_DASHES = frozenset("—–-")
_INITIAL = re.compile(r"(?<!\w)[^\W\d_a-zа-яёіїєўґ]\. ?")
"""What stands for a given name: "sagte A. Kos"."""
_COLON = re.compile("[:：](?!/)")
_COLONS = (":", "：")
_TOLD = re.compile(r",? [^\W\d_A-ZÀ-ÞА-ЯІЇЄҐЎ](?:[^.\n]|(?<![^\W\d_]{4})\.)*\.(?= )")
"""What a sentence that a quotation begins tells further: "“…”, he said. The minister …"."""
_ASKED = ("?", "？")


@dataclass(slots=True)
class Voices:
    """Who speaks where in one text; worked out when a claim without a speaker first asks."""

    title: str
    text: str
    vocabulary: Vocabulary
    mentions: Sequence[Mention] = ()
    """The systems named: "Dark Eagle" is nobody."""
    _quotes: list[tuple[int, int]] | None = None
    _labels: list[tuple[int, int, str]] = field(default_factory=list)
    _guest: str | None = None
    _dialogue: Dialogue | None = None

    def at(self, sentence: Sentence, carried: Carried) -> str | None:
        """Return who speaks the whole of ``sentence``, or None.

        Args:
            sentence: One that says itself of nobody that they speak.
            carried: Gives the last speaker before it, whom "he said" beside a quotation means.
        """
        if found := self.echoed(sentence) or self._dashed(sentence, carried):
            return found
        if self._quotes is None:
            self._look()
        for begin, end, name in self._labels:
            if begin < sentence.end <= end and sentence.start < end:
                return name
        for begin, end in self._quotes or ():
            inside = begin < sentence.start < end or begin < sentence.end - 1 < end
            if inside and min(end, sentence.end) - max(begin, sentence.start) > 20:
                return (
                    self._beside(begin, end, carried)
                    or carried(is_near=True)
                    or self._quoted_before(begin)
                )
        if self._guest is None or self.text[sentence.start : sentence.end].endswith("?"):
            return None
        if self._dialogue and not self._dialogue.answers(sentence.start, sentence.end):
            return None
        return self._guest

    def _dashed(self, sentence: Sentence, carried: Carried) -> str | None:
        """Return whose words dashes set apart: "– X stoi – uspokaja Jan Kos. – Y też stoi"."""
        where = told_by_dashes(self.text, sentence)
        if where is None:
            return None
        told = self._cut(*where)
        if found := names_in(self.text, told):
            return found[0]
        if told.has("title", "he"):
            return carried(is_near=True) or self.before(where[0])
        return None

    def echoed(self, sentence: Sentence) -> str | None:
        """Return who speaks by a surname alone that the text gave in full before."""
        verbs = sentence.of("said", "according")
        if not verbs or sentence.of("person") or names_of(self.text, sentence):
            return None
        for verb in verbs:
            begin = max(sentence.start, verb.start - ECHO_CHARS)
            end = min(sentence.end, verb.end + ECHO_CHARS)
            for word in _WORD.finditer(self.text, begin, end):
                first, second = sorted((word.end(1), verb.start))
                if CUT.search(_INITIAL.sub("", self.text[first:second])):
                    continue
                if known := self._in_full(word[1], sentence.start):
                    return known
        return None

    def _in_full(self, surname: str, place: int) -> str | None:
        """Return the Latin surname of who is named in full before ``place``, or None."""
        at = self.text.find(surname, 0, min(place, MAX_NAMED_CHARS))
        if at < 0 or not _GIVEN.search(self.text, max(0, at - NAMED_CHARS), at):
            return None
        around = self._cut(max(0, at - NAMED_CHARS), at + len(surname))
        return next(
            (
                surname_of(around, name, is_of_it=False)
                for name in names_of(self.text, around)
                if name[2] == surname
            ),
            None,
        )

    def before(self, place: int) -> str | None:
        """Return who spoke last in the few sentences before ``place`` that were not read."""
        earliest, stop = max(0, place - BEFORE_CHARS), place
        while True:
            start = max(self.text.rfind("\n\n", 0, stop) + 1, earliest)
            earlier = self._cut(start, place)
            is_on = self.text[start + 1 : start + 2] in _DASHES or earlier.has("title")
            if start <= max(earliest, 1) or not is_on or names_in(self.text, earlier):
                break
            stop = start - 1
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
        for line, end in lines_of(self.text):
            if match := _LABEL.match(self.text, line):
                for name in names_in(self.text, self._cut(match.start(1), match.end(1))):
                    self._labels.append((match.start(1), end, name))
        if asks(self.text, LEAST_QUESTIONS):
            self._label_answers()
            dialogue = dialogue_of(self.text)
            lead = min(LEAD_CHARS, dialogue.start) if dialogue and dialogue.start else LEAD_CHARS
            self._guest = self._guest_of(self.title, self.text[:lead])
            self._dialogue = dialogue if self._guest else None
        if self._guest is None and asks(self.text, 1) and (dialogue := dialogue_of(self.text)):
            self._dialogue = dialogue
            self._guest = self._answering(dialogue)

    def _label_answers(self) -> None:
        """Find the names that stand before an answer right after a question of the same line."""
        marks = [(self.text.rfind("\n", 0, m.start()) + 1, m) for m in _COLON.finditer(self.text)]
        names: dict[str, str] = {}
        for line, mark in marks:
            begin = max(self.text.rfind(q, line, mark.start()) for q in _ASKED) + 1
            if begin == 0 or mark.start() - begin > LABEL_CHARS:
                continue
            label = self.text[begin : mark.start()].strip(" \t—–-")
            name = names.get(label) or self._eastern(label)
            if name is None and (found := names_in(self.text, self._cut(begin, mark.start()))):
                name = names[label.split()[-1]] = found[-1]
            if name:
                stop = self.text.find("\n", begin)
                stops = [stop if stop >= 0 else len(self.text)]
                stops += [at for q in _ASKED if (at := self.text.find(q, mark.end())) >= 0]
                self._labels.append((begin, min(stops), name))

    def _eastern(self, label: str) -> str | None:
        """Return the surname of a label of two or three characters that begins with one."""
        surnames = self.vocabulary.surnames
        if surnames is None or not label.isalpha() or not 1 < len(label) <= EASTERN_CHARS:
            return None
        return surnames.within(label) or None

    def _answering(self, dialogue: Dialogue) -> str | None:
        """Return who answers: the one whom the lead, else the headline, names."""
        lead = self._cut(0, min(dialogue.start, LEAD_CHARS))
        found = guest_in(self.text, lead, is_marked=dialogue.is_marked)
        if found or names_in(self.text, lead):
            return found
        title = analyse(
            self.title, 0, (0, len(self.title)), vocabulary=self.vocabulary, mentions=(), times=()
        )
        asked = self._cut(dialogue.start, dialogue.asked[0][1])
        return guest_in(self.title, title, is_marked=dialogue.is_marked) or guest_in(
            self.text, asked, is_marked=False
        )

    def _guest_of(self, title: str, lead: str) -> str | None:
        """Return who is interviewed: named after the word "interview", else first in the text."""
        text = f"{title}\n{lead}"
        sentence = analyse(
            text, 0, (0, len(text)), vocabulary=self.vocabulary, mentions=(), times=()
        )
        for word in sentence.of("interview"):
            if found := eastern_guest(text, word.end, self.vocabulary.surnames):
                return found
            stop = text.find("\n", word.end) if word.end < len(title) else len(text)
            for start, end in ((word.start, stop), (len(title) + 1, len(text))):
                if found := first_named(text, within(sentence, start, end)):
                    return found
        return None

    def _cut(self, start: int, end: int) -> Sentence:
        return analyse(
            self.text,
            0,
            (start, end),
            vocabulary=self.vocabulary,
            mentions=self.mentions,
            times=(),
        )

    def _quoted_before(self, begin: int) -> str | None:
        """Return whom the quotations before ``begin`` are of, nobody else being named since."""
        earlier = [(start, end) for start, end in self._quotes or () if end <= begin]
        for start, end in reversed(earlier[-MOST_QUOTES:]):
            since = set(names_in(self.text, self._cut(end, begin)))
            found = self._beside(start, end, _nobody)
            if found or since:
                return found if since <= {found} else None
        return None

    def _beside(self, begin: int, end: int, carried: Carried) -> str | None:
        """Return who is said to speak just after a quotation, else just before it."""
        start = max(self.text.rfind("\n", 0, begin) + 1, begin - BESIDE_CHARS)
        before = self._cut(start, begin)
        is_announced = self.text[start:begin].rstrip()[-1:] in _COLONS and before.has("said")
        if not is_announced:
            stop = self.text.find("\n", end, end + BESIDE_CHARS)
            stop = stop if stop >= 0 else min(len(self.text), end + BESIDE_CHARS)
            if told := _TOLD.match(self.text, end, stop):
                stop = told.end()
            after = self._cut(end, stop)
            if found := speaker_of(self.text, after, anchor=end, status="", carried=carried):
                return found
        return speaker_of(self.text, before, anchor=begin, status="", carried=carried)


def _nobody(*, is_near: bool = False) -> None:
    """Give no earlier speaker; takes what :class:`.speakers.Carried` takes."""
    del is_near
