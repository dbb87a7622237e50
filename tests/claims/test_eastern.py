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


@pytest.mark.parametrize(
    ("language", "text", "name", "expected"),
    [
        pytest.param(
            "zh",
            "去年9月，“堤丰”借联合演习之机运抵冲绳，去年11月撤离。",
            "堤丰",
            [("JP", "completed", "2023-09"), ("JP", "suspended", "2023-11")],
            id="came for a drill and left",
        ),
        pytest.param(
            "zh",
            "波兰总统提议把“堤丰”从德国搬到波兰。",
            "堤丰",
            [("PL", "requested", None)],
            id="from one country to another",
        ),
        pytest.param(
            "zh",
            "“堤丰”将于年底前运抵丹麦，部署阵地的施工正在推进。",
            "堤丰",
            [("DK", "planned", "2024-12-31"), ("DK", "underway", None)],
            id="work at a site beside a plan",
        ),
        pytest.param(
            "ko",
            "국방부는 타이폰을 국내에 들여올 계획이 없다고 밝혔다.",
            "타이폰",
            [("KR", "denied", None)],
            id="at home",
        ),
    ],
)
def test_countries_and_two_stages(
    claims_in: Finder, language: str, text: str, name: str, expected: list[Stage]
) -> None:
    assert _stages(claims_in(text, language, {"typhon": name})) == expected
