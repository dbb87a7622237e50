"""Which Beam runner a run uses.

Bounded work runs on the DirectRunner's in-process engine and needs nothing else. The endless
run needs Prism: the in-process engine ignores ``defer_remainder`` and spins (measured,
``docs/decisions/0002-runners.md``).
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.runners.portability.job_server import StopOnExitJobServer
from apache_beam.runners.portability.prism_runner import PrismJobServer, PrismRunner

if TYPE_CHECKING:
    from collections.abc import Iterator


def bounded_pipeline() -> beam.Pipeline:
    """Return a pipeline that runs in this process and ends when its input is read."""
    return beam.Pipeline(runner=FnApiRunner(), options=PipelineOptions([]))


class _OwnPrismRunner(PrismRunner):
    """Prism with a server of its own, which ends when it is told to.

    Beam shares one server a process, which knows the location of the first pipeline only; with
    its own switch against that, the server of a job that failed lives as long as the process.
    """

    server: StopOnExitJobServer | None = None

    def default_job_server(self, options: PipelineOptions) -> StopOnExitJobServer:
        self.server = StopOnExitJobServer(PrismJobServer(options))
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
            f"--prism_location={prism}",
            "--environment_type=LOOPBACK",
        ]
    )
    runner = _OwnPrismRunner()
    try:
        yield beam.Pipeline(runner=runner, options=options)
    finally:
        runner.close()
