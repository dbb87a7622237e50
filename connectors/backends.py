"""Which backend keeps an index, decided by its address alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.embedded import EmbeddedIndex, plan_setup
from connectors.index import IndexUnavailable, first_kept_month
from connectors.masking import hide

if TYPE_CHECKING:
    from datetime import datetime

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
    hide(settings.api_key, settings.password)
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


def cloud_address(cloud_id: str) -> str:
    """Return the address that ``cloud_id`` stands for.

    Raises:
        ValueError: it is no cloud id.

    >>> cloud_address("desk:ZXhhbXBsZS5vcmckYWJjJGRlZg==")
    'https://abc.example.org:443'
    """
    from elastic_transport.client_utils import parse_cloud_id  # noqa: PLC0415 - as above

    host, port = parse_cloud_id(cloud_id).es_address or (None, None)
    if not host:
        raise ValueError("expected NAME:… as the deployment's page shows it")
    return f"https://{host}:{port or 443}"


def set_up_index(
    settings: IndexSettings, *, now: datetime, dry_run: bool = False, rebuild: bool = False
) -> list[str]:
    """Create or upgrade the index and apply its retention; return a line per change.

    A dry run returns the lines and changes nothing, not even by making a file. ``rebuild`` makes
    anew what is derived from the documents. Safe to run again, and beside a runner.

    Raises:
        IndexUnavailable: nothing usable answers there, or a change is refused.
    """
    months = settings.retention_months
    first_kept = None if months is None else first_kept_month(now, months)
    if dry_run and settings.location.startswith(SQLITE_PREFIX):
        path = settings.location.removeprefix(SQLITE_PREFIX)
        return plan_setup(path, first_kept=first_kept, rebuild=rebuild)
    index = open_index(settings)
    try:
        lines = index.setup(dry_run=dry_run)
        if rebuild:
            planned = set(lines)
            lines += [line for line in index.rebuild(dry_run=dry_run) if line not in planned]
        if first_kept is not None:
            lines += index.drop_before(first_kept, dry_run=dry_run)
        return lines
    finally:
        index.close()
