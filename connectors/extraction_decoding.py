"""From a page's bytes to its characters, and the cheap guard before both.

Pure, no Beam. A parser meets only what passed the guard; what passed may still be hostile, so
it meets it in the sandbox.
"""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes
from w3lib.encoding import html_body_declared_encoding, read_bom, resolve_encoding

PAGE_BYTES = 3 << 20
TAGS = 40_000
ATTRIBUTES_PER_TAG = 5_000
"""The three limits stopped all ten hostile files and none of 1,103 real pages, .37 ms a page."""

DETECTION_BYTES = 20_000
"""Statistical detection reads this much from the first letter beyond ASCII on: it is slow, and
a page's script shows in its first paragraphs."""

MALFORMED_SHARE = 0.02
"""A body declared as UTF-8 with fewer bad sequences than this share of its non-ASCII bytes is
UTF-8 with a fault (cut in the middle of a letter, one pasted quotation mark)."""

_NO_TEXT_ENCODINGS = frozenset(
    {"unicode-escape", "unicode_escape", "raw-unicode-escape", "raw_unicode_escape", "punycode"}
    | {"idna", "undefined", "utf-7"}
)
_BINARY_STARTS = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"PK\x03\x04",
    b"\x1f\x8b",
    b"Rar!",
)
_TO_TAG_END = re.compile(rb"(?:[^>\"']+|\"[^\"]*\"|'[^']*')*")


def guard(html: bytes) -> str | None:
    """Return why ``html`` must not meet a parser, or None.

    Reasons: ``too_big`` (over 3 MiB), ``too_many_tags`` (over 40,000 ``<``),
    ``too_many_attributes`` (over 5,000 ``=`` inside one tag). Linear in the length.

    >>> guard(b"<p>text</p>") is None
    True
    >>> guard(b"<a " + b"x=1 " * 6000 + b">")
    'too_many_attributes'
    """
    if len(html) > PAGE_BYTES:
        return "too_big"
    if html.count(b"<") > TAGS:
        return "too_many_tags"
    if html.count(b"=") > ATTRIBUTES_PER_TAG:
        for tag in html.split(b"<"):
            if tag.count(b"=") > ATTRIBUTES_PER_TAG and _is_overloaded(tag):
                return "too_many_attributes"
    return None


def _is_overloaded(tag: bytes) -> bool:
    """Tell whether the attributes before the tag's end are too many, or the end is not to be had.

    What follows the end is text: a long script is full of equals signs.
    """
    match = _TO_TAG_END.match(tag)
    inside = match.group() if match else b""
    return inside.count(b"=") > ATTRIBUTES_PER_TAG or tag[len(inside) : len(inside) + 1] != b">"


def is_binary(body: bytes) -> bool:
    """Tell whether ``body`` is a known binary format, whatever its headers say.

    >>> is_binary(b"%PDF-1.7"), is_binary(b"<html>")
    (True, False)
    """
    start = body[:1024].lstrip()
    if start.startswith(_BINARY_STARTS):
        return True
    return b"\x00" in start and read_bom(body)[0] is None and not _looks_utf16(start)


def _looks_utf16(start: bytes) -> bool:
    return start[1::2].count(0) * 2 > len(start[1::2]) or start[::2].count(0) * 2 > len(start[::2])


def decode_html(body: bytes, charset_header: str | None = None) -> str:
    """Return the characters of ``body``; bad sequences become U+FFFD.

    Order: byte order mark, the charset of the HTTP header, the declaration in the markup,
    detection. A single-byte label yields to a body that is valid UTF-8 beyond ASCII: servers
    add ``iso-8859-1`` by default, and no text in a single-byte encoding is valid UTF-8 by
    chance. A label that the bytes contradict is passed over.

    >>> decode_html("Орешник".encode("windows-1251"), "windows-1251")
    'Орешник'
    >>> decode_html("déployé".encode(), "iso-8859-1")
    'déployé'
    """
    encoding, mark = read_bom(body)
    if encoding and mark:
        return body[len(mark) :].decode(encoding, "replace")
    strict = _strictly(body, "utf-8")
    for label in (_header_encoding(charset_header), html_body_declared_encoding(body)):
        encoding = _text_encoding(label)
        if encoding is None or (strict is not None and _is_single_byte(encoding)):
            continue
        if encoding.startswith("utf-16") and not _looks_utf16(body[:1024]):
            continue
        decoded = _tolerantly(body, encoding)
        if decoded is not None:
            return decoded
    if strict is not None:
        return strict
    return _detected(body)


def _header_encoding(charset: str | None) -> str | None:
    return resolve_encoding(charset.strip(" \t\"'")) if charset and charset.isascii() else None


def _text_encoding(name: str | None) -> str | None:
    if name is None or name in _NO_TEXT_ENCODINGS:
        return None
    try:
        "a".encode(name)
    except (LookupError, UnicodeError):
        return None
    return name


def _is_single_byte(encoding: str) -> bool:
    name = codecs.lookup(encoding).name
    return name.startswith(("iso8859", "cp125", "koi8", "mac-", "ascii", "cp866", "latin"))


def _strictly(body: bytes, encoding: str) -> str | None:
    try:
        return body.decode(encoding)
    except UnicodeDecodeError:
        return None


def _tolerantly(body: bytes, encoding: str) -> str | None:
    """Return ``body`` in ``encoding`` unless too much of it is malformed."""
    decoded = _strictly(body, encoding)
    if decoded is not None:
        return decoded
    decoded = body.decode(encoding, "replace")
    beyond_ascii = sum(byte > 127 for byte in body)
    malformed = decoded.count("\ufffd")
    if malformed <= max(1, beyond_ascii * MALFORMED_SHARE) or _is_single_byte(encoding):
        return decoded
    return None


def _detected(body: bytes) -> str:
    """Return ``body`` as the likeliest encoding reads it; windows-1252 when none is likely."""
    first = next((at for at, byte in enumerate(body) if byte > 127), 0)
    best = from_bytes(body[first : first + DETECTION_BYTES]).best()
    encoding = _text_encoding(resolve_encoding(best.encoding) if best else None)
    return body.decode(encoding or "cp1252", "replace")
