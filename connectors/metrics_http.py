"""The small server beside the work: ``/metrics``, ``/targets``, ``/healthz`` and ``/readyz``.

Read-only, no authentication: bind it to loopback or to a network of one's own. ``/healthz``
says that the process answers (restart it when it does not); ``/readyz`` says 200 or 503 with one
line per reason, for load balancers and people. ``/targets`` names the processes of this machine
that serve metrics, as Prometheus's HTTP service discovery wants it: each worker process takes
the first free port of a range, and who asks the first port learns of all.
"""

from __future__ import annotations

import json
import re
import socket
import socketserver
import threading
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from typing import TYPE_CHECKING, Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from prometheus_client import CollectorRegistry, make_wsgi_app

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

REQUEST_SECS = 10
"""A client that takes longer to send its request is cut off: one thread each is all they get."""

PATHS = ("/metrics", "/targets", "/healthz", "/readyz")
PROBE_SECS = 0.5
SERVER = "vigie"
"""The header by which the processes of one machine know each other."""


class _Server(socketserver.ThreadingMixIn, WSGIServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def server_bind(self) -> None:
        """Bind without looking our own name up: a missing resolver takes seconds to say so."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = "localhost", int(self.server_address[1])
        self.setup_environ()
        # Bound to all addresses, they are all reached over loopback.
        address = str(self.server_address[0])
        self.base_environ["vigie.address"] = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(  # noqa: S104
            address, address
        )


class _Handler(WSGIRequestHandler):
    timeout = REQUEST_SECS

    def log_message(self, *_: object) -> None:
        """Say nothing: a scrape every 15 s is no news."""


def make_app(
    registry: CollectorRegistry, find_faults: Callable[[], list[str]], ports: Sequence[int] = ()
) -> Any:  # noqa: ANN401 - WSGI
    """Return the WSGI application over ``registry``.

    Args:
        registry: what ``/metrics`` shows.
        find_faults: why the process is not ready, one line each; empty when it is.
        ports: where the processes of this machine may serve theirs.
    """
    expose = make_wsgi_app(registry)

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:  # noqa: ANN401
        path, method = environ.get("PATH_INFO", ""), environ.get("REQUEST_METHOD", "")
        if method not in {"GET", "HEAD"}:
            return _text(start_response, HTTPStatus.METHOD_NOT_ALLOWED, ["only GET is served"])
        if path == "/metrics":
            return expose(environ, start_response)
        if path == "/targets":
            return _targets(environ, start_response, ports)
        if path == "/healthz":
            return _text(start_response, HTTPStatus.OK, ["ok"])
        if path == "/readyz":
            faults = find_faults()
            status = HTTPStatus.SERVICE_UNAVAILABLE if faults else HTTPStatus.OK
            return _text(start_response, status, faults or ["ready"])
        return _text(start_response, HTTPStatus.NOT_FOUND, ["here are: " + " ".join(PATHS)])

    return answer


def _targets(environ: dict[str, Any], start_response: Any, ports: Sequence[int]) -> list[bytes]:  # noqa: ANN401
    """Name every port at which Vigie listens, under the name by which we were asked."""
    own = int(environ["SERVER_PORT"])
    host = re.sub(r":\d+$", "", environ.get("HTTP_HOST") or f"localhost:{own}")
    open_ports = [port for port in ports if port == own or _serves(environ, port)] or [own]
    found = [{"targets": [f"{host}:{port}" for port in open_ports], "labels": {}}]
    return _answer(start_response, HTTPStatus.OK, "application/json", json.dumps(found))


def _serves(environ: dict[str, Any], port: int) -> bool:
    """Return whether Vigie listens at ``port``: other services may hold ports of the range."""
    connection = HTTPConnection(environ["vigie.address"], port, timeout=PROBE_SECS)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().getheader("Server") == SERVER
    except TimeoutError:
        return True  # a worker of ours that computes
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _text(start_response: Any, status: HTTPStatus, lines: list[str]) -> list[bytes]:  # noqa: ANN401
    return _answer(start_response, status, "text/plain; charset=utf-8", "\n".join(lines) + "\n")


def _answer(start_response: Any, status: HTTPStatus, kind: str, text: str) -> list[bytes]:  # noqa: ANN401
    body = text.encode()
    headers = [
        ("Content-Type", kind),
        ("Content-Length", str(len(body))),
        ("Cache-Control", "no-store"),
        ("Server", SERVER),
    ]
    start_response(f"{status.value} {status.phrase}", headers)
    return [body]


def start_server(app: Any, port: int, address: str) -> WSGIServer:  # noqa: ANN401 - WSGI
    """Serve ``app`` on a daemon thread until ``shutdown``; port 0 lets the system choose.

    Raises:
        OSError: the address is not ours, or the port is taken or forbidden.
    """
    family = socket.getaddrinfo(address, port, type=socket.SOCK_STREAM)[0][0]
    bound = type("_BoundServer", (_Server,), {"address_family": family})
    server: WSGIServer = bound((address, port), _Handler)
    server.set_app(app)
    threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()
    return server
