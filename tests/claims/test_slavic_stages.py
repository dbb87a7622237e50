"""Russian, Ukrainian and Belarusian newspaper prose: stages, places and times."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.claims.conftest import Finder

Claims = list[tuple[str, str | None, str, str | None, str | None]]


@pytest.mark.parametrize(
    ("language", "text", "system", "expected"),
    [
        pytest.param(
            "uk",
            "Розміщення «Орєшніка» в Білорусі турбує Литву.",
            {"oreshnik": "Орєшніка"},
            [],
            id="a noun of an act is not what was done",
        ),
        pytest.param(
            "ru",
            "После переоборудования белорусских Су-25 Минск ждёт новые самолёты.",
            {"su25-nuclear": "Су-25"},
            [("su25-nuclear", "BY", "completed", None, None)],
            id="after what was done something else is planned",
        ),
        pytest.param(
            "ru",
            "Комплексы «Искандер» стоят в Брянской области, о чём власти не раз сообщали.",
            {"iskander": "Искандер"},
            [("iskander", "RU", "completed", None, None)],
            id="not once negates nothing",
        ),
        pytest.param(
            "be",
            "Комплексы «Іскандэр», якія стаяць у Лідзе, трэба вывезці.",
            {"iskander": "Іскандэр"},
            [("iskander", "BY", "completed", None, None)],
            id="what should be withdrawn is there",
        ),
        pytest.param(
            "uk",
            "«Орєшнік» вивезли з Кричева. Установки повернули звідти на полігон Капустин Яр.",
            {"oreshnik": "Орєшнік"},
            [("oreshnik", "BY", "suspended", None, None)],
            id="from there it went elsewhere",
        ),
        pytest.param(
            "uk",
            "Винищувачі МіГ-31К з «Кинджалами» базуються на летовищі в Нижньогородській області.",
            {"kinzhal": "Кинджалами"},
            [("kinzhal", "RU", "completed", None, None)],
            id="a fighter is no verb",
        ),
        pytest.param(
            "ru",
            "США начали перевозить в Японию батарею Typhon, которая примет участие в манёврах.",
            {"typhon": "Typhon"},
            [("typhon", "JP", "underway", None, None)],
            id="taking part is no plan",
        ),
    ],
)
def test_slavic_stages(
    claims_in: "Finder", language: str, text: str, system: dict[str, str], expected: Claims
) -> None:
    found = claims_in(text, language, system, "2026-03-16")
    assert [(c.system, c.place, c.status, c.when, c.speaker) for c in found] == expected
