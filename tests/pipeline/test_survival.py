"""The endless job as a process: it reads what comes and stops when asked."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from connectors.backends import open_index
from connectors.index import IndexMissing, IndexSettings

REPOSITORY = Path(__file__).parents[2]


def wait_for(condition, *, timeout_secs=120):
    deadline = time.monotonic() + timeout_secs
    while time.monotonic() < deadline:
        if condition():
            return
        time.sleep(0.2)
    raise AssertionError(f"did not come true within {timeout_secs} s")


def documents_in(location):
    try:
        index = open_index(IndexSettings(location=location), read_only=True)
    except IndexMissing:
        return 0
    try:
        return index.totals().documents
    finally:
        index.close()


def watch(site, folder, *options, environment=None):
    feed = site.rss("/feed", *(site.item(f"/{n}", f"Title {n}") for n in range(len(site.pages))))
    return subprocess.Popen(
        [
            *(sys.executable, "-m", "pipelines.cli", "run", "--feed", feed),
            *("--index", f"sqlite:{folder}/vigie.db", "--allow-address", "127.0.0.0/8"),
            *("--metrics-port", "0", *options),
        ],
        cwd=REPOSITORY,
        env={**os.environ, **(environment or {})},
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.service
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_endless_run_reads_new_entries_and_stops_cleanly(site, tmp_path, prism, number):
    for n in range(3):
        site.article(
            f"/{n}", f"Title {n}", f"Text number {n} is about the Oreshnik in Belarus. " * 3
        )
    process = watch(site, tmp_path, "--prism", prism)
    wait_for(lambda: documents_in(f"sqlite:{tmp_path}/vigie.db") == 3)
    process.send_signal(number)
    _, errors = process.communicate(timeout=90)
    assert process.returncode == 0, errors
    assert "Traceback" not in errors
    children = subprocess.run(
        ["pgrep", "-P", str(process.pid)], capture_output=True, text=True, check=False
    )
    assert not children.stdout


def test_without_prism_bounded_passes_take_its_place(site, tmp_path):
    for n in range(2):
        site.article(
            f"/{n}", f"Title {n}", f"Text number {n} is about the Oreshnik in Belarus. " * 3
        )
    nothing = tmp_path / "nothing"
    nothing.mkdir()
    environment = {
        "PATH": str(nothing),
        "HOME": str(nothing),
        "XDG_CACHE_HOME": str(nothing),
        "VIGIE_PRISM": "",
    }
    process = watch(site, tmp_path, environment=environment)
    wait_for(lambda: documents_in(f"sqlite:{tmp_path}/vigie.db") == 2)
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=90)
    assert process.returncode == 0, errors
    assert "bounded passes" in errors
