"""Rules that give a stage where no table knows the sentence: one own sentence each."""

from collections.abc import Callable

import pytest

from connectors.records import Claim

Finder = Callable[..., tuple[Claim, ...]]

PUBLISHED = "2025-10-15"

ISKANDER = {"iskander": "Iskander"}
ORESHNIK = {"oreshnik": "Oreshnik"}
TYPHON = {"typhon": "Typhon"}
TOMAHAWK = {"tomahawk": "Tomahawk"}


def _stages(claims: tuple[Claim, ...]) -> list[tuple[str, str | None, str, str | None]]:
    return sorted(((c.system, c.place, c.status, c.when) for c in claims), key=str)


@pytest.mark.parametrize(
    ("language", "text", "named", "expected"),
    [
        pytest.param(
            "fr",
            "Le Typhon bivouaquera en Finlande.",
            TYPHON,
            [("typhon", "FI", "planned", None)],
            id="a French future is known by its ending",
        ),
        pytest.param(
            "es",
            "El Typhon pernoctará en Finlandia.",
            TYPHON,
            [("typhon", "FI", "planned", None)],
            id="a Spanish future is known by its ending",
        ),
        pytest.param(
            "it",
            "Il Typhon bivaccherà in Finlandia.",
            TYPHON,
            [("typhon", "FI", "planned", None)],
            id="an Italian future is known by its ending",
        ),
        pytest.param(
            "hu",
            "Az Iskander feltűnhetne, és Lengyelországba átgurulhatnak az Iskander rakéták.",
            ISKANDER,
            [("iskander", "PL", "possible", None)],
            id="a Hungarian possibility is known by its ending",
        ),
        pytest.param(
            "en",
            "The Iskander, on Danish soil.",
            ISKANDER,
            [("iskander", "DK", "completed", None)],
            id="an adjective before soil is a ground",
        ),
        pytest.param(
            "en",
            "The Typhon is home in Finland by May 2026.",
            TYPHON,
            [("typhon", "FI", "planned", "2026-05")],
            id="a state that lies ahead is planned",
        ),
        pytest.param(
            "en",
            "The Typhon launcher left Japan in May 2025.",
            TYPHON,
            [("typhon", "JP", "suspended", "2025-05")],
            id="what left a country is withdrawn",
        ),
        pytest.param(
            "it",
            "La batteria Typhon non ha lasciato Luzon.",
            TYPHON,
            [("typhon", "PH", "completed", None)],
            id="what did not leave is there",
        ),
        pytest.param(
            "en",
            "The Iskander launchers in Belarus went back to Russia.",
            ISKANDER,
            [("iskander", "BY", "suspended", None)],
            id="what goes back to its owner is withdrawn",
        ),
        pytest.param(
            "en",
            "Trucks with the Iskander crawl towards Serbia.",
            ISKANDER,
            [("iskander", "RS", "underway", None)],
            id="what moves towards a country is under way",
        ),
        pytest.param(
            "fr",
            "Les premiers Iskander sont arrivés en Serbie.",
            ISKANDER,
            [("iskander", "RS", "underway", None)],
            id="the first ones are a part",
        ),
        pytest.param(
            "de",
            "Ab 2026 soll ein Regiment mit Iskander nach Serbien verlegt werden.",
            ISKANDER,
            [("iskander", "RS", "planned", "2026")],
            id="a participle at the end belongs to the verb before the weapon",
        ),
        pytest.param(
            "de",
            "Die Serben bekommen in Serbien ihre Iskander nicht.",
            ISKANDER,
            [("iskander", "RS", "denied", None)],
            id="a not at the end denies",
        ),
        pytest.param(
            "de",
            "Die Iskander wurde in Serbien gesichtet.",
            ISKANDER,
            [("iskander", "RS", "completed", None)],
            id="a passive of the past is no plan",
        ),
        pytest.param(
            "en",
            "The timetable has not slipped: the Oreshnik will stand in Belarus.",
            ORESHNIK,
            [("oreshnik", "BY", "planned", None)],
            id="a not before a colon is not of what follows",
        ),
        pytest.param(
            "en",
            "Nobody has said so aloud, but Finland could get a Typhon.",
            TYPHON,
            [("typhon", "FI", "possible", None)],
            id="silence denies nothing",
        ),
        pytest.param(
            "en",
            "It is possible that the Typhon will be sent to Finland.",
            TYPHON,
            [("typhon", "FI", "possible", None)],
            id="possible that it will is possible",
        ),
        pytest.param(
            "en",
            "A Typhon in Finland is not off the table.",
            TYPHON,
            [("typhon", "FI", "possible", None)],
            id="a doubt outweighs the words in it",
        ),
        pytest.param(
            "en",
            "The Typhon stands in Luzon. A second one will follow next year.",
            TYPHON,
            [
                ("typhon", "PH", "completed", None),
                ("typhon", "PH", "planned", "2026"),
            ],
            id="another one that follows is planned",
        ),
        pytest.param(
            "en",
            "What of the Oreshnik? “It is already on our soil,” Lukashenko replied.",
            ORESHNIK,
            [("oreshnik", "BY", "completed", None)],
            id="it is already on our soil",
        ),
        pytest.param(
            "en",
            "Trump told Zelensky that there will be no Tomahawk.",
            TOMAHAWK,
            [("tomahawk", "UA", "denied", None)],
            id="who is told of it is where it would have been",
        ),
        pytest.param(
            "fr",
            "Les Iskander sont en Serbie, note l’analyste polonais Marek Nowak.",
            ISKANDER,
            [("iskander", "RS", "completed", None)],
            id="whose analyst speaks is no place",
        ),
        pytest.param(
            "en",
            "Work goes ahead on the depot in Finland that will hold the Typhon.",
            TYPHON,
            [("typhon", "FI", "underway", None)],
            id="a site in the making for what will come is under way",
        ),
        pytest.param(
            "fr",
            "La livraison des Iskander à la Serbie en mars 2024 avait surpris.",
            ISKANDER,
            [("iskander", "RS", "completed", "2024-03")],
            id="a delivery in the past is done",
        ),
        pytest.param(
            "en",
            "Minsk counts on the Oreshnik by December 2025.",
            ORESHNIK,
            [("oreshnik", "BY", "planned", "2025-12")],
            id="a capital that counts on it is where it will be",
        ),
        pytest.param(
            "en",
            "Half of the Iskander missiles have already crossed into Belarus.",
            ISKANDER,
            [("iskander", "BY", "underway", None)],
            id="half of them already there is under way",
        ),
    ],
)
def test_a_sentence_without_known_words_gives_the_stage(
    claims_in: Finder,
    language: str,
    text: str,
    named: dict[str, str],
    expected: list[tuple[str, str | None, str, str | None]],
) -> None:
    assert _stages(claims_in(text, language, named, PUBLISHED)) == expected


