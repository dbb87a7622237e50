"""Let DropSeen run through simulated weeks on a real Flink cluster, and watch its checkpoints.

    python tools/bench_state.py --days 45 --entries-a-day 2000

The days pass in event time: a source gives out a day's entries with that day's timestamps,
advances the watermark, and waits a second and a half. Nothing else is simulated: the step, its
state and its timers are those of the monitor. Prints one JSON object: the size of the newest
checkpoint at the end of each fifth day, and the bytes an address costs.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

import apache_beam as beam
from apache_beam.io.watermark_estimators import ManualWatermarkEstimator
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.transforms.window import TimestampedValue
from apache_beam.utils.timestamp import MAX_TIMESTAMP, Duration, Timestamp

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests" / "services"), str(ROOT)]

import flink_cluster  # noqa: E402 - found on the path that the line above adds

from connectors.backends import open_index  # noqa: E402
from connectors.feed_shards import ShardRounds  # noqa: E402
from connectors.index import IndexSettings  # noqa: E402
from connectors.records import Entry, stable_id  # noqa: E402
from pipelines.config_models import MetricsSettings  # noqa: E402
from pipelines.flink import FlinkPlan, environment_config, flink_options  # noqa: E402
from pipelines.flink_rest import FlinkRest  # noqa: E402
from pipelines.flink_runner import StableRunner  # noqa: E402
from pipelines.steps.seen import DropSeen  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator

START = datetime(2025, 1, 1, tzinfo=timezone.utc)
PAUSE_SECS = 1.5
LOOK_SECS = 0.5
PATIENCE_SECS = 900
JOB = "vigie-state"
KEPT_DAYS = 30
MIN_DAYS = 3


class DaysFn(beam.DoFn, ShardRounds):
    """One simulated day a round."""

    def __init__(self, days: int, entries_a_day: int, day_file: str) -> None:
        super().__init__()
        self._days, self._entries, self._file = days, entries_a_day, day_file

    @beam.DoFn.unbounded_per_element()
    def process(
        self,
        _: str,
        tracker: Any = beam.DoFn.RestrictionParam(),  # noqa: ANN401, B008
        watermark: Any = beam.DoFn.WatermarkEstimatorParam(  # noqa: ANN401, B008
            ManualWatermarkEstimator.default_provider()  # noqa: B008
        ),
    ) -> Iterator[TimestampedValue]:
        state = tracker.current_restriction()
        day = state.rounds
        if day >= self._days:
            if tracker.try_claim(replace(state, ended=True)):
                watermark.set_watermark(MAX_TIMESTAMP)
            return
        if not tracker.try_claim(replace(state, rounds=day + 1)):
            return
        moment = START + timedelta(days=day)
        for number in range(self._entries):
            name = f"{day}-{number}"
            entry = Entry(
                id=stable_id(name),
                feed_id="feed",
                feed_url="https://example.org/feed",
                url=f"https://example.org/{moment:%Y/%m/%d}/an-article-with-a-usual-name-{name}",
                first_seen_at=moment,
            )
            yield TimestampedValue(entry, Timestamp.of(moment.timestamp()))
        watermark.set_watermark(Timestamp.of(moment.timestamp()))
        Path(self._file).write_text(str(day + 1))
        tracker.defer_remainder(Duration(seconds=PAUSE_SECS))


def submit(cluster: flink_cluster.FlinkCluster, args: argparse.Namespace, folder: Path) -> None:
    settings = IndexSettings(location=f"sqlite:{folder}/v.db")
    index = open_index(settings)
    index.setup()
    index.close()
    plan = FlinkPlan(
        rest_url=cluster.rest_url, job_endpoint=cluster.job_endpoint, job_name=JOB,
        checkpoint_secs=1,
    )  # fmt: skip
    options = flink_options(plan, environment_config(plan, MetricsSettings(port=0)))
    pipeline = beam.Pipeline(runner=StableRunner(), options=PipelineOptions(options))
    days = DaysFn(args.days, args.entries_a_day, str(folder / "day"))
    _ = (
        pipeline
        | beam.Create(["days"], reshuffle=False)
        | "Days" >> beam.ParDo(days).with_output_types(Entry)
        | DropSeen(settings)
    )
    pipeline.run()


def watch(rest: FlinkRest, day_file: Path, days: int) -> dict[int, int]:
    """Return the bytes of the newest checkpoint while each day was the last one."""
    sizes: dict[int, int] = {}
    deadline = time.monotonic() + PATIENCE_SECS
    while time.monotonic() < deadline:
        job = rest.job(JOB)
        if job is not None and not job.lives:
            break
        day = int(day_file.read_text() or 0) if day_file.exists() else 0
        if job is not None and day:
            newest = rest._ask(f"/jobs/{job.id}/checkpoints")["latest"]["completed"]  # noqa: SLF001
            if newest:
                sizes[day] = int(newest["state_size"])
        if day >= days:
            break
        time.sleep(LOOK_SECS)
    return sizes


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--days", type=int, default=45)
    parser.add_argument("--entries-a-day", type=int, default=2000)
    args = parser.parse_args()
    os.chdir(ROOT)
    cluster = flink_cluster.FlinkCluster(slots=1)
    with tempfile.TemporaryDirectory() as name:
        try:
            cluster.start()
            began = time.monotonic()
            submit(cluster, args, Path(name))
            sizes = watch(FlinkRest(cluster.rest_url), Path(name) / "day", args.days)
        finally:
            cluster.close()
    if sum(day <= KEPT_DAYS for day in sizes) < MIN_DAYS:
        sys.exit(f"the job ended, or was too slow: checkpoints of {len(sizes)} days only")
    first, last = min(sizes), max(day for day in sizes if day <= KEPT_DAYS)
    report = {
        "entries_a_day": args.entries_a_day,
        "checkpoint_bytes_by_day": {day: sizes[day] for day in sorted(sizes) if day % 5 == 0},
        "bytes_an_address": round(
            (sizes[last] - sizes[first]) / (args.entries_a_day * (last - first))
        ),
        "secs": round(time.monotonic() - began, 1),
    }
    print(json.dumps(report))
    return 0


if __name__ == "__main__":
    sys.exit(main())
