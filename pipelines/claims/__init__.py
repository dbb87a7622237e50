"""Claims: who says that which system stands where, when, in which stage.

The words are data (``config/claims``); the frames are sentence windows. docs/claims.md says what
is a claim, how each stage maps to PLOVER, and how an analyst adds words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.records import SourcedClaim
from pipelines.claims.article.checks import lexicon_failures, misspelt_systems
from pipelines.claims.article.frames import extract
from pipelines.claims.disagreement.compare import Disagreement, relation
from pipelines.claims.disagreement.history import STAGES, StageReport, Timeline, timeline
from pipelines.claims.disagreement.pairing import contradictions
from pipelines.claims.words.lexicons import Lexicons, load_lexicons

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from connectors.records import Claim, Mention, TimeExpression

__all__ = [
    "STAGES",
    "Disagreement",
    "Lexicons",
    "SourcedClaim",
    "StageReport",
    "Timeline",
    "contradictions",
    "find_claims",
    "lexicon_failures",
    "load_lexicons",
    "misspelt_systems",
    "relation",
    "timeline",
]


def find_claims(  # noqa: PLR0913 - the parts of one article, all by name
    *,
    title: str,
    text: str,
    language: str,
    published_at: datetime | None,
    mentions: Sequence[Mention],
    times: Sequence[TimeExpression],
    lexicons: Lexicons | None = None,
) -> tuple[Claim, ...]:
    """Return the claims that ``text`` makes about the systems that ``mentions`` name.

    Args:
        title: The headline; it supplies the place when the text names none.
        text: The body; offsets are characters of it, ``text[start:end] == evidence``.
        language: ISO 639-1; another language's predicates are not guessed.
        published_at: The article's instant, or None: then yearless times stay as they are.
        mentions: Of :func:`pipelines.detection`, title and text together.
        times: Of :func:`pipelines.times.find_times` over ``text``.
        lexicons: Of :func:`load_lexicons`; by default those that come with Vigie.
    """
    if not mentions:
        return ()
    words = lexicons or load_lexicons()
    return extract(
        title=title,
        text=text,
        language=language,
        published_at=published_at,
        mentions=mentions,
        times=times,
        lexicons=words,
    )
