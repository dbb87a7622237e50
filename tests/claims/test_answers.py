"""Questions and answers, and what was taken "from there": each rule, and what it must not find."""

from collections.abc import Callable

import pytest

from connectors.records import Claim

Finder = Callable[..., tuple[Claim, ...]]


def _told(claims: tuple[Claim, ...]) -> list[tuple[str, str | None, str, str | None, str | None]]:
    return sorted(((c.system, c.place, c.status, c.when, c.speaker) for c in claims), key=str)


@pytest.mark.parametrize(
    ("language", "text", "about", "expected"),
    [
        pytest.param(
            "it",
            "I Typhon americani non arriveranno in Bulgaria. «Non li abbiamo chiesti», ha detto.",
            ({"typhon": "Typhon"}, "2025-07-10"),
            [("typhon", "BG", "denied", None, None)],
            id="what nobody asked for is no request",
        ),
        pytest.param(
            "en",
            "— Is the Typhon in Japan by now?\n— No.",
            ({"typhon": "Typhon"}, "2025-03-01"),
            [("typhon", "JP", "denied", None, None)],
            id="no denies what the question asks",
        ),
        pytest.param(
            "ru",
            "— «Искандеры» уже в Сербии?\n— Да, с мая.",
            ({"iskander": "Искандеры"}, "2025-08-01"),
            [("iskander", "RS", "completed", "2025-05", None)],
            id="yes states what the question asks, with its own time",
        ),
        pytest.param(
            "uk",
            "— Комплекси Typhon уже в Японії?\n— Не знаю.",
            ({"typhon": "Typhon"}, "2025-03-01"),
            [],
            id="no answer, no claim",
        ),
        pytest.param(
            "en",
            "— Is the Typhon in Japan by now?\n— No.\n— The Tomahawk?\n— Not yet.",
            ({"typhon": "Typhon", "tomahawk": "Tomahawk"}, "2025-03-01"),
            [
                ("tomahawk", "JP", "denied", None, None),
                ("typhon", "JP", "denied", None, None),
            ],
            id="a short question asks the same of another weapon",
        ),
        pytest.param(
            "ru",
            "Беседа с полковником Павлом Ремезовым.\n— «Искандеры» уже в Сербии?\n— Нет.",
            ({"iskander": "Искандеры"}, "2025-08-01"),
            [("iskander", "RS", "denied", None, "Remezov")],
            id="whom a dialogue is with speaks in it",
        ),
        pytest.param(
            "uk",
            "«Іскандери» перебували в Білорусі. Установки звідти перевезли у травні.",
            ({"iskander": "Іскандери"}, "2025-08-01"),
            [
                ("iskander", "BY", "completed", None, None),
                ("iskander", "BY", "suspended", "2025-05", None),
            ],
            id="what was brought from there is gone",
        ),
        pytest.param(
            "ru",
            "Обещанный Минску в августе, «Орешник» прибыл в Белоруссию в декабре.",
            ({"oreshnik": "Орешник"}, "2026-01-15"),
            [("oreshnik", "BY", "completed", "2025-12", None)],
            id="the time of the promise is not that of the arrival",
        ),
        pytest.param(
            "bg",
            "Поискани от Литва през май, комплексите Typhon пристигнаха в Литва през декември.",
            ({"typhon": "Typhon"}, "2026-01-15"),
            [
                ("typhon", "LT", "completed", "2025-12", None),
                ("typhon", "LT", "requested", "2025-05", None),
            ],
            id="what was asked for and came is two stages",
        ),
        pytest.param(
            "uk",
            "Друга батарея Typhon прибуде до Японії восени. Перша, привезена у квітні 2024 року, "
            "досі стоїть на Окінаві.",
            ({"typhon": "Typhon"}, "2025-06-17"),
            [
                ("typhon", "JP", "completed", "2024-04", None),
                ("typhon", "JP", "planned", "2025-FA", None),
            ],
            id="the first stands since the day of its participle",
        ),
        pytest.param(
            "bg",
            "Няма да дадат на Украйна ракети „Томахоук“. За тях през октомври помоли Зеленски.",
            ({"tomahawk": "Томахоук"}, "2025-11-03"),
            [
                ("tomahawk", "UA", "denied", None, None),
                ("tomahawk", "UA", "requested", "2025-10", "Zelensky"),
            ],
            id="who asked for them is named after the verb",
        ),
        pytest.param(
            "ru",
            "Ночью нанесён удар по аэродрому в Миргороде на Украине. Применялись ракеты «Кинжал».",
            ({"kinzhal": "Кинжал"}, "2026-03-20"),
            [("kinzhal", "UA", "used", "2026-03-20", None)],
            id="the sentence after a strike tells the weapon",
        ),
        pytest.param(
            "uk",
            "Поява комплексів Typhon у Данії нікого в Осло не здивувала.",
            ({"typhon": "Typhon"}, "2026-01-20"),
            [("typhon", "DK", "completed", None, None)],
            id="an arrival that somebody minds is a fact",
        ),
        pytest.param(
            "ru",
            "Переброска «Искандеров» в Сербию ещё не началась.",
            ({"iskander": "Искандеров"}, "2026-01-20"),
            [("iskander", "RS", "denied", None, None)],
            id="what has not begun is not there",
        ),
        pytest.param(
            "bg",
            "Дания ще приеме втора батарея „Тайфон“, а първата стои в Дания от февруари.",
            ({"typhon": "Тайфон"}, "2026-04-01"),
            [
                ("typhon", "DK", "completed", "2026-02", None),
                ("typhon", "DK", "planned", None, None),
            ],
            id="the first is there since a month",
        ),
        pytest.param(
            "ru",
            "«Искандеры» никуда не делись из Калининграда, уверены в Литве.",
            ({"iskander": "Искандеры"}, "2026-04-01"),
            [("iskander", "RU", "completed", None, None)],
            id="where it is said is not where it stands",
        ),
        pytest.param(
            "ru",
            "США могут передать Украине ракеты «Томагавк». Запрос на них, как пишет газета, "
            "направил Владимир Зеленский.",
            ({"tomahawk": "Томагавк"}, "2025-10-06"),
            [
                ("tomahawk", "UA", "possible", None, None),
                ("tomahawk", "UA", "requested", None, "Zelensky"),
            ],
            id="a request for them, as somebody writes",
        ),
    ],
)
def test_a_dialogue_and_what_left_are_read(
    claims_in: Finder,
    language: str,
    text: str,
    about: tuple[dict[str, str], str],
    expected: list[tuple[str, str | None, str, str | None, str | None]],
) -> None:
    assert _told(claims_in(text, language, *about)) == expected
