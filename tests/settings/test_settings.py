import argparse
from pathlib import Path

import pytest

from connectors.masking import mask
from connectors.records import Feed
from pipelines.config_models import feed_id
from pipelines.errors import UserError
from pipelines.settings import load_settings

REPOSITORY = Path(__file__).parents[2]


def options(**given):
    return argparse.Namespace(**given)


def write(folder, text, name="monitor.yaml"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_first_try_needs_no_file():
    settings = load_settings(options(feed=["https://example.org/feed"], index="sqlite:x.db"))
    assert settings.feeds == (
        Feed(id=feed_id("https://example.org/feed"), url="https://example.org/feed"),
    )
    assert settings.index.location == "sqlite:x.db"
    assert settings.subjects is None


def test_every_fault_of_a_file_is_told_at_once_with_line_and_path(tmp_path):
    path = write(
        tmp_path,
        "index:\n  locaton: sqlite:x.db\nfetch:\n  timeout_secs: soon\nmetrics:\n  port: 99999\n",
    )
    with pytest.raises(UserError) as caught:
        load_settings(options(config=str(path)))
    lines = str(caught.value).splitlines()
    assert len(lines) == 3
    assert f"{path}:2: index.locaton: unknown key; did you mean location?" in lines
    assert any(line.startswith(f"{path}:4: fetch.timeout_secs: ") for line in lines)
    assert any(line.startswith(f"{path}:6: metrics.port: ") for line in lines)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "expected a mapping of settings, got nothing"),
        ("- a\n- b\n", "expected a mapping of settings, got list"),
        ("index: [\n", "expected YAML"),
        ("metrics: {port: 1}\nmetrics: {port: 2}\n", "metrics: given twice"),
        ("index: {location: ftp://x}\n", "expected sqlite:PATH or http(s)://HOST:PORT"),
        ("alerts: {channels: {desk: {type: webhook}}}\n", "expected a url"),
        ("alerts: {rules: [{channels: [nobody]}]}\n", "unknown channel nobody"),
        ("feeds: nowhere.yaml\n", "cannot be read"),
        ("fetch: {allow_addresses: [everywhere]}\n", "expected an address or range"),
        ("feeds: [{url: 'gopher://x'}]\n", "http:// or https://"),
        ("feeds: [{url: 'https://x.org:99999/z'}]\n", "http:// or https://"),
        ("feeds: &a [*a]\n", "nesting too deep"),
        ("index: {location: 'http://[::1'}\n", "expected sqlite:PATH or http(s)://HOST:PORT"),
        ("fetch: {proxy: 'ftp://x'}\n", "http:// or https://"),
        ("feeds: [{url: 'http://x/a', id: one}, {url: 'http://x/b', id: one}]\n", "same id one"),
    ],
)
def test_a_bad_file_ends_in_a_message(tmp_path, text, told):
    path = write(tmp_path, text)
    with pytest.raises(UserError) as caught:
        load_settings(options(config=str(path)))
    assert told in str(caught.value)
    assert str(tmp_path) in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "alerts: {channels: {b: {type: webhook, secret: hunter2}}}\n",
        "alerts: {channels: {b: {type: smoke, secret: '${HOOK}'}}}\n",
        "alerts: {channels: {b: {type: webhook, url: '${HOOK}'}}}\n",
        "alerts: {channels: {b: {type: console, secret: '${HOOK}'}}, rules: [{channels: [c]}]}\n",
        "index: {password: {a: hunter2}}\n",
        "index: [hunter2]\n",
    ],
)
def test_a_fault_never_prints_a_secret(tmp_path, monkeypatch, text):
    monkeypatch.setenv("HOOK", "hunter2")
    with pytest.raises(UserError) as caught:
        load_settings(options(config=str(write(tmp_path, text))))
    assert "hunter2" not in str(caught.value)


def test_what_files_and_channels_lack_is_told_at_once_each_on_its_line(tmp_path):
    path = write(
        tmp_path,
        "feeds: nowhere.yaml\nindex:\n  password_file: none\nalerts:\n  rules:\n"
        "    - channels: [console]\n    - channels:\n        - desk\n",
    )
    with pytest.raises(UserError) as caught:
        load_settings(options(config=str(path)))
    lines = str(caught.value).splitlines()
    assert "nowhere.yaml" in lines[0]
    assert lines[2:] == [
        f"{tmp_path / 'none'}: the secret cannot be read: No such file or directory"
    ]
    assert (
        f"{path}:8: alerts.rules.1.channels.0: unknown channel desk; known channels: console"
        in (lines)
    )


