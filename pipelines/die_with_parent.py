"""Become a command that ends when the process that started it does, even by ``kill -9``.

    python -I die_with_parent.py PARENT_PID COMMAND [ARGUMENT …]

Linux tells a process of its parent's death (``prctl(2)``, ``PR_SET_PDEATHSIG``), through an
``execv`` too. Elsewhere the command just runs.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from contextlib import suppress

PR_SET_PDEATHSIG = 1


def main(parent: int, command: list[str]) -> None:
    """Replace this process by ``command``; the parent may have died meanwhile."""
    with suppress(AttributeError, OSError):  # no Linux
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() == parent:
        os.execv(command[0], command)  # noqa: S606 - no shell is wanted


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
