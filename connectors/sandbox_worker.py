"""The far side of :mod:`connectors.sandbox`: the nursery that forks workers, and the workers.

The nursery is a fresh interpreter with one thread. It imports what the workers need, forks
them on request and reaps them; it never touches hostile bytes itself. It ends, and takes every
worker with it, when the connection to its owner closes or its parent process changes.

A frame on any of the sockets is an eight-byte big-endian length and a pickle.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib
import logging
import os
import pickle
import resource
import select
import signal
import socket
import struct
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

HEADER = struct.Struct("!Q")
OWNER_CHECK_SECS = 1.0
"""How often an idle nursery looks whether its parent still lives, besides the closed socket."""

PR_SET_PDEATHSIG = 1
"""``prctl(2)``: the signal a process gets when the one that forked it ends (Linux only)."""

EXHAUSTED_SHARE = 0.9
"""A fault with the address space filled beyond this share of its limit is put down to memory.

C libraries report a failed allocation as any kind of error, not only as ``MemoryError``.
"""


class ConnectionClosed(Exception):
    """The other side is gone."""


def send_frame(connection: socket.socket, payload: bytes) -> None:
    """Send ``payload`` as one frame; the socket's own timeout bounds the whole of it."""
    connection.sendall(HEADER.pack(len(payload)) + payload)


def receive_exactly(
    connection: socket.socket, size: int, ends_at: float | None = None
) -> bytearray:
    """Return the next ``size`` bytes, by ``ends_at`` (of the monotonic clock) if that is given.

    They go where they stay: a page is not copied for each part that comes.

    Raises:
        ConnectionClosed: the other side closed before they came.
        TimeoutError: they did not come in time.
    """
    received = bytearray(size)
    view = memoryview(received)
    at = 0
    while at < size:
        if ends_at is not None:
            connection.settimeout(max(0.001, ends_at - time.monotonic()))
        count = connection.recv_into(view[at:])
        if not count:
            raise ConnectionClosed
        at += count
    return received


def receive_frame(connection: socket.socket) -> bytearray:
    """Return the payload of the next frame."""
    (size,) = HEADER.unpack(receive_exactly(connection, HEADER.size))
    return receive_exactly(connection, size)


def mapped_bytes(field: str = "VmSize") -> int:
    """Return the address space of this process in bytes; 0 where ``/proc`` does not tell."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
            if line.startswith(field + ":"):
                return int(line.split()[1]) * 1024
    return 0


def run_nursery(control_fd: int) -> None:
    """Fork and reap workers for the owner of ``control_fd`` until it goes away."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    logging.disable(logging.CRITICAL)
    owner = os.getppid()
    pids: set[int] = set()
    with socket.socket(fileno=control_fd) as control:
        try:
            while _wait_for_request(control, owner):
                _serve_request(control, pids)
        except (ConnectionClosed, OSError):
            pass
    for pid in pids:
        with contextlib.suppress(ProcessLookupError, ChildProcessError):
            _end_worker(pid)
    os._exit(0)


def _wait_for_request(control: socket.socket, owner: int) -> bool:
    poll = select.poll()
    poll.register(control, select.POLLIN)
    while os.getppid() == owner:
        if poll.poll(OWNER_CHECK_SECS * 1000):
            return True
    return False


def _serve_request(control: socket.socket, pids: set[int]) -> None:
    header, descriptors, _, _ = socket.recv_fds(control, HEADER.size, 1)
    if not header:
        raise ConnectionClosed
    if len(header) < HEADER.size:
        header += bytes(receive_exactly(control, HEADER.size - len(header)))
    request = pickle.loads(receive_exactly(control, HEADER.unpack(header)[0]))  # noqa: S301 - from our own parent
    if request[0] == "fork":
        pid = _fork_worker(control, descriptors[0], request[1], request[2])
        pids.add(pid)
        send_frame(control, pickle.dumps(pid))
    else:
        send_frame(control, pickle.dumps(_end_worker(request[1])))
        pids.discard(request[1])


def _end_worker(pid: int) -> int:
    """Kill ``pid`` if it still runs; return its exit code, negative for a signal."""
    ended, status = os.waitpid(pid, os.WNOHANG)
    if not ended:
        os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status)


def _fork_worker(
    control: socket.socket, descriptor: int, modules: Iterable[str], memory_bytes: int
) -> int:
    for name in modules:
        if name not in sys.modules:
            with contextlib.suppress(Exception):
                importlib.import_module(name)
    gc.collect()
    gc.freeze()
    nursery = os.getpid()
    pid = os.fork()
    if pid:
        os.close(descriptor)
        return pid
    code = 1
    try:
        control.close()
        _run_worker(descriptor, nursery, memory_bytes)
        code = 0
    finally:
        os._exit(code)


def _run_worker(descriptor: int, nursery: int, memory_bytes: int) -> None:
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != nursery:
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    ceiling = mapped_bytes() + memory_bytes
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (ceiling, ceiling))
    with socket.socket(fileno=descriptor) as connection, contextlib.suppress(ConnectionClosed):
        while True:
            send_frame(connection, _answer(receive_frame(connection), ceiling))


def _answer(request: bytearray, ceiling: int) -> bytes:
    """Return the pickled (kind, value) of one call: done, raised, fault or memory."""
    try:
        module, name, args = pickle.loads(request)  # noqa: S301 - from our own parent
        result = getattr(importlib.import_module(module), name)(*args)
        return pickle.dumps(("done", result), pickle.HIGHEST_PROTOCOL)
    except MemoryError:
        return pickle.dumps(("memory", ""))
    except BaseException as error:  # noqa: BLE001 - whatever it is belongs to the caller
        if mapped_bytes("VmPeak") >= ceiling * EXHAUSTED_SHARE:
            return pickle.dumps(("memory", type(error).__name__))
        return _pack_error(error)


def _pack_error(error: BaseException) -> bytes:
    described: Any = (type(error).__qualname__, str(error)[:2000])
    if isinstance(error, Exception):
        with contextlib.suppress(Exception):
            packed = pickle.dumps(("raised", error), pickle.HIGHEST_PROTOCOL)
            if type(pickle.loads(packed)[1]) is type(error):  # noqa: S301 - packed one line above
                return packed
    return pickle.dumps(("fault", described))
