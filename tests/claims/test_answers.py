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
