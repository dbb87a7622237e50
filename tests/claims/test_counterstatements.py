"""What follows a denial, a halted project, a destination, and more of a weapon to come."""

from collections.abc import Callable

import pytest

from connectors.records import Claim

Finder = Callable[..., tuple[Claim, ...]]


@pytest.mark.parametrize(
    ("text", "named", "expected"),
    [
        pytest.param(
            "Et les Typhon ? Le Pentagone a mis en veilleuse dès février leur transfert en "
            "Finlande.",
            {"typhon": "Typhon"},
            [("FI", "suspended", "2026-02")],
            id="a halt further from what is halted",
        ),
        pytest.param(
            "Les Iskander ont été retirés de Syrie. Chargées dans le port de Tartous, les "
            "batteries seraient en cours d'acheminement vers l'est de la Libye.",
            {"iskander": "Iskander"},
            [("LY", "underway", None), ("SY", "suspended", None)],
            id="what is under way is placed where it goes",
        ),
        pytest.param(
            "La batterie Typhon est toujours aux Philippines. Une deuxième unité est annoncée pour "
            "la fin de l'année.",
            {"typhon": "Typhon"},
            [("PH", "completed", None), ("PH", "planned", "2026")],
            id="the end of a year that is not over lies ahead",
        ),
        pytest.param(
            "Rien n'interdit d'expédier des Typhon en Finlande, a lancé le député Jan Kos.",
            {"typhon": "Typhon"},
            [("FI", "possible", None)],
            id="what somebody has launched behind a comma is speech",
        ),
    ],
)
def test_what_is_told_beside_keeps_its_stage(
    claims_in: Finder,
    text: str,
    named: dict[str, str],
    expected: list[tuple[str | None, str, str | None]],
) -> None:
    found = claims_in(text, "fr", named, "2026-03-10")
    assert sorted(((c.place, c.status, c.when) for c in found), key=str) == expected
