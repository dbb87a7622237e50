"""The indices and their fields, as data: one description for templates, tests and Kibana."""

from __future__ import annotations

from typing import Any

from connectors.fulltext import ANALYSIS_VERSION, SNOWBALL
from connectors.records import stable_id

LAYOUT_VERSION = 2
"""Raised with every change of what is below; ``vigie setup`` upgrades what is older."""

_SNOWBALL_ONLY = frozenset({"ne", "nb", "nn", "pl", "ta"})
"""Languages that have a stemmer, and no analyzer of their own on every server."""

_LUCENE_ONLY = {
    "bg": "bulgarian",
    "bn": "bengali",
    "gl": "galician",
    "ja": "cjk",
    "ko": "cjk",
    "lv": "latvian",
    "sr": "serbian",
    "th": "thai",
    "zh": "cjk",
}
BODY_ANALYZERS = dict(
    sorted(
        {
            **{code: name for code, name in SNOWBALL.items() if code not in _SNOWBALL_ONLY},
            **_LUCENE_ONLY,
        }.items()
    )
)
"""Languages with a field of their own; every other text is in ``body.other``."""

INGEST_PIPELINE = "ingested"
LIFECYCLE = "articles"
ARTICLES_REFRESH = "500ms"
"""So soon a search finds an article that was written. The server's default of a second gave a lag
of .8 s here (median; .4 s with this, at 22 articles a second), at the same throughput."""
OTHERS_REFRESH = "5s"
"""Of all but the articles: who reads them for Vigie refreshes first, and every second's refresh of
nine small indices cost more than writing them (2.4 of 4 ms a page for the feeds alone). Dashboards
and users without the privilege to refresh see what is at most so old."""

STAMPED_KINDS = frozenset({"articles", "mentions", "claims"})
"""Whose ``event.ingested`` the ingest pipeline sets."""

FLAT_KINDS = (
    "mentions",
    "claims",
    "findings",
    "stories",
    "alerts",
    "feeds",
    "dead-letters",
    "entries",
    "memory",
)
KINDS = ("articles", *FLAT_KINDS)

KEYWORD: dict[str, Any] = {"type": "keyword", "ignore_above": 8000}
"""Lucene takes terms of 32,766 bytes; a character has at most four."""

DATE: dict[str, Any] = {"type": "date"}
LONG: dict[str, Any] = {"type": "long"}
FLOAT: dict[str, Any] = {"type": "double"}
FLAG: dict[str, Any] = {"type": "boolean"}
STORED: dict[str, Any] = {"type": "object", "enabled": False}


def same_as(path: str) -> dict[str, Any]:
    """Return a second name for the field ``path``: a filter of a dashboard has one for all."""
    return {"type": "alias", "path": path}


TEXT: dict[str, Any] = {"type": "text", "analyzer": "standard"}
TITLE: dict[str, Any] = {**TEXT, "fields": {"keyword": KEYWORD}}
TOKENS: dict[str, Any] = {"type": "text", "analyzer": "whitespace"}


def _keywords(names: str) -> dict[str, Any]:
    return dict.fromkeys(names.split(), KEYWORD)


def _body() -> dict[str, Any]:
    fields = {
        language: {"type": "text", "analyzer": analyzer, "index_options": "offsets"}
        for language, analyzer in BODY_ANALYZERS.items()
    }
    return {"properties": fields | {"other": {**TEXT, "index_options": "offsets"}}}


_EVENT = {"properties": {"created": DATE, "ingested": DATE}}
_LAG = {
    "properties": {
        "publication_secs": FLOAT,
        "discovery_secs": FLOAT,
        "processing_secs": FLOAT,
        "alert_secs": FLOAT,
    }
}
_SOURCE = _keywords("document_id url outlet language story_id")

