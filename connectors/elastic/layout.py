"""The indices and their fields, as data: one description for templates, tests and Kibana."""

from __future__ import annotations

from typing import Any

from connectors.fulltext import ANALYSIS_VERSION
from connectors.records import stable_id

LAYOUT_VERSION = 1
"""Raised with every change of what is below; ``vigie setup`` upgrades what is older."""

BODY_ANALYZERS = {
    "ar": "arabic",
    "bg": "bulgarian",
    "bn": "bengali",
    "ca": "catalan",
    "cs": "czech",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "et": "estonian",
    "eu": "basque",
    "fa": "persian",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "gl": "galician",
    "hi": "hindi",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "ja": "cjk",
    "ko": "cjk",
    "lt": "lithuanian",
    "lv": "latvian",
    "nl": "dutch",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "sv": "swedish",
    "th": "thai",
    "tr": "turkish",
    "zh": "cjk",
}
"""Languages with a field of their own; every other text is in ``body.other``."""

INGEST_PIPELINE = "ingested"
FLAT_KINDS = (
    "mentions",
    "claims",
    "stories",
    "alerts",
    "feeds",
    "dead-letters",
    "entries",
    "memory",
)

KEYWORD: dict[str, Any] = {"type": "keyword", "ignore_above": 8000}
"""Lucene takes terms of 32,766 bytes; a character has at most four."""

DATE: dict[str, Any] = {"type": "date"}
LONG: dict[str, Any] = {"type": "long"}
FLOAT: dict[str, Any] = {"type": "double"}
FLAG: dict[str, Any] = {"type": "boolean"}
STORED: dict[str, Any] = {"type": "object", "enabled": False}
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
        **_SOURCE,
        **_keywords("system place status when speaker"),
    },
    "stories": {
        "first_seen_at": DATE,
        "last_seen_at": DATE,
        "title": TITLE,
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


def settings(kind: str, prefix: str) -> dict[str, Any]:
    """Return the index settings of ``kind``; one shard holds 50 GB, years of one month each."""
    values: dict[str, Any] = {"number_of_shards": 1, "auto_expand_replicas": "0-1"}
    if kind in {"articles", "mentions", "claims"}:
        values["default_pipeline"] = f"{prefix}-{INGEST_PIPELINE}"
    return {"index": values}


def template(kind: str, prefix: str) -> dict[str, Any]:
    """Return the index template of ``kind``."""
    body: dict[str, Any] = {"settings": settings(kind, prefix), "mappings": mapping(kind)}
    pattern = f"{prefix}-{kind}"
    if kind == "articles":
        body["aliases"] = {pattern: {}}
        pattern += "-*"
    content = {"index_patterns": [pattern], "priority": 500, "template": body}
    meta = mapping(kind)["_meta"] | {"hash": stable_id(repr(content))}
    return content | {"_meta": meta}


def ingest_pipeline() -> dict[str, Any]:
    """Return the pipeline that stamps ``event.ingested`` with the server's clock."""
    return {
        "description": "Vigie: when the server stored the document",
        "processors": [{"set": {"field": "event.ingested", "copy_from": "_ingest.timestamp"}}],
        "_meta": {"version": LAYOUT_VERSION},
    }
