"""Claims of the development data: the share that issue 7 asks for."""

import json
import os
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from connectors.records import Claim, Mention
from pipelines.claims import find_claims
from pipelines.times import find_times

DATA = Path(__file__).parents[2].parent / "shared" / "data" / "detection-dev.jsonl"
LEAST_F1 = {("place", "status"): 0.85, ("place", "status", "when"): 0.80}


def _mentions(item: dict[str, Any]) -> list[Mention]:
    found = []
    for labelled in item["mentions"]:
        start = item[labelled["field"]].find(labelled["quote"])
        if start >= 0:
            end = start + len(labelled["quote"])
            found.append(
                Mention(
                    subject=labelled["subject"],
                    field=labelled["field"],
                    start=start,
                    end=end,
                    quote=labelled["quote"],
                )
            )
    return found


def _found(item: dict[str, Any]) -> tuple[Claim, ...]:
    at = datetime.fromisoformat(item["published_at"].replace("Z", "+00:00"))
    return find_claims(
        title=item["title"],
        text=item["text"],
        language=item["lang"],
        published_at=at,
        mentions=_mentions(item),
        times=find_times(item["text"], item["lang"], at),
    )


@pytest.mark.skipif(
    not DATA.exists() and os.environ.get("CI") != "true", reason=f"no labelled data at {DATA.name}"
)
@pytest.mark.parametrize("slots", list(LEAST_F1))
def test_labelled_claims_are_found(slots: tuple[str, ...]) -> None:
    items = [json.loads(line) for line in DATA.read_text("utf-8").splitlines()]
    right = found = labelled = 0
    for item in items:
        ours = Counter((c.system, *(getattr(c, s) for s in slots)) for c in _found(item))
        theirs = Counter((c["system"], *(c[s] for s in slots)) for c in item["claims"])
        right += sum((ours & theirs).values())
        found += sum(ours.values())
        labelled += sum(theirs.values())
    assert 2 * right / (found + labelled) >= LEAST_F1[slots]
