"""What the sentences of an article read so far have established."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from pipelines.claims.article.keeping import is_another_strike, is_the_same_forecast
from pipelines.claims.sentences.tags import tag_of
from pipelines.claims.speaker.following import named_in
from pipelines.claims.speaker.naming import names_of, surname_of
from pipelines.claims.speaker.speakers import Carried, speaker_of
from pipelines.claims.when.chronicle import entry_at
from pipelines.times import interval

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from datetime import date

    from connectors.records import Claim
    from pipelines.claims.sentences.clause import Clause
    from pipelines.claims.sentences.sentence import Sentence
    from pipelines.claims.sentences.stages import Stage
    from pipelines.claims.speaker.quotes import Voices
    from pipelines.claims.when.chronicle import Entry
    from pipelines.claims.words.lexicons import Lexicons


HEAD_CHARS = 45
"""From the beginning of a sentence to the name that heads it, an office before it."""

NEAR_SENTENCES = 2
"""How far back the one stands whom "the minister added" means."""

_TOLD_FURTHER = frozenset(("planned", "suspended", "underway"))
"""Stages that a second sentence without a verb of speech tells in the same voice."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A stage that one clause states of one system."""

    clause: Clause
    stage: Stage
    system: str
    is_anaphoric: bool
    answer: Sentence | None = None
    """The sentence that answers the question in which the stage is asked about."""

    @property
    def is_named(self) -> bool:
        """Whether the clause names the system, or has "the first" for it."""
        if any(m.subject == self.system for m in self.clause.systems):
            return True
        return self.clause.has_one()


