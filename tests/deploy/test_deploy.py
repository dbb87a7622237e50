"""The files that users deploy by: whole, pinned, limited, and true to our own command line."""

import copy
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import kubernetes_validate
import pytest
import yaml
from compose_spec import PyCompose

from pipelines.cli import build_parser
from pipelines.config_models import MonitorFile

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
ONE_SHOT = {"setup", "flink-volume"}
OBJECTS = [
    one
    for name in ("vigie.yaml", "flink.yaml")
    for one in yaml.safe_load_all((DEPLOY / "kubernetes" / name).read_text())
]
PODS = [one["spec"]["template"]["spec"] for one in OBJECTS if one["kind"] == "Deployment"]
FLINK = next(one for one in OBJECTS if one["kind"] == "FlinkDeployment")["spec"]
FLINK_PODS = [FLINK[name]["podTemplate"]["spec"] for name in ("jobManager", "taskManager")]
CONTAINERS = [
    part
    for pod in (*PODS, *FLINK_PODS)
    for part in (*pod.get("initContainers", ()), *pod["containers"])
    if part["name"] != "flink-main-container"
]
KUBERNETES = ("1.29", "1.33", "1.37")
HADOLINT = Path(sys.executable).parent / "hadolint"
SYSTEMD = (DEPLOY / "systemd" / "vigie.service").read_text()
DOCKERFILE = (DEPLOY / "Dockerfile").read_text()


def is_pinned(image):
    name, _, tag = image.partition(":")
    return bool(name) and bool(re.search(r"\d+\.\d+", tag)) and "latest" not in tag


def our_commands():
    """Return every command line of ours that the files hold."""
    for name, service in SERVICES.items():
        if service["image"].startswith("vigie:") and "entrypoint" not in service:
            yield f"compose {name}", service["command"]
    for part in CONTAINERS:
        if part["image"].startswith("vigie:") and "command" not in part:
            yield f"kubernetes {part['name']}", part["args"]
    for line in re.findall(r"^Exec\w+=/opt/vigie/bin/vigie (.*)$", SYSTEMD, re.MULTILINE):
        yield "systemd", line.split()


def read_compose(compose):
    """Return ``compose`` as a parser of the Compose Specification reads it.

    Raises:
        ValueError: it does not follow the specification.
    """
    read = PyCompose.from_json(json.dumps(compose))
    read.validate()
    return read


def test_the_compose_file_follows_the_specification():
    assert set(read_compose(COMPOSE).service_names()) == set(SERVICES)


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        (("vigie", "read_onyl"), True),
        (("kibana", "ports"), ["127.0.0.1:5601:abc"]),
        (("kibana", "depends_on"), {"elasticsearch": {"condition": "service_helthy"}}),
        (("kibana", "deploy"), {"resources": {"limits": {"memory": "2 gallons"}}}),
    ],
)
def test_what_the_specification_does_not_know_would_be_seen(path, wrong):
    broken = copy.deepcopy(COMPOSE)
    broken["services"][path[0]][path[1]] = wrong
    with pytest.raises(ValueError, match=r".+"):
        read_compose(broken)


@pytest.mark.parametrize("version", KUBERNETES)
@pytest.mark.parametrize(
    "one",
    [one for one in OBJECTS if one["kind"] != "FlinkDeployment"],
    ids=lambda one: f"{one['kind']}-{one['metadata']['name']}",
)
def test_an_object_follows_the_schema_of_kubernetes(one, version):
    kubernetes_validate.validate(one, version, strict=True)


def test_a_field_that_kubernetes_does_not_know_would_be_seen():
    broken = copy.deepcopy(next(one for one in OBJECTS if one["kind"] == "Deployment"))
    broken["spec"]["template"]["spec"]["containers"][0]["imagePullPolicyy"] = "Always"
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(broken, KUBERNETES[0], strict=True)


