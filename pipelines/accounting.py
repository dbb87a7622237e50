"""The accounting: what each step did, how late it was, and whether every entry is accounted for."""

from __future__ import annotations

import math
from collections import defaultdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from connectors import metrics
from connectors.records import BACKFILL_FEED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from connectors.index import Totals
    from connectors.records import Alert, Document

Steps = dict[str, dict[str, int]]
QUANTILES = (0.5, 0.95, 0.99)
OUTCOMES = frozenset({"pending", "indexed", "duplicate", "discarded", "dead_letter"})
"""How an entry of the ledger can stand: their numbers add up to every entry ever seen."""

TRUSTED_DATES = frozenset({"feed", "json_ld", "meta"})
"""Sources of ``published_at`` that may enter a lag; htmldate invents dates."""

RATE_SAMPLE = 100
"""Fewer documents than this are simply counted: a span of theirs says little."""


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


def exact_quantiles(values: Sequence[float]) -> dict[str, float] | None:
    """Return the nearest-rank quantiles of ``values`` as ``p50``, ``p95``, ``p99``.

    >>> exact_quantiles([4.0, 1.0, 2.0, 3.0])
    {'p50': 2.0, 'p95': 4.0, 'p99': 4.0}
    """
    if not values:
        return None
    ordered = sorted(values)
    return {
        f"p{round(100 * q)}": ordered[max(0, math.ceil(q * len(ordered)) - 1)] for q in QUANTILES
    }


def unaccounted(totals: Totals, *, brought: int = 0) -> int:
    """Return how many entries break the accounting; 0 unless something is wrong.

    The ledger has a row per entry, so that its sum is every entry seen. What can be wrong is
    what stands beside it: entries that the feeds' own counts know and the ledger does not (they
    were lost), a row that ended as nothing known, and a dead letter whose stored input is
    missing (it could not be replayed), or the reverse.

    Args:
        totals: the accounting as the index gives it.
        brought: new entries by the feeds' own counts, read before ``totals``.
    """
    lost = max(0, brought - sum(totals.entries.values()))
    strange = sum(number for outcome, number in totals.entries.items() if outcome not in OUTCOMES)
    return lost + strange + abs(totals.entries.get("dead_letter", 0) - totals.dead_letters)


def document_lags(documents: Iterable[Document], alerts: Iterable[Alert]) -> dict[str, list[float]]:
    """Return the lags in seconds of stored documents and delivered alerts, by kind.

    The same kinds as :data:`connectors.metrics.LAG_SECONDS`, exact and over restarts, since
    they are read from the index. A negative lag counts as 0; unknown ends are left out.
    """
    lags: dict[str, list[float]] = {kind: [] for kind in metrics.LAG_KINDS}

    def add(kind: str, since: datetime | None, until: datetime | None) -> None:
        if since is not None and until is not None:
            lags[kind].append(max(0.0, (until - since).total_seconds()))

    for document in documents:
        article = document.article
        if article.feed_id == BACKFILL_FEED:
            continue
        if article.date_source in TRUSTED_DATES:
            add("publication", article.published_at, document.indexed_at)
            add("discovery", article.published_at, article.first_seen_at)
        add("processing", article.first_seen_at, document.indexed_at)
    for alert in alerts:
        add("alert", alert.published_at, alert.alerted_at)
    return lags


def hourly_rate(indexed_at: Sequence[datetime], now: datetime) -> float:
    """Return documents an hour over the last hour, from the moments of the newest ones.

    When the newest ones all fall into the hour, the rate is taken over the time they span: there
    are more in the hour than were looked at.

    >>> from datetime import timedelta, timezone
    >>> now = datetime(2025, 1, 1, tzinfo=timezone.utc)
    >>> hourly_rate([now - timedelta(minutes=m) for m in (1, 30, 90)], now)
    2.0
    """
    recent = [moment for moment in indexed_at if now - moment <= timedelta(hours=1)]
    if not recent or len(recent) < len(indexed_at) or len(recent) < RATE_SAMPLE:
        return float(len(recent))
    span = max((now - min(recent)).total_seconds(), 1.0)
    return round(3600 * len(recent) / span, 1)
