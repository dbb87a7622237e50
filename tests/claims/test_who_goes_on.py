"""Who speaks in articles of full length: behind a time, by an office, by dashes, in interviews."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from connectors.records import Claim, Mention
from pipelines.claims import find_claims
from pipelines.claims.speaker.latin import latin_surname

Finder = Callable[..., tuple[Claim, ...]]


def speakers(claims_of: Finder, language: str, text: str) -> list[str | None]:
    return [c.speaker for c in claims_of(language, text)]


def in_article(language: str, title: str, text: str, quote: str) -> list[str | None]:
    start = text.index(quote)
    mention = Mention(
        subject="iskander", field="text", start=start, end=start + len(quote), quote=quote
    )
    found = find_claims(
        title=title, text=text, language=language, published_at=None, mentions=[mention], times=()
    )
    return [c.speaker for c in found]


@pytest.mark.parametrize(
    ("language", "text", "speaker"),
    [
        (
            "es",
            "El ministro Jorge Campos calló. En agosto repitió que B61 irán a Polonia.",
            "Campos",
        ),
        (
            "cs",
            "Ministr Jan Kotrba mlčel. Letos v září oznámil, že do Polska přijedou B61.",
            "Kotrba",
        ),
        (
            "it",
            "Il ministro Ugo Conti è qui. A maggio ha annunciato che B61 sarà in Polonia.",
            "Conti",
        ),
        (
            "es",
            "El ministro Jorge Campos calló. En agosto repitieron que B61 irán a Polonia.",
            None,
        ),
        (
            "cs",
            "Ministr Jan Kotrba mlčel. Letos v září oznámila vláda, že přijedou do Polska B61.",
            None,
        ),
    ],
)
def test_behind_a_time_a_verb_without_subject_is_of_who_was_named(
    claims_of: Finder, language: str, text: str, speaker: str | None
) -> None:
    assert speakers(claims_of, language, text) == [speaker]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "en",
            "Minister Jan Conte came. Officials said that Russia will send Iskander to Belarus.",
        ),
        ("de", "Minister Jan Haller kam. Experten sagten, dass Iskander nach Belarus kommen wird."),
        (
            "fr",
            "Jean Carmet est là. Certains disent que la Russie enverra des Iskander au Bélarus.",
        ),
        (
            "es",
            "Jorge Campos habló. Expertos dijeron que Rusia enviará Iskander a Bielorrusia.",
        ),
        (
            "ru",
            "Иван Косов приехал. Эксперты заявили, что «Искандер» будет размещён в Беларуси.",
        ),
    ],
)
def test_several_who_speak_are_not_the_one_before(
    claims_of: Finder, language: str, text: str
) -> None:
    assert speakers(claims_of, language, text) == [None]


@pytest.mark.parametrize(
    ("language", "text", "speaker"),
    [
        (
            "en",
            "Jan Conte came. He does not rule out that Russia will send Iskander to Belarus.",
            "Conte",
        ),
        (
            "nl",
            "Minister Jan Kos kwam. Hij sluit niet uit dat Rusland Iskander naar Belarus stuurt.",
            "Kos",
        ),
        ("en", "Jan Conte came. The plan does not rule out that Iskander may go to Belarus.", None),
    ],
)
def test_he_does_not_rule_out(
    claims_of: Finder, language: str, text: str, speaker: str | None
) -> None:
    assert speakers(claims_of, language, text) == [speaker]


@pytest.mark.parametrize(
    ("language", "text", "speaker"),
    [
        (
            "de",
            "Minister Jan Haller sprach. „Die B61 liegen in Italien“, blaffte der Minister.",
            "Haller",
        ),
        ("pl", "Minister Jan Kos mówił. „Bomby B61 są we Włoszech”, odburknął minister.", "Kos"),
        (
            "bg",
            "Министърът Иван Петров мълча. „Бомбите B61 са в Италия“, сопна се министърът.",
            "Petrov",
        ),
        (
            "fr",
            "Le ministre Jean Carmet est là. « Les B61 sont en Italie », a lâché le ministre.",
            "Carmet",
        ),
        (
            "de",
            "Minister Jan Haller sprach. „Die B61 liegen in Italien“, blaffte ein Minister.",
            None,
        ),
    ],
)
def test_an_office_behind_a_quotation_speaks_whatever_the_verb(
    claims_of: Finder, language: str, text: str, speaker: str | None
) -> None:
    assert speakers(claims_of, language, text) == [speaker]


@pytest.mark.parametrize(
    ("language", "text", "speaker"),
    [
        (
            "pl",
            "– Nic nie ma – uspokaja Jan Bartosik, znawca. – Iskandery stoją w Kaliningradzie.",
            "Bartosik",
        ),
        (
            "ru",
            "— Ничего нет, — бурчит Олег Барсуков. — «Искандеры» стоят в Калининграде.",
            "Barsukov",
        ),
        (
            "uk",
            "— Нічого нема, — бурчить Олег Барсук. — «Іскандер» стоїть у Калінінграді.",
            "Barsuk",
        ),
        ("pl", "– Nic nie ma – uspokaja Jan Bartosik. Iskandery stoją w Kaliningradzie.", None),
        ("ru", "— Ничего нет? — бурчит Олег Барсуков. — «Искандеры» стоят в Калининграде.", None),
        (
            "pl",
            "Polska milczy, a Jan Bartosik też. Rosja – Iskandery stoją w Kaliningradzie.",
            None,
        ),
    ],
)
def test_words_that_dashes_open_again_are_of_the_same_person(
    claims_of: Finder, language: str, text: str, speaker: str | None
) -> None:
    assert speakers(claims_of, language, text) == [speaker]


def test_the_sentence_after_a_quotation_names_somebody_else(claims_of: Finder) -> None:
    for language, text in (
        (
            "cs",
            "„Iskander stojí v Kaliningradu. To všichni víme,“ řekl. Poslanec Jan Vrba řekl jiné.",
        ),
        (
            "fr",
            "« Les Iskander sont à Kaliningrad. C'est sûr », dit-il. Jean Carmet a dit non.",
        ),
        (
            "en",
            'A voice said: "Iskander missiles are in Kaliningrad. All know." Peter Haller said no.',
        ),
    ):
        assert "Vrba" not in (found := speakers(claims_of, language, text)), text
        assert not {"Carmet", "Haller"} & set(found), text


@pytest.mark.parametrize(
    ("language", "text", "speaker"),
    [
        (
            "lt",
            "Kalbėjo Jonas Kazlauskas.\n\n„Iskander stovi Kaliningrade“, – kalbėjo J. Kazlauskas.",
            "Kazlauskas",
        ),
        (
            "ru",
            "Выступил Иван Косов.\n\n«Искандер» стоит в Калининграде, сказал И. Косов.",
            "Kosov",
        ),
        ("lt", "Vokietija tyli. Lenkijoje Pentagonas pasakė, kad B61 bus Lenkijoje.", None),
    ],
)
def test_an_initial_stands_for_the_given_name(
    claims_of: Finder, language: str, text: str, speaker: str | None
) -> None:
    assert speakers(claims_of, language, text) == [speaker]


@pytest.mark.parametrize(
    ("language", "title", "text", "quote", "expected"),
    [
        (
            "zh",
            "专访郑维岳：岛链",
            "郑维岳是研究员。\n\n问：有何不同？\n\n答：“伊斯坎德尔”部署在加里宁格勒。\n\n问：会吗？\n\n答：不会。",
            "伊斯坎德尔",
            ["Zheng"],
        ),
        (
            "es",
            "«Hay una valla»",
            (
                "Entrevista con Ana Kurilóvich\n\nP. ¿Y?\n\nR. Los Iskander están en Kaliningrado."
                "\n\nP. ¿Volverá?\n\nR. Sí."
            ),
            "Iskander",
            ["Kurilovich"],
        ),
        (
            "pl",
            "Rozmowa z gen. Janem Wierzbickim",
            "Co robić?\n\n– Nic.\n\nIskandery stoją w Kaliningradzie. Bać się?\n\n– Nie.",
            "Iskandery",
            [None],
        ),
    ],
)
def test_who_is_interviewed_answers_and_does_not_ask(
    language: str, title: str, text: str, quote: str, expected: list[str | None]
) -> None:
    assert in_article(language, title, text, quote) == expected


def test_baltic_names_keep_their_own_letters() -> None:
    assert latin_surname("Анушаускас", "uk") == "Anusauskas"
    assert latin_surname("Шакалене", "ru") == "Sakaliene"
    assert latin_surname("Ринкевичс", "ru") == "Rinkevics"
    assert latin_surname("Пашков", "ru") == "Pashkov"
    assert latin_surname("Джонас", "ru") == "Dzhonas"
