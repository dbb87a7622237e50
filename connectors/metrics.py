"""The one façade for metrics: what every step counts, under names that are an interface.

Names follow ``vigie_<noun>_<unit>[_total]`` with base units and bounded labels (step, outcome,
kind, subject, channel, feed id, language; never an address). The registry lives in the process
that does the work and is served by :func:`serve_metrics`; ``docs/metrics.md`` is made from here.

Two sorts: counters and histograms of *this process* (sum them over processes), and gauges read
from the *index* by the runner (the same whoever reads them: take the maximum).
"""

from __future__ import annotations

import errno
import logging
import math
import platform
import time
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from prometheus_client import REGISTRY, Counter, Gauge, Histogram, disable_created_metrics

from connectors.metrics_bounded import BoundedCounter, FeedCollector
from connectors.metrics_http import make_app, start_server

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

log = logging.getLogger(__name__)
disable_created_metrics()  # type: ignore[no-untyped-call]  # a fifth of the series, used by nothing

LAG_BUCKETS_SECS = (
    1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21600, 43200, 86400, 259200, 604800,
)  # fmt: skip
"""From one second to seven days: the range between a local wire and a forgotten feed."""

STEP_BUCKETS_SECS = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
PORT_ATTEMPTS = 20
"""Worker processes of one machine take the next free port of this range."""

SUCCESSES = frozenset(
    {"ok", "not_modified", "from_feed", "no_alert", "updated", "unchanged", "duplicate"}
)
"""Outcomes that show a step at work as it should be."""

SKEW_SECS = 60
"""A date this far in the future is a wrong clock, theirs or ours, rather than rounding."""

REFUSALS = ("busy", "blocked", "server_error", "forbidden", "unreachable", "other")
LAG_KINDS = ("publication", "discovery", "processing", "alert")
MOST_SUBJECTS = 300
"""Subjects with a series of their own."""

INDEX_FRESH_SECS = 60
LATE_SECS = 300
"""Ready means: the index answered within a minute, no feed waits five minutes for its poll."""


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
    "Lag of articles and alerts. publication: published to searchable; discovery: published to "
    "first seen; processing: first seen to searchable; alert: published to delivered.",
    ["kind"],
    buckets=LAG_BUCKETS_SECS,
)
LAG_NEGATIVE = Counter(
    "vigie_lag_negative_total",
    "Lags that began more than a minute after they ended: a clock is wrong, theirs or ours.",
    ["kind"],
)
MENTIONS_COUNTER = Counter(
    "vigie_mentions_total", "New articles that mention a subject.", ["subject"]
)
MENTIONS = BoundedCounter(MENTIONS_COUNTER, MOST_SUBJECTS)
ALERTS = Counter(
    "vigie_alerts_total", "Attempts to deliver an alert, by channel.", ["channel", "outcome"]
)
REVISED_CHARS = Counter(
    "vigie_revised_chars_total",
    "Characters that revisions of articles brought or took.",
    ["change"],
)
ALERTS_UNDELIVERED = Gauge("vigie_alerts_undelivered", "Alerts that some channel has not got.")
ENTRIES = Gauge("vigie_entries", "Entries of the ledger by how they ended.", ["outcome"])
UNACCOUNTED = Gauge(
    "vigie_entries_unaccounted",
    "Entries that break the accounting: known to the feeds' counts but not to the ledger, dead "
    "letters without their input, unknown outcomes. 0 unless something is wrong.",
)
PENDING = Gauge("vigie_entries_pending", "Entries read from a feed and not yet settled.")
OLDEST_PENDING = Gauge(
    "vigie_oldest_pending_timestamp_seconds",
    "When the oldest unsettled entry was first seen, Unix time; now when there is none.",
)
DOCUMENTS = Gauge("vigie_documents", "Documents in the index.")
DEAD_LETTERS = Gauge("vigie_dead_letters", "Dead letters that wait for a replay.")
FEEDS = Gauge("vigie_feeds", "Watched feeds by health.", ["health"])
POLL_LATENESS = Gauge(
    "vigie_poll_lateness_seconds", "How long the most overdue feed has been waiting for its poll."
)
LAST_POLL_SUCCESS = Gauge(
    "vigie_last_poll_success_timestamp_seconds", "When a feed last answered well, Unix time."
)
COMPLETENESS = Gauge(
    "vigie_feed_completeness_ratio",
    "Estimated share of the feeds' entries that were seen: every overflow is taken to have "
    "missed as many entries as the feed shows (at most 20).",
)
FEED_FIGURES = FeedCollector()
LAST_SUCCESS = Gauge(
    "vigie_last_success_timestamp_seconds", "When a step last succeeded, Unix time.", ["step"]
)
INDEX_UP = Gauge("vigie_index_up", "1 when the index could be read and written last time, else 0.")
INDEX_ANSWERED = Gauge(
    "vigie_index_answered_timestamp_seconds", "When the index last answered, Unix time."
)
INDEX_ANSWER_SECONDS = Gauge(
    "vigie_index_answer_seconds", "How long the index took to give its accounting."
)
INDEX_REFUSALS = Counter(
    "vigie_index_refusals_total",
    "Requests, and operations of bulk requests, that Elasticsearch did not take just then. busy: "
    "429; blocked: read-only, a full disk; server_error: 5xx; forbidden: 401, 403; unreachable: "
    "no answer. They are repeated with back-off, but for forbidden.",
    ["reason"],
)
WATERMARK = Gauge(
    "vigie_watermark_timestamp_seconds",
    "Up to when everything that was seen has gone through the flow (the watermark behind "
    "IndexDocuments, at most some 10 s old), Unix time. Only where the last step runs.",
)
JOB_RESTARTS = Counter("vigie_job_restarts_total", "Times the job failed and was started again.")
JOB_STARTED = Gauge("vigie_job_start_timestamp_seconds", "When the job was started, Unix time.")
CLOCK = Gauge(
    "vigie_clock_timestamp_seconds",
    "The clock of this process at the scrape, Unix time: Prometheus compares it with its own.",
)
BUILD = Gauge("vigie_build_info", "1, with what runs.", ["version", "python", "beam"])

