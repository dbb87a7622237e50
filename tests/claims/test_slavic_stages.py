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
            "be",
            "Комплекс «Арэшнік» зьявіцца ў Беларусі да канца сьнежня, разьмяшчэньне пачалося.",
            {"oreshnik": "Арэшнік"},
            [("oreshnik", "BY", "planned", "2026-12-31", None)],
            id="signs of softness are read as the other spelling",
        ),
        pytest.param(
            "be",
            "Беларуская армія мае «Іскандэры» на ўзбраенні.",
            {"iskander": "Іскандэры"},
            [("iskander", "BY", "completed", None, None)],
            id="is to is has before a state of some words",
        ),
        pytest.param(
            "be",
            "Размяшчаць у Польшчы бомбы B61 ніхто не збіраецца.",
            {"b61": "B61"},
            [("b61", "PL", "denied", None, None)],
            id="nobody does not deny twice",
        ),
        pytest.param(
            "be",
            "Літва можа займець у сябе «Тайфоны», папярэдзіў Віктар Хрэнін.",
            {"typhon": "Тайфоны"},
            [("typhon", "LT", "possible", None, "Khrenin")],
            id="its own ground is that of who heads the clause",
        ),
        pytest.param(
            "uk",
            "Розміщений у Білорусі «Орєшнік» не змінює планів Польщі.",
            {"oreshnik": "Орєшнік"},
            [("oreshnik", "BY", "completed", None, None)],
            id="what stands there changes no plans",
        ),
        pytest.param(
            "be",
            "«Арэшніка» на манёўрах няма, ён прыедзе ў Беларусь у снежні.",
            {"oreshnik": "Арэшніка"},
            [("oreshnik", "BY", "planned", "2026-12", None)],
            id="what is not at the drill is not denied",
        ),
        pytest.param(
            "be",
            "Не выключыў міністр і таго, што ў Польшчу прыбудзе батарэя Typhon.",
            {"typhon": "Typhon"},
            [("typhon", "PL", "possible", None, None)],
            id="what is not excluded comes some words on",
        ),
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
        pytest.param(
            "uk",
            "Польща готова розмістити бомби B61 на своїй території.",
            {"b61": "B61"},
            [("b61", "PL", "planned", None, None)],
            id="ready to deploy",
        ),
        pytest.param(
            "ru",
            "Заступить на дежурство комплекс «Орешник» в Белоруссии должен в июне.",
            {"oreshnik": "Орешник"},
            [("oreshnik", "BY", "planned", "2026-06", None)],
            id="the duty of the verb is no state",
        ),
        pytest.param(
            "be",
            "Батарэя Typhon прыбыла на Лусон у красавіку 2024 года і не пакідала Філіпін.",
            {"typhon": "Typhon"},
            [("typhon", "PH", "completed", "2024-04", None)],
            id="what came never left",
        ),
        pytest.param(
            "be",
            "Устаноўкі, што належаць да комплексу «Арэшнік», едуць у Беларусь.",
            {"oreshnik": "Арэшнік"},
            [("oreshnik", "BY", "underway", None, None)],
            id="the subject stands before a relative clause",
        ),
        pytest.param(
            "uk",
            "США вивчають передачу Україні Tomahawk. Із таким проханням зверталася делегація.",
            {"tomahawk": "Tomahawk"},
            [
                ("tomahawk", "UA", "possible", None, None),
                ("tomahawk", "UA", "requested", None, None),
            ],
            id="such a request",
        ),
        pytest.param(
            "uk",
            "Ракети «Іскандер» Білорусь розмістила біля кордону з Україною.",
            {"iskander": "Іскандер"},
            [("iskander", "BY", "completed", None, None)],
            id="the country behind a border is no place",
        ),
        pytest.param(
            "en",
            "Minsk has deployed Iskander missiles in Belarus close to the border with Ukraine.",
            {"iskander": "Iskander"},
            [("iskander", "BY", "completed", None, None)],
            id="the country behind a border is no place, in English",
        ),
        pytest.param(
            "ru",
            "В Минобороны Литвы считают, что Россия перебрасывает «Искандеры» в Белоруссию.",
            {"iskander": "Искандеры"},
            [("iskander", "BY", "underway", None, None)],
            id="the ministry of a country is no place",
        ),
    ],
)
def test_slavic_stages(
    claims_in: "Finder", language: str, text: str, system: dict[str, str], expected: Claims
) -> None:
    found = claims_in(text, language, system, "2026-03-16")
    assert [(c.system, c.place, c.status, c.when, c.speaker) for c in found] == expected
