"""Answers of ill will, by name: what a server sends, and the outcomes that a fetch may end with.

Used by ``tests/net``, where each meets the fetcher, and by ``tests/failures``, where all of them
meet a whole job.
"""

from __future__ import annotations

import asyncio
import gzip
import struct
import zlib
from collections.abc import Awaitable, Callable

import brotli
import zstandard

LIMIT = 200_000
ZEROS = b"\x00" * (32 << 20)

Handler = Callable[[bytes, asyncio.StreamWriter], Awaitable[None]]


def says(*parts: bytes) -> Handler:
    async def send(_head: bytes, writer: asyncio.StreamWriter) -> None:
        for part in parts:
            writer.write(part)
            await writer.drain()

    return send


def page(body: bytes, headers: bytes = b"", status: bytes = b"200 OK") -> Handler:
    length = b"Content-Length: %d\r\n" % len(body)
    return says(b"HTTP/1.1 " + status + b"\r\n" + length + headers + b"\r\n" + body)


def coded(coding: bytes, body: bytes) -> Handler:
    return page(body, b"Content-Encoding: " + coding + b"\r\n")


def drips(start: bytes, drop: bytes) -> Handler:
    async def send(_head: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(start)
        while True:
            writer.write(drop)
            await writer.drain()
            await asyncio.sleep(0.05)

    return send


def floods(start: bytes, block: bytes) -> Handler:
    async def send(_head: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(start)
        while True:
            writer.write(block)
            await writer.drain()

    return send


async def stalls(_head: bytes, _writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(3600)


def stalls_after(start: bytes) -> Handler:
    async def send(_head: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(start)
        await writer.drain()
        await asyncio.sleep(3600)

    return send


def resets_after(start: bytes) -> Handler:
    async def send(_head: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(start)
        await writer.drain()
        raw = writer.get_extra_info("socket")
        raw.setsockopt(1, 13, struct.pack("ii", 1, 0))  # SO_LINGER 0: close sends a reset
        writer.transport.abort()

    return send


def redirect(location: bytes, status: bytes = b"302 Found") -> Handler:
    return page(b"", b"Location: " + location + b"\r\n", status)


def brotli_bomb() -> bytes:
    return brotli.compress(ZEROS, quality=1)


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
OPEN = b"HTTP/1.1 200 OK\r\n\r\n"
LONG = b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"

BEHAVIOURS: dict[str, tuple[Callable[[], Handler], set[str]]] = {
    # slow
    "never answers": (lambda: stalls, {"timeout"}),
    "drips the status line": (lambda: drips(b"HTTP/1.1 200", b" "), {"timeout", "bad_response"}),
    "drips headers": (
        lambda: drips(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n"),
        {"timeout", "bad_response"},
    ),
    "drips the body": (lambda: drips(LONG, b"x"), {"timeout"}),
    "drips chunks": (lambda: drips(CHUNKED, b"1\r\nx\r\n"), {"timeout"}),
    "drips an open body": (lambda: drips(OPEN, b"x"), {"timeout"}),
    "stalls after the headers": (lambda: stalls_after(LONG), {"timeout"}),
    "stalls mid-body": (lambda: stalls_after(LONG + b"x" * 500), {"timeout"}),
    "stalls in a chunk": (lambda: stalls_after(CHUNKED + b"ff\r\nabc"), {"timeout"}),
    # endless
    "endless body": (lambda: floods(OPEN, b"x" * 65536), {"too_big"}),
    "endless chunks": (lambda: floods(CHUNKED, b"1000\r\n" + b"x" * 4096 + b"\r\n"), {"too_big"}),
    "endless headers": (
        lambda: floods(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n" * 100),
        {"bad_response"},
    ),
    "one endless header": (
        lambda: floods(b"HTTP/1.1 200 OK\r\nX: ", b"y" * 8192),
        {"bad_response"},
    ),
    "endless status line": (lambda: floods(b"HTTP/1.1 200 ", b"O" * 8192), {"bad_response"}),
    "endless chunk extension": (
        lambda: floods(CHUNKED + b"1;", b"e" * 8192),
        {"bad_response", "broken_body", "timeout"},
    ),
    "endless trailers": (
        lambda: floods(CHUNKED + b"1\r\nx\r\n0\r\n", b"X-T: v\r\n" * 100),
        {"bad_response", "broken_body", "timeout"},
    ),
    "endless interim answers": (
        lambda: floods(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"),
        {"bad_response", "timeout", "connection_error"},
    ),
    # bombs
    "gzip bomb": (lambda: coded(b"gzip", gzip.compress(ZEROS)), {"too_big"}),
    "deflate bomb": (lambda: coded(b"deflate", zlib.compress(ZEROS)), {"too_big"}),
    "brotli bomb": (lambda: coded(b"br", brotli_bomb()), {"too_big"}),
    "zstd bomb": (lambda: coded(b"zstd", zstandard.compress(ZEROS)), {"too_big"}),
    "bomb of many gzip members": (
        lambda: coded(b"gzip", gzip.compress(ZEROS[:99_999]) * 300),
        {"too_big", "ok"},
    ),
    "gzip in gzip": (
        lambda: coded(b"gzip, gzip", gzip.compress(gzip.compress(ZEROS))),
        {"bad_encoding"},
    ),
    "ten codings": (lambda: coded(b", ".join([b"br"] * 10), b"x"), {"bad_encoding"}),
    "unknown coding": (lambda: coded(b"lzma", b"x"), {"bad_encoding"}),
    "gzip that is none": (lambda: coded(b"gzip", b"plain text"), {"broken_body", "bad_response"}),
    "brotli that is none": (
        lambda: coded(b"br", b"plain text"),
        {"broken_body", "bad_response", "ok"},
    ),
    "zstd that is none": (lambda: coded(b"zstd", b"plain text"), {"broken_body", "bad_response"}),
    "cut gzip": (
        lambda: coded(b"gzip", gzip.compress(b"news " * 999)[:-20]),
        {"broken_body", "ok"},
    ),
    "zstd with a huge window": (
        lambda: coded(b"zstd", b"\x28\xb5\x2f\xfd\x00\xf8" + b"\x01\x00\x00"),
        {"broken_body", "bad_response", "ok"},
    ),
    # lengths
    "length too long": (
        lambda: says(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort"),
        {"broken_body"},
    ),
    "length too short": (
        lambda: says(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nlonger"),
        {"ok", "bad_response"},
    ),
    "length negative": (
        lambda: says(b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nabc"),
        {"bad_response"},
    ),
    "length no number": (
        lambda: says(b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\nabc"),
        {"bad_response"},
    ),
    "length of an exabyte": (
        lambda: says(b"HTTP/1.1 200 OK\r\nContent-Length: 1152921504606846976\r\n\r\nabc"),
        {"too_big"},
    ),
    "length with 400 digits": (
        lambda: says(b"HTTP/1.1 200 OK\r\nContent-Length: " + b"9" * 400 + b"\r\n\r\nabc"),
        {"bad_response", "too_big"},
    ),
    "two lengths": (
        lambda: says(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 5\r\n\r\nabcde"),
        {"bad_response"},
    ),
    "length and chunks": (
        lambda: says(
            b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
        ),
        {"bad_response", "ok"},
    ),
    "chunk of no number": (
        lambda: says(CHUNKED + b"zz\r\nabc\r\n0\r\n\r\n"),
        {"bad_response", "broken_body"},
    ),
    "negative chunk": (
        lambda: says(CHUNKED + b"-5\r\nabc\r\n0\r\n\r\n"),
        {"bad_response", "broken_body"},
    ),
    "cut chunks": (lambda: says(CHUNKED + b"5\r\nab"), {"broken_body"}),
    # connections
    "closes at once": (says, {"connection_error"}),
    "closes in the headers": (
        lambda: says(b"HTTP/1.1 200 OK\r\nContent-Le"),
        {"connection_error", "bad_response", "broken_body"},
    ),
    "resets at once": (lambda: resets_after(b""), {"connection_error"}),
    "resets mid-body": (
        lambda: resets_after(LONG + b"x" * 500),
        {"connection_error", "broken_body"},
    ),
    # not HTTP
    "speaks SSH": (lambda: says(b"SSH-2.0-OpenSSH_9.2\r\n"), {"bad_response", "connection_error"}),
    "speaks HTTP 0.9": (lambda: says(b"<html>hello</html>"), {"bad_response", "connection_error"}),
    "random bytes": (lambda: says(bytes(range(256)) * 10), {"bad_response", "connection_error"}),
    "status 000": (
        lambda: says(b"HTTP/1.1 000 Odd\r\nContent-Length: 0\r\n\r\n"),
        {"http_error", "bad_response"},
    ),
    "status 99999": (lambda: says(b"HTTP/1.1 99999 Odd\r\n\r\n"), {"bad_response"}),
    "status 999": (
        lambda: page(b"", status=b"999 Denied"),
        {"server_error", "bad_response", "http_error"},
    ),
    "null bytes in a header": (lambda: page(b"x", b"X-A: a\x00b\r\n"), {"bad_response", "ok"}),
    "bare line feeds in headers": (
        lambda: says(b"HTTP/1.1 200 OK\nContent-Length: 1\n\nx"),
        {"ok", "bad_response"},
    ),
    "header injection": (
        lambda: page(b"", b"Location: /ok\r\n Set-Cookie: a=b\r\n", b"302 Go"),
        {"bad_redirect", "bad_response", "blocked_address", "not_found", "connection_error", "ok"},
    ),
    "300 headers": (lambda: page(b"x", b"X-A: b\r\n" * 300), {"bad_response"}),
    "a header of 100 kB": (
        lambda: page(b"x", b"X-A: " + b"b" * 100_000 + b"\r\n"),
        {"bad_response"},
    ),
    "a header of 20 kB": (lambda: page(b"x", b"X-A: " + b"b" * 20_000 + b"\r\n"), {"ok"}),
    "an upgrade nobody asked for": (
        lambda: says(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n"),
        {"http_error", "bad_response", "connection_error", "timeout"},
    ),
    # redirects
    "redirect to itself": (lambda: redirect(b"/b"), {"bad_redirect"}),
    "redirect without a target": (lambda: page(b"", status=b"302 Found"), {"bad_redirect"}),
    "redirect to nothing": (lambda: redirect(b""), {"bad_redirect"}),
    "redirect to a broken address": (lambda: redirect(b"http://[::1"), {"bad_redirect"}),
    "redirect to 10 kB": (lambda: redirect(b"/" + b"a" * 10_000), {"blocked_address"}),
    "redirect to javascript": (lambda: redirect(b"javascript:alert(1)"), {"blocked_address"}),
    "redirect to a port of 70000": (
        lambda: redirect(b"http://127.0.0.1:70000/"),
        {"blocked_address"},
    ),
    "redirect with binary target": (
        lambda: redirect(bytes(range(128, 255))),
        {"not_found", "bad_response", "bad_redirect", "bad_url"},
    ),
    # plain answers
    "404": (lambda: page(b"no", status=b"404 Not Found"), {"not_found"}),
    "410": (lambda: page(b"no", status=b"410 Gone"), {"gone"}),
    "403": (lambda: page(b"no", status=b"403 Forbidden"), {"http_error"}),
    "429": (lambda: page(b"no", b"Retry-After: 5\r\n", b"429 Slow"), {"rate_limited"}),
    "500": (lambda: page(b"no", status=b"500 Oops"), {"server_error"}),
    "304 that nobody asked for": (
        lambda: says(b"HTTP/1.1 304 Not Modified\r\n\r\n"),
        {"not_modified"},
    ),
    "empty body": (lambda: page(b""), {"ok"}),
    "204": (lambda: says(b"HTTP/1.1 204 No Content\r\n\r\n"), {"ok"}),
}
