"""The briefing served live on this machine: ``vigie brief --serve``.

It listens on 127.0.0.1 only and answers only requests whose Host names this machine, so a web
page elsewhere cannot read it by pointing a name of its own at 127.0.0.1 (DNS rebinding). The
page is rendered anew when the index has changed, and asks ``/version`` every few seconds.
"""

from __future__ import annotations

import logging
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

from connectors.index import IndexUnavailable
from connectors.records import stable_id
from pipelines.brief.page import content_security_policy

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from connectors.index import Totals

log = logging.getLogger(__name__)

IDLE_SECS = 15.0
"""A connection without a request is closed after this time."""

LOCAL_NAMES = frozenset({"127.0.0.1", "localhost"})
HEADERS = {
    "Content-Security-Policy": f"{content_security_policy(live=True)}; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def version_of(totals: Totals) -> str:
    """Return a short name of the state ``totals`` describe; another state has another name."""
    counts = (totals.documents, totals.mentions, totals.claims, totals.alerts)
    return stable_id(*map(str, counts), *map(str, sorted(totals.entries.items())))[:16]


def is_local(host: str | None, port: int) -> bool:
    """Return whether the Host header names this machine at this port.

    >>> is_local("localhost:8765", 8765), is_local("evil.example:8765", 8765), is_local(None, 1)
    (True, False, False)
    """
    if host is None:
        return False
    name, _, number = host.strip().lower().partition(":")
    return name in LOCAL_NAMES and (number or "80") == str(port)


class LiveBriefing:
    """What is served: the page of the present version, rendered once per version.

    Args:
        read_version: returns the version the index is at.
        render: returns the page of a version.

    Both open the index themselves: they are called from the server's threads, one at a time.
    """

    def __init__(self, read_version: Callable[[], str], render: Callable[[str], str]) -> None:
        self._read_version = read_version
        self._render = render
        self._lock = threading.Lock()
        self._version = ""
        self._page = b""

    def version(self) -> str:
        """Return the version the index is at now."""
        with self._lock:
            return self._read_version()

    def page(self) -> bytes:
        """Return the page of the version the index is at now."""
        with self._lock:
            version = self._read_version()
            if version != self._version:
                self._page = self._render(version).encode("utf-8", "replace")
                self._version = version
            return self._page


def make_server(briefing: LiveBriefing, port: int) -> ThreadingHTTPServer:
    """Return a server of ``briefing`` on 127.0.0.1, bound and not yet serving.

    Args:
        briefing: what is served.
        port: the port; 0 takes a free one.

    Raises:
        OSError: the port is taken or may not be used.
    """
    handler = type("_BriefingHandler", (_Handler,), {"briefing": briefing})
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    server.daemon_threads = True
    return server


class _Handler(BaseHTTPRequestHandler):
    """Answers ``/`` and ``/version``."""

    protocol_version = "HTTP/1.1"
    server_version = "vigie"
    sys_version = ""
    timeout = IDLE_SECS
    briefing: LiveBriefing

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def _answer(self, *, with_body: bool) -> None:
        status, kind, body = self._choose()
        self.send_response(status)
        headers: Mapping[str, str] = {"Content-Type": f"{kind}; charset=utf-8", **HEADERS}
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if with_body:
            self.wfile.write(body)

    def _choose(self) -> tuple[int, str, bytes]:
        if not is_local(self.headers.get("Host"), self.connection.getsockname()[1]):
            return 421, "text/plain", b"this address answers to localhost only\n"
        path = self.path.partition("?")[0]
        try:
            if path == "/":
                return 200, "text/html", self.briefing.page()
            if path == "/version":
                return 200, "text/plain", self.briefing.version().encode("ascii")
        except IndexUnavailable as error:
            log.warning("the index cannot be read: error=%s", error)
            return 503, "text/plain", f"the index cannot be read now: {error}\n".encode()
        return 404, "text/plain", b"nothing here; the briefing is at /\n"

    def log_message(self, *_: object) -> None:
        """Stay silent: one reader on one machine needs no access log."""
