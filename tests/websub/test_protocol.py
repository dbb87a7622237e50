"""What a subscriber says and believes, without network."""

import hashlib
import hmac
from datetime import datetime, timedelta, timezone
from urllib.parse import parse_qs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.websub import (
    DENIED_SECS,
    LEASE_SECS,
    LONGEST_BACK_OFF_SECS,
    LONGEST_LEASE_SECS,
    METHODS,
    Hub,
    Subscription,
    after_request,
    callback_address,
    is_signed,
    lease_secs,
    read_hub,
    subscribe_form,
    verify,
)

NOW = datetime(2025, 1, 1, tzinfo=timezone.utc)
HUB = Hub(hub="https://hub.example.org/", topic="https://example.org/feed")
NEW = Subscription(feed_id="f", hub=HUB, secret="s3cret", due_at=NOW)
ASKED = after_request(NEW, accepted=True, now=NOW)
QUERY = {
    "hub.mode": "subscribe",
    "hub.topic": HUB.topic,
    "hub.challenge": "c",
    "hub.lease_seconds": "1000",
}


def test_the_form_has_what_the_recommendation_asks_for():
    fields = parse_qs(subscribe_form(NEW, "https://me.example/websub/x").decode())
    assert fields == {
        "hub.callback": ["https://me.example/websub/x"],
        "hub.mode": ["subscribe"],
        "hub.topic": [HUB.topic],
        "hub.lease_seconds": [str(LEASE_SECS)],
        "hub.secret": ["s3cret"],
    }


def test_a_question_that_was_asked_for_is_answered_and_the_lease_begins():
    active, answer = verify(ASKED, QUERY, NOW)
    assert answer == "c"
    assert active.state == "active"
    assert active.lease_until == NOW + timedelta(seconds=1000)
    assert active.due_at == NOW + timedelta(seconds=800)


@pytest.mark.parametrize(
    "change",
    [
        {"hub.topic": "https://example.org/other"},
        {"hub.mode": "unsubscribe"},
        {"hub.mode": "publish"},
        {"hub.challenge": ""},
        {"hub.challenge": "x" * 5000},
    ],
)
def test_a_question_nobody_asked_for_changes_nothing(change):
    assert verify(ASKED, {**QUERY, **change}, NOW) == (ASKED, None)


def test_nothing_is_confirmed_before_it_was_requested():
    assert verify(NEW, QUERY, NOW) == (NEW, None)


def test_a_denied_subscription_is_asked_for_again_a_day_later():
    denied, answer = verify(ASKED, {"hub.mode": "denied", "hub.topic": HUB.topic}, NOW)
    assert answer == ""
    assert (denied.state, denied.due_at) == ("denied", NOW + timedelta(seconds=DENIED_SECS))


@pytest.mark.parametrize("failures", range(1, 40))
def test_a_hub_that_fails_is_asked_less_and_less_often_for_ever(failures):
    one = NEW
    for _ in range(failures):
        before, one = one, after_request(one, accepted=False, now=NOW)
    assert before.due_at <= one.due_at <= NOW + timedelta(seconds=LONGEST_BACK_OFF_SECS)
    assert one.due_at > NOW


def test_a_renewal_that_fails_leaves_the_lease():
    active, _ = verify(ASKED, QUERY, NOW)
    failed = after_request(active, accepted=False, now=NOW)
    assert (failed.state, failed.lease_until) == ("active", active.lease_until)


@settings(deadline=None)
@given(st.text(max_size=30))
def test_any_lease_is_within_bounds(written):
    assert 60 <= lease_secs(written) <= LONGEST_LEASE_SECS


@pytest.mark.parametrize("method", METHODS)
@settings(deadline=None)
@given(body=st.binary(max_size=200), secret=st.text(min_size=1, max_size=20))
def test_a_right_signature_is_believed_and_one_changed_bit_is_not(method, body, secret):
    key = secret.encode("utf-8", "surrogatepass")
    digest = hmac.new(key, body, getattr(hashlib, method)).hexdigest()
    assert is_signed(body, f"{method}={digest}", secret)
    assert is_signed(body, f"{method.upper()}={digest.upper()}", secret)
    assert not is_signed(body + b"x", f"{method}={digest}", secret)
    wrong = ("0" if digest[0] != "0" else "1") + digest[1:]
    assert not is_signed(body, f"{method}={wrong}", secret)


@pytest.mark.parametrize(
    "header", [None, "", "=", "sha256", "sha256=", "md5=abc", "sha256=é", "none=", "sha1=é=="]
)
def test_a_broken_signature_is_not_believed(header):
    assert not is_signed(b"{}", header, "s")


@settings(deadline=None)
@given(st.text(max_size=100))
def test_no_header_is_believed_by_chance(header):
    assert not is_signed(b"{}", header, "s")


@pytest.mark.parametrize(
    "hub",
    [
        None,
        "",
        "ftp://hub.example",
        "javascript:alert(1)",
        "https://",
        "https://[x",
        "http:///x",
        "https://hub.example/" + "x" * 5000,
        "https://hub.example/\nx",
    ],
)
def test_a_hub_that_is_no_web_address_is_none(hub):
    assert read_hub(hub, None, "https://example.org/feed") is None


def test_a_topic_that_is_no_address_is_replaced_by_the_feeds():
    found = read_hub("https://hub.example/", "feed.json", "https://example.org/feed")
    assert found.topic == "https://example.org/feed"


def test_a_callback_address_is_the_same_after_a_restart_and_another_for_each_feed():
    one = callback_address("https://me.example/websub/", "f")
    assert one == callback_address("https://me.example/websub/", "f")
    assert one != callback_address("https://me.example/websub/", "g")
    assert one.startswith("https://me.example/websub/")
