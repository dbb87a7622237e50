"""A backfill that is killed is simply started again."""

import json
import time

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

RECORDS = 300


def test_a_killed_backfill_starts_again_where_it_was(newsrooms, origin, index, tmp_path):
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
        vigie = newsrooms.Vigie(site, index, tmp_path, origin)
        newsrooms.open_index(index).close()
        killed = 0
        for goal in (0, 1, RECORDS // 3):
            process = vigie.start(str(path), name="backfill")
            while process.poll() is None and newsrooms.indexed(index) < goal:
                time.sleep(0.02)
            killed += process.poll() is None
            newsrooms.kill(process)
        vigie.tell("backfill", str(path), "--metrics-port", "0", "--json")
        again = vigie.tell("backfill", str(path), "--metrics-port", "0", "--json")
        summary = json.loads(again.stdout)
        found = newsrooms.held(index)
        opened = newsrooms.open_index(index, read_only=True)
        mentions = opened.totals().mentions
        opened.close()
    assert killed
    assert summary["steps"]["ReadArchives"]["known"] == RECORDS
    assert found.entries == {"indexed": RECORDS}
    assert len(found.documents) == sum(found.documents.values()) == RECORDS
    assert mentions == sum(map(newsrooms.is_mention, range(RECORDS)))
    assert found.alerts == set()
