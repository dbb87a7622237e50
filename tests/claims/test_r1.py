"""What articles of full length tell that short reports do not, both sides of each rule."""

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
        (
            "en",
            "Iskander missiles have been stationed in Belarus since 2023, and we see no signs of"
            + " a change.",
        ),
        (
            "pl",
            "Rakiety Iskander stoją na Białorusi od 2023 roku i Mińsk nie zamierza się z tym kryć.",
        ),
        ("ru", "«Искандеры» стоят в Беларуси с 2023 года, и никуда деваться не собираются."),
        ("fr", "L'Iskander est stationné au Bélarus depuis 2023 et le général n'en doute pas."),
        (
            "en",
            "The Belarusian army's own Iskander has been on duty since 2023 and nobody asks why.",
        ),
    ],
)
def test_a_verb_of_its_own_behind_and_denies_no_state(
    claims_of: Finder, language: str, text: str
) -> None:
    assert told(claims_of, language, text) == {("iskander", "BY", "completed", "2023")}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The Oreshnik is not in Belarus, and Minsk does not intend to host it."),
        ("ru", "«Орешник» в Беларуси не стоит, и размещать его там не собираются."),
        ("en", "The Oreshnik was to come to Belarus in May and did not arrive."),
    ],
)
def test_what_is_denied_on_both_sides_of_and_is_not_there(
    claims_of: Finder, language: str, text: str
) -> None:
    assert told(claims_of, language, text) == {("oreshnik", "BY", "denied", None)}
