"""The passages of a text in which its subjects are named, cut at words and paragraphs. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from connectors.records import Document, Mention

CONTEXT_CHARS = 110
"""Characters shown on either side of a quote: about one line each."""

PASSAGES_PER_DOCUMENT = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Snippet:
    """A passage of a text as pieces in order; those that are quotes are marked true."""

    pieces: tuple[tuple[str, bool], ...]


def snippets(document: Document) -> tuple[Snippet, ...]:
    """Return the passages around the first mention of each subject in the text."""
    body = document.article.text
    known: set[str] = set()
    passages: list[tuple[int, int, list[Mention]]] = []
    for mention in sorted(document.mentions, key=_position):
        fits = mention.field == "text" and body[mention.start : mention.end] == mention.quote
        if not fits or not mention.quote or mention.subject in known:
            continue
        known.add(mention.subject)
        start, end = _passage(body, mention)
        if passages and start < passages[-1][1]:
            passages[-1] = (passages[-1][0], end, [*passages[-1][2], mention])
        else:
            passages.append((start, end, [mention]))
    return tuple(_snippet(body, *one) for one in passages[:PASSAGES_PER_DOCUMENT])


def _position(mention: Mention) -> tuple[int, int]:
    return mention.start, mention.end


def _passage(body: str, mention: Mention) -> tuple[int, int]:
    """Return where the words around ``mention`` begin and end: within its paragraph."""
    start = max(0, mention.start - CONTEXT_CHARS)
    start = max(start, body.rfind("\n", start, mention.start) + 1)
    if start and body[start - 1] != "\n":
        start = max(start, body.find(" ", start, mention.start) + 1)
    limit = min(len(body), mention.end + CONTEXT_CHARS)
    line_end = body.find("\n", mention.end, limit)
    end = limit if line_end < 0 else line_end
    if end == limit < len(body) and body[end] != "\n":
        end = max(mention.end, body.rfind(" ", mention.end, end))
    return start, end


def _snippet(body: str, start: int, end: int, mentions: list[Mention]) -> Snippet:
    pieces = [("… ", False)] if start and body[start - 1] != "\n" else []
    position = start
    for mention in mentions:
        if mention.start >= position:
            pieces += [(body[position : mention.start], False), (mention.quote, True)]
            position = mention.end
    pieces.append((body[position:end], False))
    if end < len(body) and body[end] != "\n":
        pieces.append((" …", False))
    return Snippet(pieces=tuple(piece for piece in pieces if piece[0]))
