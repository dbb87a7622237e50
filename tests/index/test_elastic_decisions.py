"""What each answer of the server means, and how requests are cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.elastic.bulk import MAX_BYTES, MAX_OPERATIONS, Operation, batches
from connectors.elastic.connection import client_options
from connectors.elastic.decisions import BLOCKED, Decision, backoff_secs, decide
from connectors.elastic.layout import (
    FIELDS,
    FLAT_KINDS,
    component_template,
    mapping,
    settings,
    template,
)
from connectors.elastic.mapping_changes import must_rebuild
from connectors.index import IndexSettings


@pytest.mark.parametrize(
    ("action", "status", "error", "expected"),
    [
        ("index", 200, "", Decision.STORED),
        ("create", 201, "", Decision.STORED),
        ("index", 409, "version_conflict_engine_exception", Decision.EXISTS),
        ("create", 409, "version_conflict_engine_exception", Decision.EXISTS),
        ("update", 409, "version_conflict_engine_exception", Decision.RETRY),
        ("index", 429, "es_rejected_execution_exception", Decision.RETRY),
        ("index", 408, "", Decision.RETRY),
        ("index", 500, "", Decision.RETRY),
        ("index", 502, "", Decision.RETRY),
        ("index", 503, "unavailable_shards_exception", Decision.RETRY),
        ("index", 504, "", Decision.RETRY),
        ("index", 501, "", Decision.REJECT),
        ("index", 403, BLOCKED, Decision.RETRY),
        ("index", 429, BLOCKED, Decision.RETRY),
        ("index", 413, "", Decision.SPLIT),
        ("index", 400, "document_parsing_exception", Decision.REJECT),
        ("index", 404, "", Decision.REJECT),
        ("index", 404, "index_not_found_exception", Decision.MISSING),
        ("update", 404, "document_missing_exception", Decision.ABSENT),
        ("delete", 404, "", Decision.ABSENT),
        ("delete", 404, "index_not_found_exception", Decision.ABSENT),
        ("index", 401, "security_exception", Decision.REFUSE),
        ("index", 403, "security_exception", Decision.REFUSE),
    ],
)
def test_each_answer_of_the_server_has_one_meaning(action, status, error, expected):
    assert decide(action, status, error) is expected


@given(st.sampled_from(["index", "create", "update", "delete"]), st.integers(300, 599), st.text())
def test_no_failure_is_taken_for_stored(action, status, error):
    assert decide(action, status, error) is not Decision.STORED


@given(st.integers(1, 200), st.floats(0, 1, exclude_max=True))
def test_the_wait_is_bounded_and_never_nothing(attempt, jitter):
    assert 0.1 <= backoff_secs(attempt, jitter) <= 10


@given(st.lists(st.integers(1, MAX_BYTES + 10), max_size=20))
def test_requests_keep_all_operations_in_order_within_their_bounds(sizes):
    operations = [Operation(action="index", header=b"", body=b"x" * size) for size in sizes]
    requests = list(batches(operations))
    assert [one for request in requests for one in request] == operations
    for request in requests:
        assert len(request) <= MAX_OPERATIONS
        assert len(request) == 1 or sum(one.size_bytes for one in request) <= MAX_BYTES


def test_requests_are_bounded_by_count():
    operations = [Operation(action="index", header=b"h", body=b"b")] * (2 * MAX_OPERATIONS + 1)
    assert [len(r) for r in batches(operations)] == [MAX_OPERATIONS, MAX_OPERATIONS, 1]


def test_several_hosts_a_key_and_a_ca_file_reach_the_client():
    settings = IndexSettings(
        location="https://one:9201, https://two", api_key="secret", ca_file="ca.pem"
    )
    options = client_options(settings)
    assert options["hosts"] == ["https://one:9201", "https://two:443"]
    assert (options["api_key"], options["ca_certs"]) == ("secret", "ca.pem")
    plain = client_options(IndexSettings(location="http://one", username="u", password="p"))
    assert plain["hosts"] == ["http://one:9200"]
    assert plain["basic_auth"] == ("u", "p")
    assert client_options(IndexSettings(location="", cloud_id="name:abc"))["cloud_id"] == "name:abc"


@pytest.mark.parametrize("kind", ["articles", *FLAT_KINDS])
def test_every_template_is_strict_marked_and_of_its_own_pattern(kind):
    made = template(kind, "vigie")
    fields = component_template(kind)["template"]["mappings"]
    assert fields["dynamic"] == "strict"
    assert set(fields["properties"]) == set(FIELDS[kind])
    assert made["composed_of"] == [
        f"vigie-{kind}@settings",
        f"vigie-{kind}@fields",
        "vigie@custom",
    ]
    assert made["_meta"]["version"] == mapping(kind)["_meta"]["version"]
    assert made["index_patterns"] == ["vigie-articles-*" if kind == "articles" else f"vigie-{kind}"]


def test_articles_are_found_soonest():
    assert settings("articles", "vigie")["index"]["refresh_interval"] == "500ms"
    assert {settings(one, "vigie")["index"]["refresh_interval"] for one in FLAT_KINDS} == {"5s"}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, False),
        ({"note": {"type": "keyword"}}, False),
        ({"outlet": {"type": "keyword", "ignore_above": 10}}, False),
        ({"outlet": {"type": "long"}}, True),
        ({"title": {"type": "text", "analyzer": "english"}}, True),
        ({"title": {"type": "text", "fields": {"keyword": {"type": "long"}}}}, True),
        ({"event": {"properties": {"created": {"type": "keyword"}}}}, True),
        ({"record": {"type": "object"}}, True),
    ],
)
def test_only_what_cannot_change_in_place_is_rebuilt(change, expected):
    found = mapping("claims") if "record" not in change else mapping("alerts")
    kind = "claims" if "record" not in change else "alerts"
    found = found | {"properties": found["properties"] | change}
    assert must_rebuild(kind, found) is expected


def test_another_analysis_of_words_means_a_rebuild():
    made = mapping("articles")
    assert not must_rebuild("articles", made)
    assert must_rebuild("articles", made | {"_meta": made["_meta"] | {"analysis": "0/0"}})
