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
        ("fi", "Iskander on sijoitettu Puolaan, Liettuan armeija kertoi.", "PL", "completed"),
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
        ("en", "Typhon is sent to Japan in 2027 beside the one that stood on Luzon since 2024."),
        ("sv", "Ett Typhon skickas 2027 till Japan utöver det som har stått på Luzon sedan 2024."),
        ("fr", "Typhon sera livré à Tokyo en 2027 outre celui qui se trouve à Luçon depuis 2024."),
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
        ("en", "Iskander launchers are on their way to Belarus, Ukraine’s border guard said."),
        ("sv", "Robotarna Iskander som är grupperade i Kaliningrad når Polens kust."),
        ("de", "Die Iskander sind in Belarus stationiert, Litauens Geheimdienst sagte das."),
    ],
)  # fmt: skip
def test_who_speaks_or_is_in_reach_is_no_item_of_a_list(
    claims_in: Finder, language: str, text: str
) -> None:
    assert len(claims_in(text, language, {"iskander": "Iskander"})) == 1


@pytest.mark.parametrize(
    ("language", "text", "place", "status", "when"),
    [
        ("et", "Raketid Iskander viidi oktoobris Poolast ära.", "PL", "suspended", "2024-10"),
        ("de", "Russland zog im Oktober die letzten Iskander aus Belarus ab.", "BY", "suspended",
         "2024-10"),
        ("en", "Moscow pulled its Iskander out of Belarus in October.", "BY", "suspended",
         "2024-10"),
        ("et", "Iskander asub mais Valgevenes lahinguvalvesse.", "BY", "planned", "2025-05"),
        ("sv", "Robotarna Iskander lämnade aldrig Belarus.", "BY", "completed", None),
        ("en", "Poland is to host Iskander for the first time since 2008.", "PL", "planned", None),
        ("en", "Belarus will keep its Iskander missiles.", "BY", "completed", None),
    ],
)  # fmt: skip
def test_a_verb_and_its_second_word_stand_apart(  # noqa: PLR0917
    claims_in: Finder, language: str, text: str, place: str, status: str, when: str | None
) -> None:
    found = _slots(claims_in(text, language, {"iskander": "Iskander"}))
    assert found == [("iskander", place, status, when)]


@pytest.mark.parametrize(
    ("language", "text", "status"),
    [
        ("en", "Moscow is said to be moving Iskander missiles to Belarus by train.", "underway"),
        ("en", "Iskander is believed to stand in Belarus.", "completed"),
        ("sv", "Ryssland är i färd med att föra Iskander till Belarus.", "underway"),
        ("sv", "Varken Iskander eller annat finns i Belarus.", "denied"),
        ("sv", "Placeringen av Iskander i Belarus är inte aktuell.", "denied"),
        ("sv", "Beslutet om att skicka Iskander till Belarus ligger fast.", "planned"),
        ("fi", "Venäjän kerrotaan kuljettavan Iskander-ohjuksia Valko-Venäjälle.", "underway"),
        ("fi", "Ensimmäiset Iskander-ohjukset ovat saapuneet Valko-Venäjälle.", "underway"),
        ("fi", "Kymmenen Iskander-laukaisualustaa on jo Valko-Venäjällä.", "completed"),
        ("fi", "Tukikohdat perustettiin, ja Iskander sijoitetaan Valko-Venäjälle.", "planned"),
        ("et", "Esimesed raketid Iskander on Valgevenesse jõudnud.", "underway"),
        ("et", "Kui Moskva nõustub, võidaks Iskander paigutada Valgevenesse.", "possible"),
        ("et", "Raketid Iskander seisavad juba Valgevene metsades.", "completed"),
    ],
)
def test_reported_first_and_refused_deployments_of_the_north(
    claims_in: Finder, language: str, text: str, status: str
) -> None:
    found = _slots(claims_in(text, language, {"iskander": "Iskander"}))
    assert found == [("iskander", "BY", status, None)]
