"""An index that was lost comes back from a snapshot and goes on without doubling."""

from __future__ import annotations

import json
import secrets
from dataclasses import replace

import pytest
from elasticsearch import ApiError, Elasticsearch

from connectors.backends import open_index, set_up_index
from connectors.index import IndexSettings
from pipelines.cli import main

pytestmark = pytest.mark.service


@pytest.fixture
def own(elasticsearch_url):
    """Indices of this test's own and a repository for snapshots."""
    prefix = f"vigie-{secrets.token_hex(4)}"
    settings = IndexSettings(location=elasticsearch_url, prefix=prefix, timeout_secs=60)
    client = Elasticsearch(elasticsearch_url, request_timeout=120)
    try:
        client.snapshot.create_repository(
            name=prefix, repository={"type": "fs", "settings": {"location": prefix}}
        )
    except ApiError as error:
        client.close()
        pytest.skip(f"the server has no path.repo for snapshots: {error.message}")
    yield settings, client
    client.indices.delete(index=list(client.indices.get(index=f"{prefix}-*").body))
    client.indices.delete_index_template(name=f"{prefix}-*")
    client.cluster.delete_component_template(name=f"{prefix}-*")
    client.ingest.delete_pipeline(id=f"{prefix}-*")
    client.snapshot.delete(repository=prefix, snapshot="*")
    client.snapshot.delete_repository(name=prefix)
    client.close()


def lose_everything(settings, client):
    client.indices.delete(index=list(client.indices.get(index=f"{settings.prefix}-*").body))
    client.indices.delete_index_template(name=f"{settings.prefix}-*")
    client.cluster.delete_component_template(name=f"{settings.prefix}-*")
    client.ingest.delete_pipeline(id=f"{settings.prefix}-*")


def test_a_restored_index_is_searched_and_goes_on_without_loss_or_doubling(
    own, make, tmp_path, capsys
):
    settings, client = own
    set_up_index(settings, now=make.now)
    index = open_index(settings)
    documents = [
        make.document(str(n), f"Missiles arrived in town {n}.", mentions=(make.mention("x"),))
        for n in range(20)
    ]
    documents = [replace(d, alerts=(make.alert(d.article.id, d),)) for d in documents]
    entries = [make.entry(str(n)) for n in range(20)]
    index.register_entries([*entries, make.entry("waiting")], due_at=make.now)
    index.write(documents[:10])
    taken = client.snapshot.create(
        repository=settings.prefix,
        snapshot="daily",
        indices=f"{settings.prefix}-*",
        include_global_state=False,
        wait_for_completion=True,
    )["snapshot"]
    assert (taken["state"], taken["failures"]) == ("SUCCESS", [])
    index.write(documents[10:])
    index.close()

    lose_everything(settings, client)
    set_up_index(settings, now=make.now)
    # As the runbook says: what setup has just made is empty and gives way.
    client.indices.delete(index=list(client.indices.get(index=f"{settings.prefix}-*").body))
    restored = client.snapshot.restore(
        repository=settings.prefix, snapshot="daily", wait_for_completion=True
    )["snapshot"]
    assert restored["shards"]["failed"] == 0
    # An index is copied at a moment of its own: here the ledger knows an article that is lost.
    lost = documents[9].article.id
    client.delete(index=f"{settings.prefix}-articles-2026.03", id=lost, refresh=True)
    client.delete_by_query(
        index=f"{settings.prefix}-entries",
        query={"range": {"settled_at": {"gte": taken["start_time_in_millis"] - 3_600_000}}},
        refresh=True,
    )
    assert set_up_index(settings, now=make.now) == []

    config = tmp_path / "monitor.yaml"
    config.write_text(
        f"index: {{location: '{settings.location}', prefix: {settings.prefix}}}\n",
        encoding="utf-8",
    )
    assert main(["search", "missile", "--json", "--limit", "50", "--config", str(config)]) == 0
    shown = [json.loads(line)["url"] for line in capsys.readouterr().out.splitlines()]
    assert set(shown) == {d.article.url for d in documents[:9]}

    index = open_index(settings)
    assert [e.title for e in index.pending_entries(limit=50, due_at=None)].count("waiting") == 1
    index.register_entries(entries, due_at=make.now)
    fetched_again = [
        replace(d, article=replace(d.article, fetched_at=make.now.replace(hour=13)))
        for d in documents
    ]
    outcomes = [result.outcome for result in index.write(fetched_again)]
    assert outcomes == ["unchanged"] * 9 + ["created"] * 11
    totals = index.totals()
    assert (totals.documents, totals.mentions, totals.alerts) == (20, 20, 20)
    assert totals.entries == {"indexed": 20, "pending": 1}
    index.close()
