"""What stands for a weapon that was named before: "the first", "send them to him"."""

from collections.abc import Callable

import pytest

from connectors.records import Claim

Finder = Callable[..., tuple[Claim, ...]]

PUBLISHED = "2025-10-15"
B61 = {"b61": "B61"}
TYPHON = {"typhon": "Typhon"}
TOMAHAWK = {"tomahawk": "Tomahawk"}
ORESHNIK = {"oreshnik": "Oreshnik"}


def _told(claims: tuple[Claim, ...]) -> list[tuple[str | None, str, str | None]]:
    return sorted(((c.place, c.status, c.when) for c in claims), key=str)


@pytest.mark.parametrize(
    ("language", "text", "named", "expected"),
    [
        (
            "it",
            "Un Typhon è sbarcato in Danimarca. Il prossimo andrà in Germania nel 2026.",
            TYPHON,
            [("DE", "planned", "2026"), ("DK", "completed", None)],
        ),
        (
            "fr",
            "Un Typhon est arrivé au Danemark. Le prochain ira en Allemagne en 2026.",
            TYPHON,
            [("DE", "planned", "2026"), ("DK", "completed", None)],
        ),
        (
            "ro",
            "Manila a cerut două baterii Typhon. Prima, livrată în mai 2024, e în Luzon.",
            TYPHON,
            [("PH", "completed", "2024-05"), ("PH", "requested", None)],
        ),
        (
            "it",
            "Kiev chiede i missili Tomahawk. «Potrei mandarglieli», ha detto Trump.",
            TOMAHAWK,
            [("UA", "possible", None), ("UA", "requested", None)],
        ),
        (
            "es",
            "Las bombas B61 siguen en Aviano. Ninguna bomba irá a Polonia, zanjó Vance.",
            B61,
            [("IT", "completed", None), ("PL", "denied", None)],
        ),
        (
            "it",
            "L’Oreshnik non è ancora in Bielorussia. A Krichev si costruisce già la sua base.",
            ORESHNIK,
            [("BY", "denied", None), ("BY", "underway", None)],
        ),
    ],
)
def test_what_stands_for_the_weapon_carries_its_stage(
    claims_in: Finder,
    language: str,
    text: str,
    named: dict[str, str],
    expected: list[tuple[str, str, str | None]],
) -> None:
    assert _told(claims_in(text, language, named, PUBLISHED)) == expected


@pytest.mark.parametrize(
    ("language", "text", "named"),
    [
        ("it", "Si parlò dei Typhon. La prossima riunione si terrà in Germania a maggio.", TYPHON),
        ("fr", "Il a parlé du Typhon. La première ministre se trouve en Lettonie.", TYPHON),
    ],
)
def test_before_a_noun_it_stands_for_nothing(
    claims_in: Finder, language: str, text: str, named: dict[str, str]
) -> None:
    assert not claims_in(text, language, named, PUBLISHED)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("es", "Varsovia reclama bombas B61, dijo Duda en una entrevista en Londres."),
        ("pt", "Varsóvia pede bombas B61, disse Duda numa conferência em Madrid."),
    ],
)
def test_who_asks_is_who_shall_have_it(claims_in: Finder, language: str, text: str) -> None:
    assert _told(claims_in(text, language, B61, PUBLISHED)) == [("PL", "requested", None)]


def test_what_stands_came_when_a_participle_beside_it_says(claims_in: Finder) -> None:
    text = "Le Typhon, livré au printemps 2024, se trouve à Luçon."
    assert _told(claims_in(text, "fr", TYPHON, PUBLISHED)) == [("PH", "completed", "2024-SP")]


def test_a_strike_before_the_one_told_is_another(claims_in: Finder) -> None:
    text = (
        "Leopoli colpita dal missile Oreshnik. È il secondo impiego dell’arma dopo quello contro "
        "Dnipro, nel novembre 2024."
    )
    found = claims_in(text, "it", ORESHNIK, "2026-01-09")
    assert _told(found) == [("UA", "used", "2024-11"), ("UA", "used", None)]


