"""Whether a claim tells what an earlier one has told, or of another time; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.times import interval

if TYPE_CHECKING:
    from connectors.records import Claim

FORECAST_CHARS = 400
"""From what may be by a time to what its speaker goes on with."""


def is_the_same_forecast(known: Claim, claim: Claim) -> bool:
    """Say whether it goes on with what may be by a time: "It may be in May. We will base it"."""
    if (known.status, claim.status, claim.when) != ("possible", "planned", None):
        return False
    if (known.system, known.place, known.speaker) != (claim.system, claim.place, claim.speaker):
        return False
    is_near = claim.start - known.end < FORECAST_CHARS
    return is_near and known.when is not None and known.speaker is not None


def is_another_strike(known: Claim, claim: Claim) -> bool:
    """Say whether a strike was at a time of its own: "It was first used in November 2024"."""
    if claim.status != "used" or known.when is None or claim.when is None:
        return False
    first, last = interval(claim.when)
    begun, ended = interval(known.when)
    return last < begun or ended < first
