"""What retold Russian, Turkish and Chinese texts showed: each rule, and what it must not find."""

from collections.abc import Callable

import pytest

from connectors.records import Claim

Finder = Callable[..., tuple[Claim, ...]]


def _told(claims: tuple[Claim, ...]) -> list[tuple[str, str | None, str, str | None]]:
    return sorted(((c.system, c.place, c.status, c.when) for c in claims), key=str)


@pytest.mark.parametrize(
    ("language", "text", "about", "expected"),
    [
        pytest.param(
            "ru",
            "От размещения «Орешника» в Белоруссии в Генштабе отказались.",
            ({"oreshnik": "Орешника"}, "2026-07-17"),
            [("oreshnik", "BY", "suspended", None)],
            id="what somebody desists from is suspended",
        ),
        pytest.param(
            "ru",
            "Польше могут передать бомбы B61, если кризис в Израиле не будет урегулирован.",
            ({"b61": "B61"}, "2026-07-17"),
            [("b61", "PL", "possible", None)],
            id="a condition that opens its clause denies nothing",
        ),
        pytest.param(
            "ru",
            "— Есть ли в Италии B61?\n— Да, конечно.",
            ({"b61": "B61"}, "2026-07-17"),
            [("b61", "IT", "completed", None)],
            id="whether behind its verb asks for yes or no",
        ),
        pytest.param(
            "ru",
            "Просьба услышана: «Орешник» с декабря дежурит под Кричевом.",
            ({"oreshnik": "Орешник"}, "2026-03-10"),
            [("oreshnik", "BY", "completed", "2025-12")],
            id="since when it stands is told apart from what is before a colon",
        ),
        pytest.param(
            "tr",
            "Bakan, Tomahawk füzelerinin gelecek yıldan önce Almanya'ya gelmeyeceğini söyledi.",
            ({"tomahawk": "Tomahawk"}, "2026-01-08"),
            [("tomahawk", "DE", "planned", "2027")],
            id="not before a time that stands before it is planned",
        ),
        pytest.param(
            "tr",
            "Oreşnik'in Belarus'a yerleştirilebileceği konuşuluyor. Bakan Viktor Hrenin böyle bir"
            " planın olmadığını söyledi.",
            ({"oreshnik": "Oreşnik"}, "2025-03-01"),
            [("oreshnik", "BY", "denied", None), ("oreshnik", "BY", "possible", None)],
            id="such a plan is denied by a verb behind it",
        ),
        pytest.param(
            "zh",
            "美军宣布，“暗鹰”导弹连3日进驻澳大利亚北部。",
            ({"dark-eagle": "暗鹰"}, "2026-08-05"),
            [("dark-eagle", "AU", "completed", "2026-08-03")],
            id="a past day right before a deployment makes it done",
        ),
        pytest.param(
            "zh",
            "俄罗斯战术核武器于2023年间陆续运入白俄罗斯。",
            ({"tnw": "战术核武器"}, "2024-07-03"),
            [("tnw", "BY", "completed", "2023")],
            id="what was being moved in a year that is over is there",
        ),
        pytest.param(
            "zh",
            "继俄罗斯去年12月在白俄罗斯部署“榛树”导弹之后，立陶宛着手加强空域监视。",
            ({"oreshnik": "榛树"}, "2026-01-20"),
            [("oreshnik", "BY", "completed", "2025-12")],
            id="after the deployment ends what it tells of",
        ),
        pytest.param(
            "zh",
            "存放在比歇尔空军基地的美国B61核弹已运回美国。",
            ({"b61": "B61"}, "2025-11-11"),
            [("b61", "DE", "suspended", None)],
            id="what left is not there as well",
        ),
        pytest.param(
            "zh",
            "“榛树”导弹在白俄罗斯部署地的施工仍在继续，该系统年底前将担负战斗值班任务。",
            ({"oreshnik": "榛树"}, "2025-09-25"),
            [
                ("oreshnik", "BY", "planned", "2025-12-31"),
                ("oreshnik", "BY", "underway", None),
            ],
            id="work at a site has no time of the plan beside it",
        ),
    ],
)
def test_stages_as_they_are_printed(
    claims_in: Finder,
    language: str,
    text: str,
    about: tuple[dict[str, str], str],
    expected: list[tuple[str, str | None, str, str | None]],
) -> None:
    assert _told(claims_in(text, language, *about)) == expected
