"""What is taken for granted: told in a subordinate clause, by a noun, or by what is asked of it."""

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
        ("en", "As long as the Oreshnik stands in Belarus, Lithuania will not open the border."),
        ("fr", "Depuis que l'Orechnik est déployé en Biélorussie, la Lituanie s'inquiète."),
        ("it", "Da quando l'Oreshnik è schierato in Bielorussia, la Lituania è preoccupata."),
        ("pl", "Odkąd Oriesznik stacjonuje na Białorusi, Litwa zamknęła granicę."),
        ("ru", "После того как «Орешник» разместили в Белоруссии, Литва закрыла границу."),
        ("de", "Solange die Oreschnik in Belarus steht, bleibt die Grenze zu."),
    ],
)
def test_who_acts_behind_a_comma_hosts_nothing(claims_of: Finder, language: str, text: str) -> None:
    assert told(claims_of, language, text) == {("oreshnik", "BY", "completed", None)}


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("B61 bombs are stored in Belgium, Italy and Turkey.", {"BE", "IT", "TR"}),
        ("B61 bombs are stored in Italy, in Turkey.", {"IT", "TR"}),
        ("B61 bombs are stored in Italy and Turkey.", {"IT", "TR"}),
    ],
)
def test_a_list_has_all_its_countries(claims_of: Finder, text: str, places: set[str]) -> None:
    assert {place for _, place, _, _ in told(claims_of, "en", text)} == places


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Poland will not disarm as long as the Oreshnik is stationed in Belarus."),
        ("fr", "La Pologne ne cédera pas tant que l'Orechnik est stationné en Biélorussie."),
        ("es", "Polonia no cederá porque el Oreshnik está desplegado en Bielorrusia."),
        ("ru", "Польша не разоружится, пока «Орешник» стоит в Белоруссии."),
        ("nl", "Polen zal niet ontwapenen omdat de Oreshnik in Belarus staat."),
    ],
)
def test_a_conjunction_takes_a_state_for_granted(
    claims_of: Finder, language: str, text: str
) -> None:
    assert told(claims_of, language, text) == {("oreshnik", "BY", "completed", None)}


@pytest.mark.parametrize(
    "text",
    [
        "The Typhon missiles will not come to Japan because Tokyo refuses.",
        "The Typhon missiles will not come to Japan as long as there is no site.",
        "The Typhon missiles will not be in Japan because they would not be safe there.",
    ],
)
def test_a_denial_with_its_reason_stays_one(claims_of: Finder, text: str) -> None:
    assert told(claims_of, "en", text) == {("typhon", "JP", "denied", None)}


