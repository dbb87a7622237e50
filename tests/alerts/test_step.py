"""SendAlerts in a pipeline: news of alerts goes on, documents do not."""

from __future__ import annotations

import json
from datetime import datetime, timezone

import apache_beam as beam
import pytest

from connectors.backends import open_index
from connectors.channels import ChannelPlan
from connectors.index import IndexSettings
from connectors.metrics import STEP_INPUTS
from connectors.net import FetchPolicy
from connectors.records import Alert, Article, Document, stable_id
from pipelines.runners import bounded_pipeline
from pipelines.steps.alerting import SendAlerts, ids_of_alerts

NOW = datetime.now(timezone.utc)


def document(name: str, *alerts: str) -> Document:
    url = f"https://example.org/{name}"
    article = Article(
        id=stable_id(url), entry_id=name, feed_id="f", url=url, canonical_url=url, title=name,
        text="Text", language="en", outlet=None, author=None, published_at=NOW,
        date_source="feed", text_source="page", first_seen_at=NOW, fetched_at=NOW,
        content_hash=stable_id(name),
    )  # fmt: skip
    made = [
        Alert(
            id=one, subject="oreshnik", story_id="s", development=one, document_id=article.id,
            title=name, url=url, outlet=None, language="en", quote="q", created_at=NOW,
            published_at=NOW, first_seen_at=NOW, channels=("hook",),
        )
        for one in alerts
    ]  # fmt: skip
    return Document(article=article, alerts=tuple(made))


@pytest.fixture
def settings(tmp_path):
    settings = IndexSettings(location=f"sqlite:{tmp_path / 'vigie.db'}")
    open_index(settings).close()
    return settings


def counted() -> dict[str, float]:
    outcomes = ("ok", "no_alert")
    return {one: STEP_INPUTS.labels("SendAlerts", one)._value.get() for one in outcomes}


def test_only_alerts_are_told_of_and_every_document_is_counted():
    before = counted()
    told = [ids_of_alerts(one) for one in (document("a"), document("b", "1", "2"))]
    assert told == [[], ["1", "2"]]
    after = counted()
    assert {key: after[key] - before[key] for key in after} == {"ok": 1, "no_alert": 1}


def test_the_alerts_of_indexed_documents_arrive_once(settings, receiver):
    documents = [document(f"d{n}", *([f"a{n}"] if n % 3 == 0 else [])) for n in range(10)]
    index = open_index(settings)
    index.write(documents)
    policy = FetchPolicy(allow_addresses=("127.0.0.0/8",))
    channels = (ChannelPlan(name="hook", type="webhook", url=receiver.url),)
    pipeline = bounded_pipeline()
    _ = pipeline | beam.Create(documents) | SendAlerts(settings, channels, policy)
    pipeline.run().wait_until_finish()
    got = sorted(json.loads(body)["url"] for _, body in receiver.requests)
    assert got == [f"https://example.org/d{n}" for n in (0, 3, 6, 9)]
    assert index.undelivered_alerts(limit=9, due_at=datetime.now(timezone.utc)) == []
    index.close()
