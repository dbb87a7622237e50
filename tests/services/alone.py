"""One of the processes that run tests fetches a service; the others wait and find it there."""

from __future__ import annotations

import fcntl
import os
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def alone(name: str) -> Iterator[None]:
    """Hold the lock of ``name`` over all test processes of this user."""
    path = Path(tempfile.gettempdir()) / f"vigie-tests-{os.geteuid()}-{name}.lock"
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
