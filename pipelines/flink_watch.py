"""Watch over a job on a Flink cluster: has it ended, has it gone, how often was it restarted."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from connectors import metrics
from pipelines.errors import ServiceError

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipelines.flink_rest import FlinkRest

log = logging.getLogger(__name__)
MISSING_SECS = 60.0
"""How long a cluster that answers may not know the job before it counts as gone: a JobManager
that comes back with high availability recovers its jobs within seconds of its first answer."""

GONE = "GONE"


class JobWatch:
    """One job and what was seen of it; one thread's own.

    Args:
        rest: the cluster.
        job_id: the job.
        clock: gives seconds that only grow.
    """

    def __init__(
        self, rest: FlinkRest, job_id: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Nothing was looked at yet."""
        self._rest = rest
        self._job_id = job_id
        self._clock = clock
        self._restarts = 0
        self._missing_since: float | None = None

    def look(self) -> str | None:
        """Return the state in which the job ended, ``GONE`` if the cluster lost it, else None.

        A cluster that does not answer says nothing about the job: it may run on. One that
        answers and does not know the job for a minute has lost it, as a JobManager without high
        availability does with its life.
        """
        try:
            job = self._rest.job(self._job_id)
            if job is None:
                return self._note_missing()
            self._missing_since = None
            if not job.lives:
                return job.state
            self._note_restarts(self._rest.restarts(self._job_id))
        except ServiceError as error:
            self._missing_since = None
            log.warning("the cluster is silent; the job is its own error=%s", error)
        return None

    def _note_missing(self) -> str | None:
        now = self._clock()
        if self._missing_since is None:
            self._missing_since = now
            log.warning("the cluster does not know the job job=%s", self._job_id)
        return GONE if now - self._missing_since >= MISSING_SECS else None

    def _note_restarts(self, seen: int) -> None:
        if seen > self._restarts:
            log.warning("Flink restarted the job restarts=%d", seen)
            metrics.JOB_RESTARTS.inc(seen - self._restarts)
        self._restarts = max(seen, self._restarts)
