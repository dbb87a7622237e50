"""Logs: text and JSON, secrets masked, no article text, one article's lines tied by its ids."""

import json
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from connectors import masking, metrics
from connectors.backends import open_index
from connectors.channels import ChannelPlan
from connectors.index import IndexSettings
from connectors.masking import hide, mask
from connectors.net import FetchPolicy
from pipelines.cli import build_parser, main
from pipelines.demo.server import DemoSite
from pipelines.logs import (
    JsonFormatter,
    LogPlan,
    TextFormatter,
    masked_record,
    plan_of_experiments,
    set_up_logging,
    split_message,
    worker_experiment,
)
from pipelines.outbox import open_channels
from pipelines.settings import load_log_plan

ROOT = Path(__file__).parents[2]
SECRET = "s3cr3t-Zx81"


@pytest.fixture(autouse=True)
def nothing_hidden():
    known = set(masking._hidden)
    yield
    masking._hidden.clear()
    masking._hidden.update(known)


@pytest.fixture(autouse=True)
def logging_as_before():
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    logging.captureWarnings(capture=False)
    root.handlers[:] = handlers
    root.setLevel(level)


def record(message, *args, name="pipelines.steps.apply", error=None):
    exc_info = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord(name, logging.WARNING, __file__, 1, message, args, exc_info)


def raised(error):
    try:
        raise error
    except type(error) as caught:
        return caught


@pytest.mark.parametrize(
    "text",
    [
        f"https://user:{SECRET}@es.example:9200/_bulk",
        f"http://{SECRET}@proxy.example",
        f"https://hooks.slack.com/services/T00/B00/{SECRET}",
        f"POST https://discord.com/api/webhooks/123/{SECRET} failed",
        f"https://x.webhook.office.com/webhookb2/a@b/IncomingWebhook/{SECRET}",
        f"https://api.telegram.org/bot12345:{SECRET}/sendMessage",
        f"slack://{SECRET}/b/c",
        f"mailto://me:{SECRET}@mail.example?smtp=x",
        f"tgram://{SECRET}/1",
        f"https://feeds.example/rss?a=1&api_key={SECRET}&b=2",
        f"https://feeds.example/rss?access_token={SECRET}",
        f"Authorization: Bearer {SECRET}",
        f"authorization=ApiKey {SECRET}",
        f"{{'password': '{SECRET}'}}",
        f'"api_key": "{SECRET}"',
        f"secret={SECRET}",
        f"Set-Cookie: {SECRET}",
    ],
)
def test_what_looks_like_a_secret_is_masked(text):
    assert SECRET not in mask(text)
    assert "***" in mask(text)


@pytest.mark.parametrize(
    "text",
    [
        "feed polled feed=9956fca5 outcome=ok secs=0.25",
        "https://outlet.example/2025/12/article?id=7&page=2",
        "index sqlite:var/vigie.db: 3 documents",
        "watching over job=abc url=http://localhost:8081",
        "basic information about tokens",
    ],
)
def test_ordinary_lines_stay_as_they_are(text):
    assert mask(text) == text


def test_named_secrets_are_masked_wherever_they_stand():
    hide(SECRET, "https://desk.example/a/b?c=d", "", None, "abc")
    assert mask(f"x{SECRET}y /a/b?c=d abc") == "x***y *** abc"


def test_opening_an_index_or_a_channel_hides_its_secrets(tmp_path):
    location = f"sqlite:{tmp_path / 'vigie.db'}"
    open_index(IndexSettings(location=location, api_key="key-of-index")).close()
    plan = ChannelPlan(
        name="desk", type="webhook", url="https://desk.example/in/QWERTY", secret="signing-key"
    )
    open_channels([plan], FetchPolicy())
    assert mask("key-of-index, signing-key, POST /in/QWERTY") == "***, ***, POST ***"


def test_a_hidden_path_that_begins_another_address_uncovers_nothing_in_it():
    hide("http://127.0.0.1:9/hook")
    assert mask("POST http://127.0.0.1:9/hook failed") == "POST *** failed"
    assert mask("POST /hook failed, /hook?x=1") == "POST *** failed, ***?x=1"
    assert "fresh-77" not in mask("https://hooks.slack.com/services/T00/B00/fresh-77")


