"""Where Prism, Beam's local streaming runner, comes from: found, built or downloaded."""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import threading
from importlib.metadata import version
from pathlib import Path

log = logging.getLogger(__name__)
BUILD_SECS = 600
"""``go install`` of Prism takes about one minute here; ten leave room for a slow machine."""

DOWNLOAD_SECS = 60

BEAM_CACHE = Path("~/.apache_beam/cache/prism/bin")
"""Where Beam itself keeps what it downloaded."""


def cache_dir() -> Path:
    """Return the folder where Vigie keeps what it built, by the XDG rules."""
    root = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(root) / "vigie" / f"prism-{version('apache-beam')}"


def find_prism(given: str | None = None) -> str | None:
    """Return the path of a Prism binary without building or downloading one, or None.

    Looked for in this order: ``given``, ``VIGIE_PRISM``, ``PATH``, Vigie's cache, Beam's cache.
    """
    candidates = [
        given,
        os.environ.get("VIGIE_PRISM"),
        shutil.which("prism"),
        str(cache_dir() / "prism"),
        *(
            str(path)
            for path in sorted(BEAM_CACHE.expanduser().glob(f"*v{version('apache-beam')}*"))
        ),
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
    module = f"github.com/apache/beam/sdks/v2/go/cmd/prism@v{version('apache-beam')}"
    try:
        subprocess.run(  # noqa: S603 - a fixed command, no shell
            [go, "install", module],
            env={**os.environ, "GOBIN": str(target)},
            check=True,
            capture_output=True,
            timeout=BUILD_SECS,
        )
    except (OSError, subprocess.SubprocessError) as error:
        log.warning(
            "Prism could not be built error=%s: %s", type(error).__name__, _last_words(error)
        )
        return None
    return find_prism()


def _last_words(error: Exception) -> str:
    """Return the last line that the tool printed, such as that it wants a newer Go."""
    said = (getattr(error, "stderr", None) or b"").decode("utf-8", "replace").strip()
    return said.splitlines()[-1] if said else str(error)


def _download_prism() -> str | None:
    """Let Beam download its release; bounded in time, since a closed network may just hang."""
    # Loading Beam takes seconds; who only looks for the binary does not need it.
    from apache_beam.options.pipeline_options import PipelineOptions  # noqa: PLC0415
    from apache_beam.runners.portability.prism_runner import PrismJobServer  # noqa: PLC0415

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
