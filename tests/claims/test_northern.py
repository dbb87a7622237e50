"""What English, Swedish, Finnish and Estonian texts say, and rules first met in them."""

from collections.abc import Callable

import pytest

from connectors.records import Claim

Finder = Callable[..., tuple[Claim, ...]]


def _slots(claims: tuple[Claim, ...]) -> list[tuple[str, str | None, str, str | None]]:
    return [(c.system, c.place, c.status, c.when) for c in claims]


@pytest.mark.parametrize(
    ("language", "text", "place", "status"),
    [
        ("fi", "Iskander-ohjukset palautettiin Valko-Venäjältä Venäjälle.", "BY", "suspended"),
        ("et", "Raketid Iskander viidi Valgevenest tagasi Venemaale.", "BY", "suspended"),
        ("fi", "Iskander-ohjukset eivät ole lähteneet Valko-Venäjältä.", "BY", "completed"),
        ("fi", "Iskander-ohjuksia on sijoitettu Puolaan, Liettuan armeija kertoi.", "PL", "completed"),
        ("hu", "Az Iskander rakétákat Fehéroroszországból visszavitték Oroszországba.", "BY",
         "suspended"),
    ],
)  # fmt: skip
def test_the_case_of_a_country_stands_for_a_preposition(
    claims_in: Finder, language: str, text: str, place: str, status: str
) -> None:
    found = _slots(claims_in(text, language, {"iskander": "Iskander"}))
    assert found == [("iskander", place, status, None)]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "A second Typhon will go to Japan in 2027 to join the one that has stood in"
         " the Philippines since 2024."),
        ("sv", "Ett andra Typhon ska skickas till Japan under 2027 och förstärka det som har"
         " stått i Filippinerna sedan 2024."),
        ("fr", "Un second Typhon sera livré au Japon en 2027 pour renforcer celui qui est"
         " stationné aux Philippines depuis 2024."),
    ],
)  # fmt: skip
def test_the_one_that_stands_elsewhere_is_another_weapon(
    claims_in: Finder, language: str, text: str
) -> None:
    found = _slots(claims_in(text, language, {"typhon": "Typhon"}))
    assert sorted(found) == [
        ("typhon", "JP", "planned", "2027"),
        ("typhon", "PH", "completed", "2024"),
    ]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Iskander launchers are on their way to Osipovichi in Belarus, Ukraine’s border"
         " service said."),
        ("sv", "Robotarna Iskander som är grupperade i Kaliningrad når Polens kust."),
        ("de", "Die Iskander sind in Belarus stationiert, Litauens Geheimdienst sagte das."),
    ],
)  # fmt: skip
def test_who_speaks_or_is_in_reach_is_no_item_of_a_list(
    claims_in: Finder, language: str, text: str
) -> None:
    assert len(claims_in(text, language, {"iskander": "Iskander"})) == 1
