"""The words of this package as records: story, placement, development."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import datetime

    from connectors.records import Claim


class ClaimKey(NamedTuple):
    """A claim without the words it was made in; what is not said is an empty string.

    A tuple, because keys are hashed and compared a hundred times for each article.
    """

    system: str
    place: str
    status: str
    when: str = ""
    speaker: str = ""


MAX_WHEN_CHARS = 10
MAX_SPEAKER_CHARS = 16


def short_key(claim: Claim) -> ClaimKey:
    """Return the key of ``claim`` as it is remembered: ten characters are a day.

    A bar parts the fields of a claim in the state, so none is kept in a field.
    """
    return ClaimKey(
        claim.system,
        claim.place or "",
        claim.status,
        (claim.when or "").replace("|", " ")[:MAX_WHEN_CHARS],
        (claim.speaker or "").replace("|", " ")[:MAX_SPEAKER_CHARS],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What is known of a story after a placement; ``size`` counts articles, copies included."""

    id: str
    subjects: tuple[str, ...]
    outlets: tuple[str, ...]
    languages: tuple[str, ...]
    size: int
    first_at: datetime
    last_at: datetime
    claims: tuple[ClaimKey, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Development:
    """Something that may alert, whoever reports it first.

    ``id`` depends on the development alone (see :mod:`pipelines.stories.developments`).
    ``sources_before`` and ``sources`` count the outlets that reported it without and with this
    article, copies left out.
    """

    id: str
    subject: str
    kind: str
    sources_before: int
    sources: int
    quote: str = ""
    new_claims: tuple[Claim, ...] = ()
    old_claims: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where an article belongs.

    ``copy_of`` is the id of the earliest document it is a copy or near-copy of; ``similarity``
    is then in (0, 1], 1.0 for the same words. ``follows`` is the earlier story of the same
    subjects that this one continues. ``late`` marks an article older than the book accepts as
    news; ``revised`` one whose document was placed before.
    """

    story_id: str
    story: Story
    copy_of: str | None = None
    similarity: float | None = None
    new_story: bool = False
    follows: str | None = None
    late: bool = False
    revised: bool = False
    developments: tuple[Development, ...] = ()
