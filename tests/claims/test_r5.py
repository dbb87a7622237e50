"""The day of an attack is told once; missiles of another paragraph are not those named next."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from connectors.records import Claim

Finder = Callable[..., tuple[Claim, ...]]


def whens(claims_of: Finder, language: str, text: str) -> set[tuple[str, str | None, str | None]]:
    found = claims_of(language, text)
    return {(c.system, c.place, c.when) for c in found if c.status == "used"}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "en",
            (
                "Kyiv was attacked on Tuesday. Two people died. A school burned. "
                "The air force says that three Iskander missiles were fired at the city."
            ),
        ),
        (
            "pl",
            (
                "We wtorek zaatakowano Kijów. Zginęły dwie osoby. Spłonęła szkoła. "
                "Na miasto spadły trzy rakiety Iskander."
            ),
        ),
        (
            "de",
            (
                "Am Dienstag wurde Kiew angegriffen. Zwei Menschen starben. Eine Schule brannte. "
                "Drei Raketen vom Typ Iskander wurden auf die Stadt abgefeuert."
            ),
        ),
        (
            "zh",
            "乌克兰首都基辅10日遭到空袭。两人死亡。一所学校起火。俄军动用了三枚“Iskander”。",
        ),
    ],
)
def test_the_lead_tells_the_day_of_the_strikes(claims_of: Finder, language: str, text: str) -> None:
    assert whens(claims_of, language, text) == {("iskander", "UA", "2025-06-10")}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "en",
            (
                "On Tuesday two Kinzhal missiles hit Kyiv. A school burned. Nobody was hurt. "
                "Three Iskander missiles were fired at Kharkiv."
            ),
        ),
        (
            "es",
            (
                "El martes dos misiles Kinzhal cayeron sobre Kiev. Ardió una escuela. Nadie murió. "
                "Tres misiles Iskander cayeron sobre Járkov."
            ),
        ),
        (
            "fr",
            (
                "Mardi, deux Kinzhal sont tombés sur Kiev. Une école a brûlé. Il n'y a aucun mort. "
                "Trois Iskander ont frappé Kharkiv."
            ),
        ),
    ],
)
def test_the_first_weapon_tells_the_day_of_the_next(
    claims_of: Finder, language: str, text: str
) -> None:
    expected = {("kinzhal", "UA", "2025-06-10"), ("iskander", "UA", "2025-06-10")}
    assert whens(claims_of, language, text) == expected


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "en",
            (
                "Kyiv was attacked on 3 March. Two people died. A school burned. "
                "Three Iskander missiles were fired at the city."
            ),
        ),
        (
            "en",
            (
                "Kyiv was attacked on Tuesday and on Monday. Two people died. A school burned. "
                "Three Iskander missiles were fired at the city."
            ),
        ),
        (
            "es",
            (
                "El martes fue atacada Varsovia. Murieron dos personas. Ardió una escuela. "
                "Tres misiles Iskander cayeron sobre Kiev."
            ),
        ),
        (
            "de",
            (
                "Am Dienstag wurde in Kiew geredet. Die Sonne schien. Eine Schule brannte. "
                "Drei Raketen vom Typ Iskander wurden auf die Stadt Kiew abgefeuert."
            ),
        ),
    ],
)
def test_an_old_attack_or_one_elsewhere_dates_none(
    claims_of: Finder, language: str, text: str
) -> None:
    assert {when for _, _, when in whens(claims_of, language, text)} <= {None}


@pytest.mark.parametrize(
    ("language", "parted", "whole"),
    [
        (
            "en",
            "The missiles will come to Denmark in May.\n\nThe Typhon is new.",
            "The missiles will come to Denmark in May. The Typhon is new.",
        ),
        (
            "es",
            "Los misiles llegarán a Dinamarca en mayo.\n\nEl Typhon es nuevo.",
            "Los misiles llegarán a Dinamarca en mayo. El Typhon es nuevo.",
        ),
        (
            "pl",
            "Rakiety trafią do Danii w maju.\n\nTyphon jest nowy.",
            "Rakiety trafią do Danii w maju. Typhon jest nowy.",
        ),
    ],
)
def test_missiles_of_another_paragraph_are_not_those_named_next(
    claims_of: Finder, language: str, parted: str, whole: str
) -> None:
    assert not claims_of(language, parted)
    assert [c.place for c in claims_of(language, whole)] == ["DK"]
