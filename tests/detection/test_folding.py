"""Offsets lead back to the unchanged text, whatever stands in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.detection import load_detector, sentences
from pipelines.detection.folding import bare, fold, without_surrogates

AWKWARD = st.text(
    alphabet=st.one_of(
        st.sampled_from(
            "aбé İıς\u0301\u00ad\u200b\u200d\u00a0ﬁﬀＡ６－\u0327й😀榛،ا\u0640\n-\ufeff'’"
        ),
        st.characters(),
    ),
    max_size=60,
)


@given(AWKWARD)
def test_every_folded_character_comes_from_one_of_the_original(text):
    folded = fold(text)
    previous = 0
    for position in range(len(folded.text)):
        start, end = folded.span(position, position + 1, text)
        assert 0 <= start < end <= len(text)
        assert start >= previous
        previous = start


@given(
    AWKWARD,
    st.sampled_from(["Oreshnik", "Оре́шник", "Ore\u00adshnik", "ORESHNIK", "Oreshni\u0301k"]),
    AWKWARD,
)
def test_a_name_is_found_at_its_exact_place_among_anything(shipped, before, name, after):
    text = f"{before} . missile {name} missile . {after}"
    at = text.index(f"missile {name} missile") + len("missile ")
    mentions = shipped.detect(title="", text=text, language="en")
    for one in mentions:
        assert text[one.start : one.end] == one.quote
    assert any(one.start == at and one.end == at + len(name) for one in mentions)


@given(AWKWARD, AWKWARD)
def test_offsets_into_title_and_text_are_kept_apart(shipped, title, text):
    for one in shipped.detect(title=f"{title} Oreshnik missile", text=text, language="en"):
        whole = f"{title} Oreshnik missile" if one.field == "title" else text
        assert whole[one.start : one.end] == one.quote
        assert one.quote


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("Ракета Оре́шник летит", "Оре́шник"),
        ("ракеты ORE\u00adSCHNIK-RAKETEN", "ORE\u00adSCHNIK"),
        ("missile Oresh-\nnik launchers", "Oresh-\nnik"),
        ("missile Ore\u200bshnik", "Ore\u200bshnik"),
        ("le\u00a0missile\u00a0Orechnik\u00a0!", "Orechnik"),
        ("missile Ore\u0301chnik", "Ore\u0301chnik"),
        ("İİİ füzesi Oreşnik'in", "Oreşnik"),
        ("🚀🚀 missile Oreshnik 🚀", "Oreshnik"),
        ("ﬁn du missile Orechnik", "Orechnik"),
        ("ＳＭ－６ missile Oreshnik", "Oreshnik"),
    ],
)
def test_the_quote_is_what_is_printed(shipped, text, quote):
    found = [one for one in shipped.detect(title="", text=text) if one.subject == "oreshnik"]
    assert [one.quote for one in found] == [quote]
    assert text[found[0].start : found[0].end] == quote


def test_wide_letters_match_a_designation(shipped):
    mentions = shipped.detect(
        title="", text="米軍は巡航ミサイルとＳＭ－６を配備した。", language="ja"
    )
    assert ("sm6", "ＳＭ－６") in {(one.subject, one.quote) for one in mentions}


def test_lone_surrogates_keep_their_length():
    assert without_surrogates("a\ud800b") == "a\ufffdb"


def test_bare_takes_off_every_accent():
    assert bare("łódź") == "lodz"


@given(AWKWARD)
def test_sentences_are_in_order_and_inside_the_text(text):
    end = 0
    for start, stop in sentences(text):
        assert end <= start < stop <= len(text)
        end = stop


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("M. Poutine a signé. Minsk attend.", 2),
        ("The U.S. Army moved. It stayed.", 2),
        ("г. Минск ждёт. Москва молчит!", 2),
        ("俄罗斯部署导弹。波兰关注。", 2),
        ("ракеты едут. минск ждёт.", 2),
        ("A heading\n\nThen the text", 2),
        ("A line that was wrapped by a mail program goes on\nhere until its end.", 1),
        ("Es kostet 3.5 Millionen. Das ist viel.", 2),
        ("Am 6. Dezember kam er.", 2),
        ("", 0),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text, expected):
    assert len(sentences(text)) == expected


def test_the_shipped_detector_is_compiled_once():
    assert load_detector() is load_detector()
