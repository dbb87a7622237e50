"""Worker processes that can be killed: where hostile bytes meet fragile parsers.

A 400 kB page can hold trafilatura for more than 40 s and feedparser for more than 60 s, in C
code that no signal handler interrupts; a 10 MB JSON-LD block takes 1.3 GB. So a call runs in a
process of its own with a wall-clock deadline and a limit on memory, and is killed beyond them.
The neighbours go on.

The processes do not come from ``multiprocessing``: its forkserver imports ``__main__`` again
(wrong under a console script, ``python -m``, pytest and Beam's workers) and its spawn takes as
long as an interpreter's start for each respawn. Here a *nursery* (a fresh interpreter without
threads, which has the modules imported) forks workers on request; a respawn costs
milliseconds. Workers end with the nursery, and the nursery with its owner, even by ``kill -9``.

Delivery: a call is tried once. A worker that died while idle is replaced unseen.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import pickle
import queue
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from connectors.sandbox_worker import HEADER, ConnectionClosed, receive_exactly, receive_frame

if TYPE_CHECKING:
    from collections.abc import Callable

_Result = TypeVar("_Result")

CALLS_PER_WORKER = 1000
"""A worker is replaced after so many calls: what its libraries leak or cache stays bounded."""

NURSERY_SECS = 60.0
"""Longest wait for the nursery: a cold import of the parsers on a busy disk takes seconds."""

SHARED_DEADLINE_SECS = 5.0
"""Fifty times the slowest of 1,103 real pages under trafilatura."""

SHARED_MEMORY_BYTES = 96 << 20
"""Beyond what an idle worker maps: twice what pages and feeds of 3 and 5 MB that mean no
harm took (39 MB); one worker a core at its limit leaves a job below 700 MB."""

_ORPHANED = "its nursery is gone"

_BOOT = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[2]); "
    "from connectors.sandbox_worker import run_nursery; run_nursery(int(sys.argv[1]))"
)


class SandboxError(Exception):
    """A call in the sandbox did not give a result."""


class SandboxTimeout(SandboxError):
    """The call exceeded its deadline; its worker was killed."""


class SandboxMemory(SandboxError):
    """The call exceeded its memory; its worker was replaced."""


class SandboxCrash(SandboxError):
    """The worker died in the call (segmentation fault, out-of-memory killer, ``exit``)."""


class SandboxFault(SandboxError):
    """The function raised an exception that cannot travel; its type and message are here."""


class SandboxUnavailable(SandboxError):
    """No worker can be had: closed, or the machine starts no process. Not the call's fault."""


