"""An index of the first layout, as its version made it, comes up to date without loss."""

from __future__ import annotations

import json
import secrets
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from threading import Barrier

import pytest
from elasticsearch import Elasticsearch

from connectors.backends import open_index, set_up_index
from connectors.elastic.layout import FLAT_KINDS
from connectors.elastic.rebuilding import twin_of
from connectors.index import IndexMissing, IndexSettings, IndexUnavailable, SearchQuery
from connectors.records import PollState, Settlement

pytestmark = pytest.mark.service

FIRST_LAYOUT = json.loads((Path(__file__).parent / "layout-1.json").read_text(encoding="utf-8"))
NOW = datetime(2026, 3, 5, tzinfo=timezone.utc)


def lay_out(url):
    """Settings and client of indices that the first version made."""
    settings = IndexSettings(location=url, prefix=f"vigie-{secrets.token_hex(4)}", timeout_secs=60)
    client = Elasticsearch(url, request_timeout=60)
    body = json.loads(json.dumps(FIRST_LAYOUT).replace("PREFIX", settings.prefix))
    pipeline = body["pipeline"]
    client.ingest.put_pipeline(
        id=f"{settings.prefix}-ingested", processors=pipeline["processors"], meta=pipeline["_meta"]
    )
    for kind, one in body["templates"].items():
        client.indices.put_index_template(
            name=f"{settings.prefix}-{kind}",
            index_patterns=one["index_patterns"],
            priority=one["priority"],
            template=one["template"],
            meta=one["_meta"],
        )
        if kind != "articles":
            client.indices.create(index=f"{settings.prefix}-{kind}")
    return settings, client


def remove(settings, client):
    client.indices.delete(index=list(client.indices.get(index=f"{settings.prefix}-*").body))
    client.indices.delete_index_template(name=f"{settings.prefix}-*")
    client.cluster.delete_component_template(name=f"{settings.prefix}-*")
    client.ingest.delete_pipeline(id=f"{settings.prefix}-*")
    client.close()


@pytest.fixture
def old(elasticsearch_url):
    """Settings and client of indices that the first version made."""
    settings, client = lay_out(elasticsearch_url)
    yield settings, client
    remove(settings, client)


def test_jobs_that_set_up_at_the_same_moment_all_succeed(elasticsearch_url):
    settings = IndexSettings(
        location=elasticsearch_url, prefix=f"vigie-{secrets.token_hex(4)}", timeout_secs=60
    )
    together = Barrier(4)

    def set_up(_):
        together.wait()
        return set_up_index(settings, now=NOW)

    client = Elasticsearch(elasticsearch_url, request_timeout=60)
    try:
        with ThreadPoolExecutor(4) as pool:
            told = list(pool.map(set_up, range(4)))
        assert all(told)
        assert set_up_index(settings, now=NOW) == []
        assert open_index(settings).totals()
    finally:
        remove(settings, client)


@pytest.fixture(scope="module")
def present(elasticsearch_url):
    """Settings and client of indices in the present layout that every test leaves whole."""
    settings, client = lay_out(elasticsearch_url)
    set_up_index(settings, now=NOW)
    yield settings, client
    remove(settings, client)


def fill(settings, client, make):
    """Store what the first version would have stored: a field for a field what it wrote."""
    index = open_index(settings)
    index._checked = True
    documents = [
        make.document(
            str(number),
            f"Missiles arrived in town {number}.",
            first_seen_at=make.now - timedelta(days=40 * (number % 2), hours=number),
            mentions=(make.mention("oreshnik"),),
            story_id="s1",
        )
        for number in range(5)
    ]
    # A copy has no field that the first layout lacks; its claims would have one.
    index.write([replace(d, alerts=(make.alert(d.article.id, d),)) for d in documents])
    index.register_entries([make.entry("waiting"), make.entry("dead")], due_at=make.now)
    index.settle(
        [
            Settlement(
                entry=make.entry("dead"),
                outcome="dead_letter",
                step="FetchPages",
                reason="http_500",
                settled_at=make.now,
            )
        ]
    )
    index.save_poll_state(PollState(feed_id="f", url="http://127.0.0.1/f", etag="1"))
    index.put_memory("story", "s1", {"title": "kept"})
    return index, documents


