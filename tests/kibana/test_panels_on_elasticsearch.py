"""Every panel, search and rule asks the real server something that it can answer."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone

import pytest

pytestmark = pytest.mark.service


def index_of(export, view: str, prefix: str) -> str:
    title = export.of("index-pattern")[view]["attributes"]["title"]
    return prefix + title.removeprefix("vigie")


def leaf_values(aggregation: dict) -> list:
    """Every figure in an answer, from the bottom of its buckets."""
    found = []
    for name, one in aggregation.items():
        if not isinstance(one, dict) or name == "meta":
            continue
        if "buckets" in one:
            assert one["buckets"], f"no bucket in {one}"
            found += [value for bucket in one["buckets"] for value in leaf_values(bucket)]
        elif "inner" in one:
            found += leaf_values({"inner": one["inner"]})
        elif "hits" in one:
            (hit,) = one["hits"]["hits"]
            found += [value for values in hit["fields"].values() for value in values]
        elif "values" in one:
            found += list(one["values"].values())
        else:
            found.append(one.get("value", one.get("doc_count")))
    return found


def is_figure(column: dict) -> bool:
    """Whether the answer has a number for it beside the counts of the buckets."""
    return not column["isBucketed"] and (column["operationType"] != "count" or "filter" in column)


def test_a_panel_shows_what_is_stored(titled_panel, export, lens_search, filled):
    client, prefix = filled
    (panel,) = (
        one for one in export.lens_panels() if f"{one[0]['id']}/{one[1]['title']}" == titled_panel
    )
    dashboard, shown, layer, view = panel
    attributes = export.of("index-pattern")[view]["attributes"]
    query = shown["embeddableConfig"]["attributes"]["state"]["query"]["query"]
    body = lens_search(
        layer, query, attributes.get("timeFieldName"), dashboard["attributes"]["timeFrom"]
    )
    answer = client.search(index=index_of(export, view, prefix), **body)
    assert answer["_shards"]["failed"] == 0
    assert answer["hits"]["total"]["value"] > 0
    figures = leaf_values(answer.get("aggregations", {}))
    assert all(value is not None for value in figures)
    assert len(figures) >= sum(1 for one in layer["columns"].values() if is_figure(one))


def test_every_field_that_is_aggregated_can_be(export, filled):
    client, prefix = filled
    for _, _, layer, view in export.lens_panels():
        index = index_of(export, view, prefix)
        fields = {column["sourceField"] for column in layer["columns"].values()}
        fields.discard("___records___")
        if not fields:
            continue
        answer = client.field_caps(index=index, fields=sorted(fields), filters="-parent")
        known = answer["fields"]
        assert set(known) == fields
        for field, types in known.items():
            assert all(one["aggregatable"] for one in types.values()), field


def test_the_figures_are_those_of_the_documents(export, lens_search, filled):
    client, prefix = filled
    wanted = {
        "vigie-developments/Articles with mentions": 2,
        "vigie-developments/Stories": 1,
        "vigie-developments/Outlets": 2,
        "vigie-developments/Open contradictions": 2,
        "vigie-claims/Claims": 4,
        "vigie-claims/Open contradictions": 2,
        "vigie-claims/Revisions": 1,
        "vigie-claims/Denials": 1,
        "vigie-operations/Articles stored": 4,
        "vigie-operations/Entries waiting now": 1,
        "vigie-operations/Dead letters waiting now": 1,
        "vigie-operations/Dead letters parked": 1,
        "vigie-operations/Alerts undelivered now": 1,
        "vigie-operations/Feeds failing now": 1,
    }
    seen = {}
    for dashboard, panel, layer, view in export.lens_panels():
        name = f"{dashboard['id']}/{panel['title']}"
        if name not in wanted:
            continue
        attributes = export.of("index-pattern")[view]["attributes"]
        query = panel["embeddableConfig"]["attributes"]["state"]["query"]["query"]
        body = lens_search(layer, query, attributes.get("timeFieldName"), "now-30d")
        answer = client.search(index=index_of(export, view, prefix), **body)
        values = leaf_values(answer.get("aggregations", {}))
        seen[name] = values[0] if values else answer["hits"]["total"]["value"]
    assert seen == wanted


def test_every_saved_search_finds_and_shows_its_columns(export, kuery, filled):
    client, prefix = filled
    for search in export.of("search").values():
        attributes = search["attributes"]
        source = json.loads(attributes["kibanaSavedObjectMeta"]["searchSourceJSON"])
        answer = client.search(
            index=index_of(export, search["references"][0]["id"], prefix),
            query=kuery(source["query"]["query"])[0],
            sort=[{field: direction} for field, direction in attributes["sort"]],
            fields=attributes["columns"],
            source=False,
        )
        assert answer["hits"]["hits"], search["id"]
        shown = {name for hit in answer["hits"]["hits"] for name in hit["fields"]}
        empty = set(attributes["columns"]) - shown
        # What a document of the test does not have: nothing was delivered, no poll succeeded.
        assert empty <= {"delivered_to", "last_success_at", "error", "resolution"}, search["id"]


def test_controls_offer_values(export, filled):
    client, prefix = filled
    for dashboard in export.of("dashboard").values():
        group = dashboard["attributes"].get("controlGroupInput")
        for key, one in (json.loads(group["panelsJSON"]) if group else {}).items():
            (view,) = (
                reference["id"]
                for reference in dashboard["references"]
                if reference["name"] == f"controlGroup_{key}:optionsListDataView"
            )
            field = one["explicitInput"]["fieldName"]
            answer = client.search(
                index=index_of(export, view, prefix),
                size=0,
                aggs={"suggestions": {"terms": {"field": field}}},
            )
            assert answer["aggregations"]["suggestions"]["buckets"], field


def test_the_rules_fire_on_what_they_are_about(rules, filled):
    client, prefix = filled
    counted = {}
    for request in rules:
        assert request["method"] == "POST"
        params = request["body"]["params"]
        assert request["body"]["rule_type_id"] == ".es-query"
        window = f"now-{params['timeWindowSize']}{params['timeWindowUnit']}"
        (index,) = params["index"]
        query = json.loads(params["esQuery"])["query"]
        groups = {}
        if params["groupBy"] == "top":
            groups = {"groups": {"terms": {"field": params["termField"]}}}
        answer = client.search(
            index=prefix + index.removeprefix("vigie"),
            size=0,
            query={"bool": {"filter": [query, {"range": {params["timeField"]: {"gte": window}}}]}},
            aggs=groups or None,
        )
        found = answer["hits"]["total"]["value"]
        if groups:
            assert [one["key"] for one in answer["aggregations"]["groups"]["buckets"]] == [
                "oreshnik"
            ]
        (threshold,) = params["threshold"]
        fires = found > threshold if params["thresholdComparator"] == ">" else found < threshold
        counted[request["body"]["name"]] = fires
    assert counted == {
        "Vigie: new mentions": True,
        "Vigie: new contradictions": True,
        "Vigie: silence": False,
    }


def test_a_page_read_again_a_day_later_is_no_new_mention(rules, filled):
    client, prefix = filled
    (params,) = (one["body"]["params"] for one in rules if "mentions" in one["body"]["name"])
    query = json.loads(params["esQuery"])["query"]
    before = client.count(index=f"{prefix}-mentions", query=query)["count"]
    (one,) = client.search(index=f"{prefix}-mentions", query=query, size=1)["hits"]["hits"]
    old = datetime.now(timezone.utc) - timedelta(days=1)
    again = one["_source"] | {"event": {"created": old.isoformat()}}
    client.index(index=f"{prefix}-mentions", id="again", document=again, refresh=True)
    after = client.count(index=f"{prefix}-mentions", query=query)["count"]
    client.delete(index=f"{prefix}-mentions", id="again", refresh=True)
    assert after == before > 0
