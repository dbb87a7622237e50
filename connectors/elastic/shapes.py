"""How records look as documents of the indices, and back: pure functions."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from connectors.elastic.layout import BODY_ANALYZERS
from connectors.fulltext import analyse
from connectors.index import analysis_hash, is_undelivered
from connectors.records import (
    Alert,
    Claim,
    Document,
    SourcedClaim,
    from_json,
    stable_id,
    to_json,
)

if TYPE_CHECKING:
    from connectors.records import Article, Finding, PollState


def shape_article(document: Document) -> dict[str, Any]:
    """Return ``document`` as the index stores it; its text is kept once, under ``body``."""
    article = document.article
    record = to_json(document)
    text = record["article"].pop("text")
    record["article"].pop("title")
    title_words = analyse(article.title, article.language)
    words = analyse(article.text, article.language)
    return {
        "@timestamp": to_json(article.published_at or article.first_seen_at),
        "published_at": to_json(article.published_at),
        "event": {"created": to_json(article.first_seen_at)},
        "id": article.id,
        "title": article.title,
        "body": {body_field(article.language): text},
        "search": {
            "title_stems": title_words.stems,
            "title_folded": title_words.folded,
            "stems": words.stems,
            "folded": words.folded,
        },
        "lag": _lags(article, document.indexed_at),
        "url": article.url,
        "canonical_url": article.canonical_url,
        "language": article.language,
        "outlet": article.outlet,
        "author": article.author,
        "subjects": list(document.subjects),
        "statuses": sorted({claim.status for claim in document.claims}),
        "systems": sorted({claim.system for claim in document.claims}),
        "places": sorted({claim.place for claim in document.claims if claim.place}),
        "story_id": document.story_id,
        "copy_of": document.copy_of,
        "copy_group": document.copy_of or article.id,
        "similarity": document.similarity,
        "revision": document.revision,
        "content_hash": article.content_hash,
        "analysis_hash": analysis_hash(document),
        "entry_id": article.entry_id,
        "feed_id": article.feed_id,
        "date_source": article.date_source,
        "text_source": article.text_source,
        "page_outcome": article.page_outcome,
        "record": record,
    }


def body_field(language: str) -> str:
    """Return the field of ``body`` for a text in ``language``."""
    return language if language in BODY_ANALYZERS else "other"


def read_article(source: dict[str, Any]) -> Document:
    """Return the document that :func:`shape_article` turned into ``source``."""
    record = dict(source["record"])
    (text,) = source["body"].values()
    record["article"] = record["article"] | {"title": source["title"], "text": text}
    return from_json(Document, record)


def _lags(article: Article, indexed_at: datetime | None) -> dict[str, float]:
    """Return the lags in seconds; an invented date (htmldate) gives none."""
    lags: dict[str, float] = {}
    if indexed_at is not None:
        lags["processing_secs"] = (indexed_at - article.first_seen_at).total_seconds()
    if article.published_at is not None and article.date_source in {"feed", "json_ld", "meta"}:
        discovery = article.first_seen_at - article.published_at
        lags["discovery_secs"] = discovery.total_seconds()
        if indexed_at is not None:
            lags["publication_secs"] = (indexed_at - article.published_at).total_seconds()
    return lags


def _source_facts(document: Document) -> dict[str, Any]:
    article = document.article
    return {
        "@timestamp": to_json(article.published_at or article.first_seen_at),
        "event": {"created": to_json(article.first_seen_at)},
        "document_id": article.id,
        "url": article.url,
        "title": article.title,
        "outlet": article.outlet,
        "language": article.language,
        "story_id": document.story_id,
        "is_copy": document.copy_of is not None,
    }


def shape_mentions(document: Document) -> dict[str, dict[str, Any]]:
    """Return one document a subject by its id: its first mention and how many there are."""
    shaped: dict[str, dict[str, Any]] = {}
    for mention in document.mentions:
        key = stable_id("mention", document.article.id, mention.subject)
        if key in shaped:
            shaped[key]["count"] += 1
        else:
            shaped[key] = _source_facts(document) | to_json(mention) | {"count": 1}
    return shaped


def shape_claims(document: Document) -> dict[str, dict[str, Any]]:
    """Return one document a claim by its id."""
    facts = _source_facts(document) | {"copy_of": document.copy_of}
    shaped: dict[str, dict[str, Any]] = {}
    for claim in document.claims:
        key = stable_id("claim", document.article.id, claim.system, claim.status, str(claim.start))
        if key in shaped:
            # The same words may speak of two places, times or speakers.
            said = (claim.place or "", claim.when or "", claim.speaker or "")
            key = stable_id("claim", key, *said)
        shaped[key] = facts | to_json(claim)
    return shaped


def shape_story(document: Document) -> dict[str, Any]:
    """Return what one article adds to its story."""
    article = document.article
    return {
        "story_id": document.story_id,
        "title": article.title,
        "url": article.url,
        "first_seen_at": to_json(article.first_seen_at),
        "last_seen_at": to_json(article.first_seen_at),
        "subjects": list(document.subjects),
        "languages": [article.language],
        "outlets": [article.outlet] if article.outlet else [],
    }


def read_claim(source: dict[str, Any]) -> SourcedClaim:
    """Return the claim that :func:`shape_claims` turned into ``source``."""
    return SourcedClaim(
        document_id=source["document_id"],
        source_id=source.get("copy_of") or source["document_id"],
        claim=Claim(**{name: source[name] for name in _CLAIM_FIELDS}),
        story_id=source["story_id"],
        outlet=source["outlet"],
        published_at=datetime.fromisoformat(source["@timestamp"]),
        url=source["url"],
        language=source["language"],
        first_seen_at=datetime.fromisoformat(source["event"]["created"]),
    )


_CLAIM_FIELDS = tuple(Claim.__dataclass_fields__)

STAGES = (
    *("requested", "possible", "planned", "underway", "completed"),
    *("denied", "suspended", "used"),
)
"""The order in which a table of stages is read."""


def shape_finding(finding: Finding) -> dict[str, Any]:
    """Return ``finding`` as the index stores it: the first quote of each side in fields."""
    record = to_json(finding)
    names = (
        "id kind about system place statuses values outlets languages story_ids first_at last_at "
        "opened_at resolved_at resolution"
    )
    shaped = {name: record[name] for name in names.split()}
    shaped |= {"open": finding.resolved_at is None, "sources": sum(finding.sources)}
    if finding.kind == "stage":
        shaped["stage"] = STAGES.index(finding.about) + 1 if finding.about in STAGES else None
    for prefix, at in (("", 0), ("other_", 1)):
        if at >= len(finding.sides):
            continue
        first = finding.sides[at][0]
        shaped |= {
            f"{prefix}value": finding.values[at] if at < len(finding.values) else None,
            f"{prefix}outlet": first.outlet,
            f"{prefix}speaker": first.claim.speaker,
            f"{prefix}url": first.url,
            f"{prefix}evidence": first.claim.evidence,
        }
    return shaped | {"record": record}


def shape_alert(alert: Alert) -> dict[str, Any]:
    """Return ``alert`` as the index stores it."""
    record = to_json(alert)
    names = (
        "id subject story_id development document_id title url outlet language quote created_at "
        "published_at first_seen_at severity channels delivered_to alerted_at attempts error "
        "next_attempt_at"
    )
    shaped = {name: record[name] for name in names.split()}
    lag = {}
    if alert.alerted_at is not None and alert.published_at is not None:
        lag = {"alert_secs": (alert.alerted_at - alert.published_at).total_seconds()}
    return shaped | {"undelivered": is_undelivered(alert), "lag": lag, "record": record}


def shape_poll_state(state: PollState) -> dict[str, Any]:
    """Return ``state`` as the index stores it."""
    record = to_json(state)
    names = (
        "feed_id url outcome error failures entries_seen entries_new interval_secs overflows "
        "next_poll_at last_poll_at last_success_at"
    )
    return {name: record[name] for name in names.split()} | {"record": record}
