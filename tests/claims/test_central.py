"""What newsrooms between the Baltic and the Danube say of deployments in their own words."""

from collections.abc import Callable

import pytest

from connectors.records import Claim

Finder = Callable[..., tuple[Claim, ...]]

WHO = {
    "Typhon": "typhon",
    "Tomahawk": "tomahawk",
    "Oriesznik": "oreshnik",
    "Orešnik": "oreshnik",
    "Orešņik": "oreshnik",
    "Dark Eagle": "dark-eagle",
}


def _slots(
    claims_in: Finder, language: str, text: str, day: str = "2026-03-10"
) -> list[tuple[str | None, str, str | None]]:
    name = next(name for name in WHO if name in text)
    claims = claims_in(text, language, {WHO[name]: name}, day)
    return [(c.place, c.status, c.when) for c in claims]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("pl", "Rakiety Dark Eagle nie pojawią się w Niemczech w tym roku."),
        ("cs", "Střely Dark Eagle letos do Německa nedorazí."),
        ("sk", "Strely Dark Eagle tento rok do Nemecka nedorazia."),
        ("lt", "Raketos „Dark Eagle“ šiemet Vokietijos nepasieks."),
        ("lv", "Raķetes „Dark Eagle” šogad Vāciju nesasniegs."),
    ],
)
def test_what_will_not_come_in_a_time_is_denied_for_that_time(
    claims_in: Finder, language: str, text: str
) -> None:
    assert _slots(claims_in, language, text) == [("DE", "denied", "2026")]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("cs", "Systém středního doletu Orešnik bude v Bělorusku rozmístěn do konce roku."),
        ("sk", "Systém stredného doletu Orešnik bude v Bielorusku rozmiestnený do konca roka."),
        ("lt", "Vidutinio nuotolio raketos „Orešnik“ Baltarusijoje bus iki metų pabaigos."),
        ("lv", "Vidēja darbības rādiusa „Orešņik” Baltkrievijā tiks izvietots līdz gada beigām."),
    ],
)
def test_how_far_a_weapon_reaches_does_not_hide_it(
    claims_in: Finder, language: str, text: str
) -> None:
    assert _slots(claims_in, language, text) == [("BY", "planned", "2026-12-31")]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("pl", "Rozmieszczony w grudniu na Białorusi Oriesznik nie został dotąd użyty."),
        ("cs", "Orešnik, který Rusko v prosinci přesunulo do Běloruska, zatím použit nebyl."),
        ("sk", "Orešnik, ktorý v decembri presunuli do Bieloruska, zatiaľ použitý nebol."),
        ("lv", "Pērn decembrī uz Baltkrieviju nogādātais „Orešņik” pagaidām nav izmantots."),
    ],
)
def test_what_was_not_fired_is_still_there(claims_in: Finder, language: str, text: str) -> None:
    assert _slots(claims_in, language, text) == [("BY", "completed", "2025-12")]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("cs", "Nikdo nemá v úmyslu rozmisťovat střely Tomahawk v Litvě, řekl ministr."),
        ("lt", "Niekas neketina dislokuoti „Tomahawk“ raketų Lietuvoje, sakė ministrė."),
        ("lv", "Neviens negrasās izvietot „Tomahawk” raķetes Lietuvā, sacīja ministre."),
    ],
)
def test_two_negations_of_one_verb_are_one(claims_in: Finder, language: str, text: str) -> None:
    assert _slots(claims_in, language, text) == [("LT", "denied", None)]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("lt", "Vokietija raketų „Tomahawk“ sulauks ne anksčiau kaip 2028 metais, sakė vadas."),
        ("lv", "Vācija raķetes „Tomahawk” saņems ne agrāk kā 2028. gadā, sacīja ģenerālis."),
    ],
)
def test_no_sooner_than_a_time_is_a_plan(claims_in: Finder, language: str, text: str) -> None:
    assert _slots(claims_in, language, text) == [("DE", "planned", "2028")]


def test_a_depot_whose_country_a_reported_office_follows_is_a_place(claims_in: Finder) -> None:
    text = "Dywizjon systemu Oriesznik zasilił w grudniu siły Białorusi, przypomniał minister."
    assert _slots(claims_in, "pl", text) == [("BY", "completed", "2025-12")]


def test_that_something_shall_not_stay_is_no_request_for_it(claims_in: Finder) -> None:
    text = (
        "Wyrzutnia Typhon stanęła w bazie Iwakuni w Japonii. "
        "Gubernator zażądał zapewnienia, że sprzęt nie zostanie na dłużej."
    )
    assert _slots(claims_in, "pl", text) == [("JP", "completed", None)]


def test_where_trains_come_from_is_no_place(claims_in: Finder) -> None:
    text = (
        "Transport komplexu Orešnik do Běloruska začal minulý měsíc, tvrdí železničáři. "
        "Ze Smolenské oblasti podle nich přijely dva vlaky."
    )
    assert _slots(claims_in, "cs", text) == [("BY", "underway", "2026-02")]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("lt", "Nuo gruodžio budi „Orešnik“. Antrasis, pasak Minsko, turėtų atvykti rudenį."),
        ("lv", "Kopš decembra dežurē „Orešņik”. Otrajam, pēc Minskas teiktā, jāierodas rudenī."),
    ],
)
def test_who_says_so_does_not_part_the_second_one_from_its_verb(
    claims_in: Finder, language: str, text: str
) -> None:
    slots = _slots(claims_in, language, text)
    assert ("planned", "2026-FA") in [(status, when) for _, status, when in slots]
