"""The labelled expressions of the development data, by language."""

import json
import os
from datetime import datetime, timezone
from pathlib import Path

import pytest

from pipelines.times import find_times

DATA = Path(__file__).parents[2].parent / "shared" / "data" / "time-dev.jsonl"
LEAST_RIGHT = 0.95
"""Share that issue 7 asks for, in every language."""


@pytest.mark.skipif(
    not DATA.exists() and os.environ.get("CI") != "true", reason=f"no labelled data at {DATA.name}"
)
@pytest.mark.parametrize("language", ["fr", "en", "ru", "be", "uk", "pl", "de", "es", "it"])
def test_labelled_expressions_are_read_exactly(language: str) -> None:
    items = [json.loads(line) for line in DATA.read_text("utf-8").splitlines()]
    items = [item for item in items if item["lang"] == language]
    wrong = [item["text"] for item in items if not _is_right(item)]
    assert items
    assert 1 - len(wrong) / len(items) >= LEAST_RIGHT, wrong


def _is_right(item: dict[str, str]) -> bool:
    at = datetime.fromisoformat(item["base"]).replace(tzinfo=timezone.utc)
    found = [time.value for time in find_times(item["text"], item["lang"], at)]
    return item["value"] in found if item["value"] else not found
