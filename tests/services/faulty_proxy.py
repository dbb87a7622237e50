"""A reverse proxy on loopback that answers badly instead of the server behind it, when told to.

``policy(method, path, body)`` returns what to answer, or None to pass the request on.
"""

from __future__ import annotations

import http.client
import json
import random
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable

    Answer = tuple[int, str, bytes]
    Policy = Callable[[str, str, bytes], Answer | None]

HOP_BY_HOP = {"host", "connection", "keep-alive", "transfer-encoding", "content-length"}


class FaultyProxy:
    """Stands before ``target``; ``policy`` may be changed at any time."""

    def __init__(self, target: str) -> None:
        self.target = urlsplit(target).netloc
        self.policy: Policy = pass_on
        self.faults = 0
        proxy = self

        class Handler(_Handler):
            owner = proxy

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def forward(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        """Return what the server behind answers; 502 when there is none."""
        connection = http.client.HTTPConnection(self.target, timeout=120)
        try:
            connection.request(method, path, body or None, headers)
            response = connection.getresponse()
            kind = response.getheader("Content-Type") or "application/json"
            return response.status, kind, response.read()
        except (OSError, http.client.HTTPException):
            return 502, "text/html", b"<html><body><h1>502 Bad Gateway</h1></body></html>"
        finally:
            connection.close()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    owner: FaultyProxy
    protocol_version = "HTTP/1.1"

    def _handle(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {k: v for k, v in self.headers.items() if k.lower() not in HOP_BY_HOP}
        path = urlsplit(self.path).path

        def forward(part: bytes = body) -> Answer:
            return self.owner.forward(self.command, self.path, part, headers)

        fault = self.owner.policy(self.command, path, body)
        self.owner.faults += fault is not None
        if callable(fault):
            fault = fault(forward)
        status, kind, content = fault or forward()
        self.send_response(status)
        if kind != "text/html":
            self.send_header("X-Elastic-Product", "Elasticsearch")
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command == "HEAD":
            return
        try:
            self.wfile.write(content)
        except OSError:
            self.close_connection = True

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _handle  # noqa: N815 - http.server's names

    def log_message(self, *_: object) -> None:
        pass


def pass_on(_method: str, _path: str, _body: bytes) -> None:
    """Let every request through."""


def error(status: int, kind: str) -> Answer:
    """Return an answer as Elasticsearch words its errors."""
    value = {"error": {"type": kind, "reason": kind}, "status": status}
    return status, "application/json", json.dumps(value).encode()


def page(status: int) -> Answer:
    """Return an error page as a proxy in between words it."""
    return status, "text/html", f"<html><body><h1>{status}</h1></body></html>".encode()


def overloaded(share: float, seed: int = 1) -> Policy:
    """Answer ``share`` of all requests with 429, 503 or a proxy's 503."""
    chance = random.Random(seed)
    answers = (error(429, "circuit_breaking_exception"), error(503, "unavailable"), page(503))

    def policy(_method: str, _path: str, _body: bytes) -> Answer | None:
        return chance.choice(answers) if chance.random() < share else None

    return policy


def partly_refused(share: float, seed: int = 1) -> Policy:
    """Refuse ``share`` of the operations of each bulk request, store the others for real."""
    chance = random.Random(seed)

    def policy(_method: str, path: str, body: bytes):
        if not path.endswith("/_bulk"):
            return None
        operations = list(split_bulk(body))
        refused = [chance.random() < share for _ in operations]
        if not any(refused):
            return None
        return lambda forward: _merge(operations, refused, forward)

    return policy


def too_large(most_bytes: int) -> Policy:
    """Answer 413, as a proxy does, to every body over ``most_bytes``."""

    def policy(_method: str, _path: str, body: bytes) -> Answer | None:
        return page(413) if len(body) > most_bytes else None

    return policy


def unknown_user(_method: str, _path: str, _body: bytes) -> Answer:
    """Answer as Elasticsearch does to a wrong password."""
    return error(401, "security_exception")


def split_bulk(body: bytes):
    """Yield (action, lines) of each operation in the body of a bulk request."""
    lines = iter(body.splitlines(keepends=True))
    for header in lines:
        ((action, _),) = json.loads(header).items()
        yield action, header if action == "delete" else header + next(lines)


def _merge(operations, refused, forward) -> Answer:
    body = b"".join(lines for (_, lines), no in zip(operations, refused, strict=True) if not no)
    items: list[dict] = []
    if body:
        status, kind, content = forward(body)
        if status != 200:
            return status, kind, content
        items = json.loads(content)["items"]
    stored = iter(items)
    full = {"type": "es_rejected_execution_exception", "reason": "the queue is full"}
    merged = [
        {action: {"status": 429, "error": full}} if no else next(stored)
        for (action, _), no in zip(operations, refused, strict=True)
    ]
    answer = {"errors": True, "took": 1, "items": merged}
    return 200, "application/json", json.dumps(answer).encode()
