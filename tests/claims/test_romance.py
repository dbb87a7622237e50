"""Rules first met in Spanish, Italian, Portuguese and Romanian prose: what each finds."""

from collections.abc import Callable

import pytest

from connectors.records import Claim

Finder = Callable[..., tuple[Claim, ...]]

TYPHON = {"typhon": "Typhon"}
ORESHNIK = {"oreshnik": "Oreshnik"}
TOMAHAWK = {"tomahawk": "Tomahawk"}
AVANGARD = {"avangard": "Avangard"}
PUBLISHED = "2026-03-10"


def _told(claims: tuple[Claim, ...]) -> list[tuple[str | None, str, str | None]]:
    return sorted(((c.place, c.status, c.when) for c in claims), key=str)


@pytest.mark.parametrize(
    ("language", "text", "about", "expected"),
    [
        pytest.param(
            "ro",
            "Pentagonul renunță, cel puțin pentru moment, la amplasarea în Germania a sistemului "
            "Typhon.",
            TYPHON,
            [("DE", "suspended", None)],
            id="an aside parts no verb from its object",
        ),
        pytest.param(
            "it",
            "Fonti militari non escludono, tuttavia, che arrivi una seconda batteria di Typhon "
            "nelle Filippine.",
            TYPHON,
            [("PH", "possible", None)],
            id="nor a doubt from what may come",
        ),
        pytest.param(
            "pt",
            "Minsk pediu a Moscovo o Oreshnik. O pedido está a ser analisado, disse Peskov.",
            ORESHNIK,
            [("BY", "possible", None), ("BY", "requested", None)],
            id="a request that is weighed may be granted",
        ),
        pytest.param(
            "es",
            "Washington estudia enviar el Tomahawk a Ucrania. La petición partió de Zelenski.",
            TOMAHAWK,
            [("UA", "possible", None), ("UA", "requested", None)],
            id="whose request it was is told in the next sentence",
        ),
        pytest.param(
            "ro",
            "Statele Unite au cerut Japoniei să păstreze Typhon la Iwakuni. Tokyo nu a răspuns. "
            "Lansatorul se află pe insulă din iunie.",
            TYPHON,
            [("JP", "completed", "2025-06"), ("JP", "requested", None)],
            id="since when the launcher has been there, two sentences on",
        ),
        pytest.param(
            "es",
            "El Typhon está en Iwakuni desde septiembre y será repatriado en abril.",
            TYPHON,
            [("JP", "completed", "2025-09"), ("JP", "suspended", "2026-04")],
            id="a state since a time and its end are two stages",
        ),
        pytest.param(
            "pt",
            "Washington não tenciona levar de volta o Typhon destacado nas Filipinas.",
            TYPHON,
            [("PH", "completed", None)],
            id="what is not taken back stands where it was stationed",
        ),
        pytest.param(
            "it",
            "I Typhon che gli americani hanno lasciato nelle Filippine sono puntati a nord.",
            TYPHON,
            [("PH", "completed", None)],
            id="left in a country is there",
        ),
        pytest.param(
            "pt",
            "Em dezembro de 2019 a Rússia pôs ao serviço os primeiros Avangard em Yasny.",
            AVANGARD,
            [("RU", "completed", "2019-12")],
            id="a first part that came years ago is there",
        ),
        pytest.param(
            "ro",
            "Oreshnik nu a fost retras din Belarus nici după 2025.",
            ORESHNIK,
            [("BY", "completed", None)],
            id="a withdrawal that did not come has no time",
        ),
        pytest.param(
            "it",
            "Mosca ha sospeso, secondo Peskov, l'invio dell'Oreshnik in Bielorussia.",
            ORESHNIK,
            [("BY", "suspended", None)],
            id="the noun invio is not the verb inviò",
        ),
        pytest.param(
            "es",
            "Rusia desplegará el Oreshnik en Venezuela si Caracas lo permite.",
            ORESHNIK,
            [("VE", "possible", None)],
            id="a plan on a condition is possible",
        ),
        pytest.param(
            "ro",
            "Este așteptat în iunie în Germania un batalion dotat cu Typhon.",
            TYPHON,
            [("DE", "planned", "2026-06")],
            id="what a unit is equipped with did not come with that word",
        ),
        pytest.param(
            "it",
            "La Lituania vede di buon occhio il Typhon in Lituania, ma nulla è stato deciso.",
            TYPHON,
            [("LT", "possible", None)],
            id="nothing decided is no denial",
        ),
        pytest.param(
            "pt",
            "Segundo Kos, a Rússia acumulou na Crimeia lançadores Tomahawk.",
            TOMAHAWK,
            [("UA", "completed", None)],
            id="what is massed somewhere is there",
        ),
        pytest.param(
            "it",
            "La ministra si è rifiutata di chiarire se a Volkel restano i Typhon.",
            TYPHON,
            [],
            id="who refuses to clarify denies nothing",
        ),
    ],
)
def test_what_a_report_in_a_romance_language_says(
    claims_in: Finder,
    language: str,
    text: str,
    about: dict[str, str],
    expected: list[tuple[str | None, str, str | None]],
) -> None:
    assert _told(claims_in(text, language, about, PUBLISHED)) == expected
