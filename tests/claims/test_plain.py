"""Plain sentences of two events: what came and left, was promised and came, or is put off."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path

import pytest
import yaml

from connectors.records import Mention
from pipelines.claims import find_claims
from pipelines.times import find_times

AT = datetime(2025, 7, 1, tzinfo=timezone.utc)
NAMES = {
    "Iskander": "iskander",
    "Искандер": "iskander",
    "Іскандер": "iskander",
    "Oreshnik": "oreshnik",
    "Typhon": "typhon",
}
PLAIN = yaml.safe_load((Path(__file__).parents[1] / "data" / "plain.yaml").read_text("utf-8"))


@pytest.mark.parametrize("language", sorted({item["language"] for item in PLAIN}))
def test_each_sentence_tells_what_a_reader_finds_in_it(language: str) -> None:
    items = [item for item in PLAIN if item["language"] == language]

    wrong = [
        (item["says"], told)
        for item in items
        if (told := _told(language, item["says"])) != sorted(item["told"])
    ]

    assert wrong == []


def _told(language: str, text: str) -> list[str]:
    mentions = [
        Mention(subject=system, field="text", start=start, end=start + len(name), quote=name)
        for name, system in NAMES.items()
        if (start := text.find(name)) >= 0
    ]
    claims = find_claims(
        title="",
        text=text,
        language=language,
        published_at=AT,
        mentions=mentions,
        times=find_times(text, language, AT),
    )
    told = ([c.system, c.place or "-", c.status, c.when or ""] for c in claims)
    return sorted(" ".join(parts).strip() for parts in told)