START_AT_ZERO = (
    ("PollFeeds", "entry_new"),
    ("PollFeeds", "entry_pending"),
    ("FetchPages", "deferred"),
    ("IndexDocuments", "ok"),
    ("IndexDocuments", "rejected"),
    ("SettleEntries", "duplicate"),
    ("SettleEntries", "discarded"),
    ("SettleEntries", "dead_letter"),
)
"""What alerts watch exists from the start: ``increase`` does not see a series' first step."""

UNKNOWN_AT_FIRST = (
    INDEX_UP,
    COMPLETENESS,
    OLDEST_PENDING,
    LAST_POLL_SUCCESS,
    INDEX_ANSWERED,
    WATERMARK,
)
"""Not a number until the index was read: a worker that never reads it must not look broken."""


def _register() -> None:
    REGISTRY.register(FEED_FIGURES)
    for step, outcome in START_AT_ZERO:
        STEP_INPUTS.labels(step, outcome)
    for kind in LAG_KINDS:
        LAG_SECONDS.labels(kind)
        LAG_NEGATIVE.labels(kind)
    for reason in REFUSALS:
        INDEX_REFUSALS.labels(reason)
    for gauge in UNKNOWN_AT_FIRST:
        gauge.set(math.nan)
    CLOCK.set_function(time.time)
    BUILD.labels(_version("vigie"), platform.python_version(), _version("apache-beam")).set(1)


def _version(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return "unknown"


_register()


def count(
    step: str,
    outcome: str,
    amount: int = 1,
    *,
    entry: str | None = None,
    document: str | None = None,
) -> None:
    """Count ``amount`` inputs of ``step`` that ended as ``outcome`` (a bounded word).

    With the id of its ``entry`` or ``document``, the way of one article through all steps can be
    read in the log: a line a step, at level DEBUG.
    """
    if (entry or document) and log.isEnabledFor(logging.DEBUG):
        log.debug("step=%s outcome=%s entry=%s document=%s", step, outcome, entry, document)
    STEP_INPUTS.labels(step, outcome).inc(amount)
    if outcome in SUCCESSES:
        LAST_SUCCESS.labels(step).set_to_current_time()


def observe_lag(kind: str, since: datetime | None, until: datetime) -> None:
    """Observe the lag ``until - since``; nothing when ``since`` is unknown, 0 when negative."""
    if since is None:
        return
    secs = (until - since).total_seconds()
    LAG_SECONDS.labels(kind).observe(max(0.0, secs))
    if secs < -SKEW_SECS:
        LAG_NEGATIVE.labels(kind).inc()


@dataclass(slots=True, kw_only=True)
class _Seen:
    """What readiness is judged by; written by the runner, read by the server's threads."""

    index_answered: float | None = None
    lateness_secs: float = 0.0


_SEEN = _Seen()


def note_index_answer(secs: float, lateness_secs: float) -> None:
    """Note that the index answered just now, in ``secs``, and how late the polls are."""
    _SEEN.index_answered, _SEEN.lateness_secs = time.monotonic(), lateness_secs
    INDEX_UP.set(1)
    INDEX_ANSWERED.set_to_current_time()
    INDEX_ANSWER_SECONDS.set(secs)
    POLL_LATENESS.set(lateness_secs)


def note_index_silence() -> None:
    """Note that the index did not answer just now."""
    INDEX_UP.set(0)


def readiness_faults(answer_age_secs: float | None, lateness_secs: float) -> list[str]:
    """Return why a process with these ages is not ready; nothing when it is.

    >>> readiness_faults(3.0, 0.0)
    []
    >>> readiness_faults(None, 900.0)
    ['the index has not answered yet', 'a feed has waited 900 s for its poll']
    """
    faults = []
    if answer_age_secs is None:
        faults.append("the index has not answered yet")
    elif answer_age_secs > INDEX_FRESH_SECS:
        faults.append(f"the index last answered {answer_age_secs:.0f} s ago")
    if lateness_secs > LATE_SECS:
        faults.append(f"a feed has waited {lateness_secs:.0f} s for its poll")
    return faults


def _find_faults() -> list[str]:
    answered = _SEEN.index_answered
    age = None if answered is None else time.monotonic() - answered
    return readiness_faults(age, _SEEN.lateness_secs)


def serve_metrics(port: int, address: str = "127.0.0.1") -> int | None:
    """Serve :data:`connectors.metrics_http.PATHS` on the first free port from ``port`` on.

    Returns the port, or None when there is none to be had (all taken, forbidden, or the address
    is not this machine's): the work goes on without, and the log says so. ``port`` 0 lets the
    system choose.
    """
    candidates: Sequence[int] = [0] if port == 0 else range(port, min(port + PORT_ATTEMPTS, 65536))
    app = make_app(REGISTRY, _find_faults, candidates if port else ())
    for candidate in candidates:
        try:
            return int(start_server(app, candidate, address).server_port)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                log.warning("no metrics address=%s port=%d error=%s", address, candidate, error)
                return None
    log.warning("no free port for metrics from=%d to=%d", port, port + PORT_ATTEMPTS - 1)
    return None