def everything(index):
    return {
        "documents": list(index.documents()),
        "totals": index.totals(),
        "pending": index.pending_entries(limit=10, due_at=None),
        "dead": index.dead_letters(),
        "alerts": index.alerts(),
        "feeds": index.poll_states(),
        "memory": dict(index.memory("story")),
        "found": index.search(SearchQuery(text="missile")).total,
    }


def stamps(client, pattern):
    client.indices.refresh(index=pattern)
    rows = client.search(index=pattern, size=100)["hits"]["hits"]
    return {row["_id"]: row["_source"]["event"]["ingested"] for row in rows}


def versions(client, pattern):
    rows = client.search(index=pattern, size=100, version=True)["hits"]["hits"]
    return {row["_id"]: row["_version"] for row in rows}


def test_an_index_of_the_first_layout_is_upgraded_in_place_without_loss(old, make):
    settings, client = old
    index, documents = fill(settings, client, make)
    before = everything(index)
    with pytest.raises(IndexMissing, match="older Vigie"):
        open_index(settings).totals()
    planned = set_up_index(settings, now=NOW, dry_run=True)
    assert f"update index template {settings.prefix}-claims" in planned
    assert f"update the mapping of index {settings.prefix}-claims" in planned
    assert set_up_index(settings, now=NOW, dry_run=True) == planned
    assert set_up_index(settings, now=NOW) == planned
    assert set_up_index(settings, now=NOW) == []
    upgraded = open_index(settings)
    after = everything(upgraded)
    assert after == before
    assert {r.outcome for r in upgraded.write(documents)} == {"unchanged"}
    assert everything(upgraded)["totals"] == before["totals"]
    index.close()
    upgraded.close()


def test_older_indices_refresh_less_often_unless_somebody_chose_otherwise(old):
    settings, client = old
    alerts, feeds, key = f"{settings.prefix}-alerts", f"{settings.prefix}-feeds", "refresh_interval"
    client.indices.put_settings(index=alerts, settings={"index": {key: "2s"}})
    planned = set_up_index(settings, now=NOW)
    assert f"refresh index {feeds} every 5s" in planned
    assert f"refresh index {alerts} every 5s" not in planned
    stored = client.indices.get_settings(index=[alerts, feeds])
    assert stored[alerts]["settings"]["index"][key] == "2s"
    assert stored[feeds]["settings"]["index"][key] == "5s"
    assert set_up_index(settings, now=NOW) == []


def test_an_index_whose_fields_have_other_types_is_rebuilt_without_loss(old, make):
    settings, client = old
    index, documents = fill(settings, client, make)
    index.close()
    mention = f"{settings.prefix}-mentions"
    months = f"{settings.prefix}-articles-*"
    copies = {
        name: client.search(index=name, size=100)["hits"]["hits"]
        for name in (mention,)
        if not client.indices.refresh(index=name)["_shards"]["failed"]
    }
    # As if an earlier version had kept the count as a word.
    client.indices.delete(index=mention)
    fields = {
        k: v
        for k, v in FIRST_LAYOUT["templates"]["mentions"]["template"]["mappings"].items()
        if k != "_meta"
    }
    fields["properties"] = fields["properties"] | {"count": {"type": "keyword"}}
    client.indices.create(index=mention, mappings=fields)
    for row in copies[mention]:
        client.index(index=mention, id=row["_id"], document=row["_source"])
    stamped = stamps(client, mention) | stamps(client, months)
    kept = versions(client, months)
    planned = set_up_index(settings, now=NOW, dry_run=True)
    assert f"rebuild index {mention} (5 documents)" in planned
    assert set_up_index(settings, now=NOW) == planned
    assert set_up_index(settings, now=NOW) == []
    index = open_index(settings)
    assert index.totals().mentions == 5
    assert {r.outcome for r in index.write(documents)} == {"unchanged"}
    assert index.totals().mentions == 5
    assert stamps(client, mention) | stamps(client, months) == stamped
    assert versions(client, months) == kept
    found = client.indices.get_mapping(index=mention)[mention]["mappings"]
    assert found["properties"]["count"] == {"type": "long"}
    index.close()


