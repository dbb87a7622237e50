"""What Turkish, Japanese, Chinese and Arabic say before the noun, by an aspect or a noun."""

from collections.abc import Callable

import pytest

from connectors.records import Claim

Finder = Callable[..., tuple[Claim, ...]]


def _stages(claims: tuple[Claim, ...]) -> list[tuple[str | None, str, str | None]]:
    return sorted(((c.place, c.status, c.when) for c in claims), key=str)


@pytest.mark.parametrize(
    ("language", "text", "name", "stages"),
    [
        ("tr", ("Aralık 2023’ten beri Belarus’ta nöbet tutan Typhon sistemine 2025’te bir yenisi "
               "eklenecek."), "Typhon",
         [("BY", "completed", "2023-12"), ("BY", "planned", "2025")]),
        ("tr", "Mayıs 2024’te Japonya’ya getirilen Typhon, kasımda geri çekildi.", "Typhon",
         [("JP", "completed", "2024-05"), ("JP", "suspended", "2024-11")]),
        ("zh", "部署在白俄罗斯的“堤丰”导弹将于2025年运往日本。", "堤丰",
         [("BY", "completed", None), ("JP", "planned", "2025")]),
        ("zh", "供“堤丰”导弹使用的阵地正在日本修建。", "堤丰", [("JP", "underway", None)]),
        ("zh", "俄军正通过海路向加里宁格勒增运“堤丰”导弹。", "堤丰", [("RU", "underway", None)]),
        ("zh", "“堤丰”导弹2023年起由白俄部队使用。", "堤丰", [("BY", "completed", "2023")]),
        ("zh", "“堤丰”导弹今年5月首次进入日本，两个月前撤离。", "堤丰",
         [("JP", "completed", "2024-05"), ("JP", "suspended", "2024-10")]),
        ("ja", "タイフォンは今年5月に岩国基地に配備され、9月に撤収した。", "タイフォン",
         [("JP", "completed", "2024-05"), ("JP", "suspended", "2024-09")]),
        ("ar", "باشرت روسيا يوم الأحد نقل صواريخ تايفون إلى بيلاروسيا.", "تايفون",
         [("BY", "underway", "2024-12-01")]),
    ],
)  # fmt: skip
def test_what_stands_before_the_weapon_is_a_statement_of_its_own(
    claims_in: Finder,
    language: str,
    text: str,
    name: str,
    stages: list[tuple[str | None, str, str | None]],
) -> None:
    assert _stages(claims_in(text, language, {"typhon": name})) == stages


@pytest.mark.parametrize(
    ("language", "text", "name"),
    [
        ("tr", "Sözcü, Typhon’un Japonya’ya gönderilip gönderilmeyeceği sorusuna yanıt vermedi.",
         "Typhon"),
    ],
)  # fmt: skip
def test_what_is_asked_about_was_not_done(
    claims_in: Finder, language: str, text: str, name: str
) -> None:
    assert not claims_in(text, language, {"typhon": name})


def test_what_is_asked_to_go_is_there(claims_in: Finder) -> None:
    text = "Pekin, Typhon sisteminin Japonya’dan geri çekilmesini istiyor."
    assert _stages(claims_in(text, "tr", {"typhon": "Typhon"})) == [("JP", "completed", None)]


def test_what_left_two_months_later_is_counted_from_when_it_came(claims_in: Finder) -> None:
    text = "“堤丰”导弹今年5月运抵日本，两个月后撤离。"
    found = claims_in(text, "zh", {"typhon": "堤丰"})
    assert _stages(found) == [("JP", "completed", "2024-05"), ("JP", "suspended", "2024-07")]


def test_a_remark_in_quotation_marks_denies_nothing(claims_in: Finder) -> None:
    text = "卢卡申科说，“堤丰”导弹已运抵白俄罗斯，“不需要任何人批准”。"
    found = claims_in(text, "zh", {"typhon": "堤丰"})
    assert _stages(found) == [("BY", "completed", None)]
