"""From an article's sentences to claims: who says what stands where, when, in which stage."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar

from connectors.records import Claim, Mention, TimeExpression
from pipelines.claims.places import best_place
from pipelines.claims.sentence import Clause, Sentence, analyse
from pipelines.claims.speakers import speaker_of
from pipelines.claims.status import Stage, stage_of
from pipelines.claims.whens import best_time
from pipelines.detection.sentences import sentences

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from pipelines.claims.lexicons import Lexicons

REACH_SENTENCES = 2
"""How many sentences after its last mention a system may still be meant by "it"."""

REACH_CHARS = 400
"""How far a system may stand from the predicate: bounds a sentence that never ends."""

MAX_SENTENCE_CHARS = 2_000
"""Of a longer sentence only this much around each mention is read."""

AROUND_CHARS = 800
"""Read on either side of the mentions: some five sentences, of which three are needed."""

MAX_READ = 400
"""Sentences read of one article: a long report has a tenth of that; the rest is a data dump."""

MAX_MENTIONS = 4_000
"""Mentions looked at in one article, from its beginning; bounds the cost of a list of names."""

_POINTERS = ("it", "weapon", "there")
_PRIORITY = (
    "used",
    "suspended",
    "denied",
    "requested",
    "possible",
    "planned",
    "underway",
    "completed",
)
"""Which stage of a sentence wins: a fact in passing is weaker than what is announced."""


_OVERRIDING = frozenset(("suspended", "denied"))


@dataclass(frozen=True, slots=True)
class _Frame:
    """A stage that one clause states of one system."""

    clause: Clause
    stage: Stage
    system: str
    is_anaphoric: bool

    @property
    def is_named(self) -> bool:
        """Whether the clause names the system."""
        return any(m.subject == self.system for m in self.clause.systems)


@dataclass(slots=True)
class _Story:
    """What the sentences so far have established."""

    text: str
    lexicons: Lexicons
    published: date | None
    claims: list[Claim] = field(default_factory=list)
    systems: tuple[str, ...] = ()
    named_at: int = -9
    place: str | None = None
    country: str | None = None
    speaker: str | None = None
    struck: tuple[int, str | None, str | None] = (-9, None, None)


_Placed = TypeVar("_Placed", Mention, TimeExpression)


def _begin_of(placed: Mention | TimeExpression) -> int:
    return placed.start


def _between(ordered: list[_Placed], starts: list[int], span: tuple[int, int]) -> list[_Placed]:
    """Return what begins in the sentence, without looking at all the others each time."""
    start, end = span
    return ordered[bisect_left(starts, start) : bisect_left(starts, end)]


def extract(  # noqa: PLR0913 - the parts of one article, all by name
    *,
    title: str,
    text: str,
    language: str,
    published_at: datetime | None,
    mentions: Sequence[Mention],
    times: Sequence[TimeExpression],
    lexicons: Lexicons,
) -> tuple[Claim, ...]:
    """Return the claims of ``text`` about the systems that ``mentions`` name, in order."""
    tracked = [m for m in mentions if m.field == "text" and m.subject in lexicons.systems]
    if not tracked:
        return ()
    tracked = sorted(tracked, key=_begin_of)[:MAX_MENTIONS]
    story = _Story(text, lexicons, published_at.date() if published_at else None)
    vocabulary = lexicons.vocabulary(language)
    story.place = best_place(vocabulary.cues(title, 0, len(title)), 0, "planned", None)
    spans = _spans(text, tracked)
    wanted = _wanted(spans, tracked)
    dated = sorted(times, key=_begin_of)
    starts, dates = [m.start for m in tracked], [t.start for t in dated]
    read = [
        analyse(
            text,
            index,
            spans[index],
            vocabulary=vocabulary,
            mentions=_between(tracked, starts, spans[index]),
            times=_between(dated, dates, spans[index]),
        )
        for index in sorted(wanted)[:MAX_READ]
    ]
    story.country = _only_country(read)
    for position, sentence in enumerate(read):
        following = read[position + 1] if position + 1 < len(read) else None
        _read_sentence(story, sentence, following)
    return tuple(_settled(story.claims))


def _only_country(read: Sequence[Sentence]) -> str | None:
    """Return the one country that the sentences name as a place, or None."""
    named = {cue.value for sentence in read for cue in sentence.of("place", "region")}
    return named.pop() if len(named) == 1 else None


def _spans(text: str, mentions: Sequence[Mention]) -> list[tuple[int, int]]:
    """Return the sentences; one that never ends is cut to windows around its mentions."""
    spans: list[tuple[int, int]] = []
    for start, end in _sentences_around(text, mentions):
        if end - start <= MAX_SENTENCE_CHARS:
            spans += _with_bracket(text, spans, start, end)
            continue
        reached = start
        for mention in mentions:
            if start <= mention.start < end and mention.end > reached:
                begin = max(reached, mention.start - REACH_CHARS)
                reached = min(end, mention.end + REACH_CHARS)
                spans.append((begin, reached))
    return spans


def _sentences_around(text: str, mentions: Sequence[Mention]) -> list[tuple[int, int]]:
    """Return the sentences that may be read; of a long text not those far from any mention."""
    first, last = mentions[0].start, mentions[-1].end
    begin, end = max(0, first - AROUND_CHARS), min(len(text), last + AROUND_CHARS)
    if end - begin > len(text) - AROUND_CHARS:
        return sentences(text)
    found = [(begin + start, begin + stop) for start, stop in sentences(text[begin:end])]
    before = sum(stop <= first for _, stop in found)
    after = sum(start >= last for start, _ in found)
    if (begin and before <= REACH_SENTENCES) or (end < len(text) and after <= REACH_SENTENCES):
        return sentences(text)
    return found


def _with_bracket(
    text: str, spans: list[tuple[int, int]], start: int, end: int
) -> list[tuple[int, int]]:
    """Give a bracket that opens a sentence to the sentence before: it comments on that one."""
    closing = {"[": "]", "(": ")"}.get(text[start])
    stop = text.find(closing, start, end) + 1 if closing else 0
    if not stop or not spans:
        return [(start, end)]
    spans[-1] = (spans[-1][0], stop)
    return [(stop, end)] if text[stop:end].strip() else []


def _start(mention: Mention) -> int:
    return mention.start


def _wanted(spans: Sequence[tuple[int, int]], mentions: Sequence[Mention]) -> set[int]:
    starts = [start for start, _ in spans]
    wanted: set[int] = set()
    for mention in mentions:
        index = bisect_right(starts, mention.start) - 1
        wanted.update(range(max(0, index - 1), min(len(spans), index + REACH_SENTENCES + 1)))
    return wanted


def _read_sentence(story: _Story, sentence: Sentence, following: Sentence | None) -> None:
    named = tuple(dict.fromkeys(m.subject for m in sentence.systems))
    frames: list[_Frame] = []
    for clause in sentence.clauses:
        systems, is_anaphoric = _systems_of(story, sentence, clause, named, following)
        stage = stage_of(clause, is_anaphoric=is_anaphoric) if systems else None
        if stage is None and is_anaphoric:
            stage = _answer(story, sentence, clause, systems)
        elif stage and is_anaphoric and not _may_carry(story, clause, stage, systems):
            stage = None
        if stage is None:
            continue
        systems = _described(clause, stage, systems)
        frames += [_Frame(clause, stage, system, is_anaphoric) for system in systems]
    for frame in _strongest(frames):
        _add(story, sentence, frame)
    if named:
        story.systems, story.named_at = named, sentence.index
    if (people := sentence.of("person")) and sentence.of("said", "according"):
        story.speaker = people[0].value


def _answer(
    story: _Story, sentence: Sentence, clause: Clause, systems: tuple[str, ...]
) -> Stage | None:
    """Return "possible" for the answer to a request: "Next year is feasible, Putin said"."""
    asked = {c.system for c in story.claims if c.status == "requested"}
    can = clause.of("modal")
    if not (can and sentence.times and asked.intersection(systems)):
        return None
    if sentence.index - story.named_at != 1 or not sentence.of("said", "according"):
        return None
    return None if clause.has("block", "use", "not", "deny", "if") else Stage("possible", can[0])


def _strongest(frames: Sequence[_Frame]) -> list[_Frame]:
    """Keep one stage a system and sentence, unless each clause names the system itself.

    A clause that names the system outweighs one that does not, but for a later denial or halt.
    """
    kept = [frame for frame in frames if frame.stage.status == "used"]
    for frame in frames:
        rivals = [f for f in frames if f.system == frame.system and f.stage.status != "used"]
        if frame.stage.status == "used":
            continue
        if any(f.is_named for f in rivals):
            rivals = [f for f in rivals if f.is_named or f.stage.status in _OVERRIDING]
        best = min(rivals, key=_rank)
        if frame not in rivals and frame.stage.status != best.stage.status:
            continue
        both = frame.is_named and best.is_named and frame.clause is not best.clause
        if frame.stage.status == best.stage.status or both:
            kept.append(frame)
    return kept


def _rank(frame: _Frame) -> int:
    return _PRIORITY.index(frame.stage.status)


def _described(clause: Clause, stage: Stage, systems: tuple[str, ...]) -> tuple[str, ...]:
    """Return the systems that the stage is about: "based in X" describes the nearest only."""
    if stage.anchor.kind != "attr" or stage.status != "completed" or not clause.systems:
        return systems
    anchor = stage.anchor.start
    gaps = {m: min(abs(m.end - anchor), abs(m.start - anchor)) for m in clause.systems}
    inside = [m for m in clause.systems if m.start <= anchor < m.end]
    return ((inside[0] if inside else min(gaps, key=gaps.__getitem__)).subject,)


def _systems_of(
    story: _Story,
    sentence: Sentence,
    clause: Clause,
    named: tuple[str, ...],
    following: Sentence | None,
) -> tuple[tuple[str, ...], bool]:
    """Return the systems that ``clause`` is about and whether they are named before it."""
    recent = bool(story.systems) and sentence.index - story.named_at <= REACH_SENTENCES
    if recent and any(all(m.end <= c.start for m in clause.systems) for c in clause.of("again")):
        return story.systems, True
    own = tuple(dict.fromkeys(m.subject for m in clause.systems))
    if own:
        return own, False
    if named:
        return _neighbours(sentence, clause), False
    if recent:
        return story.systems, True
    if following is not None and following.systems and clause.has("weapon"):
        return tuple(dict.fromkeys(m.subject for m in following.systems)), True
    return (), False


def _neighbours(sentence: Sentence, clause: Clause) -> tuple[str, ...]:
    """Return the systems of the clause before that names any, else of the one after."""
    before = [c for c in sentence.clauses if c.systems and c.end <= clause.start]
    after = [c for c in sentence.clauses if c.systems and c.start >= clause.end]
    nearest = before[-1] if before else (after[0] if after else None)
    if nearest is None or abs(nearest.start - clause.start) > REACH_CHARS:
        return ()
    return tuple(dict.fromkeys(m.subject for m in nearest.systems))


def _may_carry(story: _Story, clause: Clause, stage: Stage, systems: tuple[str, ...]) -> bool:
    """Say whether a clause without a system's name still speaks of the one named before."""
    anchor = stage.anchor.start
    if any(c.start < anchor for c in clause.of("block")):
        return False
    standing = {c.system for c in story.claims if c.status == "completed"}
    points = clause.has(*_POINTERS)
    carries = {
        "possible": points or clause.has("deploy") or (clause.has("said") and bool(clause.times)),
        "requested": clause.has("weapon") and clause.has("deploy", "done"),
        "denied": clause.has("weapon") and clause.has("deploy", "done"),
        "planned": not standing.intersection(systems)
        and (points or clause.has("ready") or bool(clause.times)),
        "completed": len(systems) == 1 and _points_back(clause, anchor),
        "used": len(systems) == 1 and points,
        "suspended": len(systems) == 1 and points,
    }
    return carries.get(stage.status, False)


