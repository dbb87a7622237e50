"""The callback that hubs call: verification by GET, content by POST.

Bind it to loopback behind a reverse proxy that speaks HTTPS. Anybody may call it: bodies,
headers, time and the number of requests under way are bounded, and nothing is believed without
a signature.
"""

from __future__ import annotations

import socket
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Protocol
from urllib.parse import parse_qsl, urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

REQUEST_SECS = 10
"""A client that takes longer between two reads is cut off."""

MAX_UNDER_WAY = 32
MAX_QUERY_CHARS = 16_384
READ_BYTES = 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What a hub sent for one callback."""

    token: str
    body: bytes
    content_type: str | None
    signature: str | None


class Subscriber(Protocol):
    """What answers the hubs; called from several threads."""

    def verify(self, token: str, query: Mapping[str, str]) -> str | None:
        """Return the challenge to echo, or None for a question nobody asked for."""
        ...

    def receive(self, notice: Notice) -> int:
        """Take ``notice`` and return the HTTP status to answer with."""
        ...


class CallbackServer(ThreadingHTTPServer):
    """Serves the callback on a daemon thread until ``stop``.

    Args:
        subscriber: what answers.
        address: where to listen.
        port: 0 lets the system choose.
        limit_bytes: largest body.

    Raises:
        OSError: the address is not ours, or the port is taken or forbidden.
    """

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(
        self, subscriber: Subscriber, *, address: str, port: int, limit_bytes: int
    ) -> None:
        """Bind and listen; ``start`` serves."""
        self.address_family = socket.getaddrinfo(address, port, type=socket.SOCK_STREAM)[0][0]
        self.subscriber = subscriber
        self.limit_bytes = limit_bytes
        self.slots = threading.BoundedSemaphore(MAX_UNDER_WAY)
        super().__init__((address, port), _Handler)

    def server_bind(self) -> None:
        """Bind without looking our own name up."""
        if self.allow_reuse_address:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = "localhost", int(self.server_address[1])

    def start(self) -> None:
        """Begin to serve."""
        threading.Thread(target=self.serve_forever, name="websub", daemon=True).start()

    def stop(self) -> None:
        """Stop serving and free the port."""
        self.shutdown()
        self.server_close()

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a client that breaks off is no news."""


class _Handler(BaseHTTPRequestHandler):
    server: CallbackServer
    timeout = REQUEST_SECS
    server_version = "Vigie"
    sys_version = ""

    def do_GET(self) -> None:
        query = urlsplit(self.path).query
        if len(query) > MAX_QUERY_CHARS:
            self._answer(414)
            return
        try:
            fields = dict(parse_qsl(query, keep_blank_values=True, max_num_fields=50))
        except ValueError:
            self._answer(400)
            return
        challenge = self.server.subscriber.verify(self._token(), fields)
        self._answer(404 if challenge is None else 200, challenge or "")

    def do_POST(self) -> None:
        if not self.server.slots.acquire(blocking=False):
            self._answer(503)
            return
        try:
            self._answer(self._receive())
        finally:
            self.server.slots.release()

    def _receive(self) -> int:
        written = self.headers.get("Content-Length", "")
        if not written.isascii() or not written.isdecimal():
            return 411
        if len(written) > 12 or int(written) > self.server.limit_bytes:
            return 413
        body = self._read(int(written))
        if body is None:
            return 400
        notice = Notice(
            token=self._token(),
            body=body,
            content_type=self.headers.get("Content-Type"),
            signature=self.headers.get("X-Hub-Signature"),
        )
        return self.server.subscriber.receive(notice)

    def _read(self, size: int) -> bytes | None:
        pieces: list[bytes] = []
        while size:
            piece = self.rfile.read(min(size, READ_BYTES))
            if not piece:
                return None
            pieces.append(piece)
            size -= len(piece)
        return b"".join(pieces)

    def _token(self) -> str:
        return urlsplit(self.path).path.rpartition("/")[2][:100]

    def _answer(self, status: int, text: str = "") -> None:
        body = text.encode("utf-8", "replace")
        self.send_response(status)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Say nothing: what hubs do is counted."""
