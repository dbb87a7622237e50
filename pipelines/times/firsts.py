"""What may stand first in a shape, so that a shape is tried only where it can begin."""

from __future__ import annotations

import re

_PIECE = re.compile(r"<(\w+)>|(\(\?:)|(\|)|(\))")
_QUANTIFIER = re.compile(r"[?*]|\{0,\d\}|\+")


def first_tags(shape: str, position: int) -> tuple[set[str], int]:
    """Return the categories that may stand first in ``shape`` from ``position``, and its end.

    An alternative that may be empty adds what follows it; a group ends at its bracket.
    """
    first: set[str] = set()
    is_open = True
    while position < len(shape):
        piece = _PIECE.match(shape, position)
        if piece is None:
            raise ValueError(f"not a shape: {shape[position:]!r}")
        position = piece.end()
        if piece[4]:
            break
        if piece[3]:
            is_open = True
            continue
        found = set(piece[1].split("__")) if piece[1] else set()
        if piece[2]:
            found, position = first_tags(shape, position)
        quantifier = _QUANTIFIER.match(shape, position)
        position = quantifier.end() if quantifier else position
        if is_open:
            first |= found
            is_open = bool(quantifier and quantifier[0] != "+")
    return first, position