def _points_back(clause: Clause, anchor: int) -> bool:
    """Say whether "it", "there" or "this weapon" stands before the predicate at ``anchor``."""
    if any(c.start < anchor for c in clause.of("it")) or clause.has("there"):
        return True
    weapons = [w for w in clause.of("weapon") if w.start < anchor]
    if (
        weapons
        and clause.has("place", "region")
        and any(c.start == anchor for c in clause.of("present"))
    ):
        return True
    return any(0 < w.order - t.order <= 2 for w in weapons for t in clause.of("this"))


def _add(story: _Story, sentence: Sentence, frame: _Frame) -> None:
    status, anchor = frame.stage.status, frame.stage.anchor.start
    asks = status == "requested"
    speaker = story.speaker if sentence.of("said_pronoun") else None
    speaker = speaker or speaker_of(story.text, sentence, anchor=anchor, requested=asks)
    place = _place(story, sentence, frame, speaker)
    if place is None and (status == "used" or frame.stage.anchor.kind == "done"):
        return
    times = frame.clause.times or _loose_times(sentence, frame)
    when = best_time(times, frame.stage.anchor, status, sentence.cues, story.published)
    if status == "used" and when is None and sentence.of("same"):
        when = _struck_at(story, sentence, place)
    start, end = _evidence(story.text, sentence)
    claim = Claim(
        system=frame.system,
        place=place,
        status=status,
        when=when,
        speaker=speaker,
        start=start,
        end=end,
        evidence=story.text[start:end],
        negated=status == "denied",
        hypothetical=status == "possible",
    )
    if status == "used":
        story.struck = (sentence.index, place, when)
    _keep(story, claim, is_anaphoric=frame.is_anaphoric)


