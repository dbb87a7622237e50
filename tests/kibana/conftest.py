"""The shipped saved objects, Lens panels as searches, and indices with something to show."""

from __future__ import annotations

import json
import re
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch

from connectors.backends import open_index
from connectors.elastic.layout import FIELDS
from connectors.index import MAX_DEAD_LETTER_ATTEMPTS, IndexSettings
from connectors.records import (
    Alert,
    Article,
    Claim,
    Document,
    Entry,
    Mention,
    PollState,
    Settlement,
    stable_id,
)
from pipelines.findings import update_findings

DEPLOY = Path(__file__).parents[2] / "deploy" / "kibana"
KUERY = re.compile(r'"?([\w.@-]+)"?\s*(:|>=|<=|>|<)\s*("[^"]*"|\*|[\w.-]+)')
RANGES = {">": "gt", "<": "lt", ">=": "gte", "<=": "lte"}


@dataclass(frozen=True)
class Export:
    """The shipped export, read back from the file."""

    objects: list
    closing: dict

    def of(self, kind: str) -> dict:
        return {one["id"]: one for one in self.objects if one["type"] == kind}

    def kind_of_index(self, view_id: str) -> str:
        title = self.of("index-pattern")[view_id]["attributes"]["title"]
        return title.removeprefix("vigie-").removesuffix("-*")

    def panels(self, dashboard: dict) -> list:
        return json.loads(dashboard["attributes"]["panelsJSON"])

    def lens_panels(self) -> list:
        """(dashboard, panel, layer, data view) of every Lens panel."""
        found = []
        for dashboard in self.of("dashboard").values():
            for panel in self.panels(dashboard):
                if panel["type"] == "lens":
                    attributes = panel["embeddableConfig"]["attributes"]
                    layers = attributes["state"]["datasourceStates"]["formBased"]["layers"]
                    (layer,) = layers.values()
                    (source,) = attributes["references"]
                    found.append((dashboard, panel, layer, source["id"]))
        return found


def read_export() -> Export:
    lines = (DEPLOY / "vigie.ndjson").read_text(encoding="utf-8").splitlines()
    *objects, closing = [json.loads(line) for line in lines]
    return Export(objects, closing)


@pytest.fixture(scope="session")
def export() -> Export:
    return read_export()


@pytest.fixture(scope="session")
def rules() -> list:
    return json.loads((DEPLOY / "rules.json").read_text(encoding="utf-8"))


def pytest_generate_tests(metafunc):
    if "titled_panel" in metafunc.fixturenames:
        names = [
            f"{dashboard['id']}/{panel['title']}"
            for dashboard, panel, _, _ in read_export().lens_panels()
        ]
        metafunc.parametrize("titled_panel", names)


class Unreadable(Exception):
    """Kuery beyond what these dashboards use."""


def read_kuery(text: str) -> tuple[dict, set[str]]:
    """The query of the kuery ``text`` (conjunctions of comparisons) and its fields."""
    if not text.strip():
        return {"match_all": {}}, set()
    clauses, fields = [], set()
    for part in re.split(r"\s+and\s+", text.strip()):
        found = KUERY.fullmatch(part)
        if not found:
            raise Unreadable(text)
        field, sign, value = found.groups()
        fields.add(field)
        if sign in RANGES:
            clauses.append({"range": {field: {RANGES[sign]: float(value)}}})
        elif value == "*":
            clauses.append({"exists": {"field": field}})
        else:
            clauses.append({"term": {field: json.loads(value)}})
    return {"bool": {"filter": clauses}}, fields


def field_type(kind: str, path: str) -> str:
    found: dict = {"properties": FIELDS[kind]}
    for step in path.split("."):
        found = (found.get("properties") or found.get("fields") or {})[step]
    return field_type(kind, found["path"]) if found["type"] == "alias" else found["type"]


def figure(column: dict) -> dict | None:
    """The aggregation of a figure; None where the bucket's own count is it."""
    operation, field, params = (column[key] for key in ("operationType", "sourceField", "params"))
    made = {
        "unique_count": {"cardinality": {"field": field}},
        "min": {"min": {"field": field}},
        "max": {"max": {"field": field}},
        "percentile": {"percentiles": {"field": field, "percents": [params.get("percentile")]}},
        "last_value": {
            "top_hits": {
                "size": 1,
                "_source": False,
                "fields": [field],
                "sort": [{params.get("sortField"): {"order": "desc"}}],
            }
        },
        "count": None,
    }[operation]
    if "filter" not in column:
        return made
    query, _ = read_kuery(column["filter"]["query"])
    inner = {"aggs": {"inner": made}} if made else {}
    return {"filter": query, **inner}


def aggregations(columns: dict, order: list) -> dict:
    """What Lens asks of the server for ``columns``: buckets inside each other, then figures."""
    buckets = [key for key in order if columns[key]["isBucketed"]]
    figures = {key: figure(columns[key]) for key in order if key not in buckets}
    made = {key: one for key, one in figures.items() if one is not None}
    for key in reversed(buckets):
        column = columns[key]
        if column["operationType"] == "date_histogram":
            hours = {"fixed_interval": "1h", "min_doc_count": 1}
            bucket = {"date_histogram": {"field": column["sourceField"], **hours}}
            made = {key: {**bucket, "aggs": made}}
            continue
        by = column["params"]["orderBy"]["columnId"]
        ordering = {} if figures[by] is None else {by: figures[by]}
        terms = {
            "field": column["sourceField"],
            "size": column["params"]["size"],
            "order": {by if ordering else "_count": column["params"]["orderDirection"]},
        }
        made = {key: {"terms": terms, "aggs": {**ordering, **made}}}
    return made


