"""The records that travel between the steps and into the index.

Every record is immutable, importable by name and holds only plain values, so Beam's default
coder carries it and a retry sees the same element. Instants end in ``_at`` and are aware UTC.
Offsets are characters of the unchanged string: ``text[start:end] == quote``.
"""

from __future__ import annotations

import dataclasses
import hashlib
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import lru_cache
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

_Record = TypeVar("_Record")

SETTLED = "settled"
"""Tag of every step's second output: the entries that ended there, as :class:`Settlement`."""

BACKFILL_FEED = "backfill"
"""The ``feed_id`` of what archives brought: it was never news here, so it has no lag."""

ID_HEX_CHARS = 32
"""Length of every identifier: 128 bits of BLAKE2b as hexadecimal digits."""


def stable_id(*parts: str) -> str:
    """Return the identifier of ``parts``: the same in every process, version and machine.

    >>> stable_id("https://example.org/a")
    '9956fca5ca9c53ccda0e7f3dc9348b75'
    >>> stable_id("a", "bc") == stable_id("ab", "c")
    False
    """
    digest = hashlib.blake2b(digest_size=ID_HEX_CHARS // 2)
    for part in parts:
        encoded = part.encode("utf-8", "surrogatepass")
        digest.update(len(encoded).to_bytes(8, "big"))
        digest.update(encoded)
    return digest.hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """An RSS, Atom or JSON Feed address that is polled."""

    id: str
    url: str
    outlet: str | None = None
    language: str | None = None
    country: str | None = None
    interval_secs: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PollState:
    """What is remembered of one feed between two polls; stored in ``vigie-feeds``."""

    feed_id: str
    url: str
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    next_poll_at: datetime | None = None
    last_poll_at: datetime | None = None
    last_success_at: datetime | None = None
    failures: int = 0
    outcome: str = "never_polled"
    error: str | None = None
    interval_secs: int | None = None
    entries_seen: int = 0
    entries_new: int = 0
    on_time_successes: int = 0
    redirect_url: str | None = None
    redirect_sightings: int = 0
    newest_entry_ids: tuple[str, ...] = ()
    tellings: str = ""
    overflows: int = 0
    rhythm: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One item of a feed, as the feed states it.

    ``id`` is the key of the ledger: one entry of one feed, once, whatever its date says.
    ``url`` is the address as printed, made absolute; it may be None (the feed's own text is
    then all there is).
    """

    id: str
    feed_id: str
    feed_url: str
    first_seen_at: datetime
    url: str | None = None
    guid: str | None = None
    title: str | None = None
    summary_html: str | None = None
    content_html: str | None = None
    author: str | None = None
    outlet: str | None = None
    language: str | None = None
    published_at: datetime | None = None
    updated_at: datetime | None = None
    attempts: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The bytes behind an entry's link, or the reason why there are none.

    ``outcome`` is ``ok`` or a class such as ``gone``, ``not_html``, ``too_big``,
    ``blocked_by_robots``, ``no_link``; when it is not ``ok`` the body is empty and the entry's
    own text stands in.
    """

    entry: Entry
    outcome: str
    fetched_at: datetime
    url: str | None = None
    status: int | None = None
    content_type: str | None = None
    charset: str | None = None
    body: bytes = b""
    detail: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What extraction makes of a page.

    ``id`` is the hash of the canonical address and the document's ``_id``. ``date_source`` is
    one of ``feed, json_ld, meta, htmldate, none``; only the first three enter a lag metric.
    ``text_source`` is ``page`` or ``feed``. ``deleted_at`` is when its page was found deleted,
    None once it is back; ``page_outcome`` is then ``deleted`` and the text the last one seen.
    """

    id: str
    entry_id: str
    feed_id: str
    url: str
    canonical_url: str
    title: str
    text: str
    language: str
    outlet: str | None
    author: str | None
    published_at: datetime | None
    date_source: str
    text_source: str
    first_seen_at: datetime
    fetched_at: datetime
    content_hash: str
    page_outcome: str = "ok"
    deleted_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """One place in an article where a subject is named; ``field`` is ``title`` or ``text``."""

    subject: str
    field: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeExpression:
    """One time expression in ``text``, with its TIMEX3-like value."""

    start: int
    end: int
    quote: str
    value: str
    modifier: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What an article says about a deployment or agreement; offsets are into ``text``."""

    system: str
    place: str | None
    status: str
    when: str | None
    speaker: str | None
    start: int
    end: int
    evidence: str
    negated: bool = False
    hypothetical: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcedClaim:
    """A claim and the document that makes it; copies share the ``source_id`` of their original.

    ``published_at`` is the publication of the document, or its first sight where that is unknown.
    """

    document_id: str
    source_id: str
    claim: Claim
    story_id: str | None = None
    outlet: str | None = None
    published_at: datetime | None = None
    url: str = ""
    language: str = ""
    first_seen_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What the claims about one deployment add up to; stored in ``vigie-findings``.

    ``kind`` is ``contradiction``, ``refinement`` or ``revision``, with two sides that differ, or
    ``stage``: one stage of a timeline, with the sources of it as its only side. ``about`` says
    what the sides differ in (``time``, ``polarity``, ``backwards``) or names the stage.
    ``values`` are the two times or statuses, or the times said of the stage. ``sides`` holds the
    earliest sources of each side, ``sources`` how many each side has. ``opened_at`` is when it
    could be known first; ``resolved_at`` since when no source upholds it any more, and
    ``resolution`` why (``revised``, ``deleted``, ``explained``, ``expired``). ``version`` counts
    the writes of claims about the deployment that it takes into account.
    """

    id: str
    kind: str
    about: str
    system: str
    place: str | None
    statuses: tuple[str, ...]
    values: tuple[str, ...]
    sides: tuple[tuple[SourcedClaim, ...], ...]
    sources: tuple[int, ...]
    outlets: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    story_ids: tuple[str, ...] = ()
    first_at: datetime | None = None
    last_at: datetime | None = None
    opened_at: datetime | None = None
    resolved_at: datetime | None = None
    resolution: str = ""
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """The notice of one development; ``id`` is derived from (subject, story, development).

    ``outlets`` and ``languages`` are those of the story when the development was found.
    """

    id: str
    subject: str
    story_id: str
    development: str
    document_id: str
    title: str
    url: str
    outlet: str | None
    language: str
    quote: str
    created_at: datetime
    published_at: datetime | None
    first_seen_at: datetime
    new_claims: tuple[Claim, ...] = ()
    old_claims: tuple[Claim, ...] = ()
    severity: str = "info"
    channels: tuple[str, ...] = ()
    delivered_to: tuple[str, ...] = ()
    alerted_at: datetime | None = None
    attempts: int = 0
    error: str | None = None
    next_attempt_at: datetime | None = None
    outlets: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """An article with all that was found in it: what the index stores under ``article.id``."""

    article: Article
    mentions: tuple[Mention, ...] = ()
    times: tuple[TimeExpression, ...] = ()
    claims: tuple[Claim, ...] = ()
    story_id: str | None = None
    copy_of: str | None = None
    similarity: float | None = None
    alerts: tuple[Alert, ...] = ()
    indexed_at: datetime | None = None
    revision: int = 1

    @property
    def subjects(self) -> tuple[str, ...]:
        """The subjects mentioned, sorted, each once."""
        return tuple(sorted({mention.subject for mention in self.mentions}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """How an entry ended when it did not become a document of its own.

    ``outcome`` is ``duplicate``, ``discarded`` or ``dead_letter``. A dead letter carries its
    input (the entry as JSON) so that it can be replayed.
    """

    entry: Entry
    outcome: str
    step: str
    reason: str
    detail: str = ""
    settled_at: datetime
    document_id: str | None = None


def utc(moment: datetime) -> datetime:
    """Return ``moment`` in UTC; a naive one is taken as UTC already."""
    if moment.tzinfo is None:
        return moment.replace(tzinfo=timezone.utc)
    return moment.astimezone(timezone.utc)


def to_json(record: Any) -> Any:  # noqa: ANN401 - any record in, any JSON value out
    """Return ``record`` (and all inside it) as values that ``json.dumps`` takes.

    >>> to_json(Feed(id="f", url="https://example.org/feed"))["url"]
    'https://example.org/feed'
    """
    if dataclasses.is_dataclass(record) and not isinstance(record, type):
        return {f.name: to_json(getattr(record, f.name)) for f in dataclasses.fields(record)}
    if isinstance(record, datetime):
        return utc(record).isoformat()
    if isinstance(record, (tuple, list)):
        return [to_json(value) for value in record]
    return record


def from_json(kind: type[_Record], value: dict[str, Any]) -> _Record:
    """Return the record of class ``kind`` that ``to_json`` turned into ``value``.

    Keys that the class does not have are ignored, so an older program reads newer records.

    Raises:
        TypeError: a required field is missing.
        ValueError: an instant cannot be read.
    """
    hints = _type_hints(kind)  # type: ignore[arg-type] # classes are hashable
    names = {field.name for field in dataclasses.fields(kind)}  # type: ignore[arg-type]
    return kind(**{k: _revive(hints[k], v) for k, v in value.items() if k in names})


@lru_cache(maxsize=64)
def _type_hints(kind: type) -> dict[str, Any]:
    """Return the field types of ``kind``: they cost 1 ms a document when read anew."""
    return get_type_hints(kind)


def _revive(hint: Any, value: Any) -> Any:  # noqa: ANN401 - JSON in, any field's value out
    if value is None:
        return None
    if get_origin(hint) is tuple:
        return tuple(_revive(get_args(hint)[0], one) for one in value)
    for option in get_args(hint) or (hint,):
        if option is datetime:
            return datetime.fromisoformat(value)
        if dataclasses.is_dataclass(option):
            return from_json(option, value)  # type: ignore[arg-type]
    return value
