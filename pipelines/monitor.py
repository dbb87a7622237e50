r"""The whole flow, one line per step.

    config/feeds.yaml                     config/subjects/*.yaml
          |                                         |
    PollFeeds > DropSeen > FetchPages > ExtractArticles > DetectMentions > ExtractClaims
          \         \          \              \                 \               \
           \         \          \              \                 \            GroupStories
            \         \          \              \                 \               |
             +---------+----------+------- SettleEntries ----------+--- IndexDocuments > SendAlerts
                                    (duplicates, discards, dead letters)

Every entry that enters ends as a document, a counted duplicate, a counted discard or a dead
letter. The same steps, fed by other inputs, make ``backfill`` and ``replay``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import apache_beam as beam

from connectors.extraction import ExtractArticles
from connectors.feeds import PollFeeds
from connectors.pages import FetchPages
from pipelines.detection import identify_language
from pipelines.steps.alerting import SendAlerts
from pipelines.steps.detect import DetectMentions, ExtractClaims
from pipelines.steps.indexing import IndexDocuments, SettleEntries
from pipelines.steps.seen import DropSeen
from pipelines.steps.stories import GroupStories, StoryPlan

if TYPE_CHECKING:
    from connectors.channels import ChannelPlan
    from connectors.index import IndexSettings
    from connectors.net import FetchPolicy
    from connectors.records import Feed


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All that the flow needs to know; plain values.

    ``distributed``: whether several processes fetch, so that a host's entries must meet in one.
    """

    feeds: tuple[Feed, ...]
    index: IndexSettings
    subjects: tuple[str, ...] | None
    fetch: FetchPolicy
    stories: StoryPlan
    channels: tuple[ChannelPlan, ...]
    interval_secs: int
    once: bool
    distributed: bool = False


def build_monitor(pipeline: beam.Pipeline, plan: Plan) -> None:
    """Lay the flow of ``plan`` into ``pipeline``; bounded if ``plan.once``."""
    polls = PollFeeds(
        plan.feeds,
        policy=plan.fetch,
        settings=plan.index,
        once=plan.once,
        poll_secs=plan.interval_secs,
    )
    process_entries(pipeline | polls, plan)


def process_entries(entries: beam.PCollection, plan: Plan) -> None:
    """Lay the steps from entries on: where live feeds and replays begin."""
    fresh = entries | DropSeen(plan.index)
    pages = fresh.out | FetchPages(plan.fetch, plan.index, once=plan.once, by_host=plan.distributed)
    process_pages(pages.out, plan, fresh, pages)


def process_pages(
    pages: beam.PCollection, plan: Plan, *earlier: beam.pvalue.DoOutputsTuple
) -> None:
    """Lay the steps from pages on: where archives of pages begin."""
    articles = pages | ExtractArticles(identify=identify_language)
    process_articles(articles.out, plan, *earlier, articles)


def process_articles(
    articles: beam.PCollection, plan: Plan, *earlier: beam.pvalue.DoOutputsTuple
) -> None:
    """Lay the steps from articles to alerts: where what is stored is read anew."""
    named = articles | DetectMentions(plan.subjects)
    claimed = named.out | ExtractClaims()
    grouped = claimed.out | GroupStories(plan.index, plan.stories)
    indexed = grouped.out | IndexDocuments(plan.index)
    _ = indexed.out | SendAlerts(plan.index, plan.channels, plan.fetch)
    ended = tuple(step.settled for step in (*earlier, named, claimed, grouped, indexed))
    _ = ended | beam.Flatten() | SettleEntries(plan.index)
