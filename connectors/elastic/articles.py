"""Documents in monthly indices, with what was found in them, in the order that loses nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from connectors.elastic.bulk import Operation, operation, run_bulk
from connectors.elastic.decisions import Decision
from connectors.elastic.findings import touching
from connectors.elastic.ledger import settle_indexed
from connectors.elastic.locating import Located, Stored, fetch, locate, partition
from connectors.elastic.outbox import store_alerts
from connectors.elastic.shapes import (
    read_article,
    shape_article,
    shape_claims,
    shape_mentions,
    shape_story,
)
from connectors.index import WriteResult, analysis_hash, deployments_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from connectors.elastic.bulk import Outcome
    from connectors.elastic.connection import Connection
    from connectors.records import Document

ARTICLE_FIELDS = ("record", "title", "body")

_STORY_SCRIPT = """
for (name in ['subjects', 'languages', 'outlets']) {
  def known = ctx._source[name];
  for (value in params.story[name]) { if (!known.contains(value)) { known.add(value); } }
}
def first = ZonedDateTime.parse(params.story.first_seen_at);
if (first.isBefore(ZonedDateTime.parse(ctx._source.first_seen_at))) {
  ctx._source.first_seen_at = params.story.first_seen_at;
  ctx._source.title = params.story.title;
  ctx._source.url = params.story.url;
}
if (first.isAfter(ZonedDateTime.parse(ctx._source.last_seen_at))) {
  ctx._source.last_seen_at = params.story.first_seen_at;
}
"""
"""Adds an article to its story; the same article twice changes nothing."""

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What will be done with one document; ``document`` is as it will be stored."""

    outcome: str
    document: Document
    index: str
    version: int
    entry_id: str
    before: Document | None = None


def write_documents(connection: Connection, documents: Sequence[Document]) -> list[WriteResult]:
    """Store ``documents``; one result each, in order.

    A document that comes twice in one call is written by its first occurrence; the later ones
    are compared with what that stored.
    """
    results: dict[int, WriteResult] = {}
    waiting = list(range(len(documents)))
    while waiting:
        first: dict[str, int] = {}
        for at in waiting:
            first.setdefault(documents[at].article.id, at)
        part = sorted(first.values())
        written = _write_distinct(connection, [documents[at] for at in part])
        results |= dict(zip(part, written, strict=True))
        waiting = [at for at in waiting if at not in results]
    return [results[at] for at in range(len(documents))]


def _write_distinct(connection: Connection, documents: Sequence[Document]) -> list[WriteResult]:
    wanted = {d.article.id: partition(connection, d.article.first_seen_at) for d in documents}
    located = locate(connection, wanted)
    now = datetime.now(timezone.utc)
    plans = [_plan(d, located, wanted[d.article.id], now) for d in documents]
    plans = _with_former(connection, plans)
    run_bulk(connection, _stale_findings(connection, plans))
    run_bulk(connection, touching(connection, deployments_of(*(one.before for one in plans))))
    changed = [one for one in plans if one.outcome != "unchanged"]
    outcomes = run_bulk(connection, (_article_operation(one) for one in changed))
    by_id = {one.document.article.id: o for one, o in zip(changed, outcomes, strict=True)}
    results = [_result(one, by_id.get(one.document.article.id)) for one in plans]
    owners = _owners(connection, changed, outcomes)
    kept = [
        one
        for one, result in zip(plans, results, strict=True)
        if result.outcome != "rejected" and one.document.article.id not in located.dropped
    ]
    run_bulk(connection, _finding_operations(connection, kept))
    store_alerts(connection, [alert for one in kept for alert in one.document.alerts])
    run_bulk(connection, touching(connection, deployments_of(*(one.document for one in kept))))
    settle_indexed(
        connection,
        {
            one.document.article.entry_id: one.document.article
            for one in kept
            if _is_by_its_entry(one, owners.get(one.document.article.id))
        },
        now,
    )
    return results


def _owners(
    connection: Connection, plans: Sequence[Plan], outcomes: Sequence[Outcome]
) -> dict[str, str]:
    """Return whose entry brought what stood there already when ``plans`` were carried out.

    Another job came first with it, or this one, whose answer was lost.
    """
    late = [
        (plan.index, plan.document.article.id)
        for plan, outcome in zip(plans, outcomes, strict=True)
        if outcome.decision is Decision.EXISTS
    ]
    found = fetch(connection, late, ("entry_id",))
    return {key: str(stored.source["entry_id"]) for key, stored in found.items()}