class Sandbox:
    """A bounded set of killable workers for calls of importable module-level functions.

    Safe to call from any number of threads: at most ``workers`` calls run at once, the others
    wait for their turn, which is not part of their deadline. Usable after a fork of the owning
    process (the child gets workers of its own). Nothing is started before the first call.

    Args:
        deadline_secs: wall-clock time of one call, above 0.
        memory_bytes: address space a worker may map beyond what it has when idle (Linux).
        workers: calls that run at once, at least 1.
        preload: as for :meth:`prepare`.

    Raises:
        ValueError: a parameter is out of its range.
    """

    def __init__(
        self,
        *,
        deadline_secs: float,
        memory_bytes: int,
        workers: int = 1,
        preload: tuple[str, ...] = (),
    ) -> None:
        if not deadline_secs > 0:
            raise ValueError(f"deadline_secs: expected more than 0, got {deadline_secs!r}")
        if memory_bytes < 1 << 20:
            raise ValueError(f"memory_bytes: expected at least 1 MiB, got {memory_bytes!r}")
        if workers < 1:
            raise ValueError(f"workers: expected at least 1, got {workers!r}")
        self.deadline_secs = deadline_secs
        self.memory_bytes = memory_bytes
        self.workers = workers
        self._modules = frozenset(preload)
        self._closed = False
        self._begin()

    def call(self, function: Callable[..., _Result], *args: Any) -> _Result:  # noqa: ANN401 - passed on
        """Return ``function(*args)``, run in a worker.

        Args:
            function: a function at the top level of an importable module.
            args: its arguments, picklable.

        Raises:
            SandboxTimeout: the deadline passed.
            SandboxMemory: the memory limit was hit.
            SandboxCrash: the worker died.
            SandboxFault: the function raised something that cannot be pickled.
            SandboxUnavailable: it is closed, or no worker can be started; a retry may work.
            ValueError: ``function`` is not importable by name.
            Exception: whatever else the function raised, as it was.
        """
        module, name = _importable_name(function)
        request = pickle.dumps((module, name, args), pickle.HIGHEST_PROTOCOL)
        if self._closed:
            raise SandboxUnavailable("the sandbox is closed")
        if os.getpid() != self._owner:
            self._begin()
        self.prepare(module)
        slots = self._slots
        worker: _Worker | None = slots.get()
        kept: _Worker | None = None
        try:
            if worker is None or not worker.is_fit(self._modules):
                retired, worker = worker, None
                self._retire(retired)
                worker = self._hire()
            kind, value = self._exchange(worker, request)
            if kind != "memory":
                kept = worker
        finally:
            if kept is None or self._closed:
                self._retire(worker)
                kept = None
            slots.put(kept)
        return _unpack(kind, value, self.memory_bytes)

    def prepare(self, *modules: str) -> None:
        """Have ``modules`` imported in every worker before a call, outside of its deadline.

        The module of a called function is prepared by the call; this is for what it imports
        lazily. Idle workers without them are replaced when their turn comes.
        """
        if not self._modules.issuperset(modules):
            self._modules = self._modules.union(modules)

    def warm_up(self) -> None:
        """Start a worker now, so that the first call need not wait for the imports."""
        self.call(len, "")

    @property
    def is_closed(self) -> bool:
        """Whether :meth:`close` was called: every further call is refused."""
        return self._closed

    def close(self) -> None:
        """End the workers; calls in flight fail as unavailable. May be repeated."""
        self._closed = True
        if os.getpid() == self._owner:
            with self._lock:
                self._drop_nursery()
            idle: list[_Worker | None] = []
            with contextlib.suppress(queue.Empty):
                while True:
                    idle.append(self._slots.get_nowait())
            for worker in idle:
                self._retire(worker)
                self._slots.put(None)

    def __enter__(self) -> Sandbox:  # noqa: PYI034 - typing.Self needs Python 3.11
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _begin(self) -> None:
        """Start with nothing running: at construction, and in a forked child."""
        self._owner = os.getpid()
        self._lock = threading.Lock()
        self._nursery: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._slots: queue.LifoQueue[_Worker | None] = queue.LifoQueue()
        for _ in range(self.workers):
            self._slots.put(None)

    def _exchange(self, worker: _Worker, request: bytes) -> tuple[str, Any]:
        try:
            return worker.ask(request, self.deadline_secs, self.memory_bytes)
        except TimeoutError:
            raise SandboxTimeout(f"exceeded {self.deadline_secs:g} s") from None
        except (ConnectionClosed, OSError):
            ending = self._retire(worker)
            if ending == _ORPHANED:
                raise SandboxUnavailable(f"worker died: {ending}") from None
            raise SandboxCrash(f"worker died: {ending}") from None

    def _hire(self) -> _Worker:
        """Return a new worker; a nursery that died is replaced once."""
        with self._lock:
            for attempt in (1, 2):
                if self._closed:
                    raise SandboxUnavailable("the sandbox is closed")
                ours, theirs = socket.socketpair()
                try:
                    modules = self._modules
                    pid = self._order(("fork", sorted(modules), self.memory_bytes), theirs)
                except (OSError, ConnectionClosed) as error:
                    ours.close()
                    self._drop_nursery()
                    if attempt == 2:
                        raise SandboxUnavailable(f"no worker can be started: {error!r}") from error
                else:
                    return _Worker(pid=pid, connection=ours, nursery=self._nursery, modules=modules)
                finally:
                    theirs.close()
        raise AssertionError("unreachable")

    def _retire(self, worker: _Worker | None) -> str:
        """Kill and reap ``worker``; return how it ended, in words."""
        if worker is None or worker.retired:
            return "already retired"
        worker.retired = True
        worker.connection.close()
        with self._lock:
            if worker.nursery is None or worker.nursery is not self._nursery:
                return _ORPHANED
            try:
                code = self._order(("end", worker.pid))
            except (OSError, ConnectionClosed):
                self._drop_nursery()
                return _ORPHANED
        return signal.Signals(-code).name if code < 0 else f"exit code {code}"

    def _order(self, request: tuple[Any, ...], descriptor: socket.socket | None = None) -> int:
        if self._control is None:
            self._start_nursery()
        control = self._control
        if control is None:
            raise ConnectionClosed
        payload = pickle.dumps(request)
        header = HEADER.pack(len(payload))
        if descriptor is None:
            control.sendall(header)
        else:
            socket.send_fds(control, [header], [descriptor.fileno()])
        control.sendall(payload)
        return int(pickle.loads(receive_frame(control)))  # noqa: S301 - from our own nursery

    def _start_nursery(self) -> None:
        if not sys.executable:
            raise OSError("this Python does not know its own executable")
        paths = json.dumps([path or os.getcwd() for path in sys.path])  # noqa: PTH109 - a string
        ours, theirs = socket.socketpair()
        descriptor = str(theirs.fileno())
        try:
            self._nursery = subprocess.Popen(  # noqa: S603 - our own interpreter and code
                [sys.executable, "-W", "ignore", "-c", _BOOT, descriptor, paths],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                start_new_session=True,
            )
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()
        ours.settimeout(NURSERY_SECS)
        self._control = ours

    def _drop_nursery(self) -> None:
        nursery, control = self._nursery, self._control
        self._nursery = self._control = None
        if control is not None:
            control.close()
        if nursery is not None:
            try:
                nursery.wait(1.0)
            except subprocess.TimeoutExpired:
                nursery.kill()
                nursery.wait()


