"""Long articles: lists of countries, what "there" means, what is of something else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from connectors.records import Claim

Finder = Callable[..., tuple[Claim, ...]]
Found = set[tuple[str, str | None, str]]


def told(claims_of: Finder, language: str, text: str) -> Found:
    return {(c.system, c.place, c.status) for c in claims_of(language, text)}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("bg", "Ракетите «Искандер» са в Беларус и в Калининград."),
        ("nl", "De Iskander-raketten zijn in Wit-Rusland en in Kaliningrad."),
        ("fi", "Iskander-ohjukset ovat Valko-Venäjällä ja Kaliningradissa."),
        ("ru", "«Искандеры» — в Белоруссии и в Калининграде."),
    ],
)
def test_a_list_of_countries_right_behind_the_weapon_needs_no_known_verb(
    claims_of: Finder, language: str, text: str
) -> None:
    assert told(claims_of, language, text) == {
        ("iskander", "BY", "completed"),
        ("iskander", "RU", "completed"),
    }


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The Iskander worries many people in Poland and in Lithuania."),
        ("bg", "Ракетите «Искандер» тревожат хората в Полша и в Литва."),
        ("nl", "Over de Iskander praten mensen in Polen en in Litouwen."),
    ],
)
def test_a_list_of_countries_further_off_tells_of_somebody_else(
    claims_of: Finder, language: str, text: str
) -> None:
    assert told(claims_of, language, text) == set()


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("bg", "„«Искандеры» са в Беларус“, тросна се министърът на въпрос за плановете на НАТО."),
        ("en", '"The Iskanders lurk in Belarus," said the minister, asked about plans to tax.'),
        ("de", "„Die Iskander lauern in Belarus“, so der Minister auf die Frage nach Plänen."),
    ],
)
def test_what_stands_behind_a_quotation_plans_nothing_in_it(
    claims_of: Finder, language: str, text: str
) -> None:
    assert told(claims_of, language, text) == {("iskander", "BY", "completed")}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ru", "Как заявил посол, Typhon может появиться в Ивакуни, если согласится губернатор."),
        ("be", "Наколькі я разумею, Typhon можа з'явіцца ў Японіі, калі дасць згоду губернатар."),
        ("en", "As Kos put it, Typhon may come to Japan if the governor agrees."),
    ],
)
def test_a_condition_at_the_end_doubts_nothing(claims_of: Finder, language: str, text: str) -> None:
    assert told(claims_of, language, text) == {("typhon", "JP", "possible")}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ru", "Когда Typhon может появиться в Японии, пока неизвестно."),
        ("en", "When the Typhon could come to Japan is unclear."),
        ("be", "Калі Typhon можа з'явіцца ў Японіі, пакуль невядома."),
    ],
)
def test_a_doubt_at_the_end_still_leaves_it_open(
    claims_of: Finder, language: str, text: str
) -> None:
    assert told(claims_of, language, text) == set()


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("bg", "Системата Typhon може да пристигне в Ивакуни, ако губернаторът не възрази."),
        ("bg", "Системата Typhon може да бъде разположена в Япония, ако никой не възрази."),
        ("en", "The Typhon that Washington may send to Japan would not stay."),
    ],
)
def test_what_may_come_was_not_done_before_a_not(
    claims_of: Finder, language: str, text: str
) -> None:
    assert ("typhon", "JP", "completed") not in told(claims_of, language, text)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "en",
            (
                "Kaliningrad was spoken of briefly. The ships sail more rarely. "
                "The Iskander missiles have been there since 2018."
            ),
        ),
        (
            "de",
            (
                "Über Kaliningrad wurde kurz gesprochen. Die Schiffe fahren seltener. "
                "Die Raketen vom Typ Iskander stehen dort seit 2018."
            ),
        ),
        (
            "ru",
            (
                "О Калининградской области говорили коротко. Корабли выходят реже. "
                "«Искандеры», размещённые там с 2018 года, никуда не делись."
            ),
        ),
        (
            "fr",
            (
                "On a parlé de Kaliningrad. Les navires sortent moins. Le pain y est cher. "
                "Les missiles Iskander y sont stationnés depuis 2018."
            ),
        ),
    ],
)
def test_there_is_the_last_ground_of_the_paragraph(
    claims_of: Finder, language: str, text: str
) -> None:
    assert told(claims_of, language, text) == {("iskander", "RU", "completed")}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "en",
            (
                "Kaliningrad was spoken of.\n\nThe ships sail more rarely. "
                "The Iskander missiles have been there since 2018."
            ),
        ),
        (
            "en",
            (
                "Kaliningrad was spoken of. In Warsaw people are afraid. "
                "The Iskander missiles have been there since 2018."
            ),
        ),
        (
            "ru",
            (
                "О Калининградской области говорили коротко. В Польше и в Литве роют рвы. "
                "«Искандеры» стоят там с 2018 года."
            ),
        ),
    ],
)
def test_there_is_no_ground_of_another_paragraph_nor_past_another(
    claims_of: Finder, language: str, text: str
) -> None:
    assert ("iskander", "RU", "completed") not in told(claims_of, language, text)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "en",
            "Iskander missiles stand in Belarus. From there most of the infantry was withdrawn.",
        ),
        ("ru", "«Искандеры» стоят в Белоруссии. Россияне вывели оттуда большую часть пехоты."),
        ("de", "Iskander stehen in Belarus. Ein Großteil der Infanterie wurde dort abgezogen."),
    ],
)
def test_most_of_the_soldiers_are_no_part_of_the_weapons(
    claims_of: Finder, language: str, text: str
) -> None:
    assert told(claims_of, language, text) == {("iskander", "BY", "completed")}


def test_a_part_of_the_weapons_still_leaves(claims_of: Finder) -> None:
    text = "Iskander missiles stand in Belarus. Most of the missiles were withdrawn from there."
    assert ("iskander", "BY", "suspended") in told(claims_of, "en", text)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("bg", "B61 лежат в Турция. През май токът в базата беше спрян, а командирът ѝ — сменен."),
        ("ru", "B61 лежат в Турции. В мае полёты отменили, ток отключили, а её мэра арестовали."),
        ("ru", "Бригада в Калининграде имеет «Искандеры». В бригаде мало людей, многие уехали."),
    ],
)
def test_what_is_halted_beside_it_is_something_else(
    claims_of: Finder, language: str, text: str
) -> None:
    assert {c.status for c in claims_of(language, text)} <= {"completed"}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ru", "B61 лежали в Турции. В мае бомбы вывезли, а командира наградили."),
        ("en", "B61 bombs lay in Turkey. In May the bombs were withdrawn, and the gate was shut."),
        ("ru", "«Искандеры» стояли в Белоруссии. В мае бригаду вывели, а её командира наградили."),
    ],
)
def test_what_was_taken_away_is_still_the_weapon(
    claims_of: Finder, language: str, text: str
) -> None:
    assert "suspended" in {c.status for c in claims_of(language, text)}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "be",
            (
                "У панядзелак Расія выпусціла па Харкаве тры «Искандеры». Адна з ракет трапіла ў "
                "парк, дзе згарэлі дванаццаць машын, падараваных летась чэшскім горадам."
            ),
        ),
        (
            "ru",
            (
                "В понедельник Россия выпустила по Харькову три «Искандеры». Одна из ракет попала "
                "в депо, где сгорели двенадцать старых автобусов с чешскими номерами."
            ),
        ),
    ],
)
def test_whose_things_burned_is_not_where_it_fell(
    claims_of: Finder, language: str, text: str
) -> None:
    assert {c.place for c in claims_of(language, text)} == {"UA"}


def test_bulgarian_adjectives_tell_the_country(claims_of: Finder) -> None:
    text = "B61 са в Турция. От гръцката Араксос същите бомби бяха изнесени още през 2001 г."
    assert ("b61", "GR", "suspended") in told(claims_of, "bg", text)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "B61 bombs lie in Turkey. The second system lands in July from Poland."),
        ("de", "B61-Bomben liegen in der Türkei. Das zweite System landet im Juli aus Polen."),
        ("bg", "B61 лежат в Турция. Първата система каца през юли от Полша."),
        ("sv", "B61-bomber finns i Turkiet. Det andra systemet landar i juli från Polen."),
    ],
)
def test_where_something_else_comes_from_is_no_place(
    claims_of: Finder, language: str, text: str
) -> None:
    assert {c.place for c in claims_of(language, text)} == {"TR"}


def test_where_more_of_it_comes_to_still_is(claims_of: Finder) -> None:
    text = "B61 bombs lie in Turkey. The first missiles follow in Poland in July."
    assert ("b61", "PL", "planned") in told(claims_of, "en", text)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ru", "Размещённые в Белоруссии «Искандеры» ведомство, как всегда, не комментирует."),
        ("uk", "Розміщені в Білорусі «Искандеры» міністерство, як завжди, не коментує."),
        ("be", "Размешчаныя ў Беларусі «Искандеры» міністэрства, як заўсёды, не каментуе."),
    ],
)
def test_as_always_asks_nothing(claims_of: Finder, language: str, text: str) -> None:
    assert told(claims_of, language, text) == {("iskander", "BY", "completed")}
