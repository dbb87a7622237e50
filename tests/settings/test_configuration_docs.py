"""docs/configuration.md says what the models say: every key, and its default."""

import re
import typing
from pathlib import Path

import pytest
import yaml
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from pipelines.config_models import FeedSettings, MonitorFile

PAGE = (Path(__file__).parents[2] / "docs" / "configuration.md").read_text(encoding="utf-8")
TABLE = PAGE.partition("## Keys")[2].partition("\n## ")[0]
ROWS = dict(re.findall(r"^\| `([a-zA-Z_.\[\]]+)` \| ([^|]+) \|", TABLE, re.MULTILINE))


def model_in(annotation):
    """Return the model of a field, however it is wrapped, and what stands for its members."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation, ""
    for part in typing.get_args(annotation):
        found, _ = model_in(part)
        if found is not None:
            whole = typing.get_origin(annotation)
            return found, {dict: ".NAME", tuple: "[]"}.get(whole, "")
    return None, ""


def fields(model, before=""):
    """Yield the dotted name and the field of every key."""
    for name, field in model.model_fields.items():
        inner, members = model_in(field.annotation)
        if inner is None or inner is FeedSettings:
            yield before + name, field
            continue
        if members or field.default is None:
            yield before + name, field
        yield from fields(inner, f"{before}{name}{members}.")


KEYS = dict(fields(MonitorFile))


def test_every_key_has_its_row_and_no_row_is_of_another():
    assert set(ROWS) == set(KEYS)


@pytest.mark.parametrize("key", KEYS)
def test_the_default_that_is_told_is_that_of_the_code(key):
    told, field = ROWS[key], KEYS[key]
    if field.is_required():
        assert told == "must be there"
    elif field.default is None:
        assert told == "–"
    elif key == "alerts.rules":
        assert told == "one rule with its defaults"
        (rule,) = field.default
        assert not rule.model_fields_set
    elif field.default is PydanticUndefined:
        made = {
            name: one.model_dump(exclude_defaults=True)
            for name, one in field.get_default(call_default_factory=True).items()
        }
        assert yaml.safe_load(told.strip("`")) == made
    else:
        wanted = list(field.default) if isinstance(field.default, tuple) else field.default
        assert yaml.safe_load(told.strip("`")) == wanted
