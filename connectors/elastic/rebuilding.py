"""Making indices anew from their documents, when their fields cannot be changed in place.

An index is closed for writing, copied into a twin that has the present template, counted, and
only then replaced by it. Writers wait meanwhile (a closed index is an answer that passes later).
Whoever dies in between runs ``vigie setup`` again: all documents are in the index or in its twin
at every moment, and the twin is taken only when it is whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from elasticsearch import ApiError

from connectors.elastic.bulk import operation, run_bulk
from connectors.elastic.connection import error_type
from connectors.elastic.decisions import Decision
from connectors.elastic.installation import month_begins_ms, read_indices, run
from connectors.elastic.layout import mapping
from connectors.elastic.mapping_changes import must_rebuild
from connectors.elastic.reading import count, scan_hits
from connectors.elastic.shapes import read_article, shape_article
from connectors.index import IndexUnavailable

if TYPE_CHECKING:
    from connectors.elastic.connection import Connection

BATCH_DOCUMENTS = 200
REINDEX_SECS = 3600.0
"""How long the server may take to copy one index; months of the largest take minutes."""

_WHOLE = "whole"
_RULING = ("default_pipeline", "lifecycle")
"""Settings that act on documents or on the index itself."""


def rebuild_stale(connection: Connection, *, dry_run: bool) -> list[str]:
    """Rebuild (or plan it) what cannot take the present fields; finish what was interrupted."""
    existing = read_indices(connection)
    stale = [name for name, (kind, found) in existing.items() if must_rebuild(kind, found)]
    return _finish(connection, existing, dry_run=dry_run) + _rebuild(
        connection, existing, stale, dry_run=dry_run
    )


def rebuild_all(connection: Connection, *, dry_run: bool) -> list[str]:
    """Rebuild (or plan it) every index, such as after a change of its settings."""
    existing = read_indices(connection)
    return _finish(connection, existing, dry_run=dry_run) + _rebuild(
        connection, existing, list(existing), dry_run=dry_run
    )


def twin_of(connection: Connection, name: str) -> str:
    """Return the name of the twin of ``name``; no pattern of a template or search has it."""
    return f"{connection.prefix}-twin{name.removeprefix(connection.prefix)}"


def _twins(connection: Connection) -> dict[str, bool]:
    """Return the twins that an interrupted rebuild left, and whether each is whole."""
    pattern = f"{connection.prefix}-twin-*"
    found = connection.call(lambda: connection.client.indices.get_mapping(index=pattern)).body
    return {
        name: bool((one["mappings"].get("_meta") or {}).get(_WHOLE)) for name, one in found.items()
    }


def _finish(
    connection: Connection, existing: dict[str, tuple[str, dict[str, Any]]], *, dry_run: bool
) -> list[str]:
    lines = []
    for twin, whole in _twins(connection).items():
        name = connection.prefix + twin.removeprefix(f"{connection.prefix}-twin")
        if whole:
            lines.append(f"put {twin} in the place of {name}")
            if not dry_run:
                _resume(connection, name, twin, existing)
        else:
            lines.append(f"delete the unfinished {twin}")
            if not dry_run:
                _delete(connection, twin)
                _block(connection, name, closed=False)
    return lines


def _resume(
    connection: Connection, name: str, twin: str, existing: dict[str, tuple[str, dict[str, Any]]]
) -> None:
    """Go on after a death between the last copy and the last step."""
    kind, found = existing.get(name, (_kind_of(connection, name), {}))
    if (found.get("_meta") or {}).get(_WHOLE):
        # It is the twin's clone already, and may have been written to.
        _settle_down(connection, kind, name, twin)
    elif name in existing and not _is_blocked(connection, name):
        _block(connection, twin, closed=True)
        _copy_over(connection, kind, twin, name)
        _settle_down(connection, kind, name, twin)
    else:
        _take_place(connection, kind, name, twin)


def _kind_of(connection: Connection, name: str) -> str:
    kind = name.removeprefix(f"{connection.prefix}-")
    return "articles" if kind.startswith("articles-") else kind


def _is_blocked(connection: Connection, name: str) -> bool:
    answer = connection.call(
        lambda: connection.client.indices.get_settings(index=name, flat_settings=True)
    ).body
    return str(answer[name]["settings"].get("index.blocks.write")) == "true"


def _rebuild(
    connection: Connection,
    existing: dict[str, tuple[str, dict[str, Any]]],
    names: list[str],
    *,
    dry_run: bool,
) -> list[str]:
    lines = []
    for name in names:
        lines.append(f"rebuild index {name} ({count(connection, name):,} documents)")
        if not dry_run:
            rebuild(connection, existing[name][0], name)
    return lines


def rebuild(connection: Connection, kind: str, name: str) -> None:
    """Make one index anew.

    Raises:
        IndexUnavailable: the copy is not whole; the index is as it was, and open again.
    """
    client = connection.client
    twin = twin_of(connection, name)
    _block(connection, name, closed=True)
    try:
        run(
            connection,
            f"create {twin}",
            lambda: client.indices.create(
                index=twin, mappings=mapping(kind), settings=_twin_settings(connection, kind)
            ),
        )
        if kind == "articles":
            _copy_articles(connection, name, twin)
        else:
            _copy(connection, name, twin)
        connection.call(lambda: client.indices.refresh(index=[name, twin]))
        _compare(connection, name, twin)
    except BaseException:
        _delete(connection, twin)
        _block(connection, name, closed=False)
        raise
    meta = mapping(kind)["_meta"] | {_WHOLE: True}
    connection.call(lambda: client.indices.put_mapping(index=twin, meta=meta))
    _take_place(connection, kind, name, twin)


def _compare(connection: Connection, name: str, twin: str) -> None:
    there, copied = count(connection, name), count(connection, twin)
    if there != copied:
        raise IndexUnavailable(
            f"index {connection.location}: {copied:,} of {there:,} documents of {name} were "
            "copied; nothing was changed, run vigie setup again"
        )


def _template_settings(connection: Connection, kind: str) -> dict[str, Any]:
    """Return the settings that a new index of ``kind`` would have, with the custom ones."""
    name = connection.name(kind) + ("-0001.01" if kind == "articles" else "")
    answer = connection.call(
        lambda: connection.client.indices.simulate_index_template(name=name)
    ).body
    return dict(answer["template"]["settings"]["index"])


def _twin_settings(connection: Connection, kind: str) -> dict[str, Any]:
    """Return the settings of a copy under way: no pipeline stamps it, no policy deletes it."""
    values = _template_settings(connection, kind)
    return {"index": {key: value for key, value in values.items() if key not in _RULING}}


def _copy(connection: Connection, name: str, twin: str) -> None:
    client = connection.client.options(request_timeout=REINDEX_SECS)
    try:
        answer = connection.call(
            lambda: client.reindex(
                source={"index": name},
                dest={"index": twin, "version_type": "external"},
                wait_for_completion=True,
            )
        ).body
    except ApiError as error:
        answer = error.body if isinstance(error.body, dict) else {}
        if not answer.get("failures"):
            raise
    if answer["failures"]:
        cause = answer["failures"][0].get("cause", {})
        raise IndexUnavailable(
            f"index {connection.location}: a document of {name} does not fit the new fields: "
            f"{cause.get('reason', cause)}; nothing was changed"
        )


def _copy_articles(connection: Connection, name: str, twin: str) -> None:
    """Copy articles with search fields made anew: those are not in what the server keeps."""
    batch: list[dict[str, Any]] = []
    for hit in scan_hits(connection, name, fields=("record", "title", "body", "event")):
        batch.append(hit)
        if len(batch) == BATCH_DOCUMENTS:
            _copy_batch(connection, batch, twin)
            batch = []
    _copy_batch(connection, batch, twin)


def _copy_batch(connection: Connection, batch: list[dict[str, Any]], twin: str) -> None:
    outcomes = run_bulk(
        connection,
        (
            operation(
                "index",
                twin,
                hit["_id"],
                shape_article(read_article(hit["_source"])) | {"event": hit["_source"]["event"]},
                version=hit["_version"],
                version_type="external",
            )
            for hit in batch
        ),
    )
    for outcome in outcomes:
        if outcome.decision not in {Decision.STORED, Decision.EXISTS}:
            raise IndexUnavailable(
                f"index {connection.location}: an article does not fit the new fields: "
                f"{outcome.error} {outcome.detail}; nothing was changed"
            )


def _take_place(connection: Connection, kind: str, name: str, twin: str) -> None:
    """Replace ``name`` by its whole ``twin``; what a writer made meanwhile stays newer."""
    client = connection.client
    _block(connection, twin, closed=True)
    _delete(connection, name)
    values = _template_settings(connection, kind)
    # A twin that an earlier version made may refresh otherwise.
    kept = (*_RULING, "refresh_interval")
    ruling: dict[str, Any] = {key: values[key] for key in kept if key in values}
    if "lifecycle" in ruling:
        ruling["lifecycle"] |= {"origination_date": month_begins_ms(name)}
    aliases: dict[str, Any] = {connection.name("articles"): {}} if kind == "articles" else {}
    try:
        connection.call(
            lambda: client.indices.clone(
                index=twin,
                target=name,
                settings={"index": {"blocks.write": None, **ruling}},
                aliases=aliases,
                timeout="60s",
            )
        )
    except ApiError as error:
        if error_type(error) != "resource_already_exists_exception":
            raise
        _copy_over(connection, kind, twin, name)
    _settle_down(connection, kind, name, twin)


def _settle_down(connection: Connection, kind: str, name: str, twin: str) -> None:
    """Take the marks of the rebuild off and delete the twin."""
    client = connection.client
    connection.call(
        lambda: client.cluster.health(index=name, wait_for_status="yellow", timeout="60s")
    )
    connection.call(lambda: client.indices.put_mapping(index=name, meta=mapping(kind)["_meta"]))
    _delete(connection, twin)


def _copy_over(connection: Connection, kind: str, twin: str, name: str) -> None:
    """Copy into an index that a writer made in the moment when there was none."""
    if kind == "articles":
        _copy_articles(connection, twin, name)
        return
    client = connection.client.options(request_timeout=REINDEX_SECS)
    connection.call(
        lambda: client.reindex(
            source={"index": twin},
            dest={"index": name, "op_type": "create"},
            conflicts="proceed",
            wait_for_completion=True,
        )
    )


def _block(connection: Connection, name: str, *, closed: bool) -> None:
    value = True if closed else None
    connection.call(
        lambda: connection.client.indices.put_settings(
            index=name, settings={"index.blocks.write": value}
        )
    )


def _delete(connection: Connection, name: str) -> None:
    connection.call(lambda: connection.client.indices.delete(index=name, ignore_unavailable=True))
