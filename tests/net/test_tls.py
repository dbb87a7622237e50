"""TLS faults are outcomes: nothing is sent to a host that cannot prove its name."""

from __future__ import annotations

import shutil
import ssl
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="needs the openssl program")


@pytest.fixture
def secure_port(tmp_path: Path) -> Iterator[tuple[int, list[str]]]:
    """Serve over TLS with a certificate that nobody signed; gives the port and the requests."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
            *("-nodes", "-days", "1", "-subj", "/CN=news.example.org"),
            *("-keyout", str(key), "-out", str(certificate)),
        ],
        check=True,
        capture_output=True,
    )
    requests: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            requests.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """Stay silent: the client is expected to hang up."""

    server = Server(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield server.server_port, requests
    server.shutdown()
    server.server_close()
    thread.join(10)


def test_a_certificate_that_nobody_signed_is_refused(secure_port, make_fetcher):
    port, requests = secure_port
    answer = make_fetcher(timeout_secs=10, connect_secs=10).fetch(f"https://127.0.0.1:{port}/")
    assert answer.outcome == "tls_error", answer
    assert requests == []


def test_a_redirect_to_such_a_host_is_refused_too(secure_port, server, make_fetcher):
    port, requests = secure_port
    target = f"Location: https://127.0.0.1:{port}/\r\n"
    url = server.answer("/go", status="302 Go", headers=target)
    assert make_fetcher(timeout_secs=10, connect_secs=10).fetch(url).outcome == "tls_error"
    assert requests == []
