"""What the next clause or sentence makes of what was told: of one's own, and what it must yield.

It is called false, goes on without the weapon's name, or names a weapon that is no subject.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from connectors.records import Claim

Finder = Callable[..., tuple[Claim, ...]]
Expected = set[tuple[str, str | None, str, str | None, str | None]]


def told(claims_of: Finder, language: str, text: str) -> Expected:
    return {(c.system, c.place, c.status, c.when, c.speaker) for c in claims_of(language, text)}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "A post says that B61 bombs were moved to Poland in March. This is false."),
        ("fr", "Selon un message, des bombes B61 ont été transférées en Pologne. C'est faux."),
        ("it", "Secondo un post, le bombe B61 sono state trasferite in Polonia. Non è vero."),
        ("pl", "Według wpisu bomby B61 przeniesiono do Polski. To nieprawda."),
        ("es", "Una cuenta afirma que las bombas B61 fueron trasladadas a Polonia. Es falso."),
    ],
)
def test_what_the_paper_calls_false_is_denied_only(
    claims_of: Finder, language: str, text: str
) -> None:
    assert told(claims_of, language, text) == {("b61", "PL", "denied", None, None)}


def test_what_is_false_stands_in_the_evidence(claims_of: Finder) -> None:
    text = "A post says that B61 bombs were moved to Poland. This is false."
    (claim,) = claims_of("en", text)
    assert claim.evidence == text


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "en",
            "Media reported that Tomahawk missiles are in Ukraine. This is false, Zelensky said.",
        ),
        ("de", "Medien zufolge sind Tomahawk in der Ukraine. Das stimmt nicht, sagte Selenskyj."),
    ],
)
def test_what_somebody_calls_false_stands_beside_it(
    claims_of: Finder, language: str, text: str
) -> None:
    assert told(claims_of, language, text) == {
        ("tomahawk", "UA", "completed", None, None),
        ("tomahawk", "UA", "denied", None, "Zelensky"),
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Typhon is coming to Poland. A Patriot battery arrived in Ukraine.",
            {("typhon", "PL", "planned", None, None)},
        ),
        (
            "Typhon is coming to Poland. Iran fired missiles at Israel on Wednesday.",
            {("typhon", "PL", "planned", None, None)},
        ),
        (
            "Sweden will allow no nuclear weapons. Typhon is different: it could stand on Gotland.",
            {("typhon", "SE", "possible", None, None)},
        ),
        (
            "Typhon is in Japan. Patriot missiles go to Ukraine in July.",
            {("typhon", "JP", "completed", None, None)},
        ),
        (
            "Oreshnik is in Belarus. The nuclear weapons arrived in 2023.",
            {("oreshnik", "BY", "completed", None, None)},
        ),
    ],
)
def test_another_weapon_says_nothing_of_the_subject(
    claims_of: Finder, text: str, expected: Expected
) -> None:
    assert told(claims_of, "en", text) == expected


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Oreshnik is in Belarus. Lithuania will host a German brigade from 2027."),
        ("fr", "Oreshnik est au Bélarus. La Lituanie accueillera une brigade allemande en 2027."),
        ("en", "Oreshnik is in Belarus. Germany has stationed 5,000 soldiers in Lithuania."),
        ("en", "Oreshnik is in Belarus. Poland will receive 96 Apache helicopters in 2026."),
        ("en", "Oreshnik is in Belarus. The soldiers were withdrawn in May."),
        ("en", "Oreshnik is in Belarus. Russia attacked Kyiv on Monday with drones and missiles."),
        ("ru", "«Орешник» в Беларуси. Литва примет немецкую бригаду в 2027 году."),
    ],
)
def test_soldiers_and_drones_are_not_the_weapon(
    claims_of: Finder, language: str, text: str
) -> None:
    assert told(claims_of, language, text) == {("oreshnik", "BY", "completed", None, None)}


def test_nuclear_weapons_are_the_last_nuclear_system(claims_of: Finder) -> None:
    text = (
        "Tactical nuclear weapons are in Belarus. Iskander missiles came to Minsk as well. "
        "Lukashenko had been asking for the nuclear weapons for some time."
    )
    assert ("tnw", "BY", "requested", None, "Lukashenko") in told(claims_of, "en", text)


@pytest.mark.parametrize(
    ("language", "text", "further"),
    [
        (
            "en",
            "Lukashenko asked Putin for Oreshnik and today we have it at home, in Belarus.",
            ("completed", None, None),
        ),
        (
            "ru",
            "Лукашенко попросил у Путина «Орешник», и теперь он стоит в Беларуси.",
            ("completed", None, None),
        ),
        (
            "en",
            "Minsk asked for Oreshnik, which will be delivered in autumn.",
            ("planned", "2025-FA", None),
        ),
    ],
)
def test_what_was_asked_for_came_or_will(
    claims_of: Finder, language: str, text: str, further: tuple[str, str | None, str | None]
) -> None:
    found = told(claims_of, language, text)
    assert {status for _, _, status, _, _ in found} == {"requested", further[0]}
    assert ("oreshnik", "BY", *further) in found


@pytest.mark.parametrize("refused", ["but Trump refused.", "but Trump said no."])
def test_who_refuses_does_not_ask(claims_of: Finder, refused: str) -> None:
    found = told(claims_of, "en", f"Ukraine asked for Tomahawk missiles, {refused}")
    assert found == {
        ("tomahawk", "UA", "requested", None, None),
        ("tomahawk", "UA", "denied", None, "Trump"),
    }


def test_who_is_asked_does_not_ask(claims_of: Finder) -> None:
    text = "Ukraine asked Trump for Tomahawk missiles on Monday."
    assert told(claims_of, "en", text) == {("tomahawk", "UA", "requested", None, None)}


@pytest.mark.parametrize(
    ("language", "text", "when"),
    [
        ("pt", "Os mísseis Typhon estão nas Filipinas. Chegaram em abril de 2024.", "2024-04"),
        ("it", "Il sistema Typhon è nelle Filippine. Era arrivato nell'aprile 2024.", "2024-04"),
        (
            "pl",
            "System rakietowy Typhon jest na Filipinach. Trafił tam w kwietniu 2024.",
            "2024-04",
        ),
        ("cs", "Raketový systém Typhon je na Filipínách. Dorazil v dubnu 2024.", "2024-04"),
    ],
)
def test_a_verb_dates_what_its_subject_left_out_is(
    claims_of: Finder, language: str, text: str, when: str
) -> None:
    assert told(claims_of, language, text) == {("typhon", "PH", "completed", when, None)}


def test_a_minister_who_arrives_dates_nothing(claims_of: Finder) -> None:
    text = "El Typhon está en Filipinas. Llegó en mayo a Manila el ministro."
    assert told(claims_of, "es", text) == {("typhon", "PH", "completed", None, None)}


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (
            "en",
            "Oreshnik arrives in Belarus in November, Khrenin said. The second is due in spring.",
            ("oreshnik", "BY", "planned", "2026-SP", "Khrenin"),
        ),
        (
            "en",
            "Typhon launchers are in Japan. There are no plans to base them on the islands.",
            ("typhon", "JP", "denied", None, None),
        ),
        (
            "de",
            "Iskander stehen in Belarus nicht, sagte Budanow.",
            ("iskander", "BY", "denied", None, "Budanov"),
        ),
        (
            "en",
            "Manila refused to return the Typhon launcher to the Americans.",
            ("typhon", "PH", "completed", None, None),
        ),
        (
            "en",
            "The Typhon system, which appeared on Bornholm in May, has already left Denmark.",
            ("typhon", "DK", "suspended", None, None),
        ),
        (
            "en",
            "The Typhon system, which appeared on Bornholm in May, has already left Denmark.",
            ("typhon", "DK", "completed", "2025-05", None),
        ),
        (
            "en",
            "The Iskander battery, based in Asipovichy, has been in service since 2023.",
            ("iskander", "BY", "completed", "2023", None),
        ),
        (
            "en",
            "China urged Manila to remove the Typhon launcher from the Philippines.",
            ("typhon", "PH", "completed", None, None),
        ),
        (
            "pl",
            "Rząd zażądał wycofania pocisków Iskander z Białorusi.",
            ("iskander", "BY", "completed", None, None),
        ),
        (
            "en",
            "Ten Su-25 had been adapted to carry nuclear weapons, Putin said in 2023.",
            ("su25-nuclear", "BY", "completed", None, "Putin"),
        ),
        (
            "en",
            "The transfer of Dark Eagle to Germany was put off until 2027.",
            ("dark-eagle", "DE", "suspended", None, None),
        ),
        (
            "en",
            "In Paris, Zelensky again appealed for Tomahawk missiles.",
            ("tomahawk", "UA", "requested", None, "Zelensky"),
        ),
        (
            "en",
            "The third Avangard regiment went on combat duty.",
            ("avangard", "RU", "completed", None, None),
        ),
        (
            "en",
            "Work began in May at the base in Krichev that will receive the Oreshnik missiles.",
            ("oreshnik", "BY", "underway", "2025-05", None),
        ),
        (
            "sv",
            "Moskva lovade att leverera Iskander till Belarus.",
            ("iskander", "BY", "planned", None, None),
        ),
        (
            "de",
            "Die Tomahawk kommen 2026 nach Deutschland, so Boris Meier.",
            ("tomahawk", "DE", "planned", "2026", "Meier"),
        ),
        (
            "tr",
            "Lukaşenko'ya göre Oreshnik aralık ayında Belarus'a gelecek.",
            ("oreshnik", "BY", "planned", "2025-12", "Lukashenko"),
        ),
        (
            "en",
            "Russia announced the start of deliveries of Iskander missiles to Belarus.",
            ("iskander", "BY", "underway", None, None),
        ),
        (
            "cs",
            "Lukašenko přiznal, že Putina požádal o rakety Orešnik.",
            ("oreshnik", "BY", "requested", None, "Lukashenko"),
        ),
        (
            "de",
            "In Belarus hat die 465. Raketenbrigade seit 2023 Iskander.",
            ("iskander", "BY", "completed", "2023", None),
        ),
    ],
)
def test_what_is_claimed(
    claims_of: Finder,
    language: str,
    text: str,
    expected: tuple[str, str | None, str, str | None, str | None],
) -> None:
    assert expected in told(claims_of, language, text)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Nobody knows if Oreshnik missiles will come to Belarus."),
        ("it", "Nessuno sa se i missili Oreshnik arriveranno in Bielorussia."),
        ("en", "Launched from Belarus, the Oreshnik would reach Berlin in ten minutes."),
        ("ru", "Запущенный из Беларуси, «Орешник» долетит до Берлина за десять минут."),
        ("en", "The commander denied reports of a Kinzhal strike on Vinnytsia."),
        ("en", "China demanded that Japan not deploy the missile system. It meant Typhon."),
        ("ru", "Позиции для «Орешник» в Белоруссии готовы на 80 процентов."),
    ],
)
def test_nothing_is_claimed(claims_of: Finder, language: str, text: str) -> None:
    assert told(claims_of, language, text) == set()
