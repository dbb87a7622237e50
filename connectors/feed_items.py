"""The items of a feed that were read before: the parser is given the new ones only.

feedparser takes half a millisecond an item, and a feed that brings one news shows fifty old items
beside it. An item whose bytes were read before, in a document that is the same around its items,
means the same again. Whatever is not plain about a document has it read as a whole.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from connectors.records import stable_id

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from connectors.feed_document import RawEntry, RawFeed

MAX_CHARS = 8_000_000
"""Of all items that are remembered together, at most 32 MB of the worker's 96; then the feeds that
were read longest ago go."""

ITEM_CHARS = 500
"""What an item costs beside its text."""

_ITEM = re.compile(r"<(item|entry)(?=[\s>])[^<>]*>.*?</\1\s*>", re.DOTALL)
_CLOCK = re.compile(r"<(lastBuildDate|pubDate|updated|modified|dc:date)>[^<]{0,100}</\1\s*>")
"""What changes in the head of a feed with every item, and says nothing about the items."""

_PAIRS = (("<![CDATA[", "]]>"), ("<!--", "-->"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A document cut into its items and what is before and after them."""

    head: str
    items: tuple[str, ...]
    tail: str

    @property
    def context(self) -> str:
        """What of the document may bear on the meaning of an item."""
        return stable_id(_CLOCK.sub("", self.head), self.tail)

    def of(self, items: Sequence[str]) -> str:
        """Return the document with these items only."""
        return "".join((self.head, *items, self.tail))


def cut_items(text: str) -> Layout | None:
    """Return ``text`` cut into its items; None when it is not plain where they begin and end.

    >>> cut_items("<rss><item>a</item> <item>b</item></rss>").items
    ('<item>a</item>', '<item>b</item>')
    >>> cut_items("<rss><item>a</item> <!-- <item>b</item> --></rss>")
    """
    items: list[str] = []
    begins = at = 0
    for found in _ITEM.finditer(text):
        if not items:
            begins = found.start()
        elif text[at : found.start()].strip():
            return None
        items.append(found.group())
        at = found.end()
    if not items:
        return None
    layout = Layout(head=text[:begins], items=tuple(items), tail=text[at:])
    parts = (layout.head, layout.tail, *items)
    whole = all(part.count(one) == part.count(other) for part in parts for one, other in _PAIRS)
    return layout if whole else None


class ItemMemory:
    """Reads documents, and remembers of each feed the items of the last one; one thread's own.

    Args:
        read: reads a whole document that was fetched from an address.
        max_chars: of all remembered items together, with :data:`ITEM_CHARS` for each.
    """

    def __init__(self, read: Callable[[str, str], RawFeed], *, max_chars: int = MAX_CHARS) -> None:
        """Nothing was read yet."""
        self._read = read
        self._max_chars = max_chars
        self._known: OrderedDict[str, _Remembered] = OrderedDict()
        self._chars = 0

    def read(self, text: str, url: str, feed_id: str) -> RawFeed:
        """Return the document, as reading all of it would."""
        known = self._forget(feed_id)
        layout = cut_items(text)
        if layout is None:
            return self._read(text, url)
        context = stable_id(url, layout.context)
        raw = None
        if known is not None and known.context == context:
            raw = self._read_new(layout, known.entries, url)
        raw = raw or self._read(text, url)
        if _is_plain(raw, len(layout.items)):
            chars = sum(len(item) + ITEM_CHARS for item in layout.items)
            entries = dict(zip(map(stable_id, layout.items), raw.entries, strict=True))
            self._remember(feed_id, _Remembered(context=context, entries=entries, chars=chars))
        return raw

    def _read_new(self, layout: Layout, known: Mapping[str, RawEntry], url: str) -> RawFeed | None:
        names = [stable_id(item) for item in layout.items]
        new = [item for item, name in zip(layout.items, names, strict=True) if name not in known]
        part = self._read(layout.of(new), url)
        if not _is_plain(part, len(new)):
            return None
        read = iter(part.entries)
        entries = tuple(known[name] if name in known else next(read) for name in names)
        return replace(part, entries=entries)

    def _remember(self, feed_id: str, one: _Remembered) -> None:
        self._known[feed_id] = one
        self._chars += one.chars
        while self._chars > self._max_chars:
            self._forget(next(iter(self._known)))

    def _forget(self, feed_id: str) -> _Remembered | None:
        one = self._known.pop(feed_id, None)
        if one is not None:
            self._chars -= one.chars
        return one


@dataclass(frozen=True, slots=True, kw_only=True)
class _Remembered:
    context: str
    entries: Mapping[str, RawEntry]
    chars: int


def _is_plain(raw: RawFeed, items: int) -> bool:
    header = raw.header
    return header.problem is None and not header.detail and len(raw.entries) == items
