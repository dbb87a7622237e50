"""What the languages of Eastern Europe, Turkey and Asia say in their own order of words."""

from collections.abc import Callable

import pytest

from connectors.records import Claim

Finder = Callable[..., tuple[Claim, ...]]


def _slots(claims: tuple[Claim, ...]) -> list[tuple[str, str | None, str, str | None, str | None]]:
    return [(c.system, c.place, c.status, c.when, c.speaker) for c in claims]


@pytest.mark.parametrize(
    ("language", "text", "name", "speaker"),
    [
        ("ru", "«Орешник» стоит в Белоруссии, подытожил полковник Иван Тестов.", "О", "Testov"),
        ("uk", "«Орєшнік» стоїть у Білорусі, підсумував полковник Іван Тестюк.", "О", "Testiuk"),
        ("be", "«Арэшнік» стаіць у Беларусі, падсумаваў палкоўнік Іван Тэставы.", "А", "Testavy"),
        (
            "pl",
            "Oriesznik stoi na Białorusi, podsumował płk Jan Testowski.",
            "O",
            "Testowski",
        ),
        ("cs", "Orešnik stojí v Bělorusku, shrnul plukovník Jan Testovský.", "O", "Testovsky"),
        (
            "lt",
            "Orešnikas stovi Baltarusijoje, apibendrino vadas Jonas Testas.",
            "O",
            "Testas",
        ),
    ],
)
def test_an_unknown_verb_before_a_name_at_the_end_gives_the_words_to_that_name(
    claims_in: Finder, language: str, text: str, name: str, speaker: str
) -> None:
    system = next(word.strip("«»") for word in text.split() if word.strip("«»").startswith(name))
    found = _slots(claims_in(text, language, {"oreshnik": system}))
    assert found == [("oreshnik", "BY", "completed", None, speaker)]


@pytest.mark.parametrize(
    "text",
    [
        "«Орешник» стоит в Белоруссии, где служит майор Иван Тестов.",
        "«Орешник» стоит в Белоруссии, которой правит там Иван Тестов.",
    ],
)
def test_a_relative_clause_at_the_end_gives_the_words_to_nobody(
    claims_in: Finder, text: str
) -> None:
    found = _slots(claims_in(text, "ru", {"oreshnik": "Орешник"}))
    assert found == [("oreshnik", "BY", "completed", None, None)]
