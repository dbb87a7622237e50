"""A server that is slow, full, closed, wrong or gone: nothing is lost, and it is told."""

from __future__ import annotations

import http.client
import json
import random
import socket
import threading
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest

from connectors.backends import open_index
from connectors.elastic.layout import LAYOUT_VERSION, template
from connectors.index import IndexMissing, IndexSettings, IndexUnavailable, SearchQuery
from connectors.records import PollState


def answer(status, kind="error"):
    return status, json.dumps({"error": {"type": kind, "reason": kind}, "status": status}).encode()


def layout_answer(version=LAYOUT_VERSION):
    made = template("articles", "vigie")
    made["_meta"] = made["_meta"] | {"version": version}
    body = {"index_templates": [{"name": "vigie-articles", "index_template": made}]}
    return 200, json.dumps(body).encode()


def bulk_answer(body, status_of):
    """Answer a bulk request; ``status_of`` gives the status of each action and id."""
    items = []
    lines = iter(body.splitlines())
    for line in lines:
        ((action, header),) = json.loads(line).items()
        if action != "delete":
            next(lines)
        status, kind = status_of(action, header["_id"])
        item = {"_id": header["_id"], "status": status}
        if status >= 300:
            item["error"] = {"type": kind, "reason": kind}
        items.append({action: item})
    return 200, json.dumps({"errors": True, "items": items}).encode()


class StoringStub:
    """Knows the layout and stores the ids of bulk requests; ``faults`` answers before it."""

    def __init__(self, faults):
        self.stored = {}
        self.faults = faults

    def __call__(self, method, path, body):
        if path.startswith("/_index_template"):
            return layout_answer()
        fault = self.faults(path, body)
        if fault is not None:
            return fault
        assert path == "/_bulk", (method, path)
        return bulk_answer(body, self._store)

    def _store(self, action, key):
        if action == "create" and key in self.stored:
            return 409, "version_conflict_engine_exception"
        self.stored[key] = action
        return 201, ""


def open_at(server, timeout_secs=10.0):
    return open_index(IndexSettings(location=server.url, timeout_secs=timeout_secs))


@pytest.mark.parametrize(
    ("status", "kind", "told"),
    [
        (401, "security_exception", "refuses access: check api_key or username"),
        (403, "security_exception", "lacks privileges"),
    ],
)
def test_a_refusal_is_told_at_once_and_not_repeated(serve, make, status, kind, told):
    stub = StoringStub(lambda path, body: answer(status, kind))
    server = serve(stub)
    index = open_at(server)
    with pytest.raises(IndexUnavailable, match=told):
        index.register_entries([make.entry("a")], due_at=make.now)
    assert [path for _, path in server.requests].count("/_bulk") == 1
    index.close()


def test_a_wrong_password_is_told_before_anything_is_written(serve, make):
    server = serve(lambda method, path, body: answer(401, "security_exception"))
    index = open_at(server)
    with pytest.raises(IndexUnavailable, match="check api_key or username and password"):
        index.check()
    assert len(server.requests) == 1
    index.close()


def test_an_index_that_was_never_set_up_names_the_command(serve, make):
    server = serve(lambda method, path, body: answer(404, "resource_not_found_exception"))
    index = open_at(server)
    with pytest.raises(IndexMissing, match=f"vigie setup --index {server.url}"):
        index.write([make.document("a")])
    index.close()