@given(st.text(max_size=80))
def test_masking_twice_is_masking_once(text):
    assert mask(mask(text)) == mask(text)


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_record_is_one_line_of_json_and_of_text(first, second):
    told = record("step failed step=%s document=%s", first, second)
    assert json.loads(JsonFormatter().format(told))["message"] == "step failed"
    assert len(TextFormatter().format(told).split("\n")) == 1
    assert "\n" not in JsonFormatter().format(told)


def test_pairs_become_fields_and_numbers_stay_numbers():
    told = record("no metrics address=%s port=%d error=%s", "::1", 80, None)
    found = json.loads(JsonFormatter().format(told))
    assert found["message"] == "no metrics"
    assert (found["address"], found["port"], found["error"]) == ("::1", 80, None)
    assert found["log.level"] == "warning"
    assert found["log.logger"] == "pipelines.steps.apply"
    assert found["@timestamp"].endswith("Z")
    assert "no metrics address=::1 port=80 error=None" in TextFormatter().format(told)


def test_a_field_cannot_replace_a_standard_one():
    found = json.loads(JsonFormatter().format(record("odd message=%s", "x")))
    assert found["message"] == "odd"


@pytest.mark.parametrize("args", [(), ("a",), ("a", "b", "c")])
def test_arguments_that_do_not_fit_are_no_crash(args):
    told = record("one=%s two=%d %s", *args)
    assert json.loads(JsonFormatter().format(told))["message"]
    assert split_message("100 %% of it n=%d", (3,)) == ("100 % of it", {"n": 3})


def test_an_error_about_a_document_is_told_without_its_message():
    text = "The whole article, which nobody may read in a log"
    error = raised(ValueError(text))
    error.__cause__ = raised(KeyError(text))
    told = record("step failed step=%s document=%s", "S", "d1", error=error)
    found = json.loads(JsonFormatter().format(told))
    assert text not in JsonFormatter().format(told) + TextFormatter().format(told)
    assert found["error.type"] == "ValueError"
    assert "KeyError" in found["error.stack_trace"]
    assert "in raised" in found["error.stack_trace"]
    assert found["document"] == "d1"


def test_any_other_error_keeps_its_message_but_not_its_secrets():
    error = raised(OSError(f"no route to https://u:{SECRET}@es.example"))
    told = record("the job failed error=%s", "OSError", error=error)
    for line in (JsonFormatter().format(told), TextFormatter().format(told)):
        assert "no route to https://***@es.example" in line


def test_records_of_other_libraries_take_the_same_way_out():
    told = record("POST %s [status:%s]", f"http://u:{SECRET}@h/", 429, name="elastic_transport")
    found = json.loads(JsonFormatter().format(told))
    assert found["message"] == "POST http://***@h/ [status:429]"
    assert found["log.logger"] == "elastic_transport"


def test_what_beams_handler_sends_on_carries_no_exception():
    error = raised(OSError(f"token={SECRET}"))
    sent = masked_record(record("failed", error=error), JsonFormatter())
    assert sent.exc_info is None
    assert SECRET not in sent.getMessage()
    assert json.loads(sent.getMessage())["error.type"] == "OSError"


def test_the_format_travels_to_workers_and_the_environment_wins(monkeypatch):
    monkeypatch.delenv("VIGIE_LOG_FORMAT", raising=False)
    experiments = ["beam_fn_api", worker_experiment(LogPlan(format="json"))]
    assert plan_of_experiments(experiments, "INFO") == LogPlan(level="INFO", format="json")
    assert plan_of_experiments([], "INFO").format == "text"
    monkeypatch.setenv("VIGIE_LOG_FORMAT", "text")
    assert plan_of_experiments(experiments, "INFO").format == "text"


