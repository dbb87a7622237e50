"""A server of ill will: every fetch ends with an outcome, and the neighbours are served."""

from __future__ import annotations

import gzip
import socket
import threading
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import brotli
import pytest
import zstandard
from hostile_answers import BEHAVIOURS, LIMIT, coded, page, redirect

from connectors.net import FetchRequest

if TYPE_CHECKING:
    import asyncio


@pytest.mark.parametrize("name", BEHAVIOURS)
def test_a_hostile_answer_ends_with_an_outcome(name, server, make_fetcher):
    make, expected = BEHAVIOURS[name]
    url = server.add("/b", make())
    answer = make_fetcher().fetch(url, limit_bytes=LIMIT)
    assert answer.outcome in expected, (answer.outcome, answer.detail)
    assert len(answer.body) <= LIMIT
    assert answer.outcome == "ok" or answer.body == b""


GROWTH_BYTES = 300 << 20
"""Of 700 MB for a whole job: what forty hostile answers at once may add, the server's share too."""


@pytest.fixture
def peak_growth():
    """Return a function that tells by how much this process has grown at its largest."""
    status, reset = Path("/proc/self/status"), Path("/proc/self/clear_refs")
    if not reset.exists():
        pytest.skip("only Linux tells the largest size of a process")

    def resident(name):
        (line,) = (one for one in status.read_text().splitlines() if one.startswith(name))
        return int(line.split()[1]) * 1024

    reset.write_text("5")
    before = resident("VmRSS")
    return lambda: resident("VmHWM") - before


def test_every_neighbour_of_the_hostile_ones_is_served_in_bounded_memory(
    server, make_server, make_fetcher, peak_growth
):
    fetcher = make_fetcher(
        concurrency=40, max_connections_per_host=20, timeout_secs=60, connect_secs=60
    )
    neighbour = make_server("127.0.0.1")
    good = []
    for number, (make, _) in enumerate(BEHAVIOURS.values()):
        bad_url = server.add(f"/b{number}", make())
        good_url = neighbour.answer(f"/good{number}", b"news")
        fetcher.submit(FetchRequest(url=bad_url, limit_bytes=LIMIT))
        good.append(fetcher.submit(FetchRequest(url=good_url, limit_bytes=LIMIT)))
    answers = [future.result(120) for future in good]
    assert [answer for answer in answers if answer.body != b"news"] == []
    assert peak_growth() < GROWTH_BYTES


def test_nested_redirects_end_after_five(server, make_fetcher):
    for number in range(8):
        server.add(f"/r{number}", redirect(b"/r%d" % (number + 1)))
    answer = make_fetcher().fetch(server.url("/r0"))
    assert (answer.outcome, answer.detail) == ("bad_redirect", "more than 5 redirects")
    assert server.requests == [f"/r{number}" for number in range(6)]


def test_five_redirects_are_followed(server, make_fetcher):
    for number in range(5):
        server.add(f"/r{number}", redirect(b"/r%d" % (number + 1), b"301 Moved"))
    server.answer("/r5", b"here")
    answer = make_fetcher().fetch(server.url("/r0"))
    assert (answer.outcome, answer.body, answer.url) == ("ok", b"here", server.url("/r5"))
    assert answer.permanent_url == server.url("/r5")


def test_only_the_leading_permanent_redirects_name_a_new_address(server, make_fetcher):
    server.add("/a", redirect(b"/b", b"301 Moved"))
    server.add("/b", redirect(b"/c", b"302 Found"))
    server.add("/c", redirect(b"/d", b"301 Moved"))
    server.answer("/d", b"here")
    assert make_fetcher().fetch(server.url("/a")).permanent_url == server.url("/b")


def test_a_site_that_redirects_until_its_cookie_comes_back_is_read(server, make_fetcher):
    async def wall(head: bytes, writer: asyncio.StreamWriter) -> None:
        answer = (
            page(b"read")
            if b"Cookie: seen=1" in head
            else page(b"", b"Location: /wall\r\nSet-Cookie: seen=1; Path=/\r\n", b"302 Found")
        )
        await answer(head, writer)

    assert make_fetcher().fetch(server.add("/wall", wall)).body == b"read"


@pytest.mark.parametrize(
    ("coding", "pack"),
    [
        (b"gzip", gzip.compress),
        (b"br", brotli.compress),
        (b"zstd", zstandard.compress),
        (b"deflate", zlib.compress),
    ],
)
def test_a_packed_page_is_unpacked(coding, pack, server, make_fetcher):
    url = server.add("/p", coded(coding, pack("Минск".encode())))
    assert make_fetcher().fetch(url).body.decode() == "Минск"


def test_a_refused_connection_and_an_unknown_name_are_outcomes(server, make_fetcher):
    fetcher = make_fetcher()
    assert fetcher.fetch("http://127.0.0.1:1/").outcome == "connection_error"
    assert fetcher.fetch("http://no-such-host.invalid/").outcome == "dns_error"


def test_plain_text_where_tls_was_expected_is_a_tls_error(make_fetcher):
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def speak_plainly() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(1024)
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                connection.recv(1024)

        thread = threading.Thread(target=speak_plainly)
        thread.start()
        answer = make_fetcher().fetch(f"https://127.0.0.1:{listener.getsockname()[1]}/")
        thread.join(10)
    assert answer.outcome in {"tls_error", "connection_error"}
