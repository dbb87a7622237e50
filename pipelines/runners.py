"""Which Beam runner a run uses.

Bounded work runs on the DirectRunner's in-process engine and needs nothing else. The endless
run needs Prism: the in-process engine ignores ``defer_remainder`` and spins (measured,
``docs/decisions/0002-runners.md``).
"""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.runners.portability.job_server import StopOnExitJobServer
from apache_beam.runners.portability.prism_runner import PrismJobServer, PrismRunner
from apache_beam.utils.subprocess_server import pick_port

from pipelines import die_with_parent

if TYPE_CHECKING:
    from collections.abc import Iterator


def bounded_pipeline() -> beam.Pipeline:
    """Return a pipeline that runs in this process and ends when its input is read."""
    return beam.Pipeline(runner=FnApiRunner(), options=PipelineOptions([]))


LONGEST_JOB_SECS = 10 * 366 * 86_400
"""Beam ends the streams that tell how a job fares when its time for a request (300 s) is over:
afterwards no drain is waited for, and no failure says why."""


class PrismServer(PrismJobServer):
    """Prism from a binary that is there and can be executed; it dies with this process.

    Beam sets the executable bit of every binary anew, and fails where the file system is read
    only, as in the image and under systemd. Of a process that was killed, Prism would stay.
    """

    def __init__(self, options: PipelineOptions, binary: str) -> None:
        """Prepare the server; nothing is started yet."""
        super().__init__(options)
        self._binary = binary

    def subprocess_cmd_and_endpoint(self) -> tuple[list[Any], str]:
        """Return the command that starts the server, and where it will listen."""
        (port,) = pick_port(0)
        command = [self._binary, *self.prism_arguments(port)]
        guarded = [sys.executable, "-I", die_with_parent.__file__, os.getpid(), *command]
        return guarded, f"localhost:{port}"


class _OwnPrismRunner(PrismRunner):
    """Prism with a server of its own, which ends when it is told to.

    Beam shares one server a process, which knows the location of the first pipeline only; with
    its own switch against that, the server of a job that failed lives as long as the process.
    """

    server: StopOnExitJobServer | None = None

    def __init__(self, binary: str) -> None:
        super().__init__()
        self._binary = binary

    def default_job_server(self, options: PipelineOptions) -> StopOnExitJobServer:
        self.server = StopOnExitJobServer(PrismServer(options, self._binary))
        return self.server

    def close(self) -> None:
        """End the server, if one was started."""
        if self.server is not None:
            self.server.stop()


@contextmanager
def streaming_pipeline(prism: str, job_name: str = "vigie") -> Iterator[beam.Pipeline]:
    """Give a pipeline for endless input on the Prism binary ``prism``, which ends with the block.

    SDK workers run in this process (LOOPBACK), so its metrics and its stop flag are theirs.
    """
    options = PipelineOptions(
        [
            "--streaming",
            f"--job_name={job_name}",
            "--environment_type=LOOPBACK",
            f"--job_server_timeout={LONGEST_JOB_SECS}",
        ]
    )
    runner = _OwnPrismRunner(prism)
    try:
        yield beam.Pipeline(runner=runner, options=options)
    finally:
        runner.close()
