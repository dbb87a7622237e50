"""Expressions of many languages, and numbers that are no date."""

from datetime import datetime, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.times import find_times, read_times

SIGNED_AT = datetime(2024, 12, 6, 12, tzinfo=timezone.utc)
LANGUAGES = (
    "fr en ru be uk pl de es it pt cs sk bg sr lt tr nl ro hu zh ja xx".split()  # noqa: SIM905
)


def _values(text: str, language: str, at: datetime | None = SIGNED_AT) -> list[str]:
    return [time.value for time in find_times(text, language, at)]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("fr", "d’ici à la fin 2025", ["2025-12-31"]),
        ("fr", "du 12 au 16 septembre 2025", ["2025-09-12", "2025-09-16"]),
        ("fr", "ce jeudi 18 décembre 2025", ["2025-12-18"]),
        ("fr", "au T3 2025", ["2025-Q3"]),
        ("fr", "avant le 1er juillet", ["2025-07-01"]),
        ("en", "2H25", ["2025-H2"]),
        ("en", "next year's second half", ["2025-H2"]),
        ("en", "by year’s end", ["2024-12-31"]),
        ("en", "last December", ["2023-12"]),
        ("en", "between 6 and 8 December", ["2024-12-06", "2024-12-08"]),
        ("ru", "6-го декабря", ["2024-12-06"]),
        ("ru", "6 дека\u0301бря", ["2024-12-06"]),
        ("ru", "во II квартале 2025 г.", ["2025-Q2"]),
        ("ru", "в 2025–2026 годах", ["2025", "2026"]),
        ("be", "налета ўвесну", ["2025-SP"]),
        ("uk", "два роки тому", ["2022"]),
        ("pl", "w II połowie 2025 r.", ["2025-H2"]),
        ("de", "in der 2. Jahreshälfte 2025", ["2025-H2"]),
        ("de", "wurde 2023 beendet", ["2023"]),
        ("de", "rund 2000 Leute", []),
        ("sv", "lades ned redan 2024, skriver", ["2024"]),
        ("fi", "lopetettiin 2024.", ["2024"]),
        ("et", "lõpetati 2024.", ["2024"]),
        ("sv", "I december. Sedan 2023 finns de där.", ["2024-12", "2023"]),
        ("sv", "natten till söndagen", ["2024-12-01"]),
        ("fi", "viime kesänä", ["2024-SU"]),
        ("de", "vom 6. bis 8. Dezember", ["2024-12-06", "2024-12-08"]),
        ("es", "el segundo semestre del año que viene", ["2025-H2"]),
        ("it", "lo scorso dicembre", ["2023-12"]),
        ("cs", "ve druhé polovině příštího roku", ["2025-H2"]),
        ("lt", "antrąjį kitų metų pusmetį", ["2025-H2"]),
        ("pt", "até ao fim do ano", ["2024-12-31"]),
        ("tr", "2025'in ikinci yarısında", ["2025-H2"]),
        ("zh", "2025年下半年", ["2025-H2"]),
        ("sk", "v druhej polovici budúceho roka", ["2025-H2"]),
        ("bg", "през втората половина на 2025 г.", ["2025-H2"]),
        ("sr", "у другој половини следеће године", ["2025-H2"]),
        ("nl", "in de tweede helft van 2025", ["2025-H2"]),
        ("ro", "în a doua jumătate a anului 2025", ["2025-H2"]),
        ("hu", "jövő év második felében", ["2025-H2"]),
        ("et", "järgmise aasta teisel poolel", ["2025-H2"]),
        ("lv", "nākamā gada otrajā pusē", ["2025-H2"]),
        ("ko", "내년 하반기에", ["2025-H2"]),
        ("fa", "در نیمه دوم سال ۲۰۲۵", ["2025-H2"]),
        ("ar", "في النصف الثاني من العام المقبل", ["2025-H2"]),
        ("ja", "来年後半には", ["2025-H2"]),
    ],
)
def test_an_expression_has_its_value(language: str, text: str, expected: list[str]) -> None:
    assert _values(text, language) == expected


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The Mk-41, AN/TPY-2, Kh-101, RS-26, S-300 and Su-25"),
        ("en", "a 15-year-old boy, 20 years of age"),
        ("en", "on the 2,025 km border, $2,025 and 2025 soldiers"),
        ("en", "He may visit; they march on"),
        ("en", "in the coming weeks"),
        ("en", "in the first half of the match"),
        ("ru", "3М22 «Циркон», РС-26, Х-101"),
        ("ru", "в 1990-х годах"),
        ("ru", "в 20:25 по москве, 30-дневный срок"),
        ("fr", "cela a été dit pour 2 ans"),
        ("zh", "射程5500公里，2025名士兵"),
    ],
)
def test_a_number_that_is_no_date_yields_nothing(language: str, text: str) -> None:
    assert _values(text, language) == []


