"""The story of one address in words: its moments in the order of the flow, and as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from connectors.records import to_json

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from connectors.index import LedgerRow, StoredDeadLetter
    from connectors.records import Alert, Document
    from pipelines.explaining import Explanation

REASONS = {
    "address_seen": "its address was read before, brought by another entry",
    "canonical_address_seen": "its page names the address of a document that was there",
    "no_text": "neither text nor title were found on its page or in its feed",
}
"""What the ledger's words mean, where they do not say it themselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One moment of the story; ``at`` is None when the index does not keep it."""

    at: datetime | None
    step: str
    outcome: str
    text: str


def tell(told: Explanation) -> list[Event]:
    """Return the story of ``told``, step by step, in the order of the flow."""
    events = list(_beginning(told))
    if told.document is not None:
        events += _document_events(told.document, told)
        events += [_alert_event(alert) for alert in told.alerts]
    events += [_row_event(row, told) for row in told.rows if _is_told(row, told)]
    if told.entry is not None:
        text = f"attempt {told.entry.attempts + 1}; it goes through again when its lease is over"
        events.append(Event(at=None, step="ledger", outcome="pending", text=text))
    if told.letter is not None:
        events.append(_letter_event(told.letter))
    return events


def _is_told(row: LedgerRow, told: Explanation) -> bool:
    """Tell whether a row says what nothing else does: an end without a document of its own."""
    dead = row.outcome == "dead_letter" and told.letter is not None
    return row.outcome not in {"pending", "indexed"} and not dead


def _row_event(row: LedgerRow, told: Explanation) -> Event:
    feed = told.feeds.get(row.feed_id)
    text = f"shown by {feed.url if feed else row.feed_id} at {row.first_seen_at:%Y-%m-%d %H:%M:%S}"
    if row.reason:
        text += f": {REASONS.get(row.reason, row.reason)}"
    if row.outcome == "duplicate" and row.document_id:
        text += f"; the document is {row.document_id}"
    return Event(at=row.settled_at, step=row.step or "ledger", outcome=row.outcome, text=text)


def _beginning(told: Explanation) -> Iterator[Event]:
    entry = told.entry or (told.letter.entry if told.letter else None)
    article = told.document.article if told.document else None
    known = article or entry
    if known is None:
        if told.rows:
            first = told.rows[0]
            feed = told.feeds.get(first.feed_id)
            text = f"shown by {feed.url if feed else first.feed_id}"
            yield Event(at=first.first_seen_at, step="PollFeeds", outcome="entry_new", text=text)
        return
    if known.published_at is not None:
        source = f"by its {article.date_source}" if article else "by its feed"
        yield Event(at=known.published_at, step="outlet", outcome="published", text=source)
    url = told.feed.url if told.feed else (entry.feed_url if entry else "")
    text = f"shown by {url or known.feed_id}"
    if told.feed is not None and told.feed.failures:
        text += f" (which now fails: {told.feed.outcome} × {told.feed.failures})"
    yield Event(at=known.first_seen_at, step="PollFeeds", outcome="entry_new", text=text)


def _document_events(document: Document, told: Explanation) -> Iterator[Event]:
    article = document.article
    yield Event(
        at=article.fetched_at, step="FetchPages", outcome=article.page_outcome, text=article.url
    )
    text = f"{len(article.text)} characters in {article.language}, text from the "
    text += f"{article.text_source}: {article.title}"
    yield Event(at=None, step="ExtractArticles", outcome="ok", text=text)
    quotes = {one.subject: one.quote for one in reversed(document.mentions)}
    found = ", ".join(f"{subject} “{quotes[subject]}”" for subject in document.subjects)
    number = len(document.mentions)
    text = f"{number} mentions: {found}" if found else "no subject is mentioned"
    yield Event(at=None, step="DetectMentions", outcome="ok", text=text)
    claims = ", ".join(
        " ".join(part for part in (one.system, one.status, one.place, one.when) if part)
        for one in document.claims
    )
    yield Event(at=None, step="ExtractClaims", outcome="ok", text=claims or "no claim")
    yield Event(
        at=None,
        step="GroupStories",
        outcome="copy" if document.copy_of else "original",
        text=_story_text(document, told),
    )
    text = f"document {article.id}, revision {document.revision}"
    yield Event(at=document.indexed_at, step="IndexDocuments", outcome="ok", text=text)


def _story_text(document: Document, told: Explanation) -> str:
    text = f"story {document.story_id or 'none'} with {len(told.story)} other documents"
    if told.copies:
        text += f", {len(told.copies)} of them copies of this one"
    if document.copy_of:
        likeness = "" if document.similarity is None else f" (likeness {document.similarity:.2f})"
        text += f"; a copy of {document.copy_of}{likeness}"
    return text


def _alert_event(alert: Alert) -> Event:
    text = f"{alert.development} of {alert.subject}, alert {alert.id}"
    missing = [name for name in alert.channels if name not in alert.delivered_to]
    if alert.delivered_to:
        text += f", got by {', '.join(alert.delivered_to)}"
    if missing or alert.error:
        text += f", waits for {', '.join(missing) or 'a receiver'}"
        text += f" after {alert.attempts} attempts: {alert.error or 'not tried yet'}"
    sent = alert.alerted_at is not None and not missing
    moment = alert.alerted_at or alert.created_at
    return Event(at=moment, step="SendAlerts", outcome="sent" if sent else "waiting", text=text)


def _letter_event(letter: StoredDeadLetter) -> Event:
    text = f"{letter.reason} {letter.attempts} times: {letter.detail or 'no detail'}; "
    if letter.parked:
        text += "parked, no replay takes it any more"
    else:
        text += f"replay: vigie replay --step {letter.step} --reason {letter.reason}"
    return Event(at=letter.last_at, step=letter.step, outcome="dead_letter", text=text)


def explanation_json(told: Explanation) -> dict[str, Any]:
    """Return ``told`` as ``--json`` prints it: an interface; no article text in it."""
    document = told.document
    return {
        "wanted": told.wanted,
        "found": told.found,
        "document_id": document.article.id if document else None,
        "url": document.article.canonical_url if document else None,
        "story_id": document.story_id if document else None,
        "copy_of": document.copy_of if document else None,
        "copies": [one.article.canonical_url for one in told.copies],
        "story": [one.article.canonical_url for one in told.story],
        "alerts": [alert.id for alert in told.alerts],
        "pending": told.entry is not None,
        "dead_letter": told.letter is not None,
        "ledger": [to_json(row) for row in told.rows],
        "events": [to_json(event) for event in tell(told)],
    }
