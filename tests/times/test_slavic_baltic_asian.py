"""Times of Eastern European, Turkish, Arabic and East Asian newsrooms."""

from datetime import datetime, timezone

import pytest

from pipelines.times import find_times

AT = datetime(2025, 10, 15, 10, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("ru", "Комплекс прибудет до Нового года.", "2025-12-31"),
        ("ru", "Ракета прибыла ещё 7-го числа.", "2025-10-07"),
        ("uk", "Комплекс прибуде до Нового року.", "2025-12-31"),
        ("uk", "Торішнього грудня її випробували.", "2024-12"),
        ("be", "Ён прыбудзе да Новага года.", "2025-12-31"),
        ("be", "Стаяць з 2018 года. У жніўні прыбылі і іншыя.", "2018"),
        ("be", "Прыйдзе ў другім паўгодзьдзі.", "2025-H2"),
        ("be", "Стаіць з пазамінулага году.", "2023"),
        ("be", "Першы з красавіка 2024 года стаіць там.", "2024-04"),
        ("pl", "Pierwszy od kwietnia 2024 roku stoi na wyspie.", "2024-04"),
        ("pl", "System stanie przed Nowym Rokiem.", "2025-12-31"),
        ("cs", "Dorazí do Nového roku.", "2025-12-31"),
        ("cs", "Loňského prosince dorazil první.", "2024-12"),
        ("sk", "Dorazí v štvrtom štvrťroku.", "2025-Q4"),
        ("bg", "Ще пристигне догодина.", "2026"),
        ("sr", "Stiže do Nove godine.", "2025-12-31"),
        ("lt", "Atvyks iki kitų metų pabaigos.", "2026-12-31"),
        ("lt", "Atvyks iki mėnesio pabaigos.", "2025-10-31"),
        ("lt", "Atvyko prieš dvejus metus.", "2023"),
        ("lt", "Atvyko prieš savaitę.", "2025-10-08"),
        ("lt", "Atvyks antroje metų pusėje.", "2025-H2"),
        ("lv", "Ieradīsies līdz 2027. gada vidum.", "2027-06"),
        ("lv", "Ieradīsies nākamgad.", "2026"),
        ("lv", "Ieradās 2023. gada 17. augustā.", "2023-08-17"),
        ("lt", "Atvyko 2023-iųjų gruodį.", "2023-12"),
        ("lt", "Perdirbti 2022-aisiais.", "2022"),
        ("cs", "Dorazil 17. 8. 2025 ráno.", "2025-08-17"),
        ("cs", "Slouží tam od loňska.", "2024"),
        ("sk", "Slúži tam od vlaňajška.", "2024"),
        ("pl", "Stacjonują od lata 2023 roku.", "2023-SU"),
        ("pl", "Stanie tam przed upływem 2026 roku.", "2026-12-31"),
        ("pl", "Tydzień wcześniej przyjechał.", "2025-10-08"),
        ("cs", "Dorazil před týdnem.", "2025-10-08"),
        ("sk", "Pri pondelkovom údere.", "2025-10-13"),
        ("tr", "Füzeler ekim ayında geldi.", "2025-10"),
        ("tr", "Füzeler 2026'da gelecek.", "2026"),
        ("tr", "Sistem 2023'ten beri orada.", "2023"),
        ("tr", "Sistem ay sonuna kadar gelecek.", "2025-10-31"),
        ("tr", "Dün gece vuruldu.", "2025-10-15"),
        ("zh", "昨晚发射了导弹。", "2025-10-14"),
        ("zh", "将于下周部署。", "2025-W43"),
        ("ja", "来春に配備される。", "2026-SP"),
        ("ja", "来週に配備される。", "2025-W43"),
        ("ar", "وصلت قبل عامين.", "2023"),
        ("ar", "ستصل بعد شهرين.", "2025-12"),
    ],
)
def test_a_time_is_read_as_these_newsrooms_write_it(language: str, text: str, value: str) -> None:
    assert value in [time.value for time in find_times(text, language, AT)]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("tr", "Depoda 2026 füze var."),
        ("tr", "Bakan da konuştu."),
        ("ja", "将来の配備を検討する。"),
        ("zh", "周部长表示反对。"),
        ("ru", "Среди них семь из числа новых."),
    ],
)
def test_what_is_no_time_stays_unread(language: str, text: str) -> None:
    assert not find_times(text, language, AT)


def test_the_same_night_is_the_night_named_before() -> None:
    found = find_times("У п'ятницю вдарили. Тієї ж ночі вдарили знову.", "uk", AT)
    assert [time.value for time in found] == ["2025-10-10", "2025-10-10"]
