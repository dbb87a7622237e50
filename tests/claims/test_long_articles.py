"""Articles of full length: what is told far from the weapon's name, or beside other matters."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from connectors.records import Claim

Finder = Callable[..., tuple[Claim, ...]]
Stage = tuple[str, str | None, str, str | None]


def stages(claims_of: Finder, language: str, text: str) -> set[Stage]:
    return {(c.system, c.place, c.status, c.when) for c in claims_of(language, text)}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "en",
            (
                "The Typhon system is in the Philippines. The harvest was poor. Wages fell. It rained"
                ". The same missile could come to Japan in September."
                " A Dark Eagle battery is on its way to Australia."
            ),
        ),
        (
            "fr",
            (
                "Le système Typhon se trouve aux Philippines. La récolte est mauvaise. Les salaires"
                " baissent. Les ouvriers protestent. Ce missile pourrait arriver au Japon en"
                " septembre. Une batterie Dark Eagle est en route vers l'Australie."
            ),
        ),
        (
            "it",
            (
                "Il sistema Typhon si trova nelle Filippine. La raccolta è scarsa. I salari calano."
                " Gli operai protestano. La stessa arma potrebbe arrivare in Giappone a settembre."
                " Una batteria Dark Eagle è in viaggio verso l'Australia."
            ),
        ),
    ],
)
def test_the_weapon_far_on_is_the_only_one_that_was_named(
    claims_of: Finder, language: str, text: str
) -> None:
    assert stages(claims_of, language, text) == {
        ("typhon", "PH", "completed", None),
        ("typhon", "JP", "possible", "2025-09"),
        ("dark-eagle", "AU", "underway", None),
    }


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "en",
            (
                "Iskander missiles are in Belarus. The harvest was poor. Wages fell. It rained."
                " Kos had been withdrawn in May, and nobody minded."
            ),
        ),
        (
            "nl",
            (
                "De Iskander staat in Belarus. De oogst was slecht. De lonen dalen. Het regende."
                " Kos had een jaar uitstel voorgesteld en Lee noemde dat een goed idee."
            ),
        ),
    ],
)
def test_far_from_its_name_a_word_must_be_of_the_weapon(
    claims_of: Finder, language: str, text: str
) -> None:
    assert stages(claims_of, language, text) == {("iskander", "BY", "completed", None)}
