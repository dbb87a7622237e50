"""``vigie brief`` over a real embedded index."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import urllib.request
from datetime import timedelta
from pathlib import Path

import pytest

from connectors.backends import open_index
from connectors.index import IndexSettings
from pipelines.brief import render_brief_of
from pipelines.cli import main


@pytest.fixture
def index(tmp_path, documents):
    location = f"sqlite:{tmp_path / 'vigie.db'}"
    opened = open_index(IndexSettings(location=location))
    opened.setup()
    opened.write(documents)
    opened.close()
    return location


def test_the_briefing_over_an_index_holds_its_documents(index, subjects, now):
    opened = open_index(IndexSettings(location=index), read_only=True)
    try:
        page = render_brief_of(opened, names=subjects, now=now)
        narrow = render_brief_of(
            opened,
            names=subjects,
            now=now,
            subjects=["iskander"],
            since=now - timedelta(hours=40),
        )
    finally:
        opened.close()
    assert "</mark> au printemps" in page
    assert "</mark> stays" in narrow
    assert "</mark> au printemps" not in narrow
    assert "pod lup" not in narrow


@pytest.fixture
def in_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_until_a_day_includes_that_day(index, in_folder, capsys, documents):
    newest = max(one.article.published_at for one in documents if one.article.published_at)
    assert main(["brief", "--index", index, "--until", f"{newest:%Y-%m-%d}", "--output", "-"]) == 0
    assert "</mark> au printemps" in capsys.readouterr().out


def test_the_command_writes_one_file(index, in_folder, capsys):
    assert main(["brief", "--index", index]) == 0
    assert "vigie-brief.html: written" in capsys.readouterr().out
    written = (in_folder / "vigie-brief.html").read_text(encoding="utf-8")
    assert "</mark> au printemps" in written
    assert not list(in_folder.glob(".vigie-brief*"))


def test_the_command_writes_to_standard_output(index, capfdbinary):
    assert main(["brief", "--index", index, "--output", "-", "--subject", "typhon"]) == 0
    page = capfdbinary.readouterr().out.decode()
    assert page.startswith("<!DOCTYPE html>")
    assert "</mark> au printemps" not in page


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--output", "nowhere/brief.html"], "cannot be written"),
        (["--output", "."], "cannot be written"),
        (["--subject", "oreshnikk"], "no such subject"),
        (["--since", "2025-02-01", "--until", "2025-01-01"], "not before"),
    ],
)
def test_a_fault_of_the_user_is_one_clear_message(index, in_folder, capsys, options, told):
    assert main(["brief", "--index", index, *options]) == 2
    assert told in capsys.readouterr().err
    assert list(in_folder.glob("*.html")) == []


def test_a_missing_index_is_told_with_its_remedy(in_folder, capsys):
    assert main(["brief", "--index", "sqlite:none.db"]) == 3
    assert "none.db" in capsys.readouterr().err
    assert not Path("none.db").exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_serving_ends_cleanly_on_a_signal(index, number):
    command = [sys.executable, "-c", "import sys; from pipelines.cli import main; sys.exit(main())"]
    with subprocess.Popen(
        [*command, "brief", "--index", index, "--serve", "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as process:
        try:
            address = process.stdout.readline().split()[0]
            with urllib.request.urlopen(address, timeout=30) as answer:
                assert b"</mark> au printemps" in answer.read()
            process.send_signal(number)
            out, err = process.communicate(timeout=30)
        finally:
            process.kill()
    assert process.returncode == 0, (out, err)
    assert "Traceback" not in err


def test_a_port_in_use_is_told(index, capsys):
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert main(["brief", "--index", index, "--serve", "--port", port]) == 2
    assert "--port" in capsys.readouterr().err
