"""A server with TLS and users: each of the documented roles suffices, and no less does."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
import socket
import ssl
import subprocess
import urllib.request
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch

from connectors.backends import cloud_address, open_index, set_up_index
from connectors.index import IndexSettings, IndexUnavailable
from pipelines.cli import main

ROLES = json.loads(
    (Path(__file__).parents[2] / "deploy" / "elasticsearch" / "roles.json").read_text("utf-8")
)
NOW = datetime(2026, 3, 2, 12, 0, tzinfo=timezone.utc)
ADMIN, PASSWORD = "admin", "a-password-of-the-tests"


def make_certificates(directory):
    """A certificate authority and a certificate for 127.0.0.1, by the openssl command."""
    if shutil.which("openssl") is None:
        pytest.fail("the openssl command is needed") if os.environ.get("CI") else pytest.skip(
            "the openssl command is needed"
        )

    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], cwd=directory, check=True, capture_output=True)

    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    openssl(
        *("req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.crt", "-days", "2"),
        *("-subj", "/CN=Vigie tests CA"),
    )
    openssl(
        *("req", *key, "-keyout", "http.key", "-out", "http.csr", "-subj", "/CN=127.0.0.1"),
    )
    (directory / "names").write_text("subjectAltName=IP:127.0.0.1\n", encoding="utf-8")
    openssl(
        *("x509", "-req", "-in", "http.csr", "-CA", "ca.crt", "-CAkey", "ca.key"),
        *("-CAcreateserial", "-out", "http.crt", "-days", "2", "-extfile", "names"),
    )


def password_hash(password):
    """The form in which the file of users keeps a password."""
    salt = os.urandom(32)
    made = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, 10_000, 32)
    parts = (base64.b64encode(part).decode() for part in (salt, made))
    return "{PBKDF2}10000$" + "$".join(parts)


@pytest.fixture(scope="module")
def secured(elasticsearch_services, tmp_path_factory):
    """A server with TLS, and an administrator's client for it."""
    directory = tmp_path_factory.mktemp("tls")
    make_certificates(directory)
    ca_file = directory / "ca.crt"
    opener = urllib.request.build_opener(
        urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=str(ca_file)))
    )
    basic = base64.b64encode(f"{ADMIN}:{PASSWORD}".encode()).decode()
    opener.addheaders = [("Authorization", f"Basic {basic}")]
    try:
        server = elasticsearch_services.ElasticsearchServer(
            settings={
                "xpack.security.enabled": "true",
                "xpack.security.http.ssl.enabled": "true",
                "xpack.security.http.ssl.key": "http.key",
                "xpack.security.http.ssl.certificate": "http.crt",
                "xpack.security.authc.password_hashing.algorithm": "pbkdf2",
            },
            files={
                "http.key": (directory / "http.key").read_bytes(),
                "http.crt": (directory / "http.crt").read_bytes(),
                "users": f"{ADMIN}:{password_hash(PASSWORD)}\n".encode(),
                "users_roles": f"superuser:{ADMIN}\n".encode(),
            },
            opener=opener,
            java_options=elasticsearch_services.QUICK_START,
        )
        server.start()
    except elasticsearch_services.Unavailable as error:
        if os.environ.get("CI") == "true":
            pytest.fail(str(error), pytrace=False)
        pytest.skip(str(error))
    client = Elasticsearch(
        server.url, basic_auth=(ADMIN, PASSWORD), ca_certs=str(ca_file), request_timeout=60
    )
    for name, role in ROLES.items():
        # This server manages no lifecycles, and knows no privilege of that name.
        client.security.put_role(name=name, cluster=role["cluster"], indices=role["indices"])
        client.security.put_user(username=name, password=f"{name}-password", roles=[name])
    client.security.put_user(username="nobody", password="nobody-password", roles=[])
    yield server, client, str(ca_file)
    client.close()
    server.close()


@pytest.fixture(scope="module")
def reach(secured):
    """Settings to reach the server as one of the users."""
    server, _, ca_file = secured

    def settings(user, **changes):
        values = {"username": user, "password": f"{user}-password", "ca_file": ca_file}
        return IndexSettings(location=server.url, timeout_secs=20, **values | changes)

    return settings


@pytest.fixture(scope="module")
def set_up(reach):
    """The indices, made by the user whose role is for that."""
    settings = reach("vigie_setup")
    return set_up_index(settings, now=NOW)


@pytest.fixture
def config(tmp_path, secured):
    """Write a configuration that reaches the server with these keys."""
    server, _, ca_file = secured

    def write(**keys):
        keys = {"location": server.url, "ca_file": ca_file, "timeout_secs": 5, **keys}
        path = tmp_path / "monitor.yaml"
        feeds = ["https://example.org/feed.xml"]
        body = {"index": keys, "feeds": [{"url": url} for url in feeds]}
        path.write_text(json.dumps(body), encoding="utf-8")
        return str(path)

    return write