def _is_by_its_entry(one: Plan, owner: str | None) -> bool:
    """Say whether the document's own entry brought it, not another one of the same address."""
    if owner is None and one.outcome != "unchanged":
        return True
    return one.document.article.entry_id == (owner or one.entry_id)


def _plan(document: Document, located: Located, index: str, now: datetime) -> Plan:
    article = document.article
    owner = located.dropped.get(article.id)
    if owner is None:
        return plan(document, located.stored.get(article.id), index, now)
    return Plan(outcome="unchanged", document=document, index=index, version=0, entry_id=owner)


def plan(document: Document, stored: Stored | None, index: str, now: datetime) -> Plan:
    """Return what to do with ``document`` when ``stored`` is what the index has of it."""
    article = document.article
    version = max(0, (article.fetched_at - _EPOCH) // timedelta(milliseconds=1))
    if stored is None:
        fresh = replace(document, revision=1, indexed_at=now)
        return Plan(
            outcome="created",
            document=fresh,
            index=index,
            version=version,
            entry_id=article.entry_id,
        )
    source = stored.source
    same = source["content_hash"] == article.content_hash
    unchanged = same and source["analysis_hash"] == analysis_hash(document)
    revision = int(source["revision"]) + (0 if unchanged else 1)
    return Plan(
        outcome="unchanged" if unchanged else "updated",
        document=replace(document, revision=revision, indexed_at=now),
        index=stored.index,
        version=max(version, stored.version + 1),
        entry_id=str(source["entry_id"]),
    )


def _with_former(connection: Connection, plans: list[Plan]) -> list[Plan]:
    """Give plans that replace a document what it was: its first sight and its findings."""
    places = [(one.index, one.document.article.id) for one in plans if one.outcome == "updated"]
    former = fetch(connection, places, ARTICLE_FIELDS)
    return [
        _keep_origin(one, read_article(former[one.document.article.id].source))
        if one.outcome == "updated" and one.document.article.id in former
        else one
        for one in plans
    ]


def _keep_origin(one: Plan, before: Document) -> Plan:
    article = one.document.article
    first_seen_at = min(article.first_seen_at, before.article.first_seen_at)
    kept = replace(article, entry_id=before.article.entry_id, first_seen_at=first_seen_at)
    return replace(one, document=replace(one.document, article=kept), before=before)


def _article_operation(one: Plan) -> Operation:
    """Return how ``one`` is carried out: only one of two jobs can be the first with a document."""
    body = shape_article(one.document)
    if one.outcome == "created":
        return operation("create", one.index, one.document.article.id, body)
    return operation(
        "index",
        one.index,
        one.document.article.id,
        body,
        version=one.version,
        version_type="external",
    )


def _result(one: Plan, outcome: Outcome | None) -> WriteResult:
    document_id, revision = one.document.article.id, one.document.revision
    if outcome is None:
        return WriteResult(document_id=document_id, outcome=one.outcome, revision=revision)
    if outcome.decision is Decision.STORED:
        return WriteResult(document_id=document_id, outcome=one.outcome, revision=revision)
    if outcome.decision is Decision.EXISTS:
        return WriteResult(document_id=document_id, outcome="unchanged", revision=revision)
    return WriteResult(
        document_id=document_id,
        outcome="rejected",
        revision=revision,
        reason=outcome.error or outcome.decision.value,
        detail=outcome.detail,
    )


def _stale_findings(connection: Connection, plans: list[Plan]) -> Iterator[Operation]:
    """Yield the deletion of what an older revision said and the new one does not.

    It comes before the article: a crash in between leaves the older revision in place, which
    the next attempt replaces again.
    """
    for one in plans:
        if one.before is None:
            continue
        for kind, shape in (("mentions", shape_mentions), ("claims", shape_claims)):
            for key in sorted(set(shape(one.before)) - set(shape(one.document))):
                yield operation("delete", connection.name(kind), key)


def _finding_operations(connection: Connection, plans: list[Plan]) -> Iterator[Operation]:
    """Yield mentions, claims and stories, of unchanged documents too: a crash may owe them.

    What an unchanged document has already stays as it is, with the time of its ingestion.
    """
    for one in plans:
        action = "create" if one.outcome == "unchanged" else "index"
        for kind, shape in (("mentions", shape_mentions), ("claims", shape_claims)):
            for key, body in shape(one.document).items():
                yield operation(action, connection.name(kind), key, body)
        if one.document.story_id is not None and one.outcome != "unchanged":
            story = shape_story(one.document)
            body = {"script": {"source": _STORY_SCRIPT, "params": {"story": story}}}
            yield operation(
                "update",
                connection.name("stories"),
                one.document.story_id,
                body | {"upsert": story},
            )
