"""Values and the days that they span."""

from datetime import date

import pytest

from pipelines.times import granularity, interval


@pytest.mark.parametrize(
    ("value", "first", "last", "unit"),
    [
        ("2025", date(2025, 1, 1), date(2025, 12, 31), "year"),
        ("2025-H1", date(2025, 1, 1), date(2025, 6, 30), "half"),
        ("2025-H2", date(2025, 7, 1), date(2025, 12, 31), "half"),
        ("2025-Q3", date(2025, 7, 1), date(2025, 9, 30), "quarter"),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29), "month"),
        ("2025-12-18", date(2025, 12, 18), date(2025, 12, 18), "day"),
        ("2024-WI", date(2024, 12, 1), date(2025, 2, 28), "season"),
        ("2024-W48", date(2024, 11, 25), date(2024, 12, 1), "week"),
    ],
)
def test_a_value_spans_its_days(value: str, first: date, last: date, unit: str) -> None:
    assert interval(value) == (first, last)
    assert granularity(value) == unit


@pytest.mark.parametrize("value", ["", "soon", "2025-H3", "2025-13", "2025-02-30", "2025-12-18T"])
def test_what_is_no_value_is_refused(value: str) -> None:
    with pytest.raises(ValueError):
        interval(value)
