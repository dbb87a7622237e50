"""When something came or left, told by another time: in the next sentence, "two months later"."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pipelines.claims.article.referring import is_of_another_weapon
from pipelines.claims.article.told import is_dropped
from pipelines.claims.when.tensing import names_year
from pipelines.claims.when.whens import best_time
from pipelines.times import granularity, interval

if TYPE_CHECKING:
    from datetime import date

    from connectors.records import Claim
    from pipelines.claims.article.story import Frame, Story
    from pipelines.claims.sentences.sentence import Sentence

_TELLING = {"completed": ("done",), "suspended": ("leave", "withdraw", "back", "suspend")}
"""Kinds of the verbs that tell further of a stage."""

_POINTING = ("weapon", "it", "this")
"""Kinds of what stands for the weapon."""

_TO_COME = ("will", "future", "plan", "modal", "request", "if")
"""Kinds beside which a time ahead is meant."""

_OTHER = (
    *("modal", "future", "will", "not", "plan", "use", "if", "block", "request", "question"),
    *("one", "earlier", "first", "again", "partial"),
)
"""Kinds beside which something else is told."""


_NO_STRIKE = (
    *("modal", "future", "will", "not", "plan", "if", "block", "request", "question", "earlier"),
    *("again", "other", "person", "since"),
)
"""Kinds beside which another strike is told, or none."""

NEAR_SENTENCES, HEAD_WORDS = 2, 2
"""From a strike to the sentence that dates it, and words before the noun that heads it."""

COUNTED_WORDS = 3
"""Words of a time that is counted from another: "two months later"."""

_VERB_LAST = frozenset(("de", "nl"))
AUXILIARY_CHARS, VERB_LAST_CHARS = 10, 60
"""From "was" to "withdrawn"; the weapon, the time and the place stand between in German."""


def counted_on(story: Story, sentence: Sentence, frame: Frame, when: str | None) -> str | None:
    """Return when something left that is said to lie ahead: counted from when it came.

    "It arrived in September; two months later it was withdrawn." None where that is not told.
    What "was withdrawn in November", read in June, was so in the year before.
    """
    published = story.published
    if when is None or published is None:
        return when
    if frame.clause.has(*_TO_COME) or interval(when)[0] <= published:
        return when
    if _was_so(story.text, sentence, frame, when):
        return f"{int(when[:4]) - 1:04d}{when[4:]}"
    came = next(
        (c.when for c in reversed(story.claims) if c.system == frame.system and c.when), None
    )
    if came is None or interval(came)[1] > published:
        return when
    counted = _moved(came, when, published)
    return counted if counted and interval(counted)[0] <= published else None


def _was_so(text: str, sentence: Sentence, frame: Frame, when: str) -> bool:
    """Say whether a month or season without its year is told by a past verb."""
    if granularity(when) not in {"month", "season"}:
        return False
    named = [t for t in sentence.times if t.value == when]
    if any(names_year(t) or t.quote.count(" ") >= COUNTED_WORDS - 1 for t in named):
        return False
    anchor = frame.stage.anchor
    reach = VERB_LAST_CHARS if sentence.language in _VERB_LAST else AUXILIARY_CHARS
    return sentence.asides.past.search(text, anchor.start - reach, anchor.end) is not None


def _moved(came: str, when: str, published: date) -> str | None:
    """Return ``came`` moved on by as much as ``when`` lies after the article, or None."""
    first = interval(came)[0]
    if granularity(came) not in {"day", "month"}:
        return None
    if granularity(when) == "day":
        if granularity(came) != "day":
            return None
        return (first + (interval(when)[0] - published)).isoformat()
    if granularity(when) != "month":
        return None
    ahead = interval(when)[0]
    months = (ahead.year - published.year) * 12 + ahead.month - published.month
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return f"{year:04d}-{month + 1:02d}"


def date_further(story: Story, sentence: Sentence) -> None:
    """Give what the sentence before tells of one system the time that this one names."""
    last = story.claims[-1] if story.claims else None
    if last is None or last.when or story.published is None:
        return
    if last.status == "used":
        _date_strike(story, sentence, last)
    elif last.status in _TELLING:
        _date_stage(story, sentence, last)


def _date_stage(story: Story, sentence: Sentence, last: Claim) -> None:
    if story.named_at != sentence.index - 1 or len(story.systems) != 1:
        return
    if is_of_another_weapon(story, sentence):
        return
    told = sentence.of(*_TELLING[last.status])
    if not told or sentence.has(*_OTHER):
        return
    if not sentence.has(*_POINTING) and not is_dropped(sentence.language, sentence, told[0]):
        return
    if any(c.value != last.place for c in sentence.of("place", "region")):
        return
    times, cues = sentence.times, sentence.cues
    when = best_time(times, told[0], last.status, cues, story.published, story.text)
    if when and story.published and interval(when)[0] <= story.published:
        story.claims[-1] = replace(last, when=when)


def _date_strike(story: Story, sentence: Sentence, last: Claim) -> None:
    """Give a strike the day that a sentence after it tells: "The attack came on 10 June"."""
    struck, _, _ = story.struck
    if not 0 < sentence.index - struck <= NEAR_SENTENCES or sentence.has(*_NO_STRIKE):
        return
    heads = [c for c in sentence.of("use") if c.order <= HEAD_WORDS]
    if not heads or sentence.has("place", "region", "capital"):
        return
    times, cues = sentence.times, sentence.cues
    when = best_time(times, heads[0], "used", cues, story.published, story.text)
    if when is None or story.published is None or granularity(when) != "day":
        return
    if interval(when)[0] <= story.published:
        story.claims[-1] = replace(last, when=when)