def test_a_file_that_is_not_there_ends_in_a_message(tmp_path):
    with pytest.raises(UserError, match="cannot be read: No such file"):
        load_settings(options(config=str(tmp_path / "none.yaml")))


def test_a_file_that_is_not_text_ends_in_a_message(tmp_path):
    path = tmp_path / "binary.yaml"
    path.write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(UserError, match="not UTF-8 text"):
        load_settings(options(config=str(path)))


def test_the_same_feed_twice_is_told_with_both_places(tmp_path):
    write(tmp_path, "feeds:\n- url: http://a.org/f\n- url: http://a.org/f#x\n", "feeds.yaml")
    path = write(tmp_path, "feeds: feeds.yaml\n")
    with pytest.raises(UserError, match=r"feeds\.yaml:3: feeds\.1: the same feed as feeds\.0"):
        load_settings(options(config=str(path)))


def test_a_secret_comes_from_the_environment_and_is_never_shown(tmp_path, monkeypatch):
    monkeypatch.setenv("HOOK_SECRET", "s3cret")
    path = write(
        tmp_path,
        "alerts:\n  channels:\n"
        "    desk: {type: webhook, url: 'http://h/', secret: '${HOOK_SECRET}'}\n"
        "index: {password: [s3cret]}\n",
    )
    with pytest.raises(UserError) as caught:
        load_settings(options(config=str(path)))
    assert "index.password" in str(caught.value)
    assert "s3cret" not in str(caught.value)


def test_a_secret_comes_from_a_file(tmp_path):
    (tmp_path / "key").write_text("abc\n")
    path = write(tmp_path, "index: {location: 'http://h:9200', api_key_file: key}\n")
    assert load_settings(options(config=str(path))).index.api_key == "abc"


def test_a_variable_without_value_is_a_fault_and_a_default_stands_in(tmp_path, monkeypatch):
    monkeypatch.delenv("VIGIE_NOWHERE", raising=False)
    path = write(tmp_path, "index: {location: '${VIGIE_NOWHERE}'}\n")
    with pytest.raises(UserError, match="VIGIE_NOWHERE"):
        load_settings(options(config=str(path)))
    path = write(tmp_path, "index: {location: '${VIGIE_NOWHERE:-sqlite:d.db}'}\n")
    assert load_settings(options(config=str(path))).index.location == "sqlite:d.db"


def test_the_message_about_a_secret_without_value_can_be_read(tmp_path, monkeypatch):
    monkeypatch.delenv("HOOK_SECRET", raising=False)
    path = write(
        tmp_path,
        "alerts: {channels: {b: {type: webhook, url: 'http://h/', secret: '${HOOK_SECRET}'}}}\n",
    )
    with pytest.raises(UserError) as caught:
        load_settings(options(config=str(path)))
    told = mask(str(caught.value))
    assert "secret: expected the environment variable HOOK_SECRET, got nothing" in told
    assert "${HOOK_SECRET:-default}" in told


def test_options_win_over_the_file(tmp_path):
    path = write(tmp_path, "index: {location: 'sqlite:file.db'}\nmetrics: {port: 1000}\n")
    settings = load_settings(
        options(
            config=str(path),
            index="http://h:9200",
            metrics_port=0,
            allow_address=["127.0.0.1/8"],
            subjects=["mine.yaml"],
        )
    )
    assert settings.index.location == "http://h:9200"
    assert settings.metrics.port == 0
    assert settings.fetch.allow_addresses == ("127.0.0.0/8",)
    assert settings.subjects == ("mine.yaml",)


def test_all_faults_of_the_options_are_told_at_once():
    with pytest.raises(UserError) as caught:
        load_settings(options(feed=["x"], index="y", allow_address=["z"]))
    assert [line.split(":")[0] for line in str(caught.value).splitlines()] == [
        "--feed",
        "--index",
        "--allow-address",
    ]


@pytest.mark.parametrize("name", ["monitor.yaml", "seeds.yaml"])
def test_every_shipped_configuration_is_right(name):
    settings = load_settings(options(config=str(REPOSITORY / "config" / name)))
    assert settings.feeds
    assert settings.subjects
