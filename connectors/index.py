"""The contract of an index: the memory of Vigie, whichever backend keeps it.

Two backends keep it, :mod:`connectors.embedded` (SQLite) and :mod:`connectors.elastic`
(Elasticsearch); one contract test holds for both. Every write is idempotent: identifiers are
deterministic, so a bundle that fails and runs again gives the same result.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from connectors.records import stable_id, to_json, utc

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from connectors.records import (
        Alert,
        Document,
        Entry,
        Finding,
        PollState,
        Settlement,
        SourcedClaim,
    )


Deployment = tuple[str, str | None]
"""A system and the country (ISO code) of its deployment; None where none is said."""

MAX_DEAD_LETTER_ATTEMPTS = 5
"""An entry that became a dead letter this often is parked: no replay takes it again."""

MOST_LEDGER_ROWS = 200
"""Rows given of one address: as many feeds may have shown it."""

SORT_ORDERS = ("relevance", "published", "indexed")
"""How a search may be sorted; the latter two newest first."""


class IndexUnavailable(Exception):
    """The index cannot be reached or used now; the message names address and remedy."""


class IndexMissing(IndexUnavailable):
    """The index has not been set up; the message names the command that does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexSettings:
    """Where the index is and how to reach it; plain values, so that it travels to workers.

    ``location`` is ``sqlite:PATH`` or one or several ``http(s)://HOST:PORT``, comma-separated.
    ``retention_months``: how many months before the current one are kept; None keeps all.
    """

    location: str
    api_key: str | None = None
    username: str | None = None
    password: str | None = None
    ca_file: str | None = None
    cloud_id: str | None = None
    prefix: str = "vigie"
    timeout_secs: float = 30.0
    retention_months: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentHead:
    """What a step must know of a stored document without reading all of it.

    ``dropped``: retention has deleted it; who brought it is all that is still known.
    """

    id: str
    entry_id: str
    content_hash: str
    revision: int
    dropped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteResult:
    """What became of one document: ``created``, ``updated``, ``unchanged`` or ``rejected``.

    ``revision`` is the stored one. ``reason`` and ``detail`` are set for ``rejected`` only: a
    document the index will never take; everything that may pass later raises IndexUnavailable.
    """

    document_id: str
    outcome: str
    revision: int = 1
    reason: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchQuery:
    """A search: ``text`` is words, "a phrase" or ``*`` for all; filters narrow it.

    Words must all be there, ``OR`` stands between two that may replace each other, ``"a b"~3``
    wants them near each other, ``hyperson*`` is a beginning. ``since`` (inclusive) and ``until``
    (exclusive) are about publication, or first sight where that is unknown. ``fold_copies``
    shows one document a syndicated text. ``sort`` is ``relevance``, ``published`` or
    ``indexed`` (newest first).
    """

    text: str = "*"
    subjects: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    story_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    fold_copies: bool = False
    sort: str = "relevance"
    limit: int = 20
    offset: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One document found, with fragments of its text where the query's words stand."""

    document: Document
    score: float = 0.0
    highlights: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage:
    """The documents of one page of results and how many there are in all."""

    total: int
    found: tuple[Found, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDeployment:
    """A deployment whose claims changed since its findings were made.

    ``version`` grows with every write of such claims: what was made for a greater one is newer.
    ``closes`` counts the workers that stored findings of it, where they may cross each other.
    """

    system: str
    place: str | None
    version: int
    closes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingQuery:
    """Which findings are wanted; every filter that is empty lets all pass.

    ``languages``, ``outlets``, ``story_id`` are about the sources, one of which must fit.
    ``since`` (inclusive): told of from then on; ``until`` (exclusive): told of before.
    """

    kinds: tuple[str, ...] = ()
    systems: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()
    story_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDeadLetter:
    """A dead letter as the index keeps it; ``entry`` is the input to replay.

    ``attempts`` counts how often it ended as one; ``parked`` ones are not replayed any more.
    """

    id: str
    entry: Entry
    step: str
    reason: str
    detail: str
    attempts: int
    first_at: datetime
    last_at: datetime
    parked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRow:
    """What the ledger keeps of an entry for good: how it stands, or how, where and why it ended.

    ``outcome`` is one of those of :class:`Totals`. ``document_id`` is the document that it became
    or repeats; of a discard or dead letter the id that its address would have had.
    """

    id: str
    outcome: str
    feed_id: str
    first_seen_at: datetime
    settled_at: datetime | None = None
    document_id: str | None = None
    step: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """The accounting of the whole index.

    ``entries`` counts ledger rows by outcome (``pending, indexed, duplicate, discarded,
    dead_letter``); their sum is every entry ever seen.
    """

    entries: dict[str, int] = field(default_factory=dict)
    documents: int = 0
    mentions: int = 0
    claims: int = 0
    alerts: int = 0
    alerts_undelivered: int = 0
    dead_letters: int = 0
    feeds: dict[str, int] = field(default_factory=dict)


class RunnerLease(Protocol):
    """The right to be the runner of an index."""

    def release(self) -> None:
        """Give it back; idempotent."""
        ...


class Index(Protocol):
    """What a backend offers; every method may raise :class:`IndexUnavailable`.

    Instances hold a connection and belong to one thread; open one in a DoFn's ``setup``.
    """

    location: str

    def setup(self, *, dry_run: bool = False) -> list[str]:
        """Create or upgrade what is missing; return one line per change (planned or made)."""
        ...

    def rebuild(self, *, dry_run: bool = False) -> list[str]:
        """Make what the server or file derives from the documents anew; return a line a change."""
        ...

    def drop_before(self, first_kept: datetime, *, dry_run: bool = False) -> list[str]:
        """Delete documents first seen before the month of ``first_kept``, and their findings.

        Ledger, alerts, stories, feeds and memory stay: what was dropped does not come again.
        Returns one line per change (planned or made); idempotent.
        """
        ...

    def check(self) -> None:
        """Return if the index can be read and written now, else raise with the remedy."""
        ...

    def lock_runner(self) -> RunnerLease:
        """Take the place of the one runner of this index, until ``release`` or process end.

        Readers need no lease. On Elasticsearch several runners are safe, and the lease is only
        a note in the memory of who runs.

        Raises:
            IndexUnavailable: another runner holds it; the message names its process.
        """
        ...

    def poll_states(self, feed_ids: Iterable[str] | None = None) -> dict[str, PollState]:
        """Return the stored poll states by feed id (all feeds when None)."""
        ...

    def save_poll_state(self, state: PollState) -> None:
        """Store ``state``, replacing the older one of the feed."""
        ...

    def save_poll_states(self, states: Sequence[PollState]) -> None:
        """Store ``states`` of several feeds in one go, replacing older ones."""
        ...

    def register_entries(self, entries: Sequence[Entry], *, due_at: datetime) -> list[Entry]:
        """Put the unknown ``entries`` into the ledger as pending; return those, in order.

        Durable on return: whoever dies afterwards, :meth:`pending_entries` gives them back, at
        the next start or when ``due_at`` (the lease of the worker that has them) is over.
        """
        ...

    def pending_entries(self, *, limit: int, due_at: datetime | None) -> list[Entry]:
        """Return pending entries whose lease ended by ``due_at`` (all when None), oldest first."""
        ...

    def defer(self, entries: Sequence[Entry], *, due_at: datetime) -> None:
        """Keep pending ``entries`` for another attempt at ``due_at``, with their ``attempts``."""
        ...

    def settle(self, settlements: Sequence[Settlement]) -> None:
        """Mark entries as duplicate, discarded or dead letter; store the dead letters.

        An entry that ended already stays as it ended, so a repeated call changes nothing.
        """
        ...

    def ledger_rows(self, keys: Iterable[str]) -> list[LedgerRow]:
        """Return the rows of entries whose id, or whose document's id, is among ``keys``.

        Oldest first, at most :data:`MOST_LEDGER_ROWS`. For people who ask, not for steps: it may
        read the whole ledger.
        """
        ...

    def entry_documents(self, entry_ids: Iterable[str]) -> dict[str, str]:
        """Return the id of the document that each entry became or repeats; others are absent."""
        ...

    def heads(self, document_ids: Iterable[str]) -> dict[str, DocumentHead]:
        """Return what is stored under ``document_ids``; unknown ones are absent.

        Everything written before the call is seen, and so is what retention dropped.
        """
        ...

    def write(self, documents: Sequence[Document]) -> list[WriteResult]:
        """Store documents: article, mentions, claims, then alerts, then settle their entries.

        One result per document, in order. An alert that exists already is left as it is. An
        entry whose document is ``rejected`` stays pending: the caller settles it. A document
        with the stored content hash, mentions and claims is ``unchanged``; its entry is settled
        only if it is the one that brought the document: another one is the caller's duplicate.
        A changed one becomes the next revision and keeps the earliest ``first_seen_at``.
        One that retention dropped is ``unchanged``, and nothing of it is stored again.
        """
        ...

    def documents(self, *, since: datetime | None = None) -> Iterator[Document]:
        """Yield stored documents in order of first sight (from ``since`` on)."""
        ...

    def get_document(self, document_id: str) -> Document | None:
        """Return one document, or None."""
        ...

    def search(self, query: SearchQuery) -> SearchPage:
        """Return the documents that match; each word may match in any script or language."""
        ...

    def scan(self, query: SearchQuery) -> Iterator[Document]:
        """Yield all documents that match, in order of first sight, without a limit.

        ``sort``, ``limit`` and ``offset`` of the query are not looked at.
        """
        ...

    def store_alerts(self, alerts: Sequence[Alert]) -> None:
        """Put ``alerts`` into the outbox, ahead of their documents; known ones stay as they are."""
        ...

    def undelivered_alerts(self, *, limit: int, due_at: datetime) -> list[Alert]:
        """Return alerts that some channel has not got and whose attempt is due, oldest first."""
        ...

    def claim_alerts(
        self, alerts: Sequence[Alert], *, due_at: datetime, until: datetime
    ) -> list[Alert]:
        """Take undelivered ``alerts`` for delivery; return, in order, those that are ours now.

        Each has one taker: nobody else gets it before ``until``, nor whoever read it before it
        was taken. :meth:`mark_alert` ends the claim. ``due_at`` is what they were read with.
        """
        ...

    def mark_alert(self, alert: Alert) -> None:
        """Store what became of a delivery (delivered_to, alerted_at, attempts, error, next)."""
        ...

    def alerts(self, *, limit: int = 1000) -> list[Alert]:
        """Return the newest alerts, newest first."""
        ...

    def dead_letters(
        self,
        *,
        step: str | None = None,
        reason: str | None = None,
        since: datetime | None = None,
        limit: int = 1000,
        parked: bool = False,
    ) -> list[StoredDeadLetter]:
        """Return dead letters that wait for a replay (the parked ones if asked), oldest first."""
        ...

    def reopen(self, entry_ids: Iterable[str]) -> int:
        """Make dead-letter entries pending again (attempts + 1); return how many.

        Parked ones stay where they are.
        """
        ...

    def touch_deployments(self, deployments: Iterable[Deployment]) -> None:
        """Make the findings of ``deployments`` due; :meth:`write` does so by itself."""
        ...

    def due_deployments(self, *, limit: int = 1000) -> list[DueDeployment]:
        """Return deployments whose claims changed since their findings were stored."""
        ...

    def sourced_claims(self, system: str, place: str | None) -> list[SourcedClaim]:
        """Return every stored claim about one deployment, those of copies too, in any order."""
        ...

    def store_findings(self, due: DueDeployment, made: Sequence[Finding]) -> None:
        """Store what was ``made`` of a deployment, then take it off the due ones.

        What was made for a greater version stays. The deployment stays due if it was touched or
        another worker stored findings of it meanwhile: workers in any order, and repeats, end with
        the findings of the newest claims.
        """
        ...

    def findings(self, query: FindingQuery) -> list[Finding]:
        """Return the findings that fit, resolved ones too, by their last source, newest first."""
        ...

    def put_memory(self, kind: str, key: str, value: dict[str, Any]) -> None:
        """Store a small JSON value of a step (``kind``: ``story``, ``contradiction``, …)."""
        ...

    def memory(
        self, kind: str, *, since: datetime | None = None
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield the stored values of ``kind`` with their keys, oldest first."""
        ...

    def health(self) -> dict[str, Any]:
        """Return how the server or file is: ``status`` and a few numbers of the backend's own.

        ``status`` is ``green``, ``yellow`` or ``red`` as Elasticsearch says it (a file is green),
        or ``unknown`` when we may not ask.
        """
        ...

    def totals(self) -> Totals:
        """Return the accounting of the whole index."""
        ...

    def close(self) -> None:
        """Release connection and locks; idempotent."""
        ...


def first_kept_month(now: datetime, retention_months: int) -> datetime:
    """Return when the oldest month begins that a retention of so many whole months keeps.

    >>> from datetime import datetime, timezone
    >>> str(first_kept_month(datetime(2026, 2, 28, tzinfo=timezone.utc), 3))[:10]
    '2025-11-01'
    """
    month = utc(now).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    years, months = divmod(month.year * 12 + month.month - 1 - retention_months, 12)
    return month.replace(year=years, month=months + 1)


def analysis_hash(document: Document) -> str:
    """Return the hash of what was found in a document: it changes when the rules do."""
    found = [to_json(document.mentions), to_json(document.claims)]
    return stable_id(json.dumps(found, ensure_ascii=False, sort_keys=True))


def deployments_of(*documents: Document | None) -> list[Deployment]:
    """Return the deployments that the claims of ``documents`` are about, each once, in order."""
    claims = [claim for one in documents if one is not None for claim in one.claims]
    return list(dict.fromkeys((claim.system, claim.place) for claim in claims))


def fits(finding: Finding, query: FindingQuery) -> bool:
    """Return whether ``finding`` passes the filters of ``query``."""
    several = (
        (query.kinds, (finding.kind,)),
        (query.systems, (finding.system,)),
        (query.places, (finding.place,)),
        (query.statuses, finding.statuses),
        (query.languages, finding.languages),
        (query.outlets, finding.outlets),
        ((query.story_id,) if query.story_id else (), finding.story_ids),
    )
    if any(wanted and not set(wanted) & set(there) for wanted, there in several):
        return False
    told = query.since is None or (finding.last_at is not None and finding.last_at >= query.since)
    before = query.until is None or (
        finding.first_at is not None and finding.first_at < query.until
    )
    return told and before


def is_undelivered(alert: Alert) -> bool:
    """Return whether some channel of ``alert`` has not got it.

    An alert that was sent without an error has its delivery behind it, even if one of the
    channels that it names is no longer configured.
    """
    if alert.alerted_at is not None and alert.error is None:
        return False
    return not alert.channels or bool(set(alert.channels) - set(alert.delivered_to))
