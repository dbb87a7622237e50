"""Bytes to characters, and the guard in front."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.extraction_decoding import decode_html, guard, is_binary

RUSSIAN = (
    "Президент подписал договор о гарантиях безопасности в рамках Союзного государства. "
    "Комплекс «Орешник» может быть размещён на территории Белоруссии во второй половине года, "
    "сообщил представитель министерства обороны журналистам в Минске."
)
FRENCH = "Le président a signé l’accord – « déployé » dès l’été, à 1 000 € près, où qu’il soit."


def page(text, charset=None):
    meta = f'<meta charset="{charset}">' if charset else ""
    return f"<html><head>{meta}<title>t</title></head><body><p>{text}</p></body></html>"


@pytest.mark.parametrize("encoding", ["windows-1251", "koi8-r", "iso-8859-5", "utf-8", "cp866"])
@pytest.mark.parametrize("declared", ["header", "meta"])
def test_a_declared_cyrillic_page_reads_right(encoding, declared):
    text = RUSSIAN.replace("«", '"').replace("»", '"')
    html = page(text, encoding if declared == "meta" else None)
    header = encoding if declared == "header" else None
    assert text in decode_html(html.encode(encoding), header)


@pytest.mark.parametrize("encoding", ["windows-1251", "koi8-r", "utf-8"])
def test_an_undeclared_cyrillic_page_is_detected(encoding):
    text = RUSSIAN.replace("«", '"').replace("»", '"')
    assert text in decode_html(page(text).encode(encoding))


def test_detection_looks_behind_a_long_head_in_ascii():
    html = "<script>" + "var a = 1; " * 20_000 + "</script><p>" + RUSSIAN * 3
    assert RUSSIAN in decode_html(html.encode("windows-1251"))


@pytest.mark.parametrize("label", ["windows-1252", "iso-8859-1", "latin1", "us-ascii"])
def test_western_labels_all_mean_windows_1252_as_browsers_read_them(label):
    assert FRENCH in decode_html(page(FRENCH).encode("windows-1252"), label)


def test_the_header_wins_over_the_markup():
    assert RUSSIAN in decode_html(page(RUSSIAN, "koi8-r").encode("windows-1251"), "windows-1251")


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ],
)
def test_the_byte_order_mark_wins_over_everything_and_is_no_text(mark, encoding):
    html = page(RUSSIAN, "koi8-r")
    assert decode_html(mark + html.encode(encoding), "windows-1251") == html


@pytest.mark.parametrize("label", ["iso-8859-1", "windows-1251", "ascii"])
def test_a_server_default_does_not_spoil_a_utf_8_page(label):
    assert RUSSIAN in decode_html(page(RUSSIAN, label).encode(), label)


def test_a_label_that_the_bytes_contradict_is_passed_over():
    html = page(RUSSIAN, "windows-1251").encode("windows-1251")
    assert RUSSIAN in decode_html(html, "utf-8")
    assert RUSSIAN in decode_html(html, "utf-16")


def test_one_bad_byte_does_not_cost_a_utf_8_page_its_encoding():
    html = page(RUSSIAN, "utf-8").encode() + b"\xd0"
    decoded = decode_html(html)
    assert RUSSIAN in decoded
    assert decoded.endswith("\ufffd")


@pytest.mark.parametrize(
    "label", ["nonsense", "", "unicode_escape", "punycode", "zlib", "rot13", "ünï"]
)
def test_a_label_that_is_no_text_encoding_is_ignored(label):
    assert RUSSIAN in decode_html(page(RUSSIAN, "windows-1251").encode("windows-1251"), label)


@given(st.binary(max_size=300), st.none() | st.text(max_size=12))
def test_any_bytes_under_any_label_give_text(body, label):
    assert isinstance(decode_html(body, label), str)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_utf_8_is_read_as_it_is_whatever_the_text(text):
    assert decode_html(codecs.BOM_UTF8 + text.encode()) == text
    assert decode_html(text.encode(), "utf-8") in {text, text.removeprefix("\ufeff")}


@given(st.binary(max_size=500))
def test_the_guard_passes_small_pages(body):
    assert guard(body) is None


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        (b"a" * (3 << 20), None),
        (b"a" * ((3 << 20) + 1), "too_big"),
        (b"<p>" * 40_000, None),
        (b"<p>" * 40_001, "too_many_tags"),
        (b"<p " + b"a=1 " * 5_000 + b">", None),
        (b"<p " + b"a=1 " * 5_001 + b">", "too_many_attributes"),
        (b"<script>" + b"a=1;" * 100_000 + b"</script>", None),
        (b"<a href='" + b"?a=1&" * 10_000 + b"'>", "too_many_attributes"),
        (b"<p title='>' " + b"a=1 " * 6_000 + b">", "too_many_attributes"),
        (b"<p title='<' " + b"a=1 " * 6_000 + b">", "too_many_attributes"),
        (b"<p " + b"a=1 " * 6_000, "too_many_attributes"),
        (b"", None),
    ],
)  # fmt: skip
def test_the_guard_draws_its_lines_where_it_says(html, reason):
    assert guard(html) == reason


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"%PDF-1.7 ...", True),
        (b"\n %PDF-1.4", True),
        (b"\x89PNG\r\n", True),
        (b"PK\x03\x04", True),
        (b"\x00\x01\x02\x03" * 20, True),
        (b"<html>", False),
        ("text".encode("utf-16"), False),
        ("a longer text".encode("utf-16-le"), False),
        (b"", False),
    ],
)
def test_binary_formats_are_known_by_their_first_bytes(body, expected):
    assert is_binary(body) is expected