def test_hadolint_finds_nothing_in_the_dockerfile():
    dockerfile = DEPLOY / "Dockerfile"
    done = subprocess.run([HADOLINT, dockerfile], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")
    bad = subprocess.run(
        [HADOLINT, "-"],
        input="FROM python\nRUN cd /x\n",
        capture_output=True,
        text=True,
        check=False,
    )
    assert "DL3006" in bad.stdout


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_has_no_rights_but_those_it_needs(name):
    service = SERVICES[name]
    image = service["image"].partition(":")[0]
    if image in {"elasticsearch", "kibana"}:
        return  # their images switch to a user of their own
    assert service["cap_drop"] == ["ALL"]
    assert service.get("cap_add", []) == (["CHOWN"] if name == "flink-volume" else [])
    if name != "flink-volume":
        assert service.get("user", "1") != "root"


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_pinned_limited_and_checked(name):
    service = SERVICES[name]
    assert is_pinned(service["image"])
    assert set(service["deploy"]["resources"]["limits"]) == {"cpus", "memory"}
    assert "no-new-privileges:true" in service["security_opt"]
    if name not in ONE_SHOT:
        assert service["restart"] == "unless-stopped"
        assert service["healthcheck"]["test"][0] in {"CMD", "CMD-SHELL"}
        assert {"interval", "timeout", "retries"} <= set(service["healthcheck"])


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_waits_for_services_that_its_profile_starts(name):
    service = SERVICES[name]
    for wanted, how in service.get("depends_on", {}).items():
        other = SERVICES[wanted]
        assert set(other.get("profiles", service.get("profiles", ()))) >= set(
            service.get("profiles", ())
        )
        if how["condition"] == "service_healthy":
            assert "healthcheck" in other
        else:
            assert wanted in ONE_SHOT


@pytest.mark.parametrize("name", SERVICES)
def test_mounted_files_exist_and_volumes_are_declared(name):
    for mount in SERVICES[name].get("volumes", ()):
        source = mount.split(":")[0]
        if source.startswith("."):
            assert (DEPLOY / source).exists(), source
            assert mount.endswith(":ro")
        else:
            assert source in COMPOSE["volumes"]


@pytest.mark.parametrize("name", SERVICES)
def test_ports_are_published_on_loopback_only(name):
    for port in SERVICES[name].get("ports", ()):
        assert port.startswith("127.0.0.1:")


def test_all_parts_of_the_picture_are_there():
    wanted = {
        "elasticsearch", "kibana", "jobmanager", "taskmanager", "jobserver", "vigie",
        "prometheus", "alertmanager", "grafana",
    }  # fmt: skip
    assert wanted <= set(SERVICES)


@pytest.mark.parametrize(("where", "words"), list(our_commands()))
def test_our_command_lines_parse(where, words):
    assert build_parser().parse_args([str(word) for word in words]).command in {"run", "setup"}


def test_every_way_to_run_is_held_by_some_file():
    commands = [words for _, words in our_commands()]
    assert sum("--runner=FlinkRunner" in words for words in commands) == 2
    assert len(commands) == 9


def test_every_way_to_run_sets_the_indices_up_first():
    for name in ("vigie", "vigie-flink"):
        condition = SERVICES[name]["depends_on"]["setup"]["condition"]
        assert condition == "service_completed_successfully"
    for pod in PODS:
        if any(part["image"].startswith("vigie:") for part in pod["containers"]):
            assert [part["args"][0] for part in pod["initContainers"]] == ["setup"]
    assert SYSTEMD.index("ExecStartPre=/opt/vigie/bin/vigie setup") < SYSTEMD.index("ExecStart=")
    assert "TimeoutStartSec=infinity" in SYSTEMD


def test_the_containers_configuration_is_valid_and_reachable_from_outside_the_container():
    values = yaml.safe_load((DEPLOY / "compose" / "monitor.yaml").read_text())
    checked = MonitorFile.model_validate(values)
    assert checked.metrics.address == "0.0.0.0"
    assert checked.index.location.split("//")[1].split(":")[0] in SERVICES


def test_prometheus_scrapes_services_that_exist():
    values = yaml.safe_load((DEPLOY / "compose" / "prometheus.yml").read_text())
    jobs = {job["job_name"]: job for job in values["scrape_configs"]}
    targets = [
        target
        for job in (*jobs.values(), *values["alerting"]["alertmanagers"])
        for group in job.get("static_configs", ())
        for target in group["targets"]
    ]
    assert {target.split(":")[0] for target in targets} <= set(SERVICES)
    (workers,) = jobs["vigie-flink"]["http_sd_configs"]
    host = SERVICES["workers"]["network_mode"].removeprefix("service:")
    port = SERVICES["workers"]["environment"]["VIGIE_METRICS_PORT"]
    assert workers["url"] == f"http://{host}:{port}/targets"


def test_prometheus_expects_a_target_of_vigie_that_both_profiles_have():
    """A target that a profile does not start is down for ever, and VigieDown pages for ever."""
    values = yaml.safe_load((DEPLOY / "compose" / "prometheus.yml").read_text())
    fixed = [
        target.split(":")[0]
        for job in values["scrape_configs"]
        if job["job_name"].startswith("vigie")
        for group in job.get("static_configs", ())
        for target in group["targets"]
    ]
    assert fixed == ["vigie"]
    assert SERVICES["vigie"]["profiles"] == ["single"]
    assert SERVICES["vigie-flink"]["profiles"] == ["flink"]
    assert SERVICES["vigie-flink"]["networks"]["default"]["aliases"] == ["vigie"]


@pytest.mark.parametrize("part", CONTAINERS, ids=lambda part: part["name"])
def test_a_container_is_pinned_limited_and_unprivileged(part):
    assert is_pinned(part["image"])
    assert {"cpu", "memory"} <= set(part["resources"]["limits"])
    assert part["securityContext"]["allowPrivilegeEscalation"] is False
    assert part["securityContext"]["capabilities"]["drop"] == ["ALL"]


@pytest.mark.parametrize("pod", PODS, ids=lambda pod: pod["containers"][0]["name"])
def test_a_pod_runs_as_a_user_without_rights_and_mounts_what_it_declares(pod):
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["runAsUser"] > 0
    assert pod["automountServiceAccountToken"] is False
    declared = {volume["name"] for volume in pod.get("volumes", ())}
    for part in (*pod.get("initContainers", ()), *pod["containers"]):
        assert {mount["name"] for mount in part.get("volumeMounts", ())} <= declared
        ports = {port["name"] for port in part.get("ports", ())}
        for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
            for kind in ("httpGet", "tcpSocket"):
                if kind in part.get(probe, {}):
                    assert part[probe][kind]["port"] in ports


@pytest.mark.parametrize("pod", FLINK_PODS, ids=["job-manager", "task-manager"])
def test_the_pods_of_flink_run_as_a_user_without_rights(pod):
    assert pod["securityContext"]["runAsNonRoot"] is True
    for part in pod["containers"]:
        assert part["securityContext"]["allowPrivilegeEscalation"] is False
        assert part["securityContext"]["capabilities"]["drop"] == ["ALL"]


def test_flink_on_kubernetes_survives_the_death_of_its_job_manager():
    settings = FLINK["flinkConfiguration"]
    assert settings["high-availability.type"] == "kubernetes"
    stored = [value for key, value in settings.items() if key.endswith(("Dir", ".dir"))]
    assert len(stored) == 3
    assert all(value.startswith("s3://") for value in stored)


def test_selectors_find_their_pods_and_never_two_run_at_once():
    for one in OBJECTS:
        assert one["metadata"]["namespace"] == "vigie"
        if one["kind"] == "Deployment":
            labels = one["spec"]["template"]["metadata"]["labels"].items()
            assert one["spec"]["selector"]["matchLabels"].items() <= labels
            assert one["spec"]["replicas"] == 1
            assert one["spec"]["strategy"] == {"type": "Recreate"}


def test_the_worker_command_is_one_that_the_wheel_installs():
    declared = (ROOT / "pyproject.toml").read_text()
    assert 'vigie-worker = "pipelines.flink_worker:main"' in declared
    for text in ((DEPLOY / "docker-compose.yml"), (DEPLOY / "kubernetes" / "flink.yaml")):
        assert "--container_executable=/usr/local/bin/vigie-worker" in text.read_text()


def test_the_image_is_pinned_and_runs_without_privileges():
    stages = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    assert stages
    assert all(is_pinned(stage) for stage in stages)
    users = re.findall(r"^USER (\d+)", DOCKERFILE, re.MULTILINE)
    assert users
    assert users[-1] != "0"
    assert DOCKERFILE.index("USER") < DOCKERFILE.index("ENTRYPOINT")
    assert "ADD " not in DOCKERFILE
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    for source in re.findall(r"^COPY (?!--from)(.*) \S+$", DOCKERFILE, re.MULTILINE):
        assert all(f"!{one}" in ignored for one in source.split())


def test_versions_agree_with_what_is_installed():
    import apache_beam

    kubernetes = (DEPLOY / "kubernetes" / "flink.yaml").read_text()
    for text in (DOCKERFILE, (DEPLOY / "docker-compose.yml").read_text(), kubernetes):
        assert apache_beam.__version__ in text
    servers = {SERVICES["jobserver"]["image"]}
    servers |= {part["image"] for part in CONTAINERS if part["name"] == "job-server"}
    (server,) = servers
    flink = re.fullmatch(r"apache/beam_flink(\d+\.\d+)_job_server:(.+)", server)
    assert flink[2] == apache_beam.__version__
    for image in (SERVICES["jobmanager"]["image"], FLINK["image"]):
        assert image.startswith(f"flink:{flink[1]}.")
    declared = re.search(r'^version = "(.+)"', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    ours = {service["image"] for service in SERVICES.values() if "vigie:" in service["image"]}
    assert ours == {f"vigie:{declared[1]}"}


def test_systemd_accepts_the_unit(tmp_path):
    tool = shutil.which("systemd-analyze")
    if tool is None:
        pytest.skip("systemd-analyze is not on this machine")
    unit = tmp_path / "vigie.service"
    unit.write_text(SYSTEMD.replace("/opt/vigie/bin/vigie", "/bin/true"))
    done = subprocess.run([tool, "verify", unit], capture_output=True, text=True, check=False)
    about_ours = [line for line in done.stderr.splitlines() if "vigie.service" in line]
    assert about_ours == []
    assert done.returncode == 0
