"""Questions and their answers: yes, no, perhaps, and "And in Poland?"."""

from collections.abc import Callable

import pytest

from connectors.records import Claim

Finder = Callable[..., tuple[Claim, ...]]

PUBLISHED = "2025-06-10"
B61 = {"b61": "B61"}
TYPHON = {"typhon": "Typhon"}
ISKANDER = {"iskander": "Iskander"}


@pytest.mark.parametrize(
    ("language", "text", "named", "expected"),
    [
        ("pt", "— As B61 estão em Büchel?\n— Sim, umas quinze.", B61, [("DE", "completed")]),
        ("ro", "Sunt bombe B61 la Aviano? Da, câteva zeci.", B61, [("IT", "completed")]),
        ("de", "Stehen die Typhon schon in Dänemark? Noch nicht.", TYPHON, [("DK", "denied")]),
        ("it", "Ci sono bombe B61 in Polonia? No.", B61, [("PL", "denied")]),
        ("fr", "Verra-t-on des Typhon en Allemagne ? Peut-être.", TYPHON, [("DE", "possible")]),
        ("uk", "Чи прибудуть Typhon до Японії? Можливо.", TYPHON, [("JP", "possible")]),
    ],
)
def test_the_answer_gives_a_question_its_stage(
    claims_in: Finder,
    language: str,
    text: str,
    named: dict[str, str],
    expected: list[tuple[str, str]],
) -> None:
    found = claims_in(text, language, named, PUBLISHED)
    assert [(c.place, c.status) for c in found] == expected


@pytest.mark.parametrize(
    ("language", "text", "named", "expected"),
    [
        (
            "es",
            "¿Y los Iskander? Siguen en Osipóvichi desde 2023.",
            ISKANDER,
            [("BY", "completed", "2023")],
        ),
        (
            "fr",
            "Les B61 dorment à Volkel.\n— Et en Italie ?\n— Une vingtaine y sont stockées.",
            B61,
            [("NL", "completed", None), ("IT", "completed", None)],
        ),
        (
            "en",
            "And the Typhon? It has been in the Philippines since 2024.",
            TYPHON,
            [("PH", "completed", "2024")],
        ),
    ],
)
def test_a_bare_question_is_read_with_its_answer(
    claims_in: Finder,
    language: str,
    text: str,
    named: dict[str, str],
    expected: list[tuple[str, str, str | None]],
) -> None:
    found = claims_in(text, language, named, PUBLISHED)
    assert [(c.place, c.status, c.when) for c in found] == expected


@pytest.mark.parametrize(
    ("language", "text", "named"),
    [
        ("it", "Arriveranno i Typhon in Germania? La domanda divide Berlino.", TYPHON),
        ("es", "¿Están los Iskander en Serbia? La pregunta circula por Belgrado.", ISKANDER),
    ],
)
def test_a_question_without_an_answer_states_nothing(
    claims_in: Finder, language: str, text: str, named: dict[str, str]
) -> None:
    assert not claims_in(text, language, named, PUBLISHED)


def test_whoever_answers_is_the_speaker(claims_in: Finder) -> None:
    text = "Are there B61 bombs in Greece? “No,” said Jens Stoltenberg."
    assert [(c.status, c.speaker) for c in claims_in(text, "en", B61, PUBLISHED)] == [
        ("denied", "Stoltenberg")
    ]
