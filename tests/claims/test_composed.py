"""Two statements in one sentence: each is told as it is alone, and they do not cross."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest
import yaml

from tests.claims.composed import COMPOSED, Told, wrong

SPECS = [yaml.safe_load(path.read_text("utf-8")) for path in sorted(COMPOSED.glob("*.yaml"))]


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec["language"])
def test_each_clause_alone_says_what_it_is_written_for(spec: dict[str, Any]) -> None:
    sentences = [
        (_sentence(spec, _filled(spec, clause, at)), _wanted(spec, clause, at))
        for clause in spec["clauses"]
        for at in (0, 1)
    ]

    assert wrong(spec, sentences) == []


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec["language"])
def test_two_clauses_together_say_what_each_says_alone(spec: dict[str, Any]) -> None:
    sentences = [
        (
            _joined(spec, _filled(spec, one, 0), joint, _filled(spec, two, 1)),
            _wanted(spec, one, 0) | _wanted(spec, two, 1),
        )
        for joint in spec["joints"]
        for one, two in permutations(spec["clauses"], 2)
    ]

    assert len(sentences) >= 100
    assert wrong(spec, sentences) == []


def _filled(spec: dict[str, Any], clause: dict[str, Any], at: int) -> str:
    weapon = list(spec["weapons"].values())[at]
    return str(clause["says"].format(X=weapon, **spec["places"][at]))


def _wanted(spec: dict[str, Any], clause: dict[str, Any], at: int) -> Told:
    system, place = list(spec["weapons"])[at], spec["places"][at]["code"]
    return {(system, place, clause["status"], clause.get("when"))}


def _joined(spec: dict[str, Any], one: str, joint: str, two: str) -> str:
    first = _sentence(spec, one)[:-1]
    return first + joint + (_sentence(spec, two) if joint in {". ", "։ "} else two + _stop(spec))


def _sentence(spec: dict[str, Any], clause: str) -> str:
    return clause[0].title() + clause[1:] + _stop(spec)  # Georgian has no capitals to begin with.


def _stop(spec: dict[str, Any]) -> str:
    return str(spec.get("stop", "."))
