"""Further rules of stages: what each finds, and beside it what it must not find."""

from collections.abc import Callable

import pytest

from connectors.records import Claim

Finder = Callable[..., tuple[Claim, ...]]

PUBLISHED = "2025-10-15"

ISKANDER = {"iskander": "Iskander"}
TYPHON = {"typhon": "Typhon"}


def _stages(claims: tuple[Claim, ...]) -> list[tuple[str | None, str]]:
    return sorted(((c.place, c.status) for c in claims), key=str)


@pytest.mark.parametrize(
    ("language", "text", "named", "expected"),
    [
        pytest.param(
            "en",
            "Nothing prevents the Iskander from coming to Serbia one day.",
            ISKANDER,
            [("RS", "possible")],
            id="nothing prevents it: a possibility, in English",
        ),
        pytest.param(
            "es",
            "Nada impide que el Iskander pueda llegar a Serbia.",
            ISKANDER,
            [("RS", "possible")],
            id="nothing prevents it: a possibility, in Spanish",
        ),
        pytest.param(
            "en",
            "No Iskander has been delivered to Serbia.",
            ISKANDER,
            [("RS", "denied")],
            id="a plain no stays a denial",
        ),
        pytest.param(
            "pt",
            "Os mísseis Iskander já não serão enviados para a Sérvia.",
            ISKANDER,
            [("RS", "suspended")],
            id="no longer: given up, in Portuguese",
        ),
        pytest.param(
            "fr",
            "Les missiles Iskander ne seront plus envoyés en Serbie.",
            ISKANDER,
            [("RS", "suspended")],
            id="no longer: given up, in French",
        ),
        pytest.param(
            "pt",
            "Os mísseis Iskander não serão enviados para a Sérvia.",
            ISKANDER,
            [("RS", "denied")],
            id="will not: denied, nothing was given up",
        ),
        pytest.param(
            "uk",
            "Розділ про розміщення ракет Iskander у Сербії двічі переписували.",
            ISKANDER,
            [],
            id="a chapter on a deployment states none, in Ukrainian",
        ),
        pytest.param(
            "el",
            "Η ρήτρα για τη στάθμευση πυραύλων Iskander στη Σερβία είναι σύντομη.",
            ISKANDER,
            [],
            id="a clause on a deployment states none, in Greek",
        ),
        pytest.param(
            "ru",
            "Стрельбы Iskander в Сербии перенесли на октябрь.",
            ISKANDER,
            [],
            id="firing drills that are put off are no halt",
        ),
        pytest.param(
            "ru",
            "Размещение Iskander в Сербии перенесли на октябрь.",
            ISKANDER,
            [("RS", "suspended")],
            id="a deployment that is put off is one",
        ),
        pytest.param(
            "pl",
            "Prośba o rozmieszczenie rakiet Iskander w Serbii nie została uzgodniona z rządem.",
            ISKANDER,
            [("RS", "requested")],
            id="a request at the head stays one whatever was not agreed",
        ),
        pytest.param(
            "en",
            "A request to place Iskander missiles in Serbia was not agreed with the government.",
            ISKANDER,
            [("RS", "requested")],
            id="the same in English",
        ),
        pytest.param(
            "pt",
            "Um Iskander chegou à Bielorrússia em maio. O míssil não está na Sérvia.",
            ISKANDER,
            [("BY", "completed"), ("RS", "denied")],
            id="the missile that is not in a country is denied there, in Portuguese",
        ),
        pytest.param(
            "lt",
            "Iskander atgabenti į Baltarusiją. Lietuvoje šių raketų nėra.",
            ISKANDER,
            [("BY", "completed"), ("LT", "denied")],
            id="the missile that is not in a country is denied there, in Lithuanian",
        ),
        pytest.param(
            "en",
            "Iskander missiles arrived in Belarus. The survey does not count the French arsenal.",
            ISKANDER,
            [("BY", "completed")],
            id="a negation about something else denies nothing",
        ),
        pytest.param(
            "fr",
            "La Serbie veut des armes. Il n'est pas prévu d'y installer des Iskander, "
            "contrairement à ce que dit la presse polonaise.",
            ISKANDER,
            [("RS", "denied")],
            id="there is the country before, not the adjective of a newspaper",
        ),
        pytest.param(
            "fr",
            "Il n'est pas prévu d'installer des Iskander sur le sol polonais.",
            ISKANDER,
            [("PL", "denied")],
            id="without there the adjective of the ground counts",
        ),
        pytest.param(
            "ru",
            "Переброска Iskander в Сербию началась в октябре, "
            "а завершить её рассчитывают к концу января.",
            ISKANDER,
            [("RS", "planned"), ("RS", "underway")],
            id="begun and over by January are two stages",
        ),
        pytest.param(
            "en",
            "The withdrawal of the Typhon from Japan has begun. It will take four months.",
            TYPHON,
            [("JP", "suspended")],
            id="what lies ahead of a withdrawal is no plan to deploy",
        ),
        pytest.param(
            "it",
            "È cominciato il ritiro del Typhon dal Giappone. "
            "Per il generale Rossi ci vorranno quattro mesi.",
            TYPHON,
            [("JP", "suspended")],
            id="the same in Italian",
        ),
        pytest.param(
            "en",
            "Bunkers built for the Iskander are under construction in Serbia.",
            ISKANDER,
            [("RS", "underway")],
            id="what a site is built for is what will stand there",
        ),
        pytest.param(
            "be",
            "Пашырэнне сховішча, прызначанага для Iskander у Сербіі, ідзе поўным ходам.",
            ISKANDER,
            [("RS", "underway")],
            id="the same in Belarusian",
        ),
        pytest.param(
            "fr",
            "Reste à savoir si les Iskander en Serbie changent la menace.",
            ISKANDER,
            [],
            id="what remains to be seen is not what stands there",
        ),
        pytest.param(
            "ja",
            "Iskanderはベラルーシに配備された。ウクライナのゼレンスキー大統領は脅威だと批判した。",
            ISKANDER,
            [("BY", "completed")],
            id="the country of a president is not struck",
        ),
    ],
)
def test_a_further_rule_states_a_stage_and_no_other(
    claims_in: Finder,
    language: str,
    text: str,
    named: dict[str, str],
    expected: list[tuple[str | None, str]],
) -> None:
    assert _stages(claims_in(text, language, named, PUBLISHED)) == expected
