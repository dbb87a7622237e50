"""Who tells it, and which dates, countries and subjects are shared: each rule, and its limit."""

from collections.abc import Callable

import pytest

from connectors.records import Claim

Finder = Callable[..., tuple[Claim, ...]]

TYPHON = {"typhon": "Typhon"}
B61 = {"b61": "B61"}
ORESHNIK = {"oreshnik": "Oreshnik"}


@pytest.mark.parametrize(
    ("language", "text", "speaker"),
    [
        pytest.param(
            "en",
            "The Oreshnik is stationed in Belarus, said Zhou Haoming, a scholar in Shanghai.",
            "Zhou",
            id="a Chinese surname stands first",
        ),
        pytest.param(
            "cs",
            "Oreshnik je rozmístěn v Bělorusku. Novinářům to v pátek řekl ministr Viktor Chrenin.",
            "Khrenin",
            id="the next sentence tells it with a pronoun before its verb",
        ),
        pytest.param(
            "lt",
            "Oreshnik dislokuotas Baltarusijoje. Gitanas Nausėda tai pavadino gąsdinimu.",
            None,
            id="who stands before that pronoun only comments on it",
        ),
        pytest.param(
            "de",
            "Die Oreshnik ist in Belarus stationiert, wie Minister Viktor Chrenin kundtat.",
            "Khrenin",
            id="a clause with wie gives the words whatever its verb",
        ),
    ],
)
def test_who_speaks_by_the_order_of_words(
    claims_in: Finder, language: str, text: str, speaker: str | None
) -> None:
    found = claims_in(text, language, ORESHNIK, "2026-03-10")
    assert [claim.speaker for claim in found] == [speaker]


def test_a_date_before_a_colon_is_that_of_its_line(claims_in: Finder) -> None:
    (claim,) = claims_in("April 2024: A Typhon is flown to Luzon.", "en", TYPHON, "2026-07-15")
    assert (claim.place, claim.status, claim.when) == ("PH", "completed", "2024-04")


def test_two_countries_parted_by_or_are_both_meant(claims_in: Finder) -> None:
    found = claims_in("Moscow could send Oreshnik to Cuba or Venezuela.", "en", ORESHNIK)
    assert {claim.place for claim in found} == {"CU", "VE"}


def test_what_is_far_from_here_is_not_withdrawn(claims_in: Finder) -> None:
    text = "Some 500 kilometres from here, B61 bombs are stationed in Italy."
    assert [(c.place, c.status) for c in claims_in(text, "en", B61)] == [("IT", "completed")]


def test_what_left_in_a_month_without_its_year_left_in_the_past(claims_in: Finder) -> None:
    (claim,) = claims_in("The Typhon left Japan in November.", "en", TYPHON, "2026-06-03")
    assert (claim.status, claim.when) == ("suspended", "2025-11")
