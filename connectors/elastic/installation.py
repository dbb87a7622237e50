"""Setting the indices up: what is there is compared with the layout, the difference is made."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from elasticsearch import ApiError, NotFoundError

from connectors.elastic.layout import (
    FLAT_KINDS,
    INGEST_PIPELINE,
    LAYOUT_VERSION,
    ingest_pipeline,
    mapping,
    template,
)
from connectors.index import IndexMissing, IndexUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from connectors.elastic.connection import Connection

Change = tuple[str, "Callable[[], Any]"]


def set_up(connection: Connection, *, dry_run: bool) -> tuple[list[str], bool]:
    """Make (or plan) what is missing; return a line per change and whether to write anew.

    Documents are written anew when the analysis of their search fields has changed.

    Raises:
        IndexUnavailable: a newer Vigie made what is there, or a field cannot be changed.
    """
    lines: list[str] = []
    analysis_changed = False
    # One kind after the other: an index takes its mapping from its template.
    for plan in (_plan_pipeline, _plan_templates, _plan_indices):
        for line, make in plan(connection):
            lines.append(line)
            analysis_changed |= line.startswith("update the mapping of index") and (
                f"{connection.prefix}-articles-" in line
            )
            if not dry_run:
                _make(connection, line, make)
    return lines, analysis_changed


def _make(connection: Connection, line: str, make: Callable[[], Any]) -> None:
    try:
        connection.call(make)
    except ApiError as error:
        raise IndexUnavailable(
            f"index {connection.location}: could not {line}: {error.message} "
            f"(status {error.meta.status}); see docs/search.md, Reindexing"
        ) from error


def _plan_pipeline(connection: Connection) -> list[Change]:
    name = connection.name(INGEST_PIPELINE)
    client = connection.client
    wanted = ingest_pipeline()
    try:
        stored = connection.call(lambda: client.ingest.get_pipeline(id=name))[name]
    except NotFoundError:
        stored = None
    if stored is not None and {key: stored.get(key) for key in wanted} == wanted:
        return []
    verb = "create" if stored is None else "update"
    return [
        (
            f"{verb} ingest pipeline {name}",
            lambda: client.ingest.put_pipeline(
                id=name,
                description=wanted["description"],
                processors=wanted["processors"],
                meta=wanted["_meta"],
            ),
        )
    ]


def _plan_templates(connection: Connection) -> list[Change]:
    changes: list[Change] = []
    for kind in ("articles", *FLAT_KINDS):
        wanted = template(kind, connection.prefix)
        stored = stored_template_meta(connection, kind)
        if stored is not None:
            _refuse_newer(connection, stored)
            if stored.get("hash") == wanted["_meta"]["hash"]:
                continue
        verb = "create" if stored is None else "update"
        name = connection.name(kind)
        changes.append((f"{verb} index template {name}", _putter(connection, name, wanted)))
    return changes


def _putter(connection: Connection, name: str, wanted: dict[str, Any]) -> Callable[[], Any]:
    def put() -> Any:  # noqa: ANN401 - the client's answer
        return connection.client.indices.put_index_template(
            name=name,
            index_patterns=wanted["index_patterns"],
            priority=wanted["priority"],
            template=wanted["template"],
            meta=wanted["_meta"],
        )

    return put


def stored_template_meta(connection: Connection, kind: str) -> dict[str, Any] | None:
    """Return the ``_meta`` of the stored template of ``kind``, or None if there is none."""
    name = connection.name(kind)
    try:
        answer = connection.call(
            lambda: connection.client.indices.get_index_template(name=name), patient=False
        )
    except NotFoundError:
        return None
    return dict(answer["index_templates"][0]["index_template"].get("_meta") or {})


def _refuse_newer(connection: Connection, meta: dict[str, Any]) -> None:
    version = int(meta.get("version", 0))
    if version > LAYOUT_VERSION:
        raise IndexUnavailable(
            f"index {connection.location} was set up by a newer Vigie (layout {version}, this one "
            f"knows {LAYOUT_VERSION}): upgrade Vigie"
        )


def _plan_indices(connection: Connection) -> list[Change]:
    client = connection.client
    pattern = f"{connection.prefix}-*"
    existing = connection.call(lambda: client.indices.get_mapping(index=pattern)).body
    month = f"{connection.name('articles')}-{datetime.now(timezone.utc):%Y.%m}"
    wanted = {connection.name(kind): kind for kind in FLAT_KINDS}
    wanted[month] = "articles"
    changes: list[Change] = []
    for name in sorted(set(wanted) | set(existing)):
        kind = wanted.get(name, "articles")
        if name not in wanted and not name.startswith(f"{connection.name('articles')}-"):
            continue
        if name not in existing:
            changes.append((f"create index {name}", _creator(connection, name)))
            continue
        meta = existing[name]["mappings"].get("_meta") or {}
        _refuse_newer(connection, meta)
        if meta != mapping(kind)["_meta"]:
            line = f"update the mapping of index {name}"
            changes.append((line, _mapper(connection, name, kind)))
    return changes


def _creator(connection: Connection, name: str) -> Callable[[], Any]:
    return lambda: connection.client.indices.create(index=name)


def _mapper(connection: Connection, name: str, kind: str) -> Callable[[], Any]:
    wanted = mapping(kind)
    return lambda: connection.client.indices.put_mapping(
        index=name, properties=wanted["properties"], meta=wanted["_meta"]
    )


def require_layout(connection: Connection) -> None:
    """Return if the indices are set up in this layout.

    Raises:
        IndexMissing: they are not, or an older Vigie did it.
        IndexUnavailable: a newer one did it, or the server does not answer.
    """
    meta = stored_template_meta(connection, "articles")
    if meta is None:
        raise connection.missing()
    _refuse_newer(connection, meta)
    if int(meta.get("version", 0)) < LAYOUT_VERSION:
        raise IndexMissing(
            f"index {connection.location} was set up by an older Vigie; "
            f"run: vigie setup --index {connection.location}"
        )
