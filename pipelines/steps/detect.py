"""DetectMentions and ExtractClaims: what an article names, and what it says of it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import apache_beam as beam

from connectors.records import SETTLED, Article, Document
from pipelines.claims import find_claims
from pipelines.detection import Detector, load_detector
from pipelines.steps.apply import ApplyFn
from pipelines.times import find_times

if TYPE_CHECKING:
    from collections.abc import Callable


def find_mentions(article: Article, detector: Detector) -> Document:
    """Return the document of ``article`` with every mention of a tracked subject."""
    mentions = detector.detect(
        title=article.title,
        text=article.text,
        language=article.language,
        published_at=article.published_at,
    )
    return Document(article=article, mentions=tuple(mentions))


def extract_claims(document: Document) -> Document:
    """Return ``document`` with its time expressions and claims; untouched without a mention."""
    if not document.mentions:
        return document
    article = document.article
    times = find_times(article.text, article.language, article.published_at)
    claims = find_claims(
        title=article.title,
        text=article.text,
        language=article.language,
        published_at=article.published_at,
        mentions=document.mentions,
        times=times,
    )
    return replace(document, times=tuple(times), claims=tuple(claims))


def _load_finder(subjects: tuple[str, ...] | None) -> Callable[[Article], Document]:
    return partial(find_mentions, detector=load_detector(subjects))


def _load_extractor() -> Callable[[Document], Document]:
    return extract_claims


class DetectMentions(beam.PTransform):
    """Articles in, one document each out; an article that breaks the rules is a dead letter.

    Stateless: the same article gives the same mentions.

    Args:
        subjects: paths of subject files or folders; None means the shipped ones.
    """

    def __init__(self, subjects: tuple[str, ...] | None) -> None:
        super().__init__()
        self._subjects = subjects

    def expand(self, articles: beam.PCollection) -> beam.pvalue.DoOutputsTuple:
        """Compile the subjects once per worker and read every article."""
        load = partial(_load_finder, self._subjects)
        return articles | "FindMentions" >> beam.ParDo(
            ApplyFn("DetectMentions", load)
        ).with_outputs(SETTLED, main="out")


class ExtractClaims(beam.PTransform):
    """Documents in, the same documents with times and claims out; stateless."""

    def expand(self, documents: beam.PCollection) -> beam.pvalue.DoOutputsTuple:
        """Read the sentences around every mention."""
        return documents | "FindClaims" >> beam.ParDo(
            ApplyFn("ExtractClaims", _load_extractor)
        ).with_outputs(SETTLED, main="out")