FIELDS: dict[str, dict[str, Any]] = {
    "articles": {
        "@timestamp": DATE,
        "published_at": DATE,
        "event": _EVENT,
        "title": TITLE,
        "body": _body(),
        "search": {
            "properties": dict.fromkeys(("title_stems", "title_folded", "stems", "folded"), TOKENS)
        },
        "lag": _LAG,
        "similarity": FLOAT,
        "revision": LONG,
        "subject": same_as("subjects"),
        "record": STORED,
        **_keywords(
            "id url canonical_url language outlet author subjects statuses systems places "
            "story_id copy_of copy_group content_hash analysis_hash entry_id feed_id date_source "
            "text_source page_outcome"
        ),
    },
    "mentions": {
        "@timestamp": DATE,
        "event": _EVENT,
        "title": TITLE,
        "quote": TITLE,
        "start": LONG,
        "end": LONG,
        "count": LONG,
        "is_copy": FLAG,
        "subjects": same_as("subject"),
        **_SOURCE,
        **_keywords("subject field"),
    },
    "claims": {
        "@timestamp": DATE,
        "event": _EVENT,
        "title": TITLE,
        "evidence": TEXT,
        "start": LONG,
        "end": LONG,
        "negated": FLAG,
        "hypothetical": FLAG,
        "is_copy": FLAG,
        "subject": same_as("system"),
        "subjects": same_as("system"),
        **_SOURCE,
        **_keywords("system place status when speaker copy_of"),
    },
    "findings": {
        "first_at": DATE,
        "last_at": DATE,
        "opened_at": DATE,
        "resolved_at": DATE,
        "open": FLAG,
        "sources": LONG,
        "stage": LONG,
        "evidence": TEXT,
        "other_evidence": TEXT,
        "subject": same_as("system"),
        "subjects": same_as("system"),
        "status": same_as("statuses"),
        "language": same_as("languages"),
        "record": STORED,
        **_keywords(
            "id kind about system place statuses values outlets languages story_ids resolution "
            "value outlet speaker url other_value other_outlet other_speaker other_url"
        ),
    },
    "stories": {
        "first_seen_at": DATE,
        "last_seen_at": DATE,
        "title": TITLE,
        "subject": same_as("subjects"),
        "language": same_as("languages"),
        "outlet": same_as("outlets"),
        **_keywords("story_id url subjects languages outlets"),
    },
    "alerts": {
        "created_at": DATE,
        "alerted_at": DATE,
        "published_at": DATE,
        "first_seen_at": DATE,
        "next_attempt_at": DATE,
        "undelivered": FLAG,
        "attempts": LONG,
        "title": TITLE,
        "quote": TEXT,
        "error": TEXT,
        "lag": _LAG,
        "record": STORED,
        **_SOURCE,
        **_keywords("id subject development severity channels delivered_to"),
    },
    "feeds": {
        "next_poll_at": DATE,
        "last_poll_at": DATE,
        "last_success_at": DATE,
        "failures": LONG,
        "entries_seen": LONG,
        "entries_new": LONG,
        "interval_secs": LONG,
        "overflows": LONG,
        "error": TEXT,
        "record": STORED,
        **_keywords("feed_id url outcome"),
    },
    "dead-letters": {
        "first_at": DATE,
        "last_at": DATE,
        "attempts": LONG,
        "parked": FLAG,
        "waiting": FLAG,
        "detail": TEXT,
        "record": STORED,
        **_keywords("id step reason feed_id url"),
    },
    "entries": {
        "first_seen_at": DATE,
        "due_at": DATE,
        "settled_at": DATE,
        "attempts": LONG,
        "record": STORED,
        **_keywords("id state feed_id document_id step reason"),
    },
    "memory": {
        "created_at": DATE,
        "updated_at": DATE,
        "due": FLAG,
        "record": STORED,
        **_keywords("kind key"),
    },
}
"""Field types of each kind of index; every mapping is strict."""


def mapping(kind: str) -> dict[str, Any]:
    """Return the mapping of the indices of ``kind``, marked with its version and its hash."""
    content: dict[str, Any] = {"dynamic": "strict", "properties": FIELDS[kind]}
    meta: dict[str, Any] = {"version": LAYOUT_VERSION, "hash": stable_id(repr(content))}
    if kind == "articles":
        # The words for the search are made from title and body and cost more than both.
        content["_source"] = {"excludes": ["search"]}
        meta["analysis"] = ANALYSIS_VERSION
    return content | {"_meta": meta}


def settings(kind: str, prefix: str, *, lifecycle: bool = False) -> dict[str, Any]:
    """Return the index settings of ``kind``; one shard holds 50 GB, years of one month each."""
    values: dict[str, Any] = {
        "number_of_shards": 1,
        "auto_expand_replicas": "0-1",
        "refresh_interval": ARTICLES_REFRESH if kind == "articles" else OTHERS_REFRESH,
    }
    if kind in STAMPED_KINDS:
        values["default_pipeline"] = f"{prefix}-{INGEST_PIPELINE}"
    if kind == "articles" and lifecycle:
        values["lifecycle"] = {"name": f"{prefix}-{LIFECYCLE}"}
    return {"index": values}


def component_template(kind: str) -> dict[str, Any]:
    """Return the component template with the fields of ``kind``."""
    return {"template": {"mappings": mapping(kind)}, "_meta": mapping(kind)["_meta"]}


def template(kind: str, prefix: str, *, lifecycle: bool = False) -> dict[str, Any]:
    """Return the index template of ``kind``; the server's administrator may add to it.

    What is in the component template ``PREFIX@custom`` (shards, replicas) goes above ours.
    """
    pattern, custom = f"{prefix}-{kind}", f"{prefix}@custom"
    content: dict[str, Any] = {
        "index_patterns": [f"{pattern}-*" if kind == "articles" else pattern],
        "composed_of": [f"{pattern}@settings", f"{pattern}@fields", custom],
        "ignore_missing_component_templates": [custom],
        "priority": 500,
        "template": {"aliases": {pattern: {}}} if kind == "articles" else {},
    }
    parts = [content, settings(kind, prefix, lifecycle=lifecycle), mapping(kind)]
    return content | {"_meta": mapping(kind)["_meta"] | {"hash": stable_id(repr(parts))}}


def lifecycle_policy(retention_months: int | None) -> dict[str, Any]:
    """Return the policy of the monthly indices: kept for ever, or deleted after the retention.

    The server counts from the making of an index, in its month: a month has at most 31 days.
    """
    phases: dict[str, Any] = {"hot": {"min_age": "0ms", "actions": {}}}
    if retention_months is not None:
        days = 31 * (retention_months + 1)
        phases["delete"] = {
            "min_age": f"{days}d",
            "actions": {"delete": {"delete_searchable_snapshot": True}},
        }
    return {"phases": phases, "_meta": {"version": LAYOUT_VERSION}}


def ingest_pipeline() -> dict[str, Any]:
    """Return the pipeline that stamps ``event.ingested`` with the server's clock, once."""
    return {
        "description": "Vigie: when the server stored the document",
        "processors": [
            {
                "set": {
                    "field": "event.ingested",
                    "copy_from": "_ingest.timestamp",
                    "override": False,
                }
            }
        ],
        "_meta": {"version": LAYOUT_VERSION},
    }
