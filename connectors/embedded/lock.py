"""One runner a file: an advisory lock next to the index, held as long as its process lives."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from connectors.index import IndexUnavailable


class FileLease:
    """A held lock on ``path``; the system releases it when the process dies."""

    def __init__(self, path: Path, descriptor: int) -> None:
        """Keep the lock that ``descriptor`` holds."""
        self.path = path
        self._descriptor: int | None = descriptor

    def release(self) -> None:
        """Give the lock back; idempotent."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def lock_runner(index_path: str) -> FileLease:
    """Take the lock of the runner of the index at ``index_path``.

    Raises:
        IndexUnavailable: another runner has it, or the lock file cannot be written.
    """
    path = Path(f"{index_path}.lock")
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise IndexUnavailable(
            f"index sqlite:{index_path}: {path} cannot be written ({error.strerror}): "
            "give this user the right to write in its directory"
        ) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        holder = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip() or "unknown"
        os.close(descriptor)
        raise IndexUnavailable(
            f"index sqlite:{index_path} is in use by another vigie run (process {holder}): "
            "stop that one first, or name another index"
        ) from error
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"{os.getpid()}\n".encode("ascii"), 0)
    return FileLease(path, descriptor)
