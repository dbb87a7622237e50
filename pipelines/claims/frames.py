"""From an article's sentences to claims: who says what stands where, when, in which stage."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from connectors.records import Claim, Mention, TimeExpression
from pipelines.claims.answers import TOLD_AS_FACT, answer, called_false, may_answer
from pipelines.claims.asking import answered, asks, is_cut
from pipelines.claims.attacks import day_of_attack
from pipelines.claims.carrying import may_carry
from pipelines.claims.chronicle import entries_of, happened_then, reach_of, read_again
from pipelines.claims.clause import PREDICATES
from pipelines.claims.conditions import hangs_on_if, is_left_open, is_supposed_shot, on_condition
from pipelines.claims.dateline import without_dateline
from pipelines.claims.dating import counted_on, date_further
from pipelines.claims.deciding import tied_to
from pipelines.claims.places import best_place
from pipelines.claims.placing import countries_of, is_grounded, place_of, struck_at
from pipelines.claims.presumed import presumed
from pipelines.claims.quotes import Voices
from pipelines.claims.referring import described, systems_of
from pipelines.claims.rivals import strongest
from pipelines.claims.sentence import SUBJECT_WORDS, Sentence, analyse
from pipelines.claims.settling import SETTLED_BY_TIME, as_reported, is_told_already, settled
from pipelines.claims.silence import is_of_others_first
from pipelines.claims.spans import (
    REACH_SENTENCES,
    SOLE_REACH_SENTENCES,
    Spans,
    begin_of,
    between,
)
from pipelines.claims.speakers import speaker_of
from pipelines.claims.status import STATING, stage_of
from pipelines.claims.story import Frame, Story
from pipelines.claims.struck import is_struck
from pipelines.claims.unstated import COMING, is_beside
from pipelines.claims.volleys import (
    add_listed,
    as_fired,
    attacked_at,
    evidence_of,
    note_volley,
)
from pipelines.claims.whens import best_time, is_since, loose_times
from pipelines.claims.withdrawing import as_owed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from pipelines.claims.clause import Clause
    from pipelines.claims.lexicons import Lexicons

_PLACED = frozenset(("done", "presence"))
"""Kinds that tell of nothing where no country is known."""

MAX_READ = 400
"""Sentences read of one article: a long report has a tenth of that; the rest is a data dump."""

MAX_MENTIONS = 4_000
"""Mentions looked at in one article, from its beginning; bounds the cost of a list of names."""


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
    tracked = sorted(tracked, key=begin_of)[:MAX_MENTIONS]
    day = published_at.date() if published_at else None
    vocabulary = lexicons.vocabulary(language).on(day)
    story = Story(
        text,
        lexicons,
        day,
        Voices(title, text, vocabulary, tracked),
    )
    story.treaties = tuple(
        m.start for m in mentions if m.field == "text" and m.subject not in lexicons.systems
    )
    story.place = best_place(vocabulary.cues(title, 0, len(title)), 0, "planned", None)
    first = tracked[0].subject
    story.alone = next((m.start for m in tracked if m.subject != first), len(text))
    reach = SOLE_REACH_SENTENCES if story.alone == len(text) else REACH_SENTENCES
    dated = sorted(times, key=begin_of)
    story.day, story.entries = day, entries_of(text, dated, day)
    if story.entries:
        reach = reach_of(reach)
        dated = read_again(text, language, dated, story.entries)
    else:
        dated = without_dateline(text, dated)
    starts, dates = [m.start for m in tracked], [t.start for t in dated]
    spans = Spans(text, tracked, reach, dated, dates, partial(is_cut, vocabulary), story.alone)

    def sentence_at(index: int) -> Sentence | None:
        span = spans.at(index) if index >= 0 else None
        return span and analyse(
            text,
            index,
            span,
            vocabulary=vocabulary,
            mentions=between(tracked, starts, span),
            times=between(dated, dates, span),
        )

    read = [one for index in spans.wanted()[:MAX_READ] if (one := sentence_at(index))]
    story.read, story.sentence_at = read, sentence_at
    for position, sentence in enumerate(read):
        following = read[position + 1] if position + 1 < len(read) else None
        known = len(story.claims)
        _read_sentence(story, sentence, following)
        index = sentence.index
        while len(story.claims) > known and not sentence.systems:
            if following is not None and following.index == index + 1:
                story.named_at = index
                break
            if (further := sentence_at(index + 1)) is None:
                break
            known, story.named_at = len(story.claims), index
            index, sentence = index + 1, further  # noqa: PLW2901 - one still spoke of it
            _read_sentence(story, sentence, None)
    return tuple(sorted(story.claims, key=_claim_order))


def _read_sentence(story: Story, sentence: Sentence, following: Sentence | None) -> None:
    if story.entries:
        story.open_entry(sentence)
    named = story.without_loads(tuple(dict.fromkeys(m.subject for m in sentence.systems)))
    if named and sentence.has("able") and not any(c.systems for c in sentence.clauses):
        named = ()
    frames = _frames_of(story, sentence, named, following)
    if all(f.clause.is_inset for f in frames):
        frames += [f for f in presumed(story, sentence) if not (frames and f.clause.is_inset)]
    if asks(story.text, sentence.start, sentence.end):
        frames = answered(story, sentence, frames, following)
    for frame in strongest(_told(story, sentence, frames)):
        _add(story, sentence, frame)
    if not frames and named:
        add_listed(story, sentence, named)
    if sentence.times and not named:
        date_further(story, sentence)
    if named:
        story.systems, story.named_at = named, sentence.index
    _remember(story, sentence)
    note_volley(story, sentence)
    story.unheard.append((sentence, story.subject))


def _told(story: Story, sentence: Sentence, frames: list[Frame]) -> list[Frame]:
    """Leave out what is only supposed, left open, or hangs on an "if"."""
    if frames and sentence.has("use") and is_supposed_shot(sentence):
        return []
    if not frames or not sentence.has("if", "condition", "comment"):
        return frames
    if is_left_open(story.text, sentence):
        return []
    return [f for f in frames if not hangs_on_if(story.text, sentence, f.stage)]


def _frames_of(
    story: Story, sentence: Sentence, named: tuple[str, ...], following: Sentence | None
) -> list[Frame]:
    """Return what each clause of the sentence states, of each system that it is about."""
    frames: list[Frame] = []
    if not sentence.has_any(STATING):
        return frames
    is_placed = sentence.has("present") and _is_placed(story, sentence)
    is_of_others = bool(named) and sentence.has("other") and is_of_others_first(sentence)
    for clause in sentence.clauses:
        if not clause.has_any(STATING):
            continue
        systems, is_anaphoric = systems_of(story, sentence, clause, named, following)
        systems = story.without_loads(systems)
        is_there = is_placed and bool(clause.systems or (named and _is_since(clause)))
        if is_anaphoric and sentence.times and clause.has("weapon"):
            is_there = story.has_place(systems)
        stage = stage_of(clause, is_anaphoric=is_anaphoric, is_placed=is_there) if systems else None
        if (
            is_anaphoric and not (stage and may_carry(story, sentence, clause, stage, systems))
        ) or (stage is None and systems and may_answer(clause)):
            stage = answer(story, sentence, clause, systems, frames)
        if stage is not None and stage.status == "suspended":
            stage = as_owed(sentence, clause, stage)
        if stage is not None and sentence.has("condition"):
            stage = on_condition(sentence, clause, stage)
        if stage is None or is_beside(story, clause, stage, is_anaphoric=is_anaphoric):
            continue
        if is_of_others and not clause.systems and stage.status in COMING:
            continue
        systems = described(clause, stage, systems)
        frames += [Frame(clause, stage, system, is_anaphoric) for system in systems]
    return frames


def _is_since(clause: Clause) -> bool:
    """Say whether a state is told with its beginning: "X, based in Y, has served since May"."""
    return any(is_since(time, clause.cues) for time in clause.times)


def _is_placed(story: Story, sentence: Sentence) -> bool:
    """Say whether a state that the sentence tells of can be in one country only."""
    named = {cue.value for cue in sentence.of("place", "adjective")}
    return len(named) == 1 or is_grounded(story, sentence)


def _remember(story: Story, sentence: Sentence) -> None:
    """Note whom and what place the next sentence may mean by "he" and "there"."""
    people = sentence.of("person")
    is_about_him = any(c.start < people[0].start for c in sentence.of("he")) if people else False
    if len({p.value for p in people}) == 1 and not is_about_him:
        story.only = sentence.index, people[0].value
        if people[0].order <= SUBJECT_WORDS:
            story.subject = story.only
    story.before = sentence


def _add(story: Story, sentence: Sentence, frame: Frame) -> None:
    status = frame.stage.status
    speaker = _speaker(story, sentence, frame)
    if _was_struck(story, sentence, frame):
        return
    place = place_of(story, sentence, frame, speaker)
    status = as_fired(story, sentence, frame, place)
    if _is_of_no_place(story, frame, place, status):
        return
    status = as_reported(story, frame, status)
    times = frame.clause.times or loose_times(sentence, frame)
    times = tied_to(story, sentence, frame, times)
    when = best_time(times, frame.stage.anchor, status, sentence.cues, story.published, story.text)
    if is_told_already(story, frame, status, when):
        return
    if status in SETTLED_BY_TIME:
        status, when = settled(story, sentence, frame, status, when)
    when = counted_on(story, sentence, frame, when) if status == "suspended" else when
    if status == "used" and when is None:
        when = (
            struck_at(story, sentence, frame, place)
            or attacked_at(story, sentence, place)
            or day_of_attack(story, sentence, frame, place)
        )
    when = happened_then(sentence, frame, status, when)
    start, end = evidence_of(story.text, sentence)
    if status == "denied" and story.before and called_false(sentence, frame.clause):
        start = story.before.start  # What is false stands in the sentence before.
        story.take_back(frame.system, TOLD_AS_FACT, speaker)
    for country in countries_of(story, frame, place, status):
        claim = Claim(
            system=frame.system,
            place=country,
            status=status,
            when=when,
            speaker=speaker,
            start=start,
            end=end,
            evidence=story.text[start:end],
            negated=status == "denied",
            hypothetical=status == "possible",
        )
        story.keep(
            claim,
            is_anaphoric=frame.is_anaphoric and frame.stage.anchor.kind != "thence",
            is_earlier=bool(when) and frame.clause.has("earlier"),
        )
        if status == "completed" and frame.stage.anchor.kind == "suspend":
            story.supposed.add((frame.system, country, status))
    if status == "used":
        story.struck = (sentence.index, place, when)


def _is_of_no_place(story: Story, frame: Frame, place: str | None, status: str) -> bool:
    """Say whether nothing tells where, or where it only may be fired: "could strike Kyiv"."""
    if place is None:
        return status == "used" or frame.stage.anchor.kind in _PLACED
    return status == "possible" and place == story.lexicons.systems[frame.system].target


def _speaker(story: Story, sentence: Sentence, frame: Frame) -> str | None:
    """Return in whose voice a stage is told: here, before, or in the sentence after."""
    status, anchor = frame.stage.status, frame.stage.anchor.start
    voiced = frame.answer or sentence
    speaker = speaker_of(
        story.text, voiced, anchor=anchor, status=status, carried=story.carried(voiced)
    ) or story.voices.at(voiced, story.carried(voiced))
    speaker = speaker or story.goes_on(sentence, frame)
    if speaker is None:
        speaker = story.named_next(sentence, is_told_back=status == "requested")
    return speaker


def _was_struck(story: Story, sentence: Sentence, frame: Frame) -> bool:
    """Say whether it was the weapon that was hit, and note where."""
    stage = frame.stage
    if stage.status != "used" and (stage.status != "completed" or stage.anchor.kind in PREDICATES):
        return False
    home = story.lexicons.systems[frame.system].home
    was_struck = sentence.index - story.hit_at <= 1
    if is_struck(sentence, frame, home, was_struck=was_struck):
        story.hit_at = sentence.index
        return True
    return False


def _claim_order(claim: Claim) -> tuple[int, str, str]:
    return claim.start, claim.system, claim.status
