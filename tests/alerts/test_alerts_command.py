"""``vigie alerts``: what went where, does every receiver listen, send what was refused."""

import json
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from connectors.backends import open_index
from connectors.index import IndexSettings
from connectors.records import Alert
from pipelines.cli import main

NOW = datetime.now(timezone.utc)
ALERT = Alert(
    id="a0",
    subject="oreshnik",
    story_id="s0",
    development="new_story",
    document_id="d0",
    title="Title",
    url="https://example.org/a",
    outlet="Example",
    language="en",
    quote="Oreshnik",
    created_at=NOW,
    published_at=NOW,
    first_seen_at=NOW,
)


@pytest.fixture
def location(tmp_path):
    return f"sqlite:{tmp_path / 'vigie.db'}"


@pytest.fixture
def index(location):
    opened = open_index(IndexSettings(location=location))
    yield opened
    opened.close()


@pytest.fixture
def alerts(tmp_path, location):
    """Return a function that runs ``vigie alerts`` with the given receivers."""

    def run(*arguments, **channels):
        path = tmp_path / "monitor.yaml"
        written = {
            "index": {"location": location},
            "fetch": {"allow_addresses": ["127.0.0.0/8"], "timeout_secs": 5},
            "alerts": {"channels": channels, "rules": [{"subjects": ["*"]}]},
        }
        path.write_text(json.dumps(written), encoding="utf-8")
        return main(["alerts", *arguments, "--config", str(path)])

    return run


def hook(receiver):
    return {"type": "webhook", "url": receiver.url, "secret": "s3cret"}


def apprise(receiver):
    return {"type": "apprise", "url": receiver.url.replace("http://", "json://")}


def waiting(number):
    """Return an alert of a document of its own whose first attempt failed."""
    return replace(
        ALERT,
        id=f"a{number}",
        document_id=f"d{number}",
        title=f"Title {number}",
        attempts=1,
        error="desk: status 503",
        next_attempt_at=NOW + timedelta(minutes=30),
    )


def test_the_list_shows_what_went_where_and_why_the_rest_did_not(index, alerts, capsys):
    gone = replace(ALERT, id="sent", delivered_to=("desk",), alerted_at=NOW, attempts=1)
    index.store_alerts([gone, waiting(1)])
    assert alerts("list") == 0
    printed = capsys.readouterr().out
    assert "  desk\n" in printed
    assert "not delivered (desk: status 503)" in printed
    assert alerts("list", "--json", "--limit", "5") == 0
    found = {one["id"]: one for one in map(json.loads, capsys.readouterr().out.splitlines())}
    assert found["sent"]["delivered_to"] == ["desk"]
    assert (found["a1"]["attempts"], found["a1"]["title"]) == (1, "Title 1")


def test_an_empty_outbox_is_an_empty_list(index, alerts, capsys):
    assert alerts("list") == 0
    assert capsys.readouterr().out == ""


def test_a_test_alert_reaches_every_receiver_and_is_kept_nowhere(index, alerts, receiver, capsys):
    assert alerts("send-test", desk=hook(receiver), chat=apprise(receiver)) == 0
    assert capsys.readouterr().out.splitlines() == ["desk: sent", "chat: sent"]
    (headers, signed), (_, said) = receiver.requests
    assert json.loads(signed)["subject"] == "test"
    assert headers["Idempotency-Key"] == json.loads(signed)["id"]
    assert headers["X-Vigie-Signature"].startswith("t=")
    assert "This is a test" in json.loads(said)["title"]
    assert index.alerts() == []


def test_a_receiver_that_refuses_the_test_is_named_and_the_next_one_is_tried(
    index, alerts, receiver, capsys
):
    receiver.statuses = [404]
    assert alerts("send-test", desk=hook(receiver), duty=hook(receiver)) == 3
    assert capsys.readouterr().out.splitlines() == ["desk: failed: status 404", "duty: sent"]


def test_a_retry_sends_at_once_what_waits_and_only_once(index, alerts, receiver, capsys):
    index.store_alerts([waiting(number) for number in range(3)])
    assert alerts("retry", desk=hook(receiver)) == 0
    assert capsys.readouterr().out == "3 sent, 0 failed\n"
    keys = {headers["Idempotency-Key"] for headers, _ in receiver.requests}
    assert keys == {"a0", "a1", "a2"}
    assert alerts("retry", desk=hook(receiver)) == 0
    assert capsys.readouterr().out == "0 sent, 0 failed\n"
    assert len(receiver.requests) == 3


def test_a_retry_that_fails_again_says_so_and_loses_nothing(index, alerts, receiver, capsys):
    index.store_alerts([waiting(1)])
    receiver.statuses = [503]
    assert alerts("retry", desk=hook(receiver)) == 3
    assert capsys.readouterr().out == "0 sent, 1 failed\n"
    (kept,) = index.alerts()
    assert (kept.attempts, kept.error, kept.delivered_to) == (2, "desk: status 503", ())


def test_people_are_not_flooded_by_what_gathered_while_their_receiver_was_down(
    index, alerts, receiver
):
    index.store_alerts([waiting(number) for number in range(40)])
    assert alerts("retry", chat=apprise(receiver)) == 0
    assert len(receiver.requests) == 4
    told = "".join(json.loads(body)["message"] for _, body in receiver.requests)
    assert all(f"Title {number} " in told for number in range(40))
    assert all(one.delivered_to == ("chat",) for one in index.alerts())


def test_a_receiver_that_never_answers_holds_nobody_up_and_nothing_is_lost(
    index, alerts, receiver, capsys
):
    index.store_alerts([waiting(1)])
    receiver.hold()
    silent = {"type": "webhook", "url": receiver.url}
    try:
        assert alerts("retry", desk=silent, screen={"type": "console"}) == 3
    finally:
        receiver.release()
    (kept,) = index.alerts()
    assert kept.delivered_to == ("screen",)
    assert kept.error.startswith("desk: timeout")
    assert "Title 1" in capsys.readouterr().err
