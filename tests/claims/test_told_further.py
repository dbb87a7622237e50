"""What a report tells over its sentences and times: each rule, and what it must not find."""

from collections.abc import Callable

import pytest

from connectors.records import Claim

Finder = Callable[..., tuple[Claim, ...]]

TYPHON = {"typhon": "Typhon"}
B61 = {"b61": "B61"}
ORESHNIK = {"oreshnik": "Oreshnik"}
ISKANDER = {"iskander": "Iskander"}


def _told(claims: tuple[Claim, ...]) -> list[tuple[str | None, str, str | None]]:
    return sorted(((c.place, c.status, c.when) for c in claims), key=str)


@pytest.mark.parametrize(
    ("language", "text", "about", "expected"),
    [
        pytest.param(
            "en",
            "MINSK, Aug 1 (Reuters) - Russia will deploy Oreshnik in Belarus by the end of 2025.",
            (ORESHNIK, "2025-08-01"),
            [("BY", "planned", "2025-12-31")],
            id="the day of a dateline dates no event",
        ),
        pytest.param(
            "en",
            "On Aug 1 the Oreshnik (the missile) arrived in Belarus.",
            (ORESHNIK, "2025-08-02"),
            [("BY", "completed", "2025-08-01")],
            id="a day before a bracket within a sentence is no dateline",
        ),
        pytest.param(
            "en",
            "Germany is to get its Typhon this autumn.",
            (TYPHON, "2026-03-12"),
            [("DE", "planned", "2026-FA")],
            id="a plan's season lies ahead",
        ),
        pytest.param(
            "de",
            "Alle reden von Büchel. Dort lagern seit 2010 Iskander, nicht weit von Prag.",
            (ISKANDER, "2025-11-06"),
            [("DE", "completed", "2010")],
            id="there beside the verb outweighs the city that is not far",
        ),
        pytest.param(
            "sv",
            "Alla känner till Volkel. På basen förvaras B61.",
            (B61, "2025-11-06"),
            [("NL", "completed", None)],
            id="at the base is in the country of the sentence before",
        ),
        pytest.param(
            "en",
            "Iskander could be sent to Kant if American troops came back to Afghanistan.",
            (ISKANDER, "2025-11-06"),
            [("KG", "possible", None)],
            id="the place of a condition is not that of what may be",
        ),
        pytest.param(
            "nl",
            "Zij geven Noorwegen mogelijk Typhon als de spanning niet afneemt.",
            (TYPHON, "2025-11-06"),
            [("NO", "possible", None)],
            id="what may be on a condition, whatever the verb",
        ),
        pytest.param(
            "nl",
            "Noorwegen krijgt Typhon. In Warschau zei Kos: het staat al sinds mei in het land.",
            (TYPHON, "2025-11-06"),
            [("NO", "completed", "2025-05"), ("NO", "planned", None)],
            id="in the country is where it was told of, not the capital where somebody spoke",
        ),
        pytest.param(
            "en",
            "The B61 that Putin sent to Kaliningrad in 2023 have never been seen by anyone.",
            (B61, "2025-11-06"),
            [("RU", "completed", "2023")],
            id="what a relative clause tells is not denied by what follows",
        ),
        pytest.param(
            "en",
            "Kos asked for Typhon last summer for Poland. He has not got them.",
            (TYPHON, "2025-11-06"),
            [("PL", "denied", None), ("PL", "requested", "2025-SU")],
            id="what was asked for and never came",
        ),
        pytest.param(
            "de",
            "Die Produktion der Oreshnik soll im Mai in Belarus beginnen.",
            (ORESHNIK, "2025-11-06"),
            [],
            id="the making of a weapon is no deployment",
        ),
        pytest.param(
            "en",
            "The Typhon arrived in Japan in the autumn.",
            (TYPHON, "2026-03-12"),
            [("JP", "completed", "2025-FA")],
            id="what was done in a season lies behind",
        ),
        pytest.param(
            "en",
            "The Typhon will be shipped out of the Philippines in September.",
            (TYPHON, "2025-01-31"),
            [("PH", "suspended", "2025-09")],
            id="a withdrawal to come takes the month to come",
        ),
        pytest.param(
            "cs",
            "Systém Typhon bude do Japonska dopraven ve středu.",
            (TYPHON, "2025-12-15"),
            [("JP", "planned", "2025-12-17")],
            id="the weekday of a plan is the next one",
        ),
        pytest.param(
            "en",
            "Russia fired the Oreshnik at Ukraine on 9 January 2026. "
            "The weapon was first used against Dnipro in November 2024.",
            (ORESHNIK, "2026-01-10"),
            [("UA", "used", "2024-11"), ("UA", "used", "2026-01-09")],
            id="a strike at another time is another strike",
        ),
        pytest.param(
            "be",
            "Літва яшчэ ў лютым звярнулася з просьбай размясціць у яе батарэю Typhon.",
            (TYPHON, "2026-06-30"),
            [("LT", "requested", "2026-02")],
            id="a request has the month that it was made in",
        ),
        pytest.param(
            "pl",
            "Jeśli Kongres da zgodę, do Polski mógłby przyjechać Typhon.",
            (TYPHON, "2026-06-30"),
            [("PL", "possible", None)],
            id="what may be if a condition holds is possible",
        ),
        pytest.param(
            "en",
            "If Typhon came to Poland, Moscow could answer.",
            (TYPHON, "2026-06-30"),
            [],
            id="the condition itself is no claim",
        ),
        pytest.param(
            "en",
            "The Typhon could come to Italy. Crosetto ruled out such a deployment.",
            (TYPHON, "2026-06-30"),
            [("IT", "denied", None), ("IT", "possible", None)],
            id="such a deployment is what is refused",
        ),
        pytest.param(
            "ru",
            "Американские комплексы Typhon из Японии так и не выведены.",
            (TYPHON, "2026-06-30"),
            [("JP", "completed", None)],
            id="what was not withdrawn is there",
        ),
        pytest.param(
            "ru",
            "Американские комплексы Typhon выведены из Японии.",
            (TYPHON, "2026-06-30"),
            [("JP", "suspended", None)],
            id="what was withdrawn is not",
        ),
        pytest.param(
            "de",
            "In Büchel lagern Bomben vom Typ B61. Eine Verlegung nach Polen ist nicht geplant.",
            (B61, "2025-03-21"),
            [("DE", "completed", None), ("PL", "denied", None)],
            id="a move that is not planned, without the name",
        ),
        pytest.param(
            "uk",
            "На території Білорусі немає комплексу Iskander, запевнив Юсов. "
            "Натомість Лукашенко твердить, що ракети стоять на чергуванні з грудня.",
            (ISKANDER, "2026-01-20"),
            [("BY", "completed", "2025-12"), ("BY", "denied", None)],
            id="the missiles of the sentence before are there since a time",
        ),
        pytest.param(
            "de",
            "Die Stationierung der Oreshnik in Belarus beginnt im Juli.",
            (ORESHNIK, "2026-03-12"),
            [("BY", "planned", "2026-07")],
            id="what begins at a time ahead is planned",
        ),
        pytest.param(
            "de",
            "Die Stationierung der Oreshnik in Belarus begann im Januar.",
            (ORESHNIK, "2026-03-12"),
            [("BY", "underway", "2026-01")],
            id="what began is under way",
        ),
    ],
)
def test_a_report_is_read_over_its_sentences_and_times(
    claims_in: Finder,
    language: str,
    text: str,
    about: tuple[dict[str, str], str],
    expected: list[tuple[str | None, str, str | None]],
) -> None:
    named, published = about
    assert _told(claims_in(text, language, named, published)) == expected


def test_two_weapons_of_one_noun_share_its_verb(claims_in: Finder) -> None:
    text = "Die Verlegung von Typhon und von Iskander nach Polen wurde im Mai gestoppt."
    found = claims_in(text, "de", TYPHON | ISKANDER, "2025-11-06")
    assert {(c.system, c.place, c.status) for c in found} == {
        ("typhon", "PL", "suspended"),
        ("iskander", "PL", "suspended"),
    }


def test_what_a_launcher_can_fire_as_well_is_not_there(claims_in: Finder) -> None:
    text = "Typhon came to Poland. The launcher, which can fire B61 and Iskander, stands in Poland."
    found = claims_in(text, "en", TYPHON | B61 | ISKANDER, "2025-11-06")
    assert {c.system for c in found} == {"typhon"}
