"""Turn a short description of panels into Kibana's saved objects, in the shape of its exports.

Field types come from the layout of the indices, so a field that is not there ends the generator.
Shapes: Kibana 8.19 and 9.x exports; the migration versions named here are the oldest with these
shapes, because Kibana upgrades what it imports and refuses what is newer than itself.
"""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass, replace
from typing import Any

from connectors.elastic.layout import FIELDS

PREFIX = "vigie"
NAMESPACE = uuid.UUID("6f0f2c0e-2f0a-4c7b-9d0f-7a4f5f1f6c11")
CORE_VERSION = "8.8.0"
TYPE_VERSIONS = {"index-pattern": "8.0.0", "search": "8.0.0", "dashboard": "8.9.0"}
COLUMNS = 48
RECORDS = "___records___"
DATA_TYPES = {
    "keyword": "string", "date": "date", "long": "number", "double": "number", "boolean": "boolean",
}  # fmt: skip
SERIES = {"stacked": "bar_stacked", "lines": "line", "ranking": "bar_horizontal_stacked"}
SECONDS_FORMAT = {
    "id": "duration",
    "params": {"decimals": 1, "fromUnit": "seconds", "toUnit": "humanizePrecise"},
}


@dataclass(frozen=True, kw_only=True)
class View:
    """A data view: an index and the field that the time picker is about (None: none)."""

    id: str
    name: str
    kind: str
    time_field: str | None

    @property
    def title(self) -> str:
        return f"{PREFIX}-{self.kind}-*" if self.kind == "articles" else f"{PREFIX}-{self.kind}"


@dataclass(frozen=True, kw_only=True)
class Column:
    """A dimension or figure of a panel; ``by`` is the label of the figure that orders it."""

    label: str
    operation: str
    field: str = ""
    size: int = 10
    by: str = ""
    where: str = ""
    rank: int = 0
    latest_by: str = ""
    seconds: bool = False
    hidden: bool = False
    ascending: bool = False


@dataclass(frozen=True, kw_only=True)
class Panel:
    """A Lens panel, or with ``search`` a saved search; unheeding ones ignore the controls."""

    title: str
    view: View | None = None
    chart: str = ""
    columns: tuple[Column, ...] = ()
    query: str = ""
    width: int = 24
    height: int = 12
    heeds_controls: bool = True
    search: str = ""
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class Search:
    """A saved search of Discover."""

    id: str
    title: str
    about: str
    view: View
    columns: tuple[str, ...]
    sort: str
    query: str = ""


@dataclass(frozen=True, kw_only=True)
class Dashboard:
    """A dashboard; ``controls`` are (label, field) of the data view ``controls_of``."""

    id: str
    title: str
    about: str
    panels: tuple[Panel, ...]
    time_from: str
    controls_of: View | None = None
    controls: tuple[tuple[str, str], ...] = ()


def over_time(field: str) -> Column:
    return Column(label=field, operation="date_histogram", field=field)


def top(field: str, label: str, *, by: str, size: int = 10, hidden: bool = False) -> Column:
    return Column(
        label=label, operation="terms", field=field, by=by, size=size, hidden=hidden
    )  # fmt: skip


def first(field: str, label: str, *, by: str) -> Column:
    """Buckets in the order of a figure, the smallest first."""
    return replace(top(field, label, by=by), ascending=True)


def count(label: str, where: str = "") -> Column:
    return Column(label=label, operation="count", where=where)


def distinct(field: str, label: str) -> Column:
    return Column(label=label, operation="unique_count", field=field)


def percentile(field: str, rank: int, label: str) -> Column:
    return Column(label=label, operation="percentile", field=field, rank=rank, seconds=True)


def latest(field: str, label: str, by: str) -> Column:
    return Column(label=label, operation="last_value", field=field, latest_by=by)


def extreme(operation: str, field: str, label: str) -> Column:
    return Column(label=label, operation=operation, field=field)


def key(*parts: str) -> str:
    """The same parts give the same UUID, so a repeated import replaces and never adds."""
    return str(uuid.uuid5(NAMESPACE, "/".join(parts)))


def compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def field_type(kind: str, path: str) -> str:
    """The type of ``path`` in the mapping of ``kind``; KeyError if it is not there."""
    found: dict[str, Any] = {"properties": FIELDS[kind]}
    try:
        for step in path.split("."):
            found = (found.get("properties") or found.get("fields") or {})[step]
    except KeyError:
        raise KeyError(f"{PREFIX}-{kind} has no field {path}") from None
    return field_type(kind, found["path"]) if found["type"] == "alias" else str(found["type"])


def saved(
    kind: str, key_: str, attributes: dict[str, Any], references: list[Any]
) -> dict[str, Any]:
    return {
        "attributes": attributes,
        "coreMigrationVersion": CORE_VERSION,
        "id": key_,
        "managed": False,
        "references": references,
        "type": kind,
        "typeMigrationVersion": TYPE_VERSIONS[kind],
    }


def reference(name: str, kind: str, key_: str) -> dict[str, str]:
    return {"id": key_, "name": name, "type": kind}


def kuery(text: str) -> dict[str, str]:
    return {"language": "kuery", "query": text}


def data_view(view: View) -> dict[str, Any]:
    if view.time_field and field_type(view.kind, view.time_field) != "date":
        raise ValueError(f"{view.id}: {view.time_field} is no date")
    formats: dict[str, Any] = {}
    for name in ("url", "canonical_url", "other_url"):
        if name in FIELDS[view.kind]:
            formats[name] = {"id": "url", "params": {"openLinkInCurrentTab": False, "type": "a"}}
    for name in FIELDS[view.kind].get("lag", {}).get("properties", ()):
        formats[f"lag.{name}"] = SECONDS_FORMAT
    attributes = {
        "allowHidden": False,
        "fieldAttrs": "{}",
        "fieldFormatMap": compact(formats),
        "fields": "[]",
        "name": view.name,
        "runtimeFieldMap": "{}",
        "sourceFilters": "[]",
        "title": view.title,
    }
    if view.time_field:
        attributes["timeFieldName"] = view.time_field
    return saved("index-pattern", view.id, attributes, [])


def saved_search(search: Search) -> dict[str, Any]:
    for field in search.columns:
        field_type(search.view.kind, field)
    if field_type(search.view.kind, search.sort) != "date":
        raise ValueError(f"{search.id}: sorted by {search.sort}, which is no date")
    source = {
        "filter": [],
        "highlightAll": True,
        "indexRefName": "kibanaSavedObjectMeta.searchSourceJSON.index",
        "query": kuery(search.query),
        "version": True,
    }
    attributes = {
        "columns": list(search.columns),
        "description": search.about,
        "grid": {},
        "hideChart": False,
        "isTextBasedQuery": False,
        "kibanaSavedObjectMeta": {"searchSourceJSON": compact(source)},
        "sort": [[search.sort, "desc"]],
        "timeRestore": False,
        "title": search.title,
    }
    return saved("search", search.id, attributes, [
        reference("kibanaSavedObjectMeta.searchSourceJSON.index", "index-pattern", search.view.id)
    ])  # fmt: skip


def lens_column(view: View, column: Column, keys: dict[str, str]) -> dict[str, Any]:
    kind = "number" if column.operation in {"count", "unique_count", "percentile"} else ""
    if column.field:
        stored = field_type(view.kind, column.field)
        kind = kind or DATA_TYPES[stored]
    bucketed = column.operation in {"date_histogram", "terms"}
    scale = {"date_histogram": "interval", "terms": "ordinal", "last_value": "ordinal"}
    made: dict[str, Any] = {
        "customLabel": True,
        "dataType": kind,
        "isBucketed": bucketed,
        "label": column.label,
        "operationType": column.operation,
        "params": lens_parameters(column, keys),
        "scale": scale.get(column.operation, "interval" if kind == "date" else "ratio"),
        "sourceField": column.field or RECORDS,
    }
    if column.operation == "last_value":
        made["filter"] = kuery(f'"{column.field}": *')
    if column.where:
        made["filter"] = kuery(column.where)
    return made


