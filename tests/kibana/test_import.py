"""``vigie setup --kibana`` against a stand-in that checks the request as Kibana does."""

from __future__ import annotations

import email
import email.policy
import json
import os
import shutil
import ssl
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.kibana import (
    KibanaSettings,
    KibanaUnavailable,
    import_objects,
    judge_answer,
    list_objects,
    with_prefix,
)
from pipelines.cli import main
from pipelines.cli.setup import read_objects

IMPORT_PATH = "/api/saved_objects/_import"


class Kibana(ThreadingHTTPServer):
    """Answers imports by the documented rules; keeps what it was asked and what it took."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.requests: list[dict] = []
        self.stored: dict[tuple[str, str], dict] = {}
        self.authorization: str | None = None
        self.base = ""
        self.answer: tuple[int, dict[str, str], bytes] | None = None
        self.refused: set[str] = set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}{self.base}"


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.requests.append({"path": self.path, "headers": dict(self.headers)})
        if self.server.answer:
            status, headers, words = self.server.answer
        else:
            status, found = self.judge(body)
            headers, words = {"Content-Type": "application/json"}, json.dumps(found).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(words)))
        self.end_headers()
        self.wfile.write(words)

    def judge(self, body: bytes) -> tuple[int, dict]:
        address = urlsplit(self.path)
        if address.path != f"{self.server.base}{IMPORT_PATH}":
            return 404, {"statusCode": 404, "error": "Not Found", "message": "Not Found"}
        if "kbn-xsrf" not in {name.lower() for name in self.headers}:
            return 400, {"message": "Request must contain a kbn-xsrf header."}
        return self.judge_form(body, parse_qs(address.query).get("overwrite") == ["true"])

    def judge_form(self, body: bytes, overwrite: bool) -> tuple[int, dict]:
        if self.server.authorization not in {None, self.headers.get("Authorization")}:
            return 401, {"message": "[security_exception]: missing authentication credentials"}
        kind = self.headers["Content-Type"]
        if not kind.startswith("multipart/form-data; boundary="):
            return 415, {"message": "Unsupported Media Type"}
        head = f"Content-Type: {kind}\r\nMIME-Version: 1.0\r\n\r\n".encode()
        form = email.message_from_bytes(head + body, policy=email.policy.HTTP)
        (part,) = form.iter_parts()
        if part.get_param("name", header="content-disposition") != "file":
            return 400, {"message": "[request body.file]: expected value of type [Stream]"}
        if not (part.get_filename() or "").endswith(".ndjson"):
            return 400, {"message": "Invalid file extension"}
        lines = part.get_payload(decode=True).decode().splitlines()
        return 200, self.store([json.loads(line) for line in lines], overwrite=overwrite)

    def store(self, lines: list[dict], *, overwrite: bool) -> dict:
        objects = [one for one in lines if "exportedCount" not in one]
        known = {(one["type"], one["id"]) for one in objects} | set(self.server.stored)
        errors, taken = [], []
        for one in objects:
            key = (one["type"], one["id"])
            missing = [r for r in one["references"] if (r["type"], r["id"]) not in known]
            about = {"type": one["type"], "id": one["id"]}
            if missing:
                error = {"type": "missing_references", "references": missing}
            elif one["id"] in self.server.refused:
                error = {"type": "unknown", "statusCode": 500, "message": "refused by the test"}
            elif key in self.server.stored and not overwrite:
                error = {"type": "conflict"}
            else:
                self.server.stored[key] = one
                title = one["attributes"].get("name") or one["attributes"]["title"]
                taken.append(about | {"meta": {"title": title}, "overwrite": overwrite})
                continue
            errors.append(about | {"title": one["attributes"]["title"], "error": error})
        answer = {"success": not errors, "successCount": len(taken), "warnings": []}
        answer |= {"successResults": taken} if taken else {}
        return answer | ({"errors": errors} if errors else {})

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def kibana():
    server = Kibana()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def settings(kibana: Kibana, **changes) -> KibanaSettings:
    return KibanaSettings(url=kibana.url, timeout_secs=20, **changes)


def test_the_import_is_the_request_that_kibana_documents(kibana, export):
    taken = import_objects(settings(kibana, api_key="a2V5"), read_objects())
    (request,) = kibana.requests
    assert request["path"] == f"{IMPORT_PATH}?overwrite=true"
    assert request["headers"]["Authorization"] == "ApiKey a2V5"
    assert set(kibana.stored) == {(one["type"], one["id"]) for one in export.objects}
    assert len(taken) == len(export.objects)
    assert 'dashboard "Vigie: operations"' in taken


def test_a_repeat_replaces_what_is_there(kibana):
    import_objects(settings(kibana), read_objects())
    kibana.stored["dashboard", "vigie-claims"] = {"attributes": {"title": "changed by hand"}}
    import_objects(settings(kibana), read_objects())
    assert kibana.stored["dashboard", "vigie-claims"]["attributes"]["title"] == "Vigie: claims"
    assert len(kibana.stored) == len(list_objects(read_objects()))


def test_a_space_and_a_closing_slash_in_the_address_are_kept(kibana):
    kibana.base = "/kb/s/desk"
    one = KibanaSettings(url=f"{kibana.url}/", username="u", password="p")
    assert import_objects(one, read_objects())
    assert kibana.requests[0]["headers"]["Authorization"] == "Basic dTpw"


def test_a_name_is_as_good_as_an_address(kibana):
    one = KibanaSettings(url=f"http://localhost:{kibana.server_port}")
    assert import_objects(one, read_objects())


def test_no_login_sends_no_authorization(kibana):
    import_objects(settings(kibana), read_objects())
    assert "Authorization" not in kibana.requests[0]["headers"]


def test_a_wrong_key_is_told_with_kibanas_words(kibana):
    kibana.authorization = "ApiKey right"
    with pytest.raises(KibanaUnavailable, match=r"--kibana-api-key.*missing authentication"):
        import_objects(settings(kibana, api_key="wrong"), read_objects())


def test_a_missing_reference_is_told_by_name(kibana):
    view = '"id":"vigie-index-claims"'
    lines = read_objects().splitlines()
    kept = [line for line in lines if not (view in line and '"title":"vigie-claims"' in line)]
    assert len(kept) == len(lines) - 1
    with pytest.raises(
        KibanaUnavailable, match=r"missing_references \(index-pattern vigie-index-claims"
    ):
        import_objects(settings(kibana), "\n".join(kept))


def test_objects_that_kibana_refuses_are_named(kibana):
    kibana.refused = {"vigie-operations"}
    with pytest.raises(
        KibanaUnavailable, match=r'did not take dashboard "Vigie: operations": refused by the test'
    ):
        import_objects(settings(kibana), read_objects())


@pytest.mark.parametrize(
    ("status", "headers", "body", "told"),
    [
        (302, {"Location": "https://kb.example.org/login"}, b"", "redirect to https://kb.exam"),
        (403, {}, b'{"message":"unable to bulk_create"}', "may not import.*unable to bulk_create"),
        (404, {}, b"nope", "base path and space"),
        (413, {}, b"", "maxImportPayloadBytes"),
        (429, {}, b"", "status 429"),
        (503, {}, b"Kibana server is not ready yet", "not ready yet"),
        (200, {}, b"<html>hello</html>", "no Kibana"),
        (200, {}, b"[]", "no Kibana"),
        (200, {}, b'{"success":false}', "did not take the objects"),
        (200, {}, b'{"success":false,"errors":[1,{"error":2}]}', "unknown"),
        (200, {"Content-Encoding": "gzip"}, b"no gzip", "no usable answer"),
    ],
)
def test_an_answer_that_is_no_success_is_one_clear_line(kibana, status, headers, body, told):
    kibana.answer = (status, headers, body)
    with pytest.raises(KibanaUnavailable, match=told) as raised:
        import_objects(settings(kibana), read_objects())
    assert kibana.url in str(raised.value)
    assert len(kibana.requests) == 1


def test_a_redirect_does_not_carry_the_key_away(kibana):
    other = Kibana()
    kibana.answer = (307, {"Location": f"{other.url}{IMPORT_PATH}"}, b"")
    with pytest.raises(KibanaUnavailable, match="redirect"):
        import_objects(settings(kibana, api_key="key"), read_objects())
    other.server_close()
    assert not other.requests


def test_a_kibana_that_is_away_is_told(kibana):
    port = kibana.server_port
    kibana.shutdown()
    kibana.server_close()
    with pytest.raises(KibanaUnavailable, match="is Kibana running"):
        import_objects(KibanaSettings(url=f"http://127.0.0.1:{port}"), read_objects())


def test_a_name_that_nobody_has_is_told():
    with pytest.raises(KibanaUnavailable, match=r"vigie\.invalid cannot be resolved"):
        import_objects(KibanaSettings(url="http://vigie.invalid:5601"), read_objects())


def test_tls_where_there_is_none_is_told(kibana):
    with pytest.raises(KibanaUnavailable):
        import_objects(KibanaSettings(url=kibana.url.replace("http:", "https:")), read_objects())


@pytest.fixture
def certificate(tmp_path):
    """A certificate for 127.0.0.1 that nobody else trusts."""
    if shutil.which("openssl") is None:
        if os.environ.get("CI") == "true":
            pytest.fail("openssl is missing", pytrace=False)
        pytest.skip("openssl is missing")
    files = (tmp_path / "cert.pem", tmp_path / "key.pem")
    subprocess.run(
        [
            "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
            "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
            "-out", str(files[0]), "-keyout", str(files[1]),
        ],
        capture_output=True,
        check=True,
    )  # fmt: skip
    return files


def test_a_private_certificate_is_trusted_only_when_named(kibana, certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    kibana.socket = context.wrap_socket(kibana.socket, server_side=True)
    url = kibana.url.replace("http:", "https:")
    with pytest.raises(KibanaUnavailable, match=r"not trusted: set index\.ca_file"):
        import_objects(KibanaSettings(url=url), read_objects())
    assert import_objects(KibanaSettings(url=url, ca_file=str(certificate[0])), read_objects())


def test_certificates_that_are_none_are_the_users_fault(kibana, tmp_path):
    for file in (tmp_path / "absent.pem", tmp_path / "empty.pem"):
        if file.name == "empty.pem":
            file.write_text("nothing")
        with pytest.raises(ValueError, match="cannot read the certificates"):
            import_objects(settings(kibana, ca_file=str(file)), read_objects())


@pytest.mark.parametrize(
    "url", ["localhost:5601", "ftp://h/", "http://u:geheim@h/", "http://h/?a=b", "http://h/#x", ""]
)
def test_an_address_that_is_none_is_the_users_fault_and_no_password_is_shown(url, capsys):
    arguments = ["setup", "--index", "http://127.0.0.1:9", "--kibana", url]
    if not url:
        arguments.append("--kibana-api-key=x")
    assert main(arguments) == 2
    shown = capsys.readouterr().err
    assert "--kibana" in shown
    assert "geheim" not in shown


def test_kibana_needs_elasticsearch(capsys, tmp_path):
    arguments = ["setup", "--index", f"sqlite:{tmp_path}/v.db", "--kibana", "http://127.0.0.1:9"]
    assert main(arguments) == 2
    assert "expected an Elasticsearch index" in capsys.readouterr().err
    assert not (tmp_path / "v.db").exists()


def test_another_prefix_moves_the_data_views_and_nothing_else():
    before = [json.loads(line) for line in read_objects().splitlines()]
    after = [json.loads(line) for line in with_prefix(read_objects(), "desk").splitlines()]
    for old, new in zip(before, after, strict=True):
        if old.get("type") == "index-pattern":
            title = old["attributes"]["title"]
            assert new["attributes"]["title"] == "desk" + title.removeprefix("vigie")
            new["attributes"]["title"] = title
        assert old == new


@given(st.integers(100, 599), st.none() | st.text(), st.binary(max_size=200))
def test_any_answer_is_judged_without_a_crash(status, location, body):
    told = judge_answer(status, location, body)
    assert isinstance(told, (str, list))
    assert status == 200 or isinstance(told, str)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["success", "errors", "successResults", "error", "references", "meta", "type", "id"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@given(JSON, st.booleans(), st.lists(JSON, max_size=3) | JSON)
def test_any_json_is_judged_without_a_crash(answer, success, about):
    whole = {"success": success, "errors": about, "successResults": about}
    assert isinstance(judge_answer(200, None, json.dumps(whole).encode()), (str, list))
    assert isinstance(judge_answer(200, None, json.dumps(answer).encode()), (str, list))


@pytest.mark.service
def test_setup_makes_the_indices_and_then_imports(kibana, filled, tmp_path, capsys, monkeypatch):
    client, prefix = filled
    kibana.authorization = "ApiKey from-the-environment"
    monkeypatch.setenv("VIGIE_KIBANA_API_KEY", "from-the-environment")
    config = tmp_path / "monitor.yaml"
    host = client.transport.node_pool.get().base_url
    config.write_text(f"index:\n  location: {host}\n  prefix: {prefix}\n")
    arguments = ["setup", "--config", str(config), "--kibana", kibana.url]
    assert main([*arguments, "--dry-run"]) == 0
    assert not kibana.requests
    planned = capsys.readouterr().out
    assert main(arguments) == 0
    done = capsys.readouterr().out
    names = [line.partition(": ")[2] for line in planned.splitlines() if "would import" in line]
    assert names == [line.partition(": ")[2] for line in done.splitlines() if "imported" in line]
    titles = {
        one["attributes"]["title"] for (kind, _), one in kibana.stored.items() if "index" in kind
    }
    assert client.indices.resolve_index(name=sorted(titles))["indices"]
    monkeypatch.setenv("VIGIE_KIBANA_API_KEY", "wrong")
    assert main(arguments) == 3
    shown = capsys.readouterr().err
    assert "refuses access" in shown
    assert "wrong" not in shown
