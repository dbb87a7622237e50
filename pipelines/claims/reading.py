"""The sentences of an article, each taken apart when it is asked for.

Those near a mention are read; the first of the article, and those that still speak of the weapon
far behind its name, are asked for where a rule wants them.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pipelines.claims.asking import is_cut
from pipelines.claims.sentence import Sentence, analyse
from pipelines.claims.spans import Spans, between

if TYPE_CHECKING:
    from connectors.records import Mention, TimeExpression
    from pipelines.claims.vocabulary import Vocabulary


class Reader:
    """Gives the sentences of ``text`` by their index; mentions and times are in order."""

    def __init__(
        self,
        text: str,
        vocabulary: Vocabulary,
        mentions: list[Mention],
        times: list[TimeExpression],
        reach: int,
    ) -> None:
        self.text, self.vocabulary = text, vocabulary
        self.mentions, self.times = mentions, times
        self.starts, self.dates = [m.start for m in mentions], [t.start for t in times]
        is_part = partial(is_cut, vocabulary)
        self.spans = Spans(text, mentions, reach, times, self.dates, is_part)

    def wanted(self, most: int) -> list[Sentence]:
        """Return the first ``most`` sentences near a mention."""
        return [s for index in self.spans.wanted()[:most] if (s := self.at(index))]

    def at(self, index: int) -> Sentence | None:
        """Return the sentence of this index; None after the last."""
        span = self.spans.at(index)
        if span is None:
            return None
        return analyse(
            self.text,
            index,
            span,
            vocabulary=self.vocabulary,
            mentions=between(self.mentions, self.starts, span),
            times=between(self.times, self.dates, span),
        )
