"""What an article of full length tells of a weapon, and what only a short dispatch does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pipelines.claims.article.faint import FULL_CHARS, FULL_CHARS_UNSPACED, is_full

if TYPE_CHECKING:
    from tests.claims.conftest import Finder

OTHER_NEWS = {
    "en": "The mayor opened the town fair in the rain, and the choir sang until the evening. ",
    "de": "Der Bürgermeister eröffnete den Jahrmarkt bei Regen, und der Chor sang bis zum Abend. ",
    "ru": "Мэр открыл городскую ярмарку под дождём, и хор пел до самого вечера на площади. ",
    "fr": "Le maire a ouvert la foire sous la pluie, et la chorale a chanté jusqu'au soir. ",
}
LEADS = {
    "en": "Minsk has asked Moscow for the Oreshnik missile system. ",
    "de": "Minsk hat Moskau um das Raketensystem Oreschnik gebeten. ",
    "ru": "Минск попросил Москву о ракете «Орешник». ",
    "fr": "Minsk a demandé à Moscou le missile Orechnik. ",
}


def full(language: str, sentence: str) -> str:
    news = OTHER_NEWS[language]
    return LEADS[language] + sentence + "\n\n" + news * (FULL_CHARS // len(news) + 1)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "The talks lasted until noon, and a famous guest will arrive in July. "),
        ("de", "Man sprach bis zum Mittag, und im Juli soll ein Gast eintreffen. "),
        ("ru", "Говорили до полудня, а в июле в страну прибудет важный гость. "),
        ("fr", "On a parlé jusqu'à midi, et un hôte célèbre arrivera en juillet. "),
    ],
)
def test_in_a_full_article_a_clause_without_a_word_for_the_weapon_is_of_something_else(
    claims_of: Finder, language: str, sentence: str
) -> None:
    found = {(c.status, c.when) for c in claims_of(language, full(language, sentence))}
    assert found == {("requested", None)}


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "It will arrive in July. "),
        ("en", "The missile will arrive in July. "),
        ("en", "The deployment is planned for July. "),
        ("de", "Es soll im Juli eintreffen. "),
        ("de", "Die Lieferung soll im Juli beginnen. "),
        ("ru", "Он прибудет в июле. "),
        ("ru", "Поставки начнутся в июле. "),
        ("fr", "Il arrivera en juillet. "),
        ("fr", "La livraison est prévue en juillet. "),
    ],
)
def test_a_word_for_the_weapon_or_its_deployment_goes_on_in_an_article_of_any_length(
    claims_of: Finder, language: str, sentence: str
) -> None:
    for text in (LEADS[language] + sentence, full(language, sentence)):
        found = {(c.status, (c.when or "")[4:]) for c in claims_of(language, text)}
        assert found == {("requested", ""), ("planned", "-07")}


def test_a_request_may_be_refused_in_one_word_in_a_full_article_too(claims_of: Finder) -> None:
    found = claims_of("en", full("en", "Moscow refused. "))
    assert {c.status for c in found} == {"requested", "denied"}


@pytest.mark.parametrize("is_unspaced", [True, False])
def test_an_article_is_full_from_some_ten_sentences_on(is_unspaced: bool) -> None:
    least = FULL_CHARS_UNSPACED if is_unspaced else FULL_CHARS
    assert is_full("x" * least, is_unspaced=is_unspaced)
    assert not is_full("x" * (least - 1), is_unspaced=is_unspaced)
