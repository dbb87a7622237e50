import hashlib
import hmac
import io
import json
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from connectors.channels import (
    AlertmanagerChannel,
    ChannelError,
    ChannelPlan,
    ConsoleChannel,
    WebhookChannel,
    alert_payload,
    open_channel,
)
from connectors.net import FetchPolicy
from connectors.records import Alert, Claim

NOW = datetime(2025, 1, 1, tzinfo=timezone.utc)
HOME = FetchPolicy(allow_addresses=("127.0.0.0/8",), timeout_secs=5)
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
ALERT = Alert(
    id="a1",
    subject="oreshnik",
    story_id="s1",
    development="new_claim",
    document_id="d1",
    title="Title",
    url="https://example.org/a",
    outlet="Example",
    language="en",
    quote="the Oreshnik",
    created_at=NOW,
    published_at=NOW - timedelta(minutes=5),
    first_seen_at=NOW - timedelta(minutes=1),
    alerted_at=NOW,
    new_claims=(CLAIM,),
)


def test_a_webhook_gets_the_alert_signed_and_with_its_key(receiver):
    WebhookChannel(receiver.url, HOME, secret="s3cret").send([ALERT])
    headers, body = receiver.requests[0]
    assert headers["Idempotency-Key"] == "a1"
    stamp, signature = (part.split("=")[1] for part in headers["X-Vigie-Signature"].split(","))
    wanted = hmac.new(b"s3cret", stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    assert hmac.compare_digest(signature, wanted)
    payload = json.loads(body)
    assert payload["subject"] == "oreshnik"
    assert payload["quote"] == "the Oreshnik"
    assert payload["new_claims"][0]["when"] == "2025-H2"
    assert payload["lags_secs"] == {"since_published": 300.0, "since_first_seen": 60.0}


@pytest.mark.parametrize(("status", "permanent"), [(500, False), (429, False), (404, True)])
def test_a_webhook_that_refuses_is_an_error_that_says_if_it_will_last(receiver, status, permanent):
    receiver.statuses = [status]
    with pytest.raises(ChannelError, match=f"status {status}") as caught:
        WebhookChannel(receiver.url, HOME).send([ALERT])
    assert caught.value.permanent is permanent


def test_a_redirect_is_not_followed(receiver):
    receiver.statuses = [302]
    with pytest.raises(ChannelError, match="status 302"):
        WebhookChannel(receiver.url, HOME).send([ALERT])
    assert len(receiver.requests) == 1


def test_an_internal_receiver_must_be_allowed(receiver):
    with pytest.raises(ChannelError, match="allow_addresses") as caught:
        WebhookChannel(receiver.url, FetchPolicy()).send([ALERT])
    assert caught.value.permanent
    assert receiver.requests == []


def test_a_receiver_that_is_away_is_an_error(receiver):
    receiver.server_close()
    with pytest.raises(ChannelError, match="connection_error"):
        WebhookChannel(receiver.url, HOME).send([ALERT])


def test_alertmanager_gets_labels_that_are_the_same_each_time(receiver):
    channel = AlertmanagerChannel(receiver.url, HOME)
    channel.send([ALERT])
    channel.send([replace(ALERT, attempts=3)])
    first, second = (json.loads(body)[0] for _, body in receiver.requests)
    assert first["labels"] == second["labels"]
    assert first["labels"]["alert_id"] == "a1"
    assert first["startsAt"] == NOW.isoformat()


def test_the_console_prints_no_control_character_of_a_stranger():
    stream = io.StringIO()
    ConsoleChannel(stream).send([replace(ALERT, title="evil\x1b[2Jtitle\nnext")])
    printed = stream.getvalue()
    assert "\x1b" not in printed
    assert printed.splitlines()[0] == "evil [2Jtitle next — Example · en"
    assert "[oreshnik] new claim, oreshnik planned BY 2025-H2 (says Putin)" in printed


def test_the_payload_holds_nothing_of_the_delivery():
    payload = alert_payload(replace(ALERT, error="secret place", attempts=2))
    assert not {"error", "attempts", "delivered_to", "next_attempt_at"} & set(payload)


def test_an_apprise_address_that_is_none_is_told_without_its_token():
    with pytest.raises(ChannelError, match="nonsense://") as caught:
        open_channel(ChannelPlan(name="x", type="apprise", url="nonsense://tok3n"), HOME)
    assert "tok3n" not in str(caught.value)
