"""A backfill that is killed is simply started again."""

import json
import os
import signal
import subprocess
import time

import pytest

pytestmark = pytest.mark.slow

RECORDS = 900


def test_a_killed_backfill_starts_again_where_it_was(newsrooms, index, tmp_path):
    path = tmp_path / "archive.jsonl"
    lines = (
        {
            "url": f"http://archive.example/{number}",
            "title": f"Report {number}",
            "text": newsrooms.article_text(number).replace("<p>", "").replace("</p>", "\n"),
            "published_at": newsrooms.published_at(number).isoformat(),
        }
        for number in range(RECORDS)
    )
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    with newsrooms.Newsroom(0) as site:
        vigie = newsrooms.Vigie(site, index, tmp_path)
        command = [*vigie.command("backfill", str(path)), "--metrics-port", "0", "--json"]
        newsrooms.open_index(index).close()
        killed = 0
        for goal in (0, 1, RECORDS // 3):
            process = subprocess.Popen(
                command, cwd=newsrooms.ROOT, start_new_session=True, stdout=subprocess.DEVNULL
            )
            while process.poll() is None and newsrooms.indexed(index) < goal:
                time.sleep(0.02)
            killed += process.poll() is None
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        done = subprocess.run(command, cwd=newsrooms.ROOT, capture_output=True, check=True)
        summary = json.loads(done.stdout)
        found = newsrooms.held(index)
    assert killed
    assert summary["steps"]["ReadArchives"]["known"] > 0
    assert found.entries == {"indexed": RECORDS}
    assert len(found.documents) == sum(found.documents.values()) == RECORDS
    assert found.alerts == set()
