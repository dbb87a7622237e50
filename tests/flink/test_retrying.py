"""The job's own look into the outbox, round by round."""

import threading
from dataclasses import replace
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from apache_beam.io.watermark_estimators import ManualWatermarkEstimator
from apache_beam.runners.sdf_utils import RestrictionTrackerView, ThreadsafeRestrictionTracker
from apache_beam.utils.timestamp import MAX_TIMESTAMP

from connectors.backends import open_index
from connectors.channels import ChannelPlan
from connectors.feed_shards import ShardState, ShardTracker
from connectors.feeds import clear_stop, request_stop
from connectors.index import IndexSettings
from connectors.net import FetchPolicy
from connectors.records import Alert
from pipelines.steps.retrying import _LookFn

NOW = datetime.now(timezone.utc)
ALERT = Alert(
    id="a1", subject="oreshnik", story_id="s", development="new_story", document_id="d",
    title="T", url="https://example.org/a", outlet=None, language="en", quote="Oreshnik",
    created_at=NOW, published_at=NOW, first_seen_at=NOW, channels=("hook",),
)  # fmt: skip


class Hook(BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append(self.headers["Idempotency-Key"])
        self.send_response(self.server.statuses.pop(0) if self.server.statuses else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture
def hook():
    with ThreadingHTTPServer(("127.0.0.1", 0), Hook) as server:
        server.got, server.statuses = [], []
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def index(tmp_path):
    opened = open_index(IndexSettings(location=f"sqlite:{tmp_path}/v.db"))
    opened.setup()
    opened.store_alerts([ALERT])
    yield opened
    opened.close()


@pytest.fixture
def source(hook, index):
    url = f"http://127.0.0.1:{hook.server_port}/"
    plan = ChannelPlan(name="hook", type="webhook", url=url)
    policy = FetchPolicy(allow_addresses=("127.0.0.0/8",))
    clear_stop()
    made = _LookFn(IndexSettings(location=index.location), (plan,), policy, ())
    made.setup()
    yield made
    made.teardown()
    clear_stop()


def run_round(source, restriction):
    """Run one call of ``process``; return the residual (or None) and the watermark."""
    tracker = ThreadsafeRestrictionTracker(ShardTracker(restriction))
    watermark = ManualWatermarkEstimator(None)
    assert source.process("outbox", RestrictionTrackerView(tracker), watermark) is None
    tracker.check_done()
    deferred = tracker.deferred_status()
    return deferred[0] if deferred else None, watermark.current_watermark()


def test_what_a_receiver_refused_is_delivered_by_a_later_round_and_then_never_again(
    source, hook, index
):
    hook.statuses = [500]
    residual, _ = run_round(source, ShardState())
    assert residual.rounds == 1
    (refused,) = index.alerts()
    assert (refused.delivered_to, refused.attempts) == ((), 1)
    index.mark_alert(replace(refused, next_attempt_at=NOW))
    residual, watermark = run_round(source, residual)
    assert residual.rounds == 2
    assert watermark.to_utc_datetime(has_tz=True) >= NOW
    assert [alert.delivered_to for alert in index.alerts()] == [("hook",)]
    run_round(source, residual)
    assert hook.got == [hook.got[0]] * 2


def test_an_index_that_is_away_fails_nothing(hook, tmp_path):
    settings = IndexSettings(location="http://127.0.0.1:1", timeout_secs=0.1)
    away = _LookFn(settings, (), FetchPolicy(), ())
    away.setup()
    residual, _ = run_round(away, ShardState())
    away.teardown()
    assert residual is not None


def test_a_stop_ends_the_source(source):
    request_stop()
    residual, watermark = run_round(source, ShardState())
    assert residual is None
    assert watermark == MAX_TIMESTAMP
