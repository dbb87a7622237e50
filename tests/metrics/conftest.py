"""The real promtool, amtool and Prometheus, and a process to scrape."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import pytest
import yaml

from pipelines.demo.server import DemoSite

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy" / "prometheus"
DEADLINE_SECS = 240
"""Met within seconds; a machine that does five things at once needs more."""
VIGIE = "import sys; from pipelines.cli import main; sys.exit(main(sys.argv[1:]))"


def find_tool(name):
    found = shutil.which(name)
    if found is None:
        message = f"{name} is missing: apt-get install prometheus prometheus-alertmanager"
        if os.environ.get("CI") == "true":
            pytest.fail(message, pytrace=False)
        pytest.skip(message)
    return found


@pytest.fixture(scope="session")
def promtool():
    return find_tool("promtool")


@pytest.fixture(scope="session")
def amtool():
    return find_tool("amtool")


@pytest.fixture(scope="session")
def rules():
    """Every rule, recording and alerting, as the file has it."""
    groups = yaml.safe_load((DEPLOY / "vigie.rules.yml").read_text(encoding="utf-8"))["groups"]
    return [rule for group in groups for rule in group["rules"]]


@pytest.fixture(scope="session")
def panel_queries():
    """Every query of the dashboard, with its panel's title."""
    text = (ROOT / "deploy" / "grafana" / "vigie.json").read_text(encoding="utf-8")
    return [
        (panel["title"], target["expr"])
        for panel in json.loads(text)["panels"]
        for target in panel.get("targets", ())
    ]


def wait_for(question, what):
    """Ask until the answer is true, or fail."""
    ends = time.monotonic() + DEADLINE_SECS
    pause = threading.Event()
    while time.monotonic() < ends:
        answer = question()
        if answer:
            return answer
        pause.wait(0.1)
    pytest.fail(f"waited {DEADLINE_SECS} s for {what}")
    return None


class ServedProcess:
    """The child that is scraped; see served_process.py."""

    def __init__(self, folder):
        program = Path(__file__).with_name("served_process.py")
        self.process = subprocess.Popen(
            [sys.executable, str(program), str(folder / "index.db")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'tests' / 'services'}"},
        )
        self.port = int(self.process.stdout.readline())

    def cause(self, fault):
        self.process.stdin.write(fault + "\n")
        self.process.stdin.flush()
        assert self.process.stdout.readline() == "done\n", fault

    def get(self, path):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=60) as reply:
                return reply.status, reply.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def end(self):
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()


