"""A process that has loaded Vigie once and forks at each start: a life without its imports.

Loading Beam and the subjects takes five seconds of processor time, most of a short life. What is
forked is a process of its own, in a session of its own, which runs the command from its first
line on and can be killed like any other.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
LOOK_SECS = 0.01


class Preloaded:
    """Starts ``vigie`` with the arguments given; close it at the end."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, __file__], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self.ask({"load": True})

    def ask(self, request: dict):
        """Send one request and return its answer."""
        self._process.stdin.write(json.dumps(request).encode() + b"\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def start(self, arguments: list[str], out: Path, err: Path) -> Life:
        """Fork a life that runs ``vigie ARGUMENTS``; what it says is added to the two files."""
        return Life(self, self.ask({"start": arguments, "out": str(out), "err": str(err)}))

    def close(self) -> None:
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()


class Life:
    """A process under the one that is preloaded; as much of ``Popen`` as is needed."""

    def __init__(self, origin: Preloaded, pid: int) -> None:
        self._origin = origin
        self.pid = pid
        self.returncode: int | None = None

    def send_signal(self, number: int) -> None:
        os.kill(self.pid, number)

    def poll(self) -> int | None:
        if self.returncode is None:
            self.returncode = self._origin.ask({"poll": self.pid})
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        deadline = None if timeout is None else time.monotonic() + timeout
        while self.poll() is None:
            if deadline is not None and time.monotonic() >= deadline:
                raise subprocess.TimeoutExpired("vigie", timeout)
            time.sleep(LOOK_SECS)
        return self.returncode


def fork_on_request() -> None:
    """Answer the requests that come in: load, start, poll."""
    answers = os.fdopen(os.dup(1), "wb")
    for line in sys.stdin.buffer:
        request = json.loads(line)
        if "load" in request:
            answer: int | None = load()
        elif "start" in request:
            answer = start(request["start"], request["out"], request["err"])
        else:
            answer = poll(request["poll"])
        answers.write(json.dumps(answer).encode() + b"\n")
        answers.flush()


def load() -> int:
    sys.path.insert(0, str(ROOT))
    from pipelines import endless
    from pipelines.detection import load_detector

    load_detector(None)
    return len(endless.__name__)


def start(arguments: list[str], out: str, err: str) -> int:
    pid = os.fork()
    if pid:
        return pid
    os.setsid()
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for number, path in ((1, out), (2, err)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644), number)
    from pipelines.cli import main

    code = 1
    try:
        code = main(arguments)
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def poll(pid: int) -> int | None:
    ended, status = os.waitpid(pid, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if ended else None


if __name__ == "__main__":
    fork_on_request()
