"""Setting the indices up: what is there is compared with the layout, the difference is made."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from elasticsearch import ApiError, NotFoundError

from connectors.elastic.connection import error_type
from connectors.elastic.layout import (
    FLAT_KINDS,
    INGEST_PIPELINE,
    KINDS,
    LAYOUT_VERSION,
    LIFECYCLE,
    OTHERS_REFRESH,
    component_template,
    ingest_pipeline,
    lifecycle_policy,
    mapping,
    settings,
    template,
)
from connectors.elastic.mapping_changes import must_rebuild
from connectors.index import IndexMissing, IndexUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from connectors.elastic.connection import Connection
    from connectors.index import IndexSettings

Change = tuple[str, "Callable[[], Any]"]


def set_up(connection: Connection, wanted: IndexSettings, *, dry_run: bool) -> list[str]:
    """Make (or plan) what is missing; return a line per change.

    Indices whose fields cannot be changed in place are left to :mod:`rebuilding`.

    Raises:
        IndexUnavailable: a newer Vigie made what is there, or the server refuses a change.
    """
    lifecycle = has_lifecycles(connection)
    lines: list[str] = []
    # One kind after the other: an index takes its mapping from its template.
    plans = (
        _plan_pipeline(connection),
        _plan_lifecycle(connection, wanted.retention_months) if lifecycle else (),
        _plan_templates(connection, lifecycle=lifecycle),
        _plan_indices(connection, lifecycle=lifecycle),
    )
    for plan in plans:
        for line, make in plan:
            lines.append(line)
            if not dry_run:
                run(connection, line, make)
    return lines


def run(connection: Connection, line: str, make: Callable[[], Any]) -> Any:  # noqa: ANN401
    """Make the change that ``line`` describes; return the server's answer."""
    try:
        return connection.call(make)
    except ApiError as error:
        raise IndexUnavailable(
            f"index {connection.location}: could not {line}: {error.message} "
            f"(status {error.meta.status}); see docs/runbook.md, Upgrades"
        ) from error


def has_lifecycles(connection: Connection) -> bool:
    """Return whether the server manages the life of indices (ILM); some builds do not."""
    try:
        connection.call(connection.client.ilm.get_status)
    except ApiError:
        return False
    return True


def _plan_pipeline(connection: Connection) -> Iterator[Change]:
    name = connection.name(INGEST_PIPELINE)
    client = connection.client
    wanted = ingest_pipeline()
    try:
        stored = connection.call(lambda: client.ingest.get_pipeline(id=name))[name]
    except NotFoundError:
        stored = None
    if stored is not None and {key: stored.get(key) for key in wanted} == wanted:
        return
    verb = "create" if stored is None else "update"
    yield (
        f"{verb} ingest pipeline {name}",
        lambda: client.ingest.put_pipeline(
            id=name,
            description=wanted["description"],
            processors=wanted["processors"],
            meta=wanted["_meta"],
        ),
    )


def _plan_lifecycle(connection: Connection, retention_months: int | None) -> Iterator[Change]:
    name = connection.name(LIFECYCLE)
    client = connection.client
    wanted = lifecycle_policy(retention_months)
    try:
        stored = connection.call(lambda: client.ilm.get_lifecycle(name=name))[name]["policy"]
    except NotFoundError:
        stored = None
    if stored is not None and stored.get("phases") == wanted["phases"]:
        return
    verb = "create" if stored is None else "update"
    kept = "for ever" if retention_months is None else f"for {retention_months} months"
    yield (
        f"{verb} lifecycle policy {name}: articles are kept {kept}",
        lambda: client.ilm.put_lifecycle(name=name, policy=wanted),
    )


def _plan_templates(connection: Connection, *, lifecycle: bool) -> Iterator[Change]:
    for kind in KINDS:
        wanted = template(kind, connection.prefix, lifecycle=lifecycle)
        stored = stored_template_meta(connection, kind)
        if stored is not None:
            _refuse_newer(connection, stored)
            if stored.get("hash") == wanted["_meta"]["hash"]:
                continue
        verb = "create" if stored is None else "update"
        name = connection.name(kind)
        put = _putter(connection, kind, wanted, lifecycle=lifecycle)
        yield f"{verb} index template {name}", put