@pytest.mark.parametrize(
    ("language", "text", "named"),
    [
        pytest.param(
            "fr",
            "Peskov n’a ni confirmé ni infirmé l’envoi d’Iskander à Kaliningrad.",
            ISKANDER,
            id="neither confirmed nor denied",
        ),
        pytest.param(
            "en",
            "Peskov would neither confirm nor deny that Iskander had been moved to Kaliningrad.",
            ISKANDER,
            id="neither confirm nor deny that it was moved",
        ),
        pytest.param(
            "fr",
            "L’Iskander peut frapper Helsinki depuis le Bélarus.",
            ISKANDER,
            id="what a weapon can hit",
        ),
        pytest.param(
            "en",
            "Khrenin said how the Iskander works in Belarus.",
            ISKANDER,
            id="what is only asked or explained",
        ),
        pytest.param(
            "en",
            "Asked whether Typhon would come to Poland, Kos laughed.",
            TYPHON,
            id="what somebody was asked",
        ),
        pytest.param(
            "en",
            "If the Typhon were ever to leave Poland, Moscow would claim the credit.",
            TYPHON,
            id="what would follow from a condition",
        ),
        pytest.param(
            "sv",
            "Soldater i Belarus övade i förra veckan med Iskander vid Osipovitjy.",
            ISKANDER,
            id="a drill",
        ),
        pytest.param(
            "en",
            "The Typhon battery was to have reached Finland next year.",
            TYPHON,
            id="what was to have come",
        ),
    ],
)
def test_no_stage_gives_no_claim(
    claims_in: Finder, language: str, text: str, named: dict[str, str]
) -> None:
    assert claims_in(text, language, named, PUBLISHED) == ()
