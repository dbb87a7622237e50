"""One request and its answer: no redirects followed, no more read than allowed, nothing raised."""

from __future__ import annotations

import asyncio
import contextvars
import ssl
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING

import aiohttp
import yarl

from connectors.net.guard import (
    BlockedAddress,
    blocked_reason,
    blocked_url,
    guarded_socket,
    literal_address,
)
from connectors.net.outcomes import Fetched, retry_after_secs, status_outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aiohttp.abc import AbstractResolver

    from connectors.net.policy import FetchPolicy

READ_BYTES = 65_536
MAX_HEADER_BYTES = 32_768
"""Longest header line: news sites send Content-Security-Policies above aiohttp's 8 KiB."""

MAX_HEADERS = 256
ENCODINGS = frozenset({"", "identity", "gzip", "x-gzip", "deflate", "br", "zstd"})
"""Content codings that are decoded as a stream; nested ones (``gzip, gzip``) are refused."""

ACCEPT_ENCODING = "gzip, deflate, br, zstd"

_blocked: contextvars.ContextVar[list[str] | None] = contextvars.ContextVar("blocked", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class HopRequest:
    """One request of a chain: where to, with what, how much and how long."""

    url: str
    headers: Mapping[str, str]
    limit_bytes: int
    timeout_secs: float
    keep_truncated: bool = False
    post_body: bytes | None = None


def open_session(
    policy: FetchPolicy, resolver: AbstractResolver | None = None
) -> aiohttp.ClientSession:
    """Return the guarded session of this event loop; environment proxies are ignored."""

    def note_blocked(reason: str) -> None:
        reasons = _blocked.get()
        if reasons is not None:
            reasons.append(reason)

    connector = aiohttp.TCPConnector(
        limit=policy.concurrency,
        ttl_dns_cache=60,
        resolver=resolver or aiohttp.ThreadedResolver(),
        keepalive_timeout=15,
        socket_factory=None if policy.proxy else guarded_socket(policy, note_blocked),
    )
    return aiohttp.ClientSession(
        connector=connector,
        trust_env=False,
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=policy.timeout_secs, sock_connect=policy.connect_secs),
        max_line_size=MAX_HEADER_BYTES,
        max_field_size=MAX_HEADER_BYTES,
    )


async def exchange(
    session: aiohttp.ClientSession, policy: FetchPolicy, request: HopRequest
) -> Fetched:
    """Send ``request`` and read its answer; every fault of the world becomes an outcome."""
    reason = blocked_url(request.url, policy)
    if reason is None and policy.proxy:
        reason = await _blocked_behind_proxy(request.url, policy)
    if reason is not None:
        return Fetched(url=request.url, outcome="blocked_address", detail=reason)
    reasons: list[str] = []
    token = _blocked.set(reasons)
    try:
        return await asyncio.wait_for(_send(session, policy, request), request.timeout_secs)
    except Exception as error:  # noqa: BLE001 - classified below, nothing is hidden
        outcome, detail = failure_outcome(error, reasons)
        return Fetched(url=request.url, outcome=outcome, detail=detail)
    finally:
        _blocked.reset(token)


async def _blocked_behind_proxy(url: str, policy: FetchPolicy) -> str | None:
    """Judge the addresses of a name here as well, though the proxy will resolve it again."""
    parts = yarl.URL(url)
    if parts.host is None or literal_address(parts.host) is not None:
        return None
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(parts.host, parts.port or 80)
    except OSError:
        return None
    reasons = [blocked_reason(str(info[4][0]), int(info[4][1]), policy) for info in found]
    return next((reason for reason in reasons if reason is not None), None)


async def _send(
    session: aiohttp.ClientSession, policy: FetchPolicy, request: HopRequest
) -> Fetched:
    async with session.request(
        "GET" if request.post_body is None else "POST",
        request.url,
        data=request.post_body,
        headers={"User-Agent": policy.agent, "Accept-Encoding": ACCEPT_ENCODING, **request.headers},
        allow_redirects=False,
        proxy=policy.proxy,
        max_headers=MAX_HEADERS,
        timeout=aiohttp.ClientTimeout(total=request.timeout_secs, sock_connect=policy.connect_secs),
    ) as response:
        headers = _plain_headers(response.headers.items())
        now = datetime.now(timezone.utc)
        outcome = status_outcome(response.status)
        body, detail = b"", ""
        if outcome == "ok":
            outcome, body, detail = await _read_body(response, headers, request)
        return Fetched(
            url=request.url,
            outcome=outcome,
            status=response.status,
            headers=headers,
            body=body,
            detail=detail or ("" if outcome == "ok" else f"HTTP {response.status}"),
            retry_after_secs=retry_after_secs(headers.get("retry-after"), now),
        )


def _plain_headers(pairs: object) -> dict[str, str]:
    headers: dict[str, str] = {}
    for name, value in pairs:  # type: ignore[attr-defined]
        key = name.lower()
        headers[key] = f"{headers[key]}, {value}" if key in headers else value
    return headers


async def _read_body(
    response: aiohttp.ClientResponse, headers: Mapping[str, str], request: HopRequest
) -> tuple[str, bytes, str]:
    coding = headers.get("content-encoding", "").strip().lower()
    if coding not in ENCODINGS:
        return "bad_encoding", b"", f"content coding {coding[:40]!r}"
    declared = response.content_length
    if declared is not None and declared > request.limit_bytes and not request.keep_truncated:
        return "too_big", b"", f"{declared} bytes declared, limit {request.limit_bytes}"
    chunks: list[bytes] = []
    size = 0
    while chunk := await response.content.read(READ_BYTES):
        chunks.append(chunk)
        size += len(chunk)
        if size > request.limit_bytes:
            response.close()
            kept = b"".join(chunks)[: request.limit_bytes] if request.keep_truncated else b""
            return "too_big", kept, f"more than {request.limit_bytes} bytes"
    return "ok", b"".join(chunks), ""


def failure_outcome(error: BaseException, blocked: list[str]) -> tuple[str, str]:
    """Return outcome and detail of an exception raised by a request.

    ``blocked`` are the guard's refusals during it: any of them, with no connection made, means
    that the address is blocked.
    """
    if blocked and isinstance(error, (aiohttp.ClientConnectionError, OSError)):
        return "blocked_address", blocked[0]
    detail = f"{type(error).__name__}: {error}"[:300]
    for kinds, outcome in _FAILURES:
        if isinstance(error, kinds):
            return outcome, detail
    return "unexpected", detail


_FAILURES: tuple[tuple[tuple[type[BaseException], ...], str], ...] = (
    ((BlockedAddress,), "blocked_address"),
    ((aiohttp.ConnectionTimeoutError,), "connection_error"),
    ((asyncio.TimeoutError, TimeoutError), "timeout"),
    ((aiohttp.ClientConnectorDNSError,), "dns_error"),
    ((aiohttp.ClientSSLError, ssl.SSLError), "tls_error"),
    ((aiohttp.ContentTypeError,), "bad_response"),
    ((aiohttp.ClientPayloadError,), "broken_body"),
    ((aiohttp.InvalidURL, UnicodeError), "bad_url"),
    ((aiohttp.ClientResponseError, aiohttp.http_exceptions.HttpProcessingError), "bad_response"),
    ((aiohttp.ClientConnectionError, OSError), "connection_error"),
    ((ValueError,), "bad_url"),
)
"""The first class that fits names the outcome."""
