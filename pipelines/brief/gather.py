"""Read from an index what a briefing shows."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING

from connectors.index import FindingQuery
from pipelines.brief.model import told_at
from pipelines.brief.page import render_brief
from pipelines.findings import current_findings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from connectors.index import Index
    from connectors.records import Document

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
        subjects: only articles, alerts and findings of these subjects; all when empty.
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
        findings=current_findings(
            index, FindingQuery(systems=tuple(subjects), since=since, until=until)
        ),
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
