"""A process that another starts ends with it, however that one ends."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipelines import die_with_parent

STARTER = """
import os, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-I", sys.argv[1], str(os.getpid()), "/bin/sleep", "120"])
print(child.pid, flush=True)
time.sleep(120)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells of a parent's death")
def test_a_command_ends_when_its_parent_is_killed():
    starter = subprocess.Popen(
        [sys.executable, "-c", STARTER, die_with_parent.__file__], stdout=subprocess.PIPE, text=True
    )
    with starter:
        child = int(starter.stdout.readline())
        for _ in range(200):
            if "sleep" in _command(child):
                break
            time.sleep(0.05)
        assert "sleep" in _command(child)
        starter.send_signal(signal.SIGKILL)
    for _ in range(200):
        if "sleep" not in _command(child):
            return
        time.sleep(0.05)
    os.kill(child, signal.SIGKILL)
    pytest.fail("the command outlived its parent")


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text("utf-8").split("\0")[0]
    except OSError:
        return ""
