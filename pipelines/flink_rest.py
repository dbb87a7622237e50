"""What Vigie asks of a Flink cluster over its REST interface: jobs, savepoints, the end of one.

Beam's own ``cancel()`` leaves the Flink job running (measured on Beam 2.77 with a job server
2.70), so jobs are found by name and ended here.
"""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any

from pipelines.errors import ServiceError, UserError

ANSWER_SECS = 30
SAVEPOINT_SECS = 600
START_SECS = 120
"""How long a savepoint waits for tasks that are starting, at the beginning or after a failure."""

CANCEL_SECS = 120
LOOK_SECS = 0.5
LIVING = frozenset(
    {"INITIALIZING", "CREATED", "RUNNING", "RESTARTING", "FAILING", "CANCELLING", "RECONCILING"}
)
"""States of a job that has not ended."""

_STARTING = "Not all required tasks are currently running"
"""What Flink says of a savepoint when the job counts as running and some of its tasks do not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FlinkJob:
    """One job as the cluster lists it; ``started_ms`` is its submission in Unix milliseconds."""

    id: str
    name: str
    state: str
    started_ms: int

    @property
    def lives(self) -> bool:
        """Whether the job has not ended."""
        return self.state in LIVING


class FlinkRest:
    """The cluster at ``url``, such as ``http://localhost:8081``.

    Every method raises :class:`ServiceError` when the cluster does not answer.

    Raises:
        UserError: ``url`` is no http(s) address.
    """

    def __init__(self, url: str) -> None:
        """Remember the address; nothing is asked yet."""
        if not url.startswith(("http://", "https://")):
            raise UserError(f"--flink-rest-url: expected http(s)://HOST:PORT, got {url!r}")
        self.url = url.rstrip("/")

    def version(self) -> str:
        """Return the version of Flink."""
        return str(self._ask("/config")["flink-version"])

    def jobs(self) -> list[FlinkJob]:
        """Return all jobs that the cluster remembers, newest first."""
        found = [
            FlinkJob(
                id=job["jid"], name=job["name"], state=job["state"], started_ms=job["start-time"]
            )
            for job in self._ask("/jobs/overview")["jobs"]
        ]
        return sorted(found, key=_age)

    def job(self, wanted: str) -> FlinkJob | None:
        """Return the job with the id or name ``wanted``: a living one, else the newest."""
        named = [job for job in self.jobs() if wanted in (job.id, job.name)]
        living = [job for job in named if job.lives]
        return next(iter(living or named), None)

    def restarts(self, job_id: str) -> int:
        """Return how often the cluster has restarted the job after failures."""
        answer = self._ask(f"/jobs/{job_id}/metrics?get=numRestarts")
        return int(float(answer[0]["value"])) if answer else 0

    def checkpoints(self, job_id: str) -> int:
        """Return how many checkpoints the job has completed."""
        return int(self._ask(f"/jobs/{job_id}/checkpoints")["counts"]["completed"])

    def root_exception(self, job_id: str) -> str:
        """Return the first line of what failed the job last; empty when nothing did."""
        history = self._ask(f"/jobs/{job_id}/exceptions")["exceptionHistory"]["entries"]
        return str(history[0]["stacktrace"]).partition("\n")[0] if history else ""

    def savepoint(self, job_id: str, directory: str | None = None, *, cancel: bool = False) -> str:
        """Take a savepoint and return where it lies; with ``cancel`` the job ends with it.

        While tasks are still starting the cluster can take none: that is waited for.

        Args:
            job_id: the job, running.
            directory: where to, as the cluster sees it; its ``state.savepoints.dir`` if None.
            cancel: whether the job ends with the savepoint; it runs on when that one fails.

        Raises:
            ServiceError: the savepoint failed or took over ten minutes, or tasks did not start
                within two.
        """
        deadline = time.monotonic() + START_SECS
        operation = self._try_savepoint(job_id, directory, cancel=cancel)
        while _STARTING in _cause(operation) and time.monotonic() < deadline:
            time.sleep(LOOK_SECS)
            operation = self._try_savepoint(job_id, directory, cancel=cancel)
        if "location" not in operation:
            raise ServiceError(f"Flink at {self.url}: no savepoint: {_cause(operation)}")
        if cancel:
            self.await_end(job_id)
        return str(operation["location"])

    def _try_savepoint(self, job_id: str, directory: str | None, *, cancel: bool) -> dict[str, Any]:
        """Ask for a savepoint and return what became of it: ``location`` or ``failure-cause``."""
        body: dict[str, Any] = {"cancel-job": cancel}
        if directory:
            body["target-directory"] = directory
        trigger = self._ask(f"/jobs/{job_id}/savepoints", body)["request-id"]
        deadline = time.monotonic() + SAVEPOINT_SECS
        while time.monotonic() < deadline:
            answer = self._ask(f"/jobs/{job_id}/savepoints/{trigger}")
            if answer["status"]["id"] == "COMPLETED":
                return dict(answer["operation"])
            time.sleep(LOOK_SECS)
        raise ServiceError(f"Flink at {self.url}: the savepoint took over {SAVEPOINT_SECS} s")

    def cancel(self, job_id: str) -> None:
        """End the job without a savepoint; what was in flight is pending in the index."""
        self._ask(f"/jobs/{job_id}?mode=cancel", method="PATCH")
        self.await_end(job_id)

    def await_end(self, job_id: str) -> None:
        """Wait until the job has ended.

        Raises:
            ServiceError: it has not within two minutes.
        """
        deadline = time.monotonic() + CANCEL_SECS
        while time.monotonic() < deadline:
            job = self.job(job_id)
            if job is None or not job.lives:
                return
            time.sleep(LOOK_SECS)
        raise ServiceError(f"Flink at {self.url}: job {job_id} did not end in {CANCEL_SECS} s")

    def _ask(self, path: str, body: Any = None, *, method: str | None = None) -> Any:  # noqa: ANN401 - JSON
        request = urllib.request.Request(  # noqa: S310 - http(s) only, checked above
            self.url + path,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
            method=method,
        )
        try:
            with urllib.request.urlopen(request, timeout=ANSWER_SECS) as answer:  # noqa: S310
                raw = answer.read()
                return json.loads(raw) if raw else {}
        except urllib.error.HTTPError as error:
            detail = error.read(2000).decode(errors="replace")
            raise ServiceError(f"Flink at {self.url}: {error.code} {detail}") from error
        except (OSError, ValueError) as error:
            raise ServiceError(
                f"Flink at {self.url} does not answer ({error}): start the JobManager or name its "
                "REST address by --flink-rest-url"
            ) from error


def _age(job: FlinkJob) -> int:
    return -job.started_ms


def _cause(operation: dict[str, Any]) -> str:
    failure = str(operation.get("failure-cause", {}).get("stack-trace", "unknown"))
    return failure.partition("\n")[0][:500]
