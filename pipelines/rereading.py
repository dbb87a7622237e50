"""When a document is read again, and what follows each look. Pure: no clock, no network.

Articles are corrected and withdrawn in silence, mostly within a day. So a document with mentions
is read again at set ages; any document is, once its feed tells the entry otherwise. What is
remembered between the looks is one :class:`RereadState` a document, in the memory of the index.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from connectors.feed_known import EntryChange

KIND = "reread"
"""Kind of the memory that keeps the states, by document id."""

DELETED_KIND = "deleted"
"""Kind of the memory of pages that went away, by document id."""

GRACE_HOURS = 48.0
"""A look missed for longer (Vigie was off) is not made up for."""

CONFIRM_SECS = 900.0
"""After a changed text was handed on, the index is asked whether it has arrived: as long as the
lease of an entry under way."""

MISSING_SECS = 3600.0
"""A page is deleted when it was missing twice, at least so far apart: an outage is no deletion."""

CHANGE_SECS = 3600.0
"""Between two changes of an entry that are looked at: a live page changes its title all day."""

MAX_ATTEMPTS = 4
"""Fetches for one age: a page that is down, or changes with every look, comes to an end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RereadState:
    """What is remembered of one document's readings.

    ``done_hours`` are the ages that are behind it. ``next_at`` holds back the next attempt at the
    present one. ``etag`` and ``last_modified`` belong to the text that the index holds.
    ``missing_at`` is when its page was first found missing, ``gone_at`` when it was found deleted;
    both are None again once the page is back. ``changed_at`` is when the last change of its entry
    that is behind it was noticed.
    """

    done_hours: tuple[float, ...] = ()
    changed_at: datetime | None = None
    attempts: int = 0
    next_at: datetime | None = None
    etag: str | None = None
    last_modified: str | None = None
    outcome: str = "never"
    read_at: datetime | None = None
    missing_at: datetime | None = None
    gone_at: datetime | None = None
    added_chars: int = 0
    removed_chars: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A document to read again, why, and what is remembered.

    ``age_hours`` is the age that it has reached, ``change`` what its feed tells otherwise; one of
    them is there.
    """

    document_id: str
    state: RereadState
    age_hours: float | None = None
    change: EntryChange | None = None


def due_age(
    first_seen_at: datetime, state: RereadState, ages_hours: Sequence[float], now: datetime
) -> float | None:
    """Return the age at which a document has to be read now, or None.

    Only the greatest age reached counts: after a pause one look does for all that were missed.
    """
    reached = [age for age in ages_hours if first_seen_at + timedelta(hours=age) <= now]
    if not reached or now > first_seen_at + timedelta(hours=max(reached) + GRACE_HOURS):
        return None
    if max(reached) in state.done_hours:
        return None
    if state.next_at is not None and state.next_at > now:
        return None
    return max(reached)


def due_change(state: RereadState, change: EntryChange | None, now: datetime) -> EntryChange | None:
    """Return ``change`` if the document has to be read now because of it, else None."""
    if change is None or is_past(state, change, now):
        return None
    if state.next_at is not None and state.next_at > now:
        return None
    last = state.changed_at
    is_early = last is not None and now < last + timedelta(seconds=CHANGE_SECS)
    return None if is_early else change


def is_past(state: RereadState, change: EntryChange, now: datetime) -> bool:
    """Say whether ``change`` was looked at, or is too old to be."""
    if state.changed_at is not None and change.noticed_at <= state.changed_at:
        return True
    return now > change.noticed_at + timedelta(hours=GRACE_HOURS)


def choose_due(  # noqa: PLR0913 - what a look knows
    known: Mapping[str, datetime],
    states: Mapping[str, RereadState],
    ages_hours: Sequence[float],
    *,
    changes: Mapping[str, EntryChange] | None = None,
    now: datetime,
    limit: int,
) -> list[Due]:
    """Return at most ``limit`` documents to read now, those waiting longest first.

    Args:
        known: first sight of the documents with mentions, by id.
        states: what is remembered of them; one without is new.
        ages_hours: the configured ages.
        changes: what feeds tell otherwise, by the document's id.
        now: aware.
        limit: bound of one round.
    """
    changes = changes or {}
    waiting: list[tuple[datetime, Due]] = []
    for document_id in dict.fromkeys((*changes, *known)):
        state = states.get(document_id, RereadState())
        first_seen_at = known.get(document_id)
        age = None if first_seen_at is None else due_age(first_seen_at, state, ages_hours, now)
        change = due_change(state, changes.get(document_id), now)
        due = Due(document_id=document_id, state=state, age_hours=age, change=change)
        begun = [] if change is None else [change.noticed_at]
        if first_seen_at is not None and age is not None:
            begun.append(first_seen_at + timedelta(hours=age))
        if begun:
            since = min(begun)
            waiting.append((max(since, state.next_at or since), due))
    waiting.sort(key=_order)
    return [due for _, due in waiting[:limit]]


def _order(one: tuple[datetime, Due]) -> tuple[datetime, str]:
    return one[0], one[1].document_id


def after_end(
    due: Due,
    outcome: str,
    now: datetime,
    *,
    etag: str | None = None,
    last_modified: str | None = None,
) -> RereadState:
    """Return the state after the look at ``due`` came to its end with ``outcome``."""
    is_back = outcome in {"unchanged", "moved", "kept"}
    done = due.state.done_hours if due.age_hours is None else (*due.state.done_hours, due.age_hours)
    return replace(
        due.state,
        done_hours=tuple(sorted(set(done))),
        changed_at=due.change.noticed_at if due.change else due.state.changed_at,
        attempts=0,
        next_at=None,
        etag=etag,
        last_modified=last_modified,
        outcome=outcome,
        read_at=now,
        missing_at=None if is_back else due.state.missing_at,
        gone_at=None if is_back else due.state.gone_at,
    )


def after_stale(due: Due, now: datetime) -> RereadState:
    """Return the state after a page did not show yet what its feed tells: it is looked at again.

    A page behind a cache follows its feed by minutes.
    """
    return replace(
        due.state,
        attempts=due.state.attempts + 1,
        next_at=now + timedelta(seconds=CONFIRM_SECS),
        outcome="deferred",
        read_at=now,
    )


def after_missing(due: Due, now: datetime, *, marked: bool) -> RereadState:
    """Return the state after the page of ``due`` was not there.

    ``missing`` once: it is looked at again after an hour. Twice: ``deleted``, and the age is not
    over before a further look finds the document ``marked`` in the index, so that whatever dies
    in between loses no deletion; then ``gone``.
    """
    missing_at = due.state.missing_at or now
    state = replace(due.state, missing_at=missing_at, etag=None, last_modified=None, read_at=now)
    confirm_at = missing_at + timedelta(seconds=MISSING_SECS)
    if state.gone_at is None and now < confirm_at:
        return replace(state, next_at=confirm_at, outcome="missing")
    state = replace(state, gone_at=state.gone_at or now)
    if marked or state.attempts + 1 >= MAX_ATTEMPTS:
        return after_end(replace(due, state=state), "gone", now)
    return replace(
        state,
        attempts=state.attempts + 1,
        next_at=now + timedelta(seconds=CONFIRM_SECS),
        outcome="deleted",
    )


def after_update(due: Due, size: tuple[int, int], now: datetime) -> RereadState:
    """Return the state after a changed text was handed on.

    The age is not over before a further look finds in the index what the page says: whatever
    dies in between loses no revision.
    """
    added, removed = size
    state = replace(
        due.state,
        added_chars=due.state.added_chars + added,
        removed_chars=due.state.removed_chars + removed,
        missing_at=None,
        gone_at=None,
    )
    if due.state.attempts + 1 >= MAX_ATTEMPTS:
        return after_end(replace(due, state=state), "updated", now)
    return replace(
        state,
        attempts=due.state.attempts + 1,
        next_at=now + timedelta(seconds=CONFIRM_SECS),
        etag=None,
        last_modified=None,
        outcome="updated",
        read_at=now,
    )


def postponed(due: Due, secs: float, now: datetime) -> RereadState:
    """Return the state when the host was busy: later, at the cost of no attempt."""
    pause = timedelta(seconds=max(1.0, secs))
    return replace(due.state, next_at=now + pause, outcome="deferred", read_at=now)


def after_failure(
    due: Due, pauses_secs: Sequence[float], least_secs: float, now: datetime
) -> RereadState:
    """Return the state after a fetch that may succeed later; the last one ends the age.

    Args:
        due: what was tried.
        pauses_secs: pauses before the attempts after the first, the last one for all others.
        least_secs: what the server asked for.
        now: aware.
    """
    if due.state.attempts + 1 >= MAX_ATTEMPTS:
        state = due.state
        return after_end(due, "given_up", now, etag=state.etag, last_modified=state.last_modified)
    pause = pauses_secs[min(due.state.attempts, len(pauses_secs) - 1)]
    return replace(
        due.state,
        attempts=due.state.attempts + 1,
        next_at=now + timedelta(seconds=max(pause, least_secs)),
        outcome="deferred",
        read_at=now,
    )
