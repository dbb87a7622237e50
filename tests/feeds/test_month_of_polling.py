"""The schedule in a small simulated month: tools/bench_polling.py tells of the large one."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

TOOL = Path(__file__).parents[2] / "tools" / "bench_polling.py"


@pytest.fixture(scope="module")
def bench():
    spec = importlib.util.spec_from_file_location("bench_polling", TOOL)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


@pytest.fixture(scope="module")
def figures(bench):
    ((_, _, found),) = bench.simulate([1], feeds=60, days=14)
    return found


def test_fewer_requests_than_by_the_clock(figures):
    assert figures["fixed"]["requests_per_feed_day"] == pytest.approx(96, abs=0.5)
    assert figures["ours"]["requests_per_feed_day"] < 0.45 * 96


def test_news_are_found_about_as_soon_as_by_the_clock(figures):
    assert figures["ours"]["p50_secs"] < 1.15 * figures["fixed"]["p50_secs"]
    assert figures["ours"]["p90_secs"] < 2400
    assert figures["ours"]["p99_secs"] < 7200


def test_no_more_entries_are_missed_than_by_the_clock_by_much(figures):
    ours, fixed = figures["ours"], figures["fixed"]
    assert ours["entries"] + ours["lost"] > 0.98 * (fixed["entries"] + fixed["lost"])
    assert ours["lost"] < 0.02 * ours["entries"]


def test_validators_save_bytes(figures):
    assert figures["ours"]["saved_mb_per_feed_day"] > 0.3
    assert 0.2 < figures["ours"]["not_modified_share"] < 0.8


def test_the_same_seed_gives_the_same_figures(bench):
    first, again = (list(bench.simulate([3], feeds=4, days=3)) for _ in range(2))
    assert first == again


def test_a_feed_that_reads_every_entry_reads_each_once(bench):
    world = bench.World(
        published=[float(n * 7200) for n in range(1, 100)],
        entry_ids=tuple(f"{n:x}" for n in range(119, 0, -1)),
        document=20,
        validator="honest",
        wish_secs=None,
        body_bytes=50_000,
        phase=0.0,
    )
    tally = bench.poll_adaptively(world, 1, 0, 9)
    assert (sum(map(len, tally.delays)), tally.lost) == (99, 0)
