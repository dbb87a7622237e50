"""From an article's sentences to claims: who says what stands where, when, in which stage."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pipelines.claims.article.answers import answer, may_answer
from pipelines.claims.article.asking import answered, asks, is_cut
from pipelines.claims.article.carrying import may_carry
from pipelines.claims.article.claiming import add_claims
from pipelines.claims.article.dating import date_further
from pipelines.claims.article.faint import is_faint, is_full, is_of_other_news
from pipelines.claims.article.gapped import gapped
from pipelines.claims.article.placing import SUPPLIERS, is_grounded, is_on_duty_since
from pipelines.claims.article.presumed import presumed
from pipelines.claims.article.referring import described, systems_of
from pipelines.claims.article.story import Frame, Story
from pipelines.claims.article.volleys import add_listed, note_volley
from pipelines.claims.place.homeland import stands_in_homeland
from pipelines.claims.place.places import best_place
from pipelines.claims.sentences.conditions import (
    hangs_on_if,
    is_left_open,
    is_supposed_shot,
    on_condition,
)
from pipelines.claims.sentences.sentence import SUBJECT_WORDS, Sentence, analyse
from pipelines.claims.sentences.silence import is_of_others_first
from pipelines.claims.sentences.spans import (
    REACH_SENTENCES,
    SOLE_REACH_SENTENCES,
    Spans,
    begin_of,
    between,
)
from pipelines.claims.speaker.quotes import Voices
from pipelines.claims.status.rivals import strongest
from pipelines.claims.status.status import STATING, stage_of
from pipelines.claims.status.unstated import COMING, is_beside
from pipelines.claims.status.withdrawing import as_owed
from pipelines.claims.when.chronicle import entries_of, reach_of, read_again
from pipelines.claims.when.dateline import without_dateline
from pipelines.claims.when.whens import is_since

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from connectors.records import Claim, Mention, TimeExpression
    from pipelines.claims.sentences.clause import Clause
    from pipelines.claims.words.lexicons import Lexicons

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
    story.is_full = is_full(text, is_unspaced=language[:2] in lexicons.unspaced)
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
    is_other = not sentence.systems and is_of_other_news(story, sentence)
    frames = [] if is_other else _frames_of(story, sentence, named, following)
    if not is_other and all(f.clause.is_inset for f in frames):
        frames += [f for f in presumed(story, sentence) if not (frames and f.clause.is_inset)]
    elif not is_other and any(c.is_whole for c in sentence.clauses):
        stated = [f.clause for f in frames]
        frames += [
            f for f in presumed(story, sentence) if f.clause.is_whole and f.clause not in stated
        ]
    if asks(story.text, sentence.start, sentence.end):
        frames = answered(story, sentence, frames, following)
    for frame in strongest(_told(story, sentence, frames)):
        add_claims(story, sentence, frame)
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
        if clause.verb_of is not None or not clause.has_any(STATING):
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
        if stage is not None and sentence.has("condition", "if"):
            stage = on_condition(sentence, clause, stage)
        if stage is None or is_beside(story, clause, stage, is_anaphoric=is_anaphoric):
            continue
        if (is_of_others and not clause.systems and stage.status in COMING) or (
            is_anaphoric and is_faint(story, sentence, clause, stage)
        ):
            continue
        systems = described(clause, stage, systems)
        frames += [Frame(clause, stage, system, is_anaphoric) for system in systems]
    return [*frames, *gapped(sentence.clauses, frames)]


def _is_since(clause: Clause) -> bool:
    """Say whether a state is told with its beginning: "X, based in Y, has served since May"."""
    return any(is_since(time, clause.cues) for time in clause.times)


def _is_placed(story: Story, sentence: Sentence) -> bool:
    """Say whether a state that the sentence tells of can be in one country only."""
    named = {cue.value for cue in sentence.of("place", "adjective")}
    if not named and is_on_duty_since(sentence):
        person = story.lexicons.people.get(sentence.of("person")[0].value)
        return bool(person and person.country and person.country not in SUPPLIERS)
    if not named and sentence.has("supplier") and stands_in_homeland(sentence.cues):
        return True
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


def _claim_order(claim: Claim) -> tuple[int, str, str]:
    return claim.start, claim.system, claim.status
