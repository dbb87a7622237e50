"""A hub of our own on loopback, a site, and a subscriber over its own index."""

import hmac
import socket
import threading
import time
import urllib.error
import urllib.request
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlencode

import pytest

from connectors.backends import open_index
from connectors.net import FetchPolicy
from connectors.records import Feed, to_json
from connectors.websub import HUB_KIND, Hub
from connectors.websub_subscriber import WebSubSubscriber

WAIT_SECS = 90


def wait_for(condition, what):
    deadline = time.monotonic() + WAIT_SECS
    while time.monotonic() < deadline:
        found = condition()
        if found:
            return found
        time.sleep(0.02)
    return pytest.fail(f"waited {WAIT_SECS} s for {what}")


@pytest.fixture
def await_true():
    return wait_for


def call(url, body=None, **headers):
    """Send a request; return status and text."""
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(url, data=body, headers=given)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


@pytest.fixture
def send():
    return call


class Hub_(ThreadingHTTPServer):  # noqa: N801 - the record is called Hub
    """Keeps subscriptions (callback → fields), verifies them, and sends what is published."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _HubHandler)
        self.subscriptions = {}
        self.asked = []
        self.verifications = []
        self.status = 202
        self.lease_secs = 3600
        self.verifies = True

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/hub"

    def verify(self, fields, mode="subscribe", **changes):
        query = {
            "hub.mode": mode,
            "hub.topic": fields["hub.topic"],
            "hub.challenge": "a+challenge/ñ",
            "hub.lease_seconds": str(self.lease_secs),
            **changes,
        }
        callback = fields["hub.callback"]
        status, text = call(f"{callback}?{urlencode(query)}")
        self.verifications.append((status, text))
        if (status, text) == (200, query["hub.challenge"]) and mode == "subscribe":
            self.subscriptions[callback] = fields
        return status, text

    def publish(self, body, *, method="sha256", secret=None, content_type="application/rss+xml"):
        """Send ``body`` to every subscriber; return their statuses."""
        statuses = []
        for callback, fields in list(self.subscriptions.items()):
            key = (secret or fields["hub.secret"]).encode()
            signature = f"{method}={hmac.new(key, body, method).hexdigest()}"
            headers = {"Content_Type": content_type, "X_Hub_Signature": signature}
            statuses.append(call(callback, body, **headers)[0])
        return statuses


class _HubHandler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        fields = dict(parse_qsl(body, strict_parsing=True))
        self.server.asked.append(fields)
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()
        if self.server.status < 300 and self.server.verifies:
            self.server.verify(fields)

    def log_message(self, *args):
        pass


class Site(ThreadingHTTPServer):
    """Serves ``pages``: path → (content type, body)."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _SiteHandler)
        self.pages = {}
        self.requests = []

    @property
    def base(self):
        return f"http://127.0.0.1:{self.server_port}"

    def article(self, path, title, text):
        body = (
            f"<html lang='en'><head><title>{title}</title></head><body><article><h1>{title}</h1>"
            f"<p>{text}</p></article></body></html>"
        )
        self.pages[path] = ("text/html; charset=utf-8", body.encode())

    def rss(self, path, *links, hub=None):
        """Put a feed at ``path``; return its bytes."""
        items = "".join(
            f"<item><title>Title of {link}</title><link>{self.base}{link}</link>"
            f"<guid>{link}</guid></item>"
            for link in links
        )
        announced = (
            f"<atom:link rel='hub' href='{hub}'/><atom:link rel='self' href='{self.base}{path}'/>"
            if hub
            else ""
        )
        body = (
            "<?xml version='1.0'?><rss version='2.0' xmlns:atom='http://www.w3.org/2005/Atom'>"
            f"<channel><title>Feed</title><link>{self.base}</link>{announced}{items}"
            "</channel></rss>"
        ).encode()
        self.pages[path] = ("application/rss+xml", body)
        return body


class _SiteHandler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.requests.append(self.path)
        content_type, body = self.server.pages.get(self.path, ("text/plain", None))
        self.send_response(404 if body is None else 200)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, *args):
        pass


def serve(server):
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def hub():
    yield from serve(Hub_())


@pytest.fixture
def site():
    yield from serve(Site())


class Clock:
    def __init__(self):
        self.now = datetime.now(timezone.utc)

    def __call__(self):
        return self.now

    def advance(self, **time_span):
        self.now += timedelta(**time_span)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def policy():
    return FetchPolicy(
        allow_addresses=("127.0.0.0/8",), min_delay_secs=0.0, timeout_secs=5.0, feed_bytes=200_000
    )


@pytest.fixture
def index(settings):
    index = open_index(settings)
    yield index
    index.close()


@pytest.fixture
def feed(site):
    return Feed(id="feed", url=site.base + "/feed", outlet="Example", language="en")


@pytest.fixture
def announced(index, hub, feed):
    """The hub of the feed, as a poll notes it."""
    found = Hub(hub=hub.url, topic=feed.url)
    index.put_memory(HUB_KIND, feed.id, to_json(found))
    return found


@pytest.fixture
def start(settings, policy, feed, clock):
    """Return a function that starts a subscriber; all end with the test."""
    running = []

    def begin(*feeds):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        subscriber = WebSubSubscriber(
            feeds or (feed,),
            settings=settings,
            policy=policy,
            callback_url=f"http://127.0.0.1:{port}/websub/",
            port=port,
            clock=clock,
        )
        subscriber.start()
        running.append(subscriber)
        return subscriber

    yield begin
    for subscriber in running:
        subscriber.stop()