@dataclass(slots=True)
class Story:
    """The claims found, and whom and what a pronoun may mean next."""

    text: str
    lexicons: Lexicons
    published: date | None
    voices: Voices
    claims: list[Claim] = field(default_factory=list)
    systems: tuple[str, ...] = ()
    named_at: int = -9
    alone: int = 0
    """Where the second system is named first: until there only the first one can be meant."""
    place: str | None = None
    read: Sequence[Sentence] = ()
    """The sentences that are read because of the mentions near them."""
    sentence_at: Callable[[int], Sentence | None] | None = None
    """Reads the sentence of an index, for those that are not in ``read``."""
    unheard: list[tuple[Sentence, tuple[int, str]]] = field(default_factory=list)
    """The sentences read since who speaks was last asked, each with ``subject`` after it."""
    speaker: str | None = None
    heard: tuple[int, str | None] = (-9, None)
    """Who speaks in the sentence of this index, the last one with a verb of speech."""
    subject: tuple[int, str] = (-9, "")
    """The one person that the sentence of this index names, at its head."""
    only: tuple[int, str] = (-9, "")
    """The one person that the sentence of this index names."""
    before: Sentence | None = None
    """The sentence that was read last."""
    ground: tuple[tuple[int, int], str | None] = ((-9, 0), None)
    """What "there" means in the sentence of this index, and how far back, once it is asked for."""
    entries: tuple[Entry, ...] = ()
    """Those of a chronicle, each read as of its day."""
    day: date | None = None
    """The article's day; ``published`` is that of the entry which is read."""
    is_full: bool = False
    """Whether the article is so long that it tells of other things too."""
    treaties: tuple[int, ...] = ()
    """Where the article names a treaty or doctrine."""
    hit_at: int = -9
    """The last sentence in which the weapon itself was hit: see :mod:`.status.struck`."""
    struck: tuple[int, str | None, str | None] = (-9, None, None)
    """The last strike told of: index of its sentence, country, time."""
    volley: tuple[int, str | None, str | None] = (-9, None, None)
    """A strike with weapons that its sentence did not name: index, country, time."""

    asked: tuple[int, tuple[Frame, ...]] = (-9, ())
    """What the last question asks: the index of its sentence, and what "Yes" would state."""
    supposed: set[tuple[str, str | None, str]] = field(default_factory=set)
    """What is there because its withdrawal is denied: since when may be told further."""

    def at(self, index: int) -> Sentence | None:
        """Return the sentence of this index, read now if nothing near it is named."""
        known = next((s for s in self.read if s.index == index), None)
        if known is None and index >= 0 and self.sentence_at is not None:
            known = self.sentence_at(index)
        return known

    def open_entry(self, sentence: Sentence) -> None:
        """Read ``sentence`` as of the day of its entry in a chronicle."""
        entry = entry_at(self.entries, sentence.start, sentence.end)
        sentence.entry = entry.when if entry else None
        self.published = (entry.day if entry else None) or self.day

    def only_country(self, *kinds: str, until: int | None = None) -> str | None:
        """Return the one country that the sentences name by words of these kinds, or None.

        Args:
            kinds: Kinds of cues.
            until: Only sentences up to this index count.
        """
        read = [s for s in self.read if until is None or s.index <= until]
        named = {cue.value for sentence in read for cue in sentence.of(*kinds)}
        return named.pop() if len(named) == 1 else None

    def keep(self, claim: Claim, *, is_anaphoric: bool, is_earlier: bool = False) -> None:
        """Add ``claim``, or give an earlier one of the same stage the time that it lacked.

        ``is_earlier`` says that a strike before the one just told is meant: "for the first time".
        """
        if is_anaphoric and self.claims and is_the_same_forecast(self.claims[-1], claim):
            return
        stage = claim.system, claim.place, claim.status
        may_wait = claim.status in {"planned", "possible"}
        for position, known in enumerate(self.claims):
            if (known.system, known.place, known.status) != stage:
                continue
            if known.when == claim.when or claim.when is None:
                if may_wait and known.speaker is None and claim.speaker:
                    self.claims[position] = replace(known, speaker=claim.speaker)
                return
            if is_another_strike(known, claim) or (is_earlier and known.status == "used"):
                continue
            waits = may_wait or claim.status in {"requested", "used"} or stage in self.supposed
            lacks_time = known.when is None and waits
            if known.start == claim.start or (
                lacks_time and (is_anaphoric or known.speaker == claim.speaker)
            ):
                speaker = known.speaker or claim.speaker
                self.claims[position] = replace(known, when=claim.when, speaker=speaker)
                return
            if is_anaphoric and not may_wait:
                return
        self.claims.append(claim)

    def take_back(self, system: str, statuses: Collection[str], speaker: str | None) -> None:
        """Forget what the sentence before told of ``system`` in nobody's name: it is false.

        Not where a ``speaker`` only says so: then both stand.
        """
        if speaker is not None:
            return
        first = self.before.start if self.before else 0
        self.claims = [
            c
            for c in self.claims
            if c.start < first or c.speaker or c.system != system or c.status not in statuses
        ]

    def without_loads(self, systems: tuple[str, ...]) -> tuple[str, ...]:
        """Leave out what another system only carries: "the Su-25 were refitted for bombs"."""
        if len(systems) < 2:
            return systems
        known = self.lexicons.systems
        loads = {known[name].carries for name in systems if name in known}
        return tuple(name for name in systems if name not in loads)

    def is_nuclear(self, systems: tuple[str, ...]) -> bool:
        """Say whether one of ``systems`` is what "the nuclear weapons" may mean."""
        return any(self.lexicons.systems[name].nuclear for name in systems)

    def last_nuclear(self, sentence: Sentence) -> tuple[str, ...]:
        """Return the last such system named before ``sentence``, none where there was none."""
        for before in reversed([s for s in self.read if s.start < sentence.start]):
            for mention in reversed(before.systems):
                if self.is_nuclear((mention.subject,)):
                    return (mention.subject,)
        return ()

    def has_place(self, systems: tuple[str, ...]) -> bool:
        """Say whether a country was told where one of ``systems`` is, is not or will be."""
        return any(c.place and c.system in systems for c in self.claims)

    def is_withdrawn(self, systems: tuple[str, ...]) -> bool:
        """Say whether a halt of one of ``systems`` was told last: what lies ahead is its end."""
        last = self.claims[-1] if self.claims else None
        return last is not None and last.status == "suspended" and last.system in systems

    def goes_on(self, sentence: Sentence, frame: Frame) -> str | None:
        """Return who still speaks when what they told of is told further, in nobody's words.

        "X will come, said Kos. It will stand in the East." So is what a verb says in the mood of
        reported speech. Else a fact, or a sentence that names the system again, may be the
        paper's own: nobody is given those.
        """
        is_reported = sentence.asides.is_reported(self.text, sentence.start, sentence.end)
        if not is_reported and not (frame.is_anaphoric and frame.stage.status in _TOLD_FURTHER):
            return None
        if self._is_long_past(frame):
            return None
        self._listen()
        index, name = self.heard
        if sentence.of("said", "according", "request", "person"):
            return None
        gap = sentence.index - index
        before = self.before
        goes_on = gap == NEAR_SENTENCES and is_reported and before is not None
        if goes_on and before and before.asides.is_reported(self.text, before.start, before.end):
            gap = 1  # "Sie seien vollzählig. Eine zweite sei denkbar": two sentences of his.
        return name if gap == 1 else None

    def _is_long_past(self, frame: Frame) -> bool:
        """Say whether a stage of years ago is told: the paper's own background."""
        if self.published is None or not frame.clause.times:
            return False
        return all(
            interval(time.value)[1].year < self.published.year - 1 for time in frame.clause.times
        )

    def named_next(self, sentence: Sentence, *, is_told_back: bool = False) -> str | None:
        """Return whom the next sentence gives the words of ``sentence`` to, or None.

        With ``is_told_back`` only if it opens with what stands for it: "This was said by Kos".
        """
        following = next((s for s in self.read if s.index == sentence.index + 1), None)
        if following is None:
            return None
        return named_in(self.text, sentence, following, is_told_back=is_told_back)

    def carried(self, sentence: Sentence) -> Carried:
        """Return what gives the speaker before ``sentence``, looked for only when asked."""
        return partial(self._last, sentence, self.subject)

    def _last(
        self, sentence: Sentence, subject: tuple[int, str], *, is_near: bool = False
    ) -> str | None:
        if is_near:
            self._listen()
            index, heard = self.heard
            if 0 < sentence.index - index <= NEAR_SENTENCES:
                return heard
            index, name = self.only
            gap = sentence.index - index
            if gap != 1 and (before := self._named_before(sentence)):
                return before
            return name if 0 < gap <= NEAR_SENTENCES else None
        index, name = subject
        if name and sentence.index - index == 1:
            return name
        if before := self._named_before(sentence):
            return before
        self._listen()
        return self.speaker or self.voices.before(sentence.start)

    def _named_before(self, sentence: Sentence) -> str | None:
        """Return the one person, known or not, at the head of the sentence before."""
        before = next((s for s in self.read if s.index == sentence.index - 1), None)
        if before is None or before.of("person"):
            return None
        placed = {c.end for c in before.of("loc")}
        heads = [
            n
            for n in names_of(self.text, before)
            if n[0] - before.start <= HEAD_CHARS and placed.isdisjoint((n[0], n[0] - 1))
        ]
        found = {surname_of(before, name, is_of_it=False) for name in heads}
        return found.pop() if len(found) == 1 else None

    def _listen(self) -> None:
        """Find who spoke in the sentences read since this was last asked; most never matter."""
        waiting, self.unheard = self.unheard, []
        for sentence, subject in waiting:
            if sentence.of("said", "according") or tag_of(self.text, sentence):
                heard = speaker_of(
                    self.text,
                    sentence,
                    anchor=sentence.end,
                    status="",
                    carried=partial(self._last, sentence, subject),
                )
                heard = heard or self.voices.echoed(sentence)
                self.speaker, self.heard = heard or self.speaker, (sentence.index, heard)
