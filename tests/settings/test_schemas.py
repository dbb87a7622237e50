"""The JSON Schemas of the files that ops write say what the models say, and editors find them."""

import json
from pathlib import Path

import jsonschema
import pytest
import yaml
from pydantic import ValidationError

from pipelines.config_models import FeedsFile, MonitorFile
from tests.metrics.test_deploy import load_tool

CONFIG = Path(__file__).parents[2] / "config"
NAMES = ("monitor", "feeds")
MODELS = {"monitor": MonitorFile, "feeds": FeedsFile}


def schema(name):
    return json.loads((CONFIG / "schema" / f"{name}.schema.json").read_text("utf-8"))


def is_accepted(name, value):
    return jsonschema.Draft202012Validator(schema(name)).is_valid(value)


def test_the_schemas_are_as_the_tool_writes_them():
    assert load_tool("generate_config_schema").main(["--check"]) == 0


@pytest.mark.parametrize("name", NAMES)
def test_the_shipped_file_fits_and_names_its_schema(name):
    text = (CONFIG / f"{name}.yaml").read_text("utf-8")
    assert is_accepted(name, yaml.safe_load(text))
    (first,) = [line for line in text.splitlines() if "yaml-language-server" in line]
    assert (CONFIG / first.rpartition("$schema=")[2]).is_file()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("monitor", {}),
        ("monitor", {"metrics": {"port": 0}}),
        ("monitor", {"metrics": {"port": 65536}}),
        ("monitor", {"metrics": {"port": "many"}}),
        ("monitor", {"metrics": {"ports": 1}}),
        ("monitor", {"logs": {"level": "LOUD"}}),
        ("monitor", {"fetch": {"reread_after_hours": [0]}}),
        ("monitor", {"fetch": {"reread_after_hours": [24, 48]}}),
        ("monitor", {"alerts": {"channels": {"desk": {"url": "https://desk.example"}}}}),
        ("monitor", {"alerts": {"rules": [{"quiet_hours": "25:00-06:00"}]}}),
        ("monitor", {"alerts": {"rules": [{"severity": "critical", "min_sources": 2}]}}),
        ("monitor", {"websub": {"port": 80}}),
        ("feeds", {"feeds": [{"url": "https://news.example/rss"}]}),
        ("feeds", {"feeds": [{"outlet": "News"}]}),
        ("feeds", {"feeds": [{"url": "https://news.example/rss", "language": "english"}]}),
        ("feeds", {}),
    ],
)
def test_the_schema_takes_what_the_model_takes(name, value):
    try:
        MODELS[name].model_validate(value)
    except ValidationError:
        is_right = False
    else:
        is_right = True
    assert is_accepted(name, value) is is_right


def test_a_value_from_the_environment_fits_wherever_a_value_does():
    found = {"metrics": {"port": "${PORT:-9464}"}, "logs": {"level": "${LEVEL}"}}
    assert is_accepted("monitor", found)
    assert not is_accepted("monitor", {"metrics": "${METRICS}"})


def test_every_key_of_the_page_has_its_meaning_in_the_schema():
    found = schema("monitor")
    assert found["properties"]["interval_secs"]["description"].startswith("the first interval")
    rules = found["$defs"]["AlertRuleSettings"]["properties"]
    assert all("description" in key for key in rules.values())
