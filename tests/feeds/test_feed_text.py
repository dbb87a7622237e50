"""Encodings: byte-order mark, header, declaration, detection."""

from __future__ import annotations

import codecs
import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.feed_text import MAX_UNPACKED_BYTES, UnpackError, decode_feed, unpack

NEWS = (
    "Президенты подписали в Минске договор о гарантиях безопасности, сообщает агентство. "
    "Документ вступит в силу после ратификации парламентами двух стран."
)


def rss(words: str, encoding: str, *, declared: bool) -> bytes:
    declaration = f'<?xml version="1.0" encoding="{encoding}"?>' if declared else ""
    return f"{declaration}<rss><title>{words}</title></rss>".encode(encoding)


@pytest.mark.parametrize("encoding", ["windows-1251", "koi8-r", "iso-8859-5", "utf-8", "cp866"])
def test_a_declared_encoding_is_read(encoding):
    assert NEWS in decode_feed(rss(NEWS, encoding, declared=True), "text/xml")


@pytest.mark.parametrize("encoding", ["windows-1251", "koi8-r", "iso-8859-5"])
def test_an_encoding_in_the_header_is_read(encoding):
    body = rss(NEWS, encoding, declared=False)
    assert NEWS in decode_feed(body, f"application/rss+xml; charset={encoding}")


@pytest.mark.parametrize("encoding", ["windows-1251", "koi8-r", "iso-8859-5"])
def test_an_encoding_that_nobody_names_is_detected(encoding):
    assert NEWS in decode_feed(rss(NEWS, encoding, declared=False), None)


def test_the_header_goes_before_the_declaration():
    body = rss(NEWS, "windows-1251", declared=True).replace(b"windows-1251", b"koi8-r")
    assert NEWS in decode_feed(body, "text/xml; charset=windows-1251")


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
    ],
)
def test_a_byte_order_mark_goes_before_all(mark, encoding):
    body = mark + rss(NEWS, encoding, declared=False)
    assert NEWS in decode_feed(body, "text/xml; charset=koi8-r")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_read(encoding):
    assert NEWS in decode_feed(rss(NEWS, encoding, declared=False), None)


def test_utf_8_under_a_wrong_label_is_utf_8():
    assert NEWS in decode_feed(rss(NEWS, "utf-8", declared=False), "text/xml; charset=iso-8859-1")


def test_a_label_that_cannot_be_is_passed_over():
    body = rss(NEWS, "windows-1251", declared=True)
    assert NEWS in decode_feed(body, "text/xml; charset=utf-8")
    assert NEWS in decode_feed(body, "text/xml; charset=no-such-thing")
    assert NEWS in decode_feed(body, "text/xml; charset=rot13")


def test_windows_quotes_in_latin_1_are_quotes():
    assert "“pact”" in decode_feed("<t>“pact”</t>".encode("cp1252"), "text/xml; charset=iso-8859-1")


def test_control_characters_do_not_reach_the_parser():
    assert decode_feed(b"<t>a\x00\x0b\x1fb</t>", None) == "<t>ab</t>"


@given(st.binary(max_size=300), st.text(max_size=60))
def test_any_bytes_give_text(body, content_type):
    decode_feed(body, content_type).encode()


def test_a_gzip_file_is_unpacked():
    assert unpack(gzip.compress(b"news")) == b"news"


def test_a_gzip_bomb_is_refused():
    with pytest.raises(UnpackError, match="more than"):
        unpack(gzip.compress(b"\0" * (MAX_UNPACKED_BYTES + 1)))


def test_a_broken_gzip_file_is_refused():
    with pytest.raises(UnpackError, match="broken"):
        unpack(b"\x1f\x8bnothing of the kind")
