"""The flows that begin elsewhere than at the feeds: replay, backfill, reading anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

import apache_beam as beam

from connectors.extraction import ExtractArticles
from connectors.pages import FetchPages
from pipelines.detection import identify_language
from pipelines.monitor import report_articles
from pipelines.steps.backfill import ReadArchives
from pipelines.steps.seen import DropSeen
from pipelines.steps.stored import ReadArticles, ReadPending

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.plan import Plan


def build_replay(pipeline: beam.Pipeline, plan: Plan) -> None:
    """Lay the flow that sends every pending entry through the steps again."""
    fresh = pipeline | ReadPending(plan.index) | DropSeen(plan.index)
    pages = fresh.out | FetchPages(plan.fetch, plan.index, once=True)
    articles = pages.out | ExtractArticles(identify=identify_language)
    report_articles(articles.out, plan, fresh, pages, articles)


def build_reanalysis(pipeline: beam.Pipeline, plan: Plan) -> None:
    """Lay the flow that reads stored articles with the subjects of today."""
    report_articles(pipeline | ReadArticles(plan.index), plan)


def build_backfill(paths: Sequence[str], pipeline: beam.Pipeline, plan: Plan) -> None:
    """Lay the flow that reads archives: addresses are fetched, pages are taken as they are."""
    read = pipeline | ReadArchives(paths, plan.index)
    fresh = read.out | DropSeen(plan.index)
    fetched = fresh.out | FetchPages(plan.fetch, plan.index, once=True)
    pages = (fetched.out, read.pages) | "AllPages" >> beam.Flatten()
    articles = pages | ExtractArticles(identify=identify_language)
    report_articles(articles.out, plan, fresh, fetched, articles)
