"""What becomes of an article after it was told: its claims are corrected, or its page is deleted.

The names of both depend on the document alone, so that a look repeated after a crash tells the
same once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.records import stable_id
from pipelines.stories.developments import bare_claim
from pipelines.stories.member import usable_claims
from pipelines.stories.model import Development, short_key

if TYPE_CHECKING:
    from connectors.records import Document
    from pipelines.stories.member import Member

DELETION = "deletion"


def revision_of(document: Document, now: Member, before: Member) -> tuple[Development, ...]:
    """Return the correction that a returning document makes: its claims are other ones."""
    gone = [key for key in before.claims if key not in now.claims]
    fresh = [key for key in now.claims if key not in before.claims]
    if not gone:
        return ()
    claims = {short_key(claim): claim for claim in reversed(document.claims)}
    new = tuple(claims.get(key) or bare_claim(key) for key in fresh)
    parts = [f"{k.system}|{k.place}|{k.status}|{k.when}|{k.speaker}" for k in sorted(now.claims)]
    return (
        Development(
            id=stable_id("correction", document.article.id, *parts),
            subject=gone[0].system,
            kind="revision",
            sources_before=0,
            sources=1,
            quote=new[0].evidence if new else "",
            new_claims=new,
            old_claims=tuple(bare_claim(key) for key in gone),
        ),
    )


def deletion_of(document: Document, member: Member, *, sources: int) -> tuple[Development, ...]:
    """Return the deletion of an article that told something itself: once for each subject.

    The first that a rule wants to hear is alerted, so it is one alert. What is deleted is quoted
    in full: nobody can look it up any more. A copy's deletion is no news, its original stands.

    Args:
        document: the article as it was last seen, marked as deleted.
        member: what the book keeps of it.
        sources: outlets that told what it told.
    """
    if member.copy_of is not None or not sources:
        return ()
    claims = usable_claims(document)
    subjects = dict.fromkeys([claim.system for claim in claims] + list(member.subjects))
    quotes = [claim.evidence for claim in claims] or [one.quote for one in document.mentions]
    return tuple(
        Development(
            id=stable_id(DELETION, document.article.id),
            subject=subject,
            kind=DELETION,
            sources_before=0,
            sources=sources,
            quote=quotes[0] if quotes else "",
            old_claims=claims,
        )
        for subject in subjects
    )
