"""Who speaks by the order of words alone: ", oznajmił generał Jan Kos" needs no known verb."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipelines.claims.sentence import Sentence

_RELATIVE = "(?:котор|які|яка|який|яку|kter|któr|ktor|kur|koj|кој|што)"
_ENDINGS = """
л ла ли ло лся лась лись в вся ў ўся ет ит ют ят ется ится є ить іць ае уе яе ао рди аза ече
ł ła li ły je l la lo il al io ao že i ė o a ia ou eu iu ó ò
"""
_VERB = rf"(?!{_RELATIVE})[^\W\d_]{{2,}}(?:{'|'.join(_ENDINGS.split())})"
_TAG = re.compile(rf"(?<=,)\s+(?:[—–-]\s+)?({_VERB})\s+(?:si |sa |se |је |je )?(?=[^\W\d_])")

TAIL_CHARS = 110
"""From the verb to the end of its sentence; a longer tail says something else besides."""

NAME_WORDS = 6
"""Words of titles and offices between the verb and the name."""

_NO_VERBS = ("that", "if", "loc", "and", "since", "question", "same", "neutral", "not")


def tag_of(text: str, sentence: Sentence) -> tuple[int, int] | None:
    """Return where the words after an inverted verb at the end of a sentence stand, or None.

    Only a small letter begins the verb, no comma follows it, and it ends as a verb of the
    Slavic and Baltic languages does, which put "said the minister Jan Kos" last.

    >>> from pipelines.claims.sentence import Sentence
    >>> told = "Systém stojí, prohodil ministr Jan Kos."
    >>> begin, end = tag_of(told, Sentence(0, len(told)))
    >>> told[begin:end]
    'ministr Jan Kos.'
    """
    comma = text.rfind(",", sentence.start, sentence.end)
    if comma < 0 or sentence.end - comma > TAIL_CHARS:
        return None
    verb = _TAG.match(text, comma + 1, sentence.end)
    if verb is None or not verb[1].islower():
        return None
    if any(verb.start(1) <= c.start < verb.end(1) and c.kind in _NO_VERBS for c in sentence.cues):
        return None
    return verb.end(), sentence.end
