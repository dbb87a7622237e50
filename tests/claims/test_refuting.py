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
        ("en", "The Typhon missile is in Japan. China opposes it."),
        ("ru", "Комплекс Typhon стоит в Японии. Китай это отвергает."),
        ("en", "The Typhon is in Japan. The EU rejects this policy."),
    ],
)
def test_who_denies_something_else_refutes_nothing(
    claims_in: Finder, language: str, text: str
) -> None:
    found = {status for status, _, _ in told(claims_in, language, text, TYPHON)}
    assert found == {"completed"}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Kyiv says Russia moved Iskander missiles to Poland, but the Kremlin denied it."),
        ("de", "Medien zufolge stehen Iskander-Raketen in Polen, doch der Kreml dementierte."),
        ("ru", "По данным Киева, Iskander перебросили в Польшу, но Кремль это опроверг."),
    ],
)
def test_who_denies_behind_but_leaves_what_others_say(
    claims_in: Finder, language: str, text: str
) -> None:
    found = {(status, place) for status, place, _ in told(claims_in, language, text, ISKANDER)}
    assert found == {("completed", "PL"), ("denied", "PL")}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Ukraine asks for Tomahawk missiles and Washington says no."),
        ("es", "Ucrania reclama misiles Tomahawk y Washington dice que no."),
        ("fr", "L'Ukraine réclame des missiles Tomahawk et Washington dit non."),
    ],
)
def test_a_no_in_the_same_sentence_refuses_what_is_asked(
    claims_in: Finder, language: str, text: str
) -> None:
    found = told(claims_in, language, text, {"tomahawk": "Tomahawk"})
    assert found == {("requested", "UA", None), ("denied", "UA", None)}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Kos may send the Typhon to Japan. In May he had ruled out that possibility."),
        ("es", "Trump podría enviar el Typhon a Japón. En mayo había descartado esa posibilidad."),
    ],
)
def test_a_possibility_that_was_ruled_out_is_denied(
    claims_in: Finder, language: str, text: str
) -> None:
    found = {(status, place) for status, place, _ in told(claims_in, language, text, TYPHON)}
    assert found == {("possible", "JP"), ("denied", "JP")}


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("de", "Wie Nakatani bestätigte, kommen die Typhon-Werfer 2026 nach Japan.", {"planned"}),
        ("de", "Typhon kommt, wie Nakatani versicherte, 2026 nach Japan.", {"planned"}),
        ("nl", "Zoals Nakatani zei, komt Typhon in 2026 naar Japan.", {"planned"}),
        ("de", "Wie viele Typhon-Werfer nach Japan kommen, sagte Nakatani nicht.", set()),
    ],
)
def test_how_somebody_said_it_asks_nothing(
    claims_in: Finder, language: str, text: str, expected: set[str]
) -> None:
    assert {status for status, _, _ in told(claims_in, language, text, TYPHON)} == expected
