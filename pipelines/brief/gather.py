"""Read from an index what a briefing shows."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING

from pipelines.brief.model import Contradiction, Side, told_at
from pipelines.brief.page import render_brief

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from connectors.index import Index
    from connectors.records import Alert, Claim, Document

MAX_DOCUMENTS = 5000
"""Newest documents shown: a page of this size still filters within a blink."""


def render_brief_of(  # noqa: PLR0913 - every one but the index has a default
    index: Index,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    subjects: Sequence[str] = (),
    names: Mapping[str, str] | None = None,
    live_version: str | None = None,
    now: datetime | None = None,
) -> str:
    """Return the briefing over what ``index`` holds.

    Args:
        index: open for reading.
        since: only articles told from then on.
        until: only articles told before.
        subjects: only articles and alerts of these subjects; all when empty.
        names: names by subject id; None takes those of the shipped subjects.
        live_version: see :func:`pipelines.brief.page.render_brief`.
        now: the instant printed on the page (default: the clock).

    Raises:
        connectors.index.IndexUnavailable: the index cannot be read.
    """
    documents = select_documents(index.documents(), since=since, until=until, subjects=subjects)
    alerts = [
        alert
        for alert in index.alerts()
        if (not subjects or alert.subject in subjects)
        and (since is None or alert.created_at >= since)
        and (until is None or alert.created_at < until)
    ]
    return render_brief(
        documents,
        alerts=alerts,
        generated_at=now or datetime.now(timezone.utc),
        subjects=subject_names() if names is None else names,
        contradictions=contradictions_of(alerts, documents),
        live_version=live_version,
    )


def select_documents(
    documents: Iterable[Document],
    *,
    since: datetime | None,
    until: datetime | None,
    subjects: Sequence[str],
) -> list[Document]:
    """Return the newest ``MAX_DOCUMENTS`` documents that fit."""
    wanted = frozenset(subjects)
    fitting = [
        one
        for one in documents
        if (since is None or told_at(one) >= since)
        and (until is None or told_at(one) < until)
        and (not wanted or not wanted.isdisjoint(one.subjects))
    ]
    return sorted(fitting, key=told_at, reverse=True)[:MAX_DOCUMENTS]


def subject_names(paths: Sequence[str] | None = None) -> dict[str, str]:
    """Return the English (else any) name of each subject of the files at ``paths``.

    Raises:
        pipelines.detection.SubjectsError: the files are at fault.
    """
    # The models of the rules take a second to import: who only renders does not wait for it.
    from pipelines.detection.loading import (  # noqa: PLC0415
        default_subjects_dir,
        read_files,
        subject_files,
    )

    files = subject_files([default_subjects_dir()] if paths is None else paths)
    return {
        subject.id: subject.names.get("en") or next(iter(subject.names.values()))
        for source in read_files(files)
        for subject in source.content.subjects
    }


def contradictions_of(
    alerts: Iterable[Alert], documents: Iterable[Document]
) -> tuple[Contradiction, ...]:
    """Return the contradictions that were alerted, each side with the first document saying it.

    A side whose document is not among ``documents`` cannot be quoted; a contradiction with
    fewer than two quotable sides is left out.
    """
    sources: dict[tuple[str, ...], tuple[Claim, Document]] = {}
    for document in sorted(documents, key=told_at):
        for claim in document.claims:
            sources.setdefault(_said(claim), (claim, document))
    found: dict[tuple[tuple[str, ...], ...], Contradiction] = {}
    for alert in alerts:
        if alert.development != "contradiction":
            continue
        said = dict.fromkeys(_said(claim) for claim in (*alert.old_claims, *alert.new_claims))
        told = [sources[each] for each in said if each in sources]
        if len(told) > 1:
            found.setdefault(tuple(sorted(said)), _contradiction(told))
    return tuple(found.values())


def _said(claim: Claim) -> tuple[str, ...]:
    speaker = (claim.speaker or "").lower()
    return claim.system, claim.place or "", claim.status, claim.when or "", speaker


def _contradiction(told: Sequence[tuple[Claim, Document]]) -> Contradiction:
    first = told[0][0]
    by_status = len({claim.status for claim, _ in told}) > 1
    return Contradiction(
        system=first.system,
        place=first.place,
        about="status" if by_status else "when",
        sides=tuple(
            Side(
                value=claim.status if by_status or not claim.when else claim.when,
                claim=claim,
                document=document,
            )
            for claim, document in told
        ),
    )
