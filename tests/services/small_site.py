"""A small site under the test's control, an index, and a policy that may reach it."""

from __future__ import annotations

import contextlib
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from connectors.backends import open_index
from connectors.index import IndexSettings
from connectors.net import FetchPolicy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass
class Site:
    """Pages by path: (status, headers, body); the requests as (path, headers)."""

    pages: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    port: int = 0

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def put(self, path: str, body: bytes | str, status: int = 200, **headers: str) -> str:
        content = body.encode() if isinstance(body, str) else body
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.pages[path] = (status, named, content)
        return self.url(path)

    def paths(self) -> list[str]:
        return [path for path, _ in self.requests]

    def answer(self, path: str, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        self.requests.append((path, headers))
        status, named, body = self.pages.get(path, (404, {}, b""))
        tag = named.get("ETag")
        if tag and headers.get("If-None-Match") == tag:
            return 304, named, b""
        return status, named, body


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, body = made.answer(self.path, dict(self.headers))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if status != 304:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with contextlib.suppress(ConnectionError):
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield made
    server.shutdown()
    server.server_close()
    thread.join(10)


@pytest.fixture
def settings(tmp_path: Path) -> IndexSettings:
    settings = IndexSettings(location=f"sqlite:{tmp_path / 'vigie.db'}")
    index = open_index(settings)
    index.setup()
    index.close()
    return settings


@pytest.fixture
def policy() -> FetchPolicy:
    return FetchPolicy(
        allow_addresses=("127.0.0.1/32",),
        min_delay_secs=0.0,
        timeout_secs=2.0,
        obey_robots=False,
        max_attempts=3,
    )
