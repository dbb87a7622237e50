"""What comes, is planned or asked for in the same news and is not the weapon named before."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from connectors.records import Claim

Finder = Callable[..., tuple[Claim, ...]]
Told = set[tuple[str | None, str, str | None]]

PUBLISHED = "2025-06-12"

FIRST = {
    "en": ("Belarus will get the Oreshnik in December, Khrenin said.", "Oreshnik"),
    "de": ("Belarus bekommt die Oreschnik im Dezember, sagte Chrenin.", "Oreschnik"),
    "fr": ("Le Bélarus recevra l’Orechnik en décembre.", "Orechnik"),
    "es": ("El Oréshnik llegará a Bielorrusia en diciembre.", "Oréshnik"),
    "ru": ("«Орешник» разместят в Белоруссии в декабре.", "«Орешник»"),
    "uk": ("«Орєшнік» розмістять у Білорусі в грудні.", "«Орєшнік»"),
    "pl": ("Oresznik trafi na Białoruś w grudniu.", "Oresznik"),
    "cs": ("Orešnik dorazí do Běloruska v prosinci.", "Orešnik"),
}


def told(claims_in: Finder, language: str, text: str, name: str) -> Told:
    claims = claims_in(text, language, {"oreshnik": name}, PUBLISHED)
    return {(c.place, c.status, c.when) for c in claims}


@pytest.mark.parametrize(
    ("language", "then"),
    [
        ("en", "The agreement may be signed in October."),
        ("en", "Elections will be held in January 2026."),
        ("en", "Twelve drones will be ready by September."),
        ("de", "Das Abkommen wird im Oktober unterzeichnet."),
        ("fr", "Les négociations pourraient reprendre en octobre."),
        ("es", "El acuerdo se firmará en octubre."),
        ("ru", "Выборы пройдут в январе 2026 года."),
        ("uk", "Переговори можуть відновити в жовтні."),
        ("pl", "Umowa ma być gotowa w przyszłym roku."),
        ("cs", "Volby se uskuteční v lednu 2026."),
        ("en", "Prime Minister Jan Kos will come to Warsaw on Monday."),
        ("pl", "Premier Jan Kos przyjedzie do Warszawy w poniedziałek."),
        ("ru", "Премьер-министр приедет в Варшаву в понедельник."),
        ("en", "Latvia has already installed 200 kilometres of fence."),
        ("de", "Lettland hat bereits 200 Kilometer Zaun aufgestellt."),
        ("uk", "Підготовлено угоду, її підписання відкладено до осені."),
    ],
)
def test_an_affair_of_its_own_is_not_told_of_the_weapon(
    claims_in: Finder, language: str, then: str
) -> None:
    first, name = FIRST[language]
    alone = told(claims_in, language, first, name)
    assert alone
    assert told(claims_in, language, f"{first} {then}", name) == alone


@pytest.mark.parametrize(
    ("then", "further"),
    [
        ("Under the agreement they may also be stationed in Japan.", ("JP", "possible", None)),
        (
            "The agreement provides for its deployment in Japan by the end of 2026.",
            ("JP", "planned", "2026-12-31"),
        ),
    ],
)
def test_an_affair_that_is_about_the_weapon_is_told(
    claims_in: Finder, then: str, further: tuple[str, str, str | None]
) -> None:
    first, name = FIRST["en"]
    assert further in told(claims_in, "en", f"{first} {then}", name)


@pytest.mark.parametrize(
    ("language", "text", "name"),
    [
        (
            "en",
            "The Oreshnik stands in Belarus. Not the launchers count, but homes for the crews.",
            "Oreshnik",
        ),
        (
            "pl",
            "Oresznik stoi na Białorusi. Liczy się tam nie liczba wyrzutni, lecz osiedla.",
            "Oresznik",
        ),
        (
            "ru",
            "«Орешник» стоит в Белоруссии. Вместо них установят бетонные макеты в мае.",
            "«Орешник»",
        ),
        (
            "en",
            "The Oreshnik stands in Belarus. Instead of them, mock-ups will be installed in May.",
            "Oreshnik",
        ),
        (
            "en",
            "The Oreshnik stands in Belarus. Warsaw has asked twice for the launcher to leave.",
            "Oreshnik",
        ),
        (
            "en",
            "The Oreshnik stands in Belarus. Warsaw has again asked Minsk to send it back.",
            "Oreshnik",
        ),
        (
            "fr",
            "L’Orechnik est au Bélarus. Varsovie a demandé deux fois le départ du lanceur.",
            "Orechnik",
        ),
    ],
)
def test_what_is_there_stays_the_one_claim(
    claims_in: Finder, language: str, text: str, name: str
) -> None:
    assert told(claims_in, language, text, name) == {("BY", "completed", None)}


@pytest.mark.parametrize(
    ("language", "name", "text"),
    [
        ("ru", "«Кинжал»", "«Кинжал» попал в Луцк. Шифер привезут из Ровно в пятницу."),
        ("uk", "«Кинджал»", "«Кинджал» влучив у Луцьк. Шифер привезуть із Рівного в п’ятницю."),
    ],
)
def test_after_a_strike_only_what_comes_is_something_else(
    claims_in: Finder, language: str, name: str, text: str
) -> None:
    claims = claims_in(text, language, {"kinzhal": name}, PUBLISHED)
    assert {(c.place, c.status) for c in claims} == {("UA", "used")}
