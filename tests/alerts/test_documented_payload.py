"""docs/alerts.md is an interface: what it says is what receivers get."""

import re
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
import yaml

from connectors.channels import PERMANENT_STATUSES, alert_payload, sign
from connectors.records import Alert, Claim
from pipelines.config_models import AlertSettings

GUIDE = (Path(__file__).parents[2] / "docs" / "alerts.md").read_text(encoding="utf-8")
NOW = datetime(2025, 1, 1, tzinfo=timezone.utc)
CLAIM = Claim(
    system="oreshnik",
    place="BY",
    status="planned",
    when="2025-H2",
    speaker="Putin",
    start=0,
    end=4,
    evidence="text",
)
ALERT = Alert(
    id="a1",
    subject="oreshnik",
    story_id="s1",
    development="contradiction",
    document_id="d1",
    title="Title",
    url="https://example.org/a",
    outlet="Example",
    language="en",
    quote="the Oreshnik",
    created_at=NOW,
    published_at=NOW - timedelta(minutes=5),
    first_seen_at=NOW - timedelta(minutes=1),
    alerted_at=NOW,
    new_claims=(CLAIM,),
    old_claims=(CLAIM,),
)


def documented_fields(heading):
    """Return the names in the first column of the table whose header begins with ``heading``."""
    table = re.search(rf"^\| {heading} \|.*\n\|[-|]+\n((?:\|.*\n)+)", GUIDE, re.MULTILINE)
    cells = [row.split("|")[1] for row in table[1].splitlines()]
    return {name for cell in cells for name in re.findall(r"`(\w+)`", cell)}


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)


def test_every_field_of_the_payload_is_documented_and_none_else():
    payload = alert_payload(ALERT)
    assert documented_fields("field") == set(payload)
    assert documented_fields("field of a claim") == set(payload["new_claims"][0])


def test_what_is_known_of_the_lags_is_documented():
    (line,) = [line for line in GUIDE.splitlines() if line.startswith("| `lags_secs`")]
    described = set(re.findall(r"`(since_\w+)`", line))
    assert described == set(alert_payload(ALERT)["lags_secs"])


def test_the_statuses_that_wait_an_hour_are_the_documented_ones():
    (line,) = [line for line in GUIDE.splitlines() if line.startswith("| 400")]
    assert set(map(int, re.findall(r"\b\d{3}\b", line))) == PERMANENT_STATUSES


def test_the_example_configuration_is_valid():
    channels, rules = blocks("yaml")
    written = yaml.safe_load(channels + rules)
    found = AlertSettings.model_validate(written["alerts"])
    assert {one.type for one in found.channels.values()} == {
        "webhook",
        "alertmanager",
        "apprise",
        "console",
    }
    assert len(found.rules) == 2


@pytest.fixture(scope="module")
def is_from_vigie():
    (code,) = blocks("python")
    namespace = {}
    exec(code, namespace)  # noqa: S102 - the example of our own guide
    return namespace["is_from_vigie"]


def test_the_example_accepts_our_signature(is_from_vigie):
    now = datetime.now(timezone.utc)
    assert is_from_vigie(b'{"id": 1}', sign(b'{"id": 1}', "s", now), "s")


@pytest.mark.parametrize(
    ("body", "secret", "age_secs"),
    [(b"{}", "s", 0), (b'{"id": 1}', "other", 0), (b'{"id": 1}', "s", 3600)],
    ids=["another body", "another secret", "an old request"],
)
def test_the_example_refuses_what_is_not_ours(is_from_vigie, body, secret, age_secs):
    sent_at = datetime.fromtimestamp(time.time() - age_secs, timezone.utc)
    assert not is_from_vigie(body, sign(b'{"id": 1}', "s", sent_at), secret)


@pytest.mark.parametrize("header", ["", "t=,v1=", "v1=abc", "t=1e3,v1=x", "t=٣,v1=x", "nonsense"])
def test_the_example_refuses_a_broken_header(is_from_vigie, header):
    assert not is_from_vigie(b"{}", header, "s")
