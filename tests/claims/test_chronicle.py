"""Chronicles: what an entry tells is of its day, and "a day before" counts from it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from connectors.records import Claim
from pipelines.claims.when.chronicle import MOST_ENTRIES, entries_of
from pipelines.times import find_times

Finder = Callable[..., tuple[Claim, ...]]
Told = set[tuple[str, str | None, str, str | None]]


def told(claims_of: Finder, language: str, text: str) -> Told:
    return {(c.system, c.place, c.status, c.when) for c in claims_of(language, text)}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "es",
            (
                "3 de marzo de 2025. Un día tranquilo. Dos Iskander impactan en Kiev.\n\n"
                "7 de mayo de 2025. Nada nuevo."
            ),
        ),
        (
            "en",
            (
                "3 March 2025. A quiet day. In the evening two Iskander missiles hit Kyiv.\n\n"
                "7 May 2025. Nothing is new."
            ),
        ),
        (
            "nl",
            (
                "3 maart 2025: Een rustige dag. ’s Avonds treffen twee Iskanders Kyiv.\n\n"
                "7 mei 2025: Geen nieuws."
            ),
        ),
        (
            "fr",
            (
                "Lundi 3 mars. Un jour calme. Dans la nuit, deux Iskander frappent Kiev.\n\n"
                "Mercredi 7 mai. Rien de neuf."
            ),
        ),
    ],
)
def test_a_strike_was_on_the_day_of_its_entry(claims_of: Finder, language: str, text: str) -> None:
    assert told(claims_of, language, text) == {("iskander", "UA", "used", "2025-03-03")}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "3 March 2025. A quiet day. Two Iskander missiles hit Kyiv. It was cold."),
        ("de", "3. März 2025. Ein ruhiger Tag. Zwei Iskander trafen Kiew. Es war kalt."),
        ("es", "3 de marzo de 2025. Un día tranquilo. Dos Iskander cayeron sobre Kiev."),
    ],
)
def test_one_day_alone_heads_no_chronicle(claims_of: Finder, language: str, text: str) -> None:
    assert told(claims_of, language, text) == {("iskander", "UA", "used", None)}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "en",
            (
                "3 March 2025. Talks begin in Minsk.\n\n"
                "7 May 2025. It is cold. The day before, Typhon arrived in Denmark."
            ),
        ),
        (
            "de",
            (
                "3. März 2025. In Minsk wird geredet.\n\n"
                "7. Mai 2025. Es ist kalt. Tags zuvor sind die Typhon in Dänemark eingetroffen."
            ),
        ),
        (
            "pt",
            (
                "3 de março de 2025. Há conversas em Minsk.\n\n"
                "7 de maio de 2025. Faz frio. Os Typhon estão na Dinamarca desde a véspera."
            ),
        ),
    ],
)
def test_the_day_before_counts_from_the_entry(claims_of: Finder, language: str, text: str) -> None:
    assert told(claims_of, language, text) == {("typhon", "DK", "completed", "2025-05-06")}


def test_a_month_without_its_year_follows_the_heading_before(claims_of: Finder) -> None:
    text = "15 October 2024. Nothing.\n\n10 December. It is cold. Two Iskander missiles hit Kyiv."
    assert told(claims_of, "en", text) == {("iskander", "UA", "used", "2024-12-10")}


def test_a_number_tells_which_wednesday(claims_of: Finder) -> None:
    text = "Lundi 2 juin – Rien.\n\nMercredi 4 – Il fait froid. Deux Iskander frappent Kiev."
    assert told(claims_of, "fr", text) == {("iskander", "UA", "used", "2025-06-04")}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "{}\n\n7 May 2025. It is cold. Kos says that Typhon was moved to Denmark."),
        ("es", "{}\n\n7 de mayo de 2025. Hace frío. Los Typhon están en Dinamarca."),
        ("de", "{}\n\n7. Mai 2025. Es ist kalt. Die Typhon stehen in Dänemark."),
    ],
)
def test_what_is_said_or_stands_there_came_before(
    claims_of: Finder, language: str, text: str
) -> None:
    heading = {"en": "3 March 2025.", "es": "3 de marzo de 2025.", "de": "3. März 2025."}
    text = text.format(f"{heading[language]} Typhon.")
    assert told(claims_of, language, text) == {("typhon", "DK", "completed", None)}


REST = "Rain falls. The sun shines. Birds sing. Cats sleep. Dogs run. Fish swim. Cows eat."


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        ("The missile hit Lviv again.", {("oreshnik", "UA", "used", "2025-05-07")}),
        ("A deal on missiles was put off.", set()),
        ("The delegation arrived in Minsk.", set()),
    ],
)
def test_an_entry_means_the_one_weapon_by_its_word(
    claims_of: Finder, last: str, expected: Told
) -> None:
    text = f"3 March 2025. The Oreshnik is new. {REST}\n\n7 May 2025. {last}"
    assert told(claims_of, "en", text) == expected


def test_what_has_hundreds_of_dated_paragraphs_is_a_table_and_no_chronicle() -> None:
    def entries(number: int) -> int:
        text = "5 May 2025. Two X hit Kyiv.\n\n7 May 2025. It is quiet.\n\n" * (number // 2)
        return len(entries_of(text, find_times(text, "en", None), None))

    assert entries(MOST_ENTRIES) == MOST_ENTRIES
    assert entries(MOST_ENTRIES + 2) == 0
