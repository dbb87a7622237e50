"""From a feed's bytes to its text: unpacking, byte-order marks, headers, declarations, guesses."""

from __future__ import annotations

import codecs
import re
import zlib

from charset_normalizer import from_bytes

MAX_UNPACKED_BYTES = 20_000_000
"""A gzip file behind an address may grow to this; fetching limits only its packed form."""

DETECT_BYTES = 16_384
DECLARATION_BYTES = 1024

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_XML_DECLARATION = re.compile(
    rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']"""
)
_DECLARATION_TEXT = re.compile(r"""^\s*<\?xml[^>]{0,300}?\?>""")
_CHARSET = re.compile(r"""charset\s*=\s*["']?\s*([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE)
_WRONG_NAMES = {
    "utf8": "utf-8",
    "iso-8859-1": "windows-1252",
    "latin1": "windows-1252",
    "us-ascii": "windows-1252",
    "ascii": "windows-1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "win-1251": "windows-1251",
    "cp-1251": "windows-1251",
    "x-sjis": "shift_jis",
    "iso-8859-9": "windows-1254",
}
"""Labels as the WHATWG Encoding Standard reads them, and two common misspellings."""

_UNSAFE_CODECS = frozenset(
    {
        "idna",
        "punycode",
        "unicode_escape",
        "raw_unicode_escape",
        "utf-7",
        "undefined",
        "mbcs",
        "oem",
    }
)
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


class UnpackError(ValueError):
    """The packed bytes are broken or grow beyond the limit."""


def unpack(body: bytes) -> bytes:
    """Return ``body``, gunzipped when it is a gzip file (some servers send no header for it).

    Raises:
        UnpackError: it is broken, or larger than :data:`MAX_UNPACKED_BYTES`.
    """
    if not body.startswith(b"\x1f\x8b"):
        return body
    inflater = zlib.decompressobj(wbits=31)
    try:
        data = inflater.decompress(body, MAX_UNPACKED_BYTES)
    except zlib.error as error:
        raise UnpackError(f"broken gzip: {error}") from None
    if inflater.unconsumed_tail:
        raise UnpackError(f"gzip of more than {MAX_UNPACKED_BYTES} bytes")
    return data


def decode_feed(body: bytes, content_type: str | None) -> str:
    """Return the text of ``body`` without byte-order mark, XML declaration or forbidden letters.

    Order: byte-order mark, the header's charset, the XML declaration, detection. One thing goes
    before a label of a single-byte encoding: bytes beyond ASCII that are valid UTF-8 are UTF-8,
    since no text in another encoding is so by chance, and servers that add a charset to every
    answer are common. Never raises.

    >>> decode_feed("Минск".encode("koi8-r"), "text/xml; charset=koi8-r")
    'Минск'
    """
    text = _decode(body, content_type)
    return _FORBIDDEN.sub("", _DECLARATION_TEXT.sub("", text.lstrip("\ufeff"), count=1))


def _decode(body: bytes, content_type: str | None) -> str:
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    wide = _wide_encoding(body[:4])
    if wide is not None:
        return body.decode(wide, "replace")
    if not body.isascii():
        try:
            return body.decode("utf-8")
        except UnicodeDecodeError:
            pass
    for label in (header_charset(content_type), declared_charset(body)):
        if label is not None and (text := _try_decode(body, label)) is not None:
            return text
    return _detect(body)


def _wide_encoding(start: bytes) -> str | None:
    """Tell UTF-16 without a mark by its first letter, ``<`` or ``{``."""
    if len(start) == 4 and start[0] in b"<{" and start[1] == 0 and start[3] == 0:
        return "utf-16-le"
    if len(start) == 4 and start[1] in b"<{" and start[0] == 0 and start[2] == 0:
        return "utf-16-be"
    return None


def header_charset(content_type: str | None) -> str | None:
    """Return the charset of a Content-Type header.

    >>> header_charset('text/xml; Charset="windows-1251"')
    'windows-1251'
    """
    found = _CHARSET.search((content_type or "")[:500])
    return found[1].lower() if found else None


def declared_charset(body: bytes) -> str | None:
    """Return the encoding that the XML declaration names."""
    found = _XML_DECLARATION.match(body[:DECLARATION_BYTES])
    return found[1].decode("ascii").lower() if found else None


def _try_decode(body: bytes, label: str) -> str | None:
    name = _WRONG_NAMES.get(label, label)
    try:
        codec = codecs.lookup(name)
        if codec.name in _UNSAFE_CODECS or not codec._is_text_encoding:  # noqa: SLF001 - no other way
            return None
        return body.decode(name)
    except (LookupError, UnicodeError, ValueError):
        return None


def _detect(body: bytes) -> str:
    if body.isascii():
        return body.decode("ascii")
    if body[: DETECT_BYTES * 64].count(0) == 0:
        best = from_bytes(_letters_first(body)).best()
        if best is not None:
            return body.decode(best.encoding, "replace")
    return body.decode("utf-8", "replace")


def _letters_first(body: bytes) -> bytes:
    """Return a sample that begins near the first byte beyond ASCII: markup tells nothing."""
    first = next((at for at, byte in enumerate(body) if byte > 127), 0)
    return body[first : first + DETECT_BYTES]