def _loose_times(sentence: Sentence, frame: _Frame) -> list[TimeExpression]:
    """Return the times of clauses about no other system; a fact takes none from elsewhere."""
    if frame.stage.status == "completed":
        return []
    about = [
        clause
        for clause in sentence.clauses
        if not clause.systems or any(m.subject == frame.system for m in clause.systems)
    ]
    return [time for clause in about for time in clause.times]


def _struck_at(story: _Story, sentence: Sentence, place: str | None) -> str | None:
    index, struck, when = story.struck
    return when if sentence.index - index <= REACH_SENTENCES and struck == place else None


def _place(story: _Story, sentence: Sentence, frame: _Frame, speaker: str | None) -> str | None:
    person = story.lexicons.people.get(speaker or "")
    home = person.country if person else None
    status, anchor = frame.stage.status, frame.stage.anchor.start
    defined = story.lexicons.systems[frame.system].place
    if defined:
        return None if status == "used" else defined
    found = best_place(frame.clause.cues, anchor, status, home)
    found = found or best_place(sentence.cues, anchor, status, home)
    if found:
        return found
    if status == "used":
        index, struck, _ = story.struck
        return struck if sentence.index - index <= REACH_SENTENCES else None
    for claim in reversed(story.claims):
        if claim.place and claim.system == frame.system and claim.status != "used":
            return claim.place
    if status == "completed" and not frame.clause.has("there"):
        return None
    places = {claim.place for claim in story.claims if claim.status != "used"} - {None}
    return story.place or (places.pop() if len(places) == 1 else story.country)


def _evidence(text: str, sentence: Sentence) -> tuple[int, int]:
    start, end = sentence.start, sentence.end
    while end > start and text[end - 1].isspace():
        end -= 1
    while start < end and text[start].isspace():
        start += 1
    return start, end


def _keep(story: _Story, claim: Claim, *, is_anaphoric: bool) -> None:
    """Add ``claim``, or give an earlier one of the same stage the time that it lacked."""
    for position, known in enumerate(story.claims):
        if (known.system, known.place, known.status) != (claim.system, claim.place, claim.status):
            continue
        if known.when == claim.when or claim.when is None:
            return
        if known.start == claim.start or (
            known.when is None
            and claim.status in {"planned", "possible"}
            and (is_anaphoric or known.speaker == claim.speaker)
        ):
            story.claims[position] = replace(known, when=claim.when)
            return
        if is_anaphoric and claim.status not in {"planned", "possible"}:
            return
    story.claims.append(claim)


def _settled(claims: Sequence[Claim]) -> list[Claim]:
    return sorted(claims, key=_claim_order)


def _claim_order(claim: Claim) -> tuple[int, str, str]:
    return claim.start, claim.system, claim.status