def test_every_index_can_be_made_anew_with_settings_of_ones_own(present, make):
    settings, client = present
    index, documents = fill(settings, client, make)
    before, stamped = everything(index), stamps(client, f"{settings.prefix}-articles")
    custom = f"{settings.prefix}@custom"
    client.cluster.put_component_template(
        name=custom, template={"settings": {"number_of_shards": 2}}
    )
    try:
        lines = set_up_index(settings, now=NOW, rebuild=True)
    finally:
        wanted = client.indices.get_settings(index=f"{settings.prefix}-*", flat_settings=True)
        client.indices.delete_index_template(name=f"{settings.prefix}-*")
        client.cluster.delete_component_template(name=custom)
        set_up_index(settings, now=NOW)
    assert len([line for line in lines if line.startswith("rebuild")]) >= len(FLAT_KINDS)
    shards = {n: one["settings"]["index.number_of_shards"] for n, one in wanted.body.items()}
    assert set(shards.values()) == {"2"}
    pipeline = f"{settings.prefix}-ingested"
    assert wanted[f"{settings.prefix}-mentions"]["settings"]["index.default_pipeline"] == pipeline
    assert everything(index) == before
    assert stamps(client, f"{settings.prefix}-articles") == stamped
    assert {r.outcome for r in index.write([*documents, make.document("next")])} == {
        "unchanged",
        "created",
    }
    index.close()


@pytest.mark.parametrize("moment", ["copying", "replacing", "cloned", "written meanwhile"])
def test_a_rebuild_that_died_is_finished_by_the_next_setup(present, make, moment):
    settings, client = present
    index, documents = fill(settings, client, make)
    before = everything(index)
    name = f"{settings.prefix}-mentions"
    twin = twin_of(index._connection, name)
    mapping = client.indices.get_mapping(index=name)[name]["mappings"]
    client.indices.create(index=twin, mappings=mapping)
    client.indices.put_settings(index=name, settings={"index.blocks.write": True})
    if moment != "copying":
        client.reindex(source={"index": name}, dest={"index": twin}, refresh=True)
        client.indices.put_mapping(index=twin, meta=mapping["_meta"] | {"whole": True})
        client.indices.put_settings(index=twin, settings={"index.blocks.write": True})
    if moment in {"cloned", "written meanwhile"}:
        client.indices.delete(index=name)
    if moment == "cloned":
        client.indices.clone(
            index=twin,
            target=name,
            settings={
                "index.blocks.write": None,
                "index.default_pipeline": f"{settings.prefix}-ingested",
            },
        )
    if moment in {"cloned", "written meanwhile"}:
        index.write([make.document(moment, "Missile.", mentions=(make.mention("a"),))])
    lines = set_up_index(settings, now=NOW)
    assert any(twin in line for line in lines)
    assert not client.indices.exists(index=twin)
    after = everything(index)
    added = 1 if moment in {"cloned", "written meanwhile"} else 0
    assert after["totals"].mentions == before["totals"].mentions + added
    assert {r.outcome for r in index.write(documents)} == {"unchanged"}
    assert after["totals"].mentions == index.totals().mentions
    assert set_up_index(settings, now=NOW) == []
    index.close()


def test_documents_that_do_not_fit_the_new_fields_leave_the_index_as_it_was(old, make):
    settings, client = old
    index, _ = fill(settings, client, make)
    index.close()
    name = f"{settings.prefix}-mentions"
    client.indices.delete(index=name)
    client.indices.create(index=name, mappings={"properties": {"count": {"type": "keyword"}}})
    client.index(index=name, id="1", document={"count": "several"}, refresh=True)
    before = client.get(index=name, id="1")["_source"]
    assert before["count"] == "several"
    with pytest.raises(IndexUnavailable, match="does not fit the new fields"):
        set_up_index(settings, now=NOW)
    assert client.get(index=name, id="1")["_source"] == before
    client.index(index=name, id="2", document={"count": "more"})
    assert not client.indices.exists(index=f"{settings.prefix}-twin-mentions")
