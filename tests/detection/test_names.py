"""The names that the press of each language gives to what is tracked, in many spellings."""

from __future__ import annotations

import json
from pathlib import Path

NAMES = Path(__file__).parents[1] / "data" / "names" / "detection.jsonl"


def test_every_name_of_the_press_is_found(shipped):
    items = [json.loads(line) for line in NAMES.read_text(encoding="utf-8").splitlines()]
    missed = []
    for item in items:
        mentions = shipped.detect(title="", text=item["text"], language=item["lang"])
        if item["subject"] not in {one.subject for one in mentions}:
            missed.append(item)
    assert len(items) > 300
    assert not missed


def test_names_in_the_title_alone_are_found_too(shipped):
    items = [json.loads(line) for line in NAMES.read_text(encoding="utf-8").splitlines()]
    for item in items[::20]:
        mentions = shipped.detect(title=item["text"], text="…", language=item["lang"])
        assert item["subject"] in {one.subject for one in mentions if one.field == "title"}, item