@pytest.mark.parametrize(
    "command",
    [
        ["run"], ["demo"], ["check"], ["setup"], ["extract"], ["detect"], ["stories"],
        ["search", "x"], ["brief"], ["backfill", "f"], ["replay"], ["status"], ["explain", "x"],
        ["feeds", "list"], ["feeds", "add", "x"], ["alerts", "list"], ["subjects", "test"],
        ["flink", "status"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_every_command_takes_level_and_format(command):
    args = build_parser(command[0]).parse_args(
        [*command, "--log-level", "INFO", "--log-format", "json"]
    )
    assert (args.log_level, args.log_format) == ("INFO", "json")


def test_options_win_over_the_file_and_the_file_over_the_defaults(tmp_path):
    config = tmp_path / "monitor.yaml"
    config.write_text("logs: {level: INFO, format: json}\n", encoding="utf-8")
    parser = build_parser("status")
    plain = parser.parse_args(["status", "--config", str(config)])
    assert load_log_plan(plain) == LogPlan(level="INFO", format="json")
    chosen = parser.parse_args(["status", "--config", str(config), "--log-format", "text"])
    assert load_log_plan(chosen) == LogPlan(level="INFO", format="text")
    assert load_log_plan(parser.parse_args(["status"])) == LogPlan()


def test_a_bad_key_of_the_logs_is_a_message(tmp_path, capsys):
    config = tmp_path / "monitor.yaml"
    config.write_text("logs: {format: xml}\n", encoding="utf-8")
    assert main(["status", "--config", str(config)]) == 2
    assert "logs.format" in capsys.readouterr().err


def test_a_message_to_the_user_has_no_secret(capsys):
    assert main(["status", "--index", f"ftp://u:{SECRET}@es.example"]) == 2
    assert SECRET not in capsys.readouterr().err


def test_a_step_is_not_traced_unless_debugging(caplog):
    with caplog.at_level(logging.INFO, logger="connectors.metrics"):
        metrics.count("LogTest", "ok", entry="e", document="d")
    assert not caplog.records


@pytest.fixture(scope="module")
def logged_pass(tmp_path_factory):
    """What a real pass over the recorded site logs as JSON at DEBUG, and its index."""
    folder = tmp_path_factory.mktemp("logged")
    with DemoSite() as site:
        index = IndexSettings(location=f"sqlite:{folder / 'vigie.db'}")
        values = {
            "index": {"location": index.location},
            "feeds": [{"url": feed.url} for feed in site.feeds],
            "fetch": {"allow_addresses": ["127.0.0.0/8"], "min_delay_secs": 0},
            "alerts": {"channels": {}, "rules": []},
            "metrics": {"port": 0},
            "logs": {"level": "DEBUG", "format": "json"},
        }
        config = folder / "monitor.yaml"
        config.write_text(yaml.safe_dump(values), encoding="utf-8")
        command = [sys.executable, "-m", "pipelines.cli", "run", "--once", "--config", str(config)]
        done = subprocess.run(
            command,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
    lines = [json.loads(line) for line in done.stderr.splitlines() if line.startswith("{")]
    opened = open_index(index, read_only=True)
    yield lines, list(opened.documents()), done.stderr
    opened.close()


@pytest.mark.slow
def test_one_article_can_be_followed_through_every_step_by_its_ids(logged_pass):
    lines, documents, _ = logged_pass
    article = next(one.article for one in documents if one.mentions)
    steps = [
        line["step"]
        for line in lines
        if article.entry_id == line.get("entry") or article.id == line.get("document")
    ]
    assert steps == [
        "DropSeen", "FetchPages", "ExtractArticles", "DetectMentions", "ExtractClaims",
        "GroupStories", "IndexDocuments", "SendAlerts",
    ]  # fmt: skip


@pytest.mark.slow
def test_the_log_of_a_whole_pass_is_json_with_beams_lines_and_without_article_text(logged_pass):
    lines, documents, raw = logged_pass
    assert [line for line in raw.splitlines() if not line.startswith("{")] == []
    assert any(line["log.logger"].startswith("apache_beam") for line in lines)
    passages = [one.article.text[100:160] for one in documents if len(one.article.text) > 300]
    assert len(passages) > 5
    told = raw.replace("\\n", "\n").replace('\\"', '"')
    assert not [passage for passage in passages if passage in told]


@pytest.mark.parametrize(
    ("level", "shown"),
    [
        ("ERROR", ["error"]),
        ("WARNING", ["error"]),
        ("INFO", ["warning", "error"]),
        ("DEBUG", ["info", "warning", "error"]),
    ],
)
def test_what_prism_says_is_shown_as_the_rest_of_beam(level, shown, capsys):
    """Beam sets the logger of Prism's lines to INFO, whatever was asked for."""
    set_up_logging(LogPlan(level=level))
    beam = logging.getLogger("PrismRunner")
    beam.setLevel(logging.INFO)
    for said in ("info", "warning", "error"):
        getattr(beam, said)(f"prism {said}")
    beam.setLevel(logging.NOTSET)
    said = capsys.readouterr().err
    assert [word for word in ("info", "warning", "error") if f"prism {word}" in said] == shown
