"""Two trees measured by turns: a process for each, which measures what it is told line by line."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def start_worker(script: Path, tree: Path, *arguments: str) -> subprocess.Popen[str]:
    """Return a process of ``script --work`` with the code of ``tree``, once it says "ready"."""
    started = subprocess.Popen(
        [sys.executable, str(script.resolve()), "--work", *arguments],
        env={**os.environ, "VIGIE_BENCH_CODE": str(tree.resolve())},
        cwd=tree,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    if started.stdout is None or started.stdout.readline().strip() != "ready":
        raise SystemExit(f"{tree}: its code does not start")
    return started


def ask(worker: subprocess.Popen[str], asked: str) -> str:
    """Return the line with which ``worker`` answers."""
    if worker.stdin is None or worker.stdout is None:
        raise SystemExit("the worker has no pipes")
    worker.stdin.write(f"{asked}\n")
    worker.stdin.flush()
    return worker.stdout.readline()
