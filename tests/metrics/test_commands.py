"""``vigie status`` and ``vigie explain`` as a user meets them."""

import json
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from connectors.addresses import address_key
from connectors.backends import open_index
from connectors.feed_document import RawEntry
from connectors.feed_parsing import entry_id
from connectors.index import IndexSettings
from connectors.records import Entry, PollState, Settlement
from pipelines.accounting import document_lags, exact_quantiles, hourly_rate
from pipelines.cli import main
from pipelines.cli.status import read_status

ROOT = Path(__file__).parents[2]
NOW = datetime.now(timezone.utc)
STATE = PollState(
    feed_id="f", url="https://outlet.example/feed", outcome="ok", last_poll_at=NOW, entries_new=1
)


@pytest.fixture
def location(tmp_path):
    return f"sqlite:{tmp_path / 'vigie.db'}"


@pytest.fixture
def index(location):
    opened = open_index(IndexSettings(location=location))
    entry = Entry(
        id="e", feed_id="f", feed_url=STATE.url, first_seen_at=NOW, url="https://outlet.example/a"
    )
    opened.register_entries([entry], due_at=NOW)
    opened.save_poll_state(STATE)
    yield opened
    opened.close()


def test_status_as_json_is_one_object_and_ends_well(index, location, capsys):
    assert main(["status", "--index", location, "--json"]) == 0
    status = json.loads(capsys.readouterr().out)
    assert status["entries"] == {"pending": 1}
    assert status["entries_seen"] == 1
    assert status["index_health"]["status"] == "green"
    assert status["index_health"]["bytes"] > 0
    assert status["lag_secs"] == dict.fromkeys(("publication", "discovery", "processing", "alert"))


@pytest.mark.parametrize("options", [["--json"], []])
def test_status_watches_until_it_is_interrupted(index, location, options):
    command = [sys.executable, "-m", "pipelines.cli", "status", "--watch", "--index", location]
    with subprocess.Popen(
        [*command, *options], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        shown = "" if not options else process.stdout.readline() + process.stdout.readline()
        while "entries seen" not in shown and '"entries_seen"' not in shown:
            line = process.stdout.readline()
            assert line, process.stderr.read()
            shown += line
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    assert "Traceback" not in errors
    if options:
        assert [json.loads(line)["entries_seen"] for line in shown.splitlines()] == [1, 1]


def test_status_as_a_table_names_failing_and_overflowing_feeds(index, location, capsys):
    index.save_poll_state(
        replace(STATE, outcome="timeout", failures=3, overflows=2, newest_entry_ids=("a", "b"))
    )
    assert main(["status", "--index", location]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "1 = 1 pending" in shown
    assert "timeout × 3" in shown
    assert "2 times, about 4 missed" in shown


def test_status_fails_when_the_accounting_does_not_hold(index, location, capsys):
    index.save_poll_state(replace(STATE, entries_new=5))
    assert main(["status", "--index", location]) == 1
    assert "UNACCOUNTED" in capsys.readouterr().out


def test_feeds_of_the_watch_list_that_were_never_polled_count(index):
    from connectors.records import Feed

    feeds = (Feed(id="f", url=STATE.url), Feed(id="new", url="https://new.example/feed"))
    assert read_status(index, feeds)["feeds_health"]["never_polled"] == 1


@pytest.mark.parametrize("command", [["status"], ["explain", "https://outlet.example/a"]])
def test_an_index_that_is_not_there_is_a_message(command, tmp_path, capsys):
    assert main([*command, "--index", f"sqlite:{tmp_path / 'none.db'}"]) == 3
    assert "none.db" in capsys.readouterr().err


def test_explain_tells_of_a_pending_entry(index, location, capsys):
    assert main(["explain", "https://OUTLET.example/a#top", "--index", location]) == 0
    assert "pending" in capsys.readouterr().out


def test_explain_says_when_it_knows_nothing(index, location, capsys):
    assert main(["explain", "no-such-id", "--index", location]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "not known" in printed.err


def test_explain_as_json_says_so_too(index, location, capsys):
    assert main(["explain", "no-such-id", "--index", location, "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["found"] is False


def test_explain_wants_an_address(index, location, capsys):
    assert main(["explain", " ", "--index", location]) == 2
    assert "expected an address" in capsys.readouterr().err


def settled(index, entry, outcome, **values):
    index.register_entries([entry], due_at=NOW)
    index.settle([Settlement(entry=entry, outcome=outcome, settled_at=NOW, **values)])


def test_explain_tells_of_a_discard_and_why(index, location, capsys):
    url = "https://outlet.example/empty"
    entry = Entry(id="x", feed_id="f", feed_url=STATE.url, first_seen_at=NOW, url=url)
    settled(
        index, entry, "discarded", step="ExtractArticles", reason="no_text",
        document_id=address_key(url),
    )  # fmt: skip
    assert main(["explain", url, "--index", location]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "shown by https://outlet.example/feed" in shown
    assert "discarded" in shown
    assert "neither text nor title" in shown


@pytest.mark.parametrize("guid", ["", "https://outlet.example/amp/7?utm_source=x"])
def test_explain_finds_a_duplicate_whose_page_named_another_address(guid, index, location, capsys):
    url = "https://outlet.example/amp/7"
    known = entry_id("f", RawEntry(guid=guid), url, repeated=False)
    entry = Entry(id=known, feed_id="f", feed_url=STATE.url, first_seen_at=NOW, url=url)
    settled(
        index, entry, "duplicate", step="IndexDocuments", reason="canonical_address_seen",
        document_id="the-original",
    )  # fmt: skip
    assert main(["explain", url, "--index", location, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [event["outcome"] for event in told["events"]] == ["entry_new", "duplicate"]
    assert told["events"][-1]["step"] == "IndexDocuments"
    assert "the document is the-original" in told["events"][-1]["text"]
    assert told["ledger"][0]["id"] == known


def test_quantiles_are_those_of_the_values_themselves():
    assert exact_quantiles([]) is None
    assert exact_quantiles([7.0]) == {"p50": 7.0, "p95": 7.0, "p99": 7.0}
    values = [float(number) for number in range(1, 101)]
    assert exact_quantiles(values) == {"p50": 50.0, "p95": 95.0, "p99": 99.0}


def test_a_busy_hour_is_extrapolated_from_the_newest_documents():
    every_second = [NOW - timedelta(seconds=number) for number in range(1, 501)]
    assert hourly_rate(every_second, NOW) == 3600
    assert hourly_rate([], NOW) == 0


def test_lags_without_an_end_are_left_out():
    assert document_lags([], []) == {
        "publication": [], "discovery": [], "processing": [], "alert": [],
    }  # fmt: skip
