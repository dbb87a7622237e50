"""A development is told even if the first report of it dies while a later one is written."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import apache_beam as beam

from connectors.backends import open_index
from connectors.index import IndexSettings
from connectors.records import Article, Document, Mention, stable_id
from pipelines.runners import bounded_pipeline
from pipelines.steps.stories import GroupStories, StoryPlan, forget_books
from pipelines.stories import AlertRule

NOW = datetime.now(timezone.utc)


def document(name, at):
    text = f"The Oreshnik missile system was shown again, says report {name}."
    start = text.index("Oreshnik")
    article = Article(
        id=stable_id(name),
        entry_id=name,
        feed_id="f",
        url=f"http://a.org/{name}",
        canonical_url=f"http://a.org/{name}",
        title=f"Report {name} on Oreshnik",
        text=text,
        language="en",
        outlet=name,
        author=None,
        published_at=at,
        date_source="feed",
        text_source="page",
        first_seen_at=at,
        fetched_at=at,
        content_hash=stable_id(text),
    )
    quote = Mention(subject="oreshnik", field="text", start=start, end=start + 8, quote="Oreshnik")
    return Document(article=article, mentions=(quote,))


def group(settings, *documents):
    """Group ``documents`` and lose everything that came of it, as a dying worker does."""
    plan = StoryPlan(window_days=14, rules=(AlertRule(),))
    pipeline = bounded_pipeline()
    grouped = pipeline | beam.Create(documents) | GroupStories(settings, plan)
    _ = (grouped.out, grouped.settled) | beam.Flatten()
    pipeline.run().wait_until_finish()


def test_the_alert_of_a_lost_first_report_is_in_the_outbox(tmp_path):
    settings = IndexSettings(location=f"sqlite:{tmp_path}/vigie.db")
    index = open_index(settings)
    first, later = document("one", NOW - timedelta(hours=2)), document("two", NOW)
    forget_books()
    group(settings, first)
    assert [alert.document_id for alert in index.alerts()] == [first.article.id]
    index.write([replace(later, story_id="s")])
    forget_books()
    group(settings, first)
    assert [alert.document_id for alert in index.alerts()] == [first.article.id]
    index.close()


def test_a_later_report_that_comes_first_after_a_restart_is_not_told_again(tmp_path):
    """The worker died between the alert of the first report and its document."""
    settings = IndexSettings(location=f"sqlite:{tmp_path}/vigie.db")
    index = open_index(settings)
    first, later = document("one", NOW - timedelta(hours=2)), document("two", NOW)
    forget_books()
    group(settings, first)
    forget_books()
    group(settings, later)
    group(settings, first)
    assert [alert.document_id for alert in index.alerts()] == [first.article.id]
    index.close()
