"""A real Alertmanager (Debian's package): what it makes of the alerts we post."""

import json
import os
import shutil
import socket
import subprocess
import time
import urllib.request
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
import yaml

from connectors.channels import (
    ALERTMANAGER_RESOLVE_HOURS,
    AlertmanagerChannel,
    ChannelError,
)
from connectors.net import FetchPolicy
from connectors.records import Alert, Claim
from pipelines.outbox import deliver_document

pytestmark = pytest.mark.service

HOME = FetchPolicy(allow_addresses=("127.0.0.0/8",), timeout_secs=10)
BINARY = "prometheus-alertmanager"
WAIT_SECS = 60
CLAIM = Claim(
    system="oreshnik",
    place="BY",
    status="planned",
    when="2025-H2",
    speaker="Putin",
    start=0,
    end=4,
    evidence="text",
)


def wait_for(condition, what):
    """Ask until ``condition`` holds; the pause only spares the processor."""
    deadline = time.monotonic() + WAIT_SECS
    while time.monotonic() < deadline:
        found = condition()
        if found:
            return found
        time.sleep(0.05)
    return pytest.fail(f"waited {WAIT_SECS} s for {what}")


class Manager:
    """A running Alertmanager that groups by story and notifies ``hook``."""

    def __init__(self, folder, hook):
        binary = shutil.which(BINARY)
        if binary is None:
            message = f"{BINARY} is missing: apt-get install {BINARY}"
            if os.environ.get("CI") == "true":
                pytest.fail(message, pytrace=False)
            pytest.skip(message)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        config = {
            "route": {
                "receiver": "hook",
                "group_by": ["story_id"],
                "group_wait": "0s",
                "group_interval": "1s",
                "repeat_interval": "24h",
            },
            "receivers": [
                {"name": "hook", "webhook_configs": [{"url": hook, "send_resolved": True}]}
            ],
        }
        path = folder / "alertmanager.yml"
        path.write_text(yaml.safe_dump(config), encoding="utf-8")
        self.url = f"http://127.0.0.1:{port}"
        self.log = (folder / "alertmanager.log").open("wb")
        self.process = subprocess.Popen(
            [
                binary,
                f"--config.file={path}",
                f"--storage.path={folder / 'data'}",
                f"--web.listen-address=127.0.0.1:{port}",
                "--cluster.listen-address=",
            ],
            stdout=self.log,
            stderr=subprocess.STDOUT,
        )

    def is_ready(self):
        if self.process.poll() is not None:
            pytest.fail("Alertmanager ended at its start")
        try:
            with urllib.request.urlopen(f"{self.url}/-/ready", timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False

    def alerts(self):
        with urllib.request.urlopen(f"{self.url}/api/v2/alerts", timeout=5) as answer:
            return json.loads(answer.read())

    def end(self):
        self.process.kill()
        self.process.wait()
        self.log.close()


@pytest.fixture
def manager(tmp_path, receiver):
    server = Manager(tmp_path, receiver.url)
    wait_for(server.is_ready, "Alertmanager")
    yield server
    server.end()


@pytest.fixture
def channel(manager):
    return AlertmanagerChannel(manager.url, HOME)


def alert(**changes):
    now = datetime.now(timezone.utc)
    fields = {
        "id": "a1",
        "subject": "oreshnik",
        "story_id": "s1",
        "development": "new_claim",
        "document_id": "d1",
        "title": "«Орешник» for Belarus: “by 2025”",
        "url": "https://example.org/a?b=1",
        "outlet": "Example",
        "language": "en",
        "quote": "the Oreshnik",
        "created_at": now,
        "published_at": now - timedelta(minutes=5),
        "first_seen_at": now - timedelta(minutes=1),
        "new_claims": (CLAIM,),
        **changes,
    }
    return Alert(**fields)


def notices(receiver, status):
    """Return the ids of the alerts that Alertmanager sent on with ``status``."""
    bodies = [json.loads(body) for _, body in list(receiver.requests)]
    return {
        one["labels"]["alert_id"]
        for body in bodies
        for one in body["alerts"]
        if one["status"] == status
    }


def test_the_alerts_of_one_document_arrive_with_labels_text_and_end(manager, channel):
    one = alert()
    two = alert(id="a2", subject="tnw", severity="critical", new_claims=())
    channel.send([one, two])
    known = {found["labels"]["alert_id"]: found for found in manager.alerts()}
    assert set(known) == {"a1", "a2"}
    first = known["a1"]
    assert first["labels"] == {
        "alertname": "VigieDevelopment",
        "alert_id": "a1",
        "subject": "oreshnik",
        "development": "new_claim",
        "severity": "info",
        "story_id": "s1",
    }
    assert first["annotations"]["summary"] == one.title
    assert "oreshnik planned BY 2025-H2 (says Putin)" in first["annotations"]["description"]
    assert first["generatorURL"] == one.url
    ends = datetime.fromisoformat(first["endsAt"].replace("Z", "+00:00"))
    lasting = ends - one.created_at
    hours = timedelta(hours=ALERTMANAGER_RESOLVE_HOURS)
    assert abs(lasting - hours) < timedelta(milliseconds=1)
    assert known["a2"]["labels"]["severity"] == "critical"


def test_the_same_alert_again_is_one_alert_and_one_notice(manager, channel, receiver):
    one = alert()
    channel.send([one])
    (before,) = manager.alerts()
    wait_for(lambda: notices(receiver, "firing") == {"a1"}, "the first notice")
    channel.send([replace(one, attempts=3, error="hook: status 503")])
    (after,) = manager.alerts()
    assert after["fingerprint"] == before["fingerprint"]
    channel.send([alert(id="a2")])
    wait_for(lambda: "a2" in notices(receiver, "firing"), "the notice of the next alert")
    assert len(manager.alerts()) == 2
    told = [json.loads(body) for _, body in list(receiver.requests)]
    assert [len(body["alerts"]) for body in told] == [1, 2], "the repeat was told again"


def test_two_developments_of_one_story_are_two_alerts_of_one_group(manager, channel, receiver):
    channel.send([alert(), alert(id="a2", development="contradiction")])
    wait_for(lambda: notices(receiver, "firing") == {"a1", "a2"}, "both alerts")
    assert len({found["fingerprint"] for found in manager.alerts()}) == 2
    groups = {json.loads(body)["groupKey"] for _, body in list(receiver.requests)}
    assert len(groups) == 1


def test_an_alert_resolves_by_itself_at_its_end(manager, channel, receiver):
    lifetime = timedelta(hours=ALERTMANAGER_RESOLVE_HOURS)
    soon = datetime.now(timezone.utc) - lifetime + timedelta(seconds=3)
    channel.send([alert(created_at=soon)])
    wait_for(lambda: notices(receiver, "firing") == {"a1"}, "the notice")
    wait_for(lambda: notices(receiver, "resolved") == {"a1"}, "the end of the alert")
    wait_for(lambda: manager.alerts() == [], "an empty list")


def test_an_alert_whose_day_is_over_rings_nobody(manager, channel, receiver):
    old = datetime.now(timezone.utc) - timedelta(days=3)
    channel.send([alert(id="old", created_at=old), alert(id="new", story_id="s2")])
    wait_for(lambda: notices(receiver, "firing"), "the new alert")
    assert notices(receiver, "firing") == {"new"}
    assert [found["labels"]["alert_id"] for found in manager.alerts()] == ["new"]


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://example.org/новости/орешник?q=а б",
        "https://example.org/a b\u00a0c",
        "https://example.org/%zz",
    ],
)
def test_no_address_of_a_stranger_keeps_an_alert_from_arriving(manager, channel, url):
    channel.send([alert(url=url), alert(id="a2")])
    assert {found["labels"]["alert_id"] for found in manager.alerts()} == {"a1", "a2"}


def test_an_alertmanager_that_is_down_gets_the_alert_when_it_is_back(manager, channel, tmp_path):
    manager.end()
    now = datetime.now(timezone.utc)
    (waiting,) = deliver_document([alert()], {"manager": channel}, now)
    assert waiting.delivered_to == ()
    assert waiting.next_attempt_at == now + timedelta(seconds=5)
    with pytest.raises(ChannelError, match="connection_error"):
        channel.send([waiting])
    folder = tmp_path / "again"
    folder.mkdir()
    again = Manager(folder, "http://127.0.0.1:9/hook")
    try:
        wait_for(again.is_ready, "Alertmanager")
        channels = {"manager": AlertmanagerChannel(again.url, HOME)}
        (done,) = deliver_document([waiting], channels, waiting.next_attempt_at)
        assert done.delivered_to == ("manager",)
        assert [found["labels"]["alert_id"] for found in again.alerts()] == ["a1"]
    finally:
        again.end()
