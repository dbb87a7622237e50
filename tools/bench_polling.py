"""Simulate a month of polling under a virtual clock: this schedule against fixed 15 minutes.

The feeds are drawn from a seed: how often they publish, in which time zone and at which hours,
in bursts or alone, with honest, lying or no validators, with and without wishes of their own.
Each poll is decided by :func:`connectors.feed_schedule.next_state`, the function of the real
source; nothing of the schedule is copied here. A feed jumps from poll to poll, so a month of
10,000 feeds takes minutes. The fixed clock polls the same feeds every 15 minutes, whatever they
wish, at a phase of their own.

Figures: requests per feed and day; discovery delay of an entry, from its publication to the poll
that first shows it; staleness, the share of time in which a feed has published something that
was not read yet; bytes the validators saved; entries that left a document unread.

Run: python tools/bench_polling.py [--feeds 10000] [--days 30] [--seeds 1 2 3] [--jobs 2]
"""

from __future__ import annotations

import argparse
import gc
import json
import math
import os
import random
from bisect import bisect_right
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from multiprocessing import get_context
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from connectors.feed_polling import request_headers
from connectors.feed_schedule import PollReport, next_state
from connectors.records import PollState

if TYPE_CHECKING:
    from collections.abc import Iterator

Part: TypeAlias = tuple[int, int, int, int]
"""Seed, first feed, the one after the last, days."""

START = datetime(2024, 1, 1, tzinfo=timezone.utc)
HOUR, DAY = 3600.0, 86_400.0
FIXED_SECS = 900.0
NOT_MODIFIED_BYTES = 400
PART = 100
QUANTILES = (50, 90, 99)

MEDIAN_A_DAY, SIGMA, MOST_A_DAY = 8.0, 1.35, 800.0
"""Entries a day and feed, log-normal: half publish fewer than eight, one in a hundred over 180."""

SILENT_SHARE = 0.08
"""Feeds that publish nothing, or one or two entries a month."""

ZONES = ((0.40, (0, 1, 2, 3)), (0.22, (4, 5, 7, 8, 9)), (0.38, (-8, -7, -6, -5, -3)))
KINDS = (
    ("newspaper", 0.40),
    ("wire", 0.12),
    ("office", 0.18),
    ("blog", 0.18),
    ("digest", 0.12),
)
VALIDATORS = (("honest", 0.58), ("none", 0.22), ("changing", 0.14), ("stale", 0.06))
"""``changing``: a new ETag and new bytes at every request (a clock in the feed). ``stale``: a
cache answers 304 for up to ten minutes after the feed has changed."""

STALE_SECS = 600.0
WISHES = ((0.70, None), (0.04, 300), (0.04, 600), (0.06, 900), (0.06, 1800), (0.10, 3600))
"""``ttl``, ``sy:updatePeriod`` or ``Cache-Control``; an hour is what blog programs say unasked."""

FAILED_SHARE = 0.004
"""Polls that fail, by a time-out or a server's error; the fixed clock meets them too."""

