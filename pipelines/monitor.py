r"""The whole flow, one line per step.

    config/feeds.yaml                     config/subjects/*.yaml
          |                                         |
    PollFeeds > DropSeen > FetchPages > ExtractArticles > DetectMentions > ExtractClaims
           \         \            \       RereadDocuments ´       \               |
            \         \            \          \                    \         GroupStories
             \         \            \          \                    \             |
              +---------+------------+------- SettleEntries ---------+-- IndexDocuments > SendAlerts
                                    (duplicates, discards, dead letters)          \
                                                                             CompareClaims

Every entry that enters ends as a document, a counted duplicate, a counted discard or a dead
letter. The same steps, fed by other inputs, make ``backfill`` and ``replay``
(:mod:`pipelines.replaying`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import apache_beam as beam

from connectors.extraction import ExtractArticles
from connectors.feeds import PollFeeds
from connectors.pages import FetchPages
from pipelines.detection import identify_language
from pipelines.steps.alerting import SendAlerts
from pipelines.steps.detect import DetectMentions, ExtractClaims
from pipelines.steps.findings import CompareClaims
from pipelines.steps.indexing import IndexDocuments, SettleEntries
from pipelines.steps.rereading import RereadDocuments
from pipelines.steps.retrying import RetryAlerts
from pipelines.steps.seen import DropSeen
from pipelines.steps.stories import GroupStories
from pipelines.steps.watermark import ObserveWatermark

if TYPE_CHECKING:
    from pipelines.plan import Plan


def build_monitor(pipeline: beam.Pipeline, plan: Plan) -> None:
    """Lay the flow of ``plan`` into ``pipeline``; bounded if ``plan.once``."""
    entries = pipeline | PollFeeds(
        plan.feeds, policy=plan.fetch, settings=plan.index, once=plan.once,
        poll_secs=plan.interval_secs,
    )  # fmt: skip
    revised = pipeline | RereadDocuments(
        plan.index, plan.fetch, ages_hours=plan.reread_after_hours, once=plan.once
    )
    fresh = entries | DropSeen(plan.index)
    pages = fresh.out | FetchPages(plan.fetch, plan.index, once=plan.once, by_host=plan.distributed)
    articles = pages.out | ExtractArticles(identify=identify_language)
    every = (articles.out, revised) | "WithRevisions" >> beam.Flatten()
    report_articles(every, plan, fresh, pages, articles)
    if plan.distributed:
        _ = pipeline | RetryAlerts(plan.index, plan.channels, plan.fetch, feeds=plan.feeds)


def report_articles(
    articles: beam.PCollection, plan: Plan, *earlier: beam.pvalue.DoOutputsTuple
) -> None:
    """Lay the steps from articles on, and settle what ended here or in ``earlier`` steps."""
    named = articles | DetectMentions(plan.subjects)
    claimed = named.out | ExtractClaims()
    grouped = claimed.out | GroupStories(plan.index, plan.stories)
    indexed = grouped.out | IndexDocuments(plan.index)
    _ = indexed.out | SendAlerts(plan.index, plan.channels, plan.fetch)
    _ = indexed.out | CompareClaims(plan.index)
    if not plan.once:
        _ = indexed.out | ObserveWatermark()
    ended = tuple(step.settled for step in (*earlier, named, claimed, grouped, indexed))
    _ = ended | beam.Flatten() | SettleEntries(plan.index)
