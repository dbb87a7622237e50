"""Keep the findings of the index up with its claims.

Guarantee: at least once and idempotent. Whoever writes claims makes their deployment due in the
index, before the entry is settled; whoever looks next reads all claims about it and stores what
they add up to. A worker that dies leaves it due.
"""

from __future__ import annotations

import logging
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from connectors import metrics
from connectors.index import FindingQuery, IndexUnavailable
from pipelines.findings.making import make_findings, quoted_documents, with_resolved
from pipelines.rereading import DELETED_KIND

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from connectors.index import Deployment, DueDeployment, Index
    from connectors.records import Finding

log = logging.getLogger(__name__)
STEP = "CompareClaims"
AT_ONCE = 20
"""Deployments whose findings are in memory together."""

REST = 9
"""A deployment rests nine times as long as its claims took to compare: so the comparing of one
that is told of all day takes at most a tenth of the time."""


@dataclass(slots=True)
class Pace:
    """When each deployment may be looked at again; of one worker."""

    next_at: dict[Deployment, float] = field(default_factory=dict)

    def allows(self, deployment: Deployment, moment: float) -> bool:
        """Return whether it has rested."""
        return self.next_at.get(deployment, 0.0) <= moment

    def note(self, deployment: Deployment, began: float, ended: float) -> None:
        """Note that it was looked at from ``began`` to ``ended``."""
        self.next_at[deployment] = ended + REST * (ended - began)


def update_findings(index: Index, pace: Pace | None = None) -> int:
    """Store the findings of every due deployment that has rested; return how many were done.

    One whose claims cannot be compared is logged, counted and left due: its neighbours go on.

    Raises:
        IndexUnavailable: the index went away; what is not done stays due.
    """
    waiting = [
        one
        for one in index.due_deployments()
        if pace is None or pace.allows((one.system, one.place), time.monotonic())
    ]
    if not waiting:
        return 0
    gone, done = deleted_documents(index), 0
    for at in range(0, len(waiting), AT_ONCE):
        done += _update_some(index, waiting[at : at + AT_ONCE], gone, pace)
    return done


def _update_some(
    index: Index, waiting: Sequence[DueDeployment], gone: Collection[str], pace: Pace | None
) -> int:
    """Read for all, then store for all: after a write the next read has it made findable first."""
    made: list[tuple[DueDeployment, list[Finding]]] = []
    for due in waiting:
        began = time.monotonic()
        with _kept_apart(due):
            made.append((due, findings_of(index, due, gone)))
        ended = time.monotonic()
        metrics.STEP_SECONDS.labels(STEP).observe(ended - began)
        if pace is not None:
            pace.note((due.system, due.place), began, ended)
    done = 0
    for due, found in made:
        with _kept_apart(due):
            index.store_findings(due, found)
            done += 1
    return done


@contextmanager
def _kept_apart(due: DueDeployment) -> Iterator[None]:
    """Log and count what goes wrong with ``due``; only an index that is away goes on up."""
    try:
        yield
    except IndexUnavailable:
        raise
    except Exception:
        log.exception("claims not compared system=%s place=%s", due.system, due.place)
        metrics.count(STEP, "failed")


def deleted_documents(index: Index) -> frozenset[str]:
    """Return the ids of documents whose page was deleted and is not back."""
    return frozenset(key for key, value in index.memory(DELETED_KIND) if value.get("gone"))


def findings_of(index: Index, due: DueDeployment, gone: Collection[str]) -> list[Finding]:
    """Return what is to be stored of ``due``: what holds, and what has just ceased to hold."""
    claims = index.sourced_claims(due.system, due.place)
    made = make_findings(due, claims, gone=gone)
    stored = [
        one for one in index.findings(FindingQuery(systems=(due.system,))) if one.place == due.place
    ]
    here = {one.document_id for one in claims} | {one.id for one in made}
    ended = [one for one in stored if one.id not in here and one.resolved_at is None]
    silent = {name for one in ended for name in quoted_documents(one)} - here
    return with_resolved(
        made,
        stored,
        version=due.version,
        claims=claims,
        gone=gone,
        dropped={name for name in silent if index.get_document(name) is None},
        now=datetime.now(timezone.utc),
    )
