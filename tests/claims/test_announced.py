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


def told(claims_of: Finder, language: str, text: str) -> set[tuple[str | None, str, str | None]]:
    return {(c.place, c.status, c.when) for c in claims_of(language, text)}


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (
            "pt",
            "Os B61 regressaram ao Reino Unido em março de 2025.",
            ("GB", "completed", "2025-03"),
        ),
        ("pt", "Os B61 regressaram da Polónia em março de 2025.", ("PL", "suspended", "2025-03")),
        ("pt", "Os B61 partiram em maio da Polónia.", ("PL", "suspended", "2025-05")),
        ("es", "Los B61 regresaron al Reino Unido en marzo.", ("GB", "completed", "2025-03")),
        ("fr", "Les B61 sont revenues au Royaume-Uni en mars.", ("GB", "completed", "2025-03")),
    ],
)
def test_what_returned_to_a_country_did_not_leave_it(
    claims_of: Finder, language: str, text: str, expected: tuple[str, str, str]
) -> None:
    assert told(claims_of, language, text) == {expected}


@pytest.mark.parametrize(
    ("language", "text", "status"),
    [
        ("es", "El lunes anunciaron que a partir de 2026 habría Tomahawk en Alemania.", "planned"),
        ("es", "Según el diario, en 2026 habría Tomahawk en Alemania.", "possible"),
        (
            "fr",
            "Washington a annoncé qu'il y aurait des Tomahawk en Allemagne en 2026.",
            "planned",
        ),
        (
            "fr",
            "Washington a annoncé que des Tomahawk seraient stationnés en Allemagne en 2026.",
            "planned",
        ),
        (
            "fr",
            "Selon le journal, des Tomahawk seraient stationnés en Allemagne en 2026.",
            "possible",
        ),
        ("it", "Washington annunciò che nel 2026 ci sarebbero Tomahawk in Germania.", "planned"),
        ("pt", "Washington anunciou que em 2026 haveria Tomahawk na Alemanha.", "planned"),
        ("pt", "Washington anunciou que em 2026 poderia haver Tomahawk na Alemanha.", "possible"),
    ],
)
def test_the_conditional_of_what_was_announced_is_a_plan(
    claims_of: Finder, language: str, text: str, status: str
) -> None:
    assert told(claims_of, language, text) == {("DE", status, "2026")}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("zh", "“Typhon”系统已部署在丹麦。首批四架F-35将于今年秋天运抵丹麦。"),
        ("zh", "“Typhon”系统已部署在丹麦。芬兰今年将有两千人进驻立陶宛。"),
        ("zh", "“Typhon”系统已部署在丹麦。12式导弹将于明年3月部署在日本。"),
        ("ja", "「Typhon」はデンマークに配備された。最初のF-35は今年秋にデンマークに配備される。"),
        ("en", "Typhon is deployed in Denmark. The Type 12 missiles will be based there in May."),
    ],
)
def test_other_arms_and_the_troops_of_others_are_not_it(
    claims_of: Finder, language: str, text: str
) -> None:
    assert told(claims_of, language, text) == {("DK", "completed", None)}


def test_the_weapon_that_another_country_will_have_is_told(claims_of: Finder) -> None:
    text = "“Typhon”系统已部署在丹麦。该系统还将于今年秋天部署在日本。"
    assert ("JP", "planned", "2025-FA") in told(claims_of, "zh", text)
