"""A server that answers with whatever bytes a test wants."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field

Handler = Callable[[bytes, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class RawServer:
    """Serves handlers by path on one loopback address; counts the connections."""

    host: str = "127.0.0.1"
    handlers: dict[str, Handler] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)
    connections: int = 0
    port: int = 0

    def url(self, path: str) -> str:
        return f"http://{self.host}:{self.port}{path}"

    def add(self, path: str, handler: Handler) -> str:
        self.handlers[path] = handler
        return self.url(path)

    def answer(
        self, path: str, body: bytes = b"", status: str = "200 OK", headers: str = ""
    ) -> str:
        async def send(_head: bytes, writer: asyncio.StreamWriter) -> None:
            head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n"
            head += f"{headers}\r\n"
            writer.write(head.encode("latin-1") + body)

        return self.add(path, send)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            path = head.split(b" ")[1].decode("latin-1")
            self.requests.append(path)
            self.heads.append(head.decode("latin-1"))
            handler = self.handlers.get(path) or self.handlers.get("*")
            if handler is None:
                writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
            else:
                await handler(head, writer)
            await writer.drain()
            writer.close()
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            writer.transport.abort()

    async def _end(self, server: asyncio.Server) -> None:
        server.close()
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for _ in range(3):
            await asyncio.sleep(0)

    @contextlib.contextmanager
    def running(self) -> Iterator[RawServer]:
        loop = asyncio.new_event_loop()
        listener = socket.socket(socket.AF_INET6 if ":" in self.host else socket.AF_INET)
        listener.bind((self.host, 0))
        self.port = listener.getsockname()[1]
        thread = threading.Thread(target=loop.run_forever, daemon=True)
        thread.start()

        def run(work: Awaitable[object]) -> object:
            return asyncio.run_coroutine_threadsafe(work, loop).result(10)

        server = run(asyncio.start_server(self._serve, sock=listener, limit=1 << 20))
        try:
            yield self
        finally:
            run(self._end(server))
            loop.call_soon_threadsafe(loop.stop)
            thread.join(10)
            loop.close()
