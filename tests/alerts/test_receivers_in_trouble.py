"""A receiver in trouble: what it asks for is kept, and no other receiver pays for it."""

import threading
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from small_site import settings  # noqa: F401 - a fixture

from connectors.backends import open_index
from connectors.channels import ChannelError, WebhookChannel
from connectors.net import FetchPolicy
from connectors.records import Alert
from pipelines.outbox import deliver_document, deliver_due

NOW = datetime.now(timezone.utc)


def alert(name, **changes):
    values = Alert(
        id=name, subject="oreshnik", story_id="s", development="new_story", document_id=name,
        title="T", url="https://example.org/a", outlet=None, language="en", quote="q",
        created_at=NOW, published_at=NOW, first_seen_at=NOW,
    )  # fmt: skip
    return replace(values, **changes)


class Receiver:
    coalesces = False

    def __init__(self, *faults):
        self.faults = list(faults)
        self.got = []

    def send(self, alerts):
        if self.faults and (fault := self.faults.pop(0)):
            raise fault
        self.got += [one.id for one in alerts]


@pytest.fixture
def outbox(settings):  # noqa: F811 - the fixture
    opened = open_index(settings)
    yield opened
    opened.close()


def wait_of(done):
    return (done.next_attempt_at - NOW).total_seconds()


def test_a_receiver_that_hangs_holds_up_no_other():
    other_got = threading.Event()

    class Hanging(Receiver):
        def send(self, alerts):
            assert other_got.wait(30), "the other receiver had to wait for this one"
            super().send(alerts)

    class Other(Receiver):
        def send(self, alerts):
            super().send(alerts)
            other_got.set()

    (done,) = deliver_document([alert("1")], {"hanging": Hanging(), "other": Other()}, NOW)
    assert done.delivered_to == ("hanging", "other")


def test_a_receiver_is_left_alone_as_long_as_it_asks():
    hook = Receiver(ChannelError("status 429", retry_after_secs=600))
    first, second = deliver_document([alert("1"), alert("2")], {"hook": hook}, NOW)
    assert wait_of(first) == wait_of(second) == 600
    assert hook.got == []


def test_what_a_receiver_asks_for_is_bounded_by_an_hour():
    hook = Receiver(ChannelError("status 503", retry_after_secs=86400))
    (done,) = deliver_document([alert("1")], {"hook": hook}, NOW)
    assert wait_of(done) == 3600


def test_the_webhook_passes_on_what_the_receiver_asks_for(receiver):
    receiver.statuses, receiver.retry_after = [429], "120"
    policy = FetchPolicy(allow_addresses=("127.0.0.1/32",), timeout_secs=5.0)
    with pytest.raises(ChannelError) as caught:
        WebhookChannel(receiver.url, policy).send([alert("1")])
    assert caught.value.retry_after_secs == 120


def test_a_receiver_that_is_wrong_for_good_does_not_delay_another_that_failed_once():
    wrong = Receiver(ChannelError("status 404", permanent=True))
    (done,) = deliver_document(
        [alert("1")], {"wrong": wrong, "hook": Receiver(ChannelError("status 503"))}, NOW
    )
    assert wait_of(done) == 5


def test_a_receiver_that_is_back_gets_at_once_what_waited_for_it(outbox):
    outbox.store_alerts([alert("1"), alert("2")])
    hook = Receiver(ChannelError("status 500"), ChannelError("status 500"))
    assert deliver_due(outbox, {"hook": hook}).failed == 2
    outbox.store_alerts([alert("3")])
    assert deliver_due(outbox, {"hook": hook}).sent == 3
    assert hook.got == ["3", "1", "2"]


def test_what_waited_is_sent_though_the_clock_was_set_back(outbox):
    outbox.store_alerts([alert("1", attempts=1, next_attempt_at=NOW + timedelta(hours=30))])
    hook = Receiver()
    deliver_due(outbox, {"hook": hook})
    outbox.store_alerts([alert("2")])
    deliver_due(outbox, {"hook": hook})
    assert hook.got == ["2", "1"]


def test_what_waits_for_quiet_hours_to_end_is_not_sent_with_what_waited_for_a_receiver(outbox):
    outbox.store_alerts([alert("night", next_attempt_at=NOW + timedelta(hours=1)), alert("1")])
    hook = Receiver(ChannelError("status 500"))
    deliver_due(outbox, {"hook": hook})
    outbox.store_alerts([alert("2")])
    deliver_due(outbox, {"hook": hook})
    assert sorted(hook.got) == ["1", "2"]


def test_what_another_sender_took_is_not_taken_from_it(outbox):
    waits_until = NOW + timedelta(minutes=5)
    outbox.store_alerts([alert("1", attempts=6, next_attempt_at=waits_until), alert("2")])

    class Slow(Receiver):
        def send(self, alerts):
            if alerts[0].id == "1":
                deliver_due(outbox, {"hook": other})
            super().send(alerts)

    other, hook = Receiver(), Slow()
    outbox.store_alerts([alert("3", next_attempt_at=NOW + timedelta(days=1))])
    deliver_due(outbox, {"hook": hook})
    assert hook.got == ["2", "1"]
    assert other.got == []