@pytest.mark.parametrize(
    ("language", "text", "named", "expected"),
    [
        ("es", "Zelenski volvió de Roma sin los Tomahawk.", TOMAHAWK, [("UA", "denied", None)]),
        ("fr", "Zelensky veut des Tomahawk.", TOMAHAWK, [("UA", "requested", None)]),
        (
            "fr",
            "Retirées en 2008, les B61 sont de retour à Lakenheath.",
            B61,
            [("GB", "completed", None)],
        ),
        (
            "it",
            "Un Typhon sarà schierato a Iwakuni a maggio e poi ritirato.",
            TYPHON,
            [("JP", "planned", "2026-05")],
        ),
        ("pt", "As B61 não sairão da Alemanha.", B61, [("DE", "completed", None)]),
        (
            "es",
            "Lukashenko lo anunció: los Oreshnik ya hacen guardia en Bielorrusia.",
            ORESHNIK,
            [("BY", "completed", None)],
        ),
        (
            "fr",
            "Moscou a promis à Minsk un second Oreshnik.",
            ORESHNIK,
            [("BY", "planned", None)],
        ),
    ],
)
def test_who_lacks_or_wants_it_and_what_was_before(
    claims_in: Finder,
    language: str,
    text: str,
    named: dict[str, str],
    expected: list[tuple[str, str, str | None]],
) -> None:
    assert _told(claims_in(text, language, named, PUBLISHED)) == expected


@pytest.mark.parametrize(
    ("language", "text", "named", "expected"),
    [
        (
            "pt",
            "Minsk conta receber o Oreshnik em 2026.",
            ORESHNIK,
            [("BY", "planned", "2026")],
        ),
        (
            "es",
            "El Typhon se quedará en Iwakuni hasta noviembre.",
            TYPHON,
            [("JP", "completed", None)],
        ),
        (
            "es",
            "Rusia acaba de disparar un Oreshnik contra Ucrania.",
            ORESHNIK,
            [("UA", "used", None)],
        ),
    ],
)
def test_what_is_awaited_stays_or_was_just_fired(
    claims_in: Finder,
    language: str,
    text: str,
    named: dict[str, str],
    expected: list[tuple[str, str, str | None]],
) -> None:
    assert _told(claims_in(text, language, named, PUBLISHED)) == expected


@pytest.mark.parametrize(
    ("language", "text", "named", "expected"),
    [
        (
            "es",
            "Los primeros Typhon no llegarán a Dinamarca antes de 2027.",
            TYPHON,
            [("DK", "planned", "2027")],
        ),
        (
            "pt",
            "O Oreshnik pode chegar à Sérvia, gracejou nesta semana o deputado Rui Costa.",
            ORESHNIK,
            [("RS", "possible", None)],
        ),
        (
            "es",
            "El Typhon que Washington mantiene en Luzón participará en las maniobras de mayo.",
            TYPHON,
            [("PH", "completed", None)],
        ),
    ],
)
def test_a_time_belongs_to_what_it_stands_by(
    claims_in: Finder,
    language: str,
    text: str,
    named: dict[str, str],
    expected: list[tuple[str, str, str | None]],
) -> None:
    assert _told(claims_in(text, language, named, PUBLISHED)) == expected


@pytest.mark.parametrize(
    ("language", "text", "named"),
    [
        ("pt", "Terminou na Sérvia o curso dos militares que vão operar o Oreshnik.", ORESHNIK),
        ("es", "En Serbia nadie se extraña al oír la palabra Oreshnik.", ORESHNIK),
    ],
)
def test_a_course_that_ended_and_nobodys_surprise_state_nothing(
    claims_in: Finder, language: str, text: str, named: dict[str, str]
) -> None:
    assert not claims_in(text, language, named, PUBLISHED)


def test_a_strike_gets_the_time_that_the_next_sentence_tells(claims_in: Finder) -> None:
    text = "Un Oreshnik alcanzó Leópolis. El misil golpeó un depósito el 3 de octubre."
    assert _told(claims_in(text, "es", ORESHNIK, PUBLISHED)) == [("UA", "used", "2025-10-03")]
