"""Two sentences: the second goes on with the weapon, or tells of something else."""

from __future__ import annotations

from typing import Any

import pytest

from tests.claims.composed import Told, wrong
from tests.claims.test_composed import SPECS, _filled, _sentence, _wanted

FOLLOWED = [spec for spec in SPECS if "next" in spec]


@pytest.mark.parametrize("spec", FOLLOWED, ids=lambda spec: spec["language"])
def test_a_sentence_that_points_back_tells_of_the_weapon(spec: dict[str, Any]) -> None:
    sentences = [
        (_followed(spec, clause, told), _with(_wanted(spec, clause, 0), _claim(spec, told)))
        for told in spec["next"]
        for clause in spec["clauses"]
        if _may_follow(clause, told)
    ]

    assert sentences
    assert wrong(spec, sentences) == []


@pytest.mark.parametrize("spec", FOLLOWED, ids=lambda spec: spec["language"])
def test_a_sentence_of_something_else_tells_nothing_of_the_weapon(spec: dict[str, Any]) -> None:
    sentences = [
        (_followed(spec, clause, told), _wanted(spec, clause, 0))
        for told in spec["next"]
        for clause in spec["clauses"]
        if "status" not in told
    ]

    assert sentences
    assert wrong(spec, sentences) == []


def _may_follow(clause: dict[str, Any], told: dict[str, Any]) -> bool:
    """Say whether both can be true: what came at a known time did not come at another one."""
    if clause["status"] not in told.get("after", ()):
        return False
    return told["place"] == "other" or told["status"] != "completed" or "when" not in clause


def _claim(spec: dict[str, Any], told: dict[str, Any]) -> tuple[str, str, str, str | None]:
    place = spec["places"][told["place"] == "other"]["code"]
    return next(iter(spec["weapons"])), place, told["status"], told.get("when")


def _with(told: Told, further: tuple[str, str, str, str | None]) -> Told:
    """Return both; when it came, told of late, is the time of what is there."""
    return {claim for claim in told if claim[:3] != further[:3]} | {further}


def _followed(spec: dict[str, Any], clause: dict[str, Any], told: dict[str, Any]) -> str:
    says = _sentence(spec, told["says"].format(**spec["places"][1]))
    blank = "" if spec.get("stop") == "。" else " "
    return _sentence(spec, _filled(spec, clause, 0)) + blank + says
