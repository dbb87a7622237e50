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


@pytest.mark.parametrize(
    ("language", "text", "named", "expected"),
    [
        (
            "zh",
            "第二批“榛树”导弹已于3月2日交付白俄罗斯。",
            {"oreshnik": "榛树"},
            [("oreshnik", "BY", "completed", "2025-03-02", None)],
        ),
        (
            "zh",
            "“榛树”导弹自2024年起存放在白俄罗斯。",
            {"oreshnik": "榛树"},
            [("oreshnik", "BY", "completed", "2024", None)],
        ),
        (
            "tr",
            "Oreşnik 2024'ten beri Belarus'ta depolanıyor.",
            {"oreshnik": "Oreşnik"},
            [("oreshnik", "BY", "completed", "2024", None)],
        ),
        (
            "ja",
            "2024年からベラルーシに「オレシュニク」が置かれている。",
            {"oreshnik": "オレシュニク"},
            [("oreshnik", "BY", "completed", "2024", None)],
        ),
        (
            "pl",
            "Na Kijów spadły dwa Kindżały, przekazał generał Jan Kosowski.",
            {"kinzhal": "Kindżały"},
            [("kinzhal", "UA", "used", None, "Kosowski")],
        ),
        (
            "uk",
            "«Орєшнік» везуть до Білорусі, каже Хренін. До кінця року там розгорнуть дивізіон.",
            {"oreshnik": "Орєшнік"},
            [
                ("oreshnik", "BY", "underway", None, "Khrenin"),
                ("oreshnik", "BY", "planned", "2025-12-31", "Khrenin"),
            ],
        ),
        (
            "be",
            "Да Новага года «Арэшнік» прыбудзе ў Беларусь, сказаў міністр абароны Хрэнін.",
            {"oreshnik": "Арэшнік"},
            [("oreshnik", "BY", "planned", "2025-12-31", "Khrenin")],
        ),
        (
            "cs",
            "Typhon stojí v německém Wiesbadenu.",
            {"typhon": "Typhon"},
            [("typhon", "DE", "completed", None, None)],
        ),
    ],
)
def test_a_claim_in_the_order_of_its_language(
    claims_in: Finder,
    language: str,
    text: str,
    named: dict[str, str],
    expected: list[tuple[str, str | None, str, str | None, str | None]],
) -> None:
    assert _slots(claims_in(text, language, named, "2025-06-01")) == expected


@pytest.mark.parametrize(
    ("language", "text", "named"),
    [
        ("ar", "تحدث الرجل عن تزويد الجيش بصواريخ توماهوك.", {"tomahawk": "توماهوك"}),
        ("lt", "Lietuvoje ginčijamasi dėl „Typhon“ nuotraukos.", {"typhon": "Typhon"}),
        ("zh", "专家解释了“榛树”导弹的结构。", {"oreshnik": "榛树"}),
    ],
)
def test_a_text_without_a_stage_claims_nothing(
    claims_in: Finder, language: str, text: str, named: dict[str, str]
) -> None:
    found = [c for c in claims_in(text, language, named) if c.status != "completed"]
    assert not found
