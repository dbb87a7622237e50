"""Whether an index can take the fields of the layout in place: a pure comparison."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from connectors.elastic.layout import mapping

if TYPE_CHECKING:
    from collections.abc import Iterator

_DEFAULTS: dict[str, Any] = {"type": "object", "analyzer": "default", "index_options": "positions"}
_FIXED = ("type", "analyzer", "index_options", "path", "enabled")
"""What cannot be changed once an index has the field."""


def must_rebuild(kind: str, found: dict[str, Any]) -> bool:
    """Return whether the mapping ``found`` cannot become that of ``kind`` in place.

    Either a field is of another type or analyzer, or the words for the search are those of
    another analysis and have to be made again for every article.
    """
    wanted = mapping(kind)
    analysis = (found.get("_meta") or {}).get("analysis")
    return analysis != wanted["_meta"].get("analysis") or any(
        _differ(one, other) for one, other in _shared(found, wanted)
    )


def _shared(
    found: dict[str, Any], wanted: dict[str, Any]
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Yield the fields that are in both, as they are and as they should be."""
    for part in ("properties", "fields"):
        for name, one in found.get(part, {}).items():
            other = wanted.get(part, {}).get(name)
            if other is not None:
                yield one, other
                yield from _shared(one, other)


def _differ(found: dict[str, Any], wanted: dict[str, Any]) -> bool:
    for name in _FIXED:
        default = _DEFAULTS.get(name)
        one, other = found.get(name, default), wanted.get(name, default)
        if name == "analyzer":
            # The server leaves out what is its default.
            one, other = (value if value != "standard" else "default" for value in (one, other))
        if one != other:
            return True
    return False
