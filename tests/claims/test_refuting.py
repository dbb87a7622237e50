"""The sentence before is denied as a whole: who refutes it names neither weapon nor place."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from connectors.records import Claim

Finder = Callable[..., tuple[Claim, ...]]

ISKANDER = {"iskander": "Iskander"}
TYPHON = {"typhon": "Typhon"}


def told(
    claims_in: Finder, language: str, text: str, named: dict[str, str]
) -> set[tuple[str, str | None, str | None]]:
    found = claims_in(text, language, named, "2025-06-12")
    return {(c.status, c.place, c.speaker) for c in found}


@pytest.mark.parametrize(
    ("language", "text", "speaker"),
    [
        (
            "en",
            "A site says Iskander missiles were moved to Poland. The Kremlin denied this.",
            None,
        ),
        ("en", "A site says Iskander missiles are in Poland. Warsaw dismissed the report.", None),
        ("en", "Reports say the Iskander is in Poland. Dmitry Peskov denied the claim.", "Peskov"),
        (
            "de",
            "Medien berichten, Iskander-Raketen seien in Polen. Peskow wies das zurück.",
            "Peskov",
        ),
        ("de", "Laut Medien stehen Iskander-Raketen in Polen. Der Kreml dementierte.", None),
        ("it", "Secondo i media i missili Iskander sono in Polonia. Varsavia nega.", None),
        ("es", "Según la prensa, los Iskander están en Polonia. Varsovia lo desmintió.", None),
        ("pl", "Media podały, że rakiety Iskander są w Polsce. Kreml nazwał to kłamstwem.", None),
        (
            "hu",
            "A sajtó szerint Iskander rakéták vannak Lengyelországban. Varsó cáfolta ezt.",
            None,
        ),
    ],
)
def test_what_was_told_is_denied_in_the_next_sentence(
    claims_in: Finder, language: str, text: str, speaker: str | None
) -> None:
    assert ("denied", "PL", speaker) in told(claims_in, language, text, ISKANDER)
    assert any(status == "completed" for status, _, _ in told(claims_in, language, text, ISKANDER))


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The Typhon is in Japan, Nakatani said. Moscow denied involvement in the attack."),
        ("en", "The Typhon is in Japan, Nakatani said. Tokyo denied it was preparing for war."),
        ("en", "The Typhon is in Japan, Nakatani said. Tokyo neither confirmed nor denied it."),
        ("en", "The Typhon is in Japan, Nakatani said. He denied reports of a power cut."),
        ("fr", "Le Typhon est au Japon. Berlin a refusé de commenter ces informations."),
        ("de", "Das Typhon-System steht in Japan. Polen wies die Kritik zurück."),
        ("uk", "Комплекс Typhon уже в Японії. Київ цього не підтверджує."),
    ],
)
def test_who_denies_something_else_refutes_nothing(
    claims_in: Finder, language: str, text: str
) -> None:
    found = {status for status, _, _ in told(claims_in, language, text, TYPHON)}
    assert found == {"completed"}
