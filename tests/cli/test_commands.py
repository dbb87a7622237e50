"""The command line answers every mistake with a message and a documented exit code."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.cli import COMMANDS, build_parser, main


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_every_command_shows_an_example(command, capsys):
    with pytest.raises(SystemExit) as ended:
        build_parser().parse_args([command, "--help"])
    assert ended.value.code == 0
    assert f"vigie {command}" in capsys.readouterr().out.split("example:")[1]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["run"], "no feeds"),
        (["run", "--config", "nowhere.yaml"], "nowhere.yaml: cannot be read"),
        (["run", "--feed", "nonsense"], "--feed: expected an http:// or https:// address"),
        (["check", "--index", "nonsense"], "--index: expected sqlite:PATH"),
        (["backfill"], "give the files to read, or --from-index"),
        (["backfill", "nowhere.jsonl"], "nowhere.jsonl: no such file"),
        (["run", "--feed", "http://a.org/", "--prism", "nowhere"], "--prism: expected an execut"),
        (["feeds", "import", "nowhere.opml"], "nowhere.opml: cannot be read"),
    ],
)
def test_a_mistake_of_the_user_is_told_and_exits_2(arguments, told, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    shown = capsys.readouterr().err
    assert told in shown
    assert "Traceback" not in shown


@pytest.mark.parametrize("arguments", [["--nonsense"], ["nonsense"], ["run", "--nonsense"], []])
def test_an_unknown_option_exits_2(arguments, capsys):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "usage: vigie" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["alerts", "list", "--limit", "-5"], "expected a number from 1 to"),
        (["replay", "--limit", "0"], "expected a number from 1 to"),
        (["run", "--metrics-port", "65536"], "expected a number from 0 to 65535, got '65536'"),
        (["search", "x", "--limit", "9" * 5000], "expected a number from 1 to 10000"),
        (["search", "x", "--since", "999999999999d"], "expected a date such as"),
        (["stories", "--window-days", "soon"], "expected a number from 1 to"),
    ],
)
def test_a_number_that_cannot_be_meant_exits_2(arguments, told, capsys):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert told in capsys.readouterr().err


def test_the_help_and_the_documentation_tell_the_same_exit_codes(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])
    told = capsys.readouterr().out.partition("exit codes:")[2]
    page = Path(__file__).parents[2] / "docs" / "configuration.md"
    table = page.read_text(encoding="utf-8").partition("## Exit codes")[2]
    codes = re.findall(r"^\| (\d+) \|", table, re.MULTILINE)
    assert codes == re.findall(r"\b\d+\b", told)


@pytest.mark.parametrize(
    "arguments",
    [
        ["search", "x", "--index", "sqlite:nowhere.db"],
        ["status", "--index", "sqlite:nowhere.db"],
        ["setup", "--config", "impatient.yaml"],
        ["run", "--feed", "http://example.org/", "--index", "http://127.0.0.1:9"],
        ["search", "x", "--index", "http://127.0.0.1:9"],
    ],
)
def test_a_service_that_is_away_exits_3_with_its_address(arguments, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("impatient.yaml").write_text("index: {location: http://127.0.0.1:9, timeout_secs: 1}\n")
    assert main(arguments) == 3
    shown = capsys.readouterr().err
    assert "127.0.0.1:9" in shown or "nowhere.db" in shown
    assert "Traceback" not in shown


def test_an_index_that_is_no_index_exits_3(capsys, tmp_path):
    (tmp_path / "text.db").write_text("this is no database, only a text that is long enough" * 9)
    assert main(["check", "--feed", "http://a.org/", "--index", f"sqlite:{tmp_path}/text.db"]) == 3
    assert "text.db" in capsys.readouterr().err


def test_check_tells_the_faults_of_every_part_at_once(capsys, tmp_path):
    subject = tmp_path / "broken.yaml"
    subject.write_text("version: 1\nsubjects:\n- id: x\n")
    arguments = ["check", "--subjects", str(subject), "--index", "http://127.0.0.1:9"]
    assert main(arguments) == 3
    shown = capsys.readouterr().err
    assert "no feeds" in shown
    assert "broken.yaml" in shown
    assert "127.0.0.1:9" in shown


def test_check_tells_what_a_run_would_refuse_or_never_alert(capsys, tmp_path):
    config = tmp_path / "monitor.yaml"
    config.write_text(
        f"index: {{location: 'sqlite:{tmp_path}/one.db'}}\n"
        "feeds: [{url: 'http://127.0.0.1:9/'}]\n"
        "metrics: {address: not an address}\n"
        "alerts:\n"
        "  channels: {desk: {type: webhook, url: 'http://10.0.0.1/hook-of-ours'}}\n"
        "  rules: [{subjects: [oresnik], channels: [desk]}]\n"
    )
    assert main(["check", "--config", str(config)]) == 2
    shown = capsys.readouterr().err
    assert "unknown subject oresnik; did you mean oreshnik?" in shown
    assert "loopback address 127.0.0.1" in shown
    assert "alerts.channels.desk: " in shown
    assert "metrics.address: no such address" in shown


def test_a_run_whose_rule_never_alerts_is_refused(capsys, tmp_path):
    config = tmp_path / "monitor.yaml"
    config.write_text("feeds: [{url: 'http://a.org/'}]\nalerts: {rules: [{subjects: [zzz]}]}\n")
    arguments = ["run", "--once", "--config", str(config), "--index", f"sqlite:{tmp_path}/one.db"]
    assert main(arguments) == 2
    assert "unknown subject zzz; known subjects: " in capsys.readouterr().err


def test_a_search_between_two_days_the_wrong_way_round_is_refused(capsys):
    assert main(["search", "x", "--since", "2026-02-01", "--until", "2026-01-01"]) == 2
    assert "--since lies after --until" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("query", "told"),
    [("", "QUERY is empty"), ("  ", "QUERY is empty"), ("a *nik", "'*nik'"), ("Ore*nik", "star")],
)
def test_a_search_that_can_only_be_a_mistake_is_refused(query, told, capsys):
    assert main(["search", query, "--index", "sqlite:none.db"]) == 2
    assert told in capsys.readouterr().err


@pytest.mark.parametrize("query", ["*", "Oresh*", '"a *nik"~3', "* OR Minsk"])
def test_a_star_at_the_end_of_a_word_is_none(query, tmp_path, capsys):
    main(["search", query, "--index", f"sqlite:{tmp_path / 'none.db'}"])
    assert "QUERY" not in capsys.readouterr().err


def test_a_second_runner_of_one_index_is_refused_with_the_process_of_the_first(tmp_path, capsys):
    from connectors.backends import open_index
    from connectors.index import IndexSettings

    settings = IndexSettings(location=f"sqlite:{tmp_path}/one.db")
    index = open_index(settings)
    lease = index.lock_runner()
    options = ["--feed", "http://127.0.0.1:9/", "--metrics-port", "0"]
    code = main(["run", "--once", *options, "--index", settings.location])
    lease.release()
    index.close()
    assert code == 3
    assert "one.db" in capsys.readouterr().err


def test_a_reader_that_goes_away_is_no_error(tmp_path):
    lines = "\n".join(json.dumps({"id": n, "text": "Oreshnik in Belarus"}) for n in range(3000))
    script = f"{sys.executable} -m pipelines.cli detect | head -1"
    done = subprocess.run(
        ["bash", "-c", script], input=lines, capture_output=True, text=True, check=False
    )
    assert "Traceback" not in done.stderr
    assert len(done.stdout.splitlines()) == 1
