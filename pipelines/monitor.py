r"""The whole flow, one line per step.

    config/feeds.yaml                     config/subjects/*.yaml
          |                                         |
    PollFeeds > DropSeen > FetchPages > ExtractArticles > DetectMentions > ExtractClaims
          \         \          \              \                 \               \
           \         \          \              \                 \            GroupStories
            \         \          \              \                 \               |
             +---------+----------+------- SettleEntries ----------+--- IndexDocuments > SendAlerts
                                    (duplicates, discards, dead letters)

    RereadDocuments (what has mentions, at set ages) > DetectMentions, as above

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
from pipelines.steps.rereading import RereadDocuments
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
    ``reread_after_hours``: ages at which documents with mentions are read again; none: never.
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
    reread_after_hours: tuple[float, ...] = ()


def build_monitor(pipeline: beam.Pipeline, plan: Plan) -> None:
    """Lay the flow of ``plan`` into ``pipeline``; bounded if ``plan.once``."""
    polls = PollFeeds(
        plan.feeds,
        policy=plan.fetch,
        settings=plan.index,
        once=plan.once,
        poll_secs=plan.interval_secs,
    )
    revised = None
    if plan.reread_after_hours:
        revised = pipeline | RereadDocuments(
            plan.index, plan.fetch, ages_hours=plan.reread_after_hours, once=plan.once
        )
    process_entries(pipeline | polls, plan, revised=revised)


def process_entries(
    entries: beam.PCollection, plan: Plan, *, revised: beam.PCollection | None = None
) -> None:
    """Lay the steps from entries on: where live feeds and replays begin.

    ``revised`` are articles that were read again.
    """
    fresh = entries | DropSeen(plan.index)
    pages = fresh.out | FetchPages(plan.fetch, plan.index, once=plan.once, by_host=plan.distributed)
    process_pages(pages.out, plan, fresh, pages, revised=revised)


def process_pages(
    pages: beam.PCollection,
    plan: Plan,
    *earlier: beam.pvalue.DoOutputsTuple,
    revised: beam.PCollection | None = None,
) -> None:
    """Lay the steps from pages on: where archives of pages begin."""
    articles = pages | ExtractArticles(identify=identify_language)
    read = articles.out
    if revised is not None:
        read = (read, revised) | "WithRevisions" >> beam.Flatten()
    process_articles(read, plan, *earlier, articles)


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