@dataclass(slots=True, kw_only=True)
class _Worker:
    pid: int
    connection: socket.socket
    nursery: subprocess.Popen[bytes] | None
    modules: frozenset[str]
    calls: int = 0
    retired: bool = False

    def is_fit(self, modules: frozenset[str]) -> bool:
        """Tell whether it may take a call: alive, not used up, with all ``modules``.

        One that died while idle has closed its end of the connection.
        """
        if self.calls >= CALLS_PER_WORKER or not self.modules.issuperset(modules):
            return False
        poll = select.poll()
        poll.register(self.connection, select.POLLIN)
        return not poll.poll(0)

    def ask(self, request: bytes, deadline_secs: float, answer_bytes: int) -> tuple[str, Any]:
        ends_at = time.monotonic() + deadline_secs
        self.calls += 1
        self.connection.settimeout(deadline_secs)
        self.connection.sendall(HEADER.pack(len(request)) + request)
        (size,) = HEADER.unpack(receive_exactly(self.connection, HEADER.size, ends_at))
        if size > answer_bytes:
            return "memory", "answer"
        packed = receive_exactly(self.connection, size, ends_at)
        try:
            answer: tuple[str, Any] = pickle.loads(packed)  # noqa: S301 - from our own worker
        except Exception as error:  # noqa: BLE001 - a class that only the worker can rebuild
            return "fault", ("unreadable answer", repr(error))
        return answer


def _importable_name(function: Callable[..., Any]) -> tuple[str, str]:
    module = getattr(function, "__module__", None)
    name = getattr(function, "__qualname__", None)
    if not module or not name or module == "__main__":
        raise ValueError(f"expected a function of an importable module, got {function!r}")
    if getattr(sys.modules.get(module), name, None) is not function:
        raise ValueError(f"expected a function at the top level of its module, got {function!r}")
    return module, name


def _unpack(kind: str, value: Any, memory_bytes: int) -> Any:  # noqa: ANN401 - the function's own
    if kind == "done":
        return value
    if kind == "memory":
        raise SandboxMemory(f"exceeded {memory_bytes} bytes")
    if kind == "fault":
        raise SandboxFault(": ".join(value))
    raise value


_shared_lock = threading.Lock()
_shared: list[Sandbox] = []


def shared_sandbox() -> Sandbox:
    """Return the sandbox of this process: one worker a core, 5 s and 96 MiB a call.

    One that somebody closed is replaced.
    """
    with _shared_lock:
        if not _shared or _shared[0].is_closed:
            _shared.clear()
            sandbox = Sandbox(
                deadline_secs=SHARED_DEADLINE_SECS,
                memory_bytes=SHARED_MEMORY_BYTES,
                workers=_cores(),
            )
            atexit.register(sandbox.close)
            _shared.append(sandbox)
        return _shared[0]


def _cores() -> int:
    with contextlib.suppress(AttributeError):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _renew_lock() -> None:
    global _shared_lock  # noqa: PLW0603 - the lock may be held by a thread that the fork left behind
    _shared_lock = threading.Lock()


os.register_at_fork(after_in_child=_renew_lock)
