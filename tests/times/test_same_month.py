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
        ("ja", "4日に会見した。前日に到着した", ["2026-02-04", "2026-02-03"]),
    ],
)
def test_what_was_named_before_is_meant(language: str, text: str, expected: list[str]) -> None:
    assert [t.value for t in find_times(text, language, AT)] == expected
