"""What a sentence without the weapon's name still says of it, mostly in Central Europe."""

from collections.abc import Callable

import pytest

from connectors.records import Claim

Finder = Callable[..., tuple[Claim, ...]]

PUBLISHED = "2026-03-10"

TYPHON = {"typhon": "Typhon"}
B61 = {"b61": "B61"}


def _stages(claims: tuple[Claim, ...]) -> list[tuple[str | None, str]]:
    return sorted(((c.place, c.status) for c in claims), key=str)


@pytest.mark.parametrize(
    ("language", "text", "named", "expected"),
    [
        pytest.param(
            "hu",
            "A Typhon ma is Japánban állomásozik. Egy második üteg májusban érkezhet.",
            TYPHON,
            [("JP", "completed"), ("JP", "possible")],
            id="a second battery may come by a time, the verb unknown",
        ),
        pytest.param(
            "pl",
            "Typhon stoi w Niemczech. Jeśli Berlin zapłaci, druga bateria może trafić do Danii.",
            TYPHON,
            [("DE", "completed"), ("DK", "possible")],
            id="a condition before what a battery may do",
        ),
        pytest.param(
            "cs",
            "V Turecku leží pumy B61. Loni v dubnu Američané z Incirliku několik kusů stáhli.",
            B61,
            [("TR", "completed"), ("TR", "suspended")],
            id="taken away from a country in the next sentence",
        ),
        pytest.param(
            "sk",
            "Typhon má stáť v Dánsku. Armáda zastavila prípravy na Bornholme.",
            TYPHON,
            [("DK", "planned"), ("DK", "suspended")],
            id="work is halted in the next sentence",
        ),
        pytest.param(
            "cs",
            "V Turecku leží pumy B61. Do Polska mají být převezeny za dva roky.",
            B61,
            [("PL", "planned"), ("TR", "completed")],
            id="a plan for another country in the next sentence",
        ),
        pytest.param("cs", "Objeví se Typhon v Dánsku?", TYPHON, [], id="a question is no plan"),
        pytest.param("pl", "Czy Typhon trafi do Danii?", TYPHON, [], id="whether, in Polish"),
        pytest.param("lv", "Vai Typhon nonāks Dānijā?", TYPHON, [], id="whether, in Latvian"),
        pytest.param(
            "sr",
            "Typhon je spakovan i odvezen iz Japana.",
            TYPHON,
            [("JP", "suspended")],
            id="packed and taken away, in Serbian",
        ),
        pytest.param(
            "lt",
            "Ukrainiečiai prašo raketų Tomahawk. Baltieji rūmai jų neduoda.",
            {"tomahawk": "Tomahawk"},
            [("UA", "denied"), ("UA", "requested")],
            id="asked for, but they are not given, in Lithuanian",
        ),
        pytest.param(
            "pl",
            "Rosjanie wystrzelili Iskander z obwodu kurskiego w stronę Sum.",
            {"iskander": "Iskander"},
            [("UA", "used")],
            id="where it was fired from is not where it fell",
        ),
        pytest.param(
            "cs",
            "Japonská základna Iwakuni má Typhon už tři roky.",
            TYPHON,
            [("JP", "completed")],
            id="Czech 'has' beside 'already' is no future",
        ),
        pytest.param(
            "lv",
            "Viens Typhon stāv Lusonas salā. Otrs atpeldēs jūnijā.",
            TYPHON,
            [("PH", "completed"), ("PH", "planned")],
            id="the other one will come, in Latvian",
        ),
        pytest.param(
            "sr",
            "U Kijev će otputovati četrdeset raketa Tomahawk.",
            {"tomahawk": "Tomahawk"},
            [("UA", "planned")],
            id="will travel to, in Serbian",
        ),
        pytest.param(
            "sk",
            "Kodaň požiadala o Typhon pre Dánsko. Pentagon vraví, že nič také tam nepošle.",
            TYPHON,
            [("DK", "denied"), ("DK", "requested")],
            id="nothing of the kind: two negations are one in Slovak",
        ),
    ],
)
def test_it_is_still_said_of_the_weapon(
    claims_in: Finder,
    language: str,
    text: str,
    named: dict[str, str],
    expected: list[tuple[str | None, str]],
) -> None:
    claims = claims_in(text, language, named, PUBLISHED)
    assert _stages(claims) == expected


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "en",
            (
                "Putin said the Typhon could be based in Cuba in May. "
                "“We will begin to deploy it on Cuban territory,” he added."
            ),
        ),
        (
            "de",
            (
                "Putin sagte, die Typhon könnte im Mai auf Kuba stationiert werden. "
                "„Wir werden sie auf dem Gebiet von Kuba stationieren“, sagte er."
            ),
        ),
        (
            "fr",
            (
                "M. Poutine a dit que le Typhon pourrait être à Cuba en mai. "
                "« Nous commencerons à le déployer sur le territoire de Cuba », a-t-il ajouté."
            ),
        ),
    ],
)
def test_who_goes_on_with_what_may_be_by_a_time_plans_nothing_else(
    claims_in: Finder, language: str, text: str
) -> None:
    claims = claims_in(text, language, TYPHON, PUBLISHED)
    assert [(c.status, c.when) for c in claims] == [("possible", "2026-05")]
