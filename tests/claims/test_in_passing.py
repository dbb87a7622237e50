"""What a clause tells in passing, verbs in two parts, and requests that are weighed."""

from collections.abc import Callable

import pytest

from connectors.records import Claim

Finder = Callable[..., tuple[Claim, ...]]

DAY = "2026-04-15"
_IN_2025 = [("BY", "completed", "2025-12"), ("BY", "requested", None)]


def _told(claims: tuple[Claim, ...]) -> list[tuple[str | None, str, str | None]]:
    return sorted(((c.place, c.status, c.when) for c in claims), key=str)


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        pytest.param(
            "de",
            "Die Iskander, um die Minsk gebeten hatte, werden im Mai geliefert.",
            [("BY", "planned", "2026-05"), ("BY", "requested", None)],
            id="what was asked for and will come",
        ),
        pytest.param(
            "en",
            "The Iskander missiles that Minsk had asked for arrived in Belarus in December.",
            _IN_2025,
            id="no comma parts the request",
        ),
        pytest.param(
            "fr",
            "Les Iskander demandés par Loukachenko ont été livrés au Bélarus en décembre.",
            _IN_2025,
            id="who asks follows the participle",
        ),
        pytest.param(
            "ru",
            "Ракеты Iskander, о которых просил Минск, прибыли в Белоруссию в декабре.",
            _IN_2025,
            id="the time of what came is not that of the request",
        ),
        pytest.param(
            "en",
            "The Iskander systems Warsaw keeps demanding will not go to Poland.",
            [("PL", "denied", None)],
            id="an unknown request leaves the refusal",
        ),
        pytest.param(
            "de",
            "Nach der Verlegung der Iskander nach Belarus im Dezember kauft Litauen Radare.",
            [("BY", "completed", "2025-12")],
            id="what something came after is there",
        ),
        pytest.param(
            "en",
            "After the deployment of Iskander missiles in Belarus in May Russia will respond.",
            [("BY", "planned", "2026-05")],
            id="what lies ahead is a plan",
        ),
        pytest.param(
            "de",
            "Die Iskander trafen am 7. Dezember in Belarus ein.",
            [("BY", "completed", "2025-12-07")],
            id="came, and did not hit",
        ),
        pytest.param(
            "de",
            "Der Minister wies zurück, dass Iskander in Polen stehen.",
            [("PL", "denied", None)],
            id="rejected, and brought nothing back",
        ),
        pytest.param(
            "de",
            "Der Minister wies darauf hin, dass Iskander in Polen stehen.",
            [("PL", "completed", None)],
            id="pointed out, and rejected nothing",
        ),
        pytest.param(
            "nl",
            "Het leger trok de Iskander na twee weken uit Polen terug.",
            [("PL", "suspended", None)],
            id="a Dutch verb in two parts",
        ),
        pytest.param(
            "nl",
            "Er liggen niet-strategische Iskander in Polen.",
            [("PL", "completed", None)],
            id="a not before a hyphen denies nothing",
        ),
        pytest.param(
            "de",
            "Seit Montag werden Iskander in Polen aufgestellt.",
            [("PL", "underway", "2026-04-13")],
            id="what has been done since Monday is under way",
        ),
        pytest.param(
            "de",
            "Ab Mai werden Iskander in Polen aufgestellt.",
            [("PL", "planned", "2026-05")],
            id="what is done from May on is planned",
        ),
        pytest.param(
            "fr",
            "Le chantier du site destiné à accueillir l'Iskander ont débuté en mars en Pologne.",
            [("PL", "underway", "2026-03")],
            id="work has begun at a site for what will come",
        ),
        pytest.param(
            "en",
            "Poland asked for Iskander missiles. The Pentagon is considering the request.",
            [("PL", "possible", None), ("PL", "requested", None)],
            id="a request that is weighed",
        ),
        pytest.param(
            "nl",
            "De SP vraagt om een debat over de Iskander die in Polen liggen.",
            [("PL", "completed", None)],
            id="who asks for a debate asks for no weapon",
        ),
        pytest.param(
            "de",
            "Washington schließt Iskander in Polen nicht mehr aus.",
            [("PL", "possible", None)],
            id="a refusal given up",
        ),
        pytest.param(
            "de",
            "Die Folgen der Iskander in Polen sind teuer.",
            [("PL", "completed", None)],
            id="a noun is no verb",
        ),
        pytest.param(
            "de",
            "Die in Polen gelagerten Iskander werden bald modernisiert.",
            [("PL", "completed", None)],
            id="what is there will be renewed",
        ),
        pytest.param(
            "nl",
            "In april 2024 zou de Iskander naar Polen komen.",
            [],
            id="a plan of long ago",
        ),
        pytest.param(
            "fr",
            "Des logements pour les servants de l'Iskander, en service en Pologne, ont été livrés.",
            [("PL", "completed", None)],
            id="flats were handed over, no weapon",
        ),
        pytest.param(
            "de",
            "Warschau bat um Iskander. Davon könne keine Rede sein, hieß es in Moskau.",
            [("PL", "denied", None), ("PL", "requested", None)],
            id="what cannot be is refused",
        ),
        pytest.param(
            "de",
            "Die Soldaten haben einen Lehrgang am Raketensystem Iskander abgeschlossen.",
            [],
            id="a course that ended",
        ),
    ],
)
def test_what_is_told_in_passing(
    language: str,
    text: str,
    expected: list[tuple[str | None, str, str | None]],
    claims_in: Finder,
) -> None:
    assert _told(claims_in(text, language, {"iskander": "Iskander"}, DAY)) == expected
