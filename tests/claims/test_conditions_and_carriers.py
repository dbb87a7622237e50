"""What was hit, what hangs on an "if", what somebody wants, and what is on its way."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from connectors.records import Claim

Finder = Callable[..., tuple[Claim, ...]]


def told(claims_of: Finder, language: str, text: str) -> set[tuple[str, str | None, str]]:
    """Return system, place and status of each claim."""
    return {(c.system, c.place, c.status) for c in claims_of(language, text)}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "An Iskander missile hit a training ground near Sumy."),
        ("en", "Two Iskander missiles struck a plant producing drones in Kyiv."),
        ("de", "Eine Iskander-Rakete hat einen Übungsplatz bei Sumy getroffen."),
        ("it", "Un missile Iskander ha colpito un campo di addestramento vicino a Sumy."),
        ("ru", "Ракета «Искандер» ударила по учебному полигону под Сумами."),
    ],
)
def test_a_training_ground_may_be_what_was_hit(claims_of: Finder, language: str, text: str) -> None:
    assert told(claims_of, language, text) == {("iskander", "UA", "used")}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "An Iskander missile hit a target at the Kapustin Yar test range."),
        ("en", "An Iskander missile hit the target during drills in Belarus."),
        ("ru", "На учениях ракета «Искандер» поразила цель на полигоне Капустин Яр."),
    ],
)
def test_a_drill_is_no_strike(claims_of: Finder, language: str, text: str) -> None:
    assert told(claims_of, language, text) == set()


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Drones struck a plant that produces Iskander missiles."),
        ("de", "Die Ukraine hat die Fabrik getroffen, die Iskander-Raketen baut."),
        ("fr", "Des drones ont frappé l'usine, où sont fabriqués les missiles Iskander."),
        ("it", "I droni hanno colpito lo stabilimento che produce i missili Iskander."),
        ("pl", "Drony uderzyły w zakład, który produkuje rakiety Iskander."),
        ("nl", "Drones troffen de fabriek die Iskander-raketten maakt."),
    ],
)
def test_the_plant_that_makes_it_was_hit_not_fired_at(
    claims_of: Finder, language: str, text: str
) -> None:
    assert told(claims_of, language, text) == set()


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Russia struck the factory that makes drones in Kyiv with Iskander missiles."),
        ("en", "Two Iskander missiles struck the plant that makes engines in Kharkiv."),
        ("de", "Russland traf das Werk, das Motoren baut, mit Iskander-Raketen in Charkiw."),
        ("fr", "L'usine qui produit des drones a été frappée par des missiles Iskander à Kiev."),
    ],
)
def test_what_struck_a_plant_was_fired(claims_of: Finder, language: str, text: str) -> None:
    assert told(claims_of, language, text) == {("iskander", "UA", "used")}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Moscow could put Iskander missiles in Belarus if Germany hosts Tomahawk missiles."),
        ("en", "If the US stations Tomahawk in Germany, Russia will deploy Iskander in Belarus."),
        (
            "fr",
            "Moscou pourrait déployer des Iskander au Bélarus si l'Allemagne accueille Tomahawk.",
        ),
        ("it", "Mosca minaccia di schierare Iskander in Bielorussia se i Tomahawk arriveranno."),
        ("de", "Moskau könnte Iskander in Belarus stationieren, wenn Tomahawk nach Polen kommen."),
        ("uk", "Росія розмістить «Іскандер» у Білорусі, якщо Німеччина прийме Tomahawk."),
    ],
)
def test_what_only_the_condition_names_is_told_nothing_of(
    claims_of: Finder, language: str, text: str
) -> None:
    assert told(claims_of, language, text) == {("iskander", "BY", "possible")}


def test_two_systems_before_the_if_may_both_come(claims_of: Finder) -> None:
    text = "Russia could deploy Oreshnik and Iskander missiles in Belarus if needed."
    assert told(claims_of, "en", text) == {
        ("oreshnik", "BY", "possible"),
        ("iskander", "BY", "possible"),
    }


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Moscow is threatening to move Iskander missiles to Belarus."),
        ("de", "Russland droht mit der Stationierung von Iskander-Raketen in Belarus."),
        ("pl", "Moskwa grozi rozmieszczeniem rakiet Iskander na Białorusi."),
        ("ru", "Москва пригрозила разместить «Искандеры» в Белоруссии."),
    ],
)
def test_a_threat_to_deploy_is_possible(claims_of: Finder, language: str, text: str) -> None:
    assert told(claims_of, language, text) == {("iskander", "BY", "possible")}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Putin threatened to strike Kyiv with Oreshnik missiles."),
        ("fr", "Poutine menace de frapper Kiev avec des missiles Orechnik."),
    ],
)
def test_a_threat_to_strike_is_no_claim(claims_of: Finder, language: str, text: str) -> None:
    assert told(claims_of, language, text) == set()


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Iskander missiles were moved to Kaliningrad, close to the Polish border."),
        ("en", "Russia has deployed Iskander missiles near the Polish border in Kaliningrad."),
        (
            "de",
            "Russland hat Iskander-Raketen an der polnischen Grenze bei Kaliningrad stationiert.",
        ),
        ("es", "Rusia ha desplegado misiles Iskander en Kaliningrado, junto a la frontera polaca."),
    ],
)
def test_near_a_border_is_not_behind_it(claims_of: Finder, language: str, text: str) -> None:
    assert told(claims_of, language, text) == {("iskander", "RU", "completed")}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Russia has deployed Iskander missiles near the Polish border."),
        ("fr", "La Russie a déployé des missiles Iskander près de la frontière polonaise."),
        ("it", "La Russia ha schierato missili Iskander al confine polacco."),
    ],
)
def test_near_whose_border_tells_no_country(claims_of: Finder, language: str, text: str) -> None:
    assert not {c for c in told(claims_of, language, text) if c[1] == "PL"}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Russland verlegt Iskander-Raketen nach Belarus."),
        ("de", "Laut Budanow verlegt Russland Iskander-Raketen nach Belarus."),
        ("de", "Moskau stationiert Iskander-Raketen in Belarus."),
        ("nl", "Rusland verplaatst Iskander-raketten naar Wit-Rusland."),
        ("nl", "Rusland stationeert Iskander-raketten in Wit-Rusland."),
    ],
)
def test_a_present_spelt_like_the_participle_goes_on(
    claims_of: Finder, language: str, text: str
) -> None:
    assert told(claims_of, language, text) == {("iskander", "BY", "underway")}


@pytest.mark.parametrize(
    ("language", "text", "status"),
    [
        ("de", "Russland hat Iskander-Raketen nach Belarus verlegt.", "completed"),
        ("de", "Die von Russland stationierten Iskander-Raketen sind in Belarus.", "completed"),
        ("de", "Russland verlegt 2026 Iskander-Raketen nach Belarus.", "planned"),
        ("de", "Russland stationiert keine Iskander-Raketen in Belarus.", "denied"),
        ("nl", "Iskander-raketten zijn naar Wit-Rusland verplaatst.", "completed"),
    ],
)
def test_a_participle_or_a_plan_does_not(
    claims_of: Finder, language: str, text: str, status: str
) -> None:
    assert told(claims_of, language, text) == {("iskander", "BY", status)}


@pytest.mark.parametrize(
    ("language", "text", "place"),
    [
        ("en", "The government refuses to say how many B61 bombs are stored at Volkel.", "NL"),
        ("de", "Die Regierung will nicht sagen, wie viele B61 in Büchel lagern.", "DE"),
        ("fr", "Nul ne sait combien de bombes B61 sont stockées à Volkel.", "NL"),
        ("it", "Non si sa quante bombe B61 siano schierate in Turchia.", "TR"),
        ("pl", "Nie wiadomo, ile bomb B61 jest rozmieszczonych w Turcji.", "TR"),
    ],
)
def test_some_are_there_where_only_the_number_is_kept(
    claims_of: Finder, language: str, text: str, place: str
) -> None:
    assert told(claims_of, language, text) == {("b61", place, "completed")}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "He did not say how many Oreshnik missiles will be deployed in Belarus."),
        ("en", "It is unclear how many Oreshnik missiles could be stationed in Belarus."),
    ],
)
def test_how_many_will_come_tells_of_none(claims_of: Finder, language: str, text: str) -> None:
    assert told(claims_of, language, text) == set()


@pytest.mark.parametrize(
    ("language", "text", "status"),
    [
        ("en", "Moscow has begun the announced deployment of Oreshnik in Belarus.", "underway"),
        (
            "sv",
            "Ryssland har påbörjat den utlovade stationeringen av Oreshnik i Belarus.",
            "underway",
        ),
        ("ru", "Россия начала обещанное размещение «Орешник» в Белоруссии.", "underway"),
        ("en", "Moscow will begin the announced deployment of Oreshnik in Belarus.", "planned"),
        ("en", "Moscow confirmed the planned deployment of Oreshnik in Belarus.", "planned"),
    ],
)
def test_what_was_announced_and_has_begun_is_under_way(
    claims_of: Finder, language: str, text: str, status: str
) -> None:
    assert told(claims_of, language, text) == {("oreshnik", "BY", status)}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ru", "Россия может ударить по Киеву «Орешником», предупредил Зеленский."),
        ("de", "Russland könnte Kiew mit der Oreschnik angreifen, warnte Selenskyj."),
        ("en", "Russia could attack Kyiv with the Oreshnik, said Zelensky."),
    ],
)
def test_what_may_be_fired_may_not_be_deployed(claims_of: Finder, language: str, text: str) -> None:
    assert told(claims_of, language, text) == set()


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "A destroyer armed with Tomahawk missiles has arrived in Naples, Italy."),
        ("fr", "Un destroyer armé de missiles Tomahawk est arrivé à Naples, en Italie."),
        ("ru", "Эсминец с ракетами Tomahawk прибыл в Южную Корею."),
        ("it", "Un sottomarino con missili Tomahawk è giunto in Corea del Sud."),
    ],
)
def test_what_a_warship_carries_is_not_deployed(
    claims_of: Finder, language: str, text: str
) -> None:
    assert told(claims_of, language, text) == set()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Ships delivered Iskander missiles to Kaliningrad.",
            ("iskander", "RU", "completed"),
        ),
        ("A US destroyer launched Tomahawk missiles at Yemen.", ("tomahawk", "YE", "used")),
        ("The Typhon system arrived in Japan aboard a ship.", ("typhon", "JP", "completed")),
    ],
)
def test_what_a_ship_brings_or_fires_is_told(
    claims_of: Finder, text: str, expected: tuple[str, str, str]
) -> None:
    assert told(claims_of, "en", text) == {expected}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("it", "Il sistema Typhon è in Giappone. Verrà ritirato in agosto."),
        ("es", "El sistema Typhon está en Japón. Será retirado en agosto."),
        ("ro", "Sistemul Typhon este în Japonia. Va fi retras în august."),
    ],
)
def test_what_will_be_withdrawn_needs_no_subject(
    claims_of: Finder, language: str, text: str
) -> None:
    assert told(claims_of, language, text) == {
        ("typhon", "JP", "completed"),
        ("typhon", "JP", "suspended"),
    }


def test_what_will_be_discussed_is_not_withdrawn(claims_of: Finder) -> None:
    text = "Il sistema Typhon è in Giappone. Verrà discusso in agosto."
    assert told(claims_of, "it", text) == {("typhon", "JP", "completed")}


def test_two_countries_it_was_moved_into_are_a_list(claims_of: Finder) -> None:
    text = "Typhon missiles have been stationed in Japan and the Philippines."
    assert told(claims_of, "en", text) == {
        ("typhon", "JP", "completed"),
        ("typhon", "PH", "completed"),
    }
