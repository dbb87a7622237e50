"""The story of one address, told from the index: when it was shown, each step, how it ended."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from connectors.addresses import address_key, canonical_url
from connectors.index import SearchQuery
from connectors.records import to_json

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from connectors.index import Index, StoredDeadLetter
    from connectors.records import Alert, Document, Entry, PollState

NEWEST_DOCUMENTS = 2000
"""Looked through when an address is not a document's own: it may have been sent on."""

MOST_PENDING = 100_000
MOST_LETTERS = 10_000
MOST_ALERTS = 10_000
MOST_IN_STORY = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One moment of the story; ``at`` is None when the index does not keep it."""

    at: datetime | None
    step: str
    outcome: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """All that the index knows of one address or identifier."""

    wanted: str
    key: str
    document: Document | None = None
    entry: Entry | None = None
    letter: StoredDeadLetter | None = None
    feed: PollState | None = None
    copies: tuple[Document, ...] = ()
    story: tuple[Document, ...] = ()
    alerts: tuple[Alert, ...] = ()

    @property
    def found(self) -> bool:
        """Whether the index knows the address at all."""
        return any((self.document, self.entry, self.letter))


def is_address(wanted: str) -> bool:
    """Tell whether ``wanted`` is a web address rather than an identifier.

    >>> is_address("https://example.org/a"), is_address("9956fca5ca9c53ccda0e7f3dc9348b75")
    (True, False)
    """
    return wanted.lower().startswith(("http://", "https://"))


def gather(index: Index, wanted: str) -> Explanation:
    """Return what the index knows of ``wanted``: an address, or the id of a document or entry.

    Raises:
        IndexUnavailable: the index does not answer.
    """
    wanted = wanted.strip()
    key = address_key(wanted) if is_address(wanted) else wanted
    told = Explanation(wanted=wanted, key=key)
    document = index.get_document(key) or _sent_on(index, wanted)
    told = replace(told, document=document, letter=_letter(index, told), entry=_entry(index, told))
    if document is not None:
        told = replace(told, **_story(index, document))
    feed_id = _feed_id(told)
    if feed_id:
        told = replace(told, feed=index.poll_states([feed_id]).get(feed_id))
    return told


def _sent_on(index: Index, wanted: str) -> Document | None:
    """Return a document whose entry or first address was ``wanted``: the page named another."""
    address = canonical_url(wanted) if is_address(wanted) else None
    page = index.search(SearchQuery(text="*", sort="indexed", limit=NEWEST_DOCUMENTS))
    for found in page.found:
        article = found.document.article
        same = canonical_url(article.url) == address if address else article.entry_id == wanted
        if same:
            return found.document
    return None


def _is_wanted(entry: Entry, told: Explanation) -> bool:
    if told.wanted in {entry.id, entry.guid, entry.url}:
        return True
    return bool(entry.url) and address_key(entry.url or "") == told.key


def _letter(index: Index, told: Explanation) -> StoredDeadLetter | None:
    for parked in (False, True):
        for letter in index.dead_letters(parked=parked, limit=MOST_LETTERS):
            if letter.id == told.wanted or _is_wanted(letter.entry, told):
                return letter
    return None


def _entry(index: Index, told: Explanation) -> Entry | None:
    entries = index.pending_entries(limit=MOST_PENDING, due_at=None)
    return next((entry for entry in entries if _is_wanted(entry, told)), None)


def _story(index: Index, document: Document) -> dict[str, Any]:
    """Return the other documents of the story, the copies among them, and the alerts."""
    others: tuple[Document, ...] = ()
    if document.story_id:
        members = index.scan(SearchQuery(story_id=document.story_id))
        others = tuple(
            one for one in islice(members, MOST_IN_STORY) if one.article.id != document.article.id
        )
    return {
        "story": others,
        "copies": tuple(one for one in others if one.copy_of == document.article.id),
        "alerts": tuple(
            alert
            for alert in index.alerts(limit=MOST_ALERTS)
            if document.article.id == alert.document_id
        ),
    }


def _feed_id(told: Explanation) -> str | None:
    if told.document is not None:
        return told.document.article.feed_id
    entry = told.entry or (told.letter.entry if told.letter else None)
    return entry.feed_id if entry else None


def tell(told: Explanation) -> list[Event]:
    """Return the story of ``told``, step by step, in the order of the flow."""
    events = list(_beginning(told))
    if told.document is not None:
        events += _document_events(told.document, told)
        events += [_alert_event(alert) for alert in told.alerts]
    if told.entry is not None:
        text = f"attempt {told.entry.attempts + 1}; it goes through again when its lease is over"
        events.append(Event(at=None, step="ledger", outcome="pending", text=text))
    if told.letter is not None:
        events.append(_letter_event(told.letter))
    return events


def _beginning(told: Explanation) -> Iterator[Event]:
    entry = told.entry or (told.letter.entry if told.letter else None)
    article = told.document.article if told.document else None
    known = article or entry
    if known is None:
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
        "events": [to_json(event) for event in tell(told)],
    }
