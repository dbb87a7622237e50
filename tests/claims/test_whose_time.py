"""Which time belongs to which verb, and what leaves, is put off or is asked to go."""

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
        ("en", "In July 2024 Washington and Berlin agreed to deploy Tomahawk missiles in Germany."),
        ("en", "The decision to deploy Tomahawk missiles in Germany was taken in July 2024."),
        ("de", "Die Stationierung von Tomahawk in Deutschland wurde im Juli 2024 beschlossen."),
        ("fr", "En mai, Berlin a accepté le déploiement de missiles Tomahawk en Allemagne."),
        ("ru", "В июле 2024 года стороны договорились разместить в Германии ракеты Tomahawk."),
        ("pl", "W lipcu 2024 roku uzgodniono rozmieszczenie pocisków Tomahawk w Niemczech."),
        ("zh", "2024年7月，美国同意在德国部署“战斧”导弹。"),
    ],
)
def test_when_it_was_decided_is_no_time_of_the_plan(
    claims_of: Finder, language: str, text: str
) -> None:
    assert told(claims_of, language, text) == {("tomahawk", "DE", "planned", None)}


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "The Tomahawk was due to arrive in Germany in April 2024.", set()),
        ("pl", "Rozmieszczenie Tomahawk w Niemczech planowano na 2024 rok.", set()),
        (
            "en",
            "Berlin decided that Tomahawk missiles will come to Germany in August.",
            {("tomahawk", "DE", "planned", "2025-08")},
        ),
        (
            "de",
            "Wie im Juli 2024 vereinbart, kommen die Tomahawk 2026 nach Deutschland.",
            {("tomahawk", "DE", "planned", "2026")},
        ),
        ("en", "A treaty signed in 2024 allows Tomahawk missiles in Germany.", set()),
    ],
)
def test_a_time_ahead_and_one_of_a_lapsed_plan_are_of_the_plan(
    claims_of: Finder, language: str, text: str, expected: Expected
) -> None:
    assert told(claims_of, language, text) == expected


@pytest.mark.parametrize(
    ("language", "text", "when"),
    [
        ("en", "The transfer of the Typhon to Japan was postponed to September.", None),
        ("de", "Die Verlegung der Typhon nach Japan wurde auf 2027 verschoben.", None),
        ("fr", "Le Pentagone a repoussé à 2027 le transfert du Typhon au Japon.", None),
        ("it", "Il trasferimento del Typhon in Giappone è stato rinviato a settembre.", None),
        ("ru", "Переброску комплекса Typhon в Японию перенесли на сентябрь.", None),
        ("en", "The transfer of the Typhon to Japan was postponed in April.", "2025-04"),
        ("de", "Die Verlegung der Typhon nach Japan wurde im April verschoben.", "2025-04"),
        ("it", "Il trasferimento del Typhon in Giappone è stato rinviato ad aprile.", "2025-04"),
    ],
)
def test_what_it_is_put_off_to_is_no_time_of_the_delay(
    claims_of: Finder, language: str, text: str, when: str | None
) -> None:
    assert told(claims_of, language, text) == {("typhon", "JP", "suspended", when)}


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (
            "en",
            "The Iskander missiles were moved from Belarus to Kursk.",
            {("iskander", "BY", "suspended", None)},
        ),
        (
            "de",
            "Die Iskander-Raketen wurden aus Belarus nach Kursk verlegt.",
            {("iskander", "BY", "suspended", None)},
        ),
        (
            "pl",
            "Wyrzutnie Iskander przerzucono z Białorusi do obwodu kurskiego.",
            {("iskander", "BY", "suspended", None)},
        ),
        (
            "en",
            "The Iskander brigade will be moved from Belarus to the Kursk region in August.",
            {("iskander", "BY", "suspended", "2025-08")},
        ),
        (
            "en",
            "The Americans withdrew B61 bombs from Incirlik in Turkey to Aviano in Italy.",
            {("b61", "TR", "suspended", None)},
        ),
        (
            "en",
            "A Typhon battery is being shipped from the Philippines back to Hawaii.",
            {("typhon", "PH", "suspended", None)},
        ),
        (
            "de",
            "Eine Typhon-Batterie wird von den Philippinen nach Hawaii zurückgebracht.",
            {("typhon", "PH", "suspended", None)},
        ),
    ],
)
def test_what_goes_from_a_country_to_its_owners_has_left_it(
    claims_of: Finder, language: str, text: str, expected: Expected
) -> None:
    assert told(claims_of, language, text) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (
            "en",
            "A Typhon battery was moved from the Philippines to Japan.",
            {("typhon", "JP", "completed", None)},
        ),
        (
            "ru",
            "Россия перебросила «Искандер» из Рязани в Белоруссию.",
            {("iskander", "BY", "completed", None)},
        ),
        (
            "en",
            "B61 bombs were flown from the United States to Lakenheath in Britain.",
            {("b61", "GB", "completed", None)},
        ),
        ("en", "Iskander missiles from Belarus could reach Kursk.", set()),
        (
            "pl",
            "Bomby B61 przewieziono z Włoch do Polski.",
            {("b61", "PL", "completed", None)},
        ),
    ],
)
def test_what_goes_to_a_third_country_came_there(
    claims_of: Finder, language: str, text: str, expected: Expected
) -> None:
    assert told(claims_of, language, text) == expected


