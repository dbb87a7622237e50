"""Who asks for a weapon, and whose name is nobody's words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.claims.conftest import Finder


def _speakers(claims_in: Finder, language: str, text: str, name: str) -> set[str | None]:
    found = claims_in(text, language, {"oreshnik": name})
    return {claim.speaker for claim in found}


@pytest.mark.parametrize(
    ("language", "text", "name", "speaker"),
    [
        (
            "en",
            "Turning to Putin, Alexander Lukashenko urged him to base the Oreshnik in Belarus.",
            "Oreshnik",
            "Lukashenko",
        ),
        (
            "en",
            "Putin was asked by Lukashenko to deploy the Oreshnik in Belarus.",
            "Oreshnik",
            "Lukashenko",
        ),
        (
            "fr",
            "Le chef de la junte, le général Moussa Kanté, a sollicité des Orechnik au Niger.",
            "Orechnik",
            "Kante",
        ),
        (
            "de",
            (
                "Bei einem Treffen mit Putin bat Lukaschenko um die Stationierung von "
                "Oreschnik-Raketen in Belarus."
            ),
            "Oreschnik",
            "Lukashenko",
        ),
        (
            "es",
            "La petición de misiles Oreshnik para Cuba partió de Ernesto Rivas.",
            "Oreshnik",
            "Rivas",
        ),
        (
            "ru",
            "С просьбой разместить «Орешник» в Белоруссии к Путину обратился Лукашенко.",
            "Орешник",
            "Lukashenko",
        ),
        (
            "pl",
            "W obecności Putina Łukaszenka poprosił o rozmieszczenie Oriesznika na Białorusi.",
            "Oriesznika",
            "Lukashenko",
        ),
        (
            "de",
            "Belarus hat um Oreschnik-Raketen gebeten. Das teilte Lukaschenko am Freitag mit.",
            "Oreschnik",
            "Lukashenko",
        ),
    ],
)
def test_who_asks_is_no_addressee(
    claims_in: Finder, language: str, text: str, name: str, speaker: str
) -> None:
    assert _speakers(claims_in, language, text, name) == {speaker}


@pytest.mark.parametrize(
    ("language", "text", "name", "speaker"),
    [
        (
            "fr",
            (
                "L'Orechnik est en Biélorussie, a déclaré le vice-ministre bélarusse de la Défense "
                "Andreï Joudov."
            ),
            "Orechnik",
            "Zhudov",
        ),
        (
            "es",
            "El Oreshnik está en Bielorrusia, dijo el viceministro de Defensa Anatoli Krivonos.",
            "Oreshnik",
            "Krivonos",
        ),
        (
            "pt",
            (
                "O Oreshnik está na Bielorrússia, anunciou o comandante das Forças de Mísseis "
                "Aeroespaciais, Rui Duarte."
            ),
            "Oreshnik",
            "Duarte",
        ),
        (
            "de",
            "Oreschnik-Raketen sind in Belarus stationiert, meldet die Minsker Armeezeitung.",
            "Oreschnik",
            None,
        ),
        (
            "it",
            ("L'Oreshnik è in Bielorussia. A rivelarlo è stato il consigliere Marco Bruni."),
            "Oreshnik",
            "Bruni",
        ),
        (
            "hu",
            "Az Oresnyik Fehéroroszországba érkezett. Erről a miniszter, Kovács Péter beszélt.",
            "Oresnyik",
            "Kovacs",
        ),
        (
            "lv",
            "„Orešņik” ir Baltkrievijā, sacīja gubernators Oleksijs Bondarčuks.",
            "Orešņik",
            "Bondarchuk",
        ),
    ],
)
def test_whose_office_and_whose_name(
    claims_in: Finder, language: str, text: str, name: str, speaker: str | None
) -> None:
    assert _speakers(claims_in, language, text, name) == {speaker}


@pytest.mark.parametrize(
    ("language", "text", "name", "speaker"),
    [
        (
            "en",
            "The Oreshnik is in Belarus, according to three officials close to Viktor Khrenin.",
            "Oreshnik",
            None,
        ),
        (
            "ru",
            "«Орешник» размещён в Белоруссии, утверждают источники, близкие к Лукашенко.",
            "Орешник",
            None,
        ),
        (
            "it",
            (
                "L'Oreshnik arriverà in Bielorussia, ha anticipato ieri in un'intervista al "
                'quotidiano "La Stampa" il sottosegretario alla Difesa Marco Bruni.'
            ),
            "Oreshnik",
            "Bruni",
        ),
        (
            "ro",
            (
                "Oreshnik va fi amplasat în Belarus, a dezvăluit marți, într-un interviu, "
                "secretarul de stat în Ministerul Apărării Ion Ceban după o vizită."
            ),
            "Oreshnik",
            "Ceban",
        ),
        (
            "tr",
            "Bakan Ali Demir Ankara'da gazetecilere, Oreşnik'in Belarus'a ulaştığını açıkladı.",
            "Oreşnik",
            "Demir",
        ),
        (
            "es",
            "El Oreshnik llegará a Bielorrusia, según fuentes cercanas a Lukashenko.",
            "Oreshnik",
            None,
        ),
    ],
)
def test_who_stands_behind_the_verb_speaks_and_nobody_near_a_source(
    claims_in: Finder, language: str, text: str, name: str, speaker: str | None
) -> None:
    assert _speakers(claims_in, language, text, name) == {speaker}


@pytest.mark.parametrize(
    ("language", "text", "name", "speakers"),
    [
        (
            "en",
            (
                "The Oreshnik is in Belarus, Admiral James Holt said. A Russian defence "
                "ministry spokesman denied that the Oreshnik was deployed in Cuba."
            ),
            "Oreshnik",
            {"Holt", None},
        ),
        (
            "pt",
            (
                "O Oreshnik está na Bielorrússia, garantiu o ministro da Defesa, Viktor Khrenin. "
                "O governante recusou dar números, mas adiantou que o Oreshnik chegará a Cuba."
            ),
            "Oreshnik",
            {"Khrenin"},
        ),
        (
            "uk",
            "За словами генерала Івана Бондаря, «Орєшнік» розмістять у Білорусі.",
            "Орєшнік",
            {"Bondar"},
        ),
    ],
)
def test_whose_office_points_back(
    claims_in: Finder, language: str, text: str, name: str, speakers: set[str | None]
) -> None:
    assert _speakers(claims_in, language, text, name) == speakers
