"""The subscriber against a hub of our own: verification, signatures, leases, bad callers."""

# ruff: noqa: PLR0917 - fixtures

import http.client
import socket

import pytest

from connectors import metrics
from connectors.net import FetchPolicy
from connectors.records import Feed
from connectors.websub import METHODS
from connectors.websub_server import MAX_QUERY_CHARS
from connectors.websub_subscriber import WebSubSubscriber


def counted(outcome):
    labels = {"step": "WebSub", "outcome": outcome}
    return metrics.REGISTRY.get_sample_value("vigie_step_inputs_total", labels) or 0


@pytest.fixture
def active(start, hub, announced, await_true):
    subscriber = start()
    await_true(lambda: subscriber.states() == {"feed": "active"}, "the verification")
    await_true(lambda: hub.subscriptions, "the hub's own note of it")
    return subscriber


def pending(index):
    return index.pending_entries(limit=100, due_at=None)


def test_an_announced_hub_is_asked_and_its_question_answered(active, hub, feed):
    (asked,) = hub.asked
    assert asked["hub.topic"] == feed.url
    assert asked["hub.mode"] == "subscribe"
    assert len(asked["hub.secret"]) >= 32
    assert hub.verifications == [(200, "a+challenge/ñ")]


@pytest.mark.parametrize("method", METHODS)
def test_what_a_hub_sends_signed_is_pending_and_due(
    active, hub, site, index, clock, method, await_true
):
    body = site.rss("/feed", "/a", "/b")
    assert hub.publish(body, method=method) == [202]
    await_true(lambda: len(pending(index)) == 2, "the entries")
    found = index.pending_entries(limit=9, due_at=clock.now)
    assert {entry.url for entry in found} == {site.base + "/a", site.base + "/b"}
    assert {entry.feed_id for entry in found} == {"feed"}
    assert {entry.outlet for entry in found} == {"Example"}


def test_what_comes_twice_is_one_entry(active, hub, site, index, await_true):
    body = site.rss("/feed", "/a")
    before = counted("nothing_new")
    hub.publish(body)
    hub.publish(body)
    await_true(lambda: counted("nothing_new") == before + 1, "the repeat")
    assert len(pending(index)) == 1


def test_a_forged_notice_is_acknowledged_and_ignored(active, hub, site, index, await_true):
    before = counted("bad_signature")
    assert hub.publish(site.rss("/feed", "/forged"), secret="guessed") == [202]
    assert counted("bad_signature") == before + 1
    hub.publish(site.rss("/feed", "/a"))
    await_true(lambda: pending(index), "the honest entry")
    assert [entry.url for entry in pending(index)] == [site.base + "/a"]


def test_a_notice_without_signature_is_ignored(active, hub, send, index, site, await_true):
    (callback,) = hub.subscriptions
    before = counted("bad_signature")
    assert send(callback, site.rss("/feed", "/x"), Content_Type="text/xml")[0] == 202
    assert counted("bad_signature") == before + 1
    assert pending(index) == []


@pytest.mark.parametrize(
    "body", [b"", b"<html>no feed</html>", b"\x00\xff" * 100, b"<rss><channel><item><title>cut"]
)
def test_a_signed_body_that_is_no_feed_harms_nobody(active, hub, site, index, body, await_true):
    hub.publish(body)
    hub.publish(site.rss("/feed", "/after"))
    after = site.base + "/after"
    await_true(lambda: after in {entry.url for entry in pending(index)}, "the next push")


def test_a_body_too_large_is_refused_unread(active, hub, send, policy):
    (callback,) = hub.subscriptions
    host, _, path = callback.removeprefix("http://").partition("/")
    connection = http.client.HTTPConnection(host, timeout=20)
    connection.putrequest("POST", "/" + path)
    connection.putheader("Content-Length", str(policy.feed_bytes + 1))
    connection.endheaders()
    assert connection.getresponse().status == 413
    connection.close()


@pytest.mark.parametrize("length", ["", "-1", "abc", "٣"])
def test_a_body_without_a_length_is_refused(active, hub, length):
    (callback,) = hub.subscriptions
    host, _, path = callback.removeprefix("http://").partition("/")
    name, _, port = host.partition(":")
    with socket.create_connection((name, int(port)), timeout=20) as client:
        head = f"POST /{path} HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n"
        client.sendall(head.encode())
        assert client.recv(4096).split(b" ")[1] == b"411"


