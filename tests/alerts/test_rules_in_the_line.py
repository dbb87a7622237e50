"""Each setting of a rule, from the settings through the whole line to a real receiver."""

import json
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import apache_beam as beam
import pytest

from connectors.backends import open_index
from connectors.index import IndexSettings
from connectors.net import FetchPolicy
from connectors.records import Article, stable_id
from pipelines.config_models import AlertSettings, MetricsSettings
from pipelines.monitor import report_articles
from pipelines.outbox import deliver_due, open_channels
from pipelines.runtime import run_bounded
from pipelines.settings import Settings
from pipelines.steps.stories import forget_books

ASKED = "Alexander Lukashenko asked Vladimir Putin on Friday to deploy Oreshnik in Belarus."
AGAIN = "In Minsk, Lukashenko has requested that Oreshnik missiles be deployed in Belarus."
THERE = "The Oreshnik missiles have been delivered to Belarus, Viktor Khrenin said in Minsk."
HOOK = {"type": "webhook", "secret": "s3cret"}


def article(name, text, *, outlet, hours=0.0):
    at = datetime.now(timezone.utc) - timedelta(hours=1) + timedelta(hours=hours)
    return Article(
        id=stable_id(name), entry_id=name, feed_id="f", url=f"https://{name}.example/a",
        canonical_url=f"https://{name}.example/a", title=f"Oreshnik, {name}", text=text,
        language="en", outlet=outlet, author=None, published_at=at, date_source="feed",
        text_source="page", first_seen_at=at, fetched_at=at, content_hash=stable_id(text),
    )  # fmt: skip


@pytest.fixture
def tell(tmp_path, receiver):
    """Return a function that lets articles pass the line under a rule; it gives what arrived."""
    forget_books()

    def run(*articles, hooks=("desk",), late=False, **rule):
        settings = Settings(
            index=IndexSettings(location=f"sqlite:{tmp_path / 'vigie.db'}"),
            feeds=(),
            subjects=None,
            fetch=FetchPolicy(allow_addresses=("127.0.0.0/8",), timeout_secs=5),
            alerts=AlertSettings.model_validate(
                {
                    "channels": {name: HOOK | {"url": f"{receiver.url}/{name}"} for name in hooks},
                    "rules": [rule],
                    "late_articles": late,
                }
            ),
            metrics=MetricsSettings(port=0),
            interval_secs=60,
        )
        for one in articles:
            run_bounded(
                settings,
                lambda pipeline, plan, one=one: report_articles(
                    pipeline | beam.Create([one]), plan
                ),
            )
        return settings, [json.loads(body) for _, body in receiver.requests]

    return run


def told(messages):
    return sorted((one["development"], one["severity"]) for one in messages)


def test_a_development_is_delivered_with_all_that_a_reader_needs(tell, receiver):
    _, messages = tell(article("one", ASKED, outlet="A"), severity="critical")
    assert told(messages) == [("new_claim", "critical"), ("new_story", "critical")]
    claim = next(one for one in messages if one["development"] == "new_claim")
    assert claim["subject"] == "oreshnik"
    assert claim["quote"] == ASKED
    assert claim["new_claims"][0]["status"] == "requested"
    assert (claim["url"], claim["outlets"]) == ("https://one.example/a", ["A"])
    assert set(claim["lags_secs"]) == {"since_first_seen", "since_published"}
    keys = [headers["Idempotency-Key"] for headers, _ in receiver.requests]
    assert keys == [one["id"] for one in messages]


def test_only_the_developments_of_the_rule_are_told(tell):
    _, messages = tell(article("one", ASKED, outlet="A"), developments=["new_claim"])
    assert told(messages) == [("new_claim", "info")]


def test_another_subject_s_rule_tells_nothing(tell):
    _, messages = tell(article("one", ASKED, outlet="A"), subjects=["typhon"])
    assert messages == []


def test_two_sources_are_waited_for(tell):
    articles = [article("one", ASKED, outlet="A"), article("two", AGAIN, outlet="B", hours=0.2)]
    _, messages = tell(articles[0], min_sources=2, developments=["new_claim"])
    assert messages == []
    forget_books()
    _, messages = tell(articles[1], min_sources=2, developments=["new_claim"])
    assert [one["document_id"] for one in messages] == [stable_id("two")]
    assert messages[0]["outlets"] == ["A", "B"]


def test_channels_of_the_rule_get_it_and_no_other(tell):
    settings, messages = tell(
        article("one", ASKED, outlet="A"), hooks=("desk", "duty"), channels=["duty"]
    )
    assert len(messages) == 2
    index = open_index(settings.index, read_only=True)
    assert [one.delivered_to for one in index.alerts()] == [("duty",)] * 2
    index.close()


def test_a_cool_down_holds_the_next_development_and_loses_nothing(tell, receiver):
    articles = [article("one", ASKED, outlet="A"), article("two", THERE, outlet="B", hours=0.5)]
    settings, messages = tell(*articles, cool_down_secs=3600)
    assert {one["document_id"] for one in messages} == {stable_id("one")}
    index = open_index(settings.index)
    waiting = [one for one in index.alerts() if not one.delivered_to]
    assert {one.document_id for one in waiting} == {stable_id("two")}
    first = min(one.alerted_at for one in index.alerts() if one.alerted_at)
    for one in waiting:
        held = one.next_attempt_at - first
        assert held == pytest.approx(timedelta(hours=1), abs=timedelta(minutes=1))
        index.mark_alert(replace(one, next_attempt_at=first))
    deliver_due(index, open_channels(settings.channel_plans, settings.fetch))
    index.close()
    assert json.loads(receiver.requests[-1][1])["document_id"] == stable_id("two")


def test_quiet_hours_hold_an_alert_until_their_end(tell):
    now = datetime.now(timezone.utc)
    hour = now.hour
    quiet = f"{hour:02d}:00-{(hour + 2) % 24:02d}:00"
    settings, messages = tell(article("one", ASKED, outlet="A"), quiet_hours=quiet)
    assert messages == []
    index = open_index(settings.index, read_only=True)
    ends = {one.next_attempt_at for one in index.alerts()}
    index.close()
    assert len(ends) == 1
    assert now < ends.pop() <= now + timedelta(hours=2)


def test_a_receiver_that_fails_gets_each_alert_once_after_it_is_back(tell, receiver):
    receiver.statuses = [500] * 6
    settings, _ = tell(article("one", ASKED, outlet="A"))
    index = open_index(settings.index)
    channels = open_channels(settings.channel_plans, settings.fetch)
    for _ in range(3):
        deliver_due(index, channels, at_once=True)
    assert [one.delivered_to for one in index.alerts()] == [("desk",)] * 2
    deliver_due(index, channels, at_once=True)
    index.close()
    keys = [headers["Idempotency-Key"] for headers, _ in receiver.requests]
    assert len(set(keys)) == 2
    assert len(keys) == 6 + 2


@pytest.mark.parametrize(("late", "expected"), [(False, 0), (True, 2)])
def test_an_old_article_that_arrives_late_alerts_only_if_that_is_configured(tell, late, expected):
    now = datetime.now(timezone.utc)
    old = replace(article("one", ASKED, outlet="A"), published_at=now - timedelta(days=20))
    _, messages = tell(old, late=late)
    assert len(messages) == expected
