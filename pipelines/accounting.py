"""Read the process's own metrics back: what each step did, and how late it was."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from connectors import metrics

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Steps = dict[str, dict[str, int]]
QUANTILES = (0.5, 0.95, 0.99)


def read_steps(*, since: Steps | None = None) -> Steps:
    """Return inputs by step and outcome, less those of ``since``; zeros are left out."""
    found: Steps = defaultdict(dict)
    for family in metrics.STEP_INPUTS.collect():
        for sample in family.samples:
            if not sample.name.endswith("_total"):
                continue
            step, outcome = sample.labels["step"], sample.labels["outcome"]
            number = int(sample.value) - ((since or {}).get(step, {}).get(outcome, 0))
            if number:
                found[step][outcome] = number
    return dict(found)


def read_lags(*, since: dict[str, dict[str, float]] | None = None) -> dict[str, dict[str, float]]:
    """Return for each kind of lag its cumulative buckets (upper bound in seconds → count)."""
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for family in metrics.LAG_SECONDS.collect():
        for sample in family.samples:
            if sample.name.endswith("_bucket"):
                kind, bound = sample.labels["kind"], sample.labels["le"]
                earlier = (since or {}).get(kind, {}).get(bound, 0)
                found[kind][bound] = sample.value - earlier
    return dict(found)


def quantile_secs(buckets: Mapping[str, float], quantile: float) -> float | None:
    """Return the upper bound of the bucket that holds ``quantile``, or None without a sample.

    >>> quantile_secs({"1.0": 0, "2.5": 9, "+Inf": 10}, 0.5)
    2.5
    """
    bounds: Sequence[tuple[float, float]] = sorted((float(b), n) for b, n in buckets.items())
    if not bounds or bounds[-1][1] <= 0:
        return None
    wanted = quantile * bounds[-1][1]
    return next(bound for bound, number in bounds if number >= wanted)
