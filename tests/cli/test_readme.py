"""Every command of the README works as it is printed there."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from connectors.backends import open_index
from pipelines.cli import main
from pipelines.demo.server import DemoSite

REPOSITORY = Path(__file__).parents[2]
README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
COMMANDS = [
    line.removeprefix("$ ")
    for block in re.findall(r"```console\n(.*?)```", README, re.DOTALL)
    for line in block.splitlines()
    if line.startswith("$ ")
]
MAKE_TARGETS = [command for command in COMMANDS if command.startswith("make ")]
ENDLESS = ".venv/bin/vigie run --config config/monitor.yaml"
ELASTIC = [command for command in COMMANDS if "$ELASTICSEARCH_URL" in command]
VIGIE = [command for command in COMMANDS if command not in {*MAKE_TARGETS, *ELASTIC, ENDLESS}]


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """A folder that looks like a checkout after ``make run``: config, the command, the index."""
    folder = tmp_path_factory.mktemp("checkout")
    shutil.copytree(REPOSITORY / "config", folder / "config")
    script = folder / ".venv" / "bin" / "vigie"
    script.parent.mkdir(parents=True)
    script.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m pipelines.cli "$@"\n')
    script.chmod(0o755)
    assert main(["demo", "--json", "--folder", str(folder / "var" / "demo")]) == 0
    return folder


def run(command, folder, **environment):
    return subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY), **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_readme_is_short_and_has_its_commands():
    assert len(README.splitlines()) < 150
    assert COMMANDS[:2] == ["make run", "make test"]
    assert len(VIGIE) >= 8


@pytest.mark.parametrize("command", VIGIE)
def test_a_command_of_the_readme_works(command, checkout):
    with DemoSite() as site:
        if "$FEED" in command:
            command += " --allow-address 127.0.0.0/8 --metrics-port 0"
        done = run(command, checkout, FEED=site.feeds[0].url)
    assert done.returncode == 0, done.stderr
    assert done.stdout
    assert "Traceback" not in done.stderr


def test_the_search_of_the_readme_finds_every_spelling(checkout):
    done = run(f"{VIGIE[0]} --json", checkout)
    languages = {json.loads(line)["language"] for line in done.stdout.splitlines()}
    assert {"ru", "fr", "uk", "pl"} <= languages


@pytest.mark.parametrize("command", MAKE_TARGETS)
def test_a_target_of_the_readme_is_in_the_makefile(command):
    done = subprocess.run(
        [*command.split(), "-n"], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_the_endless_run_of_the_readme_is_printed_there_and_its_configuration_is_right():
    assert ENDLESS in COMMANDS
    assert (REPOSITORY / ENDLESS.rpartition(" ")[2]).is_file()


def test_the_index_of_the_readme_is_that_of_the_demo(checkout):
    from connectors.index import IndexSettings

    index = open_index(IndexSettings(location=f"sqlite:{checkout}/var/demo/vigie.db"))
    assert index.totals().documents > 10
    index.close()