class RealJob(ServedProcess):
    """``vigie run`` for ever over the recorded news site."""

    def __init__(self, folder, site):
        self.feeds = len(site.feeds)
        config = {
            "index": {"location": f"sqlite:{folder / 'job.db'}"},
            "feeds": [{"url": feed.url, "id": feed.id, "interval_secs": 2} for feed in site.feeds],
            "fetch": {"allow_addresses": ["127.0.0.0/8"], "min_delay_secs": 0},
            "alerts": {"late_articles": True},
            "metrics": {"port": 0},
        }
        path = folder / "monitor.yaml"
        path.write_text(yaml.safe_dump(config), encoding="utf-8")
        self._log = (folder / "job.log").open("wb")
        self.process = subprocess.Popen(
            [sys.executable, "-c", VIGIE, "run", "--config", str(path)],
            stdin=subprocess.PIPE,
            stdout=self._log,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        self.port = int(self._announced())
        threading.Thread(target=self._drain, daemon=True).start()

    def _announced(self):
        for line in self.process.stderr:
            found = re.search(r"metrics http://[^:]+:(\d+)/metrics", line)
            if found:
                return found[1]
        return pytest.fail("the job did not announce its metrics")

    def _drain(self):
        with contextlib.suppress(ValueError):
            for line in self.process.stderr:
                self._log.write(line.encode())

    def end(self):
        self.process.terminate()
        try:
            self.process.wait(DEADLINE_SECS)
        finally:
            self.process.kill()
            self.process.wait()
            self.process.stdin.close()
            self._log.close()


@pytest.fixture
def start_job(tmp_path, prism):
    """Starts the endless run over the recorded site."""
    started = []
    with DemoSite() as site:

        def start():
            job = RealJob(tmp_path, site)
            started.append(job)
            return job

        yield start
        for job in started:
            job.end()


@pytest.fixture
def start_served(tmp_path):
    """Starts further processes to scrape, each with an index of its own."""
    started = []

    def start():
        folder = tmp_path / f"served-{len(started)}"
        folder.mkdir()
        started.append(ServedProcess(folder))
        return started[-1]

    yield start
    for process in started:
        process.end()


@pytest.fixture
def served(start_served):
    return start_served()


@pytest.fixture
def alertmanager(tmp_path):
    """The address of a real Alertmanager with our configuration."""
    binary = find_tool("prometheus-alertmanager")
    address = f"127.0.0.1:{_free_port()}"
    text = (DEPLOY / "alertmanager.yml").read_text(encoding="utf-8")
    config = tmp_path / "alertmanager.yml"
    config.write_text(text.replace("group_wait: 30s", "group_wait: 1s"), encoding="utf-8")
    with (tmp_path / "alertmanager.log").open("wb") as log:
        process = subprocess.Popen(
            [
                binary,
                f"--config.file={config}",
                f"--storage.path={tmp_path / 'alertmanager'}",
                f"--web.listen-address={address}",
                "--cluster.listen-address=",
            ],
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        yield address
        process.kill()
        process.wait()


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class PrometheusServer:
    """A real Prometheus with our rules, every second; without their pauses when ``hasty``."""

    def __init__(self, folder, target_ports, *, hasty, alertmanager=None):
        binary = find_tool("prometheus")
        text = (DEPLOY / "vigie.rules.yml").read_text(encoding="utf-8")
        if hasty:
            text = re.sub(r"^ +(?:for|interval): .*\n", "", text, flags=re.MULTILINE)
        (folder / "vigie.rules.yml").write_text(text, encoding="utf-8")
        config = yaml.safe_load((DEPLOY / "prometheus.yml").read_text(encoding="utf-8"))
        config["global"] = {"scrape_interval": "1s", "evaluation_interval": "1s"}
        receivers = config["alerting"]["alertmanagers"][0]["static_configs"][0]
        receivers["targets"] = [alertmanager] if alertmanager else []
        config["scrape_configs"][0]["static_configs"][0]["targets"] = [
            f"127.0.0.1:{port}" for port in target_ports
        ]
        (folder / "prometheus.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
        self.url = f"http://127.0.0.1:{_free_port()}"
        self._log = (folder / "prometheus.log").open("wb")
        self.process = subprocess.Popen(
            [
                binary,
                f"--config.file={folder / 'prometheus.yml'}",
                f"--storage.tsdb.path={folder / 'data'}",
                f"--web.listen-address={self.url.removeprefix('http://')}",
            ],
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )

    def is_ready(self):
        if self.process.poll() is not None:
            pytest.fail("Prometheus ended at its start")
        try:
            with urllib.request.urlopen(f"{self.url}/-/ready", timeout=30) as reply:
                return reply.status == 200
        except OSError:
            return False

    def api(self, path, **parameters):
        query = urllib.parse.urlencode(parameters)
        try:
            with urllib.request.urlopen(f"{self.url}/api/v1/{path}?{query}", timeout=120) as reply:
                return json.load(reply)
        except urllib.error.HTTPError as error:
            with error:
                return json.load(error)

    def query(self, expression):
        """Return the series of ``expression`` now; a bad one fails the test."""
        answer = self.api("query", query=expression)
        assert answer["status"] == "success", (expression, answer)
        return answer["data"]["result"]

    def firing(self):
        alerts = self.api("alerts")["data"]["alerts"]
        return {one["labels"]["alertname"]: one for one in alerts if one["state"] == "firing"}

    def scrapes(self):
        found = self.query('count_over_time(up{job="vigie"}[10m])')
        return int(float(found[0]["value"][1])) if found else 0

    def wait_for_scrapes(self, number):
        wanted = self.scrapes() + number
        wait_for(lambda: self.scrapes() >= wanted, f"{number} scrapes")

    def end(self):
        self.process.kill()
        self.process.wait()
        self._log.close()


def remember(folder, history):
    """Lay a past (in the OpenMetrics format) into the data of a Prometheus not yet started."""
    (folder / "history.txt").write_text(history, encoding="utf-8")
    command = [find_tool("promtool"), "tsdb", "create-blocks-from", "openmetrics"]
    done = subprocess.run(
        [*command, str(folder / "history.txt"), str(folder / "data")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def start_prometheus(tmp_path):
    """Starts a Prometheus that scrapes ports of this machine, with a past if one is given."""
    servers = []

    def start(*target_ports, hasty=False, alertmanager=None, history=None):
        folder = tmp_path / "prometheus"
        folder.mkdir()
        if history:
            remember(folder, history)
        server = PrometheusServer(folder, target_ports, hasty=hasty, alertmanager=alertmanager)
        servers.append(server)
        wait_for(server.is_ready, "Prometheus")
        return server

    yield start
    for server in servers:
        server.end()


@pytest.fixture
def await_true():
    return wait_for
