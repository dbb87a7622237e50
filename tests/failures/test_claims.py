"""An alert has one sender at a time, whoever else looks into the outbox meanwhile."""

import threading
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from connectors.backends import open_index
from connectors.channels import ChannelError
from connectors.index import IndexUnavailable
from connectors.records import Alert
from pipelines.outbox import CLAIM_SECS, deliver_due

NOW = datetime.now(timezone.utc)
SOON = NOW + timedelta(seconds=CLAIM_SECS)


def alert(name, **changes):
    values = Alert(
        id=name, subject="oreshnik", story_id="s", development="new_story", document_id=name,
        title="T", url="https://example.org/a", outlet=None, language="en", quote="q",
        created_at=NOW, published_at=NOW, first_seen_at=NOW,
    )  # fmt: skip
    return replace(values, **changes)


class Receiver:
    coalesces = False

    def __init__(self, fault=None):
        self.got = []
        self.fault = fault

    def send(self, alerts):
        self.got += [one.id for one in alerts]
        if self.fault:
            raise self.fault


@pytest.fixture
def outbox(index):
    opened = open_index(index)
    yield opened
    opened.close()


def test_a_claimed_alert_is_given_to_nobody_until_the_claim_ends(outbox):
    first, second = alert("1"), alert("2")
    outbox.store_alerts([first, second])
    assert outbox.claim_alerts([first], due_at=NOW, until=SOON) == [first]
    assert outbox.claim_alerts([first, second], due_at=NOW, until=SOON) == [second]
    assert outbox.undelivered_alerts(limit=9, due_at=NOW) == []
    assert outbox.undelivered_alerts(limit=9, due_at=SOON) == [first, second]
    later = SOON + timedelta(seconds=CLAIM_SECS)
    assert outbox.claim_alerts([first], due_at=SOON, until=later) == [first]
    assert outbox.claim_alerts([first], due_at=SOON, until=later) == []


def test_a_delivered_alert_cannot_be_claimed(outbox):
    one = alert("1")
    outbox.store_alerts([one])
    outbox.mark_alert(replace(one, delivered_to=("hook",), alerted_at=NOW, attempts=1))
    assert outbox.claim_alerts([one], due_at=SOON, until=SOON) == []


def test_an_alert_that_waits_for_its_next_attempt_is_not_claimed_before(outbox):
    one = alert("1", next_attempt_at=SOON)
    outbox.store_alerts([one])
    assert outbox.claim_alerts([one], due_at=NOW, until=SOON) == []
    assert outbox.claim_alerts([one], due_at=SOON, until=SOON) == [one]


def test_senders_side_by_side_send_every_alert_once(index, outbox):
    outbox.store_alerts([alert(f"{n:03}") for n in range(40)])
    receiver = Receiver()
    gate = threading.Barrier(4)

    def send():
        own = open_index(index)
        gate.wait()
        deliver_due(own, {"hook": receiver})
        own.close()

    senders = [threading.Thread(target=send) for _ in range(4)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert sorted(receiver.got) == [f"{n:03}" for n in range(40)]
    assert outbox.totals().alerts_undelivered == 0


def test_a_failed_delivery_ends_the_claim_with_its_back_off(outbox):
    outbox.store_alerts([alert("1")])
    deliver_due(outbox, {"hook": Receiver(ChannelError("status 503"))})
    assert outbox.undelivered_alerts(limit=9, due_at=NOW) == []
    (waiting,) = outbox.undelivered_alerts(limit=9, due_at=NOW + timedelta(hours=1))
    assert (waiting.attempts, waiting.delivered_to) == (1, ())


@pytest.mark.service
def test_nothing_is_sent_while_it_could_not_be_marked_as_sent(elastic_index):
    opened = open_index(replace(elastic_index, timeout_secs=1.0))
    opened.store_alerts([alert("1")])
    from elasticsearch import Elasticsearch

    client = Elasticsearch(elastic_index.location, request_timeout=60)
    name = f"{elastic_index.prefix}-alerts"
    client.indices.put_settings(index=name, settings={"index.blocks.write": True})
    receiver = Receiver()
    with pytest.raises(IndexUnavailable, match="blocked for writing"):
        deliver_due(opened, {"hook": receiver})
    assert receiver.got == []
    client.indices.put_settings(index=name, settings={"index.blocks.write": None})
    assert deliver_due(opened, {"hook": receiver}).sent == 1
    client.close()
    opened.close()


def test_the_claims_of_a_dead_runner_end_when_the_next_one_takes_the_file(tmp_path):
    from connectors.index import IndexSettings

    settings = IndexSettings(location=f"sqlite:{tmp_path}/vigie.db")
    dead = open_index(settings)
    waiting = alert("2", next_attempt_at=SOON)
    dead.store_alerts([alert("1"), waiting])
    dead.claim_alerts([alert("1")], due_at=NOW, until=SOON)
    dead.close()
    living = open_index(settings)
    lease = living.lock_runner()
    assert [one.id for one in living.undelivered_alerts(limit=9, due_at=NOW)] == ["1"]
    lease.release()
    living.close()