pytestmark = pytest.mark.service


def test_the_role_for_setup_sets_up_upgrades_rebuilds_and_applies_retention(reach, set_up):
    assert "create index vigie-entries" in set_up
    settings = replace(reach("vigie_setup"), retention_months=1)
    assert set_up_index(settings, now=NOW) == []
    assert set_up_index(settings, now=NOW, rebuild=True)
    assert set_up_index(settings, now=NOW, dry_run=True) == []


def test_the_role_for_running_writes_checks_and_cannot_set_up(reach, set_up, make):
    index = open_index(reach("vigie_run"))
    index.check()
    document = make.document("run", "Missiles.", mentions=(make.mention("x"),))
    document = replace(document, alerts=(make.alert("run", document),))
    index.register_entries([make.entry("run")], due_at=make.now)
    assert [r.outcome for r in index.write([document])] == ["created"]
    assert [r.outcome for r in index.write([document])] == ["unchanged"]
    assert index.totals().entries["indexed"] == 1
    assert index.heads([document.article.id]) != {}
    assert [d.article.id for d in index.documents()] == [document.article.id]
    assert index.health() == {"status": "unknown"}
    with pytest.raises(IndexUnavailable, match="lacks privileges"):
        index.setup()
    index.close()


@pytest.mark.usefixtures("set_up")
def test_the_role_for_searching_searches_and_cannot_write(reach, make, config, capsys, secured):
    _, client, _ = secured
    runner = open_index(reach("vigie_run"))
    runner.write([make.document("seen", "Missiles.")])
    runner.close()
    client.indices.refresh(index="vigie-*")
    path = config(username="vigie_search", password="vigie_search-password")
    assert main(["search", "missile", "--config", path, "--json"]) == 0
    assert make.document("seen").article.url in capsys.readouterr().out
    index = open_index(reach("vigie_search"))
    with pytest.raises(IndexUnavailable, match="lacks privileges"):
        index.write([make.document("refused")])
    index.close()


def test_an_api_key_with_the_role_for_running_suffices(secured, set_up, make, config):
    _, client, _ = secured
    made = client.security.create_api_key(
        name="runner", role_descriptors={"run": ROLES["vigie_run"]}
    )
    path = config(api_key=made["encoded"])
    assert main(["check", "--config", path]) == 0
    client.security.invalidate_api_key(ids=[made["id"]])
    assert main(["check", "--config", path]) == 3


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        (
            {"username": "vigie_run", "password": "wr0ng-one"},
            "check api_key or username and password",
        ),
        ({}, "check api_key or username and password"),
        ({"username": "nobody", "password": "nobody-password"}, "unauthorized for user [nobody]"),
        (
            {"username": "vigie_search", "password": "vigie_search-password"},
            "this user or key lacks privileges",
        ),
        (
            {"username": "vigie_run", "password": "vigie_run-password", "ca_file": None},
            "certificate is not trusted: set ca_file",
        ),
    ],
)
def test_check_says_what_is_wrong_with_the_access_and_exits_with_3(
    config, set_up, capsys, keys, told
):
    assert main(["check", "--config", config(**keys)]) == 3
    shown = capsys.readouterr()
    assert told in shown.err
    assert keys.get("password", "no password") not in shown.err + shown.out


def test_one_of_several_hosts_may_be_dead(reach, set_up):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        dead = f"https://127.0.0.1:{probe.getsockname()[1]}"
    settings = reach("vigie_run")
    for hosts in (f"{dead},{settings.location}", f"{settings.location}, {dead}"):
        index = open_index(replace(settings, location=hosts))
        for _ in range(4):
            index.check()
        index.close()


def test_the_roles_in_the_documentation_are_those_that_were_tested():
    text = (Path(__file__).parents[2] / "docs" / "search.md").read_text(encoding="utf-8")
    for name, role in ROLES.items():
        (line,) = [one for one in text.splitlines() if one.startswith(f"| `{name}` ")]
        named = {word.strip("`") for word in line.replace(",", " ").split() if "`" in word}
        (indices,) = role["indices"]
        assert {*role["cluster"], *indices["privileges"]} <= named


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("example.org", "https://abc.example.org:443"),
        ("example.org:9243", "https://abc.example.org:9243"),
    ],
)
def test_a_cloud_id_names_the_address(host, expected):
    coded = base64.b64encode(f"{host}$abc$def".encode()).decode()
    assert cloud_address(f"desk:{coded}") == expected
