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
            "Iskander missiles have been stationed in Belarus since 2023, and we see no change.",
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


CHRONICLES = [
    (
        "en",
        """9 March 2025. Overnight Russia fired a Kinzhal at a depot near Kharkiv in Ukraine.

2 April 2025. Talks in Istanbul end without a result.""",
        "2025-03-09",
    ),
    (
        "de",
        """Die Wochen im Rückblick.

9. März 2025: Am Abend feuert Russland eine Kinzhal auf ein Depot in der Ukraine ab.

2. April 2025: Die Gespräche in Istanbul enden ohne Ergebnis.""",
        "2025-03-09",
    ),
    (
        "fr",
        """Samedi 7. Le Parlement vote le budget.

Dimanche 8. Un missile Kinzhal est tiré sur l'Ukraine au cours de la nuit. Deux morts.""",
        "2025-06-08",
    ),
    (
        "en",
        """September 9. Rain stops the harvest.

November 21. A Kinzhal is fired at Dnipro in Ukraine before dawn.""",
        "2024-11-21",
    ),
]


@pytest.mark.parametrize(("language", "text", "day"), CHRONICLES)
def test_what_an_entry_of_a_chronicle_tells_was_on_its_day(
    claims_of: Finder, language: str, text: str, day: str
) -> None:
    assert told(claims_of, language, text) == {("kinzhal", "UA", "used", day)}


@pytest.mark.parametrize(
    ("language", "text", "when"),
    [
        # One paragraph that opens with a day is no chronicle.
        ("en", "9 March 2025. Overnight a Kinzhal was fired at Ukraine.", "2025-06-12"),
        # A time of its own counts, and what only stands there came on another day.
        (
            "en",
            """9 March 2025. A Kinzhal was fired at Ukraine on 4 March 2025, a court heard.

2 April 2025. Talks end.""",
            "2025-03-04",
        ),
    ],
)
def test_a_day_at_the_head_of_a_report_or_another_time_is_no_entry(
    claims_of: Finder, language: str, text: str, when: str
) -> None:
    assert told(claims_of, language, text) == {("kinzhal", "UA", "used", when)}


def test_what_stands_somewhere_has_no_day_of_an_entry(claims_of: Finder) -> None:
    text = """9 mai 2025. Kos visite Minsk. L'Orechnik se trouve au Bélarus, dit-il.

2 juin 2025. La pluie."""
    assert told(claims_of, "fr", text) == {("oreshnik", "BY", "completed", None)}
