"""The outbox delivers every alert to every channel, and marks what became of it."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from connectors.channels import ChannelError
from connectors.records import Alert
from pipelines.outbox import back_off, deliver_document

NOW = datetime(2025, 1, 1, tzinfo=timezone.utc)
ALERT = Alert(
    id="a1",
    subject="oreshnik",
    story_id="s1",
    development="new_story",
    document_id="d1",
    title="T",
    url="https://example.org/a",
    outlet="Example",
    language="en",
    quote="Oreshnik",
    created_at=NOW,
    published_at=NOW - timedelta(minutes=5),
    first_seen_at=NOW - timedelta(minutes=1),
)


class Receiver:
    def __init__(self, *faults, coalesces=False):
        self.faults = list(faults)
        self.coalesces = coalesces
        self.got = []

    def send(self, alerts):
        if self.faults:
            raise self.faults.pop(0)
        self.got.append("+".join(alert.id for alert in alerts))


def deliver_alert(alert, channels, now):
    (done,) = deliver_document([alert], channels, now)
    return done


def test_people_get_one_message_for_all_alerts_of_a_document_and_programs_one_each():
    desk, hook = Receiver(coalesces=True), Receiver()
    alerts = [ALERT, replace(ALERT, id="a2", subject="tnw")]
    done = deliver_document(alerts, {"desk": desk, "hook": hook}, NOW)
    assert desk.got == ["a1+a2"]
    assert hook.got == ["a1", "a2"]
    assert [alert.delivered_to for alert in done] == [("desk", "hook")] * 2


def test_one_refused_alert_of_a_document_does_not_hold_the_other():
    hook = Receiver(ChannelError("status 500"))
    alerts = [ALERT, replace(ALERT, id="a2")]
    first, second = deliver_document(alerts, {"hook": hook}, NOW)
    assert (first.delivered_to, second.delivered_to) == ((), ("hook",))


def test_an_alert_reaches_every_channel_and_is_marked():
    desk, hook = Receiver(), Receiver()
    done = deliver_alert(ALERT, {"desk": desk, "hook": hook}, NOW)
    assert (desk.got, hook.got) == (["a1"], ["a1"])
    assert done.delivered_to == ("desk", "hook")
    assert done.alerted_at == NOW
    assert done.next_attempt_at is None


def test_only_the_channels_it_names_get_an_alert():
    desk, hook = Receiver(), Receiver()
    deliver_alert(replace(ALERT, channels=("hook",)), {"desk": desk, "hook": hook}, NOW)
    assert (desk.got, hook.got) == ([], ["a1"])


def test_a_channel_that_has_it_is_not_asked_again_while_another_fails():
    desk, hook = Receiver(), Receiver(ChannelError("status 503"))
    channels = {"desk": desk, "hook": hook}
    once = deliver_alert(ALERT, channels, NOW)
    assert once.delivered_to == ("desk",)
    assert once.error == "hook: status 503"
    assert once.next_attempt_at == NOW + timedelta(seconds=5)
    twice = deliver_alert(once, channels, NOW)
    assert desk.got == ["a1"]
    assert hook.got == ["a1"]
    assert twice.delivered_to == ("desk", "hook")
    assert twice.error is None


def test_a_permanent_fault_waits_an_hour():
    refused = Receiver(ChannelError("status 404", permanent=True))
    done = deliver_alert(ALERT, {"hook": refused}, NOW)
    assert done.next_attempt_at == NOW + timedelta(hours=1)


@pytest.mark.parametrize("attempts", range(1, 50))
def test_back_off_grows_and_ends_at_an_hour(attempts):
    this, following = back_off(attempts), back_off(attempts + 1)
    assert timedelta(seconds=5) <= this <= following <= timedelta(hours=1)
