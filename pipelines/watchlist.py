"""The watch list as a file: add a feed without touching the rest, read and write OPML."""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

import yaml
from lxml import etree
from pydantic import ValidationError

from pipelines.config_models import FeedSettings, FeedsFile
from pipelines.errors import UserError
from pipelines.yaml_source import read_yaml, validate

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

HEADER = "# The watch list; see docs/feeds.md.\n\nfeeds:\n"
MAX_OPML_BYTES = 20_000_000

_ITEM = re.compile(r"^( *)- ", re.MULTILINE)
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LANGUAGE = re.compile(r"[a-z]{2,3}")


def read_watchlist(path: Path) -> tuple[FeedSettings, ...]:
    """Return the feeds of ``path``; none when there is no such file yet.

    Raises:
        UserError: the file is wrong.
    """
    return validate(read_yaml(path), FeedsFile).feeds if path.exists() else ()


def append_feeds(path: Path, feeds: Sequence[FeedSettings]) -> list[FeedSettings]:
    """Append those of ``feeds`` that ``path`` does not list; return them.

    Comments and order of the file stay as they are; the file is replaced at once or not at all.

    Raises:
        UserError: the file is wrong, before or after.
    """
    path = path.resolve()
    known = {_id_of(feed) for feed in read_watchlist(path)}
    added = []
    for feed in feeds:
        if _id_of(feed) not in known:
            known.add(_id_of(feed))
            added.append(feed)
    if added:
        before = path.read_text(encoding="utf-8") if path.exists() else HEADER
        indents = _ITEM.findall(before)
        indent = indents[-1] if indents else "  "
        lines = "".join(f"{indent}- {_flow(feed)}\n" for feed in added)
        _replace(path, before.rstrip("\n") + "\n" + lines)
    return added


def _id_of(feed: FeedSettings) -> str:
    try:
        return feed.to_feed().id
    except ValueError as error:
        raise UserError(f"expected an address, got {feed.url!r}: {error}") from None


def _replace(path: Path, text: str) -> None:
    """Put ``text`` in the place of the file when it reads as a watch list."""
    draft = path.with_name(f".{path.name}.new")
    try:
        draft.write_text(text, encoding="utf-8")
        if path.exists():
            draft.chmod(path.stat().st_mode)
        read_watchlist(draft)
        draft.replace(path)
    except UserError as error:
        reason = str(error).replace(str(draft), path.name)
        message = f"{path}: feeds can only be appended to a list that ends the file: {reason}"
        raise UserError(message) from None
    except OSError as error:
        raise UserError(f"{path}: cannot be written: {error.strerror}") from None
    finally:
        with contextlib.suppress(OSError):
            draft.unlink()


def _flow(feed: FeedSettings) -> str:
    given = feed.model_dump(exclude_none=True)
    return yaml.safe_dump(
        given, default_flow_style=True, allow_unicode=True, width=10_000, sort_keys=False
    ).strip()


def plain_language(language: str | None) -> str | None:
    """Return ``fr-BE`` as the watch list writes it; None for what is no language.

    >>> plain_language("fr-BE"), plain_language("English (UK)")
    ('fr', None)
    """
    code = re.split(r"[-_]", (language or "").strip().lower())[0]
    return code if _LANGUAGE.fullmatch(code) else None


def read_opml(path: Path) -> list[FeedSettings]:
    """Return the feeds of an OPML file; outlines without an http(s) address are left out.

    Raises:
        UserError: the file cannot be read or is no OPML.
    """
    root = _read_opml_root(path)
    feeds = []
    for outline in root.iter("outline"):
        url = (outline.get("xmlUrl") or outline.get("xmlurl") or "").strip()
        name = " ".join((outline.get("title") or outline.get("text") or "").split())
        language = plain_language(outline.get("language"))
        with contextlib.suppress(ValidationError, UserError):
            feed = FeedSettings(url=url, outlet=name or None, language=language)
            _id_of(feed)
            feeds.append(feed)
    return feeds


def _read_opml_root(path: Path) -> etree._Element:
    try:
        if path.stat().st_size > MAX_OPML_BYTES:
            raise UserError(f"{path}: expected OPML, got more than 20 MB")
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
        root = etree.parse(str(path), parser).getroot()
    except OSError as error:
        raise UserError(f"{path}: cannot be read: {error}") from None
    except etree.XMLSyntaxError as error:
        raise UserError(f"{path}: expected OPML, got broken XML: {error.msg}") from None
    if etree.QName(root).localname.lower() != "opml":
        raise UserError(f"{path}: expected OPML, got a document of <{root.tag}>")
    return root


def write_opml(feeds: Iterable[FeedSettings]) -> str:
    """Return ``feeds`` as OPML 2.0: address, outlet and language; the rest has no place there.

    >>> "xmlUrl" in write_opml([FeedSettings(url="https://example.org/feed")])
    True
    """
    outlines = "".join(f"    <outline {_attributes(feed)}/>\n" for feed in feeds)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0">\n'
        f"  <head><title>Vigie</title></head>\n  <body>\n{outlines}  </body>\n</opml>\n"
    )


def _attributes(feed: FeedSettings) -> str:
    named = {"type": "rss", "text": feed.outlet or feed.url, "xmlUrl": feed.url}
    if feed.language:
        named["language"] = feed.language
    return " ".join(f"{key}={quoteattr(_NO_XML.sub(' ', value))}" for key, value in named.items())