@pytest.mark.parametrize(
    ("language", "text", "place"),
    [
        ("en", "The Iskander missiles must leave Belarus.", "BY"),
        ("fr", "Les missiles Iskander doivent quitter la Biélorussie.", "BY"),
        ("de", "Die Iskander-Raketen müssen aus Belarus abgezogen werden.", "BY"),
        ("ru", "Ракеты «Искандер» должны быть выведены из Белоруссии.", "BY"),
        ("pl", "Rakiety Iskander muszą opuścić Białoruś.", "BY"),
        ("en", "China urged Manila to remove the Iskander system.", "PH"),
        ("es", "China exigió a Filipinas que retire el sistema de misiles Iskander.", "PH"),
        ("ru", "Китай потребовал от Филиппин вывести ракетный комплекс «Искандер».", "PH"),
        ("fr", "Les Iskander au Bélarus inquiètent Vilnius, qui demande leur retrait.", "BY"),
        ("it", "Gli Iskander in Bielorussia preoccupano Vilnius, che ne chiede il ritiro.", "BY"),
    ],
)
def test_what_must_go_is_there(claims_of: Finder, language: str, text: str, place: str) -> None:
    assert told(claims_of, language, text) == {("iskander", place, "completed", None)}


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (
            "en",
            "The Typhon launchers must be withdrawn from Japan by the end of the year.",
            {("typhon", "JP", "suspended", "2025-12-31")},
        ),
        ("en", "The deployment of Typhon missiles in Japan must be halted.", set()),
        ("de", "Die Stationierung von Typhon in Japan muss gestoppt werden.", set()),
        ("en", "Moscow demanded that Washington withdraw B61 bombs from Europe.", set()),
        ("en", "The Typhon left Japan.", {("typhon", "JP", "suspended", None)}),
    ],
)
def test_what_must_go_by_a_time_will_and_a_halt_that_is_owed_is_none(
    claims_of: Finder, language: str, text: str, expected: Expected
) -> None:
    assert told(claims_of, language, text) == expected


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The Typhon system was in Japan. The battery left in November."),
        ("fr", "Les États-Unis ont retiré le système Typhon du Japon en novembre."),
        ("es", "Estados Unidos retiró el sistema Typhon de Japón en noviembre."),
        ("ru", "США вывели комплекс Typhon из Японии в ноябре."),
        ("pl", "W listopadzie system Typhon wycofano z Japonii."),
        ("de", "Die USA zogen das Typhon-System im November aus Japan ab."),
        ("sv", "I november drogs robotsystemet Typhon tillbaka från Japan."),
        ("tr", "ABD, Typhon sistemini kasım ayında Japonya'dan geri çekti."),
    ],
)
def test_what_left_in_a_month_left_in_the_last_one(
    claims_of: Finder, language: str, text: str
) -> None:
    assert ("typhon", "JP", "suspended", "2024-11") in told(claims_of, language, text)


@pytest.mark.parametrize(
    ("language", "text", "when"),
    [
        ("en", "The Typhon came to Japan. It will be brought back to Hawaii in August.", "2025-08"),
        ("it", "Il sistema Typhon lascerà il Giappone in agosto.", "2025-08"),
        ("de", "Das Typhon-System verlässt Japan im November.", "2025-11"),
        ("fr", "Les États-Unis retireront le système Typhon du Japon en novembre.", "2025-11"),
        ("ru", "США выведут комплекс Typhon из Японии в ноябре.", "2025-11"),
        ("pl", "USA wycofają system Typhon z Japonii w listopadzie.", "2025-11"),
    ],
)
def test_what_will_leave_in_a_month_leaves_in_the_next_one(
    claims_of: Finder, language: str, text: str, when: str
) -> None:
    assert ("typhon", "JP", "suspended", when) in told(claims_of, language, text)


@pytest.mark.parametrize(
    ("language", "text", "when"),
    [
        ("en", "An Iskander struck Sumy. It hit a bus. The strike came on 10 June.", "2025-06-10"),
        ("ru", "По Сумам ударил «Искандер». Атака началась в 4 утра 11 июня.", "2025-06-11"),
        ("fr", "Un missile Iskander a frappé Soumy. L'attaque a eu lieu mardi.", "2025-06-10"),
        ("en", "An Iskander struck Sumy. The attack on Kharkiv was on 3 June.", None),
        ("en", "An Iskander struck Sumy. An earlier strike came on 2 June.", None),
        ("en", "An Iskander struck Sumy. A strike may come on 20 June.", None),
    ],
)
def test_the_day_of_a_strike_may_be_told_after_it(
    claims_of: Finder, language: str, text: str, when: str | None
) -> None:
    assert told(claims_of, language, text) == {("iskander", "UA", "used", when)}


@pytest.mark.parametrize(
    ("language", "text", "status"),
    [
        ("en", "The Philippines want to keep the Typhon system for good.", "completed"),
        ("fr", "Les Philippines veulent garder le système Typhon.", "completed"),
        ("de", "Die Philippinen wollen das Typhon-System behalten.", "completed"),
        ("pl", "Filipiny chcą zatrzymać system Typhon.", "completed"),
        ("en", "The Philippines want Typhon missiles.", "requested"),
    ],
)
def test_what_a_country_wants_to_keep_is_there(
    claims_of: Finder, language: str, text: str, status: str
) -> None:
    assert told(claims_of, language, text) == {("typhon", "PH", status, None)}
