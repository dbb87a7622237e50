"""Words, stems, folded names and queries: what holds for any text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from connectors.fulltext import (
    HIGHLIGHT_END,
    HIGHLIGHT_START,
    analyse,
    find_words,
    fold,
    highlight,
    parse_query,
    stem,
)

LANGUAGES = st.sampled_from(
    ["en", "ru", "uk", "be", "pl", "sr", "zh", "ar", "hi", "und", "", "x-y"]
)
TEXTS = st.text(max_size=200)


@given(TEXTS)
def test_words_stand_in_order_inside_the_text(text):
    at = 0
    for word in find_words(text):
        assert at <= word.start < word.end <= len(text)
        assert word.text
        at = word.start


@given(TEXTS, LANGUAGES)
@example("\ufdfa \ufe70", "ar")
def test_the_two_search_fields_have_a_token_a_word(text, language):
    analysed = analyse(text, language)
    words = list(find_words(text))
    assert len(analysed.stems.split(" ")) == max(1, len(words))
    assert len(analysed.folded.split(" ")) == max(1, len(words))


@given(TEXTS, LANGUAGES)
@example("\ufdfa \ufe70", "ar")
def test_a_text_is_found_by_its_own_words(text, language):
    assert not _lost_words(text, language)


def _lost_words(text, language):
    """Return the words of ``text`` that a search for them does not find in it."""
    analysed = analyse(text, language)
    stems, folded = analysed.stems.split(" "), analysed.folded.split(" ")
    lost = []
    for position, word in enumerate(find_words(text)):
        terms = parse_query(word.text).terms
        if word.unspaced or len(terms) != 1:
            continue
        if stems[position] not in terms[0].stems and folded[position] not in terms[0].folded:
            lost.append(word)
    return lost


def test_every_character_that_stands_for_others_is_found_by_its_own_words():
    """Composed, "⑴" is "(1)", one Arabic ligature is four words, others are vowel signs."""
    for code in (*range(0xD800), *range(0xE000, 0x20000)):
        text = chr(code) * 2
        if unicodedata.normalize("NFKC", text) != text:
            assert not _lost_words(text, "ar"), hex(code)


@given(TEXTS)
def test_any_text_is_a_query_with_words_or_none(text):
    query = parse_query(text)
    for term in query.terms:
        assert term.stems
        assert all(form for form in (*term.stems, *term.folded))


@given(TEXTS, LANGUAGES, st.text(max_size=20))
def test_highlights_are_pieces_of_the_text(text, language, asked):
    plain = " ".join(text.split())
    if HIGHLIGHT_START in text or HIGHLIGHT_END in text:
        return
    for fragment in highlight(text, language, parse_query(asked)):
        bare = fragment.replace(HIGHLIGHT_START, "").replace(HIGHLIGHT_END, "")
        assert " ".join(bare.removeprefix("…").removesuffix("…").split()) in plain


@pytest.mark.parametrize(
    "spellings",
    [
        (
            "орешник",
            "oreshnik",
            "orechnik",
            "арэшнік",
            "oresznik",
            "orešnik",
            "ορέσνικ",
            "أوريشنيك",
        ),
        ("лукашенко", "lukashenko", "łukaszenka", "loukachenko", "lukaschenko", "лукашэнка"),
        ("киев", "kiev", "kyiv", "kiew", "київ", "kijev"),
        ("зеленский", "zelensky", "zelenskyy", "zelenskiy", "зеленський", "selenskyj"),
        ("путин", "putin", "poutine", "путін"),
        ("кузнецов", "kuznetsov", "kusnezow"),
        ("вагнер", "wagner", "vagner"),
        ("минск", "minsk", "мінск", "mińsk"),
    ],
)
def test_the_spellings_of_a_name_have_one_key(spellings):
    assert len({fold(word) for word in spellings}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("oreshnik", "iskander"),
        ("минск", "москва"),
        ("paris", "boris"),
        ("rocket", "rakuten"),
        ("война", "вина"),
        ("iran", "iraq"),
        ("кот", "кит"),
    ],
)
def test_different_words_keep_different_keys(one, other):
    assert fold(one) != fold(other)


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("en", ("missile", "missiles")),
        ("ru", ("ракета", "ракеты", "ракетами")),
        ("uk", ("угода", "угоди", "угодою", "угодами")),
        ("be", ("ракета", "ракеты", "ракетамі", "ракет")),
        ("pl", ("rakieta", "rakiety", "rakietami")),
        ("sk", ("raketa", "rakety", "raketami")),
        ("bg", ("ракета", "ракетата", "ракети")),
        ("de", ("rakete", "raketen")),
        ("fr", ("accord", "accords")),
        ("sr", ("raketa", "raketama", "rakete")),
    ],
)
def test_the_inflections_of_a_word_have_one_stem(language, forms):
    assert len({stem(form, language) for form in forms}) == 1


def test_a_query_is_cut_to_a_length_that_costs_little():
    assert len(parse_query("слово " * 10_000).clauses) < 200
