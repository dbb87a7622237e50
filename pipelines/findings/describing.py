"""Claims, stories and findings as the JSON objects of ``vigie search --json``: an interface.

The keys are listed in docs/search.md; nothing is left out when it is empty.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from connectors.records import to_json
from pipelines.findings.making import STAGE

if TYPE_CHECKING:
    from connectors.records import Claim, Document, Finding, SourcedClaim
    from pipelines.findings.reading import Course
    from pipelines.findings.searching import StoryFound


def describe_claim(document: Document, claim: Claim) -> dict[str, Any]:
    """Return one claim with the article that makes it."""
    article = document.article
    return {
        **to_json(claim),
        "url": article.url,
        "title": article.title,
        "language": article.language,
        "published_at": to_json(article.published_at),
        "outlet": article.outlet,
        "story_id": document.story_id,
        "copy_of": document.copy_of,
        "document_id": article.id,
    }


def describe_story(story: StoryFound) -> dict[str, Any]:
    """Return one story with what its articles have in common."""
    return {name: to_json(getattr(story, name)) for name in story.__slots__}


def describe_finding(finding: Finding) -> dict[str, Any]:
    """Return one finding; a stage has one side without a value of its own."""
    values = (None,) if finding.kind == STAGE else finding.values
    return {
        "id": finding.id,
        "kind": finding.kind,
        "about": finding.about,
        "system": finding.system,
        "place": finding.place,
        "statuses": list(finding.statuses),
        "values": list(finding.values),
        "state": "open" if finding.resolved_at is None else "resolved",
        "resolution": finding.resolution or None,
        "opened_at": to_json(finding.opened_at),
        "resolved_at": to_json(finding.resolved_at),
        "first_at": to_json(finding.first_at),
        "last_at": to_json(finding.last_at),
        "sides": [
            {"value": value, "sources": sources, "quotes": [_quote(one) for one in side]}
            for value, sources, side in zip(values, finding.sources, finding.sides, strict=True)
        ],
    }


def _quote(said: SourcedClaim) -> dict[str, Any]:
    claim = said.claim
    return {
        "evidence": claim.evidence,
        "status": claim.status,
        "when": claim.when,
        "speaker": claim.speaker,
        "outlet": said.outlet,
        "language": said.language,
        "published_at": to_json(said.published_at),
        "url": said.url,
        "document_id": said.document_id,
        "story_id": said.story_id,
    }


def describe_course(course: Course) -> dict[str, Any]:
    """Return the timeline of one deployment."""
    return {
        "system": course.system,
        "place": course.place,
        "stages": [
            {
                "status": one.about,
                "times": list(one.values),
                "first_at": to_json(one.first_at),
                "last_at": to_json(one.last_at),
                "sources": one.sources[0],
                "quotes": [_quote(said) for said in one.sides[0]],
            }
            for one in course.stages
        ],
        "revisions": [describe_finding(one) for one in course.revisions],
        "contradictions": [describe_finding(one) for one in course.disagreements],
    }
