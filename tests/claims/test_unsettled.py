"""What is doubted, asked, supposed or unwanted states no stage: one own sentence each."""

from collections.abc import Callable

import pytest

from connectors.records import Claim

Finder = Callable[..., tuple[Claim, ...]]

PUBLISHED = "2025-10-15"

ORESHNIK = "Oreshnik"
TYPHON = "Typhon"


@pytest.mark.parametrize(
    ("language", "text", "system"),
    [
        ("en", "NATO would respond if Oreshnik missiles were deployed in Belarus.", ORESHNIK),
        (
            "de",
            "Die NATO würde reagieren, wenn Oreshnik-Raketen in Belarus stationiert würden.",
            ORESHNIK,
        ),
        ("fr", "L’Otan réagirait si des missiles Oreshnik étaient déployés au Bélarus.", ORESHNIK),
        ("en", "Kos doubts that the Oreshnik will be deployed in Belarus this year.", ORESHNIK),
        ("de", "Kos bezweifelt, dass Oreshnik dieses Jahr in Belarus stationiert wird.", ORESHNIK),
        ("fr", "Kos doute que l’Oreshnik soit déployé au Bélarus cette année.", ORESHNIK),
        ("es", "Kos duda de que el Oreshnik sea desplegado en Bielorrusia este año.", ORESHNIK),
        ("en", "Kos is not sure that the Typhon launchers would come to Poland.", TYPHON),
        ("en", "Kos declined to say whether the Oreshnik had been moved to Belarus.", ORESHNIK),
        ("ru", "Кос отказался сказать, переброшен ли Oreshnik в Белоруссию.", ORESHNIK),
        ("pl", "Kos odmówił odpowiedzi, czy Oreshnik trafił na Białoruś.", ORESHNIK),
        ("en", "It is not known when the Oreshnik will be deployed in Belarus.", ORESHNIK),
        ("es", "No se sabe cuándo el Oreshnik será desplegado en Bielorrusia.", ORESHNIK),
        ("en", "Without the Oreshnik, Belarus would be defenceless, Kos said.", ORESHNIK),
    ],
)
def test_what_is_not_settled_is_no_claim(
    claims_in: Finder, language: str, text: str, system: str
) -> None:
    assert claims_in(text, language, {system.lower(): system}, PUBLISHED) == ()


@pytest.mark.parametrize(
    ("language", "text", "system", "expected"),
    [
        (
            "en",
            "Oreshnik will be deployed in Belarus if the talks fail, Kos said.",
            ORESHNIK,
            ("BY", "possible"),
        ),
        ("en", "Kos refused to host the Typhon in Poland.", TYPHON, ("PL", "denied")),
        ("en", "Kos said it is not true that Oreshnik is in Belarus.", ORESHNIK, ("BY", "denied")),
        ("en", "Manila asked Washington to send the Typhon.", TYPHON, ("PH", "requested")),
        ("nl", "De Typhon-lanceerders staan nog niet in Polen.", TYPHON, ("PL", "denied")),
    ],
)
def test_what_is_settled_beside_it_is_told(
    claims_in: Finder, language: str, text: str, system: str, expected: tuple[str, str]
) -> None:
    found = claims_in(text, language, {system.lower(): system}, PUBLISHED)
    assert [(c.place, c.status) for c in found] == [expected]
