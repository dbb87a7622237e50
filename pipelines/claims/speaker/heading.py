"""Who heads a sentence whose verb ends it: Turkish, Japanese and Korean put speech last; pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipelines.claims.speaker.naming import names_of, surname_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.claims.sentences.sentence import Sentence
    from pipelines.claims.words.vocabulary import Cue

_SUBJECT = {
    "tr": re.compile(
        r"(?:['’][a-zıöüğşç]+)?, |(?: [^\W\d_]+){0,2} (?:ise|da|de) "
        r"|(?: \w+(?:['’]?[dt][ae]|l[ae]r[ae]|l[ae]rl[ae]|günü)){1,4},? "
    ),
    "ja": re.compile(r"[^、。「」]{0,10}?(?:は|も)"),
    "ko": re.compile(r"[^,.\"“”]{0,16}?(?:은|는)(?= )"),
}
"""What follows the name that is the subject of its sentence."""

HEAD_CHARS = 40
"""How far from the beginning of its sentence the subject ends at most, with office and country."""

TAIL_CHARS = 14
"""From the verb of speech to the end of its sentence."""


def heading(
    text: str, sentence: Sentence, people: Sequence[Cue], speech: Sequence[Cue]
) -> str | None:
    """Return who heads a sentence that a verb of speech ends, or None."""
    subject = _SUBJECT.get(sentence.language)
    if subject is None or not any(_is_last(sentence, c) for c in speech):
        return None
    found = [(p.start, p.end, p.value) for p in people]
    found += [
        (name[0], name[1], surname_of(sentence, name, is_of_it=False))
        for name in names_of(text, sentence)
    ]
    for start, end, name in sorted(found):
        if start - sentence.start > HEAD_CHARS:
            return None
        if subject.match(text, end, sentence.end):
            return name
    return None


def is_headed_by_office(text: str, sentence: Sentence, speech: Sequence[Cue]) -> bool:
    """Say whether an office without a name heads a sentence that speech ends: "Bakan, … dedi"."""
    subject = _SUBJECT.get(sentence.language)
    if subject is None or sentence.has("person") or names_of(text, sentence):
        return False
    heads = [c for c in sentence.of("title", "head") if c.start == sentence.start]
    if not any(subject.match(text, c.end, sentence.end) for c in heads):
        return False
    return any(_is_last(sentence, c) for c in speech)


def _is_last(sentence: Sentence, verb: Cue) -> bool:
    return verb.kind == "said" and 0 <= sentence.end - verb.end <= TAIL_CHARS
