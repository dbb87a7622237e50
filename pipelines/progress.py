"""Tell on standard error how far a bounded run has come."""

from __future__ import annotations

import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pipelines.accounting import read_steps

if TYPE_CHECKING:
    from collections.abc import Iterator

PROGRESS_SECS = 0.5


@contextmanager
def follow_progress(*, enabled: bool) -> Iterator[None]:
    """Print to standard error which step has done how much, while the body runs."""
    if not enabled:
        yield
        return
    done = threading.Event()
    before = read_steps()

    def report() -> None:
        shown = ""
        while not done.wait(PROGRESS_SECS):
            steps = read_steps(since=before)
            text = " · ".join(f"{step} {sum(by.values())}" for step, by in steps.items())
            if text and text != shown:
                shown = text
                print(f"  {text}", file=sys.stderr, flush=True)

    thread = threading.Thread(target=report, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
