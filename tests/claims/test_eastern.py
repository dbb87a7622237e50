"""Chinese, Japanese, Korean, Turkish, Arabic and Greek: names, heads of sentences, stages."""

from collections.abc import Callable

import pytest

from connectors.records import Claim

Finder = Callable[..., tuple[Claim, ...]]

Stage = tuple[str | None, str, str | None]


def _stages(claims: tuple[Claim, ...]) -> list[Stage]:
    return sorted(((c.place, c.status, c.when) for c in claims), key=str)


@pytest.mark.parametrize(
    ("language", "text", "name", "speaker"),
    [
        ("zh", "南京大学教授冯玉军表示，“榛树”已部署在白俄罗斯。", "榛树", "Feng"),
        ("zh", "曹远志认为，“榛树”已部署在白俄罗斯。", "榛树", "Cao"),
        ("zh", "韩方表示，“榛树”已部署在白俄罗斯。", "榛树", None),
        (
            "ja",
            "東京大の鈴木一郎教授は「オレシュニクはベラルーシに着いた」と話す。",
            "オレシュニク",
            "Suzuki",
        ),
        (
            "ko",
            "박상현 연구위원은 이스칸데르가 벨라루스에 배치됐다고 말했다.",
            "이스칸데르",
            "Park",
        ),
        (
            "ar",
            "قال الخبير سليم خوري إن صواريخ إسكندر وصلت إلى بيلاروسيا.",
            "إسكندر",
            "Khoury",
        ),
        (
            "tr",
            "Bakan Kemal Sarı, Oreşnik'in Trump'ın ziyaretinden önce Belarus'a geldiğini söyledi.",
            "Oreşnik",
            "Sari",
        ),
    ],
)
def test_who_speaks_is_found_beside_an_office_and_at_the_head(
    claims_in: Finder, language: str, text: str, name: str, speaker: str | None
) -> None:
    claims = claims_in(text, language, {"oreshnik": name})
    assert {c.speaker for c in claims} == {speaker}


@pytest.mark.parametrize(
    ("language", "text", "name", "expected"),
    [
        pytest.param(
            "zh",
            "明斯克方面5月请求的“榛树”，11月已运抵白俄罗斯。",
            "榛树",
            [("BY", "completed", "2024-11"), ("BY", "requested", "2024-05")],
            id="what was asked for came",
        ),
        pytest.param(
            "zh",
            "首套“榛树”自10月起一直在白俄罗斯担负战斗值班。",
            "榛树",
            [("BY", "completed", "2024-10")],
            id="the first one has stood since a time",
        ),
        pytest.param(
            "ko",
            "루카셴코는 이스칸데르가 벨라루스에 배치될 수 있다고 말했다.",
            "이스칸데르",
            [("BY", "possible", None)],
            id="a phrase with a blank",
        ),
        pytest.param(
            "ja",
            "ロシア軍は5日未明、キーウに1発を撃ち、オデーサにもイスカンデルを発射した。",
            "イスカンデル",
            [("UA", "used", "2024-12-05")],
            id="one day for all strikes of a sentence",
        ),
    ],
)
def test_stages(
    claims_in: Finder, language: str, text: str, name: str, expected: list[Stage]
) -> None:
    assert _stages(claims_in(text, language, {"oreshnik": name})) == expected