def test_a_client_that_breaks_off_harms_nobody(active, hub, site, index, await_true):
    (callback,) = hub.subscriptions
    host, _, path = callback.removeprefix("http://").partition("/")
    name, _, port = host.partition(":")
    for sent in (b"", b"POST", f"POST /{path} HTTP/1.1\r\nContent-Length: 9\r\n\r\nab".encode()):
        with socket.create_connection((name, int(port)), timeout=20) as client:
            client.sendall(sent)
    hub.publish(site.rss("/feed", "/a"))
    await_true(lambda: pending(index), "the push after it")


def test_unknown_callbacks_and_questions_are_refused(active, hub, send):
    (callback,) = hub.subscriptions
    elsewhere = callback.rpartition("/")[0] + "/" + "0" * 32
    assert send(elsewhere, b"<rss/>", X_Hub_Signature="sha256=0")[0] == 410
    assert send(elsewhere + "?hub.mode=subscribe&hub.challenge=x")[0] == 404
    fields = dict(hub.subscriptions[callback])
    assert hub.verify({**fields, "hub.topic": "https://example.org/other"})[0] == 404
    assert hub.verify(fields, mode="unsubscribe")[0] == 404
    assert send(callback + "?" + "x" * MAX_QUERY_CHARS + "x")[0] == 414
    assert send(callback + "?" + "&".join("a=b" for _ in range(60)))[0] == 400


def test_a_lease_is_renewed_before_it_ends(active, hub, index, clock, await_true):
    clock.advance(seconds=hub.lease_secs * 0.79)
    active.look(index)
    assert len(hub.asked) == 1
    clock.advance(seconds=hub.lease_secs * 0.02)
    active.look(index)
    assert len(hub.asked) == 2
    assert hub.asked[0]["hub.callback"] == hub.asked[1]["hub.callback"]
    await_true(lambda: len(hub.verifications) == 2, "the second verification")


def test_a_hub_that_fails_is_asked_later(start, hub, announced, index, clock, await_true):
    hub.status = 500
    subscriber = start()
    await_true(lambda: len(hub.asked) == 1, "the request")
    await_true(lambda: subscriber._subscriptions["feed"].failures == 1, "the failure")
    subscriber.look(index)
    assert len(hub.asked) == 1
    clock.advance(seconds=61)
    hub.status = 202
    subscriber.look(index)
    assert len(hub.asked) == 2
    await_true(lambda: subscriber.states() == {"feed": "active"}, "the verification")


def test_a_hub_that_never_verifies_is_asked_again_after_an_hour(
    start, hub, announced, index, clock, await_true
):
    hub.verifies = False
    subscriber = start()
    await_true(lambda: subscriber.states() == {"feed": "requested"}, "the acceptance")
    clock.advance(minutes=59)
    subscriber.look(index)
    assert len(hub.asked) == 1
    clock.advance(minutes=2)
    subscriber.look(index)
    assert len(hub.asked) == 2


def test_a_hub_may_deny(active, hub):
    (fields,) = hub.subscriptions.values()
    assert hub.verify(fields, mode="denied") == (200, "")
    assert active.states() == {"feed": "denied"}


def test_a_restart_subscribes_under_a_new_secret(active, hub, start, await_true):
    active.stop()
    second = start()
    await_true(lambda: second.states() == {"feed": "active"}, "the verification")
    assert hub.asked[0]["hub.secret"] != hub.asked[1]["hub.secret"]


def test_a_feed_that_is_no_longer_watched_is_not_subscribed(start, hub, announced, index):
    subscriber = start(Feed(id="other", url="https://example.org/other"))
    subscriber.look(index)
    assert hub.asked == []
    assert subscriber.states() == {}


def test_a_hub_at_a_forbidden_address_is_not_contacted(
    settings, hub, announced, feed, index, clock
):
    subscriber = WebSubSubscriber(
        (feed,),
        settings=settings,
        policy=FetchPolicy(),
        callback_url="https://example.org/websub",
        clock=clock,
    )
    subscriber.look(index)
    subscriber._server.server_close()
    assert hub.asked == []
    assert subscriber._subscriptions["feed"].failures == 1