def lens_parameters(column: Column, keys: dict[str, str]) -> dict[str, Any]:
    if column.operation == "date_histogram":
        return {"dropPartials": False, "includeEmptyRows": True, "interval": "auto"}
    if column.operation == "terms":
        return {
            "exclude": [],
            "excludeIsRegex": False,
            "include": [],
            "includeIsRegex": False,
            "missingBucket": False,
            "orderBy": {"columnId": keys[column.by], "type": "column"},
            "orderDirection": "asc" if column.ascending else "desc",
            "otherBucket": False,
            "parentFormat": {"id": "terms"},
            "size": column.size,
        }
    if column.operation == "last_value":
        # With arrays Kibana asks for top_hits, which every server has; else for top_metrics.
        return {"showArrayValues": True, "sortField": column.latest_by}
    made: dict[str, Any] = {"emptyAsNull": False}
    if column.operation == "percentile":
        made = {"percentile": column.rank}
    if column.seconds:
        made["format"] = SECONDS_FORMAT
    return made


def visualization(panel: Panel, layer: str, keys: dict[str, str]) -> tuple[str, dict[str, Any]]:
    buckets = [keys[c.label] for c in panel.columns if c.operation in {"date_histogram", "terms"}]
    figures = [key_ for key_ in keys.values() if key_ not in buckets]
    if panel.chart == "metric":
        return "lnsMetric", {
            "layerId": layer, "layerType": "data", "metricAccessor": figures[0],
        }  # fmt: skip
    if panel.chart == "table":
        shown = [
            {
                "columnId": keys[column.label],
                "hidden": column.hidden,
                "isMetric": keys[column.label] in figures,
                "isTransposed": False,
            }
            for column in panel.columns
        ]
        paging = {"enabled": True, "size": 10}
        return "lnsDatatable", {
            "columns": shown, "layerId": layer, "layerType": "data", "paging": paging,
        }  # fmt: skip
    series = SERIES[panel.chart]
    data: dict[str, Any] = {
        "accessors": figures,
        "layerId": layer,
        "layerType": "data",
        "position": "top",
        "seriesType": series,
        "showGridlines": False,
        "xAccessor": buckets[0],
    }
    if len(buckets) > 1:
        data["splitAccessor"] = buckets[1]
    sides = ("x", "yLeft", "yRight")
    return "lnsXY", {
        "axisTitlesVisibilitySettings": dict.fromkeys(sides, False),
        "fittingFunction": "None",
        "gridlinesVisibilitySettings": dict.fromkeys(sides, True),
        "labelsOrientation": dict.fromkeys(sides, 0),
        "layers": [data],
        "legend": {"isVisible": True, "position": "right"},
        "preferredSeriesType": series,
        "tickLabelsVisibilitySettings": dict.fromkeys(sides, True),
        "valueLabels": "hide",
    }


def lens(panel: Panel, view: View, panel_key: str) -> dict[str, Any]:
    layer = key(panel_key, "layer")
    keys = {column.label: key(panel_key, column.label) for column in panel.columns}
    if len(keys) < len(panel.columns):
        raise ValueError(f"{panel.title}: two columns have one label")
    kind, shown = visualization(panel, layer, keys)
    layers = {
        layer: {
            "columnOrder": list(keys.values()),
            "columns": {keys[c.label]: lens_column(view, c, keys) for c in panel.columns},
            "ignoreGlobalFilters": not panel.heeds_controls,
            "incompleteColumns": {},
            "sampling": 1,
        }
    }
    source = reference(f"indexpattern-datasource-layer-{layer}", "index-pattern", view.id)
    return {
        "references": [source],
        "state": {
            "adHocDataViews": {},
            "datasourceStates": {
                "formBased": {"layers": layers},
                "indexpattern": {"layers": {}},
                "textBased": {"layers": {}},
            },
            "filters": [],
            "internalReferences": [],
            "query": kuery(panel.query),
            "visualization": shown,
        },
        "title": "",
        "type": "lens",
        "visualizationType": kind,
    }  # fmt: skip


