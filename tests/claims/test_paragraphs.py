"""What articles of full length tell that short reports do not, both sides of each rule."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from connectors.records import Claim, Mention
from pipelines.claims import find_claims

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


NEW_PARAGRAPHS = [
    (
        "nl",
        """De B61-bommen liggen in België. De gemeente zwijgt.

Dit voorjaar werd bekend dat de basis wordt verbouwd. Een school krijgt een nieuw dak.""",
    ),
    (
        "en",
        """The B61 bombs are in Belgium. The mayor says nothing.

This spring it became known that the base is being rebuilt. The school gets a new roof.""",
    ),
    (
        "bg",
        """Бомбите B61 са в Белгия. Кметът мълчи.

През 2016 г. токът беше спрян. Училището чака нов покрив.""",
    ),
]


@pytest.mark.parametrize(("language", "text"), NEW_PARAGRAPHS)
def test_a_new_paragraph_without_a_word_for_the_weapon_is_of_something_else(
    claims_of: Finder, language: str, text: str
) -> None:
    assert told(claims_of, language, text) == {("b61", "BE", "completed", None)}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "en",
            """The Typhon is in Japan. The mayor says nothing.

The harvest was poor. The launchers will be sent to Poland in May 2026.""",
        ),
        # An agency's paragraphs are single sentences.
        (
            "de",
            """Typhon steht in Japan, sagte der Bürgermeister.

Im Mai 2026 soll das System nach Polen verlegt werden.""",
        ),
        (
            "fr",
            """Le système Typhon est au Japon. Le maire se tait.

Les missiles seront envoyés en Pologne en mai 2026.""",
        ),
    ],
)
def test_a_new_paragraph_with_a_word_for_the_weapon_goes_on_with_it(
    claims_of: Finder, language: str, text: str
) -> None:
    assert told(claims_of, language, text) == {
        ("typhon", "JP", "completed", None),
        ("typhon", "PL", "planned", "2026-05"),
    }


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "Paris avait annoncé que des Typhon seraient stationnés au Japon en mai 2026."),
        ("es", "El general anunció que en mayo de 2026 habría Typhon en Japón."),
    ],
)
def test_a_conditional_behind_announced_that_is_a_plan(
    claims_of: Finder, language: str, text: str
) -> None:
    assert told(claims_of, language, text) == {("typhon", "JP", "planned", "2026-05")}


@pytest.mark.parametrize(
    ("language", "text", "status", "when"),
    [
        ("fr", "Le journal affirme que des Typhon seraient stationnés au Japon.", "possible", None),
        ("es", "El diario afirma que habría Typhon en Japón.", "possible", None),
        (
            "it",
            "Kos ha annunciato che i Typhon sarebbero già tornati in Giappone ad aprile.",
            "completed",
            "2025-04",
        ),
    ],
)
def test_a_conditional_that_only_reports_is_no_plan(
    claims_of: Finder, language: str, text: str, status: str, when: str | None
) -> None:
    assert told(claims_of, language, text) == {("typhon", "JP", status, when)}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Lukashenko says the Oreshnik has been on combat duty since 18 December."),
        ("pl", "Łukaszenka twierdzi, że Oriesznik jest na służbie od 18 grudnia."),
    ],
)
def test_a_head_of_state_who_says_since_when_it_serves_means_his_country(
    claims_of: Finder, language: str, text: str
) -> None:
    assert told(claims_of, language, text) == {("oreshnik", "BY", "completed", "2024-12-18")}


@pytest.mark.parametrize(
    "text",
    [
        "Putin says the Oreshnik has been on combat duty since 18 December.",
        "Lukashenko says the Oreshnik has been on combat duty.",
    ],
)
def test_what_a_supplier_says_or_what_has_no_beginning_has_no_place(
    claims_of: Finder, text: str
) -> None:
    assert not claims_of("en", text)


@pytest.mark.parametrize(
    ("language", "title", "text", "place"),
    [
        ("en", "Volkel keeps silent", "People walk past the B61 bombs stored at the base.", "NL"),
        ("fr", "À Volkel, on se tait", "Voici les B61 entreposées dans la base.", "NL"),
        ("nl", "Volkel zwijgt", "Dit zijn de B61-bommen die op de basis zijn opgeslagen.", "NL"),
        (
            "en",
            "A village keeps silent",
            "People walk past the B61 bombs stored at the base.",
            None,
        ),
    ],
)
def test_a_base_that_no_sentence_names_is_that_of_the_headline(
    language: str, title: str, text: str, place: str | None
) -> None:
    at = text.index("B61")
    claims = find_claims(
        title=title,
        text=text,
        language=language,
        published_at=None,
        mentions=[Mention(subject="b61", field="text", start=at, end=at + 3, quote="B61")],
        times=(),
    )
    assert [(c.place, c.status) for c in claims] == [(place, "completed")]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "A Kinzhal hit a depot in Ukraine. There are no casualties there."),
        ("ru", "Kinzhal ударил по Украине. Там повреждён завод, пострадавших нет."),
        ("pl", "Kinzhal spadł na Ukrainę. Tam ofiar nie ma."),
    ],
)
def test_after_a_strike_only_victims_are_missing_and_no_weapon(
    claims_of: Finder, language: str, text: str
) -> None:
    assert told(claims_of, language, text) == {("kinzhal", "UA", "used", None)}


def test_after_a_strike_a_word_for_the_weapon_tells_where_it_is(claims_of: Finder) -> None:
    text = "A Tomahawk hit Iran. There are no such missiles in Poland."
    assert ("tomahawk", "PL", "denied", None) in told(claims_of, "en", text)