class _OtherServer(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_error(404)

    def log_message(self, *_):
        pass


def test_another_server_at_the_address_is_told():
    with ThreadingHTTPServer(("127.0.0.1", 0), _OtherServer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        index = open_index(IndexSettings(location=f"http://127.0.0.1:{server.server_port}"))
        with pytest.raises(IndexUnavailable, match="no Elasticsearch: check address and path"):
            index.check()
        index.close()
        server.shutdown()


@pytest.mark.service
def test_a_path_behind_the_server_that_it_has_not_is_told(elasticsearch_url):
    index = open_index(IndexSettings(location=f"{elasticsearch_url}/es"))
    with pytest.raises(IndexUnavailable, match="no Elasticsearch: check address and path"):
        index.check()
    index.close()


@pytest.mark.parametrize(("version", "told"), [(0, "older Vigie"), (99, "newer Vigie")])
def test_another_layout_is_told(serve, version, told):
    server = serve(lambda method, path, body: layout_answer(version))
    index = open_at(server)
    with pytest.raises(IndexUnavailable, match=told):
        index.totals()
    index.close()


def test_a_closed_port_is_told_with_the_address(make):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    index = open_index(IndexSettings(location=f"http://127.0.0.1:{port}", timeout_secs=30))
    with pytest.raises(IndexUnavailable, match=rf"127\.0\.0\.1:{port}: no connection"):
        index.check()
    index.close()


def test_a_block_is_waited_for_and_then_told(serve, make):
    stub = StoringStub(
        lambda path, body: bulk_answer(body, lambda a, k: (403, "cluster_block_exception"))
    )
    server = serve(stub)
    index = open_at(server, timeout_secs=1.0)
    with pytest.raises(IndexUnavailable, match="blocked for writing"):
        index.register_entries([make.entry("a")], due_at=make.now)
    assert [path for _, path in server.requests].count("/_bulk") > 1
    index.close()


def test_items_and_requests_that_are_refused_for_load_are_repeated_until_all_are_stored(
    serve, make
):
    chance = random.Random(7)

    def faults(path, body):
        roll = chance.random()
        if roll < 0.3:
            return answer(chance.choice([429, 503]))
        if roll < 0.6:
            return bulk_answer(
                body,
                lambda action, key: (
                    stub._store(action, key)
                    if chance.random() < 0.7
                    else (429, "es_rejected_execution_exception")
                ),
            )
        return None

    stub = StoringStub(faults)
    index = open_at(serve(stub), timeout_secs=60)
    entries = [make.entry(str(number)) for number in range(600)]
    assert index.register_entries(entries, due_at=make.now) == entries
    assert set(stub.stored) == {entry.id for entry in entries}
    index.close()


def test_the_first_look_of_a_busy_server_is_repeated(serve, make):
    """Each part of a job looks at the layout first: one refusal must not end the job."""
    refused = iter([429, 503])
    stub = StoringStub(lambda *_: None)

    def busy(method, path, body):
        status = next(refused, None) if path.startswith("/_index_template") else None
        return answer(status) if status else stub(method, path, body)

    index = open_at(serve(busy))
    index.register_entries([make.entry("one")], due_at=make.now)
    assert list(stub.stored.values()) == ["create"]
    assert next(refused, None) is None
    index.close()


def test_a_request_that_is_too_large_is_halved_until_it_fits(serve, make):
    sizes = []

    def faults(path, body):
        sizes.append(len(body))
        return answer(413) if len(body) > 3000 else None

    stub = StoringStub(faults)
    index = open_at(serve(stub))
    entries = [make.entry(str(number)) for number in range(40)]
    assert index.register_entries(entries, due_at=make.now) == entries
    assert len(stub.stored) == 40
    assert max(sizes) > 3000 >= min(sizes)
    index.close()


def test_one_document_that_is_too_large_is_rejected_and_its_neighbours_stored(serve, make):
    def faults(path, body):
        if path == "/_mget":
            return 200, b'{"docs": []}'
        if path.endswith("/_refresh"):
            return 200, b"{}"
        if path == "/_msearch":
            none = {"status": 200, "hits": {"hits": []}}
            return 200, json.dumps({"responses": [none, none]}).encode()
        return answer(413) if len(body) > 50_000 else None

    stub = StoringStub(faults)
    index = open_at(serve(stub))
    documents = [make.document("a"), make.document("huge", "word " * 20_000), make.document("b")]
    results = index.write(documents)
    assert [result.outcome for result in results] == ["created", "rejected", "created"]
    assert results[1].reason == "too_large"
    assert make.entry("huge").id not in stub.stored
    index.close()


def test_a_server_that_does_not_answer_in_time_is_told(make):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        index = open_index(IndexSettings(location=f"http://127.0.0.1:{port}", timeout_secs=0.3))
        with pytest.raises(IndexUnavailable, match=r"no answer within 0\.3 s"):
            index.check()
        index.close()


# From here on with the real server.


@pytest.mark.service
def test_under_load_errors_every_document_arrives_once(serve, elastic_settings, make):
    chance = random.Random(11)

    def faults(method, path, body):
        if path != "/_bulk" or chance.random() > 0.3:
            return None
        return answer(chance.choice([429, 503]))

    server = serve(faults, elastic_settings.location)
    index = open_index(replace(elastic_settings, location=server.url, timeout_secs=60))
    documents = [make.document(str(n), f"Missile {n}.") for n in range(120)]
    index.register_entries([make.entry(str(n)) for n in range(120)], due_at=make.now)
    for first in range(0, 120, 20):
        results = index.write(documents[first : first + 20])
        assert {result.outcome for result in results} == {"created"}
    totals = index.totals()
    assert (totals.documents, totals.entries) == (120, {"indexed": 120})
    index.close()


@pytest.mark.service
def test_of_two_entries_of_one_document_at_the_same_moment_one_is_indexed(
    serve, elastic_settings, make
):
    """Another job stores the document between this one's look and its write."""
    entries = [make.entry("first"), make.entry("second")]
    first, second = (make.document("a", entry_id=entry.id) for entry in entries)
    other = open_index(elastic_settings)
    other.register_entries(entries, due_at=make.now)

    def overtake(method, path, body):
        if (
            path == "/_bulk"
            and second.article.id.encode() in body
            and not other.heads([second.article.id])
        ):
            assert [r.outcome for r in other.write([first])] == ["created"]

    server = serve(overtake, elastic_settings.location)
    index = open_index(replace(elastic_settings, location=server.url))
    assert [r.outcome for r in index.write([second])] == ["unchanged"]
    totals = index.totals()
    assert (totals.documents, totals.entries) == (1, {"indexed": 1, "pending": 1})
    assert [
        row.id for row in index.ledger_rows([e.id for e in entries]) if row.outcome == "indexed"
    ] == [entries[0].id]
    index.close()
    other.close()


@pytest.mark.service
def test_a_shard_that_still_recovers_is_waited_for(serve, elastic_settings, make):
    """A search among several in one request fails for itself; the request as a whole succeeds."""
    refused, most = [], [3]

    def faults(method, path, body):
        if path != "/_msearch" or len(refused) >= most[0]:
            return None
        refused.append(path)
        none = {"status": 200, "hits": {"hits": []}}
        error = {"type": "search_phase_execution_exception", "reason": "all shards failed"}
        return 200, json.dumps({"responses": [none, {"status": 503, "error": error}]}).encode()

    server = serve(faults, elastic_settings.location)
    index = open_index(replace(elastic_settings, location=server.url))
    assert [r.outcome for r in index.write([make.document("a")])] == ["created"]
    assert len(refused) == 3
    index.close()
    hasty = open_index(replace(elastic_settings, location=server.url, timeout_secs=1.0))
    most[0] = 10_000
    with pytest.raises(IndexUnavailable, match="overloaded or not ready"):
        hasty.write([make.document("b")])
    hasty.close()


@pytest.mark.service
def test_an_answer_lost_on_the_way_back_doubles_nothing(serve, elastic_settings, make):
    lost = []

    def faults(method, path, body):
        if path == "/_bulk" and len(lost) < 6 and b'"_id"' in body:
            lost.append(path)
            connection = http.client.HTTPConnection(urlsplit(elastic_settings.location).netloc)
            connection.request(
                method,
                path,
                body,
                {"Content-Type": "application/vnd.elasticsearch+x-ndjson; compatible-with=9"},
            )
            connection.getresponse().read()
            connection.close()
            return answer(503)
        return None

    server = serve(faults, elastic_settings.location)
    index = open_index(replace(elastic_settings, location=server.url))
    document = make.document("a", mentions=(make.mention("x"),), story_id="s1")
    document = replace(document, alerts=(make.alert("1", document),))
    index.write([document])
    index.write([document])
    totals = index.totals()
    assert (totals.documents, totals.mentions, totals.alerts) == (1, 1, 1)
    assert len(lost) > 3
    index.close()


@pytest.mark.service
def test_of_two_jobs_that_meet_at_an_address_one_has_brought_it(serve, elastic_settings, make):
    first, second = make.entry("a"), make.entry("b", url="http://127.0.0.1/a")
    mine = make.document("a")
    later = make.now + timedelta(seconds=1)
    theirs = make.document("a", entry_id=second.id, fetched_at=later, text="Another.")
    other = open_index(elastic_settings)
    other.register_entries([first, second], due_at=make.now)
    met = []

    def faults(method, path, body):
        if path == "/_bulk" and not met:
            met.extend(other.write([mine]))

    server = serve(faults, elastic_settings.location)
    index = open_index(replace(elastic_settings, location=server.url))
    results = index.write([theirs])
    assert [one.outcome for one in (*met, *results)] == ["created", "unchanged"]
    totals = index.totals()
    assert (totals.documents, totals.entries["indexed"]) == (1, 1)
    assert [one.id for one in index.pending_entries(limit=9, due_at=None)] == [second.id]
    index.close()
    other.close()


@pytest.mark.service
def test_a_read_only_index_is_told_and_the_same_write_passes_afterwards(
    elastic_indices, elastic_settings, make
):
    _, client = elastic_indices
    patient = open_index(elastic_settings)
    patient.write([make.document("first")])
    index = open_index(replace(elastic_settings, timeout_secs=1.0))
    pattern = f"{elastic_settings.prefix}-articles-*"
    client.indices.put_settings(index=pattern, settings={"index.blocks.write": True})
    try:
        with pytest.raises(IndexUnavailable, match="blocked for writing"):
            index.write([make.document("a"), make.document("b")])
    finally:
        client.indices.put_settings(index=pattern, settings={"index.blocks.write": None})
    assert [r.outcome for r in index.write([make.document("a"), make.document("b")])] == [
        "created",
        "created",
    ]
    assert patient.totals().documents == 3
    index.close()
    patient.close()


@pytest.mark.service
def test_a_dry_run_says_what_it_would_do_and_does_nothing(elasticsearch_url):
    settings = IndexSettings(location=elasticsearch_url, prefix="vigie-dry")
    index = open_index(settings)
    lines = index.setup(dry_run=True)
    assert "create ingest pipeline vigie-dry-ingested" in lines
    assert "create index template vigie-dry-articles" in lines
    assert "create index vigie-dry-entries" in lines
    assert index.setup(dry_run=True) == lines
    with pytest.raises(IndexMissing):
        index.totals()
    index.close()


@pytest.mark.service
def test_an_older_layout_is_upgraded_without_loss(elastic_indices, elastic_settings, make):
    _, client = elastic_indices
    index = open_index(elastic_settings)
    index.setup()
    document = make.document("a", "Missiles arrived.", mentions=(make.mention("x"),))
    index.write([document])
    before = index.get_document(document.article.id)
    month = f"{elastic_settings.prefix}-articles-2026.03"
    client.indices.put_mapping(index=month, meta={"version": 1, "hash": "old", "analysis": "0/x"})
    lines = index.setup(dry_run=True)
    assert f"rebuild index {month} (1 documents)" in lines
    assert index.setup() == lines
    assert index.setup() == []
    assert index.get_document(document.article.id) == before
    assert index.search(SearchQuery(text="missile")).total == 1
    index.close()


@pytest.mark.service
def test_a_revision_stays_in_the_month_of_its_first_sight(elastic_indices, elastic_settings, make):
    _, client = elastic_indices
    index = open_index(elastic_settings)
    document = make.document("a", "Old text.")
    index.write([document])
    client.indices.refresh(index=f"{elastic_settings.prefix}-*")
    later = make.now.replace(month=5)
    (result,) = index.write([make.changed(document, "New text.", first_seen_at=later)])
    assert (result.outcome, result.revision) == ("updated", 2)
    rows = client.search(index=f"{elastic_settings.prefix}-articles")["hits"]["hits"]
    refreshed = index.search(SearchQuery(text="new"))
    assert refreshed.total == 1
    assert len(rows) == 1
    assert rows[0]["_index"].endswith("-articles-2026.03")
    index.close()


@pytest.mark.service
def test_times_follow_the_common_schema(elastic_indices, elastic_settings, make):
    _, client = elastic_indices
    index = open_index(elastic_settings)
    document = make.document("a", mentions=(make.mention("x"),))
    index.write([document])
    index.save_poll_state(PollState(feed_id="f", url="http://127.0.0.1/f"))
    month = f"{elastic_settings.prefix}-articles-2026.03"
    source = client.get(index=month, id=document.article.id)["_source"]
    assert source["@timestamp"] == document.article.published_at.isoformat()
    assert source["event"]["created"] == document.article.first_seen_at.isoformat()
    assert source["event"]["ingested"]
    assert source["lag"]["discovery_secs"] == 3600
    assert "search" not in source
    index.close()
