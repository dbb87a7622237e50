"""Which backend keeps an index, decided by its address alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.embedded import EmbeddedIndex
from connectors.index import IndexUnavailable

if TYPE_CHECKING:
    from connectors.index import Index, IndexSettings

SQLITE_PREFIX = "sqlite:"


def open_index(settings: IndexSettings, *, read_only: bool = False) -> Index:
    """Return the index at ``settings.location``, ready for use by one thread at a time.

    ``sqlite:PATH`` is created when it is not there, unless ``read_only``; an Elasticsearch
    index is never created here.

    Raises:
        IndexMissing: there is no index yet; the message names the command that makes one.
        IndexUnavailable: the address is none, or nothing usable answers there.
    """
    location = settings.location
    if location.startswith(SQLITE_PREFIX):
        return EmbeddedIndex(location.removeprefix(SQLITE_PREFIX), read_only=read_only)
    if settings.cloud_id or location.startswith(("http://", "https://")):
        # The client takes 0.3 s to import: who searches a file does not wait for it.
        from connectors.elastic import ElasticIndex  # noqa: PLC0415

        return ElasticIndex(settings, read_only=read_only)
    raise IndexUnavailable(
        f"index {location!r}: expected sqlite:PATH or http(s)://HOST:PORT; "
        "for a file on this machine: --index sqlite:vigie.db"
    )
