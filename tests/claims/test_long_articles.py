"""Articles of full length: what is told far from the weapon's name, or beside other matters."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from connectors.records import Claim

Finder = Callable[..., tuple[Claim, ...]]
Stage = tuple[str, str | None, str, str | None]


def stages(claims_of: Finder, language: str, text: str) -> set[Stage]:
    return {(c.system, c.place, c.status, c.when) for c in claims_of(language, text)}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "en",
            (
                "The Typhon system is in the Philippines. The harvest was poor. Wages fell. It"
                " rained. The same missile could come to Japan in September."
                " A Dark Eagle battery is on its way to Australia."
            ),
        ),
        (
            "fr",
            (
                "Le système Typhon se trouve aux Philippines. La récolte est mauvaise. Les salaires"
                " baissent. Les ouvriers protestent. Ce missile pourrait arriver au Japon en"
                " septembre. Une batterie Dark Eagle est en route vers l'Australie."
            ),
        ),
        (
            "it",
            (
                "Il sistema Typhon si trova nelle Filippine. La raccolta è scarsa. I salari calano."
                " Gli operai protestano. La stessa arma potrebbe arrivare in Giappone a settembre."
                " Una batteria Dark Eagle è in viaggio verso l'Australia."
            ),
        ),
    ],
)
def test_the_weapon_far_on_is_the_only_one_that_was_named(
    claims_of: Finder, language: str, text: str
) -> None:
    assert stages(claims_of, language, text) == {
        ("typhon", "PH", "completed", None),
        ("typhon", "JP", "possible", "2025-09"),
        ("dark-eagle", "AU", "underway", None),
    }


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "en",
            (
                "Iskander missiles are in Belarus. The harvest was poor. Wages fell. It rained."
                " Kos had been withdrawn in May, and nobody minded."
            ),
        ),
        (
            "nl",
            (
                "De Iskander staat in Belarus. De oogst was slecht. De lonen dalen. Het regende."
                " Kos had een jaar uitstel voorgesteld en Lee noemde dat een goed idee."
            ),
        ),
    ],
)
def test_far_from_its_name_a_word_must_be_of_the_weapon(
    claims_of: Finder, language: str, text: str
) -> None:
    assert stages(claims_of, language, text) == {("iskander", "BY", "completed", None)}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Two Iskander missiles hit Kharkiv and thirty patients were moved."),
        ("de", "Zwei Iskander schlugen in Charkiw ein, dreißig Patienten wurden verlegt."),
        ("fr", "Deux Iskander ont frappé Kharkiv : trente patients ont été transférés."),
        ("pl", "Dwa Iskandery uderzyły w Charków, a trzydziestu pacjentów przeniesiono."),
    ],
)
def test_who_is_moved_after_a_strike_is_no_weapon(
    claims_of: Finder, language: str, text: str
) -> None:
    assert stages(claims_of, language, text) == {("iskander", "UA", "used", None)}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Two Iskander missiles hit Kharkiv and more of them have been moved to Belarus."),
        ("de", "Zwei Iskander schlugen in Charkiw ein, weitere wurden nach Belarus verlegt."),
    ],
)
def test_a_weapon_moved_after_a_strike_came(claims_of: Finder, language: str, text: str) -> None:
    assert ("iskander", "BY", "completed", None) in stages(claims_of, language, text)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The Dutch navy will receive Tomahawk missiles for its frigates from 2028."),
        ("nl", "De marine krijgt vanaf 2028 de Tomahawk voor haar fregatten."),
        ("fr", "Les Pays-Bas recevront en 2028 des Tomahawk pour leurs frégates."),
        ("de", "Japan wird seine Zerstörer 2026 mit Tomahawk ausrüsten."),
        ("pl", "Marynarka otrzyma w 2028 roku pociski Tomahawk dla swoich fregat."),
    ],
)
def test_what_is_for_ships_comes_to_no_country(claims_of: Finder, language: str, text: str) -> None:
    assert not claims_of(language, text)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "La marine stationnera des Tomahawk en Pologne en 2026."),
        ("es", "La marina desplegará los Tomahawk en Polonia en 2026."),
        ("it", "La marina schiererà i Tomahawk in Polonia nel 2026."),
    ],
)
def test_what_the_navy_puts_on_land_is_planned(claims_of: Finder, language: str, text: str) -> None:
    assert stages(claims_of, language, text) == {("tomahawk", "PL", "planned", "2026")}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Iskander missiles are in Belarus. Minsk has asked Moscow for Su-57 jets too."),
        ("en", "Iskander missiles are in Belarus. A Su-57 aircraft will arrive there by May 2026."),
        (
            "de",
            "Iskander stehen in Belarus. Minsk hat Moskau um Kampfflugzeuge vom Typ Su-57 gebeten.",
        ),
        ("uk", "«Іскандер» стоїть у Білорусі. Мінськ попросив у Москви винищувачі Су-57."),
    ],
)
def test_a_weapon_called_by_letters_and_digits_is_another(
    claims_of: Finder, language: str, text: str
) -> None:
    assert stages(claims_of, language, text) == {("iskander", "BY", "completed", None)}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "en",
            "B61 bombs are in Turkey. In May the bombs were moved to Italy on C-17 planes.",
        ),
        (
            "de",
            "B61 liegen in der Türkei. Im Mai wurden die Bomben mit C-17 nach Italien verlegt.",
        ),
        (
            "fr",
            "Des B61 sont en Turquie. En mai, les bombes ont été transférées en Italie par C-17.",
        ),
    ],
)
def test_what_brought_the_weapon_is_no_other_weapon(
    claims_of: Finder, language: str, text: str
) -> None:
    assert ("b61", "IT", "completed", "2025-05") in stages(claims_of, language, text)
