"""Days of a month, and months of a year, that were named before."""

from datetime import datetime, timezone

import pytest

from pipelines.times import find_times

AT = datetime(2026, 2, 16, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("ko", "지난달 9일 공격했다", ["2026-01-09"]),
        ("zh", "上月9日发射", ["2026-01-09"]),
        ("ja", "昨年9月に展開し、同11月に撤収した", ["2025-09", "2025-11"]),
        ("zh", "去年9月部署，同年11月撤走", ["2025-09", "2025-11"]),
        ("de", "Im Mai 2022 kam es, im Juli desselben Jahres ging es", ["2022-05", "2022-07"]),
        ("fr", "Venu en mai 2022, parti en juillet de la même année", ["2022-05", "2022-07"]),
        ("ja", "4日に会見した。前日に到着した", ["2026-02-04", "2026-02-03"]),
    ],
)
def test_what_was_named_before_is_meant(language: str, text: str, expected: list[str]) -> None:
    assert [t.value for t in find_times(text, language, AT)] == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("cs", "Od loňského dubna stojí v Polsku.", ["2025-04"]),
        ("pl", "Od zeszłorocznego stycznia stoi w Polsce.", ["2025-01"]),
        ("uk", "З торішнього квітня стоїть у Польщі.", ["2025-04"]),
        ("pl", "Przed dwoma laty trafiły do Polski.", ["2024"]),
        ("ro", "După mai multe atacuri au plecat în martie.", ["2026-03"]),
        ("de", "Bis Neujahr sollen sie dort sein.", ["2026-12-31"]),
        ("el", "Θα είναι εκεί μέχρι την Πρωτοχρονιά.", ["2026-12-31"]),
        ("fr", "Il l'avait demandé au printemps.", ["2026-SP"]),
        ("ar", "وصلت في السابع عشر من يناير", ["2026-01-17"]),
    ],
)
def test_last_years_months_seasons_and_new_year(
    language: str, text: str, expected: list[str]
) -> None:
    assert [t.value for t in find_times(text, language, AT)] == expected
