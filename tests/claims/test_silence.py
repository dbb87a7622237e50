"""Who refuses to comment denies nothing; lorries are not missiles; lists share their verb."""

from collections.abc import Callable

import pytest

from connectors.records import Claim

Finder = Callable[..., tuple[Claim, ...]]

PUBLISHED = "2026-03-03"
ORESHNIK = {"oreshnik": "Oreshnik"}
TYPHON = {"typhon": "Typhon"}
ISKANDER = {"iskander": "Iskander"}


def _told(claims: tuple[Claim, ...]) -> list[tuple[str, str | None, str]]:
    return sorted(((c.system, c.place, c.status) for c in claims), key=str)


@pytest.mark.parametrize(
    ("language", "text", "name"),
    [
        ("en", "The Kremlin declined to comment on the deployment of {} in Belarus.", "Oreshnik"),
        ("de", "Der Kreml lehnte es ab, die Stationierung von {} in Polen zu kommentieren.", "X"),
        ("cs", "Kreml odmítl komentovat rozmístění raket {} v Bělorusku.", "Orešnik"),
        ("sv", "Kreml vägrade kommentera utplaceringen av {} i Belarus.", "Oresjnik"),
        ("uk", "У Кремлі відмовилися коментувати розміщення ракет «{}» у Білорусі.", "Орєшнік"),
        ("el", "Το Κρεμλίνο αρνήθηκε να σχολιάσει την ανάπτυξη πυραύλων {} στη Λευκορωσία.", "X"),
        ("zh", "克里姆林宫拒绝就在白俄罗斯部署“{}”导弹置评。", "榛树"),
    ],
)
def test_a_comment_refused_denies_nothing(
    claims_in: Finder, language: str, text: str, name: str
) -> None:
    """Silence about a deployment is no denial of it."""
    claims = claims_in(text.format(name), language, {"oreshnik": name}, PUBLISHED)
    assert claims == ()


@pytest.mark.parametrize(
    ("language", "text", "named", "expected"),
    [
        (
            "tr",
            "Polonya, ABD'den Typhon sistemi istedi. Pentagon yorum yapmayı reddetti.",
            TYPHON,
            [("typhon", "PL", "requested")],
        ),
        (
            "pl",
            "Polska poprosiła USA o Typhon. Pentagon odmówił.",
            TYPHON,
            [("typhon", "PL", "denied"), ("typhon", "PL", "requested")],
        ),
        (
            "nl",
            "De geplande plaatsing van Typhon- en Oreshnik-raketten in Polen is stopgezet.",
            TYPHON | ORESHNIK,
            [("oreshnik", "PL", "suspended"), ("typhon", "PL", "suspended")],
        ),
        (
            "en",
            "Typhon launchers arrived in Poland in May, but the Pentagon declined to comment.",
            TYPHON,
            [("typhon", "PL", "completed")],
        ),
        (
            "zh",
            "佩斯科夫回应说，俄罗斯没有在古巴部署Iskander导弹。",
            ISKANDER,
            [("iskander", "CU", "denied")],
        ),
        (
            "fr",
            "Dans un commentaire, Peskov a démenti le déploiement de missiles Iskander à Cuba.",
            ISKANDER,
            [("iskander", "CU", "denied")],
        ),
        (
            "en",
            "Typhon launchers arrived in Poland in May. New lorries are due next year.",
            TYPHON,
            [("typhon", "PL", "completed")],
        ),
        (
            "pl",
            "Iskander stoi w obwodzie królewieckim od 2018 roku i nigdzie się stamtąd nie ruszy.",
            ISKANDER,
            [("iskander", "RU", "completed")],
        ),
        (
            "de",
            "Russland stationiert noch in diesem Jahr Iskander-Raketen in Belarus.",
            ISKANDER,
            [("iskander", "BY", "planned")],
        ),
    ],
)
def test_what_stays_as_it_was_told(
    claims_in: Finder,
    language: str,
    text: str,
    named: dict[str, str],
    expected: list[tuple[str, str | None, str]],
) -> None:
    """A sentence about something else adds no stage; a list of weapons has one."""
    assert _told(claims_in(text, language, named, PUBLISHED)) == expected