@pytest.mark.parametrize(
    ("language", "text", "place"),
    [
        ("en", "The presence of Typhon missiles in Japan has angered Beijing.", "JP"),
        ("en", "Satellite images confirmed the presence of Typhon launchers in Japan.", "JP"),
        ("en", "Reporters noted the appearance of Typhon launchers in Japan.", "JP"),
        ("de", "Die Präsenz von Typhon-Raketen in Japan verärgert Peking.", "JP"),
        ("de", "Das Ministerium meldet die Ankunft von Typhon-Raketen in Japan.", "JP"),
        ("fr", "La présence de missiles Typhon au Japon irrite Pékin.", "JP"),
        ("it", "Il ministero segnala l'arrivo dei missili Typhon in Giappone.", "JP"),
        ("pl", "Ministerstwo poinformowało o przybyciu rakiet Typhon do Japonii.", "JP"),
        ("ru", "Прибытие ракет Typhon в Японию встревожило Пекин.", "JP"),
        ("nl", "De aanwezigheid van Typhon-raketten in Japan ergert Peking.", "JP"),
    ],
)
def test_a_noun_takes_what_is_there_for_granted(
    claims_of: Finder, language: str, text: str, place: str
) -> None:
    assert told(claims_of, language, text) == {("typhon", place, "completed", None)}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Tokyo fears the arrival of Typhon missiles in Japan."),
        (
            "en",
            "Kos neither confirmed nor denied the presence of Typhon missiles in Japan.",
        ),
        ("en", "The treaty would allow the presence of Typhon missiles in Japan."),
        ("de", "Tokio fürchtet die Ankunft von Typhon-Raketen in Japan."),
        ("it", "Tokyo teme l'arrivo dei missili Typhon in Giappone."),
    ],
)
def test_a_feared_arrival_is_none(claims_of: Finder, language: str, text: str) -> None:
    assert told(claims_of, language, text) == set()


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The government refuses to say how many B61 bombs are stored in Turkey."),
        ("de", "Es ist nicht bekannt, wie viele B61-Bomben in der Türkei lagern."),
        ("fr", "On ignore combien de bombes B61 sont stockées en Turquie."),
        ("it", "Non si sa quante bombe B61 siano custodite in Turchia."),
        ("es", "No se sabe cuántas bombas B61 están almacenadas en Turquía."),
        ("ru", "Неизвестно, сколько бомб B61 хранится в Турции."),
        ("en", "The opposition demands the withdrawal of B61 bombs from Turkey."),
        ("fr", "L'opposition exige le retrait des bombes B61 de Turquie."),
        ("es", "La oposición exige la retirada de las bombas B61 de Turquía."),
        ("de", "Die Opposition verlangt, dass die B61-Bomben aus der Türkei abgezogen werden."),
        ("ru", "Оппозиция требует вывода бомб B61 из Турции."),
        ("en", "B61 bombs must be withdrawn from Turkey."),
        ("it", "Le bombe B61 devono essere ritirate dalla Turchia."),
        ("pl", "Bomby B61 muszą zostać wycofane z Turcji."),
    ],
)
def test_what_is_counted_or_is_to_go_is_there(claims_of: Finder, language: str, text: str) -> None:
    assert told(claims_of, language, text) == {("b61", "TR", "completed", None)}


@pytest.mark.parametrize(
    "text",
    [
        "Nobody knows how many B61 bombs will be sent to Turkey.",
        "The opposition demands the withdrawal of the B61 bombs.",
        "Nobody can say how many B61 bombs Turkey could receive.",
    ],
)
def test_a_number_of_what_may_come_tells_nothing(claims_of: Finder, text: str) -> None:
    assert told(claims_of, "en", text) == set()


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Kos announced the completion of the Oreshnik deployment in Belarus."),
        ("en", "The transfer of Oreshnik missiles to Belarus has ended."),
        ("de", "Kos meldete den Abschluss der Stationierung der Oreshnik-Raketen in Belarus."),
        (
            "it",
            "Kos ha annunciato il completamento dello schieramento degli Oreshnik in Bielorussia.",
        ),
        ("fr", "Kos a annoncé l'achèvement du déploiement de l'Oreshnik en Biélorussie."),
        ("ru", "Кос объявил о завершении размещения «Орешник» в Белоруссии."),
    ],
)
def test_a_deployment_that_is_over_is_completed(
    claims_of: Finder, language: str, text: str
) -> None:
    assert told(claims_of, language, text) == {("oreshnik", "BY", "completed", None)}


@pytest.mark.parametrize(
    ("language", "text", "status"),
    [
        ("en", "Putin announced the start of Oreshnik deliveries to Belarus.", "underway"),
        (
            "it",
            "Putin ha annunciato l'inizio delle consegne di Oreshnik alla Bielorussia.",
            "underway",
        ),
        ("en", "The deployment of the Oreshnik in Belarus is to be completed soon.", "planned"),
        ("en", "The deployment of the Oreshnik in Belarus has not been completed.", "denied"),
        ("cs", "S dokončením rozmístění raket Oreshnik v Bělorusku se počítá.", "planned"),
    ],
)
def test_a_deployment_that_is_not_over_is_not(
    claims_of: Finder, language: str, text: str, status: str
) -> None:
    assert told(claims_of, language, text) == {("oreshnik", "BY", status, None)}


@pytest.mark.parametrize(
    "text",
    [
        "Talks on the Oreshnik deployment in Belarus have ended.",
        "The exercise with Oreshnik missiles in Belarus ended.",
        "It is too early to speak of the completion of the Oreshnik deployment in Belarus.",
    ],
)
def test_an_end_of_something_else_completes_nothing(claims_of: Finder, text: str) -> None:
    statuses = {status for _, _, status, _ in told(claims_of, "en", text)}
    assert "completed" not in statuses
