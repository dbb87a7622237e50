"""Whether a word of a clause stands for the weapon, as an article of full length needs one; pure.

A dispatch of five sentences is about the weapon: "It was asked for in May. A promise followed." An
article of twenty is mostly about something else, in the same words: "He will come in June." So
there a clause must have a word for the weapon: a noun, "it", "the first", "the same".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipelines.claims.article.story import Story
    from pipelines.claims.sentences.clause import Clause
    from pipelines.claims.sentences.sentence import Sentence
    from pipelines.claims.sentences.stages import Stage

FULL_CHARS = 1200
"""Characters of an article of full length: some ten sentences."""

FULL_CHARS_UNSPACED = 400
"""The same in languages that write a word in one or two characters."""

HEAD_WORDS = 2
"""Words before the delivery or deployment that heads a sentence: "The deployment is due in May"."""

_FOR_THE_WEAPON = ("weapon", "partial", "same")


def is_full(text: str, *, is_unspaced: bool) -> bool:
    """Say whether ``text`` is so long that it tells of other things too."""
    return len(text) >= (FULL_CHARS_UNSPACED if is_unspaced else FULL_CHARS)


def is_of_other_news(story: Story, sentence: Sentence) -> bool:
    """Say whether no clause of a sentence of a full article can go on with the weapon.

    As :func:`is_faint`, before its clauses are looked for: most sentences of an article are so.
    """
    if not story.is_full or sentence.has(*_FOR_THE_WEAPON, "it", "for_it"):
        return False
    if sentence.index - story.named_at != 1:
        return True
    before = story.before
    return not sentence.has("deploy") and not (before is not None and before.has("request"))


def is_faint(story: Story, sentence: Sentence, clause: Clause, stage: Stage) -> bool:
    """Say whether nothing in a clause of a full article stands for the weapon named before.

    "It" does near its name, or in a sentence after one that has a word for the weapon too. A
    request right before it may be refused in one word: "Washington declined".
    """
    if not story.is_full or clause.has(*_FOR_THE_WEAPON):
        return False
    before = story.before
    is_next = sentence.index - story.named_at == 1
    if stage.status == "denied" and is_next and before is not None and before.has("request"):
        return False
    if is_next and any(c.order <= HEAD_WORDS for c in clause.of("deploy")):
        return False
    relative = {c.start for c in clause.of("that")}
    if all(c.start in relative for c in clause.of("it", "for_it")):
        return True
    return not is_next and not (before is not None and before.has(*_FOR_THE_WEAPON, "it"))
