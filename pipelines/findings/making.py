"""Findings out of the claims about one deployment: pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from connectors.records import Finding, stable_id
from pipelines.claims import contradictions, timeline

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime

    from connectors.index import DueDeployment
    from connectors.records import SourcedClaim
    from pipelines.claims import Disagreement, StageReport

MAX_QUOTES = 5
"""Sources of one side that are kept with their words: the earliest. All are counted."""

MAX_VALUES = 50
"""Times of one stage and stories of one finding that are listed."""

STAGE = "stage"


def make_findings(
    due: DueDeployment, claims: Iterable[SourcedClaim], *, gone: Collection[str] = ()
) -> list[Finding]:
    """Return what the claims about ``due`` add up to now, none of it resolved.

    The same claims, in any order, give the same findings. ``gone`` are ids of documents whose
    page was deleted: they uphold nothing any more.
    """
    upheld = [one for one in claims if one.document_id not in gone]
    told = contradictions(upheld)
    stages = [stage for line in timeline(upheld, told) for stage in line.stages]
    made = [_difference(one) for one in told]
    made += [_stage(due, one) for one in stages]
    return [replace(one, version=due.version) for one in made]


def with_resolved(  # noqa: PLR0913 - what was and what is, all by name
    made: Sequence[Finding],
    stored: Iterable[Finding],
    *,
    version: int,
    claims: Iterable[SourcedClaim],
    gone: Collection[str],
    dropped: Collection[str],
    now: datetime,
) -> list[Finding]:
    """Return ``made`` and those of ``stored`` that it holds no more, marked as resolved.

    Args:
        made: what holds now.
        stored: what the index has of the same deployment.
        version: of the deployment.
        claims: all that is claimed about it now.
        gone: ids of documents whose page was deleted.
        dropped: ids of documents that the index does not keep any more.
        now: when the end of a finding is noticed.
    """
    here = {one.id for one in made}
    said = {_words(one) for one in claims}
    ended = [one for one in stored if one.id not in here and one.resolved_at is None]
    return [
        *made,
        *(
            replace(
                one,
                resolved_at=now,
                resolution=_resolution(one, said, gone, dropped),
                version=version,
            )
            for one in ended
        ),
    ]


def _resolution(
    one: Finding,
    said: Collection[tuple[str, ...]],
    gone: Collection[str],
    dropped: Collection[str],
) -> str:
    """Return why it holds no more: what became of its sources, or that others explain it."""
    quoted = quoted_documents(one)
    if quoted & set(gone):
        return "deleted"
    if quoted & set(dropped):
        return "expired"
    upheld = all(_words(each) in said for side in one.sides for each in side)
    return "explained" if upheld else "revised"


def quoted_documents(one: Finding) -> set[str]:
    """Return the ids of the documents whose words ``one`` keeps."""
    return {said.document_id for side in one.sides for said in side}


def _words(one: SourcedClaim) -> tuple[str, ...]:
    claim = one.claim
    return one.document_id, claim.status, claim.when or "", claim.speaker or ""


def _difference(told: Disagreement) -> Finding:
    sides = (told.one, told.other)
    seen = [min(s.first_seen_at for s in side if s.first_seen_at) for side in sides if _seen(side)]
    return Finding(
        id=told.id,
        kind=told.relation,
        about=told.kind,
        system=told.system,
        place=told.place,
        statuses=tuple(sorted({one.claim.status for side in sides for one in side})),
        values=told.between,
        sides=tuple(_sources(side)[:MAX_QUOTES] for side in sides),
        sources=tuple(len(_sources(side)) for side in sides),
        opened_at=max(seen, default=None),
        **_facts([*told.one, *told.other]),
    )


def _stage(due: DueDeployment, stage: StageReport) -> Finding:
    seen = [one.first_seen_at for one in stage.said if one.first_seen_at]
    return Finding(
        id=stable_id(STAGE, due.system, due.place or "", stage.status),
        kind=STAGE,
        about=stage.status,
        system=due.system,
        place=due.place,
        statuses=(stage.status,),
        values=stage.times[:MAX_VALUES],
        sides=(stage.said[:MAX_QUOTES],),
        sources=(stage.sources,),
        opened_at=min(seen, default=None),
        **_facts(stage.said),
    )


def _seen(side: Sequence[SourcedClaim]) -> bool:
    return any(one.first_seen_at for one in side)


def _sources(side: Sequence[SourcedClaim]) -> tuple[SourcedClaim, ...]:
    first: dict[str, SourcedClaim] = {}
    for one in side:
        first.setdefault(one.source_id, one)
    return tuple(first.values())


def _facts(said: Sequence[SourcedClaim]) -> dict[str, Any]:
    told = [one.published_at for one in said if one.published_at]
    stories = dict.fromkeys(one.story_id for one in said if one.story_id)
    return {
        "outlets": tuple(sorted({one.outlet for one in said if one.outlet})),
        "languages": tuple(sorted({one.language for one in said if one.language})),
        "story_ids": tuple(stories)[:MAX_VALUES],
        "first_at": min(told, default=None),
        "last_at": max(told, default=None),
    }
