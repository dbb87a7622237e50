"""Which Beam runner a run uses, and where Prism, the local streaming runner, comes from.

Bounded work runs on the DirectRunner's in-process engine and needs nothing else. The endless
run needs Prism: the in-process engine ignores ``defer_remainder`` and spins (measured,
``docs/decisions/0002-runners.md``).
"""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.runners.portability.job_server import StopOnExitJobServer
from apache_beam.runners.portability.prism_runner import PrismJobServer, PrismRunner

if TYPE_CHECKING:
    from collections.abc import Iterator

log = logging.getLogger(__name__)
BUILD_SECS = 600
"""``go install`` of Prism takes about one minute here; ten leave room for a slow machine."""

DOWNLOAD_SECS = 60


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


def cache_dir() -> Path:
    """Return the folder where Vigie keeps what it built, by the XDG rules."""
    root = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(root) / "vigie" / f"prism-{beam.__version__}"


def find_prism(given: str | None = None) -> str | None:
    """Return the path of a Prism binary without building or downloading one, or None.

    Looked for in this order: ``given``, ``VIGIE_PRISM``, ``PATH``, Vigie's cache, Beam's cache.
    """
    beam_cache = Path(PrismJobServer.BIN_CACHE)
    candidates = [
        given,
        os.environ.get("VIGIE_PRISM"),
        shutil.which("prism"),
        str(cache_dir() / "prism"),
        *(str(path) for path in sorted(beam_cache.glob(f"*v{beam.__version__}*"))),
    ]
    for candidate in candidates:
        if candidate and Path(candidate).is_file() and os.access(candidate, os.X_OK):
            return candidate
    return None


def obtain_prism(given: str | None = None) -> str | None:
    """Return a Prism binary, building or downloading it once if need be; None if none is had."""
    found = find_prism(given)
    return found or _build_prism() or _download_prism()


def _build_prism() -> str | None:
    go = shutil.which("go")
    if go is None:
        return None
    target = cache_dir()
    target.mkdir(parents=True, exist_ok=True)
    log.info("building Prism once, about a minute target=%s", target)
    module = f"github.com/apache/beam/sdks/v2/go/cmd/prism@v{beam.__version__}"
    try:
        subprocess.run(  # noqa: S603 - a fixed command, no shell
            [go, "install", module],
            env={**os.environ, "GOBIN": str(target)},
            check=True,
            capture_output=True,
            timeout=BUILD_SECS,
        )
    except (OSError, subprocess.SubprocessError) as error:
        log.warning("Prism could not be built error=%s", type(error).__name__)
        return None
    return find_prism()


def _download_prism() -> str | None:
    """Let Beam download its release; bounded in time, since a closed network may just hang."""
    found: list[str] = []

    def download() -> None:
        try:
            address = PrismJobServer(PipelineOptions([])).path_to_binary()
            found.append(PrismJobServer.local_bin(address))
        except Exception as error:  # noqa: BLE001 - whatever goes wrong, there is a fallback
            log.warning("Prism could not be downloaded error=%s", type(error).__name__)

    thread = threading.Thread(target=download, daemon=True)
    thread.start()
    thread.join(DOWNLOAD_SECS)
    return found[0] if found and Path(found[0]).is_file() else None
