"""Who says it: names, offices, pronouns and what only looks like a speaker."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.records import Claim
from pipelines.claims.speaker.declining import nominative
from pipelines.claims.speaker.latin import latin_surname, romanised
from pipelines.claims.words.asides import asides_of

Finder = Callable[..., tuple[Claim, ...]]


def _speakers(claims_in: Finder, language: str, text: str, **mentions: str) -> list[str | None]:
    return [c.speaker for c in claims_in(text, language, mentions)]


@pytest.mark.parametrize(
    ("language", "text", "name", "speaker"),
    [
        (
            "it",
            "L'Oreshnik è arrivato in Bielorussia, ha detto la portavoce Natalia Eismont.",
            "Oreshnik",
            "Eismont",
        ),
        (
            "en",
            "The Oreshnik has arrived in Belarus, the defence minister, Ivan Sokol, confirmed.",
            "Oreshnik",
            "Sokol",
        ),
        (
            "ro",
            "Rachetele Oreșnik au ajuns în Belarus, a precizat joi ministrul Apărării, Ion Munte.",
            "Oreșnik",
            "Munte",
        ),
        (
            "uk",
            "«Орєшнік» прибув до Білорусі, стверджує речник Військово-морських сил Іван Сокіл.",
            "Орєшнік",
            "Sokil",
        ),
        (
            "pl",
            (
                "Oriesznik dotarł na Białoruś, ogłosiła sekretarz prasowa Alaksandra Łukaszenki, "
                "Natalla Ejsmant."
            ),
            "Oriesznik",
            "Eismont",
        ),
        ("uk", "«Орєшнік» прибув до Білорусі, сказав американський президент.", "Орєшнік", "Biden"),
        (
            "sv",
            "Rysslands president sade att Oresjnik har anlänt till Belarus.",
            "Oresjnik",
            "Putin",
        ),
        (
            "ja",
            "ルカシェンコ大統領は18日、オレシュニクがベラルーシに配備されたと述べた。",
            "オレシュニク",
            "Lukashenko",
        ),
    ],
)
def test_a_name_with_its_office_speaks(
    claims_in: Finder, language: str, text: str, name: str, speaker: str
) -> None:
    assert set(_speakers(claims_in, language, text, oreshnik=name)) == {speaker}


@pytest.mark.parametrize(
    ("language", "text", "name"),
    [
        ("ru", "«Орешник» прибыл в Белоруссию, пишет «Белорусский Вестник».", "Орешник"),
        (
            "de",
            "Oreschnik ist in Belarus stationiert, nach Einschätzung von Fachleuten.",
            "Oreschnik",
        ),
        ("ro", "Rachetele Oreșnik au ajuns în Belarus, au informat Forțele Aeriene.", "Oreșnik"),
        (
            "en",
            "Oreshnik has arrived in Belarus, the Federation of Atomic Scientists said.",
            "Oreshnik",
        ),
        ("tr", "Oreşnik füzeleri Belarus'a ulaştı, uzmanlara göre bu ciddi bir adım.", "Oreşnik"),
    ],
)
def test_an_outlet_or_institution_is_nobody(
    claims_in: Finder, language: str, text: str, name: str
) -> None:
    assert set(_speakers(claims_in, language, text, oreshnik=name)) == {None}


@pytest.mark.parametrize(
    ("language", "text", "name", "speaker"),
    [
        (
            "ru",
            "«Орешник» находится в Белоруссии. Об этом сообщил генерал Иван Соколов.",
            "Орешник",
            "Sokolov",
        ),
        (
            "lt",
            "„Orešnik“ jau yra Baltarusijoje. Tai priminė pulkininkas Jonas Sakalas.",
            "Orešnik",
            "Sakalas",
        ),
        (
            "en",
            (
                "The Oreshnik is already in Belarus, the secretary of the Security Council said. "
                "“All is ready,” Alexander Volfovich told reporters."
            ),
            "Oreshnik",
            "Volfovich",
        ),
    ],
)
def test_the_next_sentence_may_name_who_speaks(
    claims_in: Finder, language: str, text: str, name: str, speaker: str
) -> None:
    assert _speakers(claims_in, language, text, oreshnik=name)[:1] == [speaker]


def test_an_office_alone_is_the_one_who_spoke_before(claims_in: Finder) -> None:
    told = (
        "No Oreshnik is in Belarus yet, General Ivan Sokol said. "
        "The Oreshnik will arrive in Belarus in December, the general added."
    )
    assert set(_speakers(claims_in, "en", told, oreshnik="Oreshnik")) == {"Sokol"}


def test_a_spokesman_of_nobody_known_is_not_the_one_before(claims_in: Finder) -> None:
    told = (
        "No Oreshnik is in Belarus yet, General Ivan Sokol said. "
        "The Oreshnik will arrive in Belarus in December, a spokesman said."
    )
    assert _speakers(claims_in, "en", told, oreshnik="Oreshnik")[-1] is None


def test_who_was_talked_with_does_not_speak(claims_in: Finder) -> None:
    told = (
        "Die Stationierung der Oreschnik in Belarus ist vom Tisch, wie Verteidigungsminister "
        "Boris Pistorius nach einem Gespräch mit Pete Hegseth einräumte."
    )
    assert set(_speakers(claims_in, "de", told, oreshnik="Oreschnik")) == {"Pistorius"}


def test_the_subject_of_a_request_asks_not_who_stands_nearest(claims_in: Finder) -> None:
    told = "Лукашенко під час візиту Путіна попросив розмістити в Білорусі «Орєшнік»."
    assert _speakers(claims_in, "uk", told, oreshnik="Орєшнік") == ["Lukashenko"]


@pytest.mark.parametrize(
    ("language", "printed", "latin"),
    [
        ("de", "Netschajew", "Nechaev"),
        ("pl", "Płeteńczuk", "Pletenchuk"),
        ("hu", "Pletencsuk", "Pletenchuk"),
        ("sk", "Ščerbak", "Shcherbak"),
        ("en", "Schultz", "Schultz"),
    ],
)
def test_slavic_names_are_spelled_as_english_does(language: str, printed: str, latin: str) -> None:
    assert latin_surname(romanised(printed, language), language) == latin


@pytest.mark.parametrize(
    ("language", "printed", "latin"),
    [
        ("uk", "Гайда", "Haida"),
        ("uk", "Савич", "Savych"),
        ("be", "Караеў", "Karaev"),
        ("bg", "Запрянов", "Zapryanov"),
        ("sr", "Жикић", "Zikic"),
        ("sr", "Плетенчук", "Pletenchuk"),
        ("", "Гайда", "Gaida"),
    ],
)
def test_each_language_of_cyrillic_has_its_own_letters(
    language: str, printed: str, latin: str
) -> None:
    assert latin_surname(printed, language) == latin


@given(
    st.text(alphabet=st.characters(categories=("Lu", "Ll")), min_size=1, max_size=20),
    st.sampled_from(["de", "pl", "hu", "lt", "fi", "el", "uk", "sr", "en", ""]),
)
def test_any_name_ends_in_some_name(name: str, language: str) -> None:
    base = nominative(name, language)
    assert base
    assert romanised(base, language)
    assert latin_surname(base, language)


@given(st.text(max_size=80), st.integers(0, 90))
def test_asides_take_any_text(text: str, start: int) -> None:
    asides = asides_of({"some": ["a", "bivš*"], "told": ["this"], "with": ["with"]})
    assert asides.is_with(text, start) in {True, False}
    assert asides.is_anybody(text, start, start + 5) in {True, False}
    assert not asides_of({}).tells_back(text, 0, len(text))


@pytest.mark.parametrize(
    ("published", "speaker"),
    [("2024-07-11", "Biden"), ("2025-01-20", "Trump"), ("2026-03-02", "Trump"), (None, "Trump")],
)
@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Typhon missiles will be deployed in Germany next year, the US president said."),
        ("en", "Typhon missiles will be deployed in Germany, the American president said."),
        ("ru", "Комплексы Typhon разместят в Германии, заявил президент США."),
    ],
)
def test_an_office_is_who_held_it_when_the_article_was_published(
    claims_in: Finder, language: str, text: str, published: str | None, speaker: str
) -> None:
    found = claims_in(text, language, {"typhon": "Typhon"}, published)
    assert [(one.place, one.speaker) for one in found] == [("DE", speaker)]


def test_a_name_is_that_person_whoever_holds_the_office(claims_in: Finder) -> None:
    text = "Typhon missiles will be deployed in Germany, Donald Trump said."
    assert _speakers(claims_in, "en", text, typhon="Typhon") == ["Trump"]
