"""A real Flink 1.19.3 cluster and Beam's job server for tests; ended by their process ids.

Flink's jars lie in the PyPI distribution ``apache-flink-libraries``, the job server is
assembled from Maven artifacts. Both are fetched once into the user's cache directory. Ports are
free ones, everything written goes to one temporary directory.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tarfile
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from alone import alone

FLINK = "1.19.3"
BEAM = "2.70.0"
JOB_SERVICE = "2.65.0"
FETCH_FLINK = f"python -m pip download --no-deps apache-flink-libraries=={FLINK}"
FETCH_JOB_SERVER = "mvn dependency:copy-dependencies"
JAVA_VERSIONS = (17, 11)
START_SECS = 120
STOP_SECS = 20
JVM_DIRECTORIES = (
    "/usr/lib/jvm/*",
    "/opt/java/*",
    "/Library/Java/JavaVirtualMachines/*/Contents/Home",
)
EXPORTED = ("java.base/sun.net.util", "java.rmi/sun.rmi.registry")
OPENED = (
    "lang", "net", "io", "nio", "lang.reflect", "text", "time", "util", "util.concurrent",
    "util.concurrent.atomic", "util.concurrent.locks",
)  # fmt: skip
POM = f"""<project xmlns="http://maven.apache.org/POM/4.0.0">
<modelVersion>4.0.0</modelVersion>
<groupId>vigie.tests</groupId><artifactId>flink-job-server</artifactId><version>1</version>
<dependencyManagement><dependencies>
<dependency><groupId>org.apache.beam</groupId>
<artifactId>beam-runners-java-job-service</artifactId><version>{JOB_SERVICE}</version></dependency>
<dependency><groupId>org.apache.beam</groupId>
<artifactId>beam-sdks-java-harness</artifactId><version>{BEAM}</version></dependency>
</dependencies></dependencyManagement>
<dependencies>
<dependency><groupId>org.apache.beam</groupId>
<artifactId>beam-runners-flink-1.19</artifactId><version>{BEAM}</version></dependency>
<dependency><groupId>org.slf4j</groupId>
<artifactId>slf4j-simple</artifactId><version>2.0.16</version></dependency>
</dependencies></project>
"""
LOG4J = """rootLogger.level = INFO
rootLogger.appenderRef.console.ref = Console
appender.console.name = Console
appender.console.type = CONSOLE
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d{ISO8601} %-5p %-40c{1} - %m%n
logger.pekko.name = org.apache.pekko
logger.pekko.level = WARN
"""


class Unavailable(Exception):
    """The cluster cannot be had on this machine; the message says what is missing."""


class FlinkCluster:
    """JobManager, TaskManagers and Beam's job server; each can be killed and started again."""

    def __init__(
        self, *, slots: int = 4, settings: dict[str, str] | None = None, keeper: bool = False
    ) -> None:
        self.java = find_java() / "bin" / "java"
        self.flink = prepare_flink()
        self.job_server_jars = prepare_job_server()
        self.directory = Path(tempfile.mkdtemp(prefix="vigie-flink-"))
        self.slots = slots
        self.settings = settings or {}
        self.keeper_port = free_port() if keeper else None
        self.rest_port, self.rpc_port, self.blob_port = free_port(), free_port(), free_port()
        self.job_port = free_port()
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._task_managers = 0

    @property
    def rest_url(self) -> str:
        return f"http://127.0.0.1:{self.rest_port}"

    @property
    def job_endpoint(self) -> str:
        return f"localhost:{self.job_port}"

    @property
    def savepoints(self) -> str:
        return f"file://{self.directory}/savepoints"

    def start(self, *, task_managers: int = 1) -> None:
        """Start everything and return when the slots and the job service are there."""
        self._write_config()
        if self.keeper_port:
            self._start_keeper()
        self.start_job_manager()
        for _ in range(task_managers):
            self.start_task_manager()
        self.start_job_server()
        self.wait_for_slots(self.slots * task_managers)

    def _start_keeper(self) -> None:
        file = self.directory / "conf" / "zoo.cfg"
        file.write_text(
            f"clientPort={self.keeper_port}\ndataDir={self.directory}/keeper\ntickTime=2000\n"
            "initLimit=10\nsyncLimit=5\nadmin.enableServer=false\n"
            f"server.1=127.0.0.1:{free_port()}:{free_port()}\n",
        )
        (self.directory / "keeper").mkdir(exist_ok=True)
        main = "org.apache.flink.runtime.zookeeper.FlinkZooKeeperQuorumPeer"
        self._java(
            "keeper",
            self._flink_path(),
            ["-Xmx128m"],
            [main, "--zkConfigFile", str(file), "--peerId", "1"],
        )
        self._wait_for(lambda: _listens(self.keeper_port), "keeper")

    def start_job_manager(self) -> None:
        main = "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint"
        arguments = [main, "--configDir", str(self.directory / "conf"), "--executionMode"]
        memory = ["-Xmx448m", "-Xms128m", "-XX:MaxMetaspaceSize=256m", *opened()]
        self._java("job_manager", self._flink_path(), memory, [*arguments, "cluster"])
        self._wait_for(self._rest_answers, "job_manager")

    def start_task_manager(self) -> str:
        """Start one more TaskManager and return its name."""
        self._task_managers += 1
        name = f"task_manager_{self._task_managers}"
        main = "org.apache.flink.runtime.taskexecutor.TaskManagerRunner"
        memory = [
            "-Xmx512m", "-Xms128m", "-XX:MaxDirectMemorySize=256m", "-XX:MaxMetaspaceSize=256m",
            *opened(),
        ]  # fmt: skip
        arguments = [main, "--configDir", str(self.directory / "conf")]
        self._java(name, self._flink_path(), memory, arguments)
        return name

    def start_job_server(self) -> None:
        main = "org.apache.beam.runners.flink.FlinkJobServerDriver"
        arguments = [
            main, f"--flink-master=127.0.0.1:{self.rest_port}", "--job-host=localhost",
            f"--job-port={self.job_port}", "--artifact-port=0", "--expansion-port=0",
            f"--artifacts-dir={self.directory}/artifacts",
            f"--flink-conf-dir={self.directory}/conf",
        ]  # fmt: skip
        self._java("job_server", f"{self.job_server_jars}/*", ["-Xmx384m", *opened()], arguments)
        self._wait_for(lambda: _listens(self.job_port), "job_server")

    def task_managers(self) -> list[str]:
        """Return the names of the TaskManagers that live."""
        return [name for name in self._processes if name.startswith("task_manager")]

    def pid(self, name: str) -> int:
        return self._processes[name].pid

    def kill(self, name: str) -> None:
        """Kill one JVM with SIGKILL, as a power cut would; its workers are left to themselves."""
        process = self._processes.pop(name)
        process.kill()
        process.wait()

    def log(self, name: str) -> str:
        return (self.directory / f"{name}.log").read_text(errors="replace")

    def wait_for_slots(self, number: int) -> None:
        self._wait_for(lambda: self.get("/overview")["slots-total"] >= number, "job_manager")

    def get(self, path: str) -> dict:
        with urllib.request.urlopen(f"{self.rest_url}{path}", timeout=10) as answer:
            return json.load(answer)

    def jobs(self) -> dict[str, str]:
        """Return the states of all jobs by id."""
        return {job["jid"]: job["state"] for job in self.get("/jobs/overview")["jobs"]}

    def close(self) -> None:
        """End all processes by their ids, with the workers they started, and remove all files."""
        for process in self._processes.values():
            process.terminate()
        for process in self._processes.values():
            try:
                process.wait(STOP_SECS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._processes.clear()
        shutil.rmtree(self.directory, ignore_errors=True)

    def _flink_path(self) -> str:
        return f"{self.flink}/lib/*"

    def _java(self, name: str, classes: str, options: list[str], arguments: list[str]) -> None:
        conf = self.directory / "conf"
        environment = os.environ | {
            "FLINK_CONF_DIR": str(conf),
            "FLINK_LIB_DIR": str(self.flink / "lib"),
            "FLINK_PLUGINS_DIR": str(self.flink / "plugins"),
        }
        log4j = [f"-Dlog4j.configurationFile={conf}/log4j.properties", "-XX:+UseSerialGC"]
        with (self.directory / f"{name}.log").open("ab") as log:
            self._processes[name] = subprocess.Popen(
                [str(self.java), *options, *log4j, "-cp", classes, *arguments],
                cwd=self.directory,
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )

    def _write_config(self) -> None:
        conf = self.directory / "conf"
        conf.mkdir()
        (conf / "log4j.properties").write_text(LOG4J)
        values = {
            "jobmanager.rpc.address": "127.0.0.1",
            "jobmanager.rpc.port": str(self.rpc_port),
            "jobmanager.bind-host": "127.0.0.1",
            "jobmanager.memory.process.size": "1024m",
            "blob.server.port": str(self.blob_port),
            "rest.address": "127.0.0.1",
            "rest.bind-address": "127.0.0.1",
            "rest.port": str(self.rest_port),
            "taskmanager.host": "127.0.0.1",
            "taskmanager.bind-host": "127.0.0.1",
            "taskmanager.cpu.cores": "1",
            "taskmanager.numberOfTaskSlots": str(self.slots),
            "taskmanager.memory.framework.heap.size": "128m",
            "taskmanager.memory.task.heap.size": "384m",
            "taskmanager.memory.framework.off-heap.size": "64m",
            "taskmanager.memory.task.off-heap.size": "64m",
            "taskmanager.memory.network.min": "128m",
            "taskmanager.memory.network.max": "128m",
            "taskmanager.memory.managed.size": "64m",
            "taskmanager.memory.jvm-metaspace.size": "256m",
            "taskmanager.memory.jvm-overhead.min": "192m",
            "taskmanager.memory.jvm-overhead.max": "192m",
            "state.backend.type": "hashmap",
            "state.checkpoints.dir": f"file://{self.directory}/checkpoints",
            "state.savepoints.dir": self.savepoints,
            "restart-strategy.type": "fixed-delay",
            "restart-strategy.fixed-delay.attempts": "10000",
            "restart-strategy.fixed-delay.delay": "1 s",
            "heartbeat.interval": "1000",
            "heartbeat.timeout": "10000",
            "io.tmp.dirs": str(self.directory / "tmp"),
        }
        if self.keeper_port:
            values |= {
                "high-availability.type": "zookeeper",
                "high-availability.zookeeper.quorum": f"127.0.0.1:{self.keeper_port}",
                "high-availability.storageDir": f"file://{self.directory}/ha",
            }
        (self.directory / "tmp").mkdir()
        lines = [f"{name}: {value}" for name, value in (values | self.settings).items()]
        (conf / "flink-conf.yaml").write_text("\n".join(lines) + "\n")

    def _rest_answers(self) -> bool:
        return "slots-total" in self.get("/overview")

    def _wait_for(self, ready, name: str) -> None:
        deadline = time.monotonic() + START_SECS
        while time.monotonic() < deadline and self._processes[name].poll() is None:
            try:
                if ready():
                    return
            except (OSError, ValueError, KeyError):
                pass
            time.sleep(0.2)
        tail = self.log(name)[-3000:]
        self.close()
        raise Unavailable(f"Flink's {name} did not start:\n{tail}")


def opened() -> list[str]:
    """Return the options that let Flink look into the JDK's packages."""
    options = [f"--add-exports={package}=ALL-UNNAMED" for package in EXPORTED]
    options += [f"--add-opens=java.base/java.{part}=ALL-UNNAMED" for part in OPENED]
    options.append("--add-opens=java.base/sun.nio.ch=ALL-UNNAMED")
    return options


@alone("flink")
def prepare_flink() -> Path:
    """Return the folder with ``lib`` and ``plugins``; fetched and unpacked the first time."""
    home = cache_directory() / f"flink-{FLINK}"
    if home.exists():
        return home
    with tempfile.TemporaryDirectory(dir=cache_directory()) as folder:
        command = [sys.executable, "-m", *FETCH_FLINK.split()[2:], "--dest", folder]
        done = subprocess.run(command, capture_output=True, check=False)
        found = list(Path(folder).glob("apache*flink*libraries*"))
        if done.returncode or not found:
            raise Unavailable(
                f"{FETCH_FLINK} failed: {done.stderr.decode(errors='replace')[-500:]}"
            )
        target = Path(folder) / "unpacked"
        with tarfile.open(found[0]) as archive:
            for member in archive:
                _, _, inside = member.name.partition("/deps/")
                wanted = inside.startswith(("lib/", "plugins/metrics-prometheus/", "licenses/"))
                source = archive.extractfile(member) if wanted and member.isfile() else None
                if source is None:
                    continue
                path = target / inside
                path.parent.mkdir(parents=True, exist_ok=True)
                with path.open("wb") as sink:
                    shutil.copyfileobj(source, sink)
        _keep(target, home)
    return home


@alone("flink")
def prepare_job_server() -> Path:
    """Return the folder with the job server's jars; fetched from Maven the first time."""
    home = cache_directory() / f"beam-flink-job-server-{BEAM}"
    if home.exists():
        return home
    if shutil.which("mvn") is None:
        raise Unavailable("no job server: install Maven (mvn), the test fetches the rest")
    with tempfile.TemporaryDirectory(dir=cache_directory()) as folder:
        (Path(folder) / "pom.xml").write_text(POM)
        target = Path(folder) / "lib"
        command = [
            "mvn", "-q", "-B", *FETCH_JOB_SERVER.split()[1:], "-DincludeScope=runtime",
            f"-DoutputDirectory={target}",
        ]  # fmt: skip
        done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
        if done.returncode:
            tail = done.stdout.decode(errors="replace")[-500:]
            raise Unavailable(f"{FETCH_JOB_SERVER} failed: {tail}")
        _keep(target, home)
    return home


def _keep(target: Path, home: Path) -> None:
    try:
        target.rename(home)
    except OSError:
        if not home.exists():
            raise


def find_java() -> Path:
    """Return the home of a Java that Flink 1.19 supports."""
    homes = [Path(os.environ["JAVA_HOME"])] if os.environ.get("JAVA_HOME") else []
    for pattern in JVM_DIRECTORIES:
        homes += sorted(Path("/").glob(pattern.lstrip("/")))
    for version in JAVA_VERSIONS:
        for home in homes:
            if _java_version(home) == version:
                return home
    raise Unavailable("no Java 17 or 11: install one or set JAVA_HOME")


def _java_version(home: Path) -> int:
    release = home / "release"
    if not (home / "bin" / "java").exists() or not release.exists():
        return 0
    for line in release.read_text(errors="replace").splitlines():
        if line.startswith("JAVA_VERSION="):
            return int(line.split('"')[1].split(".")[0])
    return 0


def cache_directory() -> Path:
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    directory = base / "vigie-tests"
    directory.mkdir(parents=True, exist_ok=True)
    return directory


def _listens(port: int | None) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