BURST_A_MONTH = 4
"""Big stories a feed follows: six hours at four times its rate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """One feed as it is: what it publishes, and how its server behaves."""

    published: list[float]
    entry_ids: tuple[str, ...]
    document: int
    validator: str
    wish_secs: int | None
    body_bytes: int
    phase: float


@dataclass(slots=True, kw_only=True)
class Tally:
    """What polling one or many feeds came to."""

    requests: int = 0
    not_modified: int = 0
    bytes_sent: int = 0
    bytes_saved: int = 0
    stale_secs: float = 0.0
    lost: int = 0
    delays: list[np.ndarray] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        self.requests += other.requests
        self.not_modified += other.not_modified
        self.bytes_sent += other.bytes_sent
        self.bytes_saved += other.bytes_saved
        self.stale_secs += other.stale_secs
        self.lost += other.lost
        self.delays += other.delays

    def packed(self) -> Tally:
        self.delays = [np.concatenate(self.delays)] if self.delays else []
        return self


def pick(dice: np.random.Generator, choices: tuple[tuple[str, float], ...]) -> str:
    names, shares = zip(*choices, strict=True)
    return str(dice.choice(names, p=np.array(shares) / sum(shares)))


def hourly_weights(kind: str, zone: int, dice: np.random.Generator, days: int) -> np.ndarray:
    """Return the weight of each hour of the run (UTC), 1 on average."""
    local = (np.arange(days * 24) + zone) % 24
    weekend = (np.arange(days * 24) + zone) // 24 % 7 >= 5
    if kind == "wire":
        weights = np.where((local >= 6) & (local < 23), 1.0, 0.35)
        weights *= np.where(weekend, 0.7, 1.0)
    elif kind == "office":
        weights = np.where((local >= 9) & (local < 18), 1.0, 0.01)
        weights *= np.where(weekend, 0.03, 1.0)
    elif kind == "blog":
        weights = np.where((local >= 8) & (local < 24), 1.0, 0.1)
    else:
        weights = np.where((local >= 7) & (local < 22), 1.0, 0.08)
        weights *= np.where((local >= 7) & (local < 11), 1.5, 1.0)
        weights *= np.where(weekend, 0.5, 1.0)
    for start in dice.integers(0, days * 24, dice.poisson(BURST_A_MONTH * days / 30)):
        weights[start : start + 6] *= 4.0
    return weights / max(weights.mean(), 1e-9)


def publish(dice: np.random.Generator, days: int) -> np.ndarray:
    """Return when the feed publishes, in seconds from the start of the run."""
    zone_group = ZONES[dice.choice(len(ZONES), p=[share for share, _ in ZONES])][1]
    zone = int(dice.choice(zone_group))
    kind = pick(dice, KINDS)
    if dice.random() < SILENT_SHARE:
        return np.sort(dice.random(dice.integers(0, 3)) * days * DAY)
    rate = min(MEDIAN_A_DAY * math.exp(dice.normal(0.0, SIGMA)), MOST_A_DAY)
    if kind == "office":
        rate = min(rate / 3, 40.0)
    if kind == "digest":
        return publish_digest(dice, days, zone, min(rate, 30.0))
    batch = 1.0 + dice.exponential(0.6)
    counts = dice.poisson(hourly_weights(kind, zone, dice, days) * rate / 24 / batch)
    starts = np.repeat(np.arange(days * 24), counts) * HOUR
    starts = starts + dice.random(len(starts)) * HOUR
    sizes = dice.geometric(1 / batch, len(starts))
    times = np.repeat(starts, sizes)
    times = times + dice.random(len(times)) * 120.0 * (np.repeat(sizes, sizes) > 1)
    return np.sort(times)


def publish_digest(dice: np.random.Generator, days: int, zone: int, rate: float) -> np.ndarray:
    """A feed that publishes its day's entries together, at one to three fixed hours."""
    hours = dice.choice(24, dice.integers(1, 4), replace=False)
    weekdays_only = dice.random() < 0.6
    times = []
    for day in range(days):
        if weekdays_only and day % 7 >= 5:
            continue
        for hour in hours:
            at = day * DAY + ((hour - zone) % 24) * HOUR + dice.normal(600, 420)
            amount = dice.poisson(max(rate / len(hours), 0.7))
            times.append(at + dice.random(amount) * 60.0)
    found = np.sort(np.concatenate(times)) if times else np.zeros(0)
    return found[(found >= 0) & (found < days * DAY)]


def draw(seed: int, number: int, days: int) -> World:
    """Return feed ``number`` of the world of ``seed``."""
    dice = np.random.default_rng((seed, number))
    times = publish(dice, days)
    document = int(dice.choice((10, 15, 20, 25, 30, 50, 100)))
    ids = tuple(f"{n:x}" for n in range(len(times) + document, 0, -1))
    wishes = np.array([share for share, _ in WISHES])
    return World(
        published=times.tolist(),
        entry_ids=ids,
        document=document,
        validator=pick(dice, VALIDATORS),
        wish_secs=WISHES[dice.choice(len(WISHES), p=wishes / wishes.sum())][1],
        body_bytes=int(min(max(dice.lognormal(10.8, 0.8), 4000), 3_000_000)),
        phase=float(dice.random()),
    )


def ask(world: World, state: PollState, at: float, read: int) -> tuple[PollReport, int, bool]:
    """Return what a poll at ``at`` finds, how many entries are out for it, and if it was a 304."""
    shown_at = at - STALE_SECS if world.validator == "stale" else at
    visible = max(bisect_right(world.published, shown_at), read)
    changes = world.validator == "changing"
    tag = None if world.validator == "none" else f'"{at if changes else visible}"'
    if tag is not None and request_headers(state).get("If-None-Match") == tag:
        return PollReport(outcome="not_modified", ttl_secs=world.wish_secs), read, True
    body_hash = f"{at if changes else visible}"
    if state.body_hash == body_hash and state.failures == 0:
        return PollReport(outcome="not_modified", ttl_secs=world.wish_secs), read, False
    first = state.last_success_at is None
    end = len(world.published) - visible
    report = PollReport(
        outcome="ok",
        etag=tag,
        body_hash=body_hash,
        seen=world.document,
        new=world.document if first else min(visible - read, world.document),
        entry_ids=world.entry_ids[end : end + world.document],
        ttl_secs=world.wish_secs,
    )
    return report, visible, False


def poll_adaptively(world: World, seed: int, number: int, days: int) -> Tally:
    """Poll one feed for the whole run by the real schedule."""
    dice = random.Random(f"{seed} {number}")
    tally, times, ends_at = Tally(), world.published, days * DAY
    state = PollState(feed_id="f", url="https://example.org/feed")
    at, read = world.phase * FIXED_SECS, 0
    delays: list[float] = []
    while at < ends_at:
        tally.requests += 1
        if dice.random() < FAILED_SHARE:
            report = PollReport(outcome="server_error", detail="HTTP 503")
        else:
            report, visible, saved = ask(world, state, at, read)
            tally.not_modified += saved
            tally.bytes_saved += saved * (world.body_bytes - NOT_MODIFIED_BYTES)
            tally.bytes_sent += NOT_MODIFIED_BYTES if saved else world.body_bytes
            if state.last_success_at is not None and visible > read:
                kept = max(read, visible - world.document)
                tally.lost += kept - read
                tally.stale_secs += at - times[read]
                delays += [at - one for one in times[kept:visible]]
            read = visible
        now = START + timedelta(seconds=at)
        state = next_state(state, report, now=now, jitter=dice.random())
        if state.next_poll_at is None:
            break
        at = (state.next_poll_at - START).total_seconds()
    tally.delays = [np.array(delays)]
    return tally


