"""Times as Spanish, Italian, Portuguese and Romanian reports say them."""

from datetime import datetime, timezone

import pytest

from pipelines.times import find_times

PUBLISHED = datetime(2026, 3, 10, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("ro", "la sfârșitul lunii februarie", ["2026-02"]),
        ("es", "desde el pasado mes de junio", ["2025-06"]),
        ("pt", "no fim do mês de fevereiro", ["2026-02"]),
        ("it", "arriverà entro l'anno", ["2026-12-31"]),
        ("it", "arriverà entro l'anno prossimo", ["2027-12-31"]),
        ("es", "la pasada madrugada", ["2026-03-10"]),
        ("ro", "joia trecută", ["2026-03-05"]),
        ("ro", "stă acolo de șase luni", []),
        ("ro", "spre sfârșitul verii", ["2026-SU"]),
    ],
)
def test_a_time_in_a_romance_language(language: str, text: str, expected: list[str]) -> None:
    assert [t.value for t in find_times(text, language, PUBLISHED)] == expected