def dashboard_panel(panel: Panel, panel_key: str) -> tuple[dict[str, Any], list[dict[str, str]]]:
    """The panel without its place, and what the dashboard refers to for it."""
    made: dict[str, Any] = {"panelIndex": panel_key, "title": panel.title, "type": "lens"}
    if panel.search:
        name = f"panel_{panel_key}"
        made |= {"embeddableConfig": {"enhancements": {}}, "panelRefName": name, "type": "search"}
        return made, [reference(f"{panel_key}:{name}", "search", panel.search)]
    if panel.view is None:
        config = {
            "enhancements": {},
            "hidePanelTitles": True,
            "savedVis": {
                "data": {"aggs": [], "searchSource": {"filter": [], "query": kuery("")}},
                "description": "",
                "params": {"fontSize": 12, "markdown": panel.text, "openLinksInNewTab": False},
                "title": "",
                "type": "markdown",
                "uiState": {},
            },
        }
        return made | {"embeddableConfig": config, "type": "visualization"}, []
    attributes = lens(panel, panel.view, panel_key)
    made["embeddableConfig"] = {"attributes": attributes, "enhancements": {}}
    return made, [
        reference(f"{panel_key}:{one['name']}", one["type"], one["id"])
        for one in attributes["references"]
    ]


def controls(dashboard: Dashboard, view: View) -> tuple[dict[str, Any], list[dict[str, str]]]:
    panels: dict[str, Any] = {}
    references = []
    for order, (label, field) in enumerate(dashboard.controls):
        field_type(view.kind, field)
        key_ = key(dashboard.id, "control", field)
        panels[key_] = {
            "explicitInput": {
                "enhancements": {},
                "fieldName": field,
                "id": key_,
                "selectedOptions": [],
                "title": label,
            },
            "grow": True,
            "order": order,
            "type": "optionsListControl",
            "width": "medium",
        }
        references.append(
            reference(f"controlGroup_{key_}:optionsListDataView", "index-pattern", view.id)
        )
    ignored = dict.fromkeys(
        ("ignoreFilters", "ignoreQuery", "ignoreTimerange", "ignoreValidations"), False
    )
    group = {
        "chainingSystem": "HIERARCHICAL",
        "controlStyle": "oneLine",
        "ignoreParentSettingsJSON": compact(ignored),
        "panelsJSON": compact(panels),
        "showApplySelections": False,
    }
    return group, references


def dashboard_object(dashboard: Dashboard) -> dict[str, Any]:
    panels: list[dict[str, Any]] = []
    references: list[dict[str, str]] = []
    left = above = row = 0
    for panel in dashboard.panels:
        if left + panel.width > COLUMNS:
            left, above = 0, above + row
        panel_key = key(dashboard.id, panel.title or panel.text)
        made, needed = dashboard_panel(panel, panel_key)
        place = {"h": panel.height, "i": panel_key, "w": panel.width, "x": left, "y": above}
        panels.append(made | {"gridData": place})
        references += needed
        left, row = left + panel.width, panel.height
    options = {
        "hidePanelTitles": False, "syncColors": True, "syncCursor": True, "syncTooltips": False,
        "useMargins": True,
    }  # fmt: skip
    attributes: dict[str, Any] = {
        "description": dashboard.about,
        "kibanaSavedObjectMeta": {
            "searchSourceJSON": compact({"filter": [], "query": kuery("")})
        },
        "optionsJSON": compact(options),
        "panelsJSON": compact(panels),
        "refreshInterval": {"pause": False, "value": 60000},
        "timeFrom": dashboard.time_from,
        "timeRestore": True,
        "timeTo": "now",
        "title": dashboard.title,
        "version": 1,
    }  # fmt: skip
    if dashboard.controls_of:
        attributes["controlGroupInput"], needed = controls(dashboard, dashboard.controls_of)
        references += needed
    return saved("dashboard", dashboard.id, attributes, references)


def ndjson(objects: list[dict[str, Any]]) -> str:
    """The export: an object a line, data views first, and the closing line that Kibana writes."""
    closing = {
        "excludedObjects": [],
        "excludedObjectsCount": 0,
        "exportedCount": len(objects),
        "missingRefCount": 0,
        "missingReferences": [],
    }
    return "".join(f"{compact(one)}\n" for one in [*objects, closing])
