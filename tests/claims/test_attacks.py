"""What an article of full length tells of the weapon, and what it tells of something else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from connectors.records import Claim

Finder = Callable[..., tuple[Claim, ...]]
Expected = set[tuple[str, str | None, str, str | None]]


def told(claims_of: Finder, language: str, text: str) -> Expected:
    return {(c.system, c.place, c.status, c.when) for c in claims_of(language, text)}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "en",
            (
                "Odesa came under a massive attack on Tuesday. Five people were hurt."
                " Russia fired four Iskander missiles at the city."
            ),
        ),
        (
            "fr",
            (
                "Kharkiv a subi mardi une attaque massive. Deux personnes sont mortes."
                " La Russie a tiré trois Iskander sur la ville."
            ),
        ),
        (
            "pl",
            (
                "W nocy na wtorek Charków przeżył ciężki atak. Zginęły dwie osoby."
                " Rosja wystrzeliła na miasto trzy rakiety Iskander."
            ),
        ),
        (
            "de",
            (
                "In der Nacht zum Dienstag ist Charkiw schwer angegriffen worden. Zwei Menschen"
                " starben. Russland feuerte drei Iskander auf die Stadt ab."
            ),
        ),
    ],
)
def test_a_strike_was_on_the_day_and_ground_of_the_attack(
    claims_of: Finder, language: str, text: str
) -> None:
    assert told(claims_of, language, text) == {("iskander", "UA", "used", "2025-06-10")}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "en",
            (
                "On Tuesday Israel attacked targets in Iran. Crude rose by four per cent."
                " Russia fired four Iskander missiles at Odesa."
            ),
        ),
        (
            "en",
            (
                "Odesa was attacked on Tuesday. In 2023 a mall was hit there. Nobody was hurt."
                " Russia fired four Iskander missiles at Odesa."
            ),
        ),
        (
            "fr",
            (
                "La Pologne a fermé mardi sa frontière. Deux personnes sont mortes."
                " La Russie a tiré trois Iskander sur Kharkiv."
            ),
        ),
        (
            "pl",
            (
                "We wtorek Izrael zaatakował cele w Iranie. Ropa zdrożała."
                " Rosja wystrzeliła na Charków trzy rakiety Iskander."
            ),
        ),
    ],
)
def test_no_strike_is_of_the_day_of_another(claims_of: Finder, language: str, text: str) -> None:
    assert told(claims_of, language, text) == {("iskander", "UA", "used", None)}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The Typhon launchers are on Luzon. The planes will come to Japan in July."),
        ("fr", "Le système Typhon est aux Philippines. Les avions sont arrivés en mai au Japon."),
        ("pl", "Typhon stoi na Luzonie. Pierwszy samolot przyleci do Japonii w lipcu."),
        ("de", "Typhon steht auf Luzon. Die Bomben werden 2026 nach Polen verlegt."),
    ],
)
def test_no_launcher_is_a_plane_or_a_bomb(claims_of: Finder, language: str, text: str) -> None:
    assert {(c.place, c.status) for c in claims_of(language, text)} == {("PH", "completed")}


@pytest.mark.parametrize(
    ("language", "text", "further"),
    [
        (
            "en",
            "The Typhon launchers are on Luzon. They will come to Japan by plane in July.",
            ("typhon", "JP", "planned", "2025-07"),
        ),
        (
            "pl",
            "Typhon stoi na Luzonie. Wyrzutnie przylecą do Japonii w lipcu.",
            ("typhon", "JP", "planned", "2025-07"),
        ),
        (
            "de",
            "Die B61 liegen in Büchel. Die Bomben werden 2026 nach Polen verlegt.",
            ("b61", "PL", "planned", "2026"),
        ),
    ],
)
def test_what_the_weapon_may_be_goes_on_with_it(
    claims_of: Finder, language: str, text: str, further: tuple[str, str, str, str]
) -> None:
    assert further in told(claims_of, language, text)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "en",
            (
                "B61 bombs are stored in Italy. In Germany a dispute goes on."
                " The government formally asked Washington for the Typhon system."
            ),
        ),
        (
            "pl",
            (
                "Bomby B61 są składowane we Włoszech. W Niemczech trwa spór."
                " Rząd federalny wystąpił do Waszyngtonu o system Typhon."
            ),
        ),
        (
            "fr",
            (
                "Des bombes B61 sont stockées en Italie. En Allemagne, la dispute continue."
                " Le gouvernement a demandé à Washington le système Typhon."
            ),
        ),
    ],
)
def test_a_weapon_new_to_the_article_is_where_the_sentence_before_is(
    claims_of: Finder, language: str, text: str
) -> None:
    assert ("typhon", "DE", "requested", None) in told(claims_of, language, text)


def test_a_weapon_known_stays_where_it_was(claims_of: Finder) -> None:
    text = (
        "Typhon launchers stand on Luzon. In Germany a dispute goes on."
        " The Typhon launchers could be replaced in May."
    )
    assert all(place != "DE" for _, place, _, _ in told(claims_of, "en", text))


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("pl", "W kierunku Isfahanu okręt podwodny wystrzelił trzydzieści rakiet Tomahawk."),
        ("en", "Towards Isfahan a submarine launched thirty Tomahawk missiles."),
        ("cs", "Směrem na Isfahán ponorka odpálila třicet střel Tomahawk."),
    ],
)
def test_a_ship_fires_at_what_stands_behind_towards(
    claims_of: Finder, language: str, text: str
) -> None:
    assert told(claims_of, language, text) == {("tomahawk", "IR", "used", None)}


def test_a_ship_that_drills_fires_at_no_country(claims_of: Finder) -> None:
    text = "U wybrzeży Norwegii okręt podwodny wystrzelił ćwiczebną rakietę Tomahawk."
    assert told(claims_of, "pl", text) == set()
