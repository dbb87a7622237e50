"""The endless source: its looks, its stop, and the whole job on a real Prism."""

import signal
import subprocess
import sys
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from apache_beam.io.watermark_estimators import ManualWatermarkEstimator
from apache_beam.runners.sdf_utils import RestrictionTrackerView, ThreadsafeRestrictionTracker
from apache_beam.utils.timestamp import MAX_TIMESTAMP

from connectors.feed_shards import ShardState, ShardTracker
from connectors.feeds import clear_stop, request_stop
from pipelines.rereading import KIND
from pipelines.runtime import run_bounded
from pipelines.steps.rereading import LOOK_SECS, _LookForeverFn

REPOSITORY = Path(__file__).parents[2]
WAIT_SECS = 120
TEXT = (
    "The Russian leader said on Friday that the Oreshnik missile system would be deployed in "
    "Belarus in the second half of 2025.\nHis counterpart had asked for it in public during the "
    "summit in Minsk, where both signed several documents on defence and trade."
)


class Clock:
    def __init__(self):
        self.now = datetime.now(timezone.utc)

    def __call__(self):
        return self.now


@pytest.fixture
def aged(site, settings_for, make_older):
    """An index whose one document was first seen 25 hours ago."""
    site.article("/a", "Oreshnik for Belarus", TEXT)
    settings = settings_for(site.rss("/feed", "/a"))
    run_bounded(settings)
    return make_older(settings, hours=25)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def fn(aged, clock):
    clear_stop()
    fn = _LookForeverFn(aged.index, (24.0, 168.0), clock)
    fn.setup()
    yield fn
    fn.teardown()
    clear_stop()


def wake(fn, restriction):
    """Run one call of ``process``; return its elements, the residual and the watermark."""
    tracker = ThreadsafeRestrictionTracker(ShardTracker(restriction))
    watermark = ManualWatermarkEstimator(None)
    found = [one.value for one in fn.process(KIND, RestrictionTrackerView(tracker), watermark)]
    tracker.check_done()
    deferred = tracker.deferred_status()
    return found, deferred[0] if deferred else None, watermark.current_watermark()


def test_a_due_document_is_given_once_while_it_is_under_way(fn, clock):
    due, restriction, watermark = wake(fn, ShardState())
    assert [one.age_hours for one in due] == [24.0]
    assert watermark is not None
    assert restriction.rounds == 1
    clock.now += timedelta(seconds=LOOK_SECS)
    again, restriction, _ = wake(fn, restriction)
    assert again == []
    clock.now += timedelta(minutes=20)
    lost, _, _ = wake(fn, restriction)
    assert lost == due, "its worker died: it is given again"


def test_the_index_is_not_asked_at_every_wake(fn, clock):
    wake(fn, ShardState())
    fn.teardown()
    due, restriction, _ = wake(fn, ShardState(rounds=1))
    assert due == []
    assert restriction.rounds == 2
    fn.setup()


def test_a_stop_ends_the_source(fn):
    request_stop()
    due, restriction, watermark = wake(fn, ShardState(rounds=5))
    assert due == []
    assert restriction is None
    assert watermark == MAX_TIMESTAMP


def wait_for(condition, what):
    deadline = time.monotonic() + WAIT_SECS
    while time.monotonic() < deadline:
        if condition():
            return
        time.sleep(0.2)
    pytest.fail(f"waited {WAIT_SECS} s for {what}")


@pytest.mark.slow
def test_the_endless_job_reads_again_and_stops_when_asked(site, aged, stored, tmp_path, prism):
    corrected = TEXT.replace("the second half of 2025", "December 2025")
    site.article("/a", "Oreshnik for Belarus", corrected)
    site.rss("/quiet")
    with (tmp_path / "log").open("wb") as log:
        job = subprocess.Popen(
            [
                *(sys.executable, "-m", "pipelines.cli", "run", "--feed", site.base + "/quiet"),
                *("--index", aged.index.location, "--allow-address", "127.0.0.0/8"),
                *("--metrics-port", "0", "--prism", prism),
            ],
            cwd=REPOSITORY,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_for(lambda: stored(aged)[0][0].revision > 1, "the revision")
        job.send_signal(signal.SIGTERM)
        assert job.wait(WAIT_SECS) == 0, (tmp_path / "log").read_text()
    finally:
        if job.poll() is None:
            job.kill()
            job.wait()
    (document,), _, states, _ = stored(aged)
    assert document.article.text == corrected
    assert states[document.article.id]["outcome"] == "updated"
