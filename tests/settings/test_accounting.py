from connectors import metrics
from pipelines.accounting import quantile_secs, read_lags, read_steps


def test_only_what_came_since_is_read():
    metrics.count("TestStep", "ok", 2)
    before = read_steps()
    assert "TestStep" not in read_steps(since=before)
    metrics.count("TestStep", "ok", 3)
    metrics.count("TestStep", "failed")
    assert read_steps(since=before)["TestStep"] == {"ok": 3, "failed": 1}


def test_the_quantile_is_the_bound_of_its_bucket():
    buckets = {"1.0": 5, "10.0": 9, "+Inf": 10}
    assert quantile_secs(buckets, 0.5) == 1.0
    assert quantile_secs(buckets, 0.9) == 10.0
    assert quantile_secs(buckets, 0.99) == float("inf")
    assert quantile_secs({"1.0": 0, "+Inf": 0}, 0.5) is None
    assert quantile_secs({}, 0.5) is None


def test_lags_are_counted_by_kind_since_a_moment():
    from datetime import datetime, timedelta, timezone

    now = datetime.now(timezone.utc)
    before = read_lags()
    metrics.observe_lag("processing", now - timedelta(seconds=3), now)
    metrics.observe_lag("processing", None, now)
    metrics.observe_lag("processing", now + timedelta(seconds=3), now)
    found = read_lags(since=before)["processing"]
    assert found["+Inf"] == 2
    assert found["1.0"] == 1
    assert found["5.0"] == 2
