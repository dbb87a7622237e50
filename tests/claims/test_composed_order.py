"""One statement in another order or form: the same weapon, place, stage and time are told."""

from __future__ import annotations

import random
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.claims.composed import COMPOSED, Told, wrong

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RELATIONS: dict[str, list[str]] = yaml.safe_load(
    (COMPOSED / "order" / "relations.yaml").read_text("utf-8")
)
LANGUAGES = ("be", "de", "en", "es", "fr", "it", "pl", "ru", "uk")
PARTS = {
    "a": "one_weapon_in_two_places",
    "b": "two_weapons_in_one_place",
    "c": "a_time_in_any_position",
    "d": "a_ground_in_any_form",
    "e": "a_deployment_in_any_form",
    "h": "two_at_once_and_verbs_left_out",
    "n": "what_only_looks_so",
    "g": "the_land_of_the_owner",
}


def _read(path: Path) -> dict[str, Any]:
    spec: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return spec


SPECS = {language: _read(COMPOSED / "order" / f"{language}.yaml") for language in LANGUAGES}
ALONE = {language: _read(COMPOSED / f"{language}.yaml") for language in LANGUAGES}


@pytest.mark.parametrize("part", PARTS, ids=PARTS.values())
@pytest.mark.parametrize("language", LANGUAGES)
def test_order_and_form_leave_what_is_told(language: str, part: str) -> None:
    spec = SPECS[language]
    sentences = [case for key in spec["says"] if key[0] == part for case in _filled(spec, key)]

    assert len(sentences) >= 20
    assert wrong(spec, sentences) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_three_clauses_together_say_what_each_says_alone(language: str) -> None:
    spec, alone = SPECS[language], ALONE[language]
    places = [*alone["places"], spec["third"]]
    names = [*alone["weapons"].values(), spec["weapons"]["typhon"]]
    weapons = list(zip(spec["weapons"], names, strict=True))
    draw = random.Random(3)
    sentences = []
    for joints in (("; ", "; "), (", ", spec["joint"])):
        for _ in range(50):
            clauses = draw.sample(alone["clauses"], 3)
            said = [
                clause["says"].format(X=weapon, **place)
                for clause, (_, weapon), place in zip(clauses, weapons, places, strict=True)
            ]
            told = {
                (system, place["code"], clause["status"], clause.get("when"))
                for clause, (system, _), place in zip(clauses, weapons, places, strict=True)
            }
            sentences.append((_sentence(said[0] + joints[0] + said[1] + joints[1] + said[2]), told))

    assert wrong(spec, sentences) == []


def _filled(spec: dict[str, Any], key: str) -> Iterator[tuple[str, Told]]:
    """Yield the sentences of one relation, with what each tells."""
    says, systems = spec["says"][key], list(spec["weapons"])[:2]
    pasts, futures, grounds = (
        list(spec[name].items()) if slot in says else [("", "")]
        for name, slot in (("past", "{T}"), ("future", "{F}"), ("grounds", "{Z}"))
    )
    turns = (0, 1) if "{A" in says else (0,)
    for x, a, past, future, ground in product((0, 1), turns, pasts, futures, grounds):
        near, far = spec["places"][a], spec["places"][1 - a]
        one, two = systems[x], systems[1 - x]
        meant = {"X": one, "Y": two, "A": near["code"], "B": far["code"]}
        meant |= {"Z": ground[1], "T": past[1], "F": future[1]}
        text = says.format(
            X=spec["weapons"][one],
            Y=spec["weapons"][two],
            A=near,
            B=far,
            T=past[0],
            F=future[0],
            Z=ground[0],
        )
        yield _sentence(text[:-1]), {_told_by(claim, meant) for claim in RELATIONS[key]}


def _told_by(claim: str, meant: dict[str, str]) -> tuple[str, str | None, str, str | None]:
    system, place, status, *when = claim.split()
    return meant[system], meant.get(place, place), status, meant.get(*when, *when) if when else None


def _sentence(clause: str) -> str:
    return f"{clause[0].upper()}{clause[1:]}."
