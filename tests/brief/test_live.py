"""The live briefing: to this machine only, fresh, and with strict headers."""

from __future__ import annotations

import http.client
import threading

import pytest

from connectors.index import IndexUnavailable, Totals
from pipelines.brief.live import LiveBriefing, is_local, make_server, version_of


class Desk:
    """An index that changes and fails on request."""

    def __init__(self):
        self.version = "one"
        self.rendered = []
        self.broken = False

    def read_version(self):
        if self.broken:
            raise IndexUnavailable("sqlite:x.db: gone")
        return self.version

    def render(self, version):
        self.rendered.append(version)
        return f"<p>{version}</p>"


@pytest.fixture
def desk():
    return Desk()


@pytest.fixture
def port(desk):
    server = make_server(LiveBriefing(desk.read_version, desk.render), 0)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    thread.join()
    server.server_close()


def ask(port, path="/", *, host=None, method="GET"):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.putrequest(method, path, skip_host=True)
        connection.putheader("Host", host or f"127.0.0.1:{port}")
        connection.endheaders()
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()
    finally:
        connection.close()


def test_the_page_is_rendered_once_a_version(desk, port):
    assert ask(port)[2] == b"<p>one</p>"
    assert ask(port)[2] == b"<p>one</p>"
    desk.version = "two"
    assert ask(port, "/version")[2] == b"two"
    assert ask(port)[2] == b"<p>two</p>"
    assert desk.rendered == ["one", "two"]


@pytest.mark.parametrize("path", ["/", "/version", "/nothing"])
def test_a_foreign_host_is_refused_before_anything_is_read(desk, port, path):
    for host in ("evil.example", f"evil.example:{port}", "127.0.0.1:1", f"[::1]:{port}", "x"):
        status, _, body = ask(port, path, host=host)
        assert status == 421
        assert b"one" not in body
    assert desk.rendered == []


def test_every_answer_carries_the_strict_headers(port):
    for path in ("/", "/version", "/nothing"):
        headers = ask(port, path)[1]
        assert headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"


def test_an_index_out_of_reach_is_said_and_the_server_stays(desk, port):
    desk.broken = True
    status, _, body = ask(port)
    assert (status, b"gone" in body) == (503, True)
    desk.broken = False
    assert ask(port)[0] == 200


def test_head_and_unknown_paths_are_answered(port):
    status, headers, body = ask(port, method="HEAD")
    assert (status, body) == (200, b"")
    assert int(headers["Content-Length"]) > 0
    assert ask(port, "/../etc/passwd")[0] == 404


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("127.0.0.1:80", True), ("localhost", True), ("LOCALHOST:80", True), ("", False),
        ("localhost.evil.example", False), ("127.0.0.1.evil.example:80", False), (None, False),
        ("127.0.0.1:80:80", False), ("127.0.0.1@evil.example", False),
    ],
)  # fmt: skip
def test_only_names_of_this_machine_are_local(host, local):
    assert is_local(host, 80) is local


def test_any_change_of_the_accounting_is_a_new_version():
    states = [
        Totals(),
        Totals(documents=1),
        Totals(alerts=1),
        Totals(entries={"indexed": 1}),
        Totals(entries={"pending": 1}),
    ]
    assert len({version_of(one) for one in states}) == len(states)
    assert version_of(Totals()) == version_of(Totals())
