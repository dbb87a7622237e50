"""Every command of the README works as it is printed there."""

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml
from elasticsearch import Elasticsearch

from connectors.backends import open_index
from connectors.elastic.layout import FLAT_KINDS
from connectors.index import IndexSettings, IndexUnavailable
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
    assert "nothing found" not in done.stdout
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


@pytest.mark.service
@pytest.mark.usefixtures("prism")
def test_the_endless_run_of_the_readme_reads_and_stops_cleanly(checkout):
    """The watch list is a local site's here: a test asks nobody else's server."""
    assert ENDLESS in COMMANDS
    monitor = checkout / "config" / "monitor.yaml"
    given = yaml.safe_load(monitor.read_text(encoding="utf-8"))
    given["fetch"] |= {"allow_addresses": ["127.0.0.0/8"], "min_delay_secs": 0}
    given["metrics"]["port"] = 0
    monitor.write_text(yaml.safe_dump(given), encoding="utf-8")
    with DemoSite() as site:
        feed = {"url": site.feeds[0].url, "outlet": "A paper"}
        (checkout / "config" / "feeds.yaml").write_text(yaml.safe_dump({"feeds": [feed]}))
        process = subprocess.Popen(
            ["bash", "-c", f"exec {ENDLESS}"],
            cwd=checkout,
            env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
            stderr=subprocess.PIPE,
            text=True,
        )
        deadline = time.monotonic() + 120
        while not documents_in(checkout / "var" / "vigie.db") and time.monotonic() < deadline:
            time.sleep(0.3)
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=90)
    assert process.returncode == 0, errors
    assert documents_in(checkout / "var" / "vigie.db") > 0
    assert "Traceback" not in errors


def documents_in(path):
    try:
        index = open_index(IndexSettings(location=f"sqlite:{path}"), read_only=True)
    except IndexUnavailable:
        return 0
    try:
        return index.totals().documents
    finally:
        index.close()


@pytest.fixture
def default_indices(elasticsearch_url):
    """Tell which indices of the default names the server holds; they are gone at the end.

    Other tests' prefixes begin with ``vigie-`` too, and their indices live as long as the
    session: only what bears exactly our names is looked at and deleted.
    """
    kinds = ("articles", *FLAT_KINDS)
    ours = ["vigie-articles-*", *(f"vigie-{kind}" for kind in FLAT_KINDS)]
    with Elasticsearch(elasticsearch_url, request_timeout=60) as client:

        def names():
            return set(client.indices.get(index=ours, ignore_unavailable=True).body)

        assert not names(), "the server holds somebody's Vigie, which this test would delete"
        yield names
        for name in names():
            client.indices.delete(index=name)
        for kind in kinds:
            client.indices.delete_index_template(name=f"vigie-{kind}")
            for part in ("fields", "settings"):
                client.cluster.delete_component_template(name=f"vigie-{kind}@{part}")
        client.ingest.delete_pipeline(id="vigie-ingested")


@pytest.mark.service
def test_elasticsearch_is_set_up_as_the_readme_says(checkout, elasticsearch_url, default_indices):
    look, make = ELASTIC
    done = run(look, checkout, ELASTICSEARCH_URL=elasticsearch_url)
    assert done.returncode == 0, done.stderr
    assert "would change: create index vigie-entries" in done.stdout
    assert not default_indices()
    done = run(make, checkout, ELASTICSEARCH_URL=elasticsearch_url)
    assert done.returncode == 0, done.stderr
    assert {f"vigie-{kind}" for kind in FLAT_KINDS} < default_indices()


def test_the_index_of_the_readme_is_that_of_the_demo(checkout):
    index = open_index(IndexSettings(location=f"sqlite:{checkout}/var/demo/vigie.db"))
    assert index.totals().documents > 10
    index.close()
