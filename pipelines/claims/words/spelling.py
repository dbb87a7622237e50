"""How the tables spell a printed word, whichever Belarusian spelling it is printed in; pure."""

from __future__ import annotations

import re

from pipelines.times.lexicon import fold as _fold

_SOFTENED = re.compile(
    r"(?<=[сз])ь(?=[слмнвзцбп])|(?<=ц)ь(?=[цв])|(?<=н)ь(?=н)|(?<=дз)ь(?=[вм])"
    r"|(?<=^з)(?P<vowel>ь)(?=[яе])|д(?P<double>зь)(?=дз)|зь(?=дз)"
)
"""The sign of softness that one of the two spellings writes between consonants."""


def fold(word: str) -> str:
    """Return ``word`` as the tables spell it, signs of Belarusian assimilation left out.

    >>> fold("Разьмяшчэньне"), fold("зьявіцца"), fold("паўгодзьдзе"), fold("зьбіць")
    ('размяшчэнне', "з'явіцца", 'паўгоддзе', 'збіць')
    """
    folded = _fold(word)
    return _SOFTENED.sub(_hardened, folded) if "ь" in folded else folded


def _hardened(match: re.Match[str]) -> str:
    """Return what stands for a sign of assimilation: "зьявіцца" is "з'явіцца"."""
    if match["vowel"]:
        return "'"
    return match[0].removesuffix("зь" if match["double"] else "ь")