@pytest.fixture(scope="session")
def lens_search():
    """Turns a panel's layer into the body of the search that shows it."""

    def build(layer: dict, query: str, time_field: str | None, since: str) -> dict:
        conditions = [read_kuery(query)[0]]
        if time_field:
            conditions.append({"range": {time_field: {"gte": since, "lte": "now"}}})
        return {
            "size": 0,
            "track_total_hits": True,
            "query": {"bool": {"filter": conditions}},
            "aggs": aggregations(layer["columns"], layer["columnOrder"]),
        }

    return build


@pytest.fixture(scope="session")
def kuery():
    return read_kuery


@pytest.fixture(scope="session")
def type_of():
    return field_type


def make_entry(name: str, now: datetime) -> Entry:
    return Entry(
        id=stable_id("entry", name),
        feed_id="feed-1",
        feed_url="http://127.0.0.1/feed.xml",
        first_seen_at=now,
        url=f"http://127.0.0.1/{name}",
    )


def make_document(name: str, now: datetime, **changes) -> Document:
    url = f"http://127.0.0.1/{name}"
    text = f"The system of {name} is deployed. It is not deployed."
    article = Article(
        id=stable_id(url),
        entry_id=stable_id("entry", name),
        feed_id="feed-1",
        url=url,
        canonical_url=url,
        title=f"Title of {name}",
        text=text,
        language="en",
        outlet=f"Outlet of {name}",
        author=None,
        published_at=now - timedelta(minutes=30),
        date_source="feed",
        text_source="page",
        first_seen_at=now - timedelta(minutes=1),
        fetched_at=now,
        content_hash=stable_id(text),
    )
    mention = Mention(subject="oreshnik", field="text", start=4, end=10, quote="system")
    claim = Claim(
        system="oreshnik", place="BY", status="planned", when="2026-H2", speaker="the minister",
        start=0, end=10, evidence=text[:10],
    )  # fmt: skip
    denial = replace(claim, status="denied", negated=True, hypothetical=True, start=11, end=20)
    made = Document(
        article=article, mentions=(mention,), claims=(claim, denial), story_id="story-1",
        indexed_at=now,
    )  # fmt: skip
    return replace(made, **changes)


def make_alert(name: str, document: Document, now: datetime, **changes) -> Alert:
    return Alert(
        id=stable_id("alert", name), subject="oreshnik", story_id="story-1",
        development="contradiction", document_id=document.article.id, title="T",
        url=document.article.url, outlet=document.article.outlet, language="en", quote="Q",
        created_at=now, published_at=document.article.published_at, first_seen_at=now,
        channels=("console",), **changes,
    )  # fmt: skip


def others(one: Document, now: datetime) -> list[Document]:
    """Another outlet that names another half-year, and what the minister said last week."""
    told = []
    for name, when, days in (("half", "2026-H1", 0), ("week", "2027", 6)):
        other = make_document(name, now, mentions=())
        at = now - timedelta(days=days, minutes=40)
        speaker = one.claims[0].speaker if days else "the adviser"
        claim = replace(one.claims[0], when=when, speaker=speaker)
        told.append(
            replace(other, article=replace(other.article, published_at=at), claims=(claim,))
        )
    return told


def fill(settings: IndexSettings) -> None:
    """Store, through the index itself, something for every panel to show."""
    now = datetime.now(timezone.utc)
    index = open_index(settings)
    index.setup()
    entries = [make_entry(name, now) for name in ("one", "two", "pending", "dead", "parked")]
    index.register_entries(entries, due_at=now)
    one = make_document("one", now)
    sent = make_alert("sent", one, now)
    late = make_alert("late", one, now)
    copy = make_document("two", now, copy_of=one.article.id, similarity=0.9)
    index.write([replace(one, alerts=(sent, late)), copy, *others(one, now)])
    update_findings(index)
    index.mark_alert(replace(sent, delivered_to=("console",), alerted_at=now))
    index.save_poll_state(
        PollState(
            feed_id="feed-1", url="http://127.0.0.1/feed.xml", outcome="server_error", failures=3,
            error="HTTP 503", last_poll_at=now, next_poll_at=now, interval_secs=300,
        )
    )  # fmt: skip
    for entry, times in ((entries[3], 1), (entries[4], MAX_DEAD_LETTER_ATTEMPTS)):
        for attempt in range(times):
            if attempt:
                index.reopen([entry.id])
            index.settle([
                Settlement(
                    entry=replace(entry, attempts=attempt), outcome="dead_letter",
                    step="ExtractArticles", reason="crashed", detail="D", settled_at=now,
                )
            ])  # fmt: skip
    index.close()


@pytest.fixture(scope="session")
def filled(elasticsearch_url):
    """A server with filled indices of our own: the client and their prefix."""
    settings = IndexSettings(location=elasticsearch_url, prefix=f"vigie-{secrets.token_hex(4)}")
    fill(settings)
    client = Elasticsearch(elasticsearch_url, request_timeout=60)
    client.indices.refresh(index=f"{settings.prefix}-*")
    yield client, settings.prefix
    client.indices.delete(index=list(client.indices.get(index=f"{settings.prefix}-*").body))
    client.indices.delete_index_template(name=f"{settings.prefix}-*")
    client.ingest.delete_pipeline(id=f"{settings.prefix}-*")
    client.close()
