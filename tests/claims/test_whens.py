"""When: the day of an attack told before, nights and their days, what the words of speech date."""

from collections.abc import Callable

import pytest

from connectors.records import Claim

Finder = Callable[..., tuple[Claim, ...]]

TYPHON = {"typhon": "Typhon"}
ISKANDER = {"iskander": "Iskander"}
KINZHAL = {"kinzhal": "Kinzhal"}


def _told(claims: tuple[Claim, ...]) -> list[tuple[str | None, str, str | None]]:
    return sorted(((c.place, c.status, c.when) for c in claims), key=str)


@pytest.mark.parametrize(
    ("language", "text", "about", "expected"),
    [
        pytest.param(
            "en",
            "The Typhon launchers were withdrawn from the Philippines in spring.",
            (TYPHON, "2026-11-20"),
            [("PH", "suspended", "2026-SP")],
            id="a season beside a verb in the past is over",
        ),
        pytest.param(
            "en",
            "At least seven people were killed in Russian strikes on Kharkiv overnight. "
            "Russia launched five Iskander missiles, the air force said.",
            (ISKANDER, "2025-11-20"),
            [("UA", "used", "2025-11-20")],
            id="a strike takes the day of the attack told before",
        ),
        pytest.param(
            "fr",
            "Six personnes ont été tuées mercredi à Dnipro. "
            "L'armée russe a tiré deux Iskander, selon le gouverneur.",
            (ISKANDER, "2025-11-20"),
            [("UA", "used", "2025-11-19")],
            id="the country struck is enough",
        ),
        pytest.param(
            "en",
            "The mayor of Dnipro said on Monday that repairs go on. Russia fired Kinzhal at Odesa.",
            (KINZHAL, "2025-11-20"),
            [("UA", "used", None)],
            id="the day of a statement dates no strike",
        ),
        pytest.param(
            "de",
            "In der Nacht von Montag auf Dienstag trafen zwei Iskander Odessa.",
            (ISKANDER, "2025-11-20"),
            [("UA", "used", "2025-11-18")],
            id="of a night between two days the second counts",
        ),
        pytest.param(
            "en",
            "On Sunday, at dawn, an Iskander struck Odesa.",
            (ISKANDER, "2025-11-20"),
            [("UA", "used", "2025-11-16")],
            id="a dawn is of the day before it",
        ),
        pytest.param(
            "en",
            "Warsaw asked for Iskander in Poland on 3 October.",
            (ISKANDER, "2025-11-20"),
            [("PL", "requested", "2025-10-03")],
            id="a request has the day it was made on",
        ),
        pytest.param(
            "de",
            "Die Luftwaffe teilte mit, am Montag seien zwei Iskander in Odessa eingeschlagen.",
            (ISKANDER, "2025-11-20"),
            [("UA", "used", "2025-11-17")],
            id="a day after the comma that ends the verb of speech is of the event",
        ),
        pytest.param(
            "pl",
            "Rosja rozmieściła w Polsce Iskandery. System dostarczono w czerwcu.",
            ({"iskander": "Iskandery"}, "2025-07-16"),
            [("PL", "completed", "2025-06")],
            id="the next sentence tells when the system came",
        ),
        pytest.param(
            "fr",
            "Un système Typhon arrivera à l'automne au Japon.",
            (TYPHON, "2026-06-03"),
            [("JP", "planned", "2026-FA")],
            id="a season after its preposition",
        ),
    ],
)
def test_when(
    claims_in: Finder,
    language: str,
    text: str,
    about: tuple[dict[str, str], str],
    expected: list[tuple[str | None, str, str | None]],
) -> None:
    named, published = about
    assert _told(claims_in(text, language, named, published)) == expected
