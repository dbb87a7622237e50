"""The job is killed again and again, by the tool whose long run the runbook tells of."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.mark.parametrize(
    ("kills", "where"), [(4, "embedded"), pytest.param(3, "elastic", marks=pytest.mark.service)]
)
def test_killed_at_random_moments_it_loses_and_doubles_nothing(request, kills, where):
    command = [sys.executable, "tools/kill_run.py", "--kills", str(kills), "--entries", "60"]
    if where == "elastic":
        settings = request.getfixturevalue("elastic_index")
        command += ["--index", settings.location, "--prefix", settings.prefix]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.stdout, done.stderr
    report = json.loads(done.stdout)
    assert report["kills"] == kills
    assert report["documents"] == 60
    assert report["documents_lost"] == report["documents_doubled"] == 0
    assert report["alerts"] > 0
    assert report["alerts_lost"] == report["alerts_doubled"] == report["alerts_not_delivered"] == 0
    assert report["deliveries_of_unknown_id"] == 0
    assert report["ledger"] == {"indexed": 60, "duplicate": 9}
    assert done.returncode == 0
