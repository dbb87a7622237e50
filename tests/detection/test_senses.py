"""Short labelled texts put between news of another kind: what is elsewhere decides little."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path

import pytest

from pipelines.detection.weighing import Weigh

DATA = Path(__file__).parents[1] / "data" / "detection"
FILLERS = 4


@pytest.fixture(scope="module")
def texts():
    """The labelled texts of each language."""
    by_language = defaultdict(list)
    for name in ("heldout.jsonl", "blind-b.jsonl"):
        for line in (DATA / name).read_text(encoding="utf-8").splitlines():
            item = json.loads(line)
            by_language[item["lang"]].append(item)
    return by_language


def named(detector, item) -> set[str]:
    """Return the subjects whose names stand in ``item``, whatever they mean there."""
    doc = detector.prepare(title="", text=item["text"], language=item["lang"])
    if doc is None:
        return set()
    return {
        one.id
        for one in detector.compiled
        if any(node.one_sense and doc.spans(node.parts[0]) for node in weighs(one.rule))
    }


def weighs(node):
    """Yield the parts of a rule that weigh."""
    if isinstance(node, Weigh):
        yield node
    else:
        for part in node.parts:
            yield from weighs(part)


def between(item, others) -> str:
    """Return the text of ``item`` as a paragraph between those of ``others``."""
    parts = [one["text"] for one in others]
    return "\n\n".join([*parts[: FILLERS // 2], item["text"], *parts[FILLERS // 2 :]])


def outcomes(detector, texts, *, meant: bool) -> list[bool]:
    """Return for each name, meant as a weapon or not, whether it counts between other texts.

    Weapons stand between texts without a subject, namesakes between texts with other subjects.
    """
    counted = []
    for items in texts.values():
        names = {item["id"]: named(detector, item) for item in items}
        for place, item in enumerate(items):
            rest = items[place + 1 :] + items[:place]
            for subject in sorted(names[item["id"]]):
                if (subject in item["subjects"]) is not meant:
                    continue
                others = [
                    one
                    for one in rest
                    if bool(one["subjects"]) is not meant and subject not in names[one["id"]]
                ]
                text = between(item, others[:FILLERS])
                found = detector.detect(title="", text=text, language=item["lang"])
                counted.append(subject in {one.subject for one in found})
    return counted


def test_a_weapon_between_other_news_is_found(shipped, texts):
    counted = outcomes(shipped, texts, meant=True)
    assert len(counted) > 300
    assert sum(counted) / len(counted) >= 0.99


def test_a_namesake_between_military_news_seldom_counts(shipped, texts):
    counted = outcomes(shipped, texts, meant=False)
    assert len(counted) > 150
    assert sum(counted) / len(counted) <= 0.22, ".54 when evidence counted wherever it stood"
