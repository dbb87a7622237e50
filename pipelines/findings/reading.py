"""Findings as people see them: of this moment, whether stored already or not, and as timelines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from connectors.index import FindingQuery, fits
from pipelines.claims.disagreement.history import ASIDE, STAGES
from pipelines.findings.keeping import deleted_documents, findings_of
from pipelines.findings.making import STAGE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from connectors.index import Index
    from connectors.records import Finding

MAX_DUE = 200
"""Deployments compared while a reader waits; a job at work leaves none or a few."""

ORDER = (*STAGES, *ASIDE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """The timeline of one deployment: its stages in order, and what its sources differ in."""

    system: str
    place: str | None
    stages: tuple[Finding, ...]
    revisions: tuple[Finding, ...] = ()
    disagreements: tuple[Finding, ...] = ()


def current_findings(index: Index, query: FindingQuery | None = None) -> list[Finding]:
    """Return the findings that fit, by their last source, newest first.

    Those of deployments that are still due are made here and now, and not stored: a reader sees
    the claims of this moment in any case.
    """
    query = query or FindingQuery()
    found = index.findings(query)
    due = index.due_deployments(limit=MAX_DUE)
    if not due:
        return found
    gone = deleted_documents(index)
    fresh = {one.id: one for each in due for one in findings_of(index, each, gone)}
    kept = [one for one in found if one.id not in fresh]
    return sorted([*kept, *(one for one in fresh.values() if fits(one, query))], key=_newest)


def _newest(one: Finding) -> tuple[float, str]:
    return -(one.last_at.timestamp() if one.last_at else 0.0), one.id


def courses_of(findings: Iterable[Finding]) -> tuple[Course, ...]:
    """Return a timeline for each deployment that some source still tells of, by its name.

    Resolved findings are left out.
    """
    groups: dict[tuple[str, str], list[Finding]] = {}
    for one in findings:
        if one.resolved_at is None:
            groups.setdefault((one.system, one.place or ""), []).append(one)
    courses = []
    for (system, place), group in sorted(groups.items()):
        stages = [one for one in group if one.kind == STAGE]
        if stages:
            courses.append(
                Course(
                    system=system,
                    place=place or None,
                    stages=tuple(sorted(stages, key=lambda one: ORDER.index(one.about))),
                    revisions=tuple(one for one in group if one.kind == "revision"),
                    disagreements=tuple(one for one in group if one.kind == "contradiction"),
                )
            )
    return tuple(courses)
