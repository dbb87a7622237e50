"""How a deployment went, as the sources tell it: pure functions over claims of many documents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.claims.disagreement.compare import by_age, by_deployment
from pipelines.claims.disagreement.pairing import contradictions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connectors.records import SourcedClaim
    from pipelines.claims.disagreement.compare import Disagreement

STAGES = ("requested", "possible", "planned", "underway", "completed")
"""The stages in their order; ``denied``, ``suspended`` and ``used`` stand outside it."""

ASIDE = ("denied", "suspended", "used")


@dataclass(frozen=True, slots=True, kw_only=True)
class StageReport:
    """One stage of a timeline: who said it, the earliest first and each source once, and when."""

    status: str
    said: tuple[SourcedClaim, ...]
    times: tuple[str, ...]

    @property
    def earliest(self) -> SourcedClaim:
        """The first to say it."""
        return self.said[0]

    @property
    def sources(self) -> int:
        """How many say it."""
        return len(self.said)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """How the deployment of ``system`` in ``place`` went, as the sources tell it."""

    system: str
    place: str | None
    stages: tuple[StageReport, ...]
    revisions: tuple[Disagreement, ...]
    disagreements: tuple[Disagreement, ...]


def timeline(
    claims: Sequence[SourcedClaim], told: Sequence[Disagreement] | None = None
) -> tuple[Timeline, ...]:
    """Return one timeline for each (system, place), stages in order, earliest source first.

    ``told`` is what :func:`~pipelines.claims.contradictions` says, if it was asked.
    """
    told = contradictions(claims) if told is None else told
    lines = []
    for (system, place), group in sorted(by_deployment(claims).items()):
        stages = [_stage(status, group) for status in (*STAGES, *ASIDE)]
        about = [d for d in told if (d.system, d.place or "") == (system, place)]
        lines.append(
            Timeline(
                system=system,
                place=place or None,
                stages=tuple(stage for stage in stages if stage is not None),
                revisions=tuple(d for d in about if d.relation == "revision"),
                disagreements=tuple(d for d in about if d.relation == "contradiction"),
            )
        )
    return tuple(lines)


def _stage(status: str, group: Sequence[SourcedClaim]) -> StageReport | None:
    said = sorted((c for c in group if c.claim.status == status), key=by_age)
    if not said:
        return None
    first: dict[str, SourcedClaim] = {}
    for one in said:
        first.setdefault(one.source_id, one)
    return StageReport(
        status=status,
        said=tuple(first.values()),
        times=tuple(dict.fromkeys(c.claim.when for c in said if c.claim.when)),
    )
