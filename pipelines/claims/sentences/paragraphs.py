"""Whether a new paragraph still speaks of the weapon named in one before; pure.

"Minsk asked for the Oreshnik. It was promised one. [New paragraph] The school, promised in 2023,
was refused to the town in May." A paragraph is about something else unless one of its sentences
up to here has a word for the weapon, its deployment or its ground.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipelines.claims.article.story import Story
    from pipelines.claims.sentences.sentence import Sentence

_OF_IT = ("weapon", "partial", "there", "deploy", "request", "deny", "use", "withdraw")
"""Kinds of which one goes on with the weapon over the end of a paragraph."""

_ENDED = re.compile(r"[^\w\s,;]\s*\Z")
"""Before a line's end: that of a sentence too, so no line that a mail program wrapped."""

BLANK_CHARS = 20
"""Looked at for it: blanks and empty lines may stand between."""

MOST_LINES = 50
"""Wrapped lines of one paragraph."""


def is_parted(story: Story, sentence: Sentence) -> bool:
    """Say whether a paragraph ended since the weapon was named, and nothing here points to it."""
    begin = _begin_of(story.text, sentence)
    if begin <= _named_from(story, sentence) or sentence.has(*_OF_IT):
        return False
    if any(begin <= s.start < sentence.start and s.has(*_OF_IT) for s in story.read):
        return False
    return not _is_next_of_one(story, begin, sentence)


def _named_from(story: Story, sentence: Sentence) -> int:
    """Return where the sentence begins that named the weapon last, or was the last about it."""
    named = (s.start for s in story.read if s.index == story.named_at)
    return next(named, story.before.start if story.before else sentence.start)


def _begin_of(text: str, sentence: Sentence) -> int:
    """Return where the paragraph of ``sentence`` begins."""
    at = sentence.start + 1
    for _ in range(MOST_LINES):
        at = text.rfind("\n", 0, at)
        if at < 0:
            return 0
        if _ENDED.search(text, max(0, at - BLANK_CHARS), at):
            break
    begin = at + 1
    while begin < sentence.start and text[begin].isspace():
        begin += 1
    return begin


def _is_next_of_one(story: Story, begin: int, sentence: Sentence) -> bool:
    """Say whether both are paragraphs of one sentence, as agencies write."""
    before = story.before
    if before is None or sentence.index - story.named_at != 1 or sentence.start > begin + 1:
        return False
    return before.index == story.named_at and _begin_of(story.text, before) >= before.start - 1
