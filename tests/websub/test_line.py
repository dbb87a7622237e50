"""From a feed that announces its hub to an article that came by a push."""

# ruff: noqa: PLR0917 - fixtures

import json
import signal
import socket
import subprocess
import sys
import time
from argparse import Namespace
from pathlib import Path

import pytest

from connectors.backends import open_index
from connectors.index import IndexMissing, IndexSettings
from connectors.websub import HUB_KIND
from pipelines.config_models import AlertSettings, MetricsSettings, WebSubSettings
from pipelines.errors import ServiceError, UserError
from pipelines.runtime import listening, run_bounded
from pipelines.settings import Settings, load_settings
from pipelines.steps.stories import forget_books

REPOSITORY = Path(__file__).parents[2]
TEXT = (
    "The Oreshnik missile system will be deployed in Belarus in December 2025, said the minister."
)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def watched(settings, policy, feed):
    forget_books()
    return Settings(
        index=settings,
        feeds=(feed,),
        subjects=None,
        fetch=policy,
        alerts=AlertSettings(channels={}, late_articles=True),
        metrics=MetricsSettings(port=0),
        interval_secs=3600,
    )


def test_a_poll_keeps_the_hub_that_a_feed_announces(watched, site, hub, index, feed):
    site.rss("/feed", hub=hub.url)
    run_bounded(watched)
    assert dict(index.memory(HUB_KIND)) == {feed.id: {"hub": hub.url, "topic": feed.url}}


def test_a_feed_without_a_hub_leaves_no_note(watched, site, index):
    site.rss("/feed")
    run_bounded(watched)
    assert dict(index.memory(HUB_KIND)) == {}


def test_what_is_pushed_and_then_polled_is_one_document(
    watched, site, hub, index, start, await_true
):
    site.article("/a", "Oreshnik for Belarus", TEXT)
    site.rss("/feed", hub=hub.url)
    run_bounded(watched)
    subscriber = start()
    await_true(lambda: subscriber.states() == {"feed": "active"}, "the verification")
    await_true(lambda: hub.subscriptions, "the hub's own note of it")
    hub.publish(site.rss("/feed", "/a", hub=hub.url))
    await_true(lambda: index.pending_entries(limit=9, due_at=None), "the entry")
    run_bounded(watched)
    assert [one.subjects for one in index.documents()] == [("oreshnik",)]
    assert index.totals().entries == {"indexed": 1}
    assert site.requests.count("/a") == 1


def test_nothing_listens_without_a_callback_address(watched):
    with listening(watched) as subscriber:
        assert subscriber is None


def test_a_port_that_is_taken_is_a_clear_error(watched):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        websub = WebSubSettings(callback_url="https://example.org/websub", port=port)
        settings = Settings(
            **{name: getattr(watched, name) for name in watched.__slots__ if name != "websub"},
            websub=websub,
        )
        with (
            pytest.raises(ServiceError, match=f"cannot listen at 127.0.0.1:{port}"),
            listening(settings),
        ):
            pass


@pytest.mark.parametrize(
    "written",
    [
        "{callback_url: example.org, port: 9}",
        "{callback_url: 'https://example.org/'}",
        "{callback_url: 'https://example.org/', port: 70000}",
        "{callback_url: 'https://example.org/', port: 9, secret: x}",
    ],
)
def test_a_wrong_configuration_is_named(tmp_path, written):
    path = tmp_path / "monitor.yaml"
    path.write_text(f"websub: {written}\n")
    with pytest.raises(UserError, match="websub"):
        load_settings(Namespace(config=str(path)))


def documents_of(settings):
    try:
        index = open_index(settings, read_only=True)
    except IndexMissing:
        return []
    try:
        return list(index.documents())
    finally:
        index.close()


@pytest.mark.slow
def test_the_endless_job_reads_an_item_within_seconds_of_its_push(
    tmp_path, site, hub, await_true, prism
):
    port, base = free_port(), IndexSettings(location=f"sqlite:{tmp_path / 'vigie.db'}")
    site.article("/first", "First", "Nothing of note was said here on this day, as on others.")
    site.article("/a", "Oreshnik for Belarus", TEXT)
    site.rss("/feed", "/first", hub=hub.url)
    config = {
        "index": {"location": base.location},
        "feeds": [{"url": site.base + "/feed", "interval_secs": 86_400}],
        "fetch": {"allow_addresses": ["127.0.0.0/8"], "min_delay_secs": 0},
        "websub": {"callback_url": f"http://127.0.0.1:{port}/websub", "port": port},
    }
    path = tmp_path / "monitor.yaml"
    path.write_text(json.dumps(config))
    with (tmp_path / "log").open("wb") as log:
        job = subprocess.Popen(
            [
                *(sys.executable, "-m", "pipelines.cli", "run", "--config", str(path)),
                *("--metrics-port", "0", "--prism", prism),
            ],
            cwd=REPOSITORY,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        await_true(lambda: documents_of(base), "a document")
        await_true(lambda: hub.subscriptions, "the subscription")
        polls = site.requests.count("/feed")
        pushed_at = time.monotonic()
        assert hub.publish(site.rss("/feed", "/a", "/first", hub=hub.url)) == [202]
        await_true(lambda: len(documents_of(base)) == 2, "the pushed document")
        print(f"from push to index: {time.monotonic() - pushed_at:.2f} s")  # noqa: T201
        assert site.requests.count("/feed") == polls
        job.send_signal(signal.SIGTERM)
        assert job.wait(100) == 0, (tmp_path / "log").read_text()
    finally:
        if job.poll() is None:
            job.kill()
            job.wait()
    assert documents_of(base)[1].subjects == ("oreshnik",)