def _putter(
    connection: Connection, kind: str, wanted: dict[str, Any], *, lifecycle: bool
) -> Callable[[], Any]:
    name = connection.name(kind)
    client = connection.client

    def put() -> Any:  # noqa: ANN401 - the client's answer
        fields = component_template(kind)
        client.cluster.put_component_template(
            name=f"{name}@fields", template=fields["template"], meta=fields["_meta"]
        )
        values = settings(kind, connection.prefix, lifecycle=lifecycle)
        client.cluster.put_component_template(
            name=f"{name}@settings", template={"settings": values}, meta=fields["_meta"]
        )
        return client.indices.put_index_template(
            name=name,
            index_patterns=wanted["index_patterns"],
            composed_of=wanted["composed_of"],
            ignore_missing_component_templates=wanted["ignore_missing_component_templates"],
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


def read_indices(connection: Connection) -> dict[str, tuple[str, dict[str, Any]]]:
    """Return kind and mapping of each of our indices that exist, by name."""
    pattern = f"{connection.prefix}-*"
    answer = connection.call(lambda: connection.client.indices.get_mapping(index=pattern)).body
    flat = {connection.name(kind): kind for kind in FLAT_KINDS}
    months = f"{connection.name('articles')}-"
    return {
        name: (flat.get(name, "articles"), found["mappings"])
        for name, found in sorted(answer.items())
        if name in flat or name.startswith(months)
    }


def _plan_indices(connection: Connection, *, lifecycle: bool) -> Iterator[Change]:
    existing = read_indices(connection)
    month = f"{connection.name('articles')}-{datetime.now(timezone.utc):%Y.%m}"
    for name in sorted({month, *(connection.name(kind) for kind in FLAT_KINDS)} - set(existing)):
        yield f"create index {name}", _creator(connection, name)
    for name, (kind, found) in existing.items():
        _refuse_newer(connection, found.get("_meta") or {})
        if (found.get("_meta") or {}) != mapping(kind)["_meta"] and not must_rebuild(kind, found):
            yield f"update the mapping of index {name}", _mapper(connection, name, kind)
    yield from _plan_refresh(
        connection, [n for n, (kind, _) in existing.items() if kind in FLAT_KINDS]
    )
    if lifecycle:
        yield from _plan_managed(connection)


def _plan_refresh(connection: Connection, names: Sequence[str]) -> Iterator[Change]:
    """Yield the indices that refresh as the server likes, since nobody has told them otherwise."""
    client, key = connection.client, "index.refresh_interval"
    if not names:
        return
    found = connection.call(
        lambda: client.indices.get_settings(index=names, name=key, flat_settings=True)
    ).body
    for name in names:
        if key not in found.get(name, {}).get("settings", {}):
            yield f"refresh index {name} every {OTHERS_REFRESH}", _refresher(client, name)


def _refresher(client: Any, name: str) -> Callable[[], Any]:  # noqa: ANN401
    values = {"refresh_interval": OTHERS_REFRESH}
    return lambda: client.indices.put_settings(index=name, settings={"index": values})


def _creator(connection: Connection, name: str) -> Callable[[], Any]:
    def create() -> None:
        try:
            connection.client.indices.create(index=name)
        except ApiError as error:
            # Somebody else sets up too, or the answer to our first attempt was lost.
            if error_type(error) != "resource_already_exists_exception":
                raise

    return create


def _mapper(connection: Connection, name: str, kind: str) -> Callable[[], Any]:
    wanted = mapping(kind)
    return lambda: connection.client.indices.put_mapping(
        index=name, properties=wanted["properties"], meta=wanted["_meta"]
    )


def _plan_managed(connection: Connection) -> Iterator[Change]:
    """Yield the months that were made before there was a lifecycle policy."""
    client = connection.client
    months, policy = f"{connection.name('articles')}-", connection.name(LIFECYCLE)
    found = connection.call(
        lambda: client.indices.get_settings(
            index=f"{months}*", name="index.lifecycle.name", flat_settings=True
        )
    ).body
    for name in read_indices(connection):
        stored = found.get(name, {}).get("settings", {}).get("index.lifecycle.name")
        if name.startswith(months) and stored != policy:
            line = f"put index {name} under lifecycle policy {policy}"
            yield line, _manager(client, name, policy)


def _manager(client: Any, name: str, policy: str) -> Callable[[], Any]:  # noqa: ANN401
    values = {"name": policy, "origination_date": month_begins_ms(name)}
    return lambda: client.indices.put_settings(
        index=name, settings={"index": {"lifecycle": values}}
    )


def month_begins_ms(name: str) -> int:
    """Return when the month of the index ``name`` begins, in milliseconds since 1970.

    >>> month_begins_ms("vigie-articles-1970.02")
    2678400000
    """
    year, _, month = name.rpartition("-")[2].partition(".")
    begins = datetime(int(year), int(month), 1, tzinfo=timezone.utc)
    return int(begins.timestamp()) * 1000


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