@pytest.mark.parametrize(
    ("text", "value", "modifier"),
    [
        ("late 2025", "2025", "END"),
        ("early 2026", "2026", "START"),
        ("in mid-2025", "2025", "MID"),
        ("at the end of the year", "2024", "END"),
        ("in 2025", "2025", None),
    ],
)
def test_a_vague_part_keeps_the_unit_and_carries_a_modifier(
    text: str, value: str, modifier: str | None
) -> None:
    [found] = find_times(text, "en", SIGNED_AT)
    assert (found.value, found.modifier) == (value, modifier)


def test_a_deadline_in_the_middle_of_a_year_has_both_readings() -> None:
    found = find_times("by mid-2025", "en", SIGNED_AT)
    assert [(t.value, t.modifier) for t in found] == [("2025", "MID"), ("2025-06", "END")]


def test_relative_words_without_a_date_yield_nothing_and_absolute_ones_stay() -> None:
    assert _values("yesterday, next year, on Friday and in H2 2025", "en", None) == ["2025-H2"]


def test_words_after_a_said_date_are_relative_to_it() -> None:
    assert _values("Le 21 novembre 2023, puis le lendemain", "fr") == ["2023-11-21", "2023-11-22"]


def test_an_unknown_language_still_reads_numeric_dates() -> None:
    assert _values("18.12.2025 zzz", "xx") == ["2025-12-18"]


@pytest.mark.parametrize("text", ["99.99.2025", "31.02.2025", "30 February 2025", "in 9999 weeks"])
def test_a_day_that_does_not_exist_is_not_invented(text: str) -> None:
    assert not [value for value in _values(text, "en") if len(value) == 10]


PIECES = [*"0123456789 .-–,'’\n年月日", "2025 ", "H2 ", "the ", "of ", "в ", "года ", "декабря "]
PIECES += ["end ", "next ", "year ", "\u0301", "III ", "6-го ", "by ", "weeks ", "ago ", "Friday "]


@given(
    text=st.lists(st.sampled_from(PIECES), max_size=40).map("".join),
    language=st.sampled_from(LANGUAGES),
    dated=st.booleans(),
)
def test_any_text_yields_exact_offsets_and_readable_values(
    text: str, language: str, dated: bool
) -> None:
    for time in find_times(text, language, SIGNED_AT if dated else None):
        assert text[time.start : time.end] == time.quote != ""
        assert time.value[:4].isdigit()


def test_a_very_long_sentence_is_read_to_its_end() -> None:
    assert _values("the second of " * 10_000 + "in H2 2025", "en") == ["2025-H2"]


@pytest.mark.parametrize("year", [1, 9999])
def test_an_article_dated_at_the_edge_of_the_calendar_does_no_harm(year: int) -> None:
    at = datetime(year, 1, 1, tzinfo=timezone.utc)
    text = "yesterday, last year, next December, in ten years, three weeks ago, on Friday"
    assert isinstance(find_times(text, "en", at), tuple)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "by no later than the end of the second half of next year"),
        ("fr", "d’ici à la fin 2025"),
        ("ru", "6 дека\u0301бря"),
        ("tr", "2025'in ikinci yarısında"),
        ("ar", "في النصف الثاني من العام المقبل"),
    ],
)
def test_an_expression_is_the_same_deep_in_a_long_text(language: str, text: str) -> None:
    around = "Xyzzy plugh İxyz. " * 40
    assert _values(around + text + ". " + around, language) == _values(text, language) != []


def test_what_was_read_before_changes_nothing_later() -> None:
    text = "Xyzzy plugh. " * 40 + "Minsk said in 2021 that by next year, and the following year,"
    dates = [None, SIGNED_AT, datetime(2030, 3, 1, tzinfo=timezone.utc), None, SIGNED_AT]
    found = [_values(text, "en", at) for at in dates]
    assert found[0] == found[3] == ["2021", "2022"]
    assert found[1] == found[4] != found[2]
    other = text.replace("2021", "2031")
    assert _values(other, "en", None) == ["2031", "2032"]


def test_a_relative_expression_without_a_date_is_reported_with_its_reason() -> None:
    found, unresolved = read_times("It comes by the end of next year, in H2 2025.", "en", None)
    assert [t.value for t in found] == ["2025-H2"]
    assert [(t.quote, t.reason) for t in unresolved] == [
        ("by the end of next year", "no publication date")
    ]
    assert read_times("by the end of next year", "en", SIGNED_AT)[1] == ()
