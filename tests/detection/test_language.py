"""Short texts in the Cyrillic languages that share most of their letters and many words."""

from __future__ import annotations

import pytest

from pipelines.detection import identify_language

SHORT = [
    ("ru", "Президент подписал договор о гарантиях безопасности в Минске в пятницу."),
    ("ru", "На границе и в столице за неделю выросли цены на топливо."),
    ("ru", "Министр иностранных дел прибыл в Москву за час до начала встречи."),
    ("ru", "Премьера спектакля назначена на март."),
    ("bg", "Президентът подписа договора в петък в Минск."),
    ("bg", "Министърът каза, че страната няма да участва в преговорите."),
    ("bg", "Ракетите са разположени в близост до границата, съобщи агенцията."),
    ("uk", "Президент підписав договір про гарантії безпеки в п'ятницю."),
    ("uk", "Міністр прибув до столиці за годину до початку зустрічі."),
    ("be", "Прэзідэнт падпісаў дагавор аб гарантыях бяспекі ў Мінску."),
    ("be", "Міністр прыбыў у сталіцу за гадзіну да пачатку сустрэчы."),
    ("sr", "Председник је потписао уговор о безбедносним гаранцијама у петак."),
    ("sr", "Министар је рекао да ће преговори бити настављени следеће недеље."),
    ("mk", "Претседателот го потпиша договорот за безбедност во петокот."),
    ("mk", "Министерот рече дека преговорите ќе продолжат следната недела."),
]


@pytest.mark.parametrize(("language", "text"), SHORT)
def test_one_short_sentence_is_enough_to_tell_the_language(language, text):
    assert identify_language(text) == language
    assert identify_language(f"\n{text}") == language


@pytest.mark.parametrize(("language", "text"), SHORT)
def test_a_right_declaration_never_spoils_the_answer(language, text):
    assert identify_language(text, language) == language


@pytest.mark.parametrize(("language", "text"), SHORT)
def test_capitals_and_repetition_change_nothing(language, text):
    assert identify_language(text.upper()) == language
    assert identify_language(" ".join([text] * 40)) == language
