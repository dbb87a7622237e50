"""What a "not" beside it does not deny, and questions answered by a verb or in a turn of speech."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from connectors.records import Claim

Finder = Callable[..., tuple[Claim, ...]]

TYPHON = {"typhon": "Typhon"}


def told(claims_in: Finder, language: str, text: str) -> set[tuple[str, str | None, str | None]]:
    found = claims_in(text, language, TYPHON, "2025-06-12")
    return {(c.status, c.place, c.speaker) for c in found}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "They do not show the Typhon missile, but it stands in Japan."),
        ("de", "Man zeigt die Typhon-Rakete nicht, aber sie steht in Japan."),
        ("es", "No enseñan el misil Typhon, pero está en Japón."),
        ("en", "Japan has hosted the Typhon at Iwakuni since May, and nobody talks about it."),
        ("pl", "System Typhon jest w Japonii, ale nikt o tym nie mówi."),
        ("de", "Ein Beamter widerspricht: Das Typhon-System sei längst in Japan."),
    ],
)
def test_what_and_parts_from_a_denial_stands(claims_in: Finder, language: str, text: str) -> None:
    assert told(claims_in, language, text) == {("completed", "JP", None)}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "There are no Typhon launchers in Japan and there never have been."),
        ("en", "The Typhon is not in Japan, but it is being built."),
        ("de", "Das Typhon-System steht nicht in Japan, und dabei bleibt es."),
        ("es", "No está el Typhon en Japón, pero nadie lo lamenta."),
    ],
)
def test_a_denial_stays_one_beside_and(claims_in: Finder, language: str, text: str) -> None:
    assert told(claims_in, language, text) == {("denied", "JP", None)}


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (
            "en",
            "Has the Typhon been deployed in Japan? Gen Nakatani denies it.",
            ("denied", "JP", "Nakatani"),
        ),
        (
            "de",
            "Ist das Typhon-System in Japan stationiert worden? Nakatani bestreitet das.",
            ("denied", "JP", "Nakatani"),
        ),
        ("it", "Il sistema Typhon è in Giappone? Nakatani lo nega.", ("denied", "JP", "Nakatani")),
        (
            "en",
            "Is the Typhon already in Japan? Nakatani says yes: two launchers.",
            ("completed", "JP", "Nakatani"),
        ),
        (
            "fr",
            "Y a-t-il un Typhon au Japon ? Nakatani répond que oui.",
            ("completed", "JP", "Nakatani"),
        ),
        (
            "en",
            "Is the Typhon already in Japan? Gen Nakatani: No, not yet.",
            ("denied", "JP", "Nakatani"),
        ),
        (
            "sv",
            "Finns Typhon i Japan i dag? Gen Nakatani: Nej, inte ännu.",
            ("denied", "JP", "Nakatani"),
        ),
    ],
)
def test_who_denies_or_says_no_answers_the_question(
    claims_in: Finder, language: str, text: str, expected: tuple[str, str, str]
) -> None:
    assert told(claims_in, language, text) == {expected}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Will the Typhon be sent to Japan? Nakatani said he had not decided."),
        ("en", "Will the Typhon be sent to Japan? Nakatani says that is a good question."),
        ("en", "Will the Typhon be sent to Japan? Tokyo refuses to comment."),
        ("de", "Wird das Typhon-System nach Japan verlegt? Nakatani wies die Kritik zurück."),
    ],
)
def test_who_gives_no_answer_leaves_the_question_open(
    claims_in: Finder, language: str, text: str
) -> None:
    assert told(claims_in, language, text) == set()
