"""Fragments of a found text around the words of the query."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.fulltext.folding import fold
from connectors.fulltext.stems import name_stem, stem
from connectors.fulltext.words import Word, find_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from connectors.fulltext.query import Query

HIGHLIGHT_START = "<em>"
HIGHLIGHT_END = "</em>"
"""Marks around a found word; the rest of a fragment is plain text and not escaped."""

MAX_FRAGMENTS = 3
CONTEXT_CHARS = 70
"""Text kept on each side of a found word: about one line of a terminal."""


def highlight(text: str, language: str, query: Query) -> tuple[str, ...]:
    """Return up to three fragments of ``text`` with the words that ``query`` asks for marked.

    >>> from connectors.fulltext.query import parse_query
    >>> highlight("Two missiles arrived.", "en", parse_query("missile"))
    ('Two <em>missiles</em> arrived.',)
    """
    if query.everything:
        return ()
    fragments: list[list[tuple[int, int]]] = []
    for span in _found_spans(text, language, query):
        if fragments and span[0] - fragments[-1][-1][1] <= CONTEXT_CHARS:
            fragments[-1].append(span)
        elif len(fragments) == MAX_FRAGMENTS:
            break
        else:
            fragments.append([span])
    return tuple(_mark(text, spans_of_one) for spans_of_one in fragments)


def _found_spans(text: str, language: str, query: Query) -> Iterator[tuple[int, int]]:
    """Yield where words of the query stand; bigrams that overlap are one place."""
    whole = frozenset(s for t in query.terms if not t.prefix for s in t.stems)
    folded = frozenset(f for t in query.terms if not t.prefix for f in t.folded)
    prefixes = tuple(s for t in query.terms if t.prefix for s in t.stems)
    open_span: tuple[int, int] | None = None
    for word in find_words(text):
        if not _matches(word, language, whole, folded, prefixes):
            continue
        if open_span is not None and word.start < open_span[1]:
            open_span = (open_span[0], word.end)
            continue
        if open_span is not None:
            yield open_span
        open_span = (word.start, word.end)
    if open_span is not None:
        yield open_span


def _matches(
    word: Word,
    language: str,
    whole: frozenset[str],
    folded: frozenset[str],
    prefixes: tuple[str, ...],
) -> bool:
    if word.unspaced:
        return word.text in whole or word.text.startswith(prefixes)
    root = stem(word.text, language)
    if root in whole or fold(name_stem(word.text, language)) in folded:
        return True
    return bool(prefixes) and root.startswith(prefixes)


def _mark(text: str, spans: list[tuple[int, int]]) -> str:
    """Return the fragment around ``spans``, cut at spaces, on one line."""
    first = _cut(text, spans[0][0], -1)
    last = _cut(text, spans[-1][1], 1)
    pieces: list[str] = ["…"] if first > 0 else []
    at = first
    for start, end in spans:
        pieces += (text[at:start], HIGHLIGHT_START, text[start:end], HIGHLIGHT_END)
        at = end
    pieces.append(text[at:last])
    if last < len(text):
        pieces.append("…")
    return " ".join("".join(pieces).split())


def _cut(text: str, offset: int, direction: int) -> int:
    """Return where a fragment ends that reaches ``CONTEXT_CHARS`` beyond ``offset``."""
    if direction < 0:
        reach = offset - CONTEXT_CHARS
        if reach <= 0:
            return 0
        space = text.find(" ", reach, offset)
        return space + 1 if space >= 0 else reach
    reach = offset + CONTEXT_CHARS
    if reach >= len(text):
        return len(text)
    space = text.rfind(" ", offset, reach)
    return space if space >= 0 else reach
