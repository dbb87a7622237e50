"""Event time: what the watermark moves, what late entries meet. As docs/flink.md defines them."""

import socket
from datetime import datetime, timedelta, timezone

import apache_beam as beam
import pytest
from apache_beam.io.watermark_estimators import ManualWatermarkEstimator
from apache_beam.options.pipeline_options import PipelineOptions, StandardOptions
from apache_beam.runners.direct.direct_runner import BundleBasedDirectRunner
from apache_beam.runners.sdf_utils import RestrictionTrackerView, ThreadsafeRestrictionTracker
from apache_beam.testing import test_stream
from apache_beam.testing.util import assert_that, equal_to
from apache_beam.transforms.window import TimestampedValue
from apache_beam.utils.timestamp import Timestamp

from connectors.backends import open_index
from connectors.feed_shards import ShardState, ShardTracker
from connectors.feeds import _PollForeverFn, clear_stop
from connectors.index import IndexSettings
from connectors.net import FetchPolicy
from connectors.records import Entry, Feed
from pipelines.steps.seen import SEEN_DAYS, DropSeen

START = datetime(2025, 1, 1, tzinfo=timezone.utc)


@pytest.fixture
def settings(tmp_path):
    made = IndexSettings(location=f"sqlite:{tmp_path}/v.db")
    index = open_index(made)
    index.setup()
    index.close()
    return made


def day(number):
    return Timestamp.of((START + timedelta(days=number)).timestamp())


def entry(name, *, at, page="x"):
    """Return an entry of ``page`` with the event time of day ``at``."""
    one = Entry(
        id=name, feed_id="f", feed_url="u", first_seen_at=START, url=f"https://example.org/{page}"
    )
    return TimestampedValue(one, day(at))


def kept(settings, stream):
    """Run ``stream`` through DropSeen; return a check of the ids that pass."""
    options = PipelineOptions([])
    options.view_as(StandardOptions).streaming = True

    def check(*ids):
        with beam.Pipeline(runner=BundleBasedDirectRunner(), options=options) as pipeline:
            seen = pipeline | stream | DropSeen(settings)
            passed = seen.out | beam.Map(lambda one: one.id)
            assert_that(passed, equal_to(list(ids)))

    return check


def test_an_address_is_forgotten_when_the_watermark_is_thirty_days_past_its_last_sight(settings):
    stream = (
        test_stream.TestStream()
        .add_elements([entry("first", at=0), entry("other", at=0, page="y")])
        .advance_watermark_to(day(SEEN_DAYS - 1))
        .add_elements([entry("again", at=SEEN_DAYS - 1)])
        .advance_watermark_to(day(SEEN_DAYS + 1))
        .add_elements([entry("still known", at=SEEN_DAYS + 1)])
        .add_elements([entry("forgotten", at=SEEN_DAYS + 1, page="y")])
        .advance_watermark_to_infinity()
    )
    kept(settings, stream)("first", "other", "forgotten")


def test_an_entry_behind_the_watermark_takes_the_same_way(settings):
    stream = (
        test_stream.TestStream()
        .advance_watermark_to(day(100))
        .add_elements([entry("late", at=0)])
        .add_elements([entry("in time", at=100, page="y")])
        .advance_watermark_to_infinity()
    )
    kept(settings, stream)("late", "in time")


@pytest.mark.parametrize("feeds", [0, 1], ids=["no feed", "a feed that nobody serves"])
def test_a_shard_that_brings_nothing_advances_the_watermark_and_never_sets_it_back(settings, feeds):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/feed"
        watched = tuple(Feed(id="f", url=url) for _ in range(feeds))
        clear_stop()
        policy = FetchPolicy(allow_addresses=("127.0.0.0/8",))
        polling = _PollForeverFn(policy, settings, 60, watched)
        polling.setup()
        try:
            watermark = ManualWatermarkEstimator(None)
            began = Timestamp.of(datetime.now(timezone.utc).timestamp())
            assert run_round(polling, watermark) == []
            assert watermark.current_watermark() >= began
            ahead = Timestamp.of(datetime.now(timezone.utc).timestamp() + 3600)
            watermark.set_watermark(ahead)
            assert run_round(polling, watermark) == []
            assert watermark.current_watermark() == ahead
        finally:
            polling.teardown()


def run_round(polling, watermark):
    """Return what one round of the source gives out."""
    tracker = ThreadsafeRestrictionTracker(ShardTracker(ShardState()))
    view = RestrictionTrackerView(tracker)
    return list(polling.process("0/1", view, watermark))
