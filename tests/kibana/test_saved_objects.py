"""The shipped saved objects are current, whole, and shaped like Kibana's own exports."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from connectors.elastic.layout import FIELDS

ROOT = Path(__file__).parents[2]

SAVED_OBJECT = {
    "attributes", "coreMigrationVersion", "id", "managed", "references", "type",
    "typeMigrationVersion",
}  # fmt: skip
ATTRIBUTES = {
    "index-pattern": {
        "allowHidden", "fieldAttrs", "fieldFormatMap", "fields", "name", "runtimeFieldMap",
        "sourceFilters", "timeFieldName", "title",
    },
    "search": {
        "columns", "description", "grid", "hideChart", "isTextBasedQuery",
        "kibanaSavedObjectMeta", "sort", "timeRestore", "title",
    },
    "dashboard": {
        "controlGroupInput", "description", "kibanaSavedObjectMeta", "optionsJSON", "panelsJSON",
        "refreshInterval", "timeFrom", "timeRestore", "timeTo", "title", "version",
    },
}  # fmt: skip
OPTIONAL = {"timeFieldName", "controlGroupInput"}
STRINGS = {
    "index-pattern": {"fieldAttrs", "fieldFormatMap", "fields", "runtimeFieldMap", "sourceFilters"},
    "dashboard": {"optionsJSON", "panelsJSON"},
    "search": set(),
}
LENS = {"references", "state", "title", "type", "visualizationType"}
STATE = {
    "adHocDataViews", "datasourceStates", "filters", "internalReferences", "query",
    "visualization",
}  # fmt: skip
LAYER = {"columnOrder", "columns", "ignoreGlobalFilters", "incompleteColumns", "sampling"}
COLUMN = {
    "customLabel", "dataType", "isBucketed", "label", "operationType", "params", "scale",
    "sourceField",
}  # fmt: skip
PARAMETERS = {
    "date_histogram": {"dropPartials", "includeEmptyRows", "interval"},
    "terms": {
        "exclude", "excludeIsRegex", "include", "includeIsRegex", "missingBucket", "orderBy",
        "orderDirection", "otherBucket", "parentFormat", "size",
    },
    "count": {"emptyAsNull"},
    "unique_count": {"emptyAsNull"},
    "min": {"emptyAsNull"},
    "max": {"emptyAsNull"},
    "percentile": {"percentile", "format"},
    "last_value": {"showArrayValues", "sortField"},
}  # fmt: skip
VISUALIZATIONS = {
    "lnsMetric": {"layerId", "layerType", "metricAccessor"},
    "lnsDatatable": {"columns", "layerId", "layerType", "paging"},
    "lnsXY": {
        "axisTitlesVisibilitySettings", "fittingFunction", "gridlinesVisibilitySettings",
        "labelsOrientation", "layers", "legend", "preferredSeriesType",
        "tickLabelsVisibilitySettings", "valueLabels",
    },
}  # fmt: skip
XY_LAYER = {
    "accessors", "layerId", "layerType", "position", "seriesType", "showGridlines", "xAccessor",
}  # fmt: skip
OLDEST_KIBANA = {"index-pattern": (8, 0, 0), "search": (8, 0, 0), "dashboard": (8, 9, 0)}
"""Migration versions that 8.19 and 9.x know; newer ones are refused by older Kibanas."""


def accessors(attributes: dict) -> list[str]:
    """Every column that the visualization shows."""
    shown = attributes["state"]["visualization"]
    if attributes["visualizationType"] == "lnsMetric":
        return [shown["metricAccessor"]]
    if attributes["visualizationType"] == "lnsDatatable":
        return [column["columnId"] for column in shown["columns"]]
    (layer,) = shown["layers"]
    return [*layer["accessors"], layer["xAccessor"], *filter(None, [layer.get("splitAccessor")])]


def layer_ids(attributes: dict) -> set[str]:
    shown = attributes["state"]["visualization"]
    return {one["layerId"] for one in shown.get("layers", [shown])}


def test_the_files_are_what_the_generator_writes():
    script = ROOT / "tools" / "generate_kibana.py"
    done = subprocess.run(
        [sys.executable, str(script), "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_stale_file_is_noticed(tmp_path):
    for folder in ("tools", "deploy/kibana"):
        (tmp_path / folder).mkdir(parents=True)
    for name in ("generate_kibana.py", "kibana_objects.py"):
        (tmp_path / "tools" / name).write_text((ROOT / "tools" / name).read_text("utf-8"), "utf-8")
    done = subprocess.run(
        [sys.executable, str(tmp_path / "tools" / "generate_kibana.py"), "--check"],
        capture_output=True, text=True, check=False, cwd=ROOT,
    )  # fmt: skip
    assert done.returncode == 1
    assert "vigie.ndjson is not current" in done.stdout


def test_every_index_of_the_layout_that_people_read_has_a_data_view(export):
    shown = {export.kind_of_index(key) for key in export.of("index-pattern")}
    assert shown == set(FIELDS) - {"memory"}


def test_the_promised_searches_and_dashboards_are_there(export):
    assert {"vigie-developments", "vigie-claims", "vigie-operations"} == set(export.of("dashboard"))
    assert {"vigie-new-mentions", "vigie-latest-claims", "vigie-contradictions"} <= set(
        export.of("search")
    )


def test_the_closing_line_counts_the_objects(export):
    assert export.closing == {
        "excludedObjects": [], "excludedObjectsCount": 0, "exportedCount": len(export.objects),
        "missingRefCount": 0, "missingReferences": [],
    }  # fmt: skip


def test_ids_are_unique(export):
    keys = [one["id"] for one in export.objects]
    assert len(set(keys)) == len(keys)


def test_objects_have_the_keys_of_real_exports(export):
    for one in export.objects:
        assert set(one) == SAVED_OBJECT
        kind = one["type"]
        assert set(one["attributes"]) - OPTIONAL == ATTRIBUTES[kind] - OPTIONAL, one["id"]
        for name in STRINGS[kind]:
            json.loads(one["attributes"][name])
        version = tuple(map(int, one["typeMigrationVersion"].split(".")))
        assert version <= OLDEST_KIBANA[kind]
        assert one["coreMigrationVersion"] == "8.8.0"
        if "kibanaSavedObjectMeta" in one["attributes"]:
            source = json.loads(one["attributes"]["kibanaSavedObjectMeta"]["searchSourceJSON"])
            assert {"filter", "query"} <= set(source)
            assert set(source["query"]) == {"language", "query"}


def test_lens_panels_have_the_keys_of_real_exports(export):
    for _, panel, layer, _ in export.lens_panels():
        assert set(panel) == {"embeddableConfig", "gridData", "panelIndex", "title", "type"}
        attributes = panel["embeddableConfig"]["attributes"]
        assert set(attributes) == LENS
        assert set(attributes["state"]) == STATE
        assert set(layer) == LAYER
        shown = attributes["state"]["visualization"]
        assert set(shown) == VISUALIZATIONS[attributes["visualizationType"]]
        for one in shown.get("layers", ()):
            assert set(one) - {"splitAccessor"} == XY_LAYER
        for column in layer["columns"].values():
            assert set(column) - {"filter"} == COLUMN
            assert set(column["params"]) <= PARAMETERS[column["operationType"]]


def test_every_reference_resolves(export):
    known = {(one["type"], one["id"]) for one in export.objects}
    for one in export.objects:
        names = [reference["name"] for reference in one["references"]]
        assert len(set(names)) == len(names)
        for reference in one["references"]:
            assert set(reference) == {"id", "name", "type"}
            assert (reference["type"], reference["id"]) in known


def test_every_reference_is_used_and_every_use_has_one(export):
    for search in export.of("search").values():
        source = json.loads(search["attributes"]["kibanaSavedObjectMeta"]["searchSourceJSON"])
        assert [source["indexRefName"]] == [one["name"] for one in search["references"]]
    for dashboard in export.of("dashboard").values():
        used = set()
        for panel in export.panels(dashboard):
            assert panel["panelIndex"] == panel["gridData"]["i"]
            if panel["type"] == "lens":
                inner = panel["embeddableConfig"]["attributes"]["references"]
                used |= {f"{panel['panelIndex']}:{one['name']}" for one in inner}
            elif panel["type"] == "search":
                used.add(f"{panel['panelIndex']}:{panel['panelRefName']}")
        group = dashboard["attributes"].get("controlGroupInput")
        for key in json.loads(group["panelsJSON"]) if group else ():
            used.add(f"controlGroup_{key}:optionsListDataView")
        assert used == {one["name"] for one in dashboard["references"]}


def test_a_panel_and_its_dashboard_refer_to_the_same_data_view(export):
    for dashboard, panel, layer, view in export.lens_panels():
        outer = {one["name"]: one["id"] for one in dashboard["references"]}
        attributes = panel["embeddableConfig"]["attributes"]
        (layer_id,) = attributes["state"]["datasourceStates"]["formBased"]["layers"]
        assert layer_ids(attributes) == {layer_id}
        assert outer[f"{panel['panelIndex']}:indexpattern-datasource-layer-{layer_id}"] == view
        assert layer["columnOrder"]


def test_every_accessor_is_a_column_and_every_column_is_shown(export):
    for _, panel, layer, _ in export.lens_panels():
        shown = accessors(panel["embeddableConfig"]["attributes"])
        assert sorted(shown) == sorted(layer["columns"]) == sorted(layer["columnOrder"])
        for column in layer["columns"].values():
            order = column["params"].get("orderBy")
            assert order is None or not layer["columns"][order["columnId"]]["isBucketed"]


def test_buckets_come_before_figures(export):
    for _, _, layer, _ in export.lens_panels():
        kinds = [layer["columns"][key]["isBucketed"] for key in layer["columnOrder"]]
        assert kinds == sorted(kinds, reverse=True)


def test_panels_fill_the_grid_without_overlap(export):
    for dashboard in export.of("dashboard").values():
        taken = set()
        for panel in export.panels(dashboard):
            place = panel["gridData"]
            cells = {
                (x, y)
                for x in range(place["x"], place["x"] + place["w"])
                for y in range(place["y"], place["y"] + place["h"])
            }
            assert place["x"] + place["w"] <= 48
            assert not cells & taken
            taken |= cells


TYPES = {"keyword": "string", "date": "date", "long": "number", "double": "number",
         "boolean": "boolean"}  # fmt: skip


def test_every_field_is_in_the_layout_with_the_type_that_the_panel_says(export, type_of, kuery):
    for _, panel, layer, view in export.lens_panels():
        kind = export.kind_of_index(view)
        queries = [panel["embeddableConfig"]["attributes"]["state"]["query"]]
        for column in layer["columns"].values():
            queries += [column["filter"]] if "filter" in column else []
            if column["params"].get("sortField"):
                assert type_of(kind, column["params"]["sortField"]) == "date"
            if column["sourceField"] == "___records___":
                continue
            stored = type_of(kind, column["sourceField"])
            if column["operationType"] not in {"unique_count", "percentile"}:
                assert TYPES[stored] == column["dataType"]
            if column["operationType"] == "percentile":
                assert TYPES[stored] == "number"
        for query in queries:
            for field in kuery(query["query"])[1]:
                assert type_of(kind, field) != "text"


def test_every_field_of_searches_data_views_and_controls_is_in_the_layout(export, type_of, kuery):
    for search in export.of("search").values():
        attributes = search["attributes"]
        kind = export.kind_of_index(search["references"][0]["id"])
        source = json.loads(attributes["kibanaSavedObjectMeta"]["searchSourceJSON"])
        for field in (*attributes["columns"], *kuery(source["query"]["query"])[1]):
            assert type_of(kind, field)
        for field, direction in attributes["sort"]:
            assert (type_of(kind, field), direction) == ("date", "desc")
    for key, view in export.of("index-pattern").items():
        kind = export.kind_of_index(key)
        if "timeFieldName" in view["attributes"]:
            assert type_of(kind, view["attributes"]["timeFieldName"]) == "date"
        for field in json.loads(view["attributes"]["fieldFormatMap"]):
            assert type_of(kind, field)


def test_a_control_acts_on_every_panel_that_heeds_it(export, type_of):
    checked = 0
    for dashboard in export.of("dashboard").values():
        group = dashboard["attributes"].get("controlGroupInput")
        if group is None:
            continue
        fields = [
            one["explicitInput"]["fieldName"] for one in json.loads(group["panelsJSON"]).values()
        ]
        views = {
            one["name"].partition(":")[0]: one["id"]
            for one in dashboard["references"]
            if one["type"] == "index-pattern"
        }
        for panel in export.panels(dashboard):
            view = views.get(panel["panelIndex"])
            if panel["type"] == "search":
                (name,) = (
                    one["id"]
                    for one in dashboard["references"]
                    if one["name"].startswith(panel["panelIndex"])
                )
                view = export.of("search")[name]["references"][0]["id"]
            if panel["type"] == "lens":
                state = panel["embeddableConfig"]["attributes"]["state"]
                (layer,) = state["datasourceStates"]["formBased"]["layers"].values()
                view = None if layer["ignoreGlobalFilters"] else view
            for field in fields if view else ():
                assert type_of(export.kind_of_index(view), field) == "keyword", panel["title"]
                checked += 1
    assert checked


def test_links_between_dashboards_lead_somewhere(export):
    for dashboard in export.of("dashboard").values():
        text = next(
            panel["embeddableConfig"]["savedVis"]["params"]["markdown"]
            for panel in export.panels(dashboard)
            if panel["type"] == "visualization"
        )
        for key in export.of("dashboard"):
            assert f"(#/dashboard/{key})" in text


def test_a_field_that_is_not_in_the_layout_ends_the_generator():
    script = (
        "import sys; sys.path.insert(0, 'tools'); from kibana_objects import *; "
        "field_type('mentions', 'subjekt')"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.returncode == 1
    assert "vigie-mentions has no field subjekt" in done.stderr


@pytest.mark.parametrize("text", ["subject: a or subject: b", "not subject: a", "words"])
def test_the_tests_do_not_guess_at_kuery_they_cannot_read(kuery, text):
    with pytest.raises(Exception, match=text[:5]):
        kuery(text)


def test_the_documentation_names_every_rule_and_dashboard(export, rules):
    text = (ROOT / "docs" / "kibana.md").read_text(encoding="utf-8")
    for request in rules:
        key = request["path"].removeprefix("/api/alerting/rule/")
        assert f"| *{request['body']['name']}* |" in text
        assert f"`{key}`" in text
    for dashboard in export.of("dashboard").values():
        name = dashboard["attributes"]["title"].removeprefix("Vigie: ").capitalize()
        assert f"| *{name}* |" in text


def test_rules_are_bodies_of_the_rule_api(rules, type_of):
    for request in rules:
        body = request["body"]
        assert {
            "name", "tags", "rule_type_id", "consumer", "schedule", "enabled", "actions", "params",
        } == set(body)  # fmt: skip
        params = body["params"]
        (index,) = params["index"]
        kind = index.removeprefix("vigie-").removesuffix("-*")
        assert type_of(kind, params["timeField"]) == "date"
        assert {"termField"} & set(params) == (
            {"termField"} if params["groupBy"] == "top" else set()
        )
        if "termField" in params:
            assert type_of(kind, params["termField"]) == "keyword"
        assert json.loads(params["esQuery"]).keys() == {"query"}