def poll_by_clock(world: World, seed: int, number: int, days: int) -> Tally:
    """Poll one feed every 15 minutes, with validators."""
    dice = np.random.default_rng((seed, number, 2))
    polls = np.arange(world.phase * FIXED_SECS, days * DAY, FIXED_SECS)
    polls = polls[dice.random(len(polls)) >= FAILED_SHARE]
    requests = math.ceil((days * DAY - world.phase * FIXED_SECS) / FIXED_SECS)
    times = np.array(world.published)
    times = times[times > polls[0]]
    shown = times + (STALE_SECS if world.validator == "stale" else 0.0)
    at = np.searchsorted(polls, shown)
    seen = at < len(polls)
    places, first, counts = np.unique(at[seen], return_index=True, return_counts=True)
    delays = polls[at[seen]] - times[seen]
    saves = world.validator in {"honest", "stale"}
    unchanged = (len(polls) - len(places) - 1) * saves
    return Tally(
        requests=requests,
        not_modified=unchanged,
        bytes_saved=unchanged * (world.body_bytes - NOT_MODIFIED_BYTES),
        bytes_sent=(len(polls) - unchanged) * world.body_bytes + unchanged * NOT_MODIFIED_BYTES,
        stale_secs=float((polls[places] - times[seen][first]).sum()),
        lost=int(np.maximum(counts - world.document, 0).sum()),
        delays=[delays],
    )


def run_part(part: Part) -> tuple[Part, Tally, Tally]:
    """Simulate feeds ``first`` to ``last`` of the world of ``seed`` under both schedules."""
    gc.disable()  # nothing here refers to itself, and half a million states pass by
    seed, first, last, days = part
    ours, fixed = Tally(), Tally()
    for number in range(first, last):
        world = draw(seed, number, days)
        ours.add(poll_adaptively(world, seed, number, days))
        fixed.add(poll_by_clock(world, seed, number, days))
    return part, ours.packed(), fixed.packed()


def describe(tally: Tally, feeds: int, days: int) -> dict[str, float]:
    """Return the figures of a run."""
    delays = np.concatenate(tally.delays)
    named = {f"p{q}_secs": round(float(np.percentile(delays, q))) for q in QUANTILES}
    return {
        "requests_per_feed_day": round(tally.requests / feeds / days, 1),
        **named,
        "mean_secs": round(float(delays.mean())),
        "stale_share": round(tally.stale_secs / (feeds * days * DAY), 4),
        "not_modified_share": round(tally.not_modified / tally.requests, 3),
        "sent_mb_per_feed_day": round(tally.bytes_sent / feeds / days / 1e6, 2),
        "saved_mb_per_feed_day": round(tally.bytes_saved / feeds / days / 1e6, 2),
        "entries": len(delays),
        "lost": tally.lost,
    }


def simulate(
    seeds: list[int], *, feeds: int, days: int, jobs: int = 1
) -> Iterator[tuple[int, int, dict[str, dict[str, float]]]]:
    """Yield (seed, feeds so far, figures of both schedules) after each thousandth feed or last.

    The seeds take turns, so that a run that is stopped has something of each.
    """
    parts = [
        (seed, at, min(at + PART, feeds), days) for at in range(0, feeds, PART) for seed in seeds
    ]
    totals = {seed: (Tally(), Tally()) for seed in seeds}
    done = dict.fromkeys(seeds, 0)
    with get_context("spawn").Pool(jobs) if jobs > 1 else nullcontext() as pool:
        for part, ours, fixed in pool.imap(run_part, parts) if pool else map(run_part, parts):
            seed, first, last, _ = part
            totals[seed][0].add(ours)
            totals[seed][1].add(fixed)
            done[seed] += last - first
            if done[seed] == feeds or done[seed] % 1000 == 0:
                mine, clock = (describe(one, done[seed], days) for one in totals[seed])
                yield seed, done[seed], {"ours": mine, "fixed": clock}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--feeds", type=int, default=10_000)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)))
    args = parser.parse_args()
    runs = simulate(args.seeds, feeds=args.feeds, days=args.days, jobs=args.jobs)
    for seed, feeds, found in runs:
        for name in ("fixed", "ours"):
            print(f"seed={seed} feeds={feeds} {name:>5} {json.dumps(found[name])}", flush=True)
        fewer = 1 - found["ours"]["requests_per_feed_day"] / found["fixed"]["requests_per_feed_day"]
        print(f"seed={seed} feeds={feeds} {fewer:.1%} fewer requests", flush=True)


if __name__ == "__main__":
    main()
