"""The one façade for metrics: what every step counts, under names that are an interface.

Names follow ``vigie_<noun>_<unit>[_total]`` with base units and bounded labels (step, outcome,
reason, subject, kind of lag; never an address). The registry lives in the process that does
the work and is served by :func:`serve_metrics`.
"""

from __future__ import annotations

import errno
import logging
from typing import TYPE_CHECKING

from prometheus_client import REGISTRY, Counter, Gauge, Histogram, start_http_server

if TYPE_CHECKING:
    from datetime import datetime

log = logging.getLogger(__name__)

LAG_BUCKETS_SECS = (
    1,
    2.5,
    5,
    10,
    30,
    60,
    120,
    300,
    600,
    1800,
    3600,
    7200,
    21600,
    43200,
    86400,
    259200,
    604800,
)
"""From one second to seven days: the range between a local wire and a forgotten feed."""

STEP_BUCKETS_SECS = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
PORT_ATTEMPTS = 20
"""Worker processes of one machine take the next free port of this range."""

STEP_INPUTS = Counter(
    "vigie_step_inputs_total", "Inputs of each step by what became of them.", ["step", "outcome"]
)
STEP_SECONDS = Histogram(
    "vigie_step_duration_seconds",
    "Time a step took for one input or one batch.",
    ["step"],
    buckets=STEP_BUCKETS_SECS,
)
LAG_SECONDS = Histogram(
    "vigie_lag_seconds",
    "Lag of articles and alerts: publication, discovery, processing, alert.",
    ["kind"],
    buckets=LAG_BUCKETS_SECS,
)
MENTIONS = Counter("vigie_mentions_total", "Mentions found in new articles.", ["subject"])
ALERTS = Counter(
    "vigie_alerts_total", "Alerts by channel and what became of them.", ["channel", "outcome"]
)
FEEDS = Gauge("vigie_feeds", "Feeds by health.", ["health"])
PENDING = Gauge("vigie_entries_pending", "Entries read from a feed and not yet settled.")
DEAD_LETTERS = Gauge("vigie_dead_letters", "Dead letters that wait for a replay.")
LAST_SUCCESS = Gauge(
    "vigie_last_success_timestamp_seconds", "When a step last succeeded, Unix time.", ["step"]
)


def count(step: str, outcome: str, amount: int = 1) -> None:
    """Count ``amount`` inputs of ``step`` that ended as ``outcome`` (a bounded word)."""
    STEP_INPUTS.labels(step, outcome).inc(amount)
    if outcome == "ok":
        LAST_SUCCESS.labels(step).set_to_current_time()


def observe_lag(kind: str, since: datetime | None, until: datetime) -> None:
    """Observe the lag ``until - since``; nothing when ``since`` is unknown, 0 when negative."""
    if since is not None:
        LAG_SECONDS.labels(kind).observe(max(0.0, (until - since).total_seconds()))


def serve_metrics(port: int, address: str = "127.0.0.1") -> int | None:
    """Serve ``/metrics`` on the first free port from ``port`` on; return it, or None.

    ``port`` 0 lets the system choose. None means that no port of the range was free: the work
    goes on without, and the log says so.
    """
    candidates = [0] if port == 0 else range(port, port + PORT_ATTEMPTS)
    for candidate in candidates:
        try:
            server, _ = start_http_server(candidate, addr=address, registry=REGISTRY)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
        else:
            return int(server.server_port)
    log.warning("no free port for metrics from=%d to=%d", port, port + PORT_ATTEMPTS - 1)
    return None
